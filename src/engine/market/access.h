// SPDX-License-Identifier: Apache-2.0
// Who may do what (R2.3). dispatch() has checked that the user exists, is active and acts for
// `who.participant`.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

[[nodiscard]] inline bool has_role(const Context& context, unsigned any_of) {
  return context.state.users.has(context.who.user) &&
         (context.state.users[context.who.user].roles & any_of) != 0;
}

/// ok, or wrong_role: staff with one of these roles.
[[nodiscard]] inline model::Reject require_staff(const Context& context, unsigned any_of) {
  return context.who.participant == 0 && has_role(context, any_of) ? model::Reject::ok
                                                                   : model::Reject::wrong_role;
}

[[nodiscard]] inline bool participant_exists(const State& state, model::ParticipantId id) {
  return state.participants.has(id) && state.participants[id].state != model::ParticipantState{};
}

/// R2.2: admitted, and neither suspended nor closed.
[[nodiscard]] inline bool is_admitted(const State& state, model::ParticipantId id) {
  return state.participants.has(id) &&
         state.participants[id].state == model::ParticipantState::kActive;
}

/// R12.2: the kill switch is on.
[[nodiscard]] inline bool is_killed(const State& state, model::ParticipantId id) {
  return state.kills.has(id) && state.kills[id].active != 0;
}

/// Admitted and free to trade.
[[nodiscard]] inline bool is_active(const State& state, model::ParticipantId id) {
  return is_admitted(state, id) && !is_killed(state, id);
}

/// ok, wrong_role, participant_not_active or trading_stopped: a participant's user with one of
/// these roles.
[[nodiscard]] inline model::Reject require_participant(const Context& context, unsigned any_of) {
  if (context.who.participant == 0 || !has_role(context, any_of)) return model::Reject::wrong_role;
  if (!is_admitted(context.state, context.who.participant)) {
    return model::Reject::participant_not_active;
  }
  return is_killed(context.state, context.who.participant) ? model::Reject::trading_stopped
                                                           : model::Reject::ok;
}

/// R1.1: above zero and within the limit.
[[nodiscard]] constexpr bool is_magnitude(std::int64_t value) {
  return value > 0 && value <= model::kMaxMagnitude;
}

}  // namespace hulan::engine
