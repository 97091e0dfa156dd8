// SPDX-License-Identifier: Apache-2.0
// R5.4: the order books' structure and price-time priority, in ticks and lots; money, times and
// permissions are the caller's. Orders are 32-byte slots of one pool, linked by 32-bit indices; an
// order's id names its slot, so that nothing is searched. Nothing is allocated after construction.
// Engine thread only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/book/tick_set.h"
#include "engine/page_copy.h"
#include "engine/table.h"
#include "model/limits.h"
#include "model/rows.h"

namespace hulan::engine::book {

using model::BookSide;
using model::OrderId;
using model::OrderSlot;
using model::OrderTermsRow;
using model::SelfTrade;

/// Where an order waits: for the other side (as BookSide), or, a stop order, for a trade.
enum class Queue : std::uint8_t { kBuy = 0, kSell = 1, kBuyStop = 2, kSellStop = 3 };
constexpr std::size_t kQueues = 4;
constexpr Queue queue_of(BookSide side) { return static_cast<Queue>(side); }
constexpr BookSide side_of(Queue queue) {
  return static_cast<BookSide>(static_cast<std::uint8_t>(queue) & 1);
}

/// One price of one queue, its orders by time.
struct LevelRow {
  std::uint32_t first;
  std::uint32_t last;
  std::uint64_t quantity;  ///< open, hidden parts included
};
static_assert(model::Row<LevelRow>);

/// An order that rests.
struct Resting {
  std::uint16_t book = 0;  ///< BookId - 1
  Queue queue = Queue::kBuy;
  std::uint32_t tick = 0;      ///< from 1, below kTicks
  std::uint32_t quantity = 0;  ///< shown, more than 0
  std::uint32_t position = 0;
  model::UserId user = 0;
  const OrderTermsRow* terms = nullptr;  ///< nullptr: none
};

/// An order that comes in, and what becomes of it.
struct Taking {
  std::uint16_t book = 0;
  BookSide side = BookSide::kBuy;
  SelfTrade self_trade = SelfTrade::kCancelOldest;
  std::uint32_t limit = 0;  ///< worst tick to trade at
  std::uint32_t open = 0;
  std::uint32_t traded = 0;
  std::uint32_t cancelled = 0;  ///< to prevent self-trades
  std::uint32_t met = 0;        ///< resting orders
};

/// What happened to a resting order while another came in.
struct Met {
  OrderId id = 0;
  OrderSlot order{};           ///< as it was
  std::uint32_t before = 0;    ///< open, the hidden part included
  std::uint32_t after = 0;     ///< 0: it is gone
  std::uint32_t quantity = 0;  ///< traded, or taken off to prevent a self-trade
  bool traded = false;
  bool refilled = false;  ///< an iceberg: now last in time
};

/// All books of a market over one pool of orders.
class Books {
 public:
  Books(std::size_t books, std::size_t orders);

  /// Trades what can be traded, best price first and earliest first, with at most kMaxOrdersMet.
  /// `is_own(const OrderSlot&)`: self-trade prevention holds there. `on_met(const Met&)` hears of
  /// every resting order that was met, in order.
  template <class IsOwn, class OnMet>
  void match(Taking& taking, IsOwn is_own, OnMet on_met);

  /// Visits the orders that `taking` would meet, in order, without changing anything, until
  /// `visit(slot)` gives false.
  template <class Visit>
  void look(const Taking& taking, Visit visit) const;

  [[nodiscard]] bool full() const { return ends().next == 0 && orders_.full(); }
  /// Lets an order rest, the last at its price. The caller has asked full().
  OrderId rest(const Resting& order);
  /// The live order, or nullptr.
  [[nodiscard]] const OrderSlot* find(OrderId id) const {
    const std::uint32_t at = slot_of(id);
    if (!orders_.has(at)) return nullptr;
    const OrderSlot& order = orders_[at];
    return order.quantity != 0 && order.used == id >> 32 ? &order : nullptr;
  }
  /// Takes `by` off what is open of a live order that keeps its place in time, the hidden part
  /// first; 0 < by < what is open.
  void reduce(std::uint32_t slot, std::uint32_t by);
  /// Trades `quantity` of what a live order shows; true if an iceberg showed its next part.
  bool lower(std::uint32_t slot, std::uint32_t quantity);
  /// Takes a live order out.
  void take_out(std::uint32_t slot);

  /// The best price of a queue, or kNoTick.
  [[nodiscard]] std::uint32_t best(std::uint16_t book, Queue queue) const {
    return best_[index(book, queue)];
  }
  /// True if a stop order waits in the book.
  [[nodiscard]] bool has_stops(std::uint16_t book) const {
    return best(book, Queue::kBuyStop) != kNoTick || best(book, Queue::kSellStop) != kNoTick;
  }
  /// The price after `tick`, away from the best; or kNoTick.
  [[nodiscard]] std::uint32_t next_price(std::uint16_t book, Queue queue, std::uint32_t tick) const;
  /// The orders at a price by time: the first, and from each the next through OrderSlot::next.
  [[nodiscard]] const LevelRow& level(std::uint16_t book, Queue queue, std::uint32_t tick) const {
    return levels()[level_row(book, queue, tick)];
  }
  [[nodiscard]] const OrderSlot& slot(std::uint32_t slot) const { return orders_[slot]; }
  [[nodiscard]] const OrderTermsRow& terms(std::uint32_t slot) const { return terms_[slot]; }
  /// Lots that are open, the hidden part included.
  [[nodiscard]] std::uint32_t open_of(std::uint32_t slot) const {
    const OrderSlot& order = orders_[slot];
    return order.terms == 0 ? order.quantity : order.quantity + terms_[slot].hidden;
  }
  [[nodiscard]] std::uint32_t live() const { return ends().quantity; }
  /// One more than the last slot ever used.
  [[nodiscard]] std::uint32_t slots() const { return orders_.size(); }

  [[nodiscard]] static std::uint32_t slot_of(OrderId id) { return static_cast<std::uint32_t>(id); }
  [[nodiscard]] OrderId id_of(std::uint32_t slot) const {
    return OrderId{orders_[slot].used} << 32 | slot;
  }
  /// True if one who takes as `side` down (or up) to `limit` trades at `tick`.
  [[nodiscard]] static bool crosses(BookSide side, std::uint32_t limit, std::uint32_t tick) {
    return tick != kNoTick && (side == BookSide::kBuy ? tick <= limit : tick >= limit);
  }

  /// Begins to load what a cancel or reduce of `id` touches first; and, once that is there, what
  /// lies behind it.
  void prefetch(OrderId id) const { orders_.prefetch(slot_of(id)); }
  void prefetch_behind(OrderId id) const;
  /// The same for an order that will rest at a price, and for the one it will follow.
  void prefetch_price(std::uint16_t book, Queue queue, std::uint32_t tick) const {
    __builtin_prefetch(&level(book, queue, tick));
  }
  void prefetch_last(std::uint16_t book, Queue queue, std::uint32_t tick) const {
    orders_.prefetch(level(book, queue, tick).last);
  }

  /// The orders and their terms as they lie: all that is saved and hashed; prices and bitmaps
  /// follow from them.
  [[nodiscard]] Table<OrderSlot>& orders() { return orders_; }
  [[nodiscard]] const Table<OrderSlot>& orders() const { return orders_; }
  [[nodiscard]] Table<OrderTermsRow>& order_terms() { return terms_; }
  [[nodiscard]] const Table<OrderTermsRow>& order_terms() const { return terms_; }
  /// Makes prices and bitmaps again; false (and books of no use) if the orders cannot be such.
  [[nodiscard]] bool rebuild();

  /// Asserts links, prices and counts. Reads everything.
  void check() const;

 private:
  /// Queues whose best price is the lowest.
  static bool rises(Queue queue) { return queue == Queue::kSell || queue == Queue::kBuyStop; }
  static std::size_t index(std::uint16_t book, Queue queue) {
    return std::size_t{book} * kQueues + static_cast<std::size_t>(queue);
  }
  static std::size_t level_row(std::uint16_t book, Queue queue, std::uint32_t tick) {
    return index(book, queue) * kTicks + tick;
  }
  static bool before(Queue queue, std::uint32_t a, std::uint32_t b) {
    return b == kNoTick || (rises(queue) ? a < b : a > b);
  }
  [[nodiscard]] LevelRow* levels() { return reinterpret_cast<LevelRow*>(levels_.data()); }
  [[nodiscard]] const LevelRow* levels() const {
    return reinterpret_cast<const LevelRow*>(levels_.data());
  }
  [[nodiscard]] TickSet& ticks(std::size_t at) {
    return reinterpret_cast<TickSet*>(ticks_.data())[at];
  }
  [[nodiscard]] const TickSet& ticks(std::size_t at) const {
    return reinterpret_cast<const TickSet*>(ticks_.data())[at];
  }
  [[nodiscard]] LevelRow& level_of(const OrderSlot& order) {
    return levels()[level_row(order.book, static_cast<Queue>(order.queue), order.tick)];
  }
  [[nodiscard]] const OrderSlot& ends() const { return orders_[0]; }

  void link_last(std::uint32_t slot, OrderSlot& order, LevelRow& level);
  void unlink(OrderSlot& order, LevelRow& level);
  void level_begun(const OrderSlot& order);
  void level_emptied(const OrderSlot& order);
  void forget_prices();
  [[nodiscard]] bool is_whole(std::uint32_t slot) const;

  Table<OrderSlot> orders_;
  Table<OrderTermsRow> terms_;  // by the slot
  // derived:
  LargeMemory levels_;
  LargeMemory ticks_;
  std::vector<std::uint32_t> best_;
};

template <class IsOwn, class OnMet>
void Books::match(Taking& taking, IsOwn is_own, OnMet on_met) {
  const Queue facing = queue_of(other(taking.side));
  while (taking.open != 0 && taking.met < model::kMaxOrdersMet) {
    const std::uint32_t tick = best(taking.book, facing);
    if (!crosses(taking.side, taking.limit, tick)) return;
    const std::uint32_t at = level(taking.book, facing, tick).first;
    const OrderSlot& maker = orders_[at];
    const bool own = is_own(maker);
    if (own && taking.self_trade == SelfTrade::kCancelNewest) {
      taking.cancelled += std::exchange(taking.open, 0);
      return;
    }
    ++taking.met;
    Met met{.id = id_of(at), .order = maker, .before = open_of(at), .traded = !own};
    if (own && taking.self_trade != SelfTrade::kDecrement) {
      met.quantity = met.before;
      take_out(at);
      if (taking.self_trade == SelfTrade::kCancelBoth) {
        taking.cancelled += std::exchange(taking.open, 0);
      }
    } else {
      met.quantity = std::min(taking.open, maker.quantity);
      met.after = met.before - met.quantity;
      met.refilled = lower(at, met.quantity);
      taking.open -= met.quantity;
      (own ? taking.cancelled : taking.traded) += met.quantity;
    }
    on_met(met);
  }
}

template <class Visit>
void Books::look(const Taking& taking, Visit visit) const {
  const Queue facing = queue_of(other(taking.side));
  std::uint32_t tick = best(taking.book, facing);
  for (; crosses(taking.side, taking.limit, tick); tick = next_price(taking.book, facing, tick)) {
    for (std::uint32_t at = level(taking.book, facing, tick).first; at != 0;
         at = orders_[at].next) {
      if (!visit(at)) return;
    }
  }
}

}  // namespace hulan::engine::book
