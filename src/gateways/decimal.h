// SPDX-License-Identifier: Apache-2.0
// Decimals as the doors write them: exact, as strings, with the digits of their unit (R1.1, R1.2).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "model/enums.h"

namespace hulan::gateways {

inline constexpr int kMoneyDigits = 2;   ///< yuan, kept in fen
inline constexpr int kWeightDigits = 3;  ///< kilograms, kept in grams

enum class DecimalError : std::uint8_t {
  kForm,      ///< not [-]digits[.digits], or leading zeros
  kDigits,    ///< more digits after the point than the unit has
  kNegative,  ///< below zero where that cannot be
  kRange,     ///< beyond model::kMaxMagnitude
};

/// "16.12" with 3 digits is 16120. `negative_allowed`: a leading minus may stand.
[[nodiscard]] std::expected<std::int64_t, DecimalError> parse_decimal(std::string_view text,
                                                                      int digits,
                                                                      bool negative_allowed);

/// Appends `value` with exactly `digits` digits after the point.
void append_decimal(std::string& out, std::int64_t value, int digits);
[[nodiscard]] std::string decimal(std::int64_t value, int digits);

/// Digits of a price: yuan per kilogram in li, or per head in fen.
[[nodiscard]] constexpr int price_digits(model::PriceBasis basis) {
  return basis == model::PriceBasis::kByWeight ? 3 : 2;
}
/// Digits of a quantity: whole heads, or kilograms kept in grams.
[[nodiscard]] constexpr int quantity_digits(model::QuantityUnit unit) {
  return unit == model::QuantityUnit::kHead ? 0 : kWeightDigits;
}

}  // namespace hulan::gateways
