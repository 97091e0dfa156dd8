// SPDX-License-Identifier: Apache-2.0
#include "engine/book/uncross.h"

#include <cstdlib>

#include "engine/book/holds.h"
#include "engine/book/orders.h"
#include "engine/market/members.h"

namespace hulan::engine::book {
namespace {

using model::BookRow;

constexpr int kFillsPerPart = 1000;

std::uint64_t sum_between(const Books& books, std::uint16_t book, Queue queue, std::uint32_t low,
                          std::uint32_t high) {
  std::uint64_t sum = 0;
  for (std::uint32_t tick = low; tick <= high; ++tick) {
    sum += books.level(book, queue, tick).quantity;
  }
  return sum;
}

/// The best price so far by R5.4.
class Best {
 public:
  Best(model::Price reference, model::Price tick) : reference_(reference), tick_(tick) {}

  void offer(const Auction& auction) {
    if (best_.tick == 0 || is_better(auction)) best_ = auction;
  }
  [[nodiscard]] const Auction& auction() const { return best_; }

 private:
  [[nodiscard]] std::int64_t distance(std::uint32_t tick) const {
    return std::abs(tick_.value * tick - reference_.value);
  }
  [[nodiscard]] bool is_better(const Auction& auction) const {
    if (auction.quantity != best_.quantity) return auction.quantity > best_.quantity;
    const std::int64_t left = std::abs(auction.imbalance), least = std::abs(best_.imbalance);
    if (left != least) return left < least;
    return distance(auction.tick) < distance(best_.tick);
  }

  model::Price reference_;
  model::Price tick_;
  Auction best_{};
};

/// The two orders that trade next, if any.
struct Pair {
  std::uint32_t buy = 0;
  std::uint32_t sell = 0;
};

Pair next_pair(const Books& books, std::uint16_t book, std::uint32_t tick) {
  const std::uint32_t bid = books.best(book, Queue::kBuy);
  const std::uint32_t ask = books.best(book, Queue::kSell);
  if (bid == kNoTick || ask == kNoTick || bid < tick || ask > tick) return {};
  return {books.level(book, Queue::kBuy, bid).first, books.level(book, Queue::kSell, ask).first};
}

bool may_trade(const State& state, const BookRow& row, const OrderSlot& buy,
               const OrderSlot& sell) {
  if (row.self_trades != 0) return true;
  return check_parties(state, state.positions[buy.position].participant,
                       state.positions[sell.position].participant) == model::Reject::ok;
}

Bonds least_of(const Bonds& a, const Bonds& b) {
  return {std::min(a.performance, b.performance), std::min(a.trading, b.trading)};
}

/// Takes `quantity` off an order; what its bonds give up.
Bonds lower_order(Books& books, const BookRow& row, std::uint32_t slot, std::uint32_t quantity,
                  bool& refilled) {
  const std::uint32_t tick = books.slot(slot).tick;
  const std::uint32_t open = books.open_of(slot);
  refilled = books.lower(slot, quantity);
  return share_of(row, tick, open, open - quantity);
}

/// `order` as it was before; an iceberg may show its next part now.
void tell_prevented(Context& context, const OrderSlot& order, OrderId id, const BookRow& row,
                    std::uint32_t quantity) {
  const OrderSlot* rest = context.state.books.find(id);
  context.emit(model::OrderOut{.header = {},
                               .id = id,
                               .price = price_at(row, order.tick),
                               .quantity = quantity,
                               .left = rest == nullptr ? 0 : rest->quantity,
                               .position = order.position,
                               .book = order.book,
                               .queue = order.queue,
                               .reason = model::OrderOutReason::kSelfTrade});
}

void trade_pair(Context& context, model::BookId id, const Pair& pair, std::uint32_t tick) {
  State& state = context.state;
  Books& books = state.books;
  const OrderSlot buy = books.slot(pair.buy), sell = books.slot(pair.sell);
  const OrderId buy_id = books.id_of(pair.buy), sell_id = books.id_of(pair.sell);
  const std::uint32_t quantity = std::min(buy.quantity, sell.quantity);
  const BookRow& row = state.book_rows[id];
  bool buy_refilled = false, sell_refilled = false;
  const Bonds bought = lower_order(books, row, pair.buy, quantity, buy_refilled);
  const Bonds sold = lower_order(books, row, pair.sell, quantity, sell_refilled);
  if (!may_trade(state, row, buy, sell)) {
    tell_prevented(context, buy, buy_id, row, quantity);
    tell_prevented(context, sell, sell_id, row, quantity);
    return_bonds(context, row, buy.position, bought);
    return return_bonds(context, row, sell.position, sold);
  }
  // The buyer pays no more than the price of the trade; the seller's bonds stay those of its limit.
  const Bonds needed = least_of(bought, bonds_at(row, tick, quantity));
  state.book_rows.edit(id).uncrossed += quantity;
  const int refilled = (buy_refilled ? 1 : 0) + (sell_refilled ? 2 : 0);
  record_fill(context, id,
              {.buy = buy_id,
               .sell = sell_id,
               .buyer = buy.position,
               .seller = sell.position,
               .buyer_bonds = needed,
               .seller_bonds = sold,
               .tick = tick,
               .quantity = quantity,
               .taker = 2,
               .refilled = static_cast<std::uint8_t>(refilled)});
  return_bonds(context, row, buy.position, bought - needed);
}

}  // namespace

Auction auction_of(const Books& books, std::uint16_t book, model::Price reference,
                   model::Price tick_size) {
  const std::uint32_t high = books.best(book, Queue::kBuy);
  const std::uint32_t low = books.best(book, Queue::kSell);
  if (high == kNoTick || low == kNoTick || low > high) return {};
  std::uint64_t demand = sum_between(books, book, Queue::kBuy, low, high);
  std::uint64_t supply = 0;
  Best best(reference, tick_size);
  for (std::uint32_t tick = low; tick <= high; ++tick) {
    supply += books.level(book, Queue::kSell, tick).quantity;
    best.offer({tick, static_cast<std::int64_t>(std::min(demand, supply)),
                static_cast<std::int64_t>(demand) - static_cast<std::int64_t>(supply)});
    demand -= books.level(book, Queue::kBuy, tick).quantity;
  }
  return best.auction();
}

bool uncross_some(Context& context, model::BookId id) {
  const Books& books = context.state.books;
  const auto book = static_cast<std::uint16_t>(id - 1);
  const BookRow& row = context.state.book_rows[id];
  const auto tick = static_cast<std::uint32_t>(row.indicative.value / row.tick.value);
  for (int fills = 0; fills < kFillsPerPart; ++fills) {
    const Pair pair = next_pair(books, book, tick);
    if (pair.buy == 0) return true;
    trade_pair(context, id, pair, tick);
  }
  return next_pair(books, book, tick).buy == 0;
}

}  // namespace hulan::engine::book
