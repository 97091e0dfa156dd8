// SPDX-License-Identifier: Apache-2.0
// How a lot's life goes on and ends: its states, what its end releases, and how a part of it
// becomes a contract. Shared by listing and auctions. Engine thread only.
#pragma once

#include "engine/context.h"
#include "engine/contract/contract.h"
#include "engine/contract/settlement.h"

namespace hulan::engine {

/// Offered and not ended: listed, announced, open or in its exclusive time.
[[nodiscard]] bool is_live(model::LotState state);

/// Moves a lot to a state that its present one allows (asserted).
void enter_state(model::LotRow& lot, model::LotState state);

/// Ends a lot without a (further) sale: unsold, expired or withdrawn. Every bond on it is released
/// by the same command (R6.2). Emits LotClosed if it was live, and LotChanged.
void end_lot(Context& context, model::LotId id, model::LotState state);

/// Releases the leader's bonds and goods; the lot keeps no leader. Emits no LotChanged.
void release_leader(Context& context, model::LotRow& lot);

/// Marks goods as standing behind a bid on `lot` (0: no longer). Emits their LotChanged.
void use_goods(Context& context, model::LotId goods, model::LotId lot);

/// What someone takes of a lot. The counterparty's bonds are frozen already.
struct Part {
  model::ParticipantId counterparty = 0;
  model::LotId goods = 0;  ///< the counterparty's, if it sells
  model::Price price{};
  std::int64_t quantity = 0;
  contract::Bonds bonds{};
};

/// Makes the contract (R7.1): trims the initiator's bond to the part's own (R6.4), and ends the lot
/// if nothing is left. The caller has asked contract::can_conclude().
model::ContractId conclude_part(Context& context, model::LotId id, const Part& part);

/// R6.1 for a quantity of the lot at a price: nullopt if a figure does not fit.
[[nodiscard]] std::optional<contract::Bonds> bonds_at(const model::LotRow& lot,
                                                      const model::ProductRow& product,
                                                      model::Price price, std::int64_t quantity);

/// True if `participant` can freeze both bonds now.
[[nodiscard]] bool covers_bonds(const State& state, model::ParticipantId participant,
                                model::Currency currency, const contract::Bonds& bonds);

}  // namespace hulan::engine
