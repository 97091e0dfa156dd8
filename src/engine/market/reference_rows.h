// SPDX-License-Identifier: Apache-2.0
// The rows behind references.h, for the days' prices alone. Engine thread only.
#pragma once

#include "engine/state.h"

namespace hulan::engine {

/// Row of a reference; 0 = none.
[[nodiscard]] std::uint32_t find_reference(const State& state, model::ProductId first,
                                           std::uint32_t province, std::uint8_t grade);
/// The same, made (without a price) if there is none; 0 = the table is full.
[[nodiscard]] std::uint32_t reach_reference(State& state, model::ProductId first,
                                            std::uint32_t province, std::uint8_t grade);
/// What row `id` gives at `now`; 0 = no reference yet.
[[nodiscard]] model::Price price_of_reference(const State& state, std::uint32_t id,
                                              model::Time now);

}  // namespace hulan::engine
