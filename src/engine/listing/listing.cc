// SPDX-License-Identifier: Apache-2.0
#include "engine/listing/listing.h"

#include "engine/auction/ending.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/halts.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::Fen;
using model::LotRow;
using model::LotState;
using model::Reject;
using model::Side;

constexpr std::int64_t kFenPerPart = 2;  // R6.4

struct ListingBonds {
  Bonds bonds;
  std::int64_t parts = 1;
};

/// R6.4: the bond at the listing's own price, and 2 fen for each part possible (for each bond that
/// is posted: a buyer posts two), since the ceilings of parts exceed the ceiling of the whole.
std::optional<ListingBonds> listing_bonds(const LotRow& lot, const model::ProductRow& product,
                                          model::Price price, std::int64_t minimum) {
  const auto whole = bonds_at(lot, product, price, lot.quantity);
  if (!whole) return std::nullopt;
  ListingBonds out{*whole, lot.quantity / minimum};
  if (out.parts > UINT32_MAX) return std::nullopt;
  const Fen spare{out.parts > 1 ? kFenPerPart * out.parts : 0};
  out.bonds.performance += spare;
  if (lot.side == Side::kSell) {
    out.bonds.trading = {};
  } else {
    out.bonds.trading += spare;
  }
  return out;
}

Reject check_listing(const Context& context, const LotRow& lot, model::ProductId product,
                     const model::PostListing& body, std::int64_t minimum) {
  const auto band = price_band(context.state, product, price_region(lot), lot.grade, context.now);
  const Reject price = check_price(model::Price{body.price}, context.state.products[product], band);
  if (price != Reject::ok) return price;
  if (minimum <= 0 || minimum > lot.quantity) return Reject::invalid_quantity;
  if (body.expires_at <= context.now.value) return Reject::expiry_in_past;
  return body.expires_at <= lot.pickup_until ? Reject::ok : Reject::invalid_window;
}

Reject check_quantity(const LotRow& lot, std::int64_t quantity) {
  if (quantity <= 0) return Reject::invalid_quantity;
  if (quantity > lot.remaining) return Reject::above_remaining;
  if (quantity < lot.minimum) return Reject::below_minimum;
  const std::int64_t rest = lot.remaining - quantity;
  return rest == 0 || rest >= lot.minimum ? Reject::ok : Reject::rest_below_minimum;
}

Reject check_take(Context& context, const LotRow& lot, const model::Take& body) {
  State& state = context.state;
  if (lot.state != LotState::kListed || lot.method != model::Method::kListing ||
      context.now.value >= lot.close_at) {
    return Reject::wrong_lot_state;
  }
  const model::ParticipantId taker = context.who.participant;
  if (const Reject r = check_parties(state, lot.initiator, taker); r != Reject::ok) return r;
  if (!is_active(state, lot.initiator)) return Reject::participant_not_active;
  if (body.price != lot.price.value) return Reject::stale_price;
  if (const Reject r = check_quantity(lot, body.quantity); r != Reject::ok) return r;
  if (lot.side == Side::kBuy) {
    return check_offered_goods(context, lot, taker, body.goods, body.quantity);
  }
  return body.goods == 0 ? check_buyer_zone(state, lot, taker) : Reject::malformed_body;
}

}  // namespace

Outcome post_listing(Context& context, const model::PostListing& body) {
  State& state = context.state;
  const Offer offer = check_offer(context, body.lot, model::Method::kListing);
  if (offer.reject != Reject::ok) return {offer.reject};
  const auto& product = state.products[offer.product];
  const LotRow& draft = state.lots[body.lot];
  const std::int64_t minimum = body.minimum == 0 ? draft.quantity : body.minimum;
  const Reject terms = check_listing(context, draft, offer.product, body, minimum);
  if (terms != Reject::ok) return {terms};
  const auto posted = listing_bonds(draft, product, model::Price{body.price}, minimum);
  if (!posted) return {Reject::overflow};
  if (!covers_bonds(state, draft.initiator, product.currency, posted->bonds)) {
    return {Reject::no_funds};
  }

  LotRow& lot = state.lots.edit(body.lot);
  enter_state(lot, LotState::kListed);
  lot.product = offer.product;
  lot.method = model::Method::kListing;
  lot.price = model::Price{body.price};
  lot.minimum = minimum;
  lot.open_at = context.now.value;
  lot.close_at = body.expires_at;
  lot.part_count = static_cast<std::uint32_t>(posted->parts);
  lot.initiator_bond = posted->bonds.performance;
  lot.initiator_trading_bond = posted->bonds.trading;
  freeze_bonds(context, lot.initiator, lot.initiator_bond, lot.initiator_trading_bond,
               {.lot = lot.id, .currency = product.currency});
  state.timers.add(model::Time{lot.close_at}, TimerKind::kLot, lot.id, lot_timer(state, lot.id));
  context.emit_row<model::LotChanged>(lot.id, lot);
  return {Reject::ok, lot.id};
}

Outcome take(Context& context, const model::Take& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.lots.has(body.lot)) return {Reject::unknown_lot};
  const LotRow& lot = state.lots[body.lot];
  const Reject controlled =
      check_pre_trade(state, lot.product, context.who.participant, body.quantity);
  if (controlled != Reject::ok) return {controlled};
  if (const Reject r = check_take(context, lot, body); r != Reject::ok) return {r};
  const auto& product = state.products[lot.product];
  const auto bonds = bonds_at(lot, product, lot.price, body.quantity);
  if (!bonds) return {Reject::overflow};
  const model::ParticipantId taker = context.who.participant;
  if (!covers_bonds(state, taker, product.currency, *bonds)) return {Reject::no_funds};
  if (!contract::can_conclude(state)) return {Reject::contracts_full};
  freeze_bonds(context, taker, bonds->performance, bonds->trading,
               {.lot = lot.id, .currency = product.currency});
  const model::ContractId made = conclude_part(context, lot.id,
                                               {.counterparty = taker,
                                                .goods = body.goods,
                                                .price = lot.price,
                                                .quantity = body.quantity,
                                                .bonds = *bonds});
  return {Reject::ok, made};
}

}  // namespace hulan::engine
