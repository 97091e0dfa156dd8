// SPDX-License-Identifier: Apache-2.0
// What the doors read: a mirror of the engine's rows, indices for lists, and history, all folded
// from events. Nothing here decides anything. One thread (the network's), no locks. Row pointers
// and references are valid until the next apply().
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/storage.h"
#include "model/event.h"
#include "model/rows.h"
#include "projections/candle.h"
#include "projections/order_books.h"
#include "projections/queries.h"

namespace hulan::projections {

/// Told of every event after the view has applied it: the change feed of the WebSocket.
struct ChangeListener {
  virtual ~ChangeListener() = default;

  /// `index_in_command` counts the events of one sequence from 0, the same after a restart. A
  /// Replied gets the number of events before it and is not counted. SnapshotTaken, and what comes
  /// between begin_describe() and end_describe(), is not told.
  virtual void on_event(const model::EventHeader& event, std::uint32_t index_in_command) = 0;
};

/// The event behind a header of type T::kType.
template <class T>
[[nodiscard]] const T& as(const model::EventHeader& header) {
  return reinterpret_cast<const T&>(header);
}

class View {
 public:
  /// Sequences of the whole view snapshots below `directory` (the market's DIR), newest first.
  [[nodiscard]] static io::Result<std::vector<model::Sequence>> available(
      io::Storage& storage, const std::string& directory);

  /// Opens the histories as they were at `sequence` (one of available(), or 0: empty); what is
  /// newer is cut off and comes again by replay. Then the owner feeds, between begin_describe() and
  /// end_describe(), all rows as of `sequence`, then every event after it. `storage` outlives the
  /// view.
  [[nodiscard]] static io::Result<std::unique_ptr<View>> open(io::Storage& storage,
                                                              const std::string& directory,
                                                              model::Sequence sequence);
  ~View();

  /// Between these two, rows are set and no history is made. Events are ...Changed only, balances
  /// come as AccountChanged and OperatorAccountsChanged; products before lots.
  void begin_describe();
  void end_describe();

  /// Folds a run of events as the engine made them, 16-aligned as its buffer is. A file that cannot
  /// be written ends the process: the journal has everything. SnapshotTaken makes the view durable
  /// at its sequence, on a thread of its own.
  void apply(std::span<const std::uint8_t> events);
  /// Waits until the last SnapshotTaken is done with. The destructor does, too.
  void finish_saving();

  void set_listener(ChangeListener* listener);  ///< nullptr: none

  [[nodiscard]] model::Sequence sequence() const;  ///< of the last event
  [[nodiscard]] model::Time now() const;           ///< the market's time at the last event
  [[nodiscard]] std::int64_t day_of(model::Time time) const;  ///< local days since 1970 (R1.1)

  // --- rows by number; nullptr where there is none ---
  // After a bid a lot's leader_bond and leader_trading_bond are those of its last whole row.
  [[nodiscard]] const model::MarketRow& market() const;
  [[nodiscard]] const model::UserRow* user(model::UserId id) const;
  [[nodiscard]] const model::ParticipantRow* participant(model::ParticipantId id) const;
  [[nodiscard]] const model::PendingRow* pending(model::PendingId id) const;
  [[nodiscard]] const model::ProductRow* product(model::ProductId id) const;
  /// What the version says beyond its row: all zero where it says nothing.
  [[nodiscard]] const model::ProductTermsRow& product_terms(model::ProductId id) const;
  /// The leader's proxy (R5.3.5); nullptr if it has none. Its maximum is its owner's secret.
  [[nodiscard]] const model::ProxyRow* proxy(model::LotId lot) const;
  /// What a divisible lot has beyond its row (R5.3.7); nullptr for a whole one.
  [[nodiscard]] const model::DivisibleRow* divisible(model::LotId lot) const;
  /// The live bids of a divisible lot, the best first.
  [[nodiscard]] std::vector<Numbered<model::LotBidRow>> part_bids(model::LotId lot) const;
  [[nodiscard]] const model::MarkRow* mark(model::MarkId id) const;
  [[nodiscard]] const model::LotRow* lot(model::LotId id) const;
  [[nodiscard]] const model::ContractRow* contract(model::ContractId id) const;
  [[nodiscard]] const model::DeliveryRow* delivery(model::DeliveryId id) const;
  [[nodiscard]] const model::GroupRow* group(std::uint32_t id) const;
  [[nodiscard]] const model::ClaimRow* claim(model::ClaimId id) const;
  /// The claim about the contract's weighing (R8.6); nullptr: none was filed.
  [[nodiscard]] const model::DisputeRow* dispute(model::ContractId contract) const;

  // --- lists ---
  [[nodiscard]] Page<Numbered<model::LotRow>> lots(const LotQuery& query) const;
  [[nodiscard]] Page<Numbered<model::ContractRow>> contracts(const ContractQuery& query) const;
  [[nodiscard]] Page<Numbered<model::PendingRow>> pendings(const PendingQuery& query) const;
  [[nodiscard]] Page<Numbered<model::ClaimRow>> claims(const ClaimQuery& query) const;
  [[nodiscard]] Page<Trade> trades(const TradeQuery& query) const;
  [[nodiscard]] Page<Numbered<model::ParticipantRow>> participants(std::uint64_t cursor,
                                                                   std::size_t limit) const;
  [[nodiscard]] std::vector<Numbered<model::MarkRow>> marks() const;
  [[nodiscard]] std::vector<Numbered<model::GrantRow>> grants(model::MarkId mark) const;
  [[nodiscard]] std::vector<Numbered<model::RelationRow>> relations(bool active_only) const;
  [[nodiscard]] std::vector<Numbered<model::ReferenceRow>> references() const;
  /// The version of each product that is in force now (or, before its first time, the first one).
  [[nodiscard]] std::vector<Numbered<model::ProductRow>> products() const;

  // --- control (R12); control.cc ---
  /// The halt that covers a product now, the whole market's first (product 0: that only); nullptr:
  /// it is traded.
  [[nodiscard]] const model::HaltRow* halt(model::ProductId product) const;
  /// All that stand now, the whole market's first.
  [[nodiscard]] std::vector<const model::HaltRow*> halts() const;
  /// Where the kill switch is on; the number is the participant's.
  [[nodiscard]] std::vector<Numbered<model::KillRow>> kills() const;
  [[nodiscard]] bool is_killed(model::ParticipantId id) const;
  /// Who may not trade what.
  [[nodiscard]] std::vector<Numbered<model::TradingRow>> bars() const;

  // --- sessions (R5.3) ---
  [[nodiscard]] const model::SessionRow* session(model::SessionId id) const;
  [[nodiscard]] const model::ClockRow* clock(model::LotId lot) const;
  /// R5.3.2: the session on whose shared clock the lot is or was; nullptr = none.
  [[nodiscard]] const model::SessionRow* shared_session(const model::LotRow& lot) const;
  /// Newest first; a state of 0: all.
  [[nodiscard]] Page<Numbered<model::SessionRow>> sessions(model::SessionState state,
                                                           std::uint64_t cursor,
                                                           std::size_t limit) const;
  /// Lots that entered it, in the order drawn; before that by number.
  [[nodiscard]] std::vector<model::LotId> session_lots(model::SessionId id) const;
  /// What was concluded of a lot, oldest first, without the parties.
  [[nodiscard]] std::vector<LotPart> parts_of(model::LotId lot) const;

  // --- order books (R5.4) ---
  [[nodiscard]] const OrderBooks& order_books() const;

  // --- sealed auctions (R5.3.4); sealed.cc ---
  /// nullptr where the lot takes no sealed bids.
  [[nodiscard]] const model::SealedRow* sealed(model::LotId lot) const;
  [[nodiscard]] const model::SealKeyRow* seal_key(model::SealKeyId id) const;
  /// Newest first.
  [[nodiscard]] std::vector<Numbered<model::SealKeyRow>> seal_keys() const;
  /// By sequence of the commitment.
  [[nodiscard]] std::vector<Numbered<model::SealedBidRow>> envelopes(model::LotId lot) const;

  // --- negotiation (R5.2) ---
  /// nullptr where the lot asks for no quotes.
  [[nodiscard]] const model::RequestRow* request(model::LotId lot) const;
  [[nodiscard]] const model::QuoteRow* quote(model::QuoteId id) const;
  /// All numbers of a request, oldest first.
  [[nodiscard]] std::vector<Numbered<model::QuoteRow>> talk(model::LotId lot) const;
  /// A participant's numbers on either side, newest first.
  [[nodiscard]] Page<Numbered<model::QuoteRow>> quotes_of(model::ParticipantId id,
                                                          std::uint64_t cursor,
                                                          std::size_t limit) const;
  /// Whether this participant may know of the lot's request: it is open, or names it.
  [[nodiscard]] bool is_asked(model::LotId lot, model::ParticipantId id) const;

  // --- agents (R2.5) ---
  /// Mandates that a participant gave or was given (0: all), newest first.
  [[nodiscard]] std::vector<Numbered<model::MandateRow>> mandates(model::ParticipantId id) const;

  // --- products ---
  /// Row in force at `at` of the product with this code; 0 = none.
  [[nodiscard]] model::ProductId product_by_code(std::string_view code, model::Time at) const;
  [[nodiscard]] std::vector<model::ProductId> product_versions(std::string_view code) const;
  [[nodiscard]] model::ProductId first_version(model::ProductId any_version) const;

  // --- what hangs on a lot or contract ---
  [[nodiscard]] std::vector<Numbered<model::LotDocumentRow>> documents(model::LotId lot) const;
  [[nodiscard]] std::vector<Numbered<model::TagRangeRow>> tags(model::LotId lot) const;
  [[nodiscard]] std::vector<model::ContractId> contracts_of(model::LotId lot) const;
  [[nodiscard]] std::vector<Numbered<model::DeliveryRow>> deliveries(model::ContractId id) const;
  [[nodiscard]] std::vector<Numbered<model::TruckRow>> trucks(model::DeliveryId id) const;
  [[nodiscard]] std::vector<Numbered<model::GroupRow>> groups(model::DeliveryId id) const;
  [[nodiscard]] std::vector<Line> lines(model::ContractId id) const;              ///< sheet's order
  [[nodiscard]] std::vector<TimelineEntry> timeline(model::ContractId id) const;  ///< oldest first
  [[nodiscard]] Page<Bid> bids(model::LotId lot, std::uint64_t cursor, std::size_t limit) const;
  [[nodiscard]] std::vector<Closing> closings(model::LotId lot) const;  ///< oldest first
  /// The letter under which a bidder of a live lot appears (0 = "A"); nullopt: has not bid.
  [[nodiscard]] std::optional<std::uint32_t> alias(model::LotId lot,
                                                   model::ParticipantId bidder) const;
  /// Live lots whose origin or hand-over lies in this county.
  [[nodiscard]] std::size_t live_lots_at(std::uint32_t county) const;
  /// Everything that names this document: for who may read it.
  [[nodiscard]] std::vector<DocumentUse> document_uses(const model::DocumentHash& hash) const;

  // --- money (R3) ---
  [[nodiscard]] Balances balances(model::ParticipantId id, model::Currency currency) const;
  [[nodiscard]] model::Fen operator_balance(model::OperatorAccount account,
                                            model::Currency currency) const;
  /// Postings with from <= time < to.
  [[nodiscard]] Statement statement(model::ParticipantId id, model::Currency currency,
                                    model::Time from, model::Time to,
                                    std::size_t max_lines = 100'000) const;
  [[nodiscard]] OperatorStatement operator_statement(model::OperatorAccount account,
                                                     model::Currency currency, model::Time from,
                                                     model::Time to,
                                                     std::size_t max_lines = 100'000) const;
  [[nodiscard]] std::optional<Reconciliation> reconciliation(model::Currency currency) const;

  // --- prices (R5.5, R11.2) ---
  /// Rows of one product and day, by region, then grade. Any version of the product.
  [[nodiscard]] std::vector<PriceRow> prices(model::ProductId product, std::int64_t day,
                                             RegionLevel level) const;
  /// One row for each day with trades, newest first.
  [[nodiscard]] std::vector<PriceRow> price_history(const PriceQuery& query) const;
  [[nodiscard]] Page<Candle> candles(const CandleQuery& query) const;
  /// The latest day on or before `day` with a trade of the product; nullopt: none.
  [[nodiscard]] std::optional<std::int64_t> latest_price_day(model::ProductId product,
                                                             std::int64_t day) const;
  [[nodiscard]] Reference reference(model::ProductId product, std::uint8_t grade,
                                    std::uint32_t province) const;
  /// The limits around the lot's reference; nullopt: no band.
  [[nodiscard]] std::optional<Band> band(const model::LotRow& lot) const;
  [[nodiscard]] NextBid next_bid(const model::LotRow& lot) const;

  // --- contracts and people ---
  [[nodiscard]] Step step(const model::ContractRow& contract) const;
  [[nodiscard]] Standing standing(model::ParticipantId id) const;

 private:
  struct Parts;
  explicit View(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hulan::projections
