// SPDX-License-Identifier: Apache-2.0
// R8 and R9: what a weighed contract comes to, and who is paid what. In fractions where the rulebook
// has fractions, rounded where it rounds.
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {
namespace {

using model::ContractRow;
using model::DeliveryState;

struct Line {
  Wide head = 0, net = 0, settled = 0, adjust = 0, price = 0, amount = 0;
  std::uint32_t row = 0;
};

struct Scale {
  Wide head = 0, dead = 0, origin = 0, destination = 0, delivered = 0, failed = 0;
  std::vector<Line> lines;
};

Scale read_scale(const Market& market, const ContractRow& contract) {
  const model::ProductRow& product = market.products.at(contract.product);
  const bool origin = contract.terms == model::Terms::kOrigin;
  Scale scale;
  for (std::uint32_t id = contract.first_delivery; id != 0; id = market.deliveries.at(id).next) {
    const model::DeliveryRow& delivery = market.deliveries.at(id);
    if (delivery.state == DeliveryState::kFailed) scale.failed += delivery.quantity;
    if (delivery.state != DeliveryState::kWeighed) continue;
    if (by_head(product)) scale.head += delivery.loaded_quantity;
    scale.dead += delivery.dead;
    scale.origin += delivery.origin_g;
    scale.destination += delivery.destination_g;
    scale.delivered += by_head(product) ? delivery.loaded_quantity
                       : origin         ? delivery.origin_g
                                        : delivery.destination_g;
    for (std::uint32_t g = delivery.first_group; g != 0; g = market.groups.at(g).next) {
      const model::GroupRow& group = market.groups.at(g);
      scale.lines.push_back({group.head, group.net_g, 0, group.adjust, 0, 0, g});
    }
  }
  return scale;
}

/// R8.2: the excess leaves the groups in proportion, largest remainder first, ties to the earlier.
void share_out(std::vector<Line>& lines, Wide total, Wide excess) {
  std::vector<std::pair<Wide, std::size_t>> remainders;
  Wide left = excess;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Wide whole = total == 0 ? 0 : excess * lines[i].net / total;
    lines[i].settled = lines[i].net - whole;
    left -= whole;
    remainders.emplace_back(total == 0 ? 0 : excess * lines[i].net % total, i);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; left > 0 && i < remainders.size(); ++i, --left) {
    --lines[remainders[i].second].settled;
  }
}

Wide band_of(const model::ProductRow& product, Wide average, bool& outside) {
  for (std::size_t i = 0; i < product.band_count; ++i) {
    const model::WeightBand& band = product.bands[i];
    const bool above = average > band.low_g || (average == band.low_g && band.low_open == 0);
    const bool below = average < band.high_g || (average == band.high_g && band.high_open == 0);
    if (above && below) return band.adjust;
  }
  outside = product.band_count != 0;
  return 0;
}

/// Gross to the tax inside it.
Wide tax_inside(Wide gross, Wide bp) { return round_half_away(gross * bp, 10'000 + bp); }

}  // namespace

void same(const char* rule, const char* what, const ContractRow& row, Wide has, Wide should) {
  require(has == should, rule, [&] {
    return "contract " + std::to_string(row.id) + ": " + what + " is " + text_of(has) +
           " instead of " + text_of(should);
  });
}

void check_totals(const Market& market, const ContractRow& row, Wide goods) {
  const model::ProductRow& product = market.products.at(row.product);
  const Wide fees = row.fee_each.value;
  same("R9.1", "goods", row, row.goods.value, goods);
  same("R9.2", "buyer pays", row, row.buyer_pays.value, goods + fees);
  same("R9.2", "seller receives", row, row.seller_receives.value,
       goods - fees - row.disposal.value);
  same("R9.2", "refund", row, row.buyer_refund.value,
       std::max<Wide>(0, row.nominal.value - goods - fees));
  same("R9.4", "top-up", row, row.buyer_topup.value,
       std::max<Wide>(0, goods + fees - row.nominal.value));
  const model::VatStatus vat = market.participants.at(row.seller).vat;
  const Wide rate = vat == model::VatStatus::kGeneral      ? product.vat_general_bp
                    : vat == model::VatStatus::kSmallScale ? product.vat_small_bp
                                                           : product.vat_exempt_bp;
  same("R9.3", "seller's VAT", row, row.seller_vat.value, tax_inside(goods, rate));
  const bool deducts = vat == model::VatStatus::kExemptProducer && rate == 0 &&
                       market.participants.at(row.buyer).vat == model::VatStatus::kGeneral;
  same("R9.3", "purchase deduction", row, row.buyer_deduction.value,
       deducts ? round_half_away(goods * product.purchase_deduction_bp, 10'000) : Wide{0});
}

void check_figures(const Market& market, const ContractRow& row) {
  if (row.adjust_needed != 0) return;  // not final: the parties must agree first (R8.4)
  const model::ProductRow& product = market.products.at(row.product);
  const bool origin = row.terms == model::Terms::kOrigin, count = by_count(product);
  Scale scale = read_scale(market, row);
  const Wide floor = round_half_away(scale.origin * (10'000 - product.shrink_bp), 10'000);
  const Wide excess = origin && !count ? std::max<Wide>(0, floor - scale.destination) : 0;
  const Wide settled = count    ? scale.head - (origin ? 0 : scale.dead)
                       : origin ? scale.origin - excess
                                : scale.destination;
  same("R8.3", "settled weight", row, row.settled_g, settled);
  const bool none_alive = by_head(product) && scale.head == scale.dead;
  const bool worth = !none_alive || (count && origin);
  Wide goods = 0, fees = 0;
  if (worth) {
    Wide band = 0;
    bool outside = false;
    if (!count && by_head(product) && !none_alive) {
      const Wide weight = origin ? scale.origin : scale.destination;
      const Wide head = origin ? scale.head : scale.head - scale.dead;
      const Wide average = round_half_away(weight, head);
      same("R8.4", "average", row, row.average_live_g, average);
      band = band_of(product, average, outside);
      if (outside) {
        require(row.seller_adjust_set != 0 && row.buyer_adjust_set != 0 &&
                    row.seller_adjust == row.buyer_adjust,
                "R8.4", "an average outside the bands without an agreed adjustment");
        band = row.seller_adjust;
      }
      same("R8.4", "band", row, row.band, band);
    }
    share_out(scale.lines, scale.origin, excess);
    for (Line& line : scale.lines) {
      line.price = std::max<Wide>(0, Wide{row.price.value} + line.adjust + band);
      line.amount = amount(product, line.price, count ? line.head : line.settled);
      goods += line.amount;
      const model::GroupRow& group = market.groups.at(line.row);
      same("R8.2", "a group's settled weight", row, group.settled_g, line.settled);
      same("R9.1", "a group's price", row, group.price.value, line.price);
      same("R9.1", "a group's amount", row, group.amount.value, line.amount);
    }
    fees = fee(product, settled);
  }
  const Wide disposal = origin ? 0 : Wide{product.disposal_fen_per_head.value} * scale.dead;
  same("R9.1", "fee", row, row.fee_each.value, fees);
  same("R8.5", "disposal", row, row.disposal.value, disposal);
  check_totals(market, row, goods);
}

Forfeits forfeits_of(const Market& market, const ContractRow& before) {
  const model::ProductRow& product = market.products.at(before.product);
  const Scale scale = read_scale(market, before);
  const bool origin = before.terms == model::Terms::kOrigin;
  const Wide planned = Wide{before.quantity} - scale.failed;
  const Wide missing = planned - std::min(scale.delivered, planned);
  const bool tolerated = missing * 10'000 <= Wide{before.quantity} * product.short_tolerance_bp;
  const Wide by_seller = (tolerated ? 0 : missing) + (origin ? 0 : scale.failed);
  const Wide by_buyer = origin ? scale.failed : 0;
  Forfeits out;
  out.seller = round_half_away(Wide{before.seller_bond.value} * by_seller, before.quantity);
  out.buyer = round_half_away(Wide{before.buyer_bond.value} * by_buyer, before.quantity);
  if (by_buyer > 0) out.failure = model::DefaultKind::kBuyerDidNotCollect;
  if (by_seller > 0) out.failure = model::DefaultKind::kSellerShort;
  return out;
}

void check_settlement(const Market& market, const Look& look, const model::Settled& event) {
  const ContractRow& row = market.contracts.at(event.contract);
  const auto before = look.contracts_before.find(event.contract);
  require(before != look.contracts_before.end(), "R9.2", "settled out of nothing");
  const ContractRow& old = before->second;
  if (claim_of(market, row.id) != nullptr) return check_award(market, look, old, row);
  const model::ProductRow& product = market.products.at(row.product);
  const auto [seller_forfeits, buyer_forfeits, failure] = forfeits_of(market, old);
  require(row.default_kind == failure, "R10.3", "settled with another failure");
  same("R10.2", "forfeited", row, row.forfeited.value, seller_forfeits + buyer_forfeits);
  // R9.4: escrow, available, trading bond, performance bond; the seller before the fee.
  const auto part = [&](model::ParticipantId who) {
    const auto found = look.by_contract.find({event.contract, who});
    return found == look.by_contract.end() ? Buckets{} : found->second;
  };
  const Buckets buyer = part(row.buyer), seller = part(row.seller);
  const Wide available = market.available(row.buyer, product.currency) - buyer[0];
  Wide due = row.buyer_pays.value;
  const auto take = [&due](Wide from) {
    const Wide taken = std::min(due, from);
    due -= taken;
    return taken;
  };
  const Wide from_escrow = take(old.prepaid.value);
  const Wide from_available = take(available);
  const Wide from_trading = take(old.buyer_trading_bond.value);
  const Wide from_bond = take(Wide{old.buyer_bond.value} - buyer_forfeits);
  const Wide paid = Wide{row.buyer_pays.value} - due;
  const Wide goods = std::min<Wide>(paid, row.goods.value);
  const Wide costs = Wide{row.disposal.value} + row.fee_each.value;
  const Wide from_seller = std::min(std::max<Wide>(0, costs - goods),
                                    Wide{old.seller_bond.value} - seller_forfeits);
  const Wide seller_pays = std::min(costs, goods + from_seller);
  same("R9.2", "what reaches the buyer", row, buyer[0],
       Wide{old.prepaid.value} - from_escrow - from_available + seller_forfeits +
           old.buyer_bond.value - buyer_forfeits - from_bond + old.buyer_trading_bond.value -
           from_trading);
  same("R9.2", "what reaches the seller", row, seller[0],
       goods - seller_pays + buyer_forfeits + old.seller_bond.value - seller_forfeits +
           old.seller_trading_bond.value);
  same("R9.4", "shortage", row, row.shortage.value, due);
}

}  // namespace hulan::auditor
