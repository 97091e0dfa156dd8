// SPDX-License-Identifier: Apache-2.0
#include "engine/book/book_session.h"

#include <algorithm>

#include "engine/book/holds.h"
#include "engine/book/orders.h"
#include "engine/book/uncross.h"
#include "engine/market/access.h"
#include "engine/market/halts.h"
#include "engine/market/products.h"
#include "engine/market/references.h"

namespace hulan::engine::book {
namespace {

using model::BookId;
using model::BookPhase;
using model::BookRow;
using model::OpenBook;
using model::Reject;

constexpr std::int64_t kIndicateEvery = model::kSecond;
constexpr int kOrdersPerClosing = 1000;
constexpr std::int64_t kLongestSession = 7 * model::kDay;

std::uint16_t book_of(BookId id) { return static_cast<std::uint16_t>(id - 1); }

BookId find_book(const State& state, model::ProductId first) {
  for (BookId id = 1; id < state.book_rows.size(); ++id) {
    if (first_version(state, state.book_rows[id].product) == first) return id;
  }
  return 0;
}

Reject check_times(const Context& context, const OpenBook& body) {
  const bool in_order = body.call_at >= context.now.value && body.open_at >= body.call_at &&
                        body.closing_call_at > body.open_at &&
                        body.close_at >= body.closing_call_at;
  return in_order && body.close_at - body.call_at <= kLongestSession ? Reject::ok
                                                                     : Reject::invalid_window;
}

Reject check_open(const Context& context, const OpenBook& body) {
  const State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return r;
  if (!is_product(state, body.product)) return Reject::unknown_product;
  const model::ProductId version = current_version(state, body.product, context.now);
  if (version == 0) return Reject::product_not_in_force;
  const auto& product = state.products[version];
  if ((product.methods & model::method_bit(model::Method::kOrderBook)) == 0) {
    return Reject::method_not_allowed;
  }
  if (!has_permit(terms_of(state, version))) return Reject::order_book_without_permit;
  if (const Reject r = check_times(context, body); r != Reject::ok) return r;
  if (!is_magnitude(body.lot_quantity)) return Reject::invalid_quantity;
  const bool weighs_heads =
      product.basis == model::PriceBasis::kByWeight && product.unit == model::QuantityUnit::kHead;
  if (weighs_heads != (body.lot_average_g != 0)) return Reject::average_required;
  if (weighs_heads && !is_magnitude(body.lot_average_g)) return Reject::average_required;
  return is_magnitude(body.reference) ? Reject::ok : Reject::price_not_positive;
}

/// R5.4: between these ticks a trade calls no volatility auction.
void set_corridor(BookRow& row) {
  row.free_low = 1;
  row.free_high = kTicks - 1;
  if (row.volatility_bp == 0 || row.anchor.value == 0) return;
  const auto bp = static_cast<model::Int128>(row.volatility_bp);
  const model::Int128 unit = static_cast<model::Int128>(10'000) * row.tick.value;
  const auto low = (row.anchor.value * (10'000 - bp) + unit - 1) / unit;
  const auto high = row.anchor.value * (10'000 + bp) / unit;
  row.free_low = static_cast<std::uint32_t>(std::clamp<model::Int128>(low, 1, kTicks - 1));
  row.free_high = static_cast<std::uint32_t>(std::clamp<model::Int128>(high, 1, kTicks - 1));
}

void set_terms(const State& state, BookRow& row, const OpenBook& body, std::int64_t measure,
               model::ProductId version) {
  const auto& product = state.products[version];
  const auto& terms = terms_of(state, version);
  const bool thin = row.trades < 3 || row.buyers < 2;  // R11.2
  const auto mean = thin ? std::nullopt : model::half_away(row.weighted, row.traded);
  row.reference = mean ? model::Price{*mean} : model::Price{body.reference};
  row.anchor = row.reference;
  row.product = version;
  row.tick = product.tick;
  const PriceBand band = band_around(row.reference, product);
  row.band_low = band.low;
  row.band_high = band.high;
  row.lot_quantity = body.lot_quantity;
  row.lot_measure = measure;
  row.basis = product.basis;
  row.unit = product.unit;
  row.currency = product.currency;
  row.bond_bp = product.bond_bp;
  row.trading_bond_bp = product.trading_bond_bp;
  row.order_max = terms.order_quantity_max / body.lot_quantity;
  row.session_max = terms.day_quantity_max / body.lot_quantity;
  row.volatility_bp = terms.volatility_bp;
  row.call_ns = terms.call_auction_ns;
  row.self_trades = terms.self_trades;
  row.call_at = body.call_at;
  row.open_at = body.open_at;
  row.closing_call_at = body.closing_call_at;
  row.close_at = body.close_at;
}

void begin_session(BookRow& row) {
  row.weighted = 0;
  row.last = {};
  row.indicative = {};
  row.indicative_quantity = row.imbalance = 0;
  row.traded = row.trades = 0;
  row.first_buyer = row.buyers = 0;
  row.opened = 0;
  ++row.session;
  row.phase = BookPhase::kClosed;
  row.phase_until = row.call_at;
  set_corridor(row);
}

/// A phase that lasts until `until`; the book's timer fires at `due`.
void enter(Context& context, BookId id, BookPhase phase, std::int64_t until, std::int64_t due) {
  BookRow& row = context.state.book_rows.edit(id);
  row.phase = phase;
  row.phase_until = until;
  arm_book(context, id, due);
  emit_book(context, id);
}

void enter_call(Context& context, BookId id, BookPhase phase, std::int64_t until) {
  enter(context, id, phase, until, std::min(until, context.now.value + kIndicateEvery));
}

/// Tells what the auction would give, if that has changed.
void indicate(Context& context, BookId id) {
  State& state = context.state;
  BookRow& row = state.book_rows.edit(id);
  const Auction auction = auction_of(state.books, book_of(id), row.anchor, row.tick);
  const model::Price price = price_at(row, auction.tick);
  if (price != row.indicative || auction.quantity != row.indicative_quantity ||
      auction.imbalance != row.imbalance) {
    row.indicative = price;
    row.indicative_quantity = auction.quantity;
    row.imbalance = auction.imbalance;
    context.emit(model::BookIndicated{{}, price, auction.quantity, auction.imbalance, id, 0});
  }
}

void finish_uncross(Context& context, BookId id) {
  BookRow& row = context.state.book_rows.edit(id);
  if (row.uncrossed != 0) row.anchor = row.indicative;
  row.indicative = {};
  row.indicative_quantity = row.imbalance = 0;
  set_corridor(row);
  if (row.after == BookPhase::kClosing) {
    return enter(context, id, BookPhase::kClosing, 0, context.now.value);
  }
  if (row.opened == 0) row.opened = context.sequence;
  enter(context, id, BookPhase::kContinuous, row.closing_call_at, row.closing_call_at);
}

void uncross(Context& context, BookId id) {
  const BookRow& row = context.state.book_rows[id];
  if (row.indicative.value == 0 || uncross_some(context, id)) return finish_uncross(context, id);
  arm_book(context, id, context.now.value);
}

void begin_uncross(Context& context, BookId id, BookPhase after) {
  indicate(context, id);
  BookRow& row = context.state.book_rows.edit(id);
  row.after = after;
  row.uncrossed = 0;
  row.phase = BookPhase::kUncrossing;
  uncross(context, id);
}

void call(Context& context, BookId id) {
  const BookRow& row = context.state.book_rows[id];
  if (context.now.value < row.phase_until) {
    indicate(context, id);
    return arm_book(context, id, std::min(row.phase_until, context.now.value + kIndicateEvery));
  }
  begin_uncross(
      context, id,
      row.phase == BookPhase::kClosingCall ? BookPhase::kClosing : BookPhase::kContinuous);
}

void continuous(Context& context, BookId id) {
  if (trigger_stops(context, id)) return arm_book(context, id, context.now.value);
  const BookRow& row = context.state.book_rows[id];
  if (row.phase != BookPhase::kContinuous) return;  // a stop order called an auction
  if (context.now.value < row.closing_call_at) return arm_book(context, id, row.closing_call_at);
  enter_call(context, id, BookPhase::kClosingCall, row.close_at);
}

std::uint32_t any_order(const Books& books, std::uint16_t book) {
  for (const Queue queue : {Queue::kBuy, Queue::kSell, Queue::kBuyStop, Queue::kSellStop}) {
    const std::uint32_t tick = books.best(book, queue);
    if (tick != kNoTick) return books.level(book, queue, tick).first;
  }
  return 0;
}

void close(Context& context, BookId id) {
  const Books& books = context.state.books;
  for (int orders = 0; orders < kOrdersPerClosing; ++orders) {
    const std::uint32_t slot = any_order(books, book_of(id));
    if (slot == 0) {
      BookRow& row = context.state.book_rows.edit(id);
      row.phase = BookPhase::kClosed;
      row.phase_until = 0;
      ++row.timer;
      return emit_book(context, id);
    }
    remove_order(context, slot, model::OrderOutReason::kSessionEnd);
  }
  arm_book(context, id, context.now.value);
}

}  // namespace

void emit_book(Context& context, BookId id) {
  context.emit_row<model::BookChanged>(id, context.state.book_rows[id]);
}

void arm_book(Context& context, BookId id, std::int64_t due) {
  BookRow& row = context.state.book_rows.edit(id);
  context.state.timers.add(model::Time{due}, TimerKind::kBook, id, ++row.timer);
}

void call_volatility_auction(Context& context, BookId id) {
  const BookRow& row = context.state.book_rows[id];
  const std::int64_t until = std::min(context.now.value + row.call_ns, row.closing_call_at);
  enter_call(context, id, BookPhase::kVolatilityCall, until);
}

Outcome open_book(Context& context, const OpenBook& body) {
  State& state = context.state;
  if (const Reject r = check_open(context, body); r != Reject::ok) return {r};
  BookId id = find_book(state, first_version(state, body.product));
  if (id == 0 && state.book_rows.full()) return {Reject::books_full};
  if (id != 0 &&
      (state.book_rows[id].phase != BookPhase::kClosed || state.book_rows[id].phase_until != 0)) {
    return {Reject::book_open};
  }
  if (state.timers.full()) return {Reject::timers_full};
  std::int64_t measure = body.lot_quantity;
  if (body.lot_average_g != 0 &&
      __builtin_mul_overflow(body.lot_quantity, body.lot_average_g, &measure)) {
    return {Reject::overflow};
  }
  if (id == 0) id = state.book_rows.add();
  BookRow& row = state.book_rows.edit(id);
  set_terms(state, row, body, measure, current_version(state, body.product, context.now));
  begin_session(row);
  arm_book(context, id, row.call_at);
  emit_book(context, id);
  return {Reject::ok, id};
}

void on_book_timer(Context& context, BookId id, std::uint32_t number) {
  const BookRow& row = context.state.book_rows[id];
  if (number != row.timer) return;
  if (context.emitted() > kMostToldBefore) return arm_book(context, id, context.now.value);
  if (is_halted(context.state, row.product) && row.phase != BookPhase::kClosing) {  // R12.2
    if (context.now.value < row.close_at) {
      return arm_book(context, id, context.now.value + model::kSecond);
    }
    return enter(context, id, BookPhase::kClosing, 0, context.now.value);
  }
  switch (row.phase) {
    case BookPhase::kClosed:
      return enter_call(context, id, BookPhase::kOpeningCall, row.open_at);
    case BookPhase::kOpeningCall:
    case BookPhase::kVolatilityCall:
    case BookPhase::kClosingCall:
      return call(context, id);
    case BookPhase::kUncrossing:
      return uncross(context, id);
    case BookPhase::kContinuous:
      return continuous(context, id);
    case BookPhase::kClosing:
      return close(context, id);
  }
}

}  // namespace hulan::engine::book
