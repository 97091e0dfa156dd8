// SPDX-License-Identifier: Apache-2.0
// The first form of the index (R11.2): rows by product, grade, region and day.
#include <algorithm>

#include "projections/parts.h"

namespace hulan::projections {
namespace {

model::Price median_of(std::vector<std::int64_t>& prices) {
  if (prices.empty()) return {};
  std::sort(prices.begin(), prices.end());
  const std::size_t half = prices.size() / 2;
  if (prices.size() % 2 == 1) return model::Price{prices[half]};
  const model::Int128 two = static_cast<model::Int128>(prices[half - 1]) + prices[half];
  return model::Price{model::half_away(two, 2).value_or(0)};
}

// The counted trades of one product's day: prices by grade and region of one level.
class DayTrades {
 public:
  DayTrades(const History<TradeRecord>& trades, std::uint64_t head, RegionLevel level) {
    for (std::uint64_t at = head; at != 0; at = trades.at(at).previous_of_day) {
      const TradeRecord& trade = trades.at(at);
      if (trade.related != 0) continue;
      prices_[{trade.grade, region_at(trade.region, level)}].push_back(trade.price.value);
    }
  }

  [[nodiscard]] model::Price median(const SeriesDay& key) {
    return median_of(prices_[{key.grade, key.region}]);
  }

 private:
  std::map<std::pair<std::uint8_t, std::uint32_t>, std::vector<std::int64_t>> prices_;
};

DayTrades trades_of_day(const Histories& histories, const Heads& heads, const SeriesDay& key) {
  const auto head = heads.day_trades.find(trade_day_key(key.product, key.day));
  return {histories.trades, head == heads.day_trades.end() ? 0 : head->second, key.level};
}

PriceRow row_of(const SeriesDay& key, const DaySum& sum, model::Price median) {
  PriceRow row;
  row.product = key.product;
  row.grade = key.grade;
  row.level = key.level;
  row.region = key.region;
  row.day = key.day;
  row.price = sum.mean();
  row.weight = sum.weight;
  row.quantity = sum.quantity;
  row.trades = sum.trades;
  row.high = sum.high;
  row.low = sum.low;
  row.median = median;
  row.thin = sum.thin();
  return row;
}

void compare(PriceRow& row, const SeriesDay& earlier, const DaySum& sum) {
  row.change = row.price.value - sum.mean().value;
  row.previous_day = earlier.day;
}

}  // namespace

DaySum View::Parts::sum(const Ids& day_price_rows) const {
  DaySum sum;
  model::ParticipantId buyer = 0;
  for (const std::uint32_t id : day_price_rows) {
    const model::DayPriceRow& row = *day_prices.find(id);
    const bool first = sum.trades == 0;
    sum.weighted += row.weighted;
    sum.weight += row.weight;
    sum.quantity += row.quantity;
    sum.trades += row.trades;
    sum.high = first ? row.high : std::max(sum.high, row.high);
    sum.low = first ? row.low : std::min(sum.low, row.low);
    if (row.buyers > 1 || (!first && row.first_buyer != buyer)) sum.two_buyers = true;
    buyer = row.first_buyer;
  }
  return sum;
}

std::vector<PriceRow> View::prices(model::ProductId product, std::int64_t day,
                                   RegionLevel level) const {
  const PriceIndex& index = parts_->indices.prices;
  const SeriesDay any{parts_->root(product), 0, level, 0, day};
  DayTrades trades = trades_of_day(parts_->histories, parts_->heads, any);
  std::vector<PriceRow> rows;
  for (const SeriesDay& key : index.of_day(any.product, day, level)) {
    PriceRow row = row_of(key, parts_->sum(index.find(key)->second), trades.median(key));
    const auto earlier = index.before(key);
    if (earlier != index.end()) compare(row, earlier->first, parts_->sum(earlier->second));
    rows.push_back(row);
  }
  return rows;
}

std::vector<PriceRow> View::price_history(model::ProductId product, std::uint8_t grade,
                                          std::uint32_t region, std::size_t limit) const {
  const PriceIndex& index = parts_->indices.prices;
  std::vector<PriceRow> rows;
  SeriesDay key{parts_->root(product), grade, level_of(region), region, INT64_MAX};
  for (auto at = index.before(key); at != index.end(); at = index.before(key)) {
    key = at->first;
    const DaySum sum = parts_->sum(at->second);
    if (!rows.empty()) compare(rows.back(), key, sum);
    if (rows.size() == limit) break;
    DayTrades trades = trades_of_day(parts_->histories, parts_->heads, key);
    rows.push_back(row_of(key, sum, trades.median(key)));
  }
  return rows;
}

std::optional<std::int64_t> View::latest_price_day(model::ProductId product,
                                                   std::int64_t day) const {
  return parts_->indices.prices.latest_day(parts_->root(product), day);
}

}  // namespace hulan::projections
