// SPDX-License-Identifier: Apache-2.0
// What a clock left unsold, allocated pro rata to quotas that buyers bonded beforehand, at the
// session's mean (R5.3.3). Engine thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/context.h"

namespace hulan::engine {

/// Shares of `quantity` in proportion to `wishes`, none above its wish: whole units, the largest
/// remainders first, ties to the earlier. Writes `shares`, of the same length.
void share_pro_rata(std::int64_t quantity, std::span<const std::int64_t> wishes,
                    std::span<std::int64_t> shares);

/// The session's mean rounded half away to the tick and not below the lot's floor; nullopt: there
/// was no trade.
[[nodiscard]] std::optional<model::Price> allocation_price(const State& state,
                                                           const model::SessionRow& session,
                                                           const model::LotRow& lot);

/// Concludes with the quotas whose share is at least the lot's minimum and whose bonds cover it.
/// What is left stays on the lot, a rest below the minimum unsold. False: there is no room for more
/// contracts now; what was concluded stands.
[[nodiscard]] bool allocate_to_quotas(Context& context, model::SessionId session, model::LotId lot);

}  // namespace hulan::engine
