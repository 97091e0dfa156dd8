// SPDX-License-Identifier: Apache-2.0
// The whole state of one market. Everything here is the fold of the log: nothing else may influence
// an outcome.
#pragma once

#include <array>

#include "engine/client_ids.h"
#include "engine/hash_index.h"
#include "engine/table.h"
#include "engine/timers.h"
#include "model/limits.h"
#include "model/rows.h"

namespace hulan::engine {

/// Owned by the Engine; engine thread only.
struct State {
  // --- business state: in business_hash ---
  Table<model::MarketRow> market{1};  ///< row 1
  Table<model::UserRow> users{model::kMaxUsers};
  Table<model::ParticipantRow> participants{model::kMaxParticipants};
  Table<model::AccountRow> accounts{model::kMaxParticipants *
                                    model::kCurrencies};   ///< account_index()
  Table<model::OperatorAccountsRow> operator_accounts{1};  ///< row 1
  Table<model::RelationRow> relations{model::kMaxRelations};
  Table<model::PendingRow> pending{model::kMaxPending};
  Table<model::ProductRow> products{model::kMaxProducts};
  Table<model::ReferenceRow> references{model::kMaxReferences};
  Table<model::MarkRow> marks{model::kMaxMarks};
  Table<model::GrantRow> grants{model::kMaxGrants};
  Table<model::LotRow> lots{model::kMaxLots};
  Table<model::BidStackRow> bid_stacks{model::kMaxLots};
  Table<model::LotDocumentRow> documents{model::kMaxLotDocuments};
  Table<model::TagRangeRow> tags{model::kMaxTagRanges};
  Table<model::RootsRow> roots{1};  ///< row 1
  Table<model::ContractRow> contracts{model::kMaxContracts};
  Table<model::DeliveryRow> deliveries{model::kMaxDeliveries};
  Table<model::TruckRow> trucks{model::kMaxTrucks};
  Table<model::GroupRow> groups{model::kMaxGroups};
  Table<model::ClaimRow> claims{model::kMaxClaims};
  Table<model::DayPriceRow> day_prices{model::kMaxDayPrices};
  Timers timers;
  // --- in state_hash only ---
  ClientIds client_ids;
  model::Sequence sequence = 0;  ///< of the last applied record
  model::Time now{};             ///< of the last applied record; never decreases
  // --- derived: neither hashed nor saved; made again by market/derived.h ---
  struct Derived {
    HashIndex relations{model::kMaxRelations};    ///< by unordered pair
    HashIndex deposits{model::kMaxPending};       ///< pending rows by bank reference
    HashIndex references{model::kMaxReferences};  ///< by product, province, grade
    HashIndex grants{model::kMaxGrants};          ///< by mark, farm
    HashIndex day_prices{model::kMaxDayPrices};   ///< by product, region, grade, day
    std::array<model::ProductId, model::kMaxProducts + 1> first{};  ///< version 1 of each version
    std::array<model::ProductId, model::kMaxProducts + 1> next{};   ///< next version, 0 = newest
  } derived;
};

/// Row of `participant`'s money in `currency`.
constexpr std::size_t account_index(model::ParticipantId participant, model::Currency currency) {
  return participant * model::kCurrencies + static_cast<std::size_t>(currency);
}

}  // namespace hulan::engine
