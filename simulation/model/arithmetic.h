// SPDX-License-Identifier: Apache-2.0
// The rulebook's sums (R1.2 to R1.4), in 128 bits and said in the plainest way. Shares nothing with
// the engine's.
#pragma once

#include <cstdint>

#include "model/rows.h"

namespace hulan::auditor {

__extension__ using Wide = __int128;

/// Rounded to the nearest, halves away from zero.
constexpr Wide round_half_away(Wide numerator, Wide denominator) {
  const bool negative = (numerator < 0) != (denominator < 0);
  const Wide n = numerator < 0 ? -numerator : numerator;
  const Wide d = denominator < 0 ? -denominator : denominator;
  const Wide doubled = (2 * n + d) / (2 * d);
  return negative ? -doubled : doubled;
}

constexpr Wide round_up(Wide numerator, Wide denominator) {
  return numerator / denominator + (numerator % denominator > 0 ? 1 : 0);
}

constexpr bool by_count(const model::ProductRow& product) {
  return product.basis == model::PriceBasis::kByCount;
}
constexpr bool by_head(const model::ProductRow& product) {
  return product.unit == model::QuantityUnit::kHead;
}

/// R1.3: li per kilogram x grams, or fen x count.
constexpr Wide amount(const model::ProductRow& product, Wide price, Wide measure) {
  return by_count(product) ? price * measure : round_half_away(price * measure, 10'000);
}

/// What a price is for: grams, or a count.
constexpr Wide measure(const model::ProductRow& product, Wide quantity, Wide average_g) {
  return by_head(product) && !by_count(product) ? quantity * average_g : quantity;
}

/// R6.1: the nominal, and the two bonds on it.
struct Bonds {
  Wide nominal = 0, performance = 0, trading = 0;
};
constexpr Bonds bonds_at(const model::ProductRow& product, Wide price, Wide quantity,
                         Wide average_g) {
  const Wide nominal = amount(product, price, measure(product, quantity, average_g));
  return {nominal, round_up(nominal * product.bond_bp, 10'000),
          round_up(nominal * product.trading_bond_bp, 10'000)};
}

/// R9.1: each side's fee, VAT included.
constexpr Wide fee(const model::ProductRow& product, Wide measured) {
  return by_count(product) ? Wide{product.fee_fen_per_head.value} * measured
                           : round_half_away(Wide{product.fee_fen_per_t} * measured, 1'000'000);
}

}  // namespace hulan::auditor
