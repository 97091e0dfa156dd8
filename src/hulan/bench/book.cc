// SPDX-License-Identifier: Apache-2.0
#include "hulan/bench/book.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <vector>

#include "hulan/bench/order_flow.h"
#include "hulan/bench/percentile.h"
#include "hulan/scenario/world.h"

namespace hulan::app::bench {
namespace {

using model::OrderKind;
using model::OrderLife;

// What operations to come touch is fetched while others run, as the sequencer does in a batch.
constexpr std::size_t kFar = 24;
constexpr std::size_t kNear = 8;
constexpr std::size_t kRing = 32;  // commands taken in and not yet done; more than kFar

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

/// An operation as the command that a participant would send.
class Request {
 public:
  Request(const Market& market, const FlowOperation& operation, model::OrderId order,
          model::Sequence sequence, model::Time now)
      : sequence_(sequence), now_(now) {
    header_.version = 1;
    header_.participant = market.participant(operation.account - 1);
    header_.user = market.user(operation.account - 1);
    // Numbered orders: the record's own number is above the last that the user sent.
    std::memset(header_.client_id.data(), 0xFF, 8);
    const std::uint64_t number = __builtin_bswap64(sequence);
    std::memcpy(header_.client_id.data() + 8, &number, sizeof(number));
    switch (operation.type) {
      case FlowType::kCancel:
        hold(model::CancelOrder{order});
        return;
      case FlowType::kReduce:
        hold(model::ReduceOrder{order, operation.quantity});
        return;
      case FlowType::kAdd:
      case FlowType::kCross:
      case FlowType::kMarket:
      case FlowType::kImmediate:
        break;
    }
    const bool market_order = operation.type == FlowType::kMarket;
    const bool immediate = market_order || operation.type == FlowType::kImmediate;
    hold(model::PlaceOrder{.book = market.book(operation.book),
                           .side = static_cast<model::BookSide>(operation.side),
                           .kind = market_order ? OrderKind::kMarket : OrderKind::kLimit,
                           .life = immediate ? OrderLife::kImmediate : OrderLife::kSession,
                           .self_trade = model::SelfTrade::kAllow,
                           .price = market_order ? 0 : std::int64_t{operation.price} * 10,
                           .quantity = operation.quantity});
  }

  Request() = default;

  void name(const FlowOperation& operation, model::OrderId order) {
    if (operation.type == FlowType::kCancel || operation.type == FlowType::kReduce) {
      std::memcpy(body_, &order, sizeof(order));
    }
  }

  [[nodiscard]] model::Command command() const {
    return {header_, sequence_, now_, {body_, header_.body_length}};
  }

 private:
  template <class Body>
  void hold(const Body& body) {
    static_assert(sizeof(Body) <= sizeof(body_));
    header_.type = Body::kType;
    header_.body_length = sizeof(Body);
    std::memcpy(body_, &body, sizeof(Body));
  }

  model::RecordHeader header_{};
  std::uint8_t body_[sizeof(model::PlaceOrder)]{};
  model::Sequence sequence_ = 0;
  model::Time now_{};
};

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
    for (std::uint64_t i = from; i < std::min(from + kFar, to); ++i) take(i, first, now);
    for (std::uint64_t i = from; i < to; ++i) {
      if (i + 2 * kFar < to) __builtin_prefetch(&ids_[operations[i + 2 * kFar].id]);
      if (i + kFar < to) engine.prefetch(take(i + kFar, first, now).command());
      if (i + kNear < to) engine.prefetch_behind(requests_[(i + kNear) % kRing].command());
      const FlowOperation& operation = operations[i];
      // What was taken in before its order was answered knows the order's id only now.
      requests_[i % kRing].name(operation, ids_[operation.id]);
      const std::int64_t before = kTimed ? clock_ns(CLOCK_MONOTONIC) : 0;
      engine.apply(requests_[i % kRing].command(), events_);
      if (kTimed) {
        figures_.each.push_back(static_cast<std::uint32_t>(clock_ns(CLOCK_MONOTONIC) - before));
      }
      note(operation);
      events_.clear();
    }
  }

  const Request& take(std::uint64_t i, model::Sequence first, model::Time now) {
    const FlowOperation& operation = flow_.operations()[i];
    return requests_[i % kRing] = Request(market_, operation, ids_[operation.id], first + i, now);
  }

  /// The answer is the last of the events; what came of a new order stands before it.
  void note(const FlowOperation& operation) {
    const auto bytes = events_.bytes();
    model::Replied replied{};
    constexpr std::size_t kReply = (sizeof(replied) + 15) / 16 * 16;
    const std::uint8_t* reply = bytes.data() + bytes.size() - kReply;
    std::memcpy(&replied, reply, sizeof(replied));
    if (replied.reject != model::Reject::ok) {
      ++figures_.rejects;
      return;
    }
    if (operation.type == FlowType::kCancel || operation.type == FlowType::kReduce) return;
    model::OrderAccepted accepted;
    std::memcpy(&accepted, reply - (sizeof(accepted) + 15) / 16 * 16, sizeof(accepted));
    ids_[operation.id] = accepted.id;
    if (accepted.shown != operation.left) ++figures_.wrong;
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
  std::array<Request, kRing> requests_;
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
