// SPDX-License-Identifier: Apache-2.0
#include "engine/book/orders.h"

#include "engine/book/book_session.h"
#include "engine/book/holds.h"
#include "engine/book/incoming.h"
#include "engine/ledger/ledger.h"
#include "engine/market/access.h"
#include "engine/market/derived.h"
#include "model/day_index.h"

namespace hulan::engine::book {
namespace {

using model::BookId;
using model::BookPhase;
using model::BookRow;
using model::OrderLife;
using model::OrderOutReason;
using model::Reject;

constexpr int kStopsPerCommand = 16;
constexpr std::uint32_t kSlotsPerSweep = 1 << 14;
constexpr int kOrdersPerSweep = 256;

BookId book_id(const OrderSlot& order) { return order.book + 1u; }

const BookRow& row_of(const State& state, const OrderSlot& order) {
  return state.book_rows[book_id(order)];
}

/// The tick that an order's bonds are reckoned at.
std::uint32_t bond_tick(const Books& books, std::uint32_t slot) {
  const OrderSlot& order = books.slot(slot);
  const bool stop = order.queue >= static_cast<std::uint8_t>(Queue::kBuyStop);
  return stop && books.terms(slot).limit != 0 ? books.terms(slot).limit : order.tick;
}

/// The live order that the command names; a refusal by name otherwise.
Reject find_own(const Context& context, OrderId id, std::uint32_t& slot) {
  const State& state = context.state;
  if (context.who.participant == 0 || !has_role(context, model::kRoleTrader)) {
    return Reject::wrong_role;
  }
  const OrderSlot* order = state.books.find(id);
  if (order == nullptr) return Reject::unknown_order;
  if (state.positions[order->position].participant != context.who.participant) {
    return Reject::not_your_order;
  }
  slot = Books::slot_of(id);
  const BookRow& row = row_of(state, *order);
  if (row.phase != BookPhase::kUncrossing || row.indicative.value == 0 ||
      order->queue > static_cast<std::uint8_t>(Queue::kSell)) {
    return Reject::ok;
  }
  const auto price = static_cast<std::uint32_t>(row.indicative.value / row.tick.value);
  const BookSide facing = other(side_of(static_cast<Queue>(order->queue)));
  return Books::crosses(facing, price, order->tick) ? Reject::order_in_auction : Reject::ok;
}

void tell_out(Context& context, const OrderSlot& order, OrderId id, std::uint32_t quantity,
              std::uint32_t left, OrderOutReason reason) {
  auto& event = context.begin<model::OrderOut>();
  event.id = id;
  event.price = price_at(row_of(context.state, order), order.tick);
  event.quantity = quantity;
  event.left = left;
  event.position = order.position;
  event.book = order.book;
  event.queue = order.queue;
  event.reason = reason;
}

/// The stop order that the latest trade triggers first; 0 = none.
std::uint32_t next_triggered(const Books& books, BookId id, const BookRow& row) {
  const auto book = static_cast<std::uint16_t>(id - 1);
  const std::uint32_t up = books.best(book, Queue::kBuyStop);
  const std::uint32_t down = books.best(book, Queue::kSellStop);
  if (row.last.value == 0 || row.phase != BookPhase::kContinuous) return 0;
  const auto last = static_cast<std::uint32_t>(row.last.value / row.tick.value);
  if (up != kNoTick && up <= last) return books.level(book, Queue::kBuyStop, up).first;
  if (down != kNoTick && down >= last) return books.level(book, Queue::kSellStop, down).first;
  return 0;
}

void trigger(Context& context, BookId id, std::uint32_t slot) {
  const State& state = context.state;
  const OrderSlot order = state.books.slot(slot);
  const OrderTermsRow terms = state.books.terms(slot);
  const bool market = terms.limit == 0;
  const Replaced replaced{.id = state.books.id_of(slot),
                          .credit = bonds_of(state, slot),
                          .why = OrderOutReason::kTriggered};
  Incoming in{};
  in.order = {.book = id,
              .side = side_of(static_cast<Queue>(order.queue)),
              .kind = market ? model::OrderKind::kMarket : model::OrderKind::kLimit,
              .life = market ? OrderLife::kImmediate : terms.life,
              .self_trade = terms.self_trade,
              .price = market ? 0 : price_at(state.book_rows[id], terms.limit).value,
              .quantity = order.quantity};
  in.expires_at = market ? 0 : terms.expires_at;
  in.participant = state.positions[order.position].participant;
  in.user = order.user;
  in.replaces = &replaced;
  Accepted ready{};
  const bool may = is_active(state, in.participant) && check(context, in, ready) == Reject::ok;
  if (!may) return remove_order(context, slot, OrderOutReason::kRefused);
  static_cast<void>(execute(context, in, ready));
}

/// Where an order would rest; the tick is kNoTick if it cannot.
struct Place {
  std::uint16_t book = 0;
  Queue queue = Queue::kBuy;
  std::uint32_t tick = kNoTick;
};

Place place_of(const State& state, const model::PlaceOrder& body) {
  if (!state.book_rows.has(body.book) || body.side > BookSide::kSell) return {};
  const std::int64_t tick = body.price / state.book_rows[body.book].tick.value;
  if (tick <= 0 || tick >= kTicks) return {};
  return {static_cast<std::uint16_t>(body.book - 1), queue_of(body.side),
          static_cast<std::uint32_t>(tick)};
}

Outcome submit(Context& context, const Incoming& in) {
  Accepted ready{};
  if (const Reject r = check(context, in, ready); r != Reject::ok) return {r};
  const OrderId id = execute(context, in, ready);
  const auto book = static_cast<std::uint16_t>(in.order.book - 1);
  if (context.state.books.has_stops(book) && trigger_stops(context, in.order.book)) {
    arm_book(context, in.order.book, context.now.value);
  }
  return {Reject::ok, Books::slot_of(id)};
}

Incoming incoming(const Context& context, const model::PlaceOrder& body) {
  return {.order = body, .participant = context.who.participant, .user = context.who.user};
}

}  // namespace

Bonds bonds_of(const State& state, std::uint32_t slot) {
  return bonds_at(row_of(state, state.books.slot(slot)), bond_tick(state.books, slot),
                  state.books.open_of(slot));
}

Outcome place_order(Context& context, const model::PlaceOrder& body) {
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  return submit(context, incoming(context, body));
}

Outcome place_order_terms(Context& context, const model::PlaceOrderTerms& body) {
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  Incoming in = incoming(context, body.order);
  in.stop = body.stop;
  in.expires_at = body.expires_at;
  in.display = body.display;
  return submit(context, in);
}

Outcome cancel_order(Context& context, const model::CancelOrder& body) {
  std::uint32_t slot = 0;
  if (const Reject r = find_own(context, body.order, slot); r != Reject::ok) return {r};
  remove_order(context, slot, OrderOutReason::kCancelled);
  return {Reject::ok, slot};
}

Outcome reduce_order(Context& context, const model::ReduceOrder& body) {
  std::uint32_t slot = 0;
  if (const Reject r = find_own(context, body.order, slot); r != Reject::ok) return {r};
  Books& books = context.state.books;
  const std::uint32_t open = books.open_of(slot);
  if (body.by == 0 || body.by >= open) return {Reject::invalid_quantity};
  const OrderSlot& order = books.slot(slot);
  const BookRow& row = row_of(context.state, order);
  books.reduce(slot, body.by);
  tell_out(context, order, body.order, body.by, order.quantity, OrderOutReason::kReduced);
  return_bonds(context, row, order.position,
               share_of(row, bond_tick(books, slot), open, open - body.by));
  return {Reject::ok, slot};
}

Outcome replace_order(Context& context, const model::ReplaceOrder& body) {
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  std::uint32_t slot = 0;
  if (const Reject r = find_own(context, body.order, slot); r != Reject::ok) return {r};
  const Books& books = context.state.books;
  const OrderSlot& order = books.slot(slot);
  if (order.queue > static_cast<std::uint8_t>(Queue::kSell)) return {Reject::invalid_order};
  const OrderTermsRow terms = order.terms == 0 ? OrderTermsRow{} : books.terms(slot);
  Incoming in =
      incoming(context, {.book = book_id(order),
                         .side = side_of(static_cast<Queue>(order.queue)),
                         .kind = model::OrderKind::kLimit,
                         .life = terms.expires_at != 0 ? OrderLife::kGoodTill : OrderLife::kSession,
                         .self_trade = body.self_trade,
                         .price = body.price,
                         .quantity = body.quantity});
  in.expires_at = terms.expires_at;
  in.display = terms.display < body.quantity ? terms.display : 0;
  const Replaced replaced{
      .id = body.order, .credit = bonds_of(context.state, slot), .why = OrderOutReason::kReplaced};
  in.replaces = &replaced;
  return submit(context, in);
}

void return_bonds(Context& context, const BookRow& book, std::uint32_t position,
                  const Bonds& bonds) {
  release_bonds(context, context.state.positions[position].participant, bonds.performance,
                bonds.trading, model::PostingReason::kBondReleased, {.currency = book.currency});
}

void remove_order(Context& context, std::uint32_t slot, OrderOutReason reason) {
  Books& books = context.state.books;
  const OrderSlot order = books.slot(slot);
  const Bonds bonds = bonds_of(context.state, slot);
  tell_out(context, order, books.id_of(slot), books.open_of(slot), 0, reason);
  books.take_out(slot);
  return_bonds(context, row_of(context.state, order), order.position, bonds);
}

void prefetch_order(const State& state, const model::Command& command) {
  model::PlaceOrder body;
  if (!model::read_body(command.body, body)) return;
  state.derived.positions.prefetch(command.header.participant, body.book);
  const Place place = place_of(state, body);
  if (place.tick != kNoTick) state.books.prefetch_price(place.book, place.queue, place.tick);
}

void prefetch_behind_order(const State& state, const model::Command& command) {
  model::PlaceOrder body;
  if (!model::read_body(command.body, body)) return;
  state.positions.prefetch(state.derived.positions.find(command.header.participant, body.book));
  const Place place = place_of(state, body);
  if (place.tick != kNoTick) state.books.prefetch_last(place.book, place.queue, place.tick);
}

bool trigger_stops(Context& context, BookId id) {
  const State& state = context.state;
  for (int stops = 0; stops < kStopsPerCommand; ++stops) {
    const std::uint32_t slot = next_triggered(state.books, id, state.book_rows[id]);
    if (slot == 0) return false;
    if (context.emitted() > kMostToldBefore) return true;
    trigger(context, id, slot);
  }
  return next_triggered(state.books, id, state.book_rows[id]) != 0;
}

void on_order_timer(Context& context, std::uint32_t slot, std::uint32_t used) {
  const Books& books = context.state.books;
  if (books.find(OrderId{used} << 32 | slot) == nullptr) return;
  remove_order(context, slot, OrderOutReason::kExpired);
}

void sweep_orders(Context& context, model::ParticipantId participant, std::uint32_t slot) {
  State& state = context.state;
  if (is_active(state, participant)) return;  // admitted again meanwhile
  const std::uint32_t end = std::min(state.books.slots(), slot + kSlotsPerSweep);
  for (int removed = 0; slot < end && removed < kOrdersPerSweep; ++slot) {
    const OrderSlot& order = state.books.slot(slot);
    if (order.quantity == 0 || state.positions[order.position].participant != participant) continue;
    remove_order(context, slot, OrderOutReason::kStopped);
    ++removed;
  }
  // Without room for a timer the rest goes out when the session closes.
  if (slot < state.books.slots() && !state.timers.full()) {
    state.timers.add(context.now, TimerKind::kOrderSweep, participant, slot);
  }
}

void record_fill(Context& context, BookId id, const Fill& fill) {
  State& state = context.state;
  BookRow& row = state.book_rows.edit(id);
  const model::Price price = price_at(row, fill.tick);
  const auto nominal = nominal_at(row, price, fill.quantity);
  HULAN_ASSERT(nominal);  // part of an order whose nominal fits
  const auto count = [&](std::uint32_t position, std::int64_t sign, const Bonds& bonds) {
    model::PositionRow& owner = state.positions.edit(position);
    if (owner.session != row.session) {
      owner.session = row.session;
      owner.session_traded = 0;
    }
    owner.session_traded += fill.quantity;
    owner.traded += fill.quantity;
    owner.net += sign * fill.quantity;
    owner.paid.value += sign * nominal->value;
    owner.performance += bonds.performance;
    owner.trading += bonds.trading;
  };
  count(fill.buyer, 1, fill.buyer_bonds);
  count(fill.seller, -1, fill.seller_bonds);
  row.last = price;
  row.weighted += static_cast<model::Int128>(price.value) * fill.quantity;
  row.traded += fill.quantity;
  ++row.trades;
  if (row.buyers == 0) row.first_buyer = fill.buyer;
  if (row.buyers < model::kThinBuyers && (row.buyers == 0 || row.first_buyer != fill.buyer)) {
    ++row.buyers;
  }
  auto& event = context.begin<model::OrderTraded>();
  event.number = row.trades;
  event.price = price;
  event.buy = fill.buy;
  event.sell = fill.sell;
  event.quantity = fill.quantity;
  event.buyer = fill.buyer;
  event.seller = fill.seller;
  event.book = static_cast<std::uint16_t>(id - 1);
  event.taker = fill.taker;
  event.refilled = fill.refilled;
}

}  // namespace hulan::engine::book
