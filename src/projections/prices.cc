// SPDX-License-Identifier: Apache-2.0
// The index (R11.2): rows by product, grade, region and day.
#include <algorithm>

#include "projections/parts.h"

namespace hulan::projections {
namespace {

// The counted trades of one product's day: prices by grade and region of one level.
class DayTrades {
 public:
  template <class IsBusted>
  DayTrades(const History<TradeRecord>& trades, std::uint64_t head, RegionLevel level,
            IsBusted is_busted) {
    for (std::uint64_t at = head; at != 0; at = trades.at(at).previous_of_day) {
      const TradeRecord& trade = trades.at(at);
      if (trade.related != 0 || is_busted(trade.contract)) continue;
      prices_[{trade.grade, region_at(trade.region, level)}].push_back(trade.price.value);
    }
  }

  [[nodiscard]] model::Price median(const SeriesDay& key) {
    return model::median_of(prices_[{key.grade, key.region}]).value_or(model::Price{});
  }

 private:
  std::map<std::pair<std::uint8_t, std::uint32_t>, std::vector<std::int64_t>> prices_;
};

template <class Parts>
DayTrades trades_of_day(const Parts& parts, const SeriesDay& key) {
  const auto& heads = parts.heads.day_trades;
  const auto head = heads.find(trade_day_key(key.product, key.day));
  return {parts.histories.trades, head == heads.end() ? 0 : head->second, key.level,
          [&](model::ContractId id) { return parts.is_busted(id); }};
}

PriceRow row_of(const SeriesDay& key, const SeriesSum& series, model::Price median) {
  const model::DaySum& sum = series.sum;
  PriceRow row;
  row.product = key.product;
  row.grade = key.grade;
  row.level = key.level;
  row.region = key.region;
  row.day = key.day;
  row.price = series.mean();
  row.weight = sum.weight;
  row.quantity = sum.quantity;
  row.trades = sum.trades;
  row.high = sum.high;
  row.low = sum.low;
  row.median = median;
  row.thin = series.thin();
  return row;
}

// What the latest earlier day with trades adds: the change, and the two-day index (R11.2).
void compare(PriceRow& row, const SeriesSum& today, std::int64_t earlier_day,
             const SeriesSum& earlier) {
  row.change = row.price.value - earlier.mean().value;
  row.previous_day = earlier_day;
  model::DaySum both = today.sum;
  if (both.add(earlier.sum)) row.two_day = both.index();
}

}  // namespace

SeriesSum View::Parts::sum(const Ids& day_price_rows) const {
  SeriesSum sum;
  for (const std::uint32_t id : day_price_rows) sum.add(*day_prices.find(id));
  return sum;
}

std::vector<PriceRow> View::prices(model::ProductId product, std::int64_t day,
                                   RegionLevel level) const {
  const PriceIndex& index = parts_->indices.prices;
  const SeriesDay any{parts_->root(product), 0, level, 0, day};
  DayTrades trades = trades_of_day(*parts_, any);
  std::vector<PriceRow> rows;
  for (const SeriesDay& key : index.of_day(any.product, day, level)) {
    const SeriesSum sum = parts_->sum(index.find(key)->second);
    if (sum.sum.trades == 0) continue;  // all were busted (R12.4)
    PriceRow row = row_of(key, sum, trades.median(key));
    auto earlier = index.before(key);
    while (earlier != index.end() && parts_->sum(earlier->second).sum.trades == 0) {
      earlier = index.before(earlier->first);
    }
    if (earlier != index.end()) {
      compare(row, sum, earlier->first.day, parts_->sum(earlier->second));
    }
    rows.push_back(row);
  }
  return rows;
}

std::vector<PriceRow> View::price_history(const PriceQuery& query) const {
  const PriceIndex& index = parts_->indices.prices;
  std::vector<PriceRow> rows;
  SeriesDay key{parts_->root(query.product), query.grade, level_of(query.region), query.region,
                query.until == INT64_MAX ? INT64_MAX : query.until + 1};
  SeriesSum later;
  for (auto at = index.before(key); at != index.end(); at = index.before(key)) {
    key = at->first;
    const SeriesSum sum = parts_->sum(at->second);
    if (sum.sum.trades == 0) continue;  // all were busted (R12.4)
    if (!rows.empty()) compare(rows.back(), later, key.day, sum);
    if (rows.size() == query.limit || key.day < query.from) break;
    DayTrades trades = trades_of_day(*parts_, key);
    rows.push_back(row_of(key, sum, trades.median(key)));
    later = sum;
  }
  return rows;
}

std::optional<std::int64_t> View::latest_price_day(model::ProductId product,
                                                   std::int64_t day) const {
  return parts_->indices.prices.latest_day(parts_->root(product), day);
}

}  // namespace hulan::projections
