// SPDX-License-Identifier: Apache-2.0
#include "engine/lot/lots.h"

#include "engine/lot/papers.h"
#include "engine/market/access.h"
#include "engine/market/marks.h"
#include "engine/market/pre_trade.h"
#include "engine/market/products.h"
#include "model/region.h"

namespace hulan::engine {
namespace {

using model::LotRow;
using model::LotState;
using model::Reject;
using model::Side;
using model::Terms;

constexpr std::int64_t kWhole = 10'000;

Reject check_terms(const model::CreateLot& body) {
  const bool buys = body.side == Side::kBuy;
  if ((!buys && body.side != Side::kSell) ||
      (body.terms != Terms::kDestination && body.terms != Terms::kOrigin)) {
    return Reject::invalid_terms;
  }
  if (buys && (body.farm != 0 || body.mark != 0)) return Reject::invalid_terms;
  const bool origin_fits = model::is_region(body.origin) || (buys && body.origin == 0);
  const bool place_fits =
      model::is_region(body.place) ||
      (body.place == 0 && body.terms == Terms::kOrigin && model::is_region(body.origin));
  return origin_fits && place_fits ? Reject::ok : Reject::invalid_region;
}

Reject check_amounts(const model::ProductRow& product, std::int64_t quantity, std::int64_t average,
                     std::uint8_t grade) {
  if (!is_grade(product, grade)) return Reject::invalid_grade;
  if (!is_magnitude(quantity)) return Reject::invalid_quantity;
  if (quantity < product.lot_minimum) return Reject::below_lot_minimum;
  if ((product.needs_average != 0) != (average != 0)) return Reject::average_required;
  if (average != 0 && !is_magnitude(average)) return Reject::average_required;
  const auto measure = static_cast<model::Int128>(quantity) * (average == 0 ? 1 : average);
  return measure <= model::kMaxMagnitude ? Reject::ok : Reject::overflow;
}

Reject check_window(std::int64_t from, std::int64_t until, model::Time now) {
  return from > 0 && until > from && until > now.value && until <= INT64_MAX / 2
             ? Reject::ok
             : Reject::invalid_window;
}

Reject check_farm(const Context& context, const model::CreateLot& body, model::ProductId product) {
  const State& state = context.state;
  const model::ParticipantId farm = body.farm == 0 ? context.who.participant : body.farm;
  if (!participant_exists(state, farm)) return Reject::unknown_participant;
  if (body.mark == 0) return Reject::ok;
  return check_mark(state, body.mark, product, farm, body.origin, context.now);
}

/// The version under which a new lot is made: any version of the product may have been named.
model::ProductId version_for(const State& state, model::ProductId product, model::Time now) {
  return is_product(state, product) ? current_version(state, product, now) : 0;
}

/// Whether goods fit a request: same product and grade, enough of them, about the average asked.
bool fits_request(const State& state, const LotRow& request, const LotRow& goods,
                  std::int64_t quantity) {
  const auto& product = state.products[request.product];
  const std::int64_t difference = std::abs(goods.average_g - request.average_g);
  return first_version(state, goods.product) == first_version(state, request.product) &&
         goods.grade == request.grade && goods.quantity >= quantity &&
         static_cast<model::Int128>(difference) * kWhole <=
             static_cast<model::Int128>(request.average_g) * product.over_weight_bp;
}

}  // namespace

Outcome create_lot(Context& context, const model::CreateLot& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!is_product(state, body.product)) return {Reject::unknown_product};
  const model::ProductId version = version_for(state, body.product, context.now);
  if (version == 0) return {Reject::product_not_in_force};
  const auto& product = state.products[version];
  if (const Reject r = check_terms(body); r != Reject::ok) return {r};
  const Reject amounts = check_amounts(product, body.quantity, body.average_g, body.grade);
  if (amounts != Reject::ok) return {amounts};
  const Reject window = check_window(body.pickup_from, body.pickup_until, context.now);
  if (window != Reject::ok) return {window};
  if (const Reject r = check_farm(context, body, version); r != Reject::ok) return {r};
  if (state.lots.full()) return {Reject::lots_full};

  const model::LotId id = state.lots.add();
  LotRow& lot = state.lots.edit(id);
  lot.id = id;
  lot.product = version;
  lot.initiator = context.who.participant;
  if (body.side == Side::kSell) lot.farm = body.farm == 0 ? lot.initiator : body.farm;
  lot.mark = body.mark;
  lot.quantity = body.quantity;
  lot.remaining = body.quantity;
  lot.average_g = body.average_g;
  lot.created_at = context.now.value;
  lot.pickup_from = body.pickup_from;
  lot.pickup_until = body.pickup_until;
  lot.origin = body.origin;
  lot.place = body.place != 0 ? body.place : body.origin;
  lot.spot = body.spot;
  lot.side = body.side;
  lot.terms = body.terms;
  lot.grade = body.grade;
  lot.state = LotState::kDraft;
  lot.sheet = body.sheet;
  context.emit_row<model::LotChanged>(id, lot);
  return {Reject::ok, id};
}

Reject check_own_draft(const Context& context, model::LotId id) {
  const State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) return r;
  if (!state.lots.has(id)) return Reject::unknown_lot;
  if (state.lots[id].initiator != context.who.participant) return Reject::not_lot_owner;
  return state.lots[id].state == LotState::kDraft ? Reject::ok : Reject::wrong_lot_state;
}

Reject check_goods(Context& context, const LotRow& lot, model::ProductId product_id) {
  const State& state = context.state;
  const auto& product = state.products[product_id];
  if (const Reject r = check_papers(context, lot, product); r != Reject::ok) return r;
  if (product.needs_tags != 0 && lot.tag_count < lot.quantity) return Reject::missing_tags;
  if (lot.mark != 0) {
    const Reject r = check_mark(state, lot.mark, product_id, lot.farm, lot.origin, context.now);
    if (r != Reject::ok) {
      context.detail = lot.mark;
      return r;
    }
  }
  return check_window(lot.pickup_from, lot.pickup_until, context.now);
}

Reject check_zone(const model::ProductRow& product, std::uint32_t from_region,
                  std::uint32_t to_region) {
  const int from = model::province_slot(model::province_of(from_region));
  const int to = model::province_slot(model::province_of(to_region));
  if (from < 0 || to < 0) return Reject::invalid_region;
  return (product.zone_to[static_cast<std::size_t>(from)] >> to & 1) != 0 ? Reject::ok
                                                                          : Reject::zone_closed;
}

Offer check_offer(Context& context, model::LotId id, model::Method method) {
  State& state = context.state;
  const Reject own = check_own_draft(context, id);
  // R5.3.3: what was carried over goes to another clock as it is.
  const bool carried = own == Reject::wrong_lot_state && method == model::Method::kClock &&
                       state.lots[id].state == LotState::kCarried;
  if (own != Reject::ok && !carried) return {own};
  const LotRow& lot = state.lots[id];
  if (lot.used_by != 0) return {Reject::wrong_lot_state};
  const model::ProductId version = current_version(state, lot.product, context.now);
  const auto& product = state.products[version];
  const Reject controlled = check_pre_trade(state, version, lot.initiator, lot.quantity);
  if (controlled != Reject::ok) return {controlled};
  const Reject amounts = check_amounts(product, lot.quantity, lot.average_g, lot.grade);
  if (amounts != Reject::ok) return {amounts};
  if ((product.methods & model::method_bit(method)) == 0) return {Reject::method_not_allowed};
  if (lot.side == Side::kSell) {
    if (const Reject r = check_goods(context, lot, version); r != Reject::ok) return {r};
    if (lot.terms == Terms::kDestination) {
      if (const Reject r = check_zone(product, lot.origin, lot.place); r != Reject::ok) return {r};
    }
  } else {
    const Reject window = check_window(lot.pickup_from, lot.pickup_until, context.now);
    if (window != Reject::ok) return {window};
  }
  if (state.timers.full()) return {Reject::timers_full};
  return {Reject::ok, version};
}

Reject check_offered_goods(Context& context, const LotRow& request, model::ParticipantId seller,
                           model::LotId goods, std::int64_t quantity) {
  const State& state = context.state;
  if (goods == 0) return Reject::goods_required;
  if (!state.lots.has(goods)) return Reject::unknown_lot;
  const LotRow& lot = state.lots[goods];
  if (lot.initiator != seller) return Reject::not_lot_owner;
  if (lot.side != Side::kSell || lot.state != LotState::kDraft || lot.used_by != 0 ||
      !fits_request(state, request, lot, quantity)) {
    context.detail = goods;
    return Reject::goods_unsuitable;
  }
  if (const Reject r = check_goods(context, lot, request.product); r != Reject::ok) return r;
  const std::uint32_t destination = request.terms == Terms::kDestination
                                        ? request.place
                                        : state.participants[request.initiator].region;
  return check_zone(state.products[request.product], lot.origin, destination);
}

Reject check_buyer_zone(const State& state, const LotRow& lot, model::ParticipantId buyer) {
  if (lot.terms == Terms::kDestination) return Reject::ok;  // asked when the lot was posted
  return check_zone(state.products[lot.product], lot.origin, state.participants[buyer].region);
}

}  // namespace hulan::engine
