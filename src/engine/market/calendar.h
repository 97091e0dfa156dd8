// SPDX-License-Identifier: Apache-2.0
// The market's days (R1.1): local days since 1970 in the market's zone, which of them are market
// days, and moments within them. Pure.
#pragma once

#include <cstdint>

#include "model/rows.h"
#include "model/units.h"

namespace hulan::engine {

/// Local days since 1970-01-01 at `time`.
[[nodiscard]] constexpr std::int64_t local_day(const model::MarketRow& market, model::Time time) {
  const std::int64_t local = time.value + market.utc_offset_s * model::kSecond;
  return local / model::kDay - (local % model::kDay < 0 ? 1 : 0);
}

/// UTC moment of `minute` of the local `day`.
[[nodiscard]] constexpr model::Time at_minute(const model::MarketRow& market, std::int64_t day,
                                              std::uint32_t minute) {
  return {day * model::kDay + minute * model::kMinute - market.utc_offset_s * model::kSecond};
}

/// 1970-01-01 was a Thursday: bit 3 of `market_days`.
[[nodiscard]] constexpr bool is_market_day(const model::MarketRow& market, std::int64_t day) {
  const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;
  return (market.market_days >> weekday & 1) != 0;
}

/// The first market day after `day`.
[[nodiscard]] constexpr std::int64_t next_market_day(const model::MarketRow& market,
                                                     std::int64_t day) {
  for (std::int64_t next = day + 1; next <= day + 7; ++next) {
    if (is_market_day(market, next)) return next;
  }
  return day + 1;
}

}  // namespace hulan::engine
