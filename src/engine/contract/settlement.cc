// SPDX-License-Identifier: Apache-2.0
#include "engine/contract/settlement.h"

#include <algorithm>

#include "base/assert.h"

namespace hulan::engine::contract {

using model::Fen;
using model::Int128;
using model::Price;
using model::PriceBasis;
using model::ProductRow;
using model::QuantityUnit;
using model::Reject;
using model::Terms;
using model::VatStatus;

namespace {

constexpr Int128 kWhole = 10'000;  // basis points

bool by_count(const ProductRow& product) { return product.basis == PriceBasis::kByCount; }

bool by_head(const ProductRow& product) { return product.unit == QuantityUnit::kHead; }

std::optional<std::int64_t> narrow(Int128 value) {
  if (value > INT64_MAX || value < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::unexpected<Refusal> refuse(Reject reject, const char* field, std::int64_t value = 0) {
  return std::unexpected(Refusal{reject, field, value});
}

/// The tax inside a gross amount at `basis_points`: gross x rate / (1 + rate), half away. Never
/// larger than the amount itself.
Fen tax_inside(Fen gross, std::int64_t basis_points) {
  const auto tax =
      model::half_away(static_cast<Int128>(gross.value) * basis_points, kWhole + basis_points);
  HULAN_ASSERT(tax);
  return Fen{*tax};
}

std::int64_t vat_rate(const ProductRow& product, VatStatus status) {
  switch (status) {
    case VatStatus::kExemptProducer:
      return product.vat_exempt_bp;
    case VatStatus::kGeneral:
      return product.vat_general_bp;
    case VatStatus::kSmallScale:
      return product.vat_small_bp;
  }
  return 0;
}

bool in_band(const model::WeightBand& band, std::int64_t average_g) {
  const bool above = band.low_open != 0 ? average_g > band.low_g : average_g >= band.low_g;
  const bool below = band.high_open != 0 ? average_g < band.high_g : average_g <= band.high_g;
  return above && below;
}

/// R8.2: weights sum to the weight paid for, heads to the live head. By count on origin terms the
/// dead are the buyer's loss (R8.5), so the groups hold every head delivered.
bool add_up(const ProductRow& product, const Weighing& weighing,
            std::span<const GroupLine> groups) {
  Int128 head = 0;
  Int128 net = 0;
  for (const GroupLine& group : groups) {
    head += group.head;
    net += group.net_g;
  }
  const bool origin = weighing.terms == Terms::kOrigin;
  const bool with_dead = by_count(product) && origin;
  const std::int64_t want_head =
      by_head(product) ? weighing.head - (with_dead ? 0 : weighing.dead) : 0;
  const std::int64_t want_net =
      by_count(product) ? 0 : (origin ? weighing.origin_g : weighing.destination_g);
  return head == want_head && net == want_net;
}

/// R8.4: average over the whole lot and its band.
std::expected<void, Refusal> apply_band(const ProductRow& product, const Weighing& weighing,
                                        Settlement& out) {
  if (by_count(product) || !by_head(product)) return {};
  const bool origin = weighing.terms == Terms::kOrigin;
  const std::int64_t weight = origin ? weighing.origin_g : weighing.destination_g;
  const std::int64_t head = origin ? weighing.head : weighing.head - weighing.dead;
  out.average_live_g = *model::half_away(weight, head);
  const auto band = band_of(product, out.average_live_g);
  if (band) {
    out.band = *band;
  } else if (weighing.agreed_adjust) {
    out.band = *weighing.agreed_adjust;
  } else {
    return refuse(Reject::adjustment_needed, "average_live_g", out.average_live_g);
  }
  return {};
}

/// R9.1: each line rounded once.
std::expected<void, Refusal> price_lines(const ProductRow& product, Price contract_price,
                                         std::span<GroupLine> groups, Settlement& out) {
  Int128 goods = 0;
  for (GroupLine& group : groups) {
    const Int128 sum = static_cast<Int128>(contract_price.value) + group.adjust + out.band;
    const auto price = narrow(std::max<Int128>(0, sum));
    if (!price) return refuse(Reject::overflow, "groups", group.adjust);
    group.price = Price{*price};
    const auto amount =
        amount_of(product, group.price, by_count(product) ? group.head : group.settled_g);
    if (!amount) return refuse(Reject::overflow, "price_li", contract_price.value);
    group.amount = *amount;
    goods += amount->value;
  }
  const auto total = narrow(goods);
  if (!total) return refuse(Reject::overflow, "price_li", contract_price.value);
  out.goods = Fen{*total};
  return {};
}

Forfeit part_of(Fen bond, std::int64_t part, std::int64_t whole) {
  HULAN_ASSERT(whole > 0 && part >= 0 && part <= whole);
  const auto forfeited = model::half_away(static_cast<Int128>(bond.value) * part, whole);
  HULAN_ASSERT(forfeited && *forfeited <= bond.value);
  return {Fen{*forfeited}, bond - Fen{*forfeited}};
}

}  // namespace

std::optional<std::int64_t> measure_of(const ProductRow& product, std::int64_t quantity,
                                       std::int64_t average_g) {
  if (by_count(product) || !by_head(product)) return quantity;
  return narrow(static_cast<Int128>(quantity) * average_g);
}

std::optional<Fen> amount_of(const ProductRow& product, Price price, std::int64_t measure) {
  if (by_count(product)) return model::amount_by_count(price, measure);
  return model::amount_by_weight(price, model::Grams{measure});
}

std::optional<Fen> nominal_of(const ProductRow& product, Price price, std::int64_t quantity,
                              std::int64_t average_g) {
  const auto measure = measure_of(product, quantity, average_g);
  if (!measure) return std::nullopt;
  return amount_of(product, price, *measure);
}

std::optional<Bonds> bonds_of(const ProductRow& product, Fen nominal) {
  const auto performance = model::bond_of(nominal, product.bond_bp);
  const auto trading = model::bond_of(nominal, product.trading_bond_bp);
  if (!performance || !trading) return std::nullopt;
  return Bonds{*performance, *trading};
}

std::optional<Fen> fee_of(const ProductRow& product, std::int64_t measure) {
  const auto fee =
      by_count(product)
          ? narrow(static_cast<Int128>(product.fee_fen_per_head.value) * measure)
          : model::half_away(static_cast<Int128>(product.fee_fen_per_t) * measure, 1'000'000);
  if (!fee) return std::nullopt;
  return Fen{*fee};
}

Fen fee_vat_of(const ProductRow& product, Fen fee) { return tax_inside(fee, product.fee_vat_bp); }

std::int64_t settled_of_origin(std::int64_t origin_g, std::int64_t destination_g,
                               std::int64_t shrink_bp) {
  HULAN_ASSERT(origin_g >= 0 && destination_g >= 0 && shrink_bp >= 0 && shrink_bp <= kWhole);
  const auto floor = model::half_away(static_cast<Int128>(origin_g) * (kWhole - shrink_bp), kWhole);
  HULAN_ASSERT(floor && *floor <= origin_g);
  return origin_g - std::max<std::int64_t>(0, *floor - destination_g);
}

std::optional<std::int64_t> band_of(const ProductRow& product, std::int64_t average_g) {
  if (product.band_count == 0) return 0;
  for (std::size_t i = 0; i < product.band_count; ++i) {
    if (in_band(product.bands[i], average_g)) return product.bands[i].adjust;
  }
  return std::nullopt;
}

void take_excess(std::span<GroupLine> groups, std::int64_t total, std::int64_t excess) {
  std::int64_t left = excess;
  for (GroupLine& group : groups) {
    group.settled_g = group.net_g;
    group.scratch = 0;
    if (excess == 0) continue;
    const Int128 product = static_cast<Int128>(excess) * group.net_g;
    const auto share = static_cast<std::int64_t>(product / total);
    group.scratch = static_cast<std::int64_t>(product % total);
    group.settled_g -= share;
    left -= share;
  }
  for (; left > 0; --left) {
    GroupLine* largest = nullptr;
    for (GroupLine& group : groups) {
      if (largest == nullptr || group.scratch > largest->scratch) largest = &group;
    }
    HULAN_ASSERT(largest != nullptr && largest->scratch > 0);
    --largest->settled_g;
    largest->scratch = 0;
  }
}

std::expected<void, Refusal> total_up(const ProductRow& product, const Weighing& weighing,
                                      Settlement& totals) {
  totals.fee_vat_each = fee_vat_of(product, totals.fee_each);
  if (weighing.terms == Terms::kDestination) {
    const auto disposal =
        narrow(static_cast<Int128>(product.disposal_fen_per_head.value) * weighing.dead);
    if (!disposal) return refuse(Reject::overflow, "dead", weighing.dead);
    totals.disposal = Fen{*disposal};
  }
  const Int128 goods = totals.goods.value;
  const auto pays = narrow(goods + totals.fee_each.value);
  const auto receives = narrow(goods - totals.fee_each.value - totals.disposal.value);
  if (!pays || !receives) return refuse(Reject::overflow, "price_li", weighing.price.value);
  totals.buyer_pays = Fen{*pays};
  totals.seller_receives = Fen{*receives};
  totals.buyer_refund = std::max(Fen{}, weighing.prepaid - totals.buyer_pays);
  totals.buyer_topup = std::max(Fen{}, totals.buyer_pays - weighing.prepaid);

  const std::int64_t rate = vat_rate(product, weighing.seller_vat);
  totals.seller_vat = tax_inside(totals.goods, rate);
  if (weighing.seller_vat == VatStatus::kExemptProducer && rate == 0 &&
      weighing.buyer_is_general_payer) {
    const auto memo = model::half_away(goods * product.purchase_deduction_bp, kWhole);
    if (!memo) return refuse(Reject::overflow, "price_li", weighing.price.value);
    totals.buyer_deduction = Fen{*memo};
  }
  return {};
}

std::expected<Settlement, Refusal> settle(const ProductRow& product, const Weighing& weighing,
                                          std::span<GroupLine> groups) {
  HULAN_ASSERT(weighing.head >= 0 && weighing.dead >= 0);
  if (weighing.dead > weighing.head) return refuse(Reject::too_many_dead, "dead", weighing.dead);
  const bool origin = weighing.terms == Terms::kOrigin;
  const bool lifeless = by_head(product) && weighing.head == weighing.dead;

  Settlement out;
  out.settled = origin ? settled_of_origin(weighing.origin_g, weighing.destination_g,
                                           static_cast<std::int64_t>(product.shrink_bp))
                       : weighing.destination_g;
  if (by_count(product)) out.settled = weighing.head - (origin ? 0 : weighing.dead);
  if (!lifeless || (by_count(product) && origin)) {
    if (!add_up(product, weighing, groups)) return refuse(Reject::groups_do_not_add_up, "groups");
    if (const auto band =
            lifeless ? std::expected<void, Refusal>{} : apply_band(product, weighing, out);
        !band) {
      return std::unexpected(band.error());
    }
    const bool shrinks = origin && !by_count(product);
    take_excess(groups, weighing.origin_g, shrinks ? weighing.origin_g - out.settled : 0);
    if (const auto lines = price_lines(product, weighing.price, groups, out); !lines) {
      return std::unexpected(lines.error());
    }
    const auto fee = fee_of(product, out.settled);
    if (!fee) return refuse(Reject::overflow, "fee_fen_per_t", product.fee_fen_per_t);
    out.fee_each = *fee;
  } else if (!groups.empty()) {
    return refuse(Reject::groups_do_not_add_up, "groups");
  }
  if (const auto totals = total_up(product, weighing, out); !totals) {
    return std::unexpected(totals.error());
  }
  return out;
}

std::expected<BuyerDefault, Refusal> buyer_default(const ProductRow& product, Bonds bonds,
                                                   std::int64_t measure) {
  const auto fee = fee_of(product, measure);
  if (!fee) return refuse(Reject::overflow, "fee_fen_per_t", product.fee_fen_per_t);
  const Int128 both = 2 * static_cast<Int128>(fee->value);
  const Fen fees{static_cast<std::int64_t>(std::min<Int128>(both, bonds.trading.value))};
  return BuyerDefault{bonds.performance, fees, bonds.trading - fees};
}

std::expected<Loss, Refusal> resale_loss(const ProductRow& product, Price price, Price resale,
                                         std::int64_t measure, Fen keeping, Fen bond) {
  const Price fall = std::max(Price{}, price - resale);
  const auto lost = amount_of(product, fall, measure);
  if (!lost) return refuse(Reject::overflow, "resale_price_li", resale.value);
  const auto loss = narrow(static_cast<Int128>(lost->value) + keeping.value);
  if (!loss) return refuse(Reject::overflow, "keeping_fen", keeping.value);
  return Loss{Fen{*loss}, std::max(Fen{}, Fen{*loss} - bond)};
}

bool within_tolerance(const ProductRow& product, std::int64_t contract, std::int64_t delivered) {
  const Int128 missing = std::max<std::int64_t>(0, contract - delivered);
  return missing * kWhole <= static_cast<Int128>(contract) * product.short_tolerance_bp;
}

Forfeit short_delivery(const ProductRow& product, Fen bond, std::int64_t contract,
                       std::int64_t delivered) {
  if (within_tolerance(product, contract, delivered)) return {Fen{}, bond};
  return part_of(bond, contract - delivered, contract);
}

Forfeit rest_undelivered(Fen bond, std::int64_t contract, std::int64_t rest) {
  return part_of(bond, rest, contract);
}

std::expected<Loss, Refusal> cover_loss(const ProductRow& product, Price price, Price cover,
                                        std::int64_t missing_measure, Fen forfeited) {
  const Price rise = std::max(Price{}, cover - price);
  const auto loss = amount_of(product, rise, missing_measure);
  if (!loss) return refuse(Reject::overflow, "cover_price_li", cover.value);
  return Loss{*loss, std::max(Fen{}, *loss - forfeited)};
}

}  // namespace hulan::engine::contract
