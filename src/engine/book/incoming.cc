// SPDX-License-Identifier: Apache-2.0
#include "engine/book/incoming.h"

#include "engine/book/book_session.h"
#include "engine/book/holds.h"
#include "engine/book/orders.h"
#include "engine/ledger/ledger.h"
#include "engine/market/access.h"
#include "engine/market/derived.h"
#include "engine/market/halts.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"

namespace hulan::engine::book {
namespace {

using model::BookId;
using model::BookPhase;
using model::BookRow;
using model::OrderKind;
using model::OrderLife;
using model::Price;
using model::Reject;

/// Armed by one order at most: its expiry, a volatility auction, stop orders that wait.
constexpr std::size_t kTimersPerOrder = 3;

bool rests(OrderLife life) {
  return life != OrderLife::kImmediate && life != OrderLife::kFillOrKill;
}

bool words_known(const model::PlaceOrder& order) {
  return order.side <= BookSide::kSell && order.kind >= OrderKind::kLimit &&
         order.kind <= OrderKind::kMarket && order.life >= OrderLife::kSession &&
         order.life <= OrderLife::kGoodTill && order.self_trade >= SelfTrade::kCancelOldest &&
         order.self_trade <= SelfTrade::kAllow;
}

bool terms_agree(const Incoming& in) {
  const model::PlaceOrder& order = in.order;
  const bool market = order.kind == OrderKind::kMarket;
  if (market && (order.life != OrderLife::kImmediate || order.price != 0)) return false;
  if ((order.life == OrderLife::kGoodTill) != (in.expires_at != 0)) return false;
  const bool plain = order.life == OrderLife::kSession || order.life == OrderLife::kGoodTill;
  if (in.display != 0 && (!plain || in.stop != 0 || in.display >= order.quantity)) return false;
  return in.stop == 0 || plain || market;
}

Reject check_terms(const Context& context, const BookRow& row, const Incoming& in) {
  if (!words_known(in.order)) return Reject::malformed_body;
  if (in.order.quantity == 0 || in.order.quantity > model::kMaxOrderLots) {
    return Reject::invalid_quantity;
  }
  if (!terms_agree(in)) return Reject::invalid_order;
  if (in.order.self_trade == SelfTrade::kAllow && row.self_trades == 0) {
    return Reject::self_trade_not_allowed;
  }
  if (in.expires_at != 0 && in.expires_at <= context.now.value) return Reject::expiry_in_past;
  return in.expires_at > row.close_at ? Reject::invalid_window : Reject::ok;
}

Reject check_phase(const State& state, const BookRow& row, const Incoming& in) {
  if (row.phase == BookPhase::kClosed || row.phase == BookPhase::kClosing) {
    return Reject::book_closed;
  }
  if (is_halted(state, row.product)) return Reject::trading_halted;
  if (row.phase == BookPhase::kUncrossing) return Reject::book_uncrossing;
  const bool waits = in.order.life == OrderLife::kSession || in.order.life == OrderLife::kGoodTill;
  return is_call(row.phase) && in.stop == 0 && !waits ? Reject::not_in_call : Reject::ok;
}

/// The price in ticks.
Reject check_price(const BookRow& row, std::int64_t price, std::uint32_t& tick) {
  if (!is_magnitude(price)) return Reject::price_not_positive;
  const std::int64_t ticks = price / row.tick.value;
  if (ticks * row.tick.value != price) return Reject::price_off_tick;
  if (price < row.band_low.value || price > row.band_high.value) return Reject::out_of_band;
  if (ticks >= kTicks) return Reject::price_beyond_book;
  tick = static_cast<std::uint32_t>(ticks);
  return Reject::ok;
}

/// The highest price that anything can trade at.
Price highest(const BookRow& row) { return std::min(row.band_high, price_at(row, kTicks - 1)); }

/// How far a market order goes.
std::uint32_t furthest(const BookRow& row, BookSide side) {
  const Price end = side == BookSide::kBuy ? highest(row) : row.band_low;
  return std::max(1u, static_cast<std::uint32_t>(end.value / row.tick.value));
}

Reject check_amount(const State& state, const BookRow& row, const Incoming& in,
                    std::uint32_t position) {
  const std::int64_t lots = in.order.quantity;
  if (row.order_max != 0 && lots > row.order_max) return Reject::order_too_large;
  if (row.session_max != 0) {
    const bool of_today = position != 0 && state.positions[position].session == row.session;
    const std::int64_t traded = of_today ? state.positions[position].session_traded : 0;
    if (lots > row.session_max - traded) return Reject::day_limit_reached;
  }
  const auto nominal = nominal_at(row, highest(row), lots);
  return nominal && nominal->value <= model::kMaxMagnitude ? Reject::ok : Reject::overflow;
}

/// True if self-trade prevention keeps an order of `participant` and a resting one apart.
class Own {
 public:
  Own(const State& state, const Incoming& in, std::uint32_t position)
      : state_(state),
        participant_(in.participant),
        position_(position),
        allowed_(in.order.self_trade == SelfTrade::kAllow),
        ties_(state.relations.size() > 1 || state.mandates.size() > 1) {}

  bool operator()(const OrderSlot& maker) const {
    if (allowed_) return false;
    if (maker.position == position_) return true;
    return ties_ && check_parties(state_, state_.positions[maker.position].participant,
                                  participant_) != Reject::ok;
  }

 private:
  const State& state_;
  model::ParticipantId participant_;
  std::uint32_t position_;
  bool allowed_;
  bool ties_;  ///< R5.6: relations, or agents for several
};

/// Bonds of what an order trades at once: by price, so that no fill's rounding is lost.
class TradeBonds {
 public:
  explicit TradeBonds(const BookRow& row) : row_(row) {}

  /// The share of `quantity` lots more at this tick.
  Bonds add(std::uint32_t tick, std::uint32_t quantity) {
    if (tick != tick_) lots_ = 0;
    tick_ = tick;
    const Bonds before = bonds_at(row_, tick, lots_);
    lots_ += quantity;
    const Bonds share = bonds_at(row_, tick, lots_) - before;
    sum_ = sum_ + share;
    return share;
  }
  [[nodiscard]] const Bonds& sum() const { return sum_; }

 private:
  const BookRow& row_;
  std::uint32_t tick_ = 0;
  std::int64_t lots_ = 0;
  Bonds sum_{};
};

/// What would come of an order, as far as its bonds and a fill-or-kill ask.
struct Plan {
  Bonds bonds{};  ///< at least what trading and resting will freeze
  bool fills = false;
};

/// Walks through what the order would meet. What icebergs hide counts for the bonds; for the
/// fill-or-kill only what is shown does, which is first in line.
Plan plan_of(const Books& books, const BookRow& row, const Accepted& ready, const Own& is_own) {
  const Taking& taking = ready.taking;
  TradeBonds bonds(row);
  std::uint32_t open = taking.open, to_fill = taking.open, met = 0;
  bool own_ends = false;
  books.look(taking, [&](std::uint32_t slot) {
    const OrderSlot& maker = books.slot(slot);
    const bool own = is_own(maker);
    if (own && taking.self_trade == SelfTrade::kCancelOldest) return ++met < model::kMaxOrdersMet;
    if (own && taking.self_trade != SelfTrade::kDecrement) {
      own_ends = true;
      return false;
    }
    const std::uint32_t quantity = std::min(open, books.open_of(slot));
    if (own) own_ends = true;
    if (!own) bonds.add(maker.tick, quantity);
    if (!own_ends) to_fill -= std::min(to_fill, maker.quantity);
    open -= quantity;
    return open != 0 && ++met < model::kMaxOrdersMet;
  });
  const Bonds rest = bonds_at(row, ready.limit, open);
  return {bonds.sum() + rest, to_fill == 0};
}

Reject check_funds(const State& state, const BookRow& row, const Incoming& in,
                   const Bonds& needed) {
  const model::Fen credit = in.replaces == nullptr ? model::Fen{} : sum_of(in.replaces->credit);
  const model::Fen asked = sum_of(needed) - credit;
  return asked.value <= 0 ||
                 covers(state, in.participant, row.currency, model::Bucket::kAvailable, asked)
             ? Reject::ok
             : Reject::no_funds;
}

Reject check_room(const State& state, const Incoming& in, std::uint32_t position) {
  if (in.replaces == nullptr && state.books.full()) return Reject::orders_full;
  if (position == 0 && state.positions.full()) return Reject::positions_full;
  return state.timers.has_room(kTimersPerOrder) ? Reject::ok : Reject::timers_full;
}

/// True if the order trades at once as the book stands.
bool trades(const Books& books, const Taking& taking, std::uint32_t limit) {
  const std::uint32_t best = books.best(taking.book, queue_of(other(taking.side)));
  return Books::crosses(taking.side, limit, best);
}

/// An order that meets nothing and waits at `tick`.
Reject check_waiting(const State& state, const BookRow& row, const Incoming& in, std::uint32_t tick,
                     Accepted& ready) {
  ready.bonds = bonds_at(row, tick, in.order.quantity);
  return check_funds(state, row, in, ready.bonds);
}

Reject check_trading(const State& state, const BookRow& row, const Incoming& in, Accepted& ready) {
  ready.crosses = trades(state.books, ready.taking, ready.limit);
  if (!ready.crosses) {
    if (in.order.life == OrderLife::kFillOrKill) return Reject::cannot_fill;
    return rests(in.order.life) ? check_waiting(state, row, in, ready.limit, ready) : Reject::ok;
  }
  if (in.order.life == OrderLife::kPostOnly) return Reject::would_trade;
  const Plan plan = plan_of(state.books, row, ready, Own(state, in, ready.position));
  if (in.order.life == OrderLife::kFillOrKill && !plan.fills) return Reject::cannot_fill;
  return check_funds(state, row, in, plan.bonds);
}

Reject check_stop(const Context& context, const BookRow& row, const Incoming& in, Accepted& ready) {
  if (const Reject r = check_price(row, in.stop, ready.stop); r != Reject::ok) return r;
  const bool market = in.order.kind == OrderKind::kMarket;
  return check_waiting(context.state, row, in, market ? ready.stop : ready.limit, ready);
}

// --- doing it ---

std::uint32_t reach_position(State& state, const Incoming& in, std::uint32_t found) {
  if (found != 0) return found;
  const std::uint32_t id = state.positions.add();
  model::PositionRow& row = state.positions.edit(id);
  row.participant = in.participant;
  row.book = in.order.book;
  state.derived.positions.insert(in.participant, in.order.book, id);
  return id;
}

/// What another order's arrival did to a resting one.
void meet(Context& context, BookId id, BookSide side, std::uint32_t position, const Met& met,
          TradeBonds& bonds) {
  const BookRow& row = context.state.book_rows[id];
  const OrderSlot& maker = met.order;
  const Bonds given_up = share_of(row, maker.tick, met.before, met.after);
  if (!met.traded) {
    const std::uint32_t slot = Books::slot_of(met.id);
    context.emit(
        model::OrderOut{.header = {},
                        .id = met.id,
                        .price = price_at(row, maker.tick),
                        .quantity = met.quantity,
                        .left = met.after == 0 ? 0 : context.state.books.slot(slot).quantity,
                        .position = maker.position,
                        .book = maker.book,
                        .queue = maker.queue,
                        .reason = model::OrderOutReason::kSelfTrade});
    return return_bonds(context, row, maker.position, given_up);
  }
  const Bonds own = bonds.add(maker.tick, met.quantity);
  const bool buys = side == BookSide::kBuy;
  const int refilled = met.refilled ? maker.queue + 1 : 0;
  record_fill(context, id,
              {.buy = buys ? 0 : met.id,
               .sell = buys ? met.id : 0,
               .buyer = buys ? position : maker.position,
               .seller = buys ? maker.position : position,
               .buyer_bonds = buys ? own : given_up,
               .seller_bonds = buys ? given_up : own,
               .tick = maker.tick,
               .quantity = met.quantity,
               .taker = static_cast<std::uint8_t>(side),
               .refilled = static_cast<std::uint8_t>(refilled)});
}

/// Lets `open` lots rest; their bonds are frozen by the caller.
OrderId let_rest(Context& context, const Incoming& in, const Accepted& ready,
                 std::uint32_t position, std::uint32_t open) {
  State& state = context.state;
  const bool stop = ready.stop != 0;
  const bool iceberg = in.display != 0 && in.display < open;
  const OrderTermsRow terms{.expires_at = in.expires_at,
                            .hidden = iceberg ? open - in.display : 0,
                            .display = iceberg ? in.display : 0,
                            .limit = stop && in.order.kind == OrderKind::kLimit ? ready.limit : 0,
                            .life = in.order.life,
                            .self_trade = in.order.self_trade,
                            .reserved = {}};
  const bool plain = !stop && !iceberg && in.expires_at == 0;
  const auto queue = static_cast<Queue>(static_cast<std::uint8_t>(in.order.side) + (stop ? 2 : 0));
  const OrderId id = state.books.rest({.book = static_cast<std::uint16_t>(in.order.book - 1),
                                       .queue = queue,
                                       .tick = stop ? ready.stop : ready.limit,
                                       .quantity = open - terms.hidden,
                                       .position = position,
                                       .user = in.user,
                                       .terms = plain ? nullptr : &terms});
  if (in.expires_at != 0) {
    state.timers.add(model::Time{in.expires_at}, TimerKind::kOrder, Books::slot_of(id),
                     static_cast<std::uint32_t>(id >> 32));
  }
  if (!plain) {
    context.emit_row<model::OrderTermsChanged>(Books::slot_of(id), terms);
  }
  return id;
}

void tell_accepted(Context& context, const Incoming& in, const Accepted& ready, OrderId id,
                   std::uint32_t position, const Taking& taking) {
  const State& state = context.state;
  const std::uint32_t slot = Books::slot_of(id);
  const std::uint32_t shown = id == 0 ? 0 : state.books.slot(slot).quantity;
  const std::uint32_t open = id == 0 ? 0 : state.books.open_of(slot);
  const bool stop = ready.stop != 0;
  const auto queue =
      static_cast<std::uint8_t>(static_cast<std::uint8_t>(in.order.side) + (stop ? 2 : 0));
  const BookRow& row = state.book_rows[in.order.book];
  auto& event = context.begin<model::OrderAccepted>();
  event.id = id;
  event.replaces = in.replaces == nullptr ? 0 : in.replaces->id;
  event.price = stop ? price_at(row, ready.stop) : Price{in.order.price};
  event.quantity = in.order.quantity;
  event.traded = taking.traded;
  event.shown = shown;
  event.hidden = open - shown;
  event.cancelled = taking.cancelled;
  event.position = position;
  event.participant = in.participant;
  event.user = in.user;
  event.book = static_cast<std::uint16_t>(in.order.book - 1);
  event.queue = queue;
  event.kind = in.order.kind;
  event.life = in.order.life;
  event.self_trade = in.order.self_trade;
  event.reserved[0] = event.reserved[1] = 0;
}

}  // namespace

Reject check(const Context& context, const Incoming& in, Accepted& ready) {
  const State& state = context.state;
  const BookId id = in.order.book;
  if (!state.book_rows.has(id)) return Reject::unknown_book;
  const BookRow& row = state.book_rows[id];
  if (const Reject r = check_terms(context, row, in); r != Reject::ok) return r;
  if (const Reject r = check_phase(state, row, in); r != Reject::ok) return r;
  if (!may_trade(state, row.product, in.participant)) return Reject::not_permitted;
  ready.position = state.derived.positions.find(in.participant, id);
  const bool market = in.order.kind == OrderKind::kMarket;
  if (market) {
    ready.limit = furthest(row, in.order.side);
  } else if (const Reject r = check_price(row, in.order.price, ready.limit); r != Reject::ok) {
    return r;
  }
  if (const Reject r = check_amount(state, row, in, ready.position); r != Reject::ok) return r;
  if (const Reject r = check_room(state, in, ready.position); r != Reject::ok) return r;
  const bool buys = in.order.side == BookSide::kBuy;
  ready.taking = {
      .book = static_cast<std::uint16_t>(id - 1),
      .side = in.order.side,
      .self_trade = in.order.self_trade,
      .limit = buys ? std::min(ready.limit, row.free_high) : std::max(ready.limit, row.free_low),
      .open = in.order.quantity};
  if (in.stop != 0) return check_stop(context, row, in, ready);
  if (is_call(row.phase)) return check_waiting(state, row, in, ready.limit, ready);
  HULAN_ASSERT(row.opened != 0);  // R5.4: nothing trades before the opening's record
  return check_trading(state, row, in, ready);
}

OrderId execute(Context& context, const Incoming& in, const Accepted& ready) {
  State& state = context.state;
  const BookId id = in.order.book;
  const std::uint32_t position = reach_position(state, in, ready.position);
  const BookRow& row = state.book_rows[id];
  if (in.replaces != nullptr) {
    remove_order(context, Books::slot_of(in.replaces->id), in.replaces->why);
  }
  Taking taking = ready.taking;
  Bonds frozen = ready.bonds;
  bool may_rest = ready.stop != 0 || rests(in.order.life);
  bool beyond = false;
  if (ready.crosses) {
    TradeBonds traded(row);
    state.books.match(taking, Own(state, in, position), [&](const Met& met) {
      meet(context, id, in.order.side, position, met, traded);
    });
    // What still crosses lies beyond the corridor, or after as many orders as one may meet.
    const bool crosses = taking.open != 0 && trades(state.books, taking, ready.limit);
    const bool too_many = crosses && trades(state.books, taking, taking.limit);
    beyond = crosses && !too_many;
    may_rest = may_rest && !too_many;
    frozen = traded.sum();
    if (may_rest) frozen = frozen + bonds_at(row, ready.limit, taking.open);
  }
  OrderId resting = 0;
  if (taking.open != 0 && may_rest) {
    resting = let_rest(context, in, ready, position, taking.open);
  } else {
    taking.cancelled += taking.open;
  }
  freeze_bonds(context, in.participant, frozen.performance, frozen.trading,
               {.currency = row.currency});
  tell_accepted(context, in, ready, resting, position, taking);
  if (beyond) call_volatility_auction(context, id);
  return resting;
}

}  // namespace hulan::engine::book
