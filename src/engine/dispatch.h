// SPDX-License-Identifier: Apache-2.0
// From a command's type to the part of the market that handles it, and from a timer to what falls
// due.
#pragma once

#include <cstdint>
#include <span>

#include "engine/context.h"

namespace hulan::engine {

/// Checks version, user and participant, then hands `body` to its handler. `context.who` is the
/// command's header. A refusal has changed nothing.
[[nodiscard]] Outcome dispatch(Context& context, std::span<const std::uint8_t> body);

/// Fires at most kMaxTimersPerCommand timers that are due at `context.now`.
void fire_timers(Context& context);

}  // namespace hulan::engine
