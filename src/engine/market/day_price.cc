// SPDX-License-Identifier: Apache-2.0
#include "engine/market/day_price.h"

#include <algorithm>

#include "engine/market/calendar.h"
#include "engine/market/derived.h"
#include "engine/market/products.h"
#include "engine/market/reference_rows.h"
#include "model/day_index.h"
#include "model/region.h"

namespace hulan::engine {
namespace {

constexpr std::uint32_t kRegionsPerProvince = 10'000;

/// Row of the day, made if there is none; 0 = the table is full.
std::uint32_t reach_day(State& state, model::ProductId first, std::uint32_t region,
                        std::uint8_t grade, std::int64_t day) {
  const std::uint64_t hash = day_price_hash(first, region, grade, day);
  const std::uint32_t found = state.derived.day_prices.find(hash, [&](std::uint32_t id) {
    const auto& row = state.day_prices[id];
    return row.product == first && row.region == region && row.grade == grade && row.day == day;
  });
  if (found != 0) return found;
  if (state.day_prices.full()) return 0;
  const std::uint32_t id = state.day_prices.add();
  auto& row = state.day_prices.edit(id);
  row.product = first;
  row.region = region;
  row.grade = grade;
  row.day = day;
  state.derived.day_prices.insert(hash, id);
  return id;
}

void add_trade(Context& context, std::uint32_t id, const DayTrade& trade) {
  auto& row = context.state.day_prices.edit(id);
  row.weighted += static_cast<model::Int128>(trade.weight) * trade.price.value;
  row.weight += trade.weight;
  row.quantity += trade.quantity;
  row.high = row.trades == 0 ? trade.price : std::max(row.high, trade.price);
  row.low = row.trades == 0 ? trade.price : std::min(row.low, trade.price);
  ++row.trades;
  if (row.first_buyer == 0) {
    row.first_buyer = trade.buyer;
    row.buyers = 1;
  } else if (row.first_buyer != trade.buyer) {
    row.buyers = model::kThinBuyers;
  }
  context.emit_row<model::DayPriceChanged>(id, row);
}

/// A new day begins for the province: what the day before gave becomes the row's own price.
void begin_day(Context& context, std::uint32_t reference, std::uint32_t day_row) {
  State& state = context.state;
  if (reference == 0 || state.references[reference].day_row == day_row) return;
  const model::Price price = price_of_reference(state, reference, context.now);
  auto& row = state.references.edit(reference);
  if (price != row.price) {
    row.price = price;
    row.since = context.now.value;
    row.stated = 0;
  }
  row.day_row = day_row;
  context.emit_row<model::ReferenceChanged>(reference, row);
}

}  // namespace

void record_trade(Context& context, const DayTrade& trade) {
  State& state = context.state;
  if (trade.weight <= 0) return;
  const model::ProductId first = first_version(state, trade.product);
  const std::int64_t day = local_day(state.market[1], context.now);
  const std::uint32_t province = model::province_of(trade.region);
  const std::uint32_t whole =
      reach_day(state, first, province * kRegionsPerProvince, trade.grade, day);
  if (whole != 0) {
    begin_day(context, reach_reference(state, first, province, trade.grade), whole);
    add_trade(context, whole, trade);
  }
  if (trade.region == province * kRegionsPerProvince) return;
  const std::uint32_t county = reach_day(state, first, trade.region, trade.grade, day);
  if (county != 0) add_trade(context, county, trade);
}

bool is_thin(const model::DayPriceRow& day) { return model::is_thin(day.trades, day.buyers); }

model::Price mean_price(const model::DayPriceRow& day) {
  HULAN_ASSERT(day.weight > 0);
  const auto mean = model::to_unit(day.weighted, day.weight, 1);
  HULAN_ASSERT(mean);
  return {*mean};
}

}  // namespace hulan::engine
