// SPDX-License-Identifier: Apache-2.0
// hulan export: the whole log as tables, from replayed records and events alone.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <map>

#include "gateways/decimal.h"
#include "gateways/moment.h"
#include "gateways/words.h"
#include "hulan/commands/progress.h"
#include "hulan/commands/record_text.h"
#include "hulan/commands/session.h"
#include "hulan/records/commands.h"
#include "hulan/records/state_tables.h"
#include "io/linux/system.h"
#include "journal/reader.h"
#include "model/event.h"
#include "runtime/replay.h"

namespace hulan::app {
namespace {

using gateways::word;

constexpr auto kFen = FieldKind::kFen;
constexpr auto kDecimal = FieldKind::kDecimal;
constexpr auto kText = FieldKind::kText;

constexpr Field kRecordFields[] = {{"sequence"},    {"time", kText},   {"command", kText}, {"user"},
                                   {"participant"}, {"result", kText}, {"rule", kText},    {"made"},
                                   {"repeats"},     {"record", kText}};
constexpr Field kPostingFields[] = {
    {"sequence"},        {"time", kText},     {"participant"},   {"account", kText},
    {"currency", kText}, {"delta_fen", kFen}, {"reason", kText}, {"lot"},
    {"contract"}};
constexpr Field kBidFields[] = {
    {"sequence"}, {"time", kText}, {"event", kText},    {"lot"},
    {"bidder"},   {"user"},        {"price", kDecimal}, {"frozen_fen", kFen},
    {"outbid"},   {"goods"},       {"close_at", kText}};
constexpr Field kTradeFields[] = {{"sequence"},        {"time", kText},
                                  {"contract"},        {"lot"},
                                  {"product"},         {"grade"},
                                  {"method", kText},   {"region"},
                                  {"price", kDecimal}, {"quantity", kDecimal},
                                  {"weight"},          {"nominal_fen", kFen},
                                  {"related"}};
constexpr Field kLineFields[] = {{"sequence"},        {"time", kText},     {"contract"},
                                 {"line", kText},     {"price", kDecimal}, {"quantity"},
                                 {"amount_fen", kFen}};
constexpr Field kSettlementFields[] = {
    {"sequence"},        {"time", kText},          {"contract"},
    {"goods_fen", kFen}, {"buyer_pays_fen", kFen}, {"seller_receives_fen", kFen}};
constexpr Field kDefaultFields[] = {{"sequence"},  {"time", kText}, {"contract"},
                                    {"defaulter"}, {"kind", kText}, {"forfeited_fen", kFen}};

/// Balances as the postings alone give them: participant 0 is the market.
using Sums = std::map<std::array<std::uint32_t, 3>, std::int64_t>;

/// Writes one record's events as rows.
class EventTables {
 public:
  EventTables(Sink& sink, const engine::State& state)
      : sink_(sink),
        state_(state),
        records_(sink.add("records", kRecordFields)),
        postings_(sink.add("postings", kPostingFields)),
        bids_(sink.add("bids", kBidFields)),
        trades_(sink.add("trades", kTradeFields)),
        settlements_(sink.add("settlements", kSettlementFields)),
        lines_(sink.add("settlement_lines", kLineFields)),
        defaults_(sink.add("defaults", kDefaultFields)) {}

  /// `events` are those that applying `record` gave.
  void write(const journal::RecordView& record, std::span<const std::uint8_t> events) {
    sequence_ = number_cell(static_cast<std::int64_t>(record.sequence));
    time_text_ = gateways::time_text(record.time_ns);
    for (std::size_t at = 0; at < events.size();) {
      model::EventHeader header;
      std::memcpy(&header, events.data() + at, sizeof(header));
      dispatch(header.type, events.data() + at, record);
      at += header.size;
    }
  }

  [[nodiscard]] const Sums& sums() const { return sums_; }

 private:
  template <class Event>
  static Event as(const std::uint8_t* bytes) {
    Event event;
    std::memcpy(&event, bytes, sizeof(event));
    return event;
  }

  void dispatch(model::EventType type, const std::uint8_t* bytes,
                const journal::RecordView& record) {
    using model::EventType;
    switch (type) {
      case EventType::kReplied:
        return on(as<model::Replied>(bytes), record);
      case EventType::kPosted:
        return on(as<model::Posted>(bytes));
      case EventType::kOperatorPosted:
        return on(as<model::OperatorPosted>(bytes));
      case EventType::kBidAccepted:
        return on(as<model::BidAccepted>(bytes));
      case EventType::kBidStruck:
        return on(as<model::BidStruck>(bytes));
      case EventType::kTradeConcluded:
        return on(as<model::TradeConcluded>(bytes));
      case EventType::kSettlementLine:
        return on(as<model::SettlementLine>(bytes));
      case EventType::kSettled:
        return on(as<model::Settled>(bytes));
      case EventType::kDefaulted:
        return on(as<model::Defaulted>(bytes));
      default:
        return;  // rows are written from the state at the end
    }
  }

  void on(const model::Replied& event, const journal::RecordView& record) {
    const auto& reason = model::reject_text(event.reject);
    record_text_.clear();
    append_record_json(record_text_, record);
    sink_.row(records_,
              {sequence_, time(),
               text_cell(model::command_name(static_cast<model::CommandType>(record.type))),
               id_cell(record.user), id_cell(record.participant),
               text_cell(event.reject == model::Reject::ok ? "ok" : reason.code),
               reason.rule.empty() ? Cell{} : text_cell(reason.rule), id_cell(event.id),
               event.repeated == 0 ? Cell{}
                                   : number_cell(static_cast<std::int64_t>(event.first_sequence)),
               text_cell(record_text_)});
  }

  void on(const model::Posted& event) {
    for (std::size_t at = 0; at < model::kBuckets; ++at) {
      const model::Fen delta = event.delta[at];
      if (delta == model::Fen{}) continue;
      sums_[{event.participant, static_cast<std::uint32_t>(event.currency),
             static_cast<std::uint32_t>(at)}] += delta.value;
      sink_.row(postings_,
                {sequence_, time(), number_cell(event.participant),
                 text_cell(word(static_cast<model::Bucket>(at))), text_cell(word(event.currency)),
                 fen_cell(delta), text_cell(word(event.reason)), id_cell(event.lot),
                 id_cell(event.contract)});
    }
  }

  void on(const model::OperatorPosted& event) {
    sums_[{0, static_cast<std::uint32_t>(event.currency),
           static_cast<std::uint32_t>(event.account)}] += event.delta.value;
    sink_.row(postings_, {sequence_, time(), Cell{}, text_cell(word(event.account)),
                          text_cell(word(event.currency)), fen_cell(event.delta),
                          text_cell(word(event.reason)), Cell{}, id_cell(event.contract)});
  }

  void on(const model::BidAccepted& event) {
    const std::string close = gateways::time_text(event.close_at);
    sink_.row(bids_, {sequence_, time(), text_cell("accepted"), number_cell(event.lot),
                      number_cell(event.bidder), number_cell(event.user),
                      price(state_.lots[event.lot].product, event.price), fen_cell(event.frozen),
                      id_cell(event.outbid), id_cell(event.goods), text_cell(close)});
  }

  void on(const model::BidStruck& event) {
    sink_.row(bids_,
              {sequence_, time(), text_cell("struck"), number_cell(event.lot),
               number_cell(event.bidder), Cell{},
               price(state_.lots[event.lot].product, event.price), Cell{}, Cell{}, Cell{}, Cell{}});
  }

  void on(const model::TradeConcluded& event) {
    const auto& product = state_.products[event.product];
    sink_.row(trades_,
              {sequence_, time(), number_cell(event.contract), number_cell(event.lot),
               number_cell(event.product), id_cell(event.grade), text_cell(word(event.method)),
               id_cell(event.region), price(event.product, event.price),
               decimal_cell(event.quantity, gateways::quantity_digits(product.unit)),
               number_cell(event.weight), fen_cell(event.nominal), number_cell(event.related)});
  }

  void on(const model::SettlementLine& event) {
    sink_.row(lines_, {sequence_, time(), number_cell(event.contract), text_cell(word(event.kind)),
                       price(state_.contracts[event.contract].product, event.price),
                       number_cell(event.quantity), fen_cell(event.amount)});
  }

  void on(const model::Settled& event) {
    sink_.row(settlements_, {sequence_, time(), number_cell(event.contract), fen_cell(event.goods),
                             fen_cell(event.buyer_pays), fen_cell(event.seller_receives)});
  }

  void on(const model::Defaulted& event) {
    sink_.row(defaults_,
              {sequence_, time(), number_cell(event.contract), number_cell(event.defaulter),
               text_cell(word(event.kind)), fen_cell(event.forfeited)});
  }

  [[nodiscard]] Cell time() const { return text_cell(time_text_); }
  [[nodiscard]] Cell price(model::ProductId product, model::Price value) const {
    return decimal_cell(value.value, gateways::price_digits(state_.products[product].basis));
  }

  Sink& sink_;
  const engine::State& state_;
  std::size_t records_, postings_, bids_, trades_, settlements_, lines_, defaults_;
  Cell sequence_;
  std::string time_text_, record_text_;
  Sums sums_;
};

/// R3.4: what the postings add up to is what the accounts hold.
void check_sums(const Sums& sums, const engine::State& state) {
  for (const auto& [key, sum] : sums) {
    const auto [participant, currency, account] = key;
    const model::Fen held = participant == 0
                                ? state.operator_accounts[1].balance[currency][account]
                                : state
                                      .accounts[engine::account_index(
                                          participant, static_cast<model::Currency>(currency))]
                                      .balance[account];
    if (held.value == sum) continue;
    throw CommandFailed(1, fmt::format("account {} of participant {}: postings add up to {} fen, "
                                       "the account holds {}",
                                       account, participant, sum, held.value));
  }
}

}  // namespace

void run_export(const ExportOptions& options) {
  if (options.csv.empty() == options.sqlite.empty()) {
    bad_input("--csv", options.csv, "a new folder, or else --sqlite with a new file");
  }
  const model::Sequence end =
      std::min(journal_end("DIR", options.directory), options.until.value_or(~model::Sequence{0}));
  const auto sink = options.csv.empty() ? sqlite_sink("--sqlite", options.sqlite)
                                        : csv_sink("--csv", options.csv);
  engine::Engine engine;
  engine::EventBuffer events(2 * model::kMaxEventBytesPerCommand);
  EventTables tables(*sink, engine.state());
  Progress progress("export", end);
  const auto scanned = journal::scan(io::system_storage(), options.directory, {},
                                     [&](const journal::BatchView& batch) {
                                       for (const journal::RecordView record : batch.records()) {
                                         if (record.sequence > end) return false;
                                         events.clear();
                                         engine.apply(runtime::command_of(record), events);
                                         tables.write(record, events.bytes());
                                       }
                                       progress.show(engine.sequence());
                                       return true;
                                     });
  if (!scanned) fail_with(scanned.error());
  engine.check_invariants();
  check_sums(tables.sums(), engine.state());
  write_state(*sink, engine.state());
  write_summary(*sink, engine);
  sink->finish();
  fmt::print("{}: {} records, {}; postings and balances agree\n",
             options.csv.empty() ? options.sqlite : options.csv, engine.sequence(),
             gateways::time_text(engine.now().value));
}

}  // namespace hulan::app
