// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the index (R11.2), once for the engine's reference prices, the view and
// `hulan index`. Exact: sums in 128 bits, one rounding at the end, half away from zero (R1.4).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/units.h"

namespace hulan::model {

constexpr std::uint32_t kThinTrades = 3;
constexpr std::uint32_t kThinBuyers = 2;

/// R11.2: fewer than 3 trades or 2 buyers. `buyers` as far as 2; nullopt: nobody knows them, the
/// trades alone tell.
constexpr bool is_thin(std::uint32_t trades, std::optional<std::uint32_t> buyers) {
  return trades < kThinTrades || (buyers && *buyers < kThinBuyers);
}

/// value / divisor to the nearest multiple of `unit`, half away from zero; nullopt if it does not
/// fit. divisor, unit > 0.
constexpr std::optional<std::int64_t> to_unit(Int128 value, Int128 divisor, std::int64_t unit) {
  const auto units = half_away(value, divisor * unit);
  if (!units) return std::nullopt;
  const Int128 rounded = static_cast<Int128>(*units) * unit;
  if (rounded > INT64_MAX || rounded < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

/// The trades of one day, or of several.
struct DaySum {
  Int128 weighted = 0;        ///< sum(weight x price)
  std::int64_t weight = 0;    ///< grams, or count by count
  std::int64_t quantity = 0;  ///< head
  Price high{};
  Price low{};
  std::uint32_t trades = 0;

  /// False, and nothing added, if a sum would not fit. Weight >= 0, 0 <= price <= kMaxMagnitude:
  /// then the 128 bits hold whatever weights fit 64.
  constexpr bool add(const DaySum& more) {
    std::int64_t weights = 0, quantities = 0;
    if (__builtin_add_overflow(weight, more.weight, &weights)) return false;
    if (__builtin_add_overflow(quantity, more.quantity, &quantities)) return false;
    weighted += more.weighted;
    weight = weights;
    quantity = quantities;
    high = trades == 0 ? more.high : more.trades == 0 ? high : std::max(high, more.high);
    low = trades == 0 ? more.low : more.trades == 0 ? low : std::min(low, more.low);
    trades += more.trades;
    return true;
  }

  /// sum(weight x price) / sum(weight) to the unit; nullopt: no trades, no value.
  [[nodiscard]] constexpr std::optional<Price> index(std::int64_t unit = 1) const {
    if (weight <= 0) return std::nullopt;
    const auto price = to_unit(weighted, weight, unit);
    if (!price) return std::nullopt;
    return Price{*price};
  }
};

constexpr DaySum sum_of_trade(Price price, std::int64_t weight, std::int64_t quantity) {
  return {static_cast<Int128>(price.value) * weight, weight, quantity, price, price, 1};
}

/// The middle one of the prices, of an even number the mean of the middle two, to the unit. Sorts
/// them. nullopt: there are none.
inline std::optional<Price> median_of(std::vector<std::int64_t>& prices, std::int64_t unit = 1) {
  if (prices.empty()) return std::nullopt;
  std::sort(prices.begin(), prices.end());
  const std::size_t half = prices.size() / 2;
  const bool odd = prices.size() % 2 == 1;
  const Int128 two = static_cast<Int128>(prices[odd ? half : half - 1]) + prices[half];
  const auto price = to_unit(two, 2, unit);
  if (!price) return std::nullopt;
  return Price{*price};
}

}  // namespace hulan::model
