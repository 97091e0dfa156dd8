// SPDX-License-Identifier: Apache-2.0
// What a View is made of: mirrored rows, indices of ids, heads of the history chains. Only the
// view's own files include this.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "projections/aliases.h"
#include "projections/history.h"
#include "projections/price_index.h"
#include "projections/records.h"
#include "projections/table.h"
#include "projections/view.h"

namespace hulan::projections {

using Ids = std::vector<std::uint32_t>;  ///< ascending

struct Histories {
  History<PostingRecord> postings;
  History<OperatorRecord> operators;
  History<BidRecord> bids;
  History<TradeRecord> trades;
  History<LineRecord> lines;
  History<StateRecord> timeline;
  History<ClosingRecord> closings;
  History<ReconciliationRecord> bank;
};
constexpr std::size_t kHistories = 8;
using HistoryCounts = std::array<std::uint64_t, kHistories>;

struct LotHeads {
  std::uint64_t bids;
  std::uint64_t closings;
  std::uint32_t bidders;  ///< aliases given
  std::uint32_t reserved;
};
struct ContractHeads {
  std::uint64_t lines;
  std::uint64_t timeline;
};
struct TradeDayHead {
  model::ProductId product;
  std::uint32_t day;
  std::uint64_t trade;
};

/// Newest records of all chains: with the counts, what a view snapshot holds.
struct Heads {
  SharedTable<std::uint64_t> accounts;
  std::array<std::uint64_t, model::kCurrencies * model::kOperatorAccounts> operators{};
  std::array<std::uint64_t, model::kCurrencies> bank{};
  SharedTable<LotHeads> lots;
  SharedTable<ContractHeads> contracts;
  SharedTable<std::uint64_t> product_trades;
  std::unordered_map<std::uint64_t, std::uint64_t> day_trades;  ///< trade_day_key()

  /// A copy for another thread to read.
  [[nodiscard]] Heads share() {
    return {accounts.share(),       operators, bank, lots.share(), contracts.share(),
            product_trades.share(), day_trades};
  }
};
constexpr std::uint64_t trade_day_key(model::ProductId product, std::int64_t day) {
  return static_cast<std::uint64_t>(product) << 32 | static_cast<std::uint32_t>(day);
}

struct HashOfHash {
  std::size_t operator()(const model::DocumentHash& hash) const {
    std::size_t value;
    std::memcpy(&value, hash.data(), sizeof value);
    return value;
  }
};

/// Where ids are found by what the lists filter on. Made again from the rows at every start.
struct Indices {
  std::set<std::uint32_t> live_lots;
  std::set<std::uint32_t> open_contracts;
  std::set<std::uint32_t> open_pendings;
  Table<Ids> lots_by_participant;  ///< as initiator or farm
  Table<Ids> contracts_by_participant;
  Table<Ids> lots_by_product;  ///< by first version
  Table<Ids> grants_by_mark;
  Table<Ids> quotes_by_participant;  ///< of both sides
  std::unordered_map<std::uint32_t, Ids> lots_by_place;
  std::unordered_map<model::SessionId, Ids> lots_by_session;  ///< that entered it
  std::unordered_map<std::uint32_t, std::size_t> live_by_place;
  std::unordered_multimap<model::DocumentHash, DocumentUse, HashOfHash> documents;
  std::map<std::string, Ids, std::less<>> products_by_code;
  std::map<std::array<std::uint32_t, 3>, std::uint32_t> references;  ///< product, province, grade
  Table<model::ContractId> contract_of_lot;                          ///< newest
  Table<model::ContractId> contract_before;                          ///< of the same lot
  PriceIndex prices;
  Aliases aliases;
};

/// Inserts keeping the order; an id that is there already stays once.
void insert_sorted(Ids& ids, std::uint32_t id);

struct View::Parts {
  Parts(io::Storage& the_storage, std::string the_directory, Histories the_histories)
      : storage(the_storage),
        directory(std::move(the_directory)),
        histories(std::move(the_histories)) {}

  // --- folding; apply.cc ---
  void apply_one(const model::EventHeader& header);
  void dispatch(const model::EventHeader& header);
  void on(const model::LotChanged& event);
  void on(const model::ContractChanged& event);
  void on(const model::DeliveryChanged& event);
  void on(const model::DocumentChanged& event);
  void on(const model::TagsAdded& event);
  void on(const model::ProductChanged& event);
  void on(const model::PendingChanged& event);
  void on(const model::ReferenceChanged& event);
  void on(const model::GrantChanged& event);
  void on(const model::DayPriceChanged& event);
  void on(const model::ClockChanged& event);
  void on(const model::QuoteChanged& event);
  // --- facts; facts.cc ---
  void on(const model::Posted& event);
  void on(const model::OperatorPosted& event);
  void on(const model::BidAccepted& event);
  void add_bid(const BidRecord& bid);
  void on(const model::QuantityBidAccepted& event);
  void on(const model::BidStruck& event);
  void on(const model::LotClosed& event);
  void on(const model::TradeConcluded& event);
  void on(const model::SettlementLine& event);
  void on(const model::BankReconciled& event);
  void on(const model::SnapshotTaken& event);
  void finish_saving();
  void index_new_lot(const model::LotRow& lot);
  void set_live(const model::LotRow& lot, bool live);
  void rebuild_aliases();

  [[nodiscard]] model::ProductId root(model::ProductId any_version) const;
  [[nodiscard]] SeriesSum sum(const Ids& day_price_rows) const;
  /// The latest earlier day of the series that was not thin; if none, the earliest.
  [[nodiscard]] std::int64_t session_before(SeriesDay key) const;
  /// R12.4: a contract that counts no more.
  [[nodiscard]] bool is_busted(model::ContractId id) const {
    const model::ContractRow* row = contracts.find(id);
    return row != nullptr && row->state == model::ContractState::kBusted;
  }
  [[nodiscard]] bool is_live(model::LotId lot) const { return indices.live_lots.contains(lot); }

  ~Parts() { finish_saving(); }

  io::Storage& storage;
  std::string directory;  ///< DIR/view
  Histories histories;
  Heads heads;
  Indices indices;

  model::Sequence opened_at = 0;
  model::Sequence sequence = 0;
  model::Time now{};
  std::uint32_t events_of_sequence = 0;
  bool describing = false;
  ChangeListener* listener = nullptr;

  model::MarketRow market{};
  model::OperatorAccountsRow operators{};
  Table<model::UserRow> users;
  Table<model::ParticipantRow> participants;
  Table<model::AccountRow> accounts;
  Table<model::RelationRow> relations;
  Table<model::PendingRow> pendings;
  Table<model::ProductRow> products;
  Table<model::ProductTermsRow> product_terms;
  Table<model::ProxyRow> proxies;
  Table<model::DivisibleRow> divisible;
  Table<model::LotBidRow> lot_bids;
  Table<model::HaltRow> halts;
  Table<model::KillRow> kills;
  Table<model::TradingRow> trading;
  Table<model::ReferenceRow> references;
  Table<model::MarkRow> marks;
  Table<model::GrantRow> grants;
  Table<model::LotRow> lots;
  Table<model::SessionRow> sessions;
  Table<model::ClockRow> clocks;
  Table<model::QuotaRow> quotas;
  OrderBooks order_books;
  Table<model::SealKeyRow> seal_keys;
  Table<model::SealedRow> sealed;
  Table<model::SealedBidRow> sealed_bids;
  Table<model::RequestRow> requests;
  Table<model::QuoteRow> quotes;
  Table<model::MandateRow> mandates;
  Table<model::LotDocumentRow> documents;
  Table<model::TagRangeRow> tags;
  Table<model::ContractRow> contracts;
  Table<model::DeliveryRow> deliveries;
  Table<model::TruckRow> trucks;
  Table<model::GroupRow> groups;
  Table<model::ClaimRow> claims;
  Table<model::DisputeRow> disputes;  ///< by the contract
  Table<model::DayPriceRow> day_prices;
  std::thread saver;  ///< writes the newest snapshot
};

constexpr std::uint64_t account_index(model::ParticipantId participant, model::Currency currency) {
  return static_cast<std::uint64_t>(participant) * model::kCurrencies +
         static_cast<std::uint64_t>(currency);
}
constexpr std::size_t operator_index(model::OperatorAccount account, model::Currency currency) {
  return static_cast<std::size_t>(currency) * model::kOperatorAccounts +
         static_cast<std::size_t>(account);
}
/// County whose prices count for the lot: a request may leave the origin open.
constexpr std::uint32_t price_region(const model::LotRow& lot) {
  return lot.origin != 0 ? lot.origin : lot.place;
}
constexpr bool in(StateMask mask, auto state) { return (mask & state_bit(state)) != 0; }

}  // namespace hulan::projections
