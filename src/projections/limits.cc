// SPDX-License-Identifier: Apache-2.0
// What a lot's next price may be and what it freezes: the engine's rules seen from outside. The
// engine decides; this is for the form that a bidder fills in.
#include <algorithm>

#include "projections/parts.h"

namespace hulan::projections {
namespace {

using model::Int128;

constexpr std::int64_t kWhole = 10'000;  // basis points

std::int64_t floor_div(std::int64_t numerator, std::int64_t denominator) {
  return numerator / denominator - (numerator % denominator < 0 ? 1 : 0);
}

// R6.1: the nominal of `quantity` at `price`.
std::optional<model::Fen> nominal_of(const model::ProductRow& product, const model::LotRow& lot,
                                     model::Price price, std::int64_t quantity) {
  if (product.basis == model::PriceBasis::kByCount) return model::amount_by_count(price, quantity);
  const Int128 grams = product.needs_average != 0 ? static_cast<Int128>(quantity) * lot.average_g
                                                  : static_cast<Int128>(quantity);
  if (grams > model::kMaxMagnitude) return std::nullopt;
  return model::amount_by_weight(price, model::Grams{static_cast<std::int64_t>(grams)});
}

// The price that would be bid next, before the band; 0: none.
std::int64_t next_price(const model::LotRow& lot) {
  if (lot.state == model::LotState::kListed) return lot.price.value;
  if (lot.state != model::LotState::kAnnounced && lot.state != model::LotState::kOpen) return 0;
  if (lot.best.value == 0) return lot.price.value;
  const bool forward = lot.side == model::Side::kSell;
  const std::int64_t next = lot.best.value + (forward ? lot.step.value : -lot.step.value);
  const bool beyond = lot.cap.value != 0 && (forward ? next > lot.cap.value : next < lot.cap.value);
  return beyond || next <= 0 ? 0 : next;
}

}  // namespace

std::int64_t View::Parts::session_before(SeriesDay key) const {
  for (auto at = indices.prices.before(key); at != indices.prices.end();
       at = indices.prices.before(key)) {
    key = at->first;
    if (!sum(at->second).thin()) break;
  }
  return key.day;
}

std::int64_t View::day_of(model::Time time) const {
  return floor_div(time.value + parts_->market.utc_offset_s * model::kSecond, model::kDay);
}

Reference View::reference(model::ProductId product, std::uint8_t grade,
                          std::uint32_t province) const {
  const model::ProductId first = parts_->root(product);
  const auto found = parts_->indices.references.find({first, province, grade});
  if (found == parts_->indices.references.end()) return {};
  const model::ReferenceRow& row = *parts_->references.find(found->second);
  const std::int64_t since = day_of(model::Time{row.since});
  const model::DayPriceRow* latest =
      row.day_row == 0 ? nullptr : parts_->day_prices.find(row.day_row);
  if (latest != nullptr && latest->day < day_of(parts_->now) &&
      (row.stated == 0 || since <= latest->day)) {
    const SeriesSum sum = parts_->sum({row.day_row});
    if (!sum.thin()) return {sum.mean(), false, latest->day};
  }
  if (row.price.value == 0 || row.stated != 0) return {row.price, row.stated != 0, since};
  return {row.price, false,
          parts_->session_before({first, grade, RegionLevel::kProvince, province, since})};
}

std::optional<Band> View::band(const model::LotRow& lot) const {
  const model::ProductRow* product = parts_->products.find(lot.product);
  if (product == nullptr || product->band_bp == 0 || product->tick.value <= 0) return std::nullopt;
  const std::int64_t price =
      reference(lot.product, lot.grade, price_region(lot) / 10'000).price.value;
  if (price <= 0) return std::nullopt;
  const std::int64_t tick = product->tick.value;
  const Int128 least = static_cast<Int128>(price) * (kWhole - product->band_bp);
  const Int128 most = static_cast<Int128>(price) * (kWhole + product->band_bp);
  const Int128 unit = static_cast<Int128>(kWhole) * tick;
  const Int128 low = (std::max<Int128>(least, 0) + unit - 1) / unit;
  return Band{model::Price{static_cast<std::int64_t>(low) * tick},
              model::Price{static_cast<std::int64_t>(most / unit) * tick}};
}

NextBid View::next_bid(const model::LotRow& lot) const {
  const model::ProductRow* product = parts_->products.find(lot.product);
  const model::DivisibleRow* parts = divisible(lot.id);
  model::LotRow asked = lot;
  if (parts != nullptr) asked.best = parts->marginal;  // R5.3.7: what a bid for a part must beat
  const model::Price price{next_price(asked)};
  if (product == nullptr || price.value == 0) return {};
  const auto limits = band(lot);
  if (limits && (price < limits->low || price > limits->high)) return {};
  const bool listing = lot.state == model::LotState::kListed;
  const std::int64_t quantity = parts != nullptr ? lot.minimum
                                : listing        ? lot.remaining
                                                 : lot.quantity;
  const auto nominal = nominal_of(*product, lot, price, quantity);
  if (!nominal) return {};
  const auto performance = model::bond_of(*nominal, product->bond_bp);
  const auto trading = model::bond_of(*nominal, product->trading_bond_bp);
  if (!performance || !trading) return {};
  return {price, *performance, *trading};
}

}  // namespace hulan::projections
