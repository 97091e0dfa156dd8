// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/shared_clock.h"

#include <algorithm>

#include "engine/auction/ascending.h"
#include "engine/auction/bidding.h"
#include "engine/auction/session.h"
#include "engine/market/halts.h"

namespace hulan::engine {
namespace {

using model::LotRow;
using model::LotState;
using model::SessionId;
using model::SessionRow;
using model::SessionState;

constexpr std::int64_t kShrinksEach = 5 * model::kMinute;
constexpr std::int64_t kShrinksBy = 10 * model::kSecond;
constexpr int kClosedPerPart = 32;
constexpr std::uint32_t kTimersOfAClose = 4;  // the lot's own, its contract's, the session's

void emit(Context& context, SessionId id) {
  context.emit_row<model::SessionChanged>(id, context.state.sessions[id]);
}

bool runs(const SessionRow& session, model::Time now) {
  return session.state == SessionState::kRunning && now.value < session.due;
}

}  // namespace

SessionId shared_session(const State& state, model::LotId lot) {
  if (!state.clocks.has(lot)) return 0;
  const SessionId id = state.clocks[lot].session;
  if (id == 0 || state.sessions[id].kind != model::SessionKind::kSharedClock) return 0;
  return id;
}

std::int64_t shared_length(const SessionRow& session, model::Time now) {
  const std::int64_t times = (now.value - session.began_at) / kShrinksEach;
  return std::max(kShortestShared, kLongestShared - times * kShrinksBy);
}

std::int64_t restart_shared_clock(Context& context, SessionId id) {
  SessionRow& session = context.state.sessions.edit(id);
  // Under a halt time stands, and the resumption gives a whole length.
  if (is_halted(context.state, session.product)) return session.due;
  const std::int64_t end = context.now.value + shared_length(session, context.now);
  if (runs(session, context.now) && end > session.due) {
    session.due = end;  // the timer that runs fires earlier, and is armed again
    emit(context, id);
  }
  return session.due;
}

void count_shared(Context& context, const LotRow& lot, model::Price price) {
  const SessionId id = shared_session(context.state, lot.id);
  if (id == 0 || context.state.sessions[id].state != SessionState::kRunning) return;
  count_in_session(context, id, lot, price, lot.quantity);
  emit(context, id);
}

void open_shared_clock(Context& context, SessionId id) {
  State& state = context.state;
  SessionRow& session = state.sessions.edit(id);
  session.began_at = context.now.value;
  session.due = context.now.value + kLongestShared;
  for (model::LotId at = session.first_lot; at != 0; at = state.clocks[at].next) {
    if (state.lots[at].state != LotState::kAnnounced) continue;
    LotRow& lot = state.lots.edit(at);
    lot.close_at = session.due;
    open_auction(context, lot);
    ++session.begun;
  }
}

bool close_shared_lots(Context& context, SessionId id) {
  State& state = context.state;
  model::LotId at = state.sessions[id].next;
  for (int closed = 0; at != 0 && closed < kClosedPerPart; ++closed) {
    if (!state.timers.has_room(kTimersOfAClose)) break;
    if (state.lots[at].state == LotState::kOpen) {
      LotRow& lot = state.lots.edit(at);
      lot.close_at = state.sessions[id].due;
      context.emit_row<model::LotChanged>(at, lot);
      on_lot_timer(context, at);
    }
    at = state.clocks[at].next;
  }
  state.sessions.edit(id).next = at;
  return at == 0;
}

void move_shared_clock(Context& context, SessionId id, std::int64_t span, bool held) {
  SessionRow& session = context.state.sessions.edit(id);
  session.began_at += span;
  session.due += span;
  if (!held) {
    session.due = std::max(session.due, context.now.value + shared_length(session, context.now));
  }
  emit(context, id);
}

}  // namespace hulan::engine
