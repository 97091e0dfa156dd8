// SPDX-License-Identifier: Apache-2.0
// What standard lots of an order book are worth (R1.3). Engine thread only.
#pragma once

#include <cstdint>
#include <optional>

#include "model/rows.h"
#include "model/units.h"

namespace hulan::engine {

/// price x lots in fen; nullopt if it does not fit.
[[nodiscard]] inline std::optional<model::Fen> nominal_at(const model::BookRow& book,
                                                          model::Price price, std::int64_t lots) {
  std::int64_t measure = 0;
  if (__builtin_mul_overflow(book.lot_measure, lots, &measure)) return std::nullopt;
  return book.basis == model::PriceBasis::kByCount
             ? model::amount_by_count(price, measure)
             : model::amount_by_weight(price, model::Grams{measure});
}

}  // namespace hulan::engine
