// SPDX-License-Identifier: Apache-2.0
// From the rows of what was weighed to the figures of the settlement, and back into the rows.
#include <limits>

#include "engine/contract/steps.h"

namespace hulan::engine::contract {

using model::ContractRow;
using model::DeliveryId;
using model::DeliveryRow;
using model::DeliveryState;
using model::PriceBasis;
using model::ProductRow;
using model::QuantityUnit;
using model::Terms;

namespace {

/// The adjustment of the band nearest to an average outside every band (R8.4).
std::int64_t nearest_band(const ProductRow& product, std::int64_t average_g) {
  std::int64_t adjust = 0;
  std::int64_t nearest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 0; i < product.band_count; ++i) {
    const model::WeightBand& band = product.bands[i];
    const std::int64_t away =
        average_g <= band.low_g ? band.low_g - average_g : average_g - band.high_g;
    if (away < nearest) {
      nearest = away;
      adjust = band.adjust;
    }
  }
  return adjust;
}

void read_groups(const State& state, const DeliveryRow& delivery, Sheet& sheet) {
  for (std::uint32_t id = delivery.first_group; id != 0; id = state.groups[id].next) {
    const model::GroupRow& group = state.groups[id];
    HULAN_ASSERT(sheet.count < sheet.lines.size());
    sheet.rows[sheet.count] = id;
    sheet.lines[sheet.count++] =
        GroupLine{.head = group.head, .net_g = group.net_g, .adjust = group.adjust};
  }
}

}  // namespace

void read_sheet(const State& state, const ContractRow& contract, Sheet& sheet) {
  const ProductRow& product = product_of(state, contract);
  Weighing& weighing = sheet.weighing;
  weighing.price = contract.price;
  weighing.prepaid = contract.nominal;
  weighing.terms = contract.terms;
  weighing.seller_vat = state.participants[contract.seller].vat;
  weighing.buyer_is_general_payer =
      state.participants[contract.buyer].vat == model::VatStatus::kGeneral;
  if (contract.seller_adjust_set != 0 && contract.buyer_adjust_set != 0 &&
      contract.seller_adjust == contract.buyer_adjust) {
    weighing.agreed_adjust = contract.agreed_adjust;
  }
  for (DeliveryId id = contract.first_delivery; id != 0; id = state.deliveries[id].next) {
    const DeliveryRow& delivery = state.deliveries[id];
    if (delivery.state != DeliveryState::kWeighed) continue;
    if (product.unit == QuantityUnit::kHead) weighing.head += delivery.loaded_quantity;
    weighing.dead += delivery.dead;
    weighing.origin_g += delivery.origin_g;
    weighing.destination_g += delivery.destination_g;
    read_groups(state, delivery, sheet);
  }
}

std::expected<Figures, Refusal> work_out(const ProductRow& product, Sheet& sheet) {
  const Weighing& weighing = sheet.weighing;
  const bool pays_for_dead =
      product.basis == PriceBasis::kByCount && weighing.terms == Terms::kOrigin;
  if (product.unit == QuantityUnit::kHead && weighing.head == weighing.dead && !pays_for_dead) {
    sheet.count = 0;
  }
  auto totals = settle(product, weighing, sheet.groups());
  if (totals) return Figures{*totals, false};
  if (totals.error().reject != model::Reject::adjustment_needed) {
    return std::unexpected(totals.error());
  }
  Weighing nearest = weighing;
  nearest.agreed_adjust = nearest_band(product, totals.error().value);
  totals = settle(product, nearest, sheet.groups());
  if (!totals) return std::unexpected(totals.error());
  return Figures{*totals, true};
}

void write_totals(ContractRow& row, const Settlement& totals) {
  row.goods = totals.goods;
  row.fee_each = totals.fee_each;
  row.disposal = totals.disposal;
  row.buyer_pays = totals.buyer_pays;
  row.buyer_refund = totals.buyer_refund;
  row.buyer_topup = totals.buyer_topup;
  row.seller_receives = totals.seller_receives;
  row.seller_vat = totals.seller_vat;
  row.buyer_deduction = totals.buyer_deduction;
}

void write_figures(Context& context, model::ContractId id, Sheet& sheet, const Figures& figures) {
  ContractRow& row = context.state.contracts.edit(id);
  const Settlement& totals = figures.totals;
  row.settled_g = totals.settled;
  row.average_live_g = totals.average_live_g;
  row.band = static_cast<std::int32_t>(totals.band);
  write_totals(row, totals);
  row.dead_head = static_cast<std::uint32_t>(sheet.weighing.dead);
  row.live_head = static_cast<std::uint32_t>(sheet.weighing.head - sheet.weighing.dead);
  row.adjust_needed = figures.outside ? 1 : 0;
  for (std::size_t i = 0; i < sheet.count; ++i) {
    model::GroupRow& group = context.state.groups.edit(sheet.rows[i]);
    group.settled_g = sheet.lines[i].settled_g;
    group.price = sheet.lines[i].price;
    group.amount = sheet.lines[i].amount;
    context.emit_row<model::GroupChanged>(sheet.rows[i], group);
  }
}

std::int64_t delivered_of(const State& state, const ContractRow& contract) {
  const bool by_head = product_of(state, contract).unit == QuantityUnit::kHead;
  std::int64_t delivered = 0;
  for (DeliveryId id = contract.first_delivery; id != 0; id = state.deliveries[id].next) {
    const DeliveryRow& delivery = state.deliveries[id];
    if (delivery.state != DeliveryState::kWeighed) continue;
    delivered +=
        by_head ? delivery.loaded_quantity
                : (contract.terms == Terms::kOrigin ? delivery.origin_g : delivery.destination_g);
  }
  return delivered;
}

std::int64_t failed_of(const State& state, const ContractRow& contract) {
  std::int64_t failed = 0;
  for (DeliveryId id = contract.first_delivery; id != 0; id = state.deliveries[id].next) {
    const DeliveryRow& delivery = state.deliveries[id];
    if (delivery.state == DeliveryState::kFailed) failed += delivery.quantity;
  }
  return failed;
}

}  // namespace hulan::engine::contract
