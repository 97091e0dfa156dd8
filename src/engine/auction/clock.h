// SPDX-License-Identifier: Apache-2.0
// The clock auction (cadran, R5.3.3): the price falls from the start by a step each tick to the
// floor; a take stops it, and it goes on a full tick later at the same price. A buyer's clock is
// the mirror: it rises to the ceiling. No timer runs per tick: the price at a moment is worked out
// from when the clock started. Engine thread only.
#pragma once

#include <optional>

#include "engine/context.h"

namespace hulan::engine {

Outcome enter_clock(Context& context, const model::EnterClock& body);
Outcome take_clock(Context& context, const model::TakeClock& body);
Outcome bond_quota(Context& context, const model::BondQuota& body);

/// What the clock shows at `now`; nullopt while it waits, and before and after its run.
[[nodiscard]] std::optional<model::Price> clock_price(const model::ClockRow& clock,
                                                      const model::LotRow& lot, model::Time now);

/// When the clock will have stood a full tick at its floor; UTC ns.
[[nodiscard]] std::int64_t clock_end(const model::ClockRow& clock, const model::LotRow& lot);

/// Starts the lot's clock from `price`, at `at` (UTC ns). Emits ClockChanged.
void start_clock(Context& context, model::LotId lot, model::Price price, std::int64_t at);

}  // namespace hulan::engine
