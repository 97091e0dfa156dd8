// SPDX-License-Identifier: Apache-2.0
// R5.4: the order books' structure and price-time priority, in ticks and quantities; money, times
// and permissions are the caller's. Orders are 32-byte slots of one pool, linked by 32-bit indices;
// an order's id names its slot, so that nothing is searched. Nothing is allocated after
// construction. Engine thread only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/book/tick_set.h"
#include "engine/table.h"
#include "model/ids.h"

namespace hulan::engine::book {

/// Given by the book when an order rests: slot in the low half, in the high half how often the slot
/// had been used before, so that an old id never finds a newer order. 0: none.
using OrderId = std::uint64_t;

enum class BookSide : std::uint8_t { kBuy = 0, kSell = 1 };
constexpr BookSide other(BookSide side) {
  return side == BookSide::kBuy ? BookSide::kSell : BookSide::kBuy;
}

/// What becomes of the part that does not trade at once.
enum class Rest : std::uint8_t {
  kRests = 1,   ///< limit
  kImmediate,   ///< IOC, and market at the window's last tick: cancelled
  kFillOrKill,  ///< all of it trades at once, or nothing happens
  kPostOnly     ///< refused if any of it would trade at once
};

/// What happens where an order would meet one of the same participant.
enum class SelfTrade : std::uint8_t {
  kCancelOldest = 1,
  kCancelNewest,
  kCancelBoth,
  kDecrement,
  kAllow
};

/// A live order; a free slot has quantity 0 and links the next free one.
struct OrderSlot {
  std::uint32_t previous;  ///< earlier at the same price, 0 = first
  std::uint32_t next;
  std::uint32_t quantity;  ///< open
  std::uint32_t tick;
  model::ParticipantId participant;
  model::UserId user;
  std::uint32_t used;  ///< how often this slot held an order before
  std::uint16_t book;
  BookSide side;
  std::uint8_t reserved;
};
static_assert(model::Row<OrderSlot> && sizeof(OrderSlot) == 32);

/// One price of one side, its orders by time.
struct LevelRow {
  std::uint32_t first;
  std::uint32_t last;
};
static_assert(model::Row<LevelRow>);

struct NewOrder {
  std::uint16_t book = 0;  ///< below the number of books
  BookSide side = BookSide::kBuy;
  Rest rest = Rest::kRests;
  SelfTrade self_trade = SelfTrade::kCancelOldest;
  std::uint32_t tick = 0;      ///< worst price to trade at, below kTicks
  std::uint32_t quantity = 0;  ///< more than 0
  model::ParticipantId participant = 0;
  model::UserId user = 0;
};

/// What happened to a resting order while another came in.
struct Met {
  OrderId id = 0;
  const OrderSlot* order = nullptr;  ///< as it is afterwards; quantity 0: it is gone
  std::uint32_t quantity = 0;        ///< traded, or taken off to prevent a self-trade
  bool traded = false;
};

enum class Refusal : std::uint8_t { kNone = 0, kPoolFull, kWouldTrade, kCannotFill };

struct Placed {
  Refusal refusal = Refusal::kNone;  ///< anything but kNone: nothing changed
  OrderId id = 0;                    ///< if a part rests
  std::uint32_t traded = 0;
  std::uint32_t resting = 0;
  std::uint32_t cancelled = 0;  ///< by `rest` or to prevent a self-trade
};

/// All books of a market over one pool of orders.
class Books {
 public:
  Books(std::size_t books, std::size_t orders);

  /// Trades what can be traded, best price first and earliest first, and lets the rest rest.
  /// `on_met(const Met&)` hears of every resting order that it meets, in order.
  template <class OnMet>
  Placed place(const NewOrder& order, OnMet on_met);

  /// The live order, or nullptr.
  [[nodiscard]] const OrderSlot* find(OrderId id) const;
  /// Takes `by` off a live order that keeps its place in time; 0 < by < its quantity.
  void reduce(OrderId id, std::uint32_t by);
  /// Takes a live order out.
  void cancel(OrderId id) { take_out(slot_of(id)); }

  /// The best price of a side, or kNoTick.
  [[nodiscard]] std::uint32_t best(std::uint16_t book, BookSide side) const {
    return sides_[index(book, side)].best;
  }
  /// The price after `tick`, away from the best; or kNoTick.
  [[nodiscard]] std::uint32_t next_price(std::uint16_t book, BookSide side,
                                         std::uint32_t tick) const;
  /// The orders at a price by time: the first, and from each the next through OrderSlot::next.
  [[nodiscard]] std::uint32_t first_at(std::uint16_t book, BookSide side,
                                       std::uint32_t tick) const {
    return level(book, side, tick).first;
  }
  [[nodiscard]] const OrderSlot& slot(std::uint32_t slot) const { return orders_[slot]; }
  [[nodiscard]] std::uint32_t live() const { return ends().quantity; }

  /// Brings what a cancel or reduce of `id` touches first into the cache.
  void prefetch(OrderId id) const { orders_.prefetch(slot_of(id)); }

  /// The orders as they lie: all that is saved and hashed; prices and bitmaps follow from them.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return orders_.bytes(); }
  /// Takes over what bytes() gave; false (and books of no use) if it cannot be that.
  [[nodiscard]] bool restore(const SectionReader& from);
  [[nodiscard]] Sha256 hash() { return orders_.hash(); }
  /// A copy of the orders as they are now, made while they change: see Pages.
  void begin_copy() { orders_.begin_copy(); }
  bool copy_some(std::size_t& budget) { return orders_.copy_some(budget); }
  [[nodiscard]] PageCopy take_copy() { return orders_.take_copy(); }

  /// Asserts links, prices and counts. Reads everything.
  void check() const;

 private:
  struct SideTop {
    std::uint32_t best = kNoTick;
    std::unique_ptr<TickSet> ticks = std::make_unique<TickSet>();
  };

  static std::uint32_t slot_of(OrderId id) { return static_cast<std::uint32_t>(id); }
  static std::size_t index(std::uint16_t book, BookSide side) {
    return std::size_t{book} * 2 + static_cast<std::size_t>(side);
  }
  /// Row 0 of a table is never used.
  static std::size_t level_row(std::uint16_t book, BookSide side, std::uint32_t tick) {
    return index(book, side) * kTicks + tick + 1;
  }
  [[nodiscard]] const LevelRow& level(std::uint16_t book, BookSide side, std::uint32_t tick) const {
    return levels_[level_row(book, side, tick)];
  }
  [[nodiscard]] OrderId id_of(std::uint32_t slot) const {
    return std::uint64_t{orders_[slot].used} << 32 | slot;
  }
  static bool crosses(BookSide side, std::uint32_t limit, std::uint32_t tick) {
    return tick != kNoTick && (side == BookSide::kBuy ? tick <= limit : tick >= limit);
  }

  [[nodiscard]] Refusal check_new(const NewOrder& order) const;
  [[nodiscard]] bool can_fill(const NewOrder& order) const;
  OrderId rest(const NewOrder& order, std::uint32_t quantity);
  void take_out(std::uint32_t slot);
  void level_emptied(const OrderSlot& order);

  /// The unused slot 0 keeps the first free slot as `next` and the live orders as `quantity`.
  [[nodiscard]] const OrderSlot& ends() const { return orders_[0]; }
  void forget_prices();
  [[nodiscard]] bool is_whole(std::uint32_t slot) const;

  Table<LevelRow> levels_;  // derived
  Table<OrderSlot> orders_;
  std::vector<SideTop> sides_;  // derived
};

template <class OnMet>
Placed Books::place(const NewOrder& order, OnMet on_met) {
  Placed placed{.refusal = check_new(order)};
  if (placed.refusal != Refusal::kNone) return placed;
  const BookSide facing = other(order.side);
  std::uint32_t open = order.quantity;
  while (open != 0) {
    const std::uint32_t tick = best(order.book, facing);
    if (!crosses(order.side, order.tick, tick)) break;
    const std::uint32_t at = first_at(order.book, facing, tick);
    OrderSlot& maker = orders_.edit(at);
    const bool own =
        maker.participant == order.participant && order.self_trade != SelfTrade::kAllow;
    const bool keeps_maker = own && order.self_trade == SelfTrade::kCancelNewest;
    if (keeps_maker) {
      placed.cancelled += open;
      open = 0;
      break;
    }
    const bool meets_whole = own && order.self_trade != SelfTrade::kDecrement;
    const std::uint32_t quantity = meets_whole ? maker.quantity : std::min(open, maker.quantity);
    const OrderId id = id_of(at);
    maker.quantity -= quantity;
    on_met(Met{id, &maker, quantity, !own});
    if (!own) placed.traded += quantity;
    if (own && order.self_trade == SelfTrade::kDecrement) placed.cancelled += quantity;
    if (own && order.self_trade == SelfTrade::kCancelBoth) {
      placed.cancelled += open;
      open = 0;
    } else if (!meets_whole) {
      open -= quantity;
    }
    if (maker.quantity == 0) take_out(at);
  }
  if (open == 0) return placed;
  if (order.rest == Rest::kImmediate || order.rest == Rest::kFillOrKill) {
    placed.cancelled += open;
    return placed;
  }
  placed.id = rest(order, open);
  placed.resting = open;
  return placed;
}

}  // namespace hulan::engine::book
