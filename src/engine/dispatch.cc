// SPDX-License-Identifier: Apache-2.0
#include "engine/dispatch.h"

namespace hulan::engine {

Outcome dispatch(Context&, std::span<const std::uint8_t>) {
  return {model::Reject::unknown_command, 0};
}

void fire_timers(Context&) {}

}  // namespace hulan::engine
