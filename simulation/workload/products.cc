// SPDX-License-Identifier: Apache-2.0
#include "simulation/workload/products.h"

#include <cstring>

#include "base/assert.h"

namespace hulan::simulation {
namespace {

using model::Fen;
using model::Price;

model::ProductRow common(const char* code) {
  model::ProductRow p{};
  p.document.fill(7);
  std::strncpy(p.code.data(), code, p.code.size() - 1);
  p.methods =
      model::method_bit(model::Method::kListing) | model::method_bit(model::Method::kAscending);
  p.close_window_ns = 120 * model::kSecond;
  p.bond_bp = 500;
  p.trading_bond_bp = 50;
  p.short_tolerance_bp = 200;
  p.over_weight_bp = 500;
  p.fee_vat_bp = 600;
  p.purchase_deduction_bp = 900;
  p.vat_general_bp = 900;
  p.vat_small_bp = 100;
  p.zone_to.fill(~std::uint64_t{0});
  return p;
}

model::ProductRow hogs() {
  model::ProductRow p = common("live-hog");
  p.tick = Price{10};
  p.lot_minimum = 10;
  p.fee_fen_per_t = 1000;
  p.disposal_fen_per_head = Fen{8000};
  p.keeping_fen_per_head_day = Fen{500};
  p.band_bp = 500;
  p.shrink_bp = 150;
  p.head_tolerance_bp = 200;
  p.basis = model::PriceBasis::kByWeight;
  p.unit = model::QuantityUnit::kHead;
  p.grade_count = 3;
  p.grade_adjust = {0, -300, -600};
  p.single_count = 1;
  p.single_adjust = {-1000};
  p.band_count = 4;
  p.bands = {{{90'000, 100'000, -300, 0, 1, 0},
              {100'000, 120'000, 0, 0, 0, 0},
              {120'000, 130'000, -200, 1, 0, 0},
              {130'000, 140'000, -600, 1, 0, 0}}};
  p.required = {static_cast<std::uint8_t>(model::DocumentKind::kAsfTest),
                static_cast<std::uint8_t>(model::DocumentKind::kImmunization)};
  p.required_count = 2;
  p.needs_average = 1;
  p.needs_tags = 1;
  p.needs_quarantine = 1;
  p.needs_vehicle = 1;
  return p;
}

model::ProductRow maize() {
  model::ProductRow p = common("maize");
  p.tick = Price{1};
  p.lot_minimum = 1'000'000;
  p.fee_fen_per_t = 1000;
  p.keeping_fen_per_head_day = Fen{0};
  p.band_bp = 0;
  p.basis = model::PriceBasis::kByWeight;
  p.unit = model::QuantityUnit::kGrams;
  p.grade_count = 2;
  p.grade_adjust = {0, -50};
  return p;
}

model::ProductRow piglets() {
  model::ProductRow p = common("piglet");
  p.tick = Price{100};
  p.lot_minimum = 5;
  p.fee_fen_per_head = Fen{200};
  p.disposal_fen_per_head = Fen{3000};
  p.keeping_fen_per_head_day = Fen{300};
  p.band_bp = 1000;
  p.head_tolerance_bp = 200;
  p.basis = model::PriceBasis::kByCount;
  p.unit = model::QuantityUnit::kHead;
  return p;
}

}  // namespace

model::ProductRow product_of(unsigned kind) {
  switch (kind) {
    case 0:
      return hogs();
    case 1:
      return maize();
    case 2:
      return piglets();
    default:
      HULAN_ASSERT(false);
  }
}

std::int64_t middle_of(const model::ProductRow& product) {
  if (product.basis == model::PriceBasis::kByCount) return 50'000;
  return product.unit == model::QuantityUnit::kGrams ? 2'400 : 16'000;
}

}  // namespace hulan::simulation
