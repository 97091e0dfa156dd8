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
constexpr std::uint32_t kLookedAgain = 1 << 16;  // contracts, for one bust

/// Row of the day; 0 = none.
std::uint32_t find_day(const State& state, model::ProductId first, std::uint32_t region,
                       std::uint8_t grade, std::int64_t day) {
  const std::uint64_t hash = day_price_hash(first, region, grade, day);
  return state.derived.day_prices.find(hash, [&](std::uint32_t id) {
    const auto& row = state.day_prices[id];
    return row.product == first && row.region == region && row.grade == grade && row.day == day;
  });
}

/// The same, made if there is none; 0 = the table is full.
std::uint32_t reach_day(State& state, model::ProductId first, std::uint32_t region,
                        std::uint8_t grade, std::int64_t day) {
  const std::uint64_t hash = day_price_hash(first, region, grade, day);
  const std::uint32_t found = find_day(state, first, region, grade, day);
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

struct DayOfContract {
  model::ProductId first = 0;
  std::int64_t day = 0;
};

DayOfContract day_of(const State& state, const model::ContractRow& row) {
  return {first_version(state, row.product),
          local_day(state.market[1], model::Time{row.concluded_at})};
}

bool counts_in(const State& state, const model::ContractRow& row, const model::DayPriceRow& day,
               bool whole_province) {
  if (row.state == model::ContractState::kBusted || row.related != 0 || row.grade != day.grade)
    return false;
  if (day_of(state, row).first != day.product) return false;
  return whole_province ? model::province_of(row.origin) == model::province_of(day.region)
                        : row.origin == day.region;
}

void count_one(model::DayPriceRow& seen, const model::ContractRow& row) {
  seen.high = seen.trades == 0 ? row.price : std::max(seen.high, row.price);
  seen.low = seen.trades == 0 ? row.price : std::min(seen.low, row.price);
  // Backwards in time: the first buyer is the last one met.
  seen.buyers = seen.trades == 0 || (seen.buyers == 1 && seen.first_buyer == row.buyer)
                    ? 1
                    : model::kThinBuyers;
  seen.first_buyer = row.buyer;
  ++seen.trades;
}

/// High, low and buyers of the day without `busted`; where the day began before what is looked at,
/// they stay as they are.
void look_again(const State& state, model::ContractId busted, model::DayPriceRow& day) {
  const bool whole = day.region % kRegionsPerProvince == 0;
  model::DayPriceRow seen{};
  model::ContractId id = state.contracts.size() - 1;
  for (std::uint32_t looked = 0; id >= 1 && seen.trades < day.trades; --id, ++looked) {
    if (looked == kLookedAgain) return;
    const auto& row = state.contracts[id];
    if (day_of(state, row).day < day.day) break;
    if (id == busted || day_of(state, row).day > day.day) continue;
    if (counts_in(state, row, day, whole)) count_one(seen, row);
  }
  day.high = seen.high;
  day.low = seen.low;
  day.first_buyer = seen.first_buyer;
  day.buyers = seen.buyers;
}

void subtract(Context& context, std::uint32_t id, model::ContractId contract, std::int64_t weight) {
  const auto& trade = context.state.contracts[contract];
  auto& row = context.state.day_prices.edit(id);
  if (row.trades == 0) return;
  row.weighted -= static_cast<model::Int128>(weight) * trade.price.value;
  row.weight -= weight;
  row.quantity -= trade.quantity;
  --row.trades;
  look_again(context.state, contract, row);
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

void take_back_trade(Context& context, model::ContractId contract, std::int64_t weight) {
  const State& state = context.state;
  const auto& row = state.contracts[contract];
  const auto [first, day] = day_of(state, row);
  const std::uint32_t whole_region = model::province_of(row.origin) * kRegionsPerProvince;
  const std::uint32_t whole = find_day(state, first, whole_region, row.grade, day);
  if (whole != 0) subtract(context, whole, contract, weight);
  if (row.origin == whole_region) return;
  const std::uint32_t county = find_day(state, first, row.origin, row.grade, day);
  if (county != 0) subtract(context, county, contract, weight);
}

bool is_thin(const model::DayPriceRow& day) { return model::is_thin(day.trades, day.buyers); }

model::Price mean_price(const model::DayPriceRow& day) {
  HULAN_ASSERT(day.weight > 0);
  const auto mean = model::to_unit(day.weighted, day.weight, 1);
  HULAN_ASSERT(mean);
  return {*mean};
}

}  // namespace hulan::engine
