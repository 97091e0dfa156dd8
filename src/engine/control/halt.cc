// SPDX-License-Identifier: Apache-2.0
#include "engine/control/halt.h"

#include <algorithm>

#include "engine/auction/clock.h"
#include "engine/auction/ending.h"
#include "engine/auction/session.h"
#include "engine/auction/shared_clock.h"
#include "engine/market/access.h"
#include "engine/market/calendar.h"
#include "engine/market/halts.h"

namespace hulan::engine {
namespace {

using model::HaltRow;
using model::HaltState;
using model::LotRow;
using model::LotState;
using model::Reject;

constexpr std::int64_t kAnnouncedNs = 5 * model::kMinute;  // R12.2
constexpr std::int64_t kLongestAhead = 24 * model::kHour;
// Together with kMaxTimersPerCommand these bound one command's work and events.
constexpr std::uint32_t kLotsPerPart = 4096;
constexpr int kChangesPerPart = 8;

void emit(Context& context, std::uint32_t row) {
  context.emit_row<model::HaltChanged>(row, context.state.halts[row]);
}

/// Arms the row's only timer; the one before is stale.
void arm(Context& context, std::uint32_t id, std::int64_t due) {
  HaltRow& row = context.state.halts.edit(id);
  context.state.timers.add(model::Time{due}, TimerKind::kHalt, id, ++row.timer);
}

void arm_next(Context& context, std::uint32_t id) {
  const HaltRow& row = context.state.halts[id];
  arm(context, id, row.resume_at == 0 ? row.day_end : std::min(row.resume_at, row.day_end));
}

std::int64_t end_of_day(const State& state, model::Time now) {
  const model::MarketRow& market = state.market[1];
  return at_minute(market, local_day(market, now) + 1, 0).value;
}

std::int64_t end_of(const LotRow& lot) {
  return lot.state == LotState::kExclusive ? lot.exclusive_until : lot.close_at;
}

/// What this halt moves: lots of the methods whose clocks are the lot's own times.
bool covers(const State& state, std::uint32_t id, const LotRow& lot) {
  const bool own_times =
      lot.method == model::Method::kListing || lot.method == model::Method::kAscending ||
      lot.method == model::Method::kNegotiation || lot.method == model::Method::kSealed;
  const bool own_end = lot.state == LotState::kExclusive || shared_session(state, lot.id) == 0;
  return own_times && own_end && is_live(lot.state) && end_of(lot) > state.halts[id].since &&
         (id == 1 || halt_row(state, lot.product) == id);
}

void end_unsold(Context& context, const LotRow& lot) {
  end_lot(context, lot.id, lot.state == LotState::kListed ? LotState::kExpired : LotState::kUnsold);
}

/// How long only this halt held the lot: another one that still does gives back its own time.
std::int64_t span_of(const State& state, const HaltRow& row, std::uint32_t other) {
  std::int64_t until = row.resume_at;
  if (is_halted_row(state, other)) until = std::min(until, state.halts[other].since);
  return std::max<std::int64_t>(0, until - row.since);
}

/// R12.2: the halted time is added, and at least W is left. A lot that would then end after its
/// goods are due ends now.
void move_clock(Context& context, std::uint32_t id, LotRow& lot) {
  State& state = context.state;
  const std::uint32_t other = id == 1 ? halt_row(state, lot.product) : 1;
  const std::int64_t span = span_of(state, state.halts[id], other);
  std::int64_t& end = lot.state == LotState::kExclusive ? lot.exclusive_until : lot.close_at;
  if (lot.state == LotState::kAnnounced) lot.open_at += span;
  end += span;
  const bool held = is_halted_row(state, other) && state.halts[other].since < end;
  if (!held) end = std::max(end, context.now.value + lot.window_ns);
  if (lot.state == LotState::kListed) end = std::min(end, lot.pickup_until);
  const bool reachable = state.lot_clocks.reach(lot.id);
  HULAN_ASSERT(reachable);  // as many rows as lots
  model::LotClockRow& clock = state.lot_clocks.edit(lot.id);
  clock.halted_ns += span;
  if (lot.state != LotState::kListed && end >= lot.pickup_until) return end_unsold(context, lot);
  // Where another halt still holds the lot, its timer finds that out; but the end may lie before
  // it.
  const std::int64_t due = lot.state == LotState::kAnnounced ? lot.open_at : end;
  state.timers.add(model::Time{due}, TimerKind::kLot, lot.id, ++clock.timer);
  context.emit_row<model::LotChanged>(lot.id, lot);
}

/// R5.3.3 under R12.2: the price stands where it stood.
int move_price_clock(Context& context, std::uint32_t id, const LotRow& lot) {
  State& state = context.state;
  const bool covered = id == 1 || halt_row(state, lot.product) == id;
  if (!covered || lot.method != model::Method::kClock || lot.state != LotState::kOpen ||
      !state.clocks.has(lot.id) || state.clocks[lot.id].started_at == 0) {
    return 0;
  }
  const std::uint32_t other = id == 1 ? halt_row(state, lot.product) : 1;
  model::ClockRow& clock = state.clocks.edit(lot.id);
  clock.started_at += span_of(state, state.halts[id], other);
  context.emit_row<model::ClockChanged>(lot.id, clock);
  clock_moved(context, clock.session, clock_end(clock, lot));
  return 1;
}

/// R5.3.2 under R12.2: the catalogue's clock is moved once, at its first lot; at the end of the day
/// each of its open lots ends unsold.
int walk_shared(Context& context, std::uint32_t id, model::LotId at, model::SessionId on) {
  State& state = context.state;
  const model::SessionRow& session = state.sessions[on];
  const HaltRow& row = state.halts[id];
  const bool covered = id == 1 || halt_row(state, session.product) == id;
  const bool running = session.state == model::SessionState::kRunning && session.due > row.since;
  if (!covered || !running) return 0;
  if (row.state != HaltState::kResuming) {
    if (state.lots[at].state != LotState::kOpen || session.due > row.day_end) return 0;
    end_unsold(context, state.lots[at]);
    return 1;
  }
  if (session.first_lot != at) return 0;
  const std::uint32_t other = id == 1 ? halt_row(state, session.product) : 1;
  const std::int64_t span = span_of(state, row, other);
  const bool held = is_halted_row(state, other) && state.halts[other].since < session.due + span;
  move_shared_clock(context, on, span, held);
  return 1;
}

/// One lot of a walk; 1 if something was changed.
int walk_lot(Context& context, std::uint32_t id, model::LotId at) {
  State& state = context.state;
  const model::SessionId shared = shared_session(state, at);
  if (shared != 0 && state.lots[at].state != LotState::kExclusive) {
    return walk_shared(context, id, at, shared);
  }
  if (!covers(state, id, state.lots[at])) {
    const bool resumes = state.halts[id].state == HaltState::kResuming;
    return resumes ? move_price_clock(context, id, state.lots[at]) : 0;
  }
  LotRow& lot = state.lots.edit(at);
  const HaltRow& row = state.halts[id];
  if (row.state == HaltState::kResuming) {
    move_clock(context, id, lot);
  } else if (end_of(lot) <= row.day_end) {
    end_unsold(context, lot);
  } else {
    return 0;
  }
  return 1;
}

void finish_walk(Context& context, std::uint32_t id) {
  HaltRow& row = context.state.halts.edit(id);
  row.cursor = 0;
  if (row.state == HaltState::kResuming) {
    row.state = HaltState::kTrading;
    ++row.timer;
  } else {
    row.day_end += model::kDay;
    arm_next(context, id);
  }
  emit(context, id);
}

void walk(Context& context, std::uint32_t id) {
  State& state = context.state;
  const model::LotId from = state.halts[id].cursor;
  const std::uint32_t end = std::min(state.lots.size(), from + kLotsPerPart);
  int changes = 0;
  model::LotId lot = from;
  // Each lot takes a timer; one place is this walk's own.
  for (; lot < end && changes < kChangesPerPart; ++lot) {
    if (!state.timers.has_room(2)) break;
    changes += walk_lot(context, id, lot);
  }
  state.halts.edit(id).cursor = lot;
  if (lot >= state.lots.size()) return finish_walk(context, id);
  arm(context, id, context.now.value + (lot == from ? model::kSecond : 0));
}

bool another_walks(const State& state, std::uint32_t id) {
  for (std::uint32_t row = 1; row < state.halts.size(); ++row) {
    if (row != id && state.halts[row].cursor != 0) return true;
  }
  return false;
}

Reject check_halt(const Context& context, model::ProductId product) {
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return r;
  return product == 0 || is_product(context.state, product) ? Reject::ok : Reject::unknown_product;
}

}  // namespace

Outcome halt_market(Context& context, const model::HaltMarket& body) {
  State& state = context.state;
  if (const Reject r = check_halt(context, body.product); r != Reject::ok) return {r};
  if (body.reason == model::DocumentHash{}) return {Reject::malformed_body};
  const std::uint32_t id = halt_row(state, body.product);
  const bool halted = is_halted_row(state, id);
  if (halted && (state.halts[id].resume_at == 0 || state.halts[id].state != HaltState::kHalted)) {
    return {Reject::halted_already};
  }
  if (state.timers.full()) return {Reject::timers_full};
  const bool reachable = state.halts.reach(id);
  HULAN_ASSERT(reachable);  // as many rows as products
  HaltRow& row = state.halts.edit(id);
  row.resume_at = 0;
  row.reason = body.reason;
  if (!halted) {
    row.since = context.now.value;
    row.day_end = end_of_day(state, context.now);
    row.sequence = context.sequence;
    row.product = body.product == 0 ? 0 : first_version(state, body.product);
    row.state = HaltState::kHalted;
  }
  if (row.cursor == 0) arm_next(context, id);
  emit(context, id);
  return {Reject::ok, id};
}

Outcome resume_market(Context& context, const model::ResumeMarket& body) {
  State& state = context.state;
  if (const Reject r = check_halt(context, body.product); r != Reject::ok) return {r};
  const std::uint32_t id = halt_row(state, body.product);
  if (!is_halted_row(state, id) || state.halts[id].resume_at != 0) return {Reject::not_halted};
  if (body.resume_at < context.now.value + kAnnouncedNs) return {Reject::resume_too_soon};
  if (body.resume_at > context.now.value + kLongestAhead) return {Reject::expiry_in_past};
  if (state.timers.full()) return {Reject::timers_full};
  HaltRow& row = state.halts.edit(id);
  row.resume_at = body.resume_at;
  if (row.cursor == 0) arm_next(context, id);
  emit(context, id);
  return {Reject::ok, id};
}

void on_halt_timer(Context& context, std::uint32_t id, std::uint32_t timer) {
  State& state = context.state;
  const HaltRow& standing = state.halts[id];
  if (timer != standing.timer || standing.state == HaltState::kTrading) return;
  if (standing.cursor == 0) {
    const std::int64_t now = context.now.value;
    const bool resumes = standing.resume_at != 0 && now >= standing.resume_at &&
                         standing.resume_at <= standing.day_end;
    // What one walk moves another may have to end: one after the other.
    if (another_walks(state, id)) return arm(context, id, now + model::kSecond);
    HaltRow& row = state.halts.edit(id);
    row.cursor = 1;
    if (resumes) {
      row.state = HaltState::kResuming;
      emit(context, id);
    }
  }
  walk(context, id);
}

}  // namespace hulan::engine
