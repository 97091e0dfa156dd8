// SPDX-License-Identifier: Apache-2.0
#include "engine/book/books.h"

#include <sys/mman.h>

#include "base/assert.h"

namespace hulan::engine::book {

Books::Books(std::size_t books, std::size_t orders)
    : orders_(orders),
      terms_(orders),
      levels_(books * kQueues * kTicks * sizeof(LevelRow)),
      ticks_(books * kQueues * sizeof(TickSet)),
      best_(books * kQueues, kNoTick) {
  // Every order is a random place: large pages, where the system has them.
  orders_.prefer_large();
  static_cast<void>(
      madvise(levels_.data(), books * kQueues * kTicks * sizeof(LevelRow), MADV_HUGEPAGE));
}

void Books::prefetch_behind(OrderId id) const {
  const OrderSlot* order = find(id);
  if (order == nullptr) return;
  __builtin_prefetch(&level(order->book, static_cast<Queue>(order->queue), order->tick));
  orders_.prefetch(order->previous);
  orders_.prefetch(order->next);
}

std::uint32_t Books::next_price(std::uint16_t book, Queue queue, std::uint32_t tick) const {
  const TickSet& set = ticks(index(book, queue));
  if (rises(queue)) return tick + 1 == kTicks ? kNoTick : set.at_or_above(tick + 1);
  return tick == 0 ? kNoTick : set.at_or_below(tick - 1);
}

OrderId Books::rest(const Resting& order) {
  const std::uint32_t reused = ends().next;
  const std::uint32_t at = reused != 0 ? reused : orders_.add();
  OrderSlot& slot = orders_.edit(at);
  OrderSlot& ends = orders_.edit(0);
  if (reused != 0) ends.next = slot.next;
  ++ends.quantity;
  const bool has_terms = order.terms != nullptr;
  slot = {.previous = 0,
          .next = 0,
          .quantity = order.quantity,
          .tick = order.tick,
          .position = order.position,
          .user = order.user,
          .used = slot.used,
          .book = order.book,
          .queue = static_cast<std::uint8_t>(order.queue),
          .terms = has_terms ? std::uint8_t{1} : std::uint8_t{0}};
  if (has_terms) {
    const bool reachable = terms_.reach(at);
    HULAN_ASSERT(reachable);  // as many rows as orders
    terms_.edit(at) = *order.terms;
  }
  LevelRow& level = level_of(slot);
  level.quantity += open_of(at);
  link_last(at, slot, level);
  return id_of(at);
}

void Books::link_last(std::uint32_t slot, OrderSlot& order, LevelRow& level) {
  order.previous = level.last;
  order.next = 0;
  if (level.last != 0) {
    orders_.edit(level.last).next = slot;
  } else {
    level.first = slot;
    level_begun(order);
  }
  level.last = slot;
}

void Books::unlink(OrderSlot& order, LevelRow& level) {
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
}

bool Books::lower(std::uint32_t at, std::uint32_t quantity) {
  OrderSlot& order = orders_.edit(at);
  HULAN_ASSERT(quantity <= order.quantity);
  LevelRow& level = level_of(order);
  order.quantity -= quantity;
  level.quantity -= quantity;
  if (order.quantity != 0) return false;
  if (order.terms == 0 || terms_[at].hidden == 0) {
    take_out(at);
    return false;
  }
  OrderTermsRow& terms = terms_.edit(at);
  order.quantity = std::min(terms.display, terms.hidden);
  terms.hidden -= order.quantity;
  if (level.last != at) {
    unlink(order, level);
    link_last(at, order, level);
  }
  return true;
}

void Books::reduce(std::uint32_t at, std::uint32_t by) {
  HULAN_ASSERT(by != 0 && by < open_of(at));
  OrderSlot& order = orders_.edit(at);
  level_of(order).quantity -= by;
  if (order.terms != 0) {
    OrderTermsRow& terms = terms_.edit(at);
    const std::uint32_t hidden = std::min(by, terms.hidden);
    terms.hidden -= hidden;
    by -= hidden;
  }
  order.quantity -= by;
}

void Books::take_out(std::uint32_t at) {
  OrderSlot& order = orders_.edit(at);
  LevelRow& level = level_of(order);
  level.quantity -= open_of(at);
  unlink(order, level);
  if (level.first == 0) level_emptied(order);
  if (order.terms != 0) terms_.edit(at) = {};
  OrderSlot& ends = orders_.edit(0);
  const std::uint32_t used = order.used + 1;
  order = {};
  order.next = ends.next;
  order.used = used;
  ends.next = at;
  --ends.quantity;
}

void Books::level_begun(const OrderSlot& order) {
  const auto queue = static_cast<Queue>(order.queue);
  const std::size_t at = index(order.book, queue);
  ticks(at).add(order.tick);
  if (before(queue, order.tick, best_[at])) best_[at] = order.tick;
}

void Books::level_emptied(const OrderSlot& order) {
  const auto queue = static_cast<Queue>(order.queue);
  const std::size_t at = index(order.book, queue);
  ticks(at).remove(order.tick);
  if (best_[at] == order.tick) best_[at] = next_price(order.book, queue, order.tick);
}

void Books::forget_prices() {
  for (std::size_t at = 0; at < best_.size(); ++at) {
    if (best_[at] == kNoTick) continue;
    std::uint32_t tick = ticks(at).at_or_above(0);
    for (; tick != kNoTick; tick = ticks(at).at_or_above(0)) {
      ticks(at).remove(tick);
      levels()[at * kTicks + tick] = {};
    }
    best_[at] = kNoTick;
  }
}

bool Books::is_whole(std::uint32_t slot) const {
  const OrderSlot& order = orders_[slot];
  const auto links = [&](std::uint32_t to) {
    return to == 0 || (orders_.has(to) && orders_[to].quantity != 0);
  };
  return order.tick < kTicks && order.queue < kQueues &&
         std::size_t{order.book} * kQueues < best_.size() && links(order.previous) &&
         links(order.next) && (order.terms == 0 || terms_.has(slot));
}

bool Books::rebuild() {
  forget_prices();
  for (std::uint32_t at = 1; at < orders_.size(); ++at) {
    const OrderSlot& order = orders_[at];
    if (order.quantity == 0) continue;
    if (!is_whole(at)) return false;
    LevelRow& level = level_of(order);
    if (level.quantity == 0) level_begun(order);
    level.quantity += open_of(at);
    if (order.previous == 0) level.first = at;
    if (order.next == 0) level.last = at;
  }
  return true;
}

void Books::check() const {
  std::uint32_t found = 0;
  for (std::size_t at = 0; at < best_.size(); ++at) {
    const auto book = static_cast<std::uint16_t>(at / kQueues);
    const auto queue = static_cast<Queue>(at % kQueues);
    std::uint32_t tick = best_[at];
    if (tick == kNoTick) continue;
    HULAN_ASSERT(tick ==
                 (rises(queue) ? ticks(at).at_or_above(0) : ticks(at).at_or_below(kTicks - 1)));
    for (; tick != kNoTick; tick = next_price(book, queue, tick)) {
      const LevelRow& row = level(book, queue, tick);
      std::uint32_t previous = 0;
      std::uint64_t quantity = 0;
      HULAN_ASSERT(row.first != 0);
      for (std::uint32_t slot = row.first; slot != 0; slot = orders_[slot].next) {
        const OrderSlot& order = orders_[slot];
        HULAN_ASSERT(order.quantity != 0 && order.previous == previous && order.tick == tick);
        HULAN_ASSERT(order.book == book && order.queue == at % kQueues);
        quantity += open_of(slot);
        previous = slot;
        ++found;
      }
      HULAN_ASSERT(row.last == previous && row.quantity == quantity);
    }
  }
  HULAN_ASSERT(found == live());
}

}  // namespace hulan::engine::book
