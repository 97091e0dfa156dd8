// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "projections/candle.h"
#include "projections/parts.h"

namespace hulan::projections {
namespace {

// Trades looked at for one page: the network thread serves others, too.
constexpr std::size_t kMostWalked = 50'000;

// The start of the interval that holds `time`, on the market's clock.
std::int64_t start_of(std::int64_t time, std::int64_t offset_ns, std::int64_t length) {
  const std::int64_t local = time + offset_ns;
  const std::int64_t into = local % length;
  return time - (into < 0 ? into + length : into);
}

// Trades come newest first, so that each one earlier becomes the opening.
void add(Candle& candle, const TradeRecord& trade) {
  if (candle.trades == 0) candle.close = candle.high = candle.low = trade.price;
  candle.open = trade.price;
  candle.high = std::max(candle.high, trade.price);
  candle.low = std::min(candle.low, trade.price);
  candle.weight += trade.weight;
  candle.quantity += trade.quantity;
  ++candle.trades;
}

bool counts(const CandleQuery& query, const TradeRecord& trade) {
  if (trade.related != 0 || (query.grade != 0 && trade.grade != query.grade)) return false;
  return query.region == 0 || region_at(trade.region, level_of(query.region)) == query.region;
}

}  // namespace

Page<Candle> View::candles(const CandleQuery& query) const {
  Page<Candle> page;
  const History<TradeRecord>& history = parts_->histories.trades;
  const model::ProductId product = parts_->root(query.product);
  const std::uint64_t* head = parts_->heads.product_trades.find(product);
  std::uint64_t at = query.cursor != 0 ? query.cursor : head == nullptr ? 0 : *head;
  if (at > history.count() || (at != 0 && history.at(at).product != product)) return page;
  const std::int64_t length = length_of(query.interval);
  const std::int64_t offset = parts_->market.utc_offset_s * model::kSecond;
  std::int64_t current = INT64_MAX;
  for (std::size_t walked = 0; at != 0; at = history.at(at).previous_of_product, ++walked) {
    const TradeRecord& trade = history.at(at);
    const std::int64_t start = start_of(trade.time, offset, length);
    if (start < query.from) break;
    // A page ends between two candles.
    if (start != current && (page.items.size() == query.limit || walked >= kMostWalked)) {
      page.next = at;
      break;
    }
    current = start;
    if (start >= query.until || !counts(query, trade)) continue;
    if (parts_->is_busted(trade.contract)) continue;
    if (page.items.empty() || page.items.back().start != start) page.items.push_back({start});
    add(page.items.back(), trade);
  }
  return page;
}

}  // namespace hulan::projections
