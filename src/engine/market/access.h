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

[[nodiscard]] inline bool is_active(const State& state, model::ParticipantId id) {
  return state.participants.has(id) &&
         state.participants[id].state == model::ParticipantState::kActive;
}

/// ok, wrong_role, or participant_not_active: a participant's user with one of these roles.
[[nodiscard]] inline model::Reject require_participant(const Context& context, unsigned any_of) {
  if (context.who.participant == 0 || !has_role(context, any_of)) return model::Reject::wrong_role;
  return is_active(context.state, context.who.participant) ? model::Reject::ok
                                                           : model::Reject::participant_not_active;
}

/// R1.1: above zero and within the limit.
[[nodiscard]] constexpr bool is_magnitude(std::int64_t value) {
  return value > 0 && value <= model::kMaxMagnitude;
}

}  // namespace hulan::engine
