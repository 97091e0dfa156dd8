// SPDX-License-Identifier: Apache-2.0
// Candles of concluded trades (R11.1): opening, highest, lowest and closing price of an interval.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/ids.h"
#include "model/units.h"

namespace hulan::projections {

enum class CandleInterval : std::uint8_t {
  kMinute = 1,
  kFiveMinutes,
  kQuarter,
  kHour,
  kDay  ///< of the market's zone
};

constexpr std::int64_t length_of(CandleInterval interval) {
  switch (interval) {
    case CandleInterval::kMinute:
      return model::kMinute;
    case CandleInterval::kFiveMinutes:
      return 5 * model::kMinute;
    case CandleInterval::kQuarter:
      return 15 * model::kMinute;
    case CandleInterval::kHour:
      return model::kHour;
    case CandleInterval::kDay:
      break;
  }
  return model::kDay;
}

/// Trades of one product, newest first. As in the index, those of related parties do not count.
struct CandleQuery {
  model::ProductId product = 0;  ///< any version
  std::uint8_t grade = 0;        ///< 0: all
  std::uint32_t region = 0;      ///< 2, 4 or 6 digits; 0: all
  CandleInterval interval = CandleInterval::kDay;
  std::int64_t from = INT64_MIN;   ///< candles that begin then or later
  std::int64_t until = INT64_MAX;  ///< and before that; UTC nanoseconds
  std::uint64_t cursor = 0;
  std::size_t limit = 100;
};

/// An interval without trades has no candle.
struct Candle {
  std::int64_t start = 0;  ///< UTC nanoseconds
  model::Price open{};
  model::Price high{};
  model::Price low{};
  model::Price close{};
  std::int64_t weight = 0;    ///< grams, or count by count
  std::int64_t quantity = 0;  ///< head
  std::uint32_t trades = 0;
};

}  // namespace hulan::projections
