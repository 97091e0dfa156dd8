// SPDX-License-Identifier: Apache-2.0
// Concluded trades by product, grade, region and day (R11.2), and what follows from them for the
// reference price (R5.5). Engine thread only.
#pragma once

#include <cstdint>

#include "engine/context.h"

namespace hulan::engine {

/// A concluded trade as the index counts it; trades between related parties are not counted.
struct DayTrade {
  model::ProductId product = 0;  ///< any version
  std::uint32_t region = 0;      ///< county code of origin
  std::uint8_t grade = 0;
  model::Price price{};
  std::int64_t weight = 0;    ///< grams, or count where priced by count
  std::int64_t quantity = 0;  ///< in the product's quantity unit
  model::ParticipantId buyer = 0;
};

/// Adds the trade to its county's and its province's day. Without room a new day is left out:
/// prices are a view, the contract is not. Emits DayPriceChanged, and ReferenceChanged where a
/// session has become the reference.
void record_trade(Context& context, const DayTrade& trade);

/// Takes a trade that was busted out of the days it was added to (R11.2, R12.4): its sums at once;
/// high, low and buyers from the contracts of that day that still count, as far as the latest
/// 65,536 contracts show them. `weight` is that of the conclusion. Emits DayPriceChanged.
void take_back_trade(Context& context, model::ContractId contract, std::int64_t weight);

/// R11.2: fewer than 3 trades or 2 buyers: no reference.
[[nodiscard]] bool is_thin(const model::DayPriceRow& day);

/// R11.2: sum(weight x price) / sum(weight), half away to the price unit; weight > 0.
[[nodiscard]] model::Price mean_price(const model::DayPriceRow& day);

}  // namespace hulan::engine
