// SPDX-License-Identifier: Apache-2.0
#include "engine/market/references.h"

#include "engine/market/access.h"
#include "engine/market/calendar.h"
#include "engine/market/day_price.h"
#include "engine/market/derived.h"
#include "engine/market/products.h"
#include "engine/market/reference_rows.h"
#include "model/region.h"

namespace hulan::engine {
namespace {

using model::Price;
using model::Reject;

constexpr std::int64_t kWhole = 10'000;

/// True if the day ended before `now` and nothing was stated after it.
bool day_counts(const State& state, const model::ReferenceRow& row, model::Time now) {
  if (row.day_row == 0) return false;
  const auto& day = state.day_prices[row.day_row];
  const auto& market = state.market[1];
  if (day.day >= local_day(market, now) || is_thin(day)) return false;
  return row.stated == 0 || local_day(market, model::Time{row.since}) <= day.day;
}

}  // namespace

std::uint32_t find_reference(const State& state, model::ProductId first, std::uint32_t province,
                             std::uint8_t grade) {
  return state.derived.references.find(
      reference_hash(first, province, grade), [&](std::uint32_t id) {
        const auto& row = state.references[id];
        return row.product == first && row.province == province && row.grade == grade;
      });
}

std::uint32_t reach_reference(State& state, model::ProductId first, std::uint32_t province,
                              std::uint8_t grade) {
  if (const std::uint32_t id = find_reference(state, first, province, grade); id != 0) return id;
  if (state.references.full()) return 0;
  const std::uint32_t id = state.references.add();
  auto& row = state.references.edit(id);
  row.product = first;
  row.province = province;
  row.grade = grade;
  state.derived.references.insert(reference_hash(first, province, grade), id);
  return id;
}

Price price_of_reference(const State& state, std::uint32_t id, model::Time now) {
  const auto& row = state.references[id];
  return day_counts(state, row, now) ? mean_price(state.day_prices[row.day_row]) : row.price;
}

Price reference_price(const State& state, model::ProductId first, std::uint32_t province,
                      std::uint8_t grade, model::Time now) {
  const std::uint32_t id = find_reference(state, first, province, grade);
  return id == 0 ? Price{} : price_of_reference(state, id, now);
}

PriceBand band_around(Price reference, const model::ProductRow& product) {
  if (product.band_bp == 0 || reference.value == 0) return {};
  const auto bp = static_cast<std::int64_t>(product.band_bp);
  const std::int64_t unit = kWhole * product.tick.value;
  // A tick is at most 10^12, so the unit fits; the products may not.
  const model::Int128 low = static_cast<model::Int128>(reference.value) * (kWhole - bp);
  const model::Int128 high = static_cast<model::Int128>(reference.value) * (kWhole + bp);
  const auto floor_div = [unit](model::Int128 value) {
    if (value <= INT64_MAX) return static_cast<std::int64_t>(value) / unit;
    return static_cast<std::int64_t>(value / unit);
  };
  return {Price{floor_div(low + unit - 1) * product.tick.value},
          Price{floor_div(high) * product.tick.value}};
}

PriceBand price_band(const State& state, model::ProductId product, std::uint32_t region,
                     std::uint8_t grade, model::Time now) {
  const auto& row = state.products[product];
  if (row.band_bp == 0) return {};
  return band_around(
      reference_price(state, first_version(state, product), model::province_of(region), grade, now),
      row);
}

Reject check_price(Price price, const model::ProductRow& product, const PriceBand& band) {
  if (!is_magnitude(price.value)) return Reject::price_not_positive;
  if (price.value % product.tick.value != 0) return Reject::price_off_tick;
  return band.holds(price) ? Reject::ok : Reject::out_of_band;
}

Outcome state_reference(Context& context, const model::StateReference& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return {r};
  if (!is_product(state, body.product)) return {Reject::unknown_product};
  if (model::province_slot(body.province) < 0) return {Reject::invalid_region};
  if (!is_grade(state.products[body.product], body.grade)) return {Reject::invalid_grade};
  if (!is_magnitude(body.price)) return {Reject::price_not_positive};
  const std::uint32_t id = reach_reference(state, first_version(state, body.product), body.province,
                                           static_cast<std::uint8_t>(body.grade));
  if (id == 0) return {Reject::references_full};
  auto& row = state.references.edit(id);
  row.price = Price{body.price};
  row.since = context.now.value;
  row.stated = 1;
  context.emit_row<model::ReferenceChanged>(id, row);
  return {Reject::ok, id};
}

}  // namespace hulan::engine
