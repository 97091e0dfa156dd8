// SPDX-License-Identifier: Apache-2.0
// A concluded trade until it is settled, defaulted or cancelled (R7 to R10). A contract has one
// timer at a time: the deadline of its next step (ContractRow::deadline), which calls on_timer.
// Engine thread only.
#pragma once

#include <cstdint>
#include <span>

#include "engine/context.h"

namespace hulan::engine::contract {

/// A trade at the moment of its conclusion. The bonds are frozen already, for the whole of `price`
/// x `quantity`, and become the contract's (R6.3).
struct Conclusion {
  model::LotId lot = 0;
  model::LotId goods_lot = 0;  ///< the seller's goods; `lot` itself where the seller posted it
  model::ParticipantId seller = 0;
  model::ParticipantId buyer = 0;
  model::Price price{};
  std::int64_t quantity = 0;  ///< in the product's quantity unit
  model::Fen seller_bond{};   ///< performance
  model::Fen buyer_bond{};
  model::Fen seller_trading_bond{};
  model::Fen buyer_trading_bond{};
  model::Method method = model::Method::kListing;
  bool related = false;  ///< the parties are related: not counted in the index (R11.2)
};

/// True if there is room for one more contract with all its deliveries and claims. To be asked
/// while validating, before conclude().
[[nodiscard]] bool can_conclude(const State& state);

/// Makes the contract, sets its payment deadline (R7.2), records the day's price (R11.2) and emits
/// TradeConcluded and ContractChanged. Cannot fail: the caller asked can_conclude().
model::ContractId conclude(Context& context, const Conclusion& conclusion);

/// Handles Pay ... GrantClaim and PayClaim. A refusal has changed nothing. The engine has
/// checked that the user exists, is active and acts for `who.participant`; roles are checked here.
Outcome apply(Context& context, model::CommandType type, std::span<const std::uint8_t> body);

/// The contract's deadline may have come: does what R7.2, R8.6, R9.4 or R10 say, or nothing if the
/// deadline has moved since.
void on_timer(Context& context, model::ContractId contract);

/// Whether an approval of kContractCancel, kDisputeEnd or kAward can still take effect: ok,
/// wrong_contract_state where the contract has moved on since it was proposed, claims_full.
[[nodiscard]] model::Reject check_pending(const State& state, const model::PendingRow& pending);

/// A second person approved kContractCancel, kDisputeEnd or kAward (R2.4); check_pending() said ok.
void on_pending(Context& context, const model::PendingRow& pending);

/// Money that the contract still holds frozen, by participant's bucket: for the check that frozen
/// money = open obligations.
struct Held {
  model::Fen performance{};
  model::Fen trading{};
  model::Fen prepaid{};
};
[[nodiscard]] Held held_by_seller(const model::ContractRow& contract);
[[nodiscard]] Held held_by_buyer(const model::ContractRow& contract);
/// R8.6: what of the buyer's escrow is frozen until the award.
[[nodiscard]] model::Fen disputed_of(const State& state, model::ContractId contract);

}  // namespace hulan::engine::contract
