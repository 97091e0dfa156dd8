// SPDX-License-Identifier: Apache-2.0
// Finds the day's prices by series (product, grade, region) and by day, at each level of region
// (R11.2, R11.3). Holds numbers of DayPriceRows: a county and a province have their own, a city is
// the sum of its counties.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "model/day_index.h"
#include "projections/queries.h"

namespace hulan::projections {

/// A county code cut to the level: 230111 -> 23, 2301, 230111.
[[nodiscard]] constexpr std::uint32_t region_at(std::uint32_t county, RegionLevel level) {
  if (level == RegionLevel::kProvince) return county / 10'000;
  return level == RegionLevel::kCity ? county / 100 : county;
}

/// The level of a code by its number of digits.
[[nodiscard]] constexpr RegionLevel level_of(std::uint32_t region) {
  if (region < 100) return RegionLevel::kProvince;
  return region < 10'000 ? RegionLevel::kCity : RegionLevel::kCounty;
}

/// One day of one series; ordered so that a series' days lie side by side.
struct SeriesDay {
  model::ProductId product = 0;  ///< first version
  std::uint8_t grade = 0;
  RegionLevel level = RegionLevel::kCounty;
  std::uint32_t region = 0;
  std::int64_t day = 0;
  friend auto operator<=>(const SeriesDay&, const SeriesDay&) = default;

  [[nodiscard]] bool same_series(const SeriesDay& other) const {
    return product == other.product && grade == other.grade && level == other.level &&
           region == other.region;
  }
};

/// The trades of one SeriesDay, or of two, and whether more than one buyer is among them.
struct SeriesSum {
  model::DaySum sum;
  model::ParticipantId buyer = 0;  ///< of the latest row
  std::uint32_t buyers = 0;        ///< 2: two or more

  void add(const model::DayPriceRow& row);
  [[nodiscard]] bool thin() const { return model::is_thin(sum.trades, buyers); }
  [[nodiscard]] model::Price mean() const { return sum.index().value_or(model::Price{}); }
};

class PriceIndex {
 public:
  using Series = std::map<SeriesDay, std::vector<std::uint32_t>>;

  /// A row that was not there before.
  void add(std::uint32_t id, const model::DayPriceRow& row);

  /// The entry of this very day, or end().
  [[nodiscard]] Series::const_iterator find(const SeriesDay& key) const;
  /// The latest day before `key.day` of the same series, or end().
  [[nodiscard]] Series::const_iterator before(const SeriesDay& key) const;
  [[nodiscard]] Series::const_iterator end() const { return series_.end(); }

  /// Series with trades on that day, by region, then grade.
  [[nodiscard]] std::vector<SeriesDay> of_day(model::ProductId product, std::int64_t day,
                                              RegionLevel level) const;
  [[nodiscard]] std::optional<std::int64_t> latest_day(model::ProductId product,
                                                       std::int64_t day) const;

 private:
  struct DayEntry {
    model::ProductId product;
    std::int64_t day;
    RegionLevel level;
    std::uint32_t region;
    std::uint8_t grade;
    friend auto operator<=>(const DayEntry&, const DayEntry&) = default;
  };
  Series series_;
  std::set<DayEntry> days_;
};

}  // namespace hulan::projections
