// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/session.h"

#include <algorithm>

#include "base/sha256.h"
#include "engine/auction/allocation.h"
#include "engine/auction/clock.h"
#include "engine/auction/ending.h"
#include "engine/auction/shared_clock.h"
#include "engine/ledger/ledger.h"
#include "engine/market/access.h"
#include "engine/market/halts.h"
#include "engine/market/products.h"

namespace hulan::engine {
namespace {

using model::LotId;
using model::LotRow;
using model::LotState;
using model::Reject;
using model::SessionId;
using model::SessionRow;
using model::SessionState;

constexpr std::int64_t kDefaultTick = 500'000'000;  // R5.3.3
constexpr std::int64_t kShortestTick = 1'000'000;
constexpr std::size_t kMostToldBefore = model::kMaxEventBytesPerCommand / 4;

std::span<const std::uint8_t> bytes_of(const auto& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof(value)};
}

void emit(Context& context, SessionId id) {
  context.emit_row<model::SessionChanged>(id, context.state.sessions[id]);
}

/// Arms the session's next timer, whatever it is due to do then; those armed before are stale.
void wake(Context& context, SessionId id, std::int64_t at) {
  SessionRow& session = context.state.sessions.edit(id);
  context.state.timers.add(model::Time{at}, TimerKind::kSession, id, ++session.timer);
}

void arm(Context& context, SessionId id, std::int64_t due) {
  context.state.sessions.edit(id).due = due;
  wake(context, id, due);
}

/// The same once more, later; a shared clock's end stays what it is.
void again(Context& context, SessionId id, std::int64_t at) {
  return context.state.sessions[id].began_at != 0 ? wake(context, id, at) : arm(context, id, at);
}

std::int64_t tick_of(const State& state, model::ProductId product, std::int64_t asked) {
  if (asked != 0) return asked;
  const std::int64_t own = terms_of(state, product).clock_tick_ns;
  return own != 0 ? own : kDefaultTick;
}

bool has_good_terms(const model::AnnounceSession& body) {
  const bool sells = body.side == model::Side::kSell;
  if ((!sells && body.side != model::Side::kBuy) || body.reserved != 0) return false;
  if (body.kind == model::SessionKind::kSharedClock) {
    return body.unsold == model::UnsoldRule::kEnd && body.tick_ns == 0 && body.pause_ns == 0;
  }
  const bool carries = body.unsold == model::UnsoldRule::kCarry;
  return body.kind == model::SessionKind::kCadran &&
         (carries || (sells && body.unsold == model::UnsoldRule::kAllocate)) &&
         (body.tick_ns == 0 || (body.tick_ns >= kShortestTick && body.tick_ns <= model::kHour)) &&
         body.pause_ns >= 0 && body.pause_ns <= model::kHour;
}

model::Method method_of(model::SessionKind kind) {
  return kind == model::SessionKind::kSharedClock ? model::Method::kAscending
                                                  : model::Method::kClock;
}

Reject check_announced(const Context& context, const model::AnnounceSession& body) {
  const State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return r;
  if (!is_product(state, body.product)) return Reject::unknown_product;
  const auto version = current_version(state, body.product, context.now);
  if (version == 0) return Reject::unknown_product;
  const auto& product = state.products[version];
  if ((product.methods & model::method_bit(method_of(body.kind))) == 0) {
    return Reject::method_not_allowed;
  }
  if (!has_good_terms(body)) return Reject::invalid_auction_terms;
  const std::int64_t notice =
      product.notice_ns != 0 ? product.notice_ns : state.market[1].notice_ns;
  if (body.opens_at < context.now.value + notice) return Reject::notice_too_short;
  if (state.sessions.full()) return Reject::sessions_full;
  return state.timers.full() ? Reject::timers_full : Reject::ok;
}

// --- the order (R5.3.3) ---

struct Draw {
  std::uint64_t key;
  LotId lot;
};

/// By SHA-256 of seed and lot: anyone who has the log draws the same.
void draw_order(Context& context, SessionId id) {
  State& state = context.state;
  SessionRow& session = state.sessions.edit(id);
  std::array<Draw, model::kMaxSessionLots> draws;
  std::size_t count = 0;
  for (LotId lot = session.first_lot; lot != 0; lot = state.clocks[lot].next) {
    const Sha256 hash = sha256_of({session.seed, bytes_of(lot)});
    std::uint64_t key = 0;
    std::memcpy(&key, hash.data(), sizeof(key));
    draws[count++] = {key, lot};
  }
  const auto end = draws.begin() + static_cast<std::ptrdiff_t>(count);
  std::sort(draws.begin(), end, [](const Draw& a, const Draw& b) {
    return a.key != b.key ? a.key < b.key : a.lot < b.lot;
  });
  session.first_lot = count == 0 ? 0 : draws[0].lot;
  for (std::size_t i = 0; i < count; ++i) {
    model::ClockRow& clock = state.clocks.edit(draws[i].lot);
    clock.place = static_cast<std::uint32_t>(i + 1);
    clock.next = i + 1 < count ? draws[i + 1].lot : 0;
    context.emit_row<model::ClockChanged>(draws[i].lot, clock);
  }
}

// --- its way ---

void release_quotas(Context& context, SessionId id) {
  State& state = context.state;
  const SessionRow& session = state.sessions[id];
  const auto currency = state.products[session.product].currency;
  for (model::QuotaId at = session.first_quota; at != 0; at = state.quotas[at].next) {
    model::QuotaRow& quota = state.quotas.edit(at);
    release_bonds(context, quota.buyer, quota.bond, quota.trading_bond,
                  model::PostingReason::kBondReleased, {.currency = currency});
    quota.bond = {};
    quota.trading_bond = {};
    context.emit_row<model::QuotaChanged>(at, quota);
  }
}

void end_session(Context& context, SessionId id) {
  release_quotas(context, id);
  SessionRow& session = context.state.sessions.edit(id);
  session.state = SessionState::kEnded;
  session.ended_at = context.now.value;
  session.due = 0;
  emit(context, id);
}

/// The next lot in the order that is still there to be sold; 0 = none.
LotId next_lot(const State& state, LotId lot) {
  while (lot != 0 && state.lots[lot].state != LotState::kAnnounced) lot = state.clocks[lot].next;
  return lot;
}

/// The next lot begins; none: the session ends, or allocates what is unsold.
void begin_next(Context& context, SessionId id) {
  State& state = context.state;
  SessionRow& session = state.sessions.edit(id);
  const LotId lot = next_lot(state, session.next);
  if (lot == 0) {
    if (session.unsold != model::UnsoldRule::kAllocate) return end_session(context, id);
    session.state = SessionState::kAllocating;
    session.next = session.first_lot;
    arm(context, id, context.now.value);
    return emit(context, id);
  }
  session.current = lot;
  session.next = state.clocks[lot].next;  // the lot itself may soon be in another session
  ++session.begun;
  LotRow& row = state.lots.edit(lot);
  enter_state(row, LotState::kOpen);
  state.clocks.edit(lot).tick_ns = session.tick_ns;
  start_clock(context, lot, row.price, context.now.value);
  arm(context, id, clock_end(state.clocks[lot], row));
  emit(context, id);
}

void open_session(Context& context, SessionId id) {
  draw_order(context, id);
  SessionRow& session = context.state.sessions.edit(id);
  session.state = SessionState::kRunning;
  session.next = session.first_lot;
  if (session.kind == model::SessionKind::kCadran) return begin_next(context, id);
  open_shared_clock(context, id);
  if (session.begun == 0) return end_session(context, id);
  wake(context, id, session.due);
  emit(context, id);
}

/// The shared clock has run out, or was restarted since this timer was armed.
void go_on_shared(Context& context, SessionId id) {
  const std::int64_t due = context.state.sessions[id].due;
  if (context.now.value < due) return wake(context, id, due);
  const LotId before = context.state.sessions[id].next;
  if (close_shared_lots(context, id)) return end_session(context, id);
  const bool stuck = context.state.sessions[id].next == before;
  wake(context, id, context.now.value + (stuck ? model::kSecond : 0));
  emit(context, id);
}

/// The current lot's clock has run down: carried over, or waiting to be allocated.
void run_down(Context& context, SessionId id, LotId lot) {
  State& state = context.state;
  if (state.lots[lot].state == LotState::kOpen) {
    if (state.sessions[id].unsold == model::UnsoldRule::kCarry) {
      end_lot(context, lot, LotState::kCarried);
    }
    model::ClockRow& clock = state.clocks.edit(lot);
    clock.started_at = 0;
    context.emit_row<model::ClockChanged>(lot, clock);
  }
}

void go_on(Context& context, SessionId id) {
  State& state = context.state;
  if (state.sessions[id].kind == model::SessionKind::kSharedClock) return go_on_shared(context, id);
  const LotId lot = state.sessions[id].current;
  const LotRow& row = state.lots[lot];
  const model::ClockRow& clock = state.clocks[lot];
  if (row.state == LotState::kOpen && clock.started_at != 0 &&
      context.now.value < clock_end(clock, row)) {
    return arm(context, id, clock_end(clock, row));
  }
  const bool had_time = row.state == LotState::kOpen && clock.started_at != 0;
  run_down(context, id, lot);
  if (!had_time || state.sessions[id].pause_ns == 0) return begin_next(context, id);
  arm(context, id, context.now.value + state.sessions[id].pause_ns);
  emit(context, id);
}

/// One lot at a time: an allocation concludes with as many as have quotas.
void allocate_next(Context& context, SessionId id) {
  State& state = context.state;
  const LotId lot = state.sessions[id].next;
  if (lot == 0) return end_session(context, id);
  const LotId after = state.clocks[lot].next;
  if (state.lots[lot].state == LotState::kOpen) {
    if (!allocate_to_quotas(context, id, lot)) {  // no room for contracts now
      return arm(context, id, context.now.value + model::kMinute);
    }
    if (state.lots[lot].state == LotState::kOpen) end_lot(context, lot, LotState::kCarried);
  }
  state.sessions.edit(id).next = after;
  arm(context, id, context.now.value);
  emit(context, id);
}

}  // namespace

Outcome announce_session(Context& context, const model::AnnounceSession& body) {
  if (const Reject r = check_announced(context, body); r != Reject::ok) return {r};
  State& state = context.state;
  const SessionId id = state.sessions.add();
  SessionRow& session = state.sessions.edit(id);
  session.opens_at = body.opens_at;
  session.product = first_version(state, body.product);
  if (body.kind == model::SessionKind::kCadran) {
    session.tick_ns =
        tick_of(state, current_version(state, body.product, context.now), body.tick_ns);
  }
  session.pause_ns = body.pause_ns;
  session.kind = body.kind;
  session.state = SessionState::kAnnounced;
  session.unsold = body.unsold;
  session.side = body.side;
  session.seed = body.seed;
  session.title = body.title;
  arm(context, id, body.opens_at);
  emit(context, id);
  return {Reject::ok, id};
}

void on_session_timer(Context& context, SessionId id, std::uint32_t number) {
  const SessionRow& session = context.state.sessions[id];
  if (number != session.timer) return;
  if (is_halted(context.state, session.product)) {  // R12.2
    return again(context, id, context.now.value + model::kSecond);
  }
  // Opening and allocating tell much: another record's turn, where others have told much already.
  if (context.emitted() > kMostToldBefore) return again(context, id, context.now.value);
  switch (session.state) {
    case SessionState::kAnnounced:
      return open_session(context, id);
    case SessionState::kRunning:
      return go_on(context, id);
    case SessionState::kAllocating:
      return allocate_next(context, id);
    case SessionState::kEnded:
      return;
  }
}

void join_session(Context& context, LotId lot) {
  State& state = context.state;
  model::ClockRow& clock = state.clocks.edit(lot);
  SessionRow& session = state.sessions.edit(clock.session);
  clock.next = session.first_lot;
  session.first_lot = lot;
  ++session.lots;
  session.seed = sha256_of({session.seed, context.who.client_id});
}

void clock_moved(Context& context, SessionId id, std::int64_t end) {
  // The timer that runs fires earlier, and is armed again for the new end.
  context.state.sessions.edit(id).due = end;
  emit(context, id);
}

void lot_finished(Context& context, SessionId id) {
  arm(context, id, context.now.value + context.state.sessions[id].pause_ns);
  emit(context, id);
}

void count_in_session(Context& context, SessionId id, const LotRow& lot, model::Price price,
                      std::int64_t quantity) {
  const auto weight =
      contract::measure_of(context.state.products[lot.product], quantity, lot.average_g);
  HULAN_ASSERT(weight);  // bonds_at() has worked it out
  SessionRow& session = context.state.sessions.edit(id);
  std::int64_t sum = 0;
  if (__builtin_add_overflow(session.weight, *weight, &sum)) return;
  session.weight = sum;
  session.weighted += static_cast<model::Int128>(price.value) * *weight;
}

}  // namespace hulan::engine
