// SPDX-License-Identifier: Apache-2.0
// The whole state of one market. Everything here is the fold of the log: nothing else may influence
// an outcome.
#pragma once

#include <array>

#include "engine/book/books.h"
#include "engine/book/position_index.h"
#include "engine/capacities.h"
#include "engine/client_ids.h"
#include "engine/hash_index.h"
#include "engine/table.h"
#include "engine/timers.h"
#include "model/limits.h"
#include "model/rows.h"

namespace hulan::engine {

/// Owned by the Engine; engine thread only.
struct State {
  explicit State(const Capacities& sizes = {}) : capacities(sizes) { positions.prefer_large(); }

  const Capacities capacities;
  // --- business state: in business_hash ---
  Table<model::MarketRow> market{1};  ///< row 1
  Table<model::UserRow> users{capacities.users};
  Table<model::ParticipantRow> participants{capacities.participants};
  Table<model::AccountRow> accounts{capacities.participants *
                                    model::kCurrencies};   ///< account_index()
  Table<model::OperatorAccountsRow> operator_accounts{1};  ///< row 1
  Table<model::RelationRow> relations{capacities.relations};
  Table<model::PendingRow> pending{capacities.pending};
  Table<model::ProductRow> products{capacities.products};
  Table<model::ReferenceRow> references{capacities.references};
  Table<model::MarkRow> marks{capacities.marks};
  Table<model::GrantRow> grants{capacities.grants};
  Table<model::LotRow> lots{capacities.lots};
  Table<model::BidStackRow> bid_stacks{capacities.lots};
  Table<model::LotDocumentRow> documents{capacities.documents};
  Table<model::TagRangeRow> tags{capacities.tags};
  Table<model::RootsRow> roots{1};  ///< row 1
  Table<model::ContractRow> contracts{capacities.contracts};
  Table<model::DeliveryRow> deliveries{capacities.deliveries};
  Table<model::TruckRow> trucks{capacities.trucks};
  Table<model::GroupRow> groups{capacities.groups};
  Table<model::ClaimRow> claims{capacities.claims};
  Table<model::DayPriceRow> day_prices{capacities.day_prices};
  Timers timers{capacities.timers};
  // --- the same, but only once they are used: state_parts.h ---
  Table<model::ProductTermsRow> product_terms{capacities.products};  ///< by the product's row
  Table<model::SessionRow> sessions{capacities.sessions};
  Table<model::ClockRow> clocks{capacities.lots};  ///< by the lot's row
  Table<model::QuotaRow> quotas{capacities.quotas};
  Table<model::ProxyRow> proxies{capacities.lots};        ///< by the lot
  Table<model::DivisibleRow> divisible{capacities.lots};  ///< by the lot
  Table<model::LotBidRow> lot_bids{capacities.lot_bids};
  Table<model::HaltRow> halts{model::kMaxProducts + 1};   ///< market/halts.h
  Table<model::LotClockRow> lot_clocks{capacities.lots};  ///< by the lot's row
  Table<model::KillRow> kills{capacities.participants};   ///< by the participant's row
  Table<model::TradingRow> trading{capacities.trading};
  Table<model::BookRow> book_rows{capacities.books};
  book::Books books{capacities.books, capacities.orders};
  Table<model::PositionRow> positions{capacities.positions};
  Table<model::OrderNumberRow> order_numbers{capacities.users};  ///< by the user
  Table<model::RequestRow> requests{capacities.lots};            ///< by the lot's row
  Table<model::QuoteRow> quotes{capacities.quotes};
  Table<model::MandateRow> mandates{capacities.mandates};
  Table<model::ActRow> acts{capacities.acts};
  Table<model::HeadRow> principals{capacities.participants};  ///< mandates, by the participant
  Table<model::HeadRow> lot_acts{capacities.lots};            ///< acts, by the lot
  Table<model::SealKeyRow> seal_keys{capacities.seal_keys};
  Table<model::SealedRow> sealed{capacities.lots};  ///< by the lot
  Table<model::SealedBidRow> sealed_bids{capacities.sealed_bids};
  Table<model::DisputeRow> disputes{capacities.contracts};  ///< by the contract
  // --- in state_hash only ---
  ClientIds client_ids{capacities.client_ids};
  model::Sequence sequence = 0;  ///< of the last applied record
  model::Time now{};             ///< of the last applied record; never decreases
  // --- derived: neither hashed nor saved; made again by market/derived.h ---
  struct Derived {
    explicit Derived(const Capacities& sizes)
        : relations(sizes.relations),
          deposits(sizes.pending),
          references(sizes.references),
          grants(sizes.grants),
          day_prices(sizes.day_prices),
          trading(sizes.trading),
          positions(sizes.participants, sizes.books) {}

    HashIndex relations;   ///< by unordered pair
    HashIndex deposits;    ///< pending rows by bank reference
    HashIndex references;  ///< by product, province, grade
    HashIndex grants;      ///< by mark, farm
    HashIndex day_prices;  ///< by product, region, grade, day
    HashIndex trading;     ///< by participant, product
    book::PositionIndex positions;
    std::array<model::ProductId, model::kMaxProducts + 1> first{};  ///< version 1 of each version
    std::array<model::ProductId, model::kMaxProducts + 1> next{};   ///< next version, 0 = newest
  } derived{capacities};
};

/// Row of `participant`'s money in `currency`.
constexpr std::size_t account_index(model::ParticipantId participant, model::Currency currency) {
  return participant * model::kCurrencies + static_cast<std::size_t>(currency);
}

}  // namespace hulan::engine
