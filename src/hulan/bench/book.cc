// SPDX-License-Identifier: Apache-2.0
#include "hulan/bench/book.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

#include "engine/lookahead.h"
#include "hulan/bench/order_flow.h"
#include "hulan/bench/percentile.h"
#include "hulan/scenario/world.h"

namespace hulan::app::bench {
namespace {

using model::OrderKind;
using model::OrderLife;

constexpr std::uint64_t kIdsAhead = 24;  // operations whose orders' ids are looked up beforehand

std::int64_t clock_ns(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

model::ProductRow product(std::uint64_t number) {
  model::ProductRow row{};
  fmt::format_to_n(row.code.data(), row.code.size() - 1, "bench-{}", number);
  row.tick = model::Price{10};
  row.lot_minimum = 1;
  row.close_window_ns = 120 * model::kSecond;
  row.methods = model::method_bit(model::Method::kOrderBook);
  row.bond_bp = 500;
  row.trading_bond_bp = 50;
  row.basis = model::PriceBasis::kByWeight;
  row.unit = model::QuantityUnit::kGrams;
  row.zone_to.fill(~std::uint64_t{0});
  return row;
}

/// A permit of the sandbox, and limits that are asked and never reached.
model::ProductTermsRow terms() {
  model::ProductTermsRow row{};
  fmt::format_to_n(row.permit_authority.data(), row.permit_authority.size() - 1, "sandbox");
  fmt::format_to_n(row.permit_number.data(), row.permit_number.size() - 1, "bench");
  row.permit_date = 1;
  row.order_quantity_max = 1'000'000'000'000;
  row.day_quantity_max = 1'000'000'000'000'000;
  row.self_trades = 1;
  return row;
}

/// A market whose books are open and whose accounts are funded.
class Market {
 public:
  explicit Market(const FlowHeader& flow) {
    for (std::uint64_t i = 0; i < flow.accounts; ++i) {
      const std::string name = fmt::format("account{}", i);
      world_.add_participant(name, model::ParticipantKind::kTrader, 230'111);
      participants_.push_back(world_.participant(name));
      users_.push_back(world_.user(name));
      fund(participants_.back());
    }
    const std::int64_t now = world_.now.value;
    for (std::uint64_t i = 0; i < flow.books; ++i) {
      world_.add_product(product(i), terms(), {});
      world_.must_send(world_.user("operator"),
                       model::OpenBook{world_.product(product(i).code.data()), 1'000'000, 0,
                                       327'680, now, now, now + model::kDay, now + model::kDay});
      books_.push_back(world_.last.id);
    }
    world_.go_to(now + model::kMinute);
  }

  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] model::BookId book(std::size_t i) const { return books_[i]; }
  [[nodiscard]] model::ParticipantId participant(std::size_t i) const { return participants_[i]; }
  [[nodiscard]] model::UserId user(std::size_t i) const { return users_[i]; }

 private:
  void fund(model::ParticipantId id) {
    model::RecordDeposit deposit{id, 0, 900'000'000'000'000, {}};
    std::memcpy(deposit.bank_reference.data(), &id, sizeof(id));
    deposit.bank_reference[31] = 1;
    world_.must_approve(world_.user("officer"), deposit);
  }

  World world_;
  std::vector<model::BookId> books_;
  std::vector<model::ParticipantId> participants_;
  std::vector<model::UserId> users_;
};

/// The body of a command, kept while the command is under way.
struct Body {
  alignas(16) std::array<std::uint8_t, sizeof(model::PlaceOrder)> bytes{};

  template <class T>
  void hold(const T& body, model::Command& command) {
    static_assert(sizeof(T) <= sizeof(bytes));
    command.header.type = T::kType;
    command.header.body_length = sizeof(T);
    command.body = {bytes.data(), sizeof(T)};
    std::memcpy(bytes.data(), &body, sizeof(T));
  }
};

bool names_order(const FlowOperation& operation) {
  return operation.type == FlowType::kCancel || operation.type == FlowType::kReduce;
}

/// Makes `command` what the operation's participant would send; `order`: the one that it names.
void write_command(const Market& market, const FlowOperation& operation, model::OrderId order,
                   model::Command& command, Body& body) {
  command.header.version = 1;
  command.header.participant = market.participant(operation.account - 1);
  command.header.user = market.user(operation.account - 1);
  // Numbered orders: the record's own number is above the last that the user sent.
  std::memset(command.header.client_id.data(), 0xFF, 8);
  const std::uint64_t number = std::byteswap(command.sequence);
  std::memcpy(command.header.client_id.data() + 8, &number, sizeof(number));
  if (operation.type == FlowType::kCancel) return body.hold(model::CancelOrder{order}, command);
  if (operation.type == FlowType::kReduce) {
    return body.hold(model::ReduceOrder{order, operation.quantity}, command);
  }
  const bool market_order = operation.type == FlowType::kMarket;
  const bool immediate = market_order || operation.type == FlowType::kImmediate;
  body.hold(model::PlaceOrder{.book = market.book(operation.book),
                              .side = static_cast<model::BookSide>(operation.side),
                              .kind = market_order ? OrderKind::kMarket : OrderKind::kLimit,
                              .life = immediate ? OrderLife::kImmediate : OrderLife::kSession,
                              .self_trade = model::SelfTrade::kAllow,
                              .price = market_order ? 0 : std::int64_t{operation.price} * 10,
                              .quantity = operation.quantity},
            command);
}

/// One field of an event that lies at `event`.
template <class Field>
Field read_at(const std::uint8_t* event, std::size_t offset) {
  Field field;
  std::memcpy(&field, event + offset, sizeof(field));
  return field;
}

struct Figures {
  double ns = 0;
  std::uint64_t trades = 0, traded_quantity = 0, rejects = 0, wrong = 0;
  std::uint64_t live_orders = 0, live_quantity = 0;
  std::vector<std::uint32_t> each;  ///< ns of each operation, if asked for
};

class Run {
 public:
  Run(const Flow& flow, std::uint64_t operations)
      : flow_(flow), operations_(operations), market_(flow.header()) {
    ids_.resize(flow.header().last_id + 1);
  }

  Figures run(bool each) {
    const std::uint64_t resting = flow_.header().resting;
    go<false>(0, resting);
    if (each) {
      figures_.each.reserve(operations_);
      go<true>(resting, resting + operations_);
    } else {
      const std::int64_t start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
      go<false>(resting, resting + operations_);
      figures_.ns = static_cast<double>(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start) /
                    static_cast<double>(operations_);
    }
    market_.world().engine.check_invariants();
    count();
    return std::move(figures_);
  }

 private:
  template <bool kTimed>
  void go(std::uint64_t from, std::uint64_t to) {
    engine::Engine& engine = market_.world().engine;
    const auto operations = flow_.operations();
    const model::Time now = market_.world().now;
    const model::Sequence first = engine.sequence() + 1 - from;
    engine::Lookahead ahead(engine);
    std::uint64_t taken = from;
    const auto take = [&](model::Command& command) {
      const FlowOperation& operation = operations[taken];
      command.sequence = first + taken;
      command.now = now;
      write_command(market_, operation, ids_[operation.id], command, body(taken));
      ++taken;
      if (taken + kIdsAhead < to) __builtin_prefetch(&ids_[operations[taken + kIdsAhead].id]);
    };
    for (std::uint64_t i = from; i < to; ++i) {
      while (taken < to && ahead.wants_more()) ahead.take(take);
      const FlowOperation& operation = operations[i];
      const model::Command& command = ahead.next();
      // What was taken in before its order was answered knows the order's id only now.
      if (names_order(operation)) {
        std::memcpy(body(i).bytes.data(), &ids_[operation.id], sizeof(model::OrderId));
      }
      const std::int64_t before = kTimed ? clock_ns(CLOCK_MONOTONIC) : 0;
      engine.apply(command, events_);
      if (kTimed) {
        figures_.each.push_back(static_cast<std::uint32_t>(clock_ns(CLOCK_MONOTONIC) - before));
      }
      note(operation);
      events_.clear();
    }
  }

  Body& body(std::uint64_t i) { return bodies_[i % bodies_.size()]; }

  /// The answer is the last of the events; what came of a new order stands before it.
  void note(const FlowOperation& operation) {
    using model::OrderAccepted;
    using model::Replied;
    constexpr std::size_t kReply = (sizeof(Replied) + 15) / 16 * 16;
    constexpr std::size_t kAccepted = (sizeof(OrderAccepted) + 15) / 16 * 16;
    const auto bytes = events_.bytes();
    const std::uint8_t* reply = bytes.data() + bytes.size() - kReply;
    if (read_at<model::Reject>(reply, offsetof(Replied, reject)) != model::Reject::ok) {
      ++figures_.rejects;
      return;
    }
    if (names_order(operation)) return;
    const std::uint8_t* accepted = reply - kAccepted;
    ids_[operation.id] = read_at<model::OrderId>(accepted, offsetof(OrderAccepted, id));
    const auto shown = read_at<std::uint32_t>(accepted, offsetof(OrderAccepted, shown));
    if (shown != operation.left) ++figures_.wrong;
  }

  void count() {
    const engine::State& state = market_.world().state();
    for (model::BookId id = 1; id < state.book_rows.size(); ++id) {
      figures_.trades += static_cast<std::uint64_t>(state.book_rows[id].trades);
      figures_.traded_quantity += static_cast<std::uint64_t>(state.book_rows[id].traded);
    }
    figures_.live_orders = state.books.live();
    for (std::uint32_t slot = 1; slot < state.books.slots(); ++slot) {
      figures_.live_quantity += state.books.slot(slot).quantity;
    }
  }

  const Flow& flow_;
  std::uint64_t operations_;
  Market market_;
  std::vector<model::OrderId> ids_;
  std::array<Body, engine::Lookahead::kRing> bodies_;
  engine::EventBuffer events_{2 * model::kMaxEventBytesPerCommand};
  Figures figures_;
};

bool as_stated(const FlowHeader& header, const Figures& figures) {
  return figures.trades == header.trades && figures.traded_quantity == header.traded_quantity &&
         figures.live_orders == header.live_orders && figures.live_quantity == header.live_quantity;
}

}  // namespace

int run_book(const BookOptions& options) {
  const Flow flow(options.operations);
  const FlowHeader& header = flow.header();
  const std::uint64_t operations =
      options.limit == 0 ? header.operations : std::min(options.limit, header.operations);
  const Figures mean = std::make_unique<Run>(flow, operations)->run(false);
  Figures timed = std::make_unique<Run>(flow, operations)->run(true);
  const bool whole = operations == header.operations;
  const bool good = mean.rejects == 0 && mean.wrong == 0 && (!whole || as_stated(header, mean));
  fmt::print(fmt::runtime(options.json
                              ? "{{\"operations\":{},\"ns_per_operation\":{:.1f},\"trades\":{},"
                                "\"traded_quantity\":{},\"live_orders\":{},\"live_quantity\":{},"
                                "\"rejects\":{},\"bytes_per_resting_order\":{},\"p50_ns\":{},"
                                "\"p99_ns\":{},\"p999_ns\":{},\"max_ns\":{},\"as_stated\":{}}}\n"
                              : "{} operations, {:.1f} ns each; {} trades of {} lots, {} orders "
                                "of {} lots stay, {} refused, {} bytes an order; p50 {} ns, p99 {} "
                                "ns, p99.9 {} ns, most {} ns; as the file states: {}\n"),
             operations, mean.ns, mean.trades, mean.traded_quantity, mean.live_orders,
             mean.live_quantity, mean.rejects, sizeof(model::OrderSlot),
             percentile(timed.each, 0.5), percentile(timed.each, 0.99),
             percentile(timed.each, 0.999), percentile(timed.each, 1), good);
  return good ? 0 : 1;
}

}  // namespace hulan::app::bench
