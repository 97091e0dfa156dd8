// SPDX-License-Identifier: Apache-2.0
#include "projections/price_index.h"

namespace hulan::projections {

void SeriesSum::add(const model::DayPriceRow& row) {
  const bool first = sum.trades == 0;
  // Beyond 64 bits of grams a row is left out: prices are a view, and the market goes on.
  if (!sum.add({row.weighted, row.weight, row.quantity, row.high, row.low, row.trades})) return;
  if (row.buyers > 1 || (!first && row.first_buyer != buyer)) {
    buyers = model::kThinBuyers;
  } else if (first) {
    buyers = row.buyers;
  }
  buyer = row.first_buyer;
}

void PriceIndex::add(std::uint32_t id, const model::DayPriceRow& row) {
  const bool province = row.region % 10'000 == 0;
  for (const RegionLevel level :
       {RegionLevel::kProvince, RegionLevel::kCity, RegionLevel::kCounty}) {
    if ((level == RegionLevel::kProvince) != province) continue;
    const std::uint32_t region = region_at(row.region, level);
    series_[{row.product, row.grade, level, region, row.day}].push_back(id);
    days_.insert({row.product, row.day, level, region, row.grade});
  }
}

PriceIndex::Series::const_iterator PriceIndex::find(const SeriesDay& key) const {
  return series_.find(key);
}

PriceIndex::Series::const_iterator PriceIndex::before(const SeriesDay& key) const {
  auto at = series_.lower_bound(key);
  if (at == series_.begin()) return series_.end();
  --at;
  return at->first.same_series(key) ? at : series_.end();
}

std::vector<SeriesDay> PriceIndex::of_day(model::ProductId product, std::int64_t day,
                                          RegionLevel level) const {
  std::vector<SeriesDay> found;
  for (auto at = days_.lower_bound({product, day, level, 0, 0});
       at != days_.end() && at->product == product && at->day == day && at->level == level; ++at) {
    found.push_back({product, at->grade, level, at->region, day});
  }
  return found;
}

std::optional<std::int64_t> PriceIndex::latest_day(model::ProductId product,
                                                   std::int64_t day) const {
  auto at = days_.lower_bound({product, day + 1, RegionLevel{}, 0, 0});
  if (at == days_.begin()) return std::nullopt;
  --at;
  if (at->product != product) return std::nullopt;
  return at->day;
}

}  // namespace hulan::projections
