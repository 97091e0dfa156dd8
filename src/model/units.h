// SPDX-License-Identifier: Apache-2.0
// Strong integers of R1.1 and R1.2 and the arithmetic of R1.3 and R1.4. No floating point; products
// are formed in 128 bits; what does not fit 64 bits is refused (nullopt), never wrapped.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace hulan::model {

template <class Tag>
struct Strong {
  std::int64_t value = 0;
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;
  friend constexpr Strong operator+(Strong a, Strong b) { return {a.value + b.value}; }
  friend constexpr Strong operator-(Strong a, Strong b) { return {a.value - b.value}; }
  friend constexpr Strong operator-(Strong a) { return {-a.value}; }
  constexpr Strong& operator+=(Strong b) {
    value += b.value;
    return *this;
  }
  constexpr Strong& operator-=(Strong b) {
    value -= b.value;
    return *this;
  }
};

using Fen = Strong<struct FenTag>;      ///< money: minor unit of the currency (CNY fen)
using Grams = Strong<struct GramsTag>;  ///< weight
using Price = Strong<struct PriceTag>;  ///< li per kilogram, or fen per head or piece (R1.2)
using Time = Strong<struct TimeTag>;    ///< UTC nanoseconds since 1970

__extension__ using Int128 = __int128;

constexpr Time kNever{INT64_MAX};
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

/// Largest magnitude of any amount, weight or price that a command may carry; sums of many such
/// stay in 64 bits.
constexpr std::int64_t kMaxMagnitude = 1'000'000'000'000'000;

/// numerator / denominator rounded half away from zero (R1.4); nullopt if it does not fit.
/// denominator > 0.
constexpr std::optional<std::int64_t> half_away(Int128 numerator, Int128 denominator) {
  const bool negative = numerator < 0;
  const Int128 magnitude = negative ? -numerator : numerator;
  // Dividing 64 bits costs a tenth of dividing 128, and nearly every figure fits.
  if (magnitude <= INT64_MAX / 4 && denominator <= INT64_MAX / 4) {
    const auto whole = static_cast<std::int64_t>(denominator);
    const std::int64_t rounded = (2 * static_cast<std::int64_t>(magnitude) + whole) / (2 * whole);
    return negative ? -rounded : rounded;
  }
  const Int128 exact = (2 * magnitude + denominator) / (2 * denominator);
  if (exact > INT64_MAX) return std::nullopt;
  return negative ? -static_cast<std::int64_t>(exact) : static_cast<std::int64_t>(exact);
}

/// ceil(numerator / denominator) for numerator >= 0, denominator > 0; nullopt if it does not fit.
constexpr std::optional<std::int64_t> ceil_div(Int128 numerator, Int128 denominator) {
  if (numerator <= INT64_MAX / 2 && denominator <= INT64_MAX / 2) {
    const auto whole = static_cast<std::int64_t>(denominator);
    return (static_cast<std::int64_t>(numerator) + whole - 1) / whole;
  }
  const Int128 result = (numerator + denominator - 1) / denominator;
  if (result > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(result);
}

/// R1.3 by weight: half_away(price_li x grams / 10 000).
constexpr std::optional<Fen> amount_by_weight(Price price_li, Grams grams) {
  constexpr std::int64_t kUnits = 10'000;
  std::int64_t product = 0;
  // Nearly every product is above zero and fits 64 bits.
  if (!__builtin_mul_overflow(price_li.value, grams.value, &product) && product >= 0 &&
      product <= INT64_MAX - kUnits) {
    return Fen{(product + kUnits / 2) / kUnits};
  }
  const auto fen = half_away(static_cast<Int128>(price_li.value) * grams.value, kUnits);
  if (!fen) return std::nullopt;
  return Fen{*fen};
}

/// R1.3 by count: price_fen x count.
constexpr std::optional<Fen> amount_by_count(Price price_fen, std::int64_t count) {
  std::int64_t fen = 0;
  if (__builtin_mul_overflow(price_fen.value, count, &fen) || fen == INT64_MIN) return std::nullopt;
  return Fen{fen};
}

/// A bond of R6.1: ceil(nominal x basis points / 10 000); `nominal` and `basis_points` >= 0.
constexpr std::optional<Fen> bond_of(Fen nominal, std::int64_t basis_points) {
  constexpr std::int64_t kWhole = 10'000;
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(nominal.value, basis_points, &product) && product >= 0 &&
      product <= INT64_MAX - kWhole) {
    return Fen{(product + kWhole - 1) / kWhole};
  }
  const auto fen = ceil_div(static_cast<Int128>(nominal.value) * basis_points, kWhole);
  if (!fen) return std::nullopt;
  return Fen{*fen};
}

}  // namespace hulan::model
