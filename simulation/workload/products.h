// SPDX-License-Identifier: Apache-2.0
// Products that differ where rules differ: hogs by weight with everything the rulebook has for
// them, maize by the gram, piglets by the head.
#pragma once

#include "model/rows.h"

namespace hulan::simulation {

inline constexpr unsigned kProductKinds = 3;

[[nodiscard]] model::ProductRow product_of(unsigned kind);

/// A price around which these goods trade, in the product's unit.
[[nodiscard]] std::int64_t middle_of(const model::ProductRow& product);

}  // namespace hulan::simulation
