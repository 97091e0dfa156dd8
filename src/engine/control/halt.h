// SPDX-License-Identifier: Apache-2.0
// R12.2: trading halted and resumed, by product or for the whole market. Engine thread only.
//
// A halt is a row with the moment since when. What it covers keeps its times as they stand; a timer
// that falls due meanwhile is dropped. Resuming goes through the lots by timers: each live one is
// given the halted time back and a new timer, and only when the last is done does trading go on.
// What should have ended by the end of the market day in which the halt began, and by that of each
// further day, ends there unsold.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome halt_market(Context& context, const model::HaltMarket& body);
Outcome resume_market(Context& context, const model::ResumeMarket& body);

/// A timer of `row` with its number: the announced moment, the end of a day, or the next part of a
/// walk over the lots that one of them began.
void on_halt_timer(Context& context, std::uint32_t row, std::uint32_t timer);

}  // namespace hulan::engine
