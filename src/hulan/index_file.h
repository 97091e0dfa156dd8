// SPDX-License-Identifier: Apache-2.0
// The index (R11.2) of trades in a table of any origin. One line is one trade. Numbers are kept as
// millionths, exactly.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hulan/commands/csv.h"
#include "model/day_index.h"

namespace hulan::app {

inline constexpr int kIndexDigits = 6;

/// What a column may be named for.
inline constexpr std::string_view kIndexFields[] = {"date",  "quantity", "weight",  "total_weight",
                                                    "price", "buyer",    "excluded"};

struct IndexOptions {
  /// Columns by field. `weight` is that of one head where `quantity` is named, else the trade's;
  /// `total_weight` is always the trade's.
  std::map<std::string, std::string, std::less<>> columns;
  std::vector<std::pair<std::string, std::string>> where;  ///< column and the value that counts
  std::optional<std::int64_t> price_unit;                  ///< millionths; none: as the prices have
  std::int64_t utc_offset_s = 0;  ///< of the market's day, where dates are times
};

struct IndexDay {
  std::int64_t day = 0;                 ///< since 1970
  model::DaySum sum;                    ///< weight and price in millionths
  std::optional<std::uint32_t> buyers;  ///< as far as 2; nullopt: no such column
  std::optional<model::Price> index;    ///< nullopt: a day without trades
  std::optional<model::Price> median;
  std::optional<model::Price> two_day;  ///< with the latest earlier day that has trades
  std::int64_t previous_day = 0;        ///< that day
  [[nodiscard]] bool thin() const { return model::is_thin(sum.trades, buyers); }
};

struct FileIndex {
  std::vector<IndexDay> days;   ///< by date
  std::int64_t price_unit = 1;  ///< millionths
  int unit_digits = 0;          ///< of an index and a median
  int price_digits = 0;         ///< of high and low
  int weight_digits = 0;
  bool has_head = false;
  bool has_buyers = false;
};

/// Throws CommandFailed (2) naming file, line, column, value and what was expected.
[[nodiscard]] FileIndex index_of_file(const Csv& csv, const IndexOptions& options);

/// Digits after the point that millionths need: 70.500000 needs 1.
[[nodiscard]] int digits_needed(std::int64_t millionths);
/// Millionths with so many digits, no fewer than it needs.
[[nodiscard]] std::string millionths_text(std::int64_t millionths, int digits);

}  // namespace hulan::app
