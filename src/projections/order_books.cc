// SPDX-License-Identifier: Apache-2.0
#include "projections/order_books.h"

#include <algorithm>

namespace hulan::projections {
namespace {

constexpr std::size_t kKeptTrades = 200;

std::uint32_t slot_of(model::OrderId id) { return static_cast<std::uint32_t>(id); }

bool is_stop(const LiveOrder& order) { return order.queue >= 2; }

}  // namespace

void OrderBooks::on(const model::BookChanged& event) {
  Book& book = books_[static_cast<model::BookId>(event.id)];
  if (book.row.session != event.row.session) book.trades.clear();
  book.row = event.row;
}

void OrderBooks::on(const model::PositionChanged& event) { positions_.touch(event.id) = event.row; }

void OrderBooks::on(const model::OrderTermsChanged& event) {
  terms_[static_cast<std::uint32_t>(event.id)] = event.row;
}

void OrderBooks::on(const model::OrderStands& event) {
  const model::OrderSlot& slot = event.row;
  const auto number = static_cast<std::uint32_t>(event.id);
  const std::int64_t tick = books_[slot.book + 1u].row.tick.value;
  LiveOrder order{.id = model::OrderId{slot.used} << 32 | number,
                  .price = model::Price{tick * slot.tick},
                  .shown = slot.quantity,
                  .position = slot.position,
                  .user = slot.user,
                  .book = slot.book,
                  .queue = slot.queue};
  if (slot.terms == 0) terms_.erase(number);
  stands(order);
}

/// Takes in an order with what its terms say.
void OrderBooks::stands(const LiveOrder& given) {
  LiveOrder order = given;
  const auto terms = terms_.find(slot_of(order.id));
  if (terms != terms_.end()) {
    order.hidden = terms->second.hidden;
    order.display = terms->second.display;
    order.expires_at = terms->second.expires_at;
    order.limit = model::Price{terms->second.limit * books_[order.book + 1u].row.tick.value};
    terms_.erase(terms);
  }
  order.since = ++arrivals_;
  shows(order, order.shown, 1);
  orders_[slot_of(order.id)] = order;
}

void OrderBooks::shows(const LiveOrder& order, std::int64_t more, int orders) {
  if (is_stop(order)) return;
  auto& levels = books_[order.book + 1u].levels[order.queue];
  PriceLevel& level = levels[order.price.value];
  level.price = order.price;
  level.quantity += more;
  level.orders += static_cast<std::uint32_t>(orders);
  if (level.orders == 0) levels.erase(order.price.value);
}

void OrderBooks::on(const model::OrderAccepted& event) {
  model::PositionRow& position = positions_.touch(event.position);
  position.participant = event.participant;
  position.book = event.book + 1u;
  if (event.id == 0) return;
  stands({.id = event.id,
          .entered = event.header.time.value,
          .price = event.price,
          .shown = event.shown,
          .position = event.position,
          .user = event.user,
          .book = event.book,
          .queue = event.queue});
}

void OrderBooks::gone(std::uint32_t slot) {
  const auto found = orders_.find(slot);
  if (found == orders_.end()) return;
  shows(found->second, -std::int64_t{found->second.shown}, -1);
  orders_.erase(found);
}

void OrderBooks::trade_off(model::OrderId id, std::uint32_t quantity, bool refilled) {
  const auto found = orders_.find(slot_of(id));
  if (found == orders_.end()) return;
  LiveOrder& order = found->second;
  shows(order, -std::int64_t{quantity}, 0);
  order.shown -= std::min(order.shown, quantity);
  if (refilled) {
    order.shown = std::min(order.display, order.hidden);
    order.hidden -= order.shown;
    order.since = ++arrivals_;
    shows(order, order.shown, 0);
  }
  if (order.shown == 0) gone(slot_of(id));
}

void OrderBooks::on(const model::OrderTraded& event) {
  Book& book = books_[event.book + 1u];
  const bool buy_refilled = event.taker == 2 ? (event.refilled & 1) != 0 : event.refilled == 1;
  const bool sell_refilled = (event.refilled & 2) != 0;
  if (event.buy != 0) trade_off(event.buy, event.quantity, buy_refilled);
  if (event.sell != 0) trade_off(event.sell, event.quantity, sell_refilled);
  book.row.last = event.price;
  book.row.trades = event.number;
  book.row.traded += event.quantity;
  book.row.weighted += static_cast<model::Int128>(event.price.value) * event.quantity;
  const auto count = [&](std::uint32_t id, std::int64_t sign) {
    model::PositionRow& position = positions_.touch(id);
    position.net += sign * event.quantity;
    position.traded += event.quantity;
  };
  count(event.buyer, 1);
  count(event.seller, -1);
  book.trades.push_front({event.number, event.header.time.value, event.header.sequence, event.price,
                          event.quantity, event.taker});
  if (book.trades.size() > kKeptTrades) book.trades.pop_back();
}

void OrderBooks::on(const model::OrderOut& event) {
  const auto found = orders_.find(slot_of(event.id));
  if (found == orders_.end()) return;
  if (event.left == 0) return gone(slot_of(event.id));
  LiveOrder& order = found->second;
  const std::uint32_t open = order.shown + order.hidden - event.quantity;
  shows(order, std::int64_t{event.left} - order.shown, 0);
  order.shown = event.left;
  order.hidden = open - event.left;
}

void OrderBooks::on(const model::BookIndicated& event) {
  model::BookRow& row = books_[event.book].row;
  row.indicative = event.price;
  row.indicative_quantity = event.quantity;
  row.imbalance = event.imbalance;
}

const model::BookRow* OrderBooks::book(model::BookId id) const {
  const auto found = books_.find(id);
  return found == books_.end() ? nullptr : &found->second.row;
}

std::vector<model::BookId> OrderBooks::books() const {
  std::vector<model::BookId> ids;
  for (const auto& [id, book] : books_) ids.push_back(id);
  return ids;
}

std::vector<PriceLevel> OrderBooks::ladder(model::BookId id, model::BookSide side,
                                           std::size_t depth) const {
  std::vector<PriceLevel> out;
  const auto found = books_.find(id);
  if (found == books_.end()) return out;
  const auto& levels = found->second.levels[static_cast<std::size_t>(side)];
  const auto take = [&](auto at, auto end) {
    for (; at != end && out.size() < depth; ++at) out.push_back(at->second);
  };
  if (side == model::BookSide::kBuy) {
    take(levels.rbegin(), levels.rend());
  } else {
    take(levels.begin(), levels.end());
  }
  return out;
}

const std::deque<BookTrade>& OrderBooks::trades(model::BookId id) const {
  static const std::deque<BookTrade> kNone;
  const auto found = books_.find(id);
  return found == books_.end() ? kNone : found->second.trades;
}

std::vector<const LiveOrder*> OrderBooks::orders_of(model::ParticipantId participant) const {
  std::vector<const LiveOrder*> mine;
  for (const auto& [slot, order] : orders_) {
    if (owner(order) == participant) mine.push_back(&order);
  }
  std::ranges::sort(mine, {}, [](const LiveOrder* order) { return order->since; });
  return mine;
}

const LiveOrder* OrderBooks::order_in(std::uint32_t slot) const {
  const auto found = orders_.find(slot);
  return found == orders_.end() ? nullptr : &found->second;
}

const LiveOrder* OrderBooks::order(model::OrderId id) const {
  const LiveOrder* order = order_in(slot_of(id));
  return order != nullptr && order->id == id ? order : nullptr;
}

model::ParticipantId OrderBooks::owner(const LiveOrder& order) const {
  const model::PositionRow* position = positions_.find(order.position);
  return position == nullptr ? 0 : position->participant;
}

std::vector<const model::PositionRow*> OrderBooks::positions_of(
    model::ParticipantId participant) const {
  std::vector<const model::PositionRow*> mine;
  for (std::uint64_t id = 1; id < positions_.size(); ++id) {
    const model::PositionRow* row = positions_.find(id);
    if (row->participant == participant) mine.push_back(row);
  }
  return mine;
}

}  // namespace hulan::projections
