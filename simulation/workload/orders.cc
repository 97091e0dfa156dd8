// SPDX-License-Identifier: Apache-2.0
// Order books: sessions, orders of every kind, cancels, reductions, replacements.
#include <algorithm>

#include "engine/market/products.h"
#include "simulation/workload/products.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {
namespace {

using model::BookPhase;
using model::BookRow;
using model::BookSide;
using model::OrderKind;
using model::OrderLife;
using model::SelfTrade;

}  // namespace

Op Workload::order(const engine::State& state, model::Time now) {
  const std::uint32_t id = recent(state.book_rows, 3, [](const BookRow& book) {
    return book.phase != BookPhase::kClosed;
  });
  if (id == 0 || random_.once_in(60)) {
    Op opened = open_book(state, now);
    if (opened.type != model::CommandType{}) return opened;
  }
  if (id == 0) return {};
  if (state.books.live() != 0 && random_.percent(35)) {
    const Op changed = change_order(state);
    if (changed.type != model::CommandType{}) return changed;
  }
  return place_order(state, id, now);
}

Op Workload::open_book(const engine::State& state, model::Time now) {
  if (state.products.size() < 2) return {};
  const auto permitted = [&](std::uint32_t id) {
    return engine::is_product(state, id) && engine::has_permit(engine::terms_of(state, id));
  };
  model::ProductId product = 0;
  for (int tries = 0; tries < 8 && (product == 0 || !permitted(product)); ++tries) {
    product = static_cast<model::ProductId>(random_.between(1, state.products.size() - 1));
  }
  if (!permitted(product) && !random_.once_in(30)) return {};
  const model::ProductRow& row = state.products[product];
  const bool heads = row.unit == model::QuantityUnit::kHead;
  const bool weighs = heads && row.basis == model::PriceBasis::kByWeight;
  model::OpenBook body{};
  body.product = product;
  body.lot_quantity = heads ? random_.between(1, 5) : 1'000'000;
  body.lot_average_g = weighs != random_.once_in(40) ? 110'000 : 0;
  const std::int64_t tick = std::max<std::int64_t>(1, row.tick.value);
  body.reference = middle_of(row) / tick * tick + random_.between(0, 9);
  body.call_at = now.value + random_.between(random_.once_in(20) ? -1 : 0, 60) * model::kSecond;
  body.open_at = body.call_at + random_.between(0, 40) * model::kMinute;
  body.closing_call_at = body.open_at + random_.between(1, 96) * model::kHour;
  body.close_at = body.closing_call_at + random_.between(0, 40) * model::kMinute;
  return op(kOperator, body);
}

Op Workload::change_order(const engine::State& state) {
  const std::uint32_t slot = recent(state.books.orders(), 1 << 20, [](const model::OrderSlot& o) {
    return o.quantity != 0;
  });
  if (slot == 0) return {};
  const model::OrderSlot& order = state.books.slot(slot);
  const model::OrderId id = state.books.id_of(slot) + (random_.once_in(40) ? 1 << 20 : 0);
  const model::UserId user =
      trader_of(random_.once_in(30) ? some_participant()
                                    : state.positions[order.position].participant);
  const std::uint32_t open = state.books.open_of(slot);
  switch (random_.below(4)) {
    case 0:
      return op(user, model::ReduceOrder{id, static_cast<std::uint32_t>(random_.between(
                                                 random_.once_in(20) ? 0 : 1, open))});
    case 1: {
      const BookRow& book = state.book_rows[order.book + 1u];
      const std::int64_t price = (order.tick + random_.between(-3, 3)) * book.tick.value;
      return op(user, model::ReplaceOrder{id, price,
                                          static_cast<std::uint32_t>(random_.between(1, 30)),
                                          some_self_trade(), {}});
    }
    default:
      return op(user, model::CancelOrder{id});
  }
}

SelfTrade Workload::some_self_trade() {
  return static_cast<SelfTrade>(random_.between(1, random_.once_in(10) ? 5 : 4));
}

Op Workload::place_order(const engine::State& state, model::BookId id, model::Time now) {
  const BookRow& book = state.book_rows[id];
  const model::Price around = book.last.value != 0 ? book.last : book.reference;
  const std::int64_t middle = around.value / book.tick.value;
  const std::int64_t spread = random_.once_in(12) ? middle / 20 : 8;
  const bool buys = random_.percent(50);
  const std::int64_t away = random_.between(-spread / 4 - 1, spread);
  const std::int64_t tick = buys ? middle - away : middle + away;
  model::PlaceOrderTerms body{};
  body.order.book = id;
  body.order.side = buys ? BookSide::kBuy : BookSide::kSell;
  body.order.kind = random_.percent(94) ? OrderKind::kLimit : OrderKind::kMarket;
  body.order.life = random_.percent(80) ? OrderLife::kSession
                                        : static_cast<OrderLife>(random_.between(2, 5));
  body.order.self_trade = some_self_trade();
  body.order.price = tick * book.tick.value + (random_.once_in(60) ? 1 : 0);
  body.order.quantity = static_cast<std::uint32_t>(random_.between(1, random_.once_in(8) ? 90 : 12));
  if (body.order.kind == OrderKind::kMarket && !random_.once_in(20)) {
    body.order.life = OrderLife::kImmediate;
    body.order.price = 0;
  }
  const model::UserId user = trader_of(some_participant());
  const bool timed = body.order.life == OrderLife::kGoodTill;
  if (!timed && random_.percent(80)) return op(user, body.order);
  if (timed) body.expires_at = now.value + random_.between(0, 600) * model::kSecond;
  if (random_.percent(40) && body.order.quantity > 1) {
    body.display = static_cast<std::uint32_t>(random_.between(1, body.order.quantity));
  } else if (random_.percent(80)) {
    body.stop = (buys ? middle + random_.between(-2, 9) : middle - random_.between(-2, 9)) *
                book.tick.value;
  }
  return op(user, body);
}

}  // namespace hulan::simulation
