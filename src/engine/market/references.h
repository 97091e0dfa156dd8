// SPDX-License-Identifier: Apache-2.0
// Reference prices and the band around them (R5.5). Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome state_reference(Context& context, const model::StateReference& body);

/// The price of the latest day before today that was not thin, or what the operator stated since;
/// 0 = none. `first` is the product's first version.
[[nodiscard]] model::Price reference_price(const State& state, model::ProductId first,
                                           std::uint32_t province, std::uint8_t grade,
                                           model::Time now);

/// Prices that R5.5 allows, limits included.
struct PriceBand {
  model::Price low{};
  model::Price high{model::kMaxMagnitude};
  [[nodiscard]] bool holds(model::Price price) const { return price >= low && price <= high; }
  [[nodiscard]] bool limited() const { return high.value != model::kMaxMagnitude; }
};

/// reference x (1 -+ band), rounded inward to the tick; unlimited without a band or a reference.
/// Any thread.
[[nodiscard]] PriceBand band_around(model::Price reference, const model::ProductRow& product);

/// The band for a lot of `product`, `grade` from `region` at `now`.
[[nodiscard]] PriceBand price_band(const State& state, model::ProductId product,
                                   std::uint32_t region, std::uint8_t grade, model::Time now);

/// ok, price_not_positive, price_off_tick or out_of_band.
[[nodiscard]] model::Reject check_price(model::Price price, const model::ProductRow& product,
                                        const PriceBand& band);

}  // namespace hulan::engine
