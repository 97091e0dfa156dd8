// SPDX-License-Identifier: Apache-2.0
#include "engine/book/books.h"

#include "base/assert.h"

namespace hulan::engine::book {

Books::Books(std::size_t books, std::size_t orders)
    : levels_(books * 2 * kTicks), orders_(orders), sides_(books * 2) {
  HULAN_ASSERT(levels_.reach(books * 2 * kTicks));
}

const OrderSlot* Books::find(OrderId id) const {
  const std::uint32_t slot = slot_of(id);
  if (!orders_.has(slot)) return nullptr;
  const OrderSlot& order = orders_[slot];
  return order.quantity != 0 && order.used == id >> 32 ? &order : nullptr;
}

void Books::reduce(OrderId id, std::uint32_t by) {
  OrderSlot& order = orders_.edit(slot_of(id));
  HULAN_ASSERT(by != 0 && by < order.quantity && order.used == id >> 32);
  order.quantity -= by;
}

std::uint32_t Books::next_price(std::uint16_t book, BookSide side, std::uint32_t tick) const {
  const TickSet& ticks = *sides_[index(book, side)].ticks;
  if (side == BookSide::kBuy) return tick == 0 ? kNoTick : ticks.at_or_below(tick - 1);
  return tick + 1 == kTicks ? kNoTick : ticks.at_or_above(tick + 1);
}

Refusal Books::check_new(const NewOrder& order) const {
  HULAN_ASSERT(order.quantity != 0 && order.tick < kTicks &&
               index(order.book, order.side) < sides_.size());
  const bool trades = crosses(order.side, order.tick, best(order.book, other(order.side)));
  if (order.rest == Rest::kPostOnly && trades) return Refusal::kWouldTrade;
  if (order.rest == Rest::kFillOrKill) {
    return can_fill(order) ? Refusal::kNone : Refusal::kCannotFill;
  }
  const bool may_rest = order.rest != Rest::kImmediate;
  return may_rest && ends().next == 0 && orders_.full() ? Refusal::kPoolFull : Refusal::kNone;
}

bool Books::can_fill(const NewOrder& order) const {
  const BookSide facing = other(order.side);
  std::uint32_t open = order.quantity;
  std::uint32_t tick = best(order.book, facing);
  for (; crosses(order.side, order.tick, tick); tick = next_price(order.book, facing, tick)) {
    for (std::uint32_t at = first_at(order.book, facing, tick); at != 0; at = orders_[at].next) {
      const OrderSlot& maker = orders_[at];
      if (maker.participant == order.participant && order.self_trade != SelfTrade::kAllow) {
        if (order.self_trade == SelfTrade::kCancelOldest) continue;
        return false;  // a part of the order would be cancelled here
      }
      if (maker.quantity >= open) return true;
      open -= maker.quantity;
    }
  }
  return false;
}

OrderId Books::rest(const NewOrder& order, std::uint32_t quantity) {
  const std::uint32_t reused = ends().next;
  const std::uint32_t at = reused != 0 ? reused : orders_.add();
  OrderSlot& slot = orders_.edit(at);
  OrderSlot& ends = orders_.edit(0);
  if (reused != 0) ends.next = slot.next;
  ++ends.quantity;
  LevelRow& level = levels_.edit(level_row(order.book, order.side, order.tick));
  slot = {level.last, 0,         quantity,   order.tick, order.participant,
          order.user, slot.used, order.book, order.side, 0};
  if (level.last != 0) {
    orders_.edit(level.last).next = at;
  } else {
    level.first = at;
    SideTop& top = sides_[index(order.book, order.side)];
    top.ticks->add(order.tick);
    if (top.best == kNoTick || crosses(order.side, order.tick, top.best)) top.best = order.tick;
  }
  level.last = at;
  return id_of(at);
}

void Books::take_out(std::uint32_t at) {
  OrderSlot& order = orders_.edit(at);
  LevelRow& level = levels_.edit(level_row(order.book, order.side, order.tick));
  if (order.previous != 0) {
    orders_.edit(order.previous).next = order.next;
  } else {
    level.first = order.next;
  }
  if (order.next != 0) {
    orders_.edit(order.next).previous = order.previous;
  } else {
    level.last = order.previous;
  }
  if (level.first == 0) level_emptied(order);
  OrderSlot& ends = orders_.edit(0);
  order = {0, ends.next, 0, 0, 0, 0, order.used + 1, 0, BookSide::kBuy, 0};
  ends.next = at;
  --ends.quantity;
}

void Books::level_emptied(const OrderSlot& order) {
  SideTop& top = sides_[index(order.book, order.side)];
  top.ticks->remove(order.tick);
  if (top.best == order.tick) top.best = next_price(order.book, order.side, order.tick);
}

void Books::forget_prices() {
  for (std::size_t at = 0; at < sides_.size(); ++at) {
    SideTop& top = sides_[at];
    for (; top.best != kNoTick; top.best = top.ticks->at_or_above(0)) {
      top.ticks->remove(top.best);
      levels_.edit(at * kTicks + top.best + 1) = {};
    }
  }
}

bool Books::is_whole(std::uint32_t slot) const {
  const OrderSlot& order = orders_[slot];
  const auto links = [&](std::uint32_t to) {
    return to == 0 || (orders_.has(to) && orders_[to].quantity != 0);
  };
  return order.tick < kTicks && order.side <= BookSide::kSell &&
         index(order.book, order.side) < sides_.size() && links(order.previous) &&
         links(order.next);
}

bool Books::restore(const SectionReader& from) {
  forget_prices();
  if (!orders_.restore(from)) return false;
  for (std::uint32_t at = 1; at < orders_.size(); ++at) {
    const OrderSlot& order = orders_[at];
    if (order.quantity == 0) continue;
    if (!is_whole(at)) return false;
    LevelRow& level = levels_.edit(level_row(order.book, order.side, order.tick));
    if (order.previous == 0) level.first = at;
    if (order.next == 0) level.last = at;
    SideTop& top = sides_[index(order.book, order.side)];
    top.ticks->add(order.tick);
    if (top.best == kNoTick || crosses(order.side, order.tick, top.best)) top.best = order.tick;
  }
  return true;
}

void Books::check() const {
  std::uint32_t found = 0;
  for (std::size_t at = 0; at < sides_.size(); ++at) {
    const auto book = static_cast<std::uint16_t>(at / 2);
    const auto side = static_cast<BookSide>(at % 2);
    std::uint32_t tick = best(book, side);
    HULAN_ASSERT(tick == (side == BookSide::kBuy ? sides_[at].ticks->at_or_below(kTicks - 1)
                                                 : sides_[at].ticks->at_or_above(0)));
    for (; tick != kNoTick; tick = next_price(book, side, tick)) {
      std::uint32_t previous = 0;
      HULAN_ASSERT(first_at(book, side, tick) != 0);
      for (std::uint32_t slot = first_at(book, side, tick); slot != 0; slot = orders_[slot].next) {
        const OrderSlot& order = orders_[slot];
        HULAN_ASSERT(order.quantity != 0 && order.previous == previous && order.tick == tick);
        HULAN_ASSERT(order.book == book && order.side == side);
        previous = slot;
        ++found;
      }
      HULAN_ASSERT(level(book, side, tick).last == previous);
    }
    const std::uint32_t buy = best(book, BookSide::kBuy);
    HULAN_ASSERT(buy == kNoTick || buy < best(book, BookSide::kSell));
  }
  HULAN_ASSERT(found == live());
}

}  // namespace hulan::engine::book
