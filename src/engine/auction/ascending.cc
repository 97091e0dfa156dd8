// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/ascending.h"

#include <algorithm>

#include "engine/auction/ending.h"
#include "engine/auction/strike.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/members.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::LotRow;
using model::LotState;
using model::Price;
using model::Reject;
using model::Side;

/// +1 where prices rise, -1 where they fall: every comparison below is made in this direction, so
/// that a reverse auction is the mirror of a forward one.
std::int64_t direction(const LotRow& lot) { return lot.side == Side::kSell ? 1 : -1; }

std::int64_t ahead(const LotRow& lot, Price a, Price b) {
  return direction(lot) * (a.value - b.value);
}

bool auction_over(const LotRow& lot) {
  return lot.method == model::Method::kAscending &&
         (lot.state == LotState::kExclusive || lot.state == LotState::kSold ||
          lot.state == LotState::kUnsold);
}

Reject check_open(const LotRow& lot, model::Time now) {
  if (lot.state != LotState::kOpen && lot.state != LotState::kAnnounced) {
    return auction_over(lot) ? Reject::auction_closed : Reject::wrong_lot_state;
  }
  if (now.value < lot.open_at) return Reject::auction_not_open;
  return now.value < lot.close_at ? Reject::ok : Reject::auction_closed;
}

/// R5.3.1: at least start, or best + step; not beyond the cap.
Reject check_step(const LotRow& lot, Price price) {
  const std::int64_t lead =
      lot.leader == 0 ? ahead(lot, price, lot.price) : ahead(lot, price, lot.best) - lot.step.value;
  if (lead < 0) return lot.side == Side::kSell ? Reject::bid_too_low : Reject::bid_too_high;
  if (lot.cap.value != 0 && ahead(lot, price, lot.cap) > 0) return Reject::above_cap;
  return Reject::ok;
}

Reject check_bidder(const State& state, const LotRow& lot, model::ParticipantId bidder) {
  if (const Reject r = check_parties(state, lot.initiator, bidder); r != Reject::ok) return r;
  if (lot.leader == bidder) return Reject::already_leading;
  return is_active(state, lot.initiator) ? Reject::ok : Reject::participant_not_active;
}

Reject check_bid(Context& context, const LotRow& lot, const model::ProductRow& product, Price price,
                 model::LotId goods) {
  const State& state = context.state;
  const model::ParticipantId bidder = context.who.participant;
  if (const Reject r = check_open(lot, context.now); r != Reject::ok) return r;
  if (const Reject r = check_bidder(state, lot, bidder); r != Reject::ok) return r;
  const auto band = price_band(state, lot.product, price_region(lot), lot.grade, context.now);
  if (const Reject r = check_price(price, product, band); r != Reject::ok) return r;
  if (const Reject r = check_step(lot, price); r != Reject::ok) return r;
  if (lot.side == Side::kBuy) {
    return check_offered_goods(context, lot, bidder, goods, lot.quantity);
  }
  return goods == 0 ? check_buyer_zone(state, lot, bidder) : Reject::malformed_body;
}

bool reaches_cap(const LotRow& lot, Price price) { return lot.cap.value != 0 && price == lot.cap; }

/// R5.3.6: without a reserve every bid meets it.
bool meets_reserve(const LotRow& lot) {
  return lot.reserve.value == 0 || ahead(lot, lot.best, lot.reserve) >= 0;
}

void lead(Context& context, LotRow& lot, Price price, model::LotId goods, const Bonds& bonds) {
  State& state = context.state;
  const Subject subject{.lot = lot.id, .currency = state.products[lot.product].currency};
  const model::ParticipantId outbid = lot.leader;
  if (outbid != 0) {
    remember_outbid(state, lot);
    release_bonds(context, outbid, lot.leader_bond, lot.leader_trading_bond,
                  model::PostingReason::kBondReleased, subject);
    use_goods(context, lot.leader_goods, 0);
  }
  freeze_bonds(context, context.who.participant, bonds.performance, bonds.trading, subject);
  use_goods(context, goods, lot.id);
  lot.best = price;
  lot.leader = context.who.participant;
  lot.leader_user = context.who.user;
  lot.leader_goods = goods;
  lot.leader_bond = bonds.performance;
  lot.leader_trading_bond = bonds.trading;
  ++lot.bids;
  if (context.now.value >= lot.close_at - lot.window_ns) {  // R5.3.2
    lot.close_at = std::max(lot.close_at, context.now.value + lot.window_ns);
  }
  context.emit(model::BidAccepted{{},
                                  price,
                                  lot.close_at,
                                  bonds.performance + bonds.trading,
                                  lot.id,
                                  lot.leader,
                                  lot.leader_user,
                                  outbid,
                                  goods,
                                  lot.bids});
}

void open(Context& context, LotRow& lot) {
  enter_state(lot, LotState::kOpen);
  context.emit_row<model::LotChanged>(lot.id, lot);
}

/// The standing best becomes a contract at its price; its bonds go along (R6.3).
model::ContractId conclude_best(Context& context, model::LotId id) {
  LotRow& lot = context.state.lots.edit(id);
  const Part part{.counterparty = lot.leader,
                  .goods = lot.leader_goods,
                  .price = lot.best,
                  .quantity = lot.quantity,
                  .bonds = {lot.leader_bond, lot.leader_trading_bond}};
  lot.leader_bond = {};
  lot.leader_trading_bond = {};
  return conclude_part(context, id, part);
}

// --- the notice ---

Reject check_times(const Context& context, const LotRow& lot, const model::ProductRow& product,
                   const model::AnnounceAuction& body) {
  const std::int64_t notice =
      product.notice_ns != 0 ? product.notice_ns : context.state.market[1].notice_ns;
  if (body.open_at < context.now.value + notice) return Reject::notice_too_short;
  if (body.close_at <= body.open_at || body.window_ns < 0 || body.window_ns > model::kDay) {
    return Reject::invalid_auction_terms;
  }
  return body.close_at < lot.pickup_until ? Reject::ok : Reject::invalid_window;
}

/// Start <= reserve <= cap in the auction's direction; 0 = none.
Reject check_prices(const LotRow& lot, const model::ProductRow& product, const PriceBand& band,
                    const model::AnnounceAuction& body) {
  const Price start{body.start};
  const Price reserve{body.reserve};
  const Price cap{body.cap};
  if (const Reject r = check_price(start, product, band); r != Reject::ok) return r;
  const std::int64_t tick = product.tick.value;
  if (!is_magnitude(body.step) || body.step % tick != 0) return Reject::invalid_auction_terms;
  if (reserve.value != 0) {
    if (const Reject r = check_price(reserve, product, band); r != Reject::ok) return r;
    if (ahead(lot, reserve, start) < 0) return Reject::invalid_auction_terms;
  }
  if (cap.value == 0) return Reject::ok;
  if (!is_magnitude(cap.value)) return Reject::price_not_positive;
  if (cap.value % tick != 0) return Reject::price_off_tick;
  const Price least = reserve.value != 0 ? reserve : start;
  return ahead(lot, cap, least) < 0 ? Reject::invalid_auction_terms : Reject::ok;
}

/// R6.4: the highest price that can be bid. A buyer's own start in a reverse auction; else the cap
/// or the band's limit, whichever is less; where neither is known, the highest price it has named.
Price highest_price(const LotRow& lot, const PriceBand& band, const model::AnnounceAuction& body) {
  if (lot.side == Side::kBuy) return Price{body.start};
  if (body.cap != 0 && band.limited()) return std::min(Price{body.cap}, band.high);
  if (body.cap != 0) return Price{body.cap};
  if (band.limited()) return band.high;
  return std::max(Price{body.start}, Price{body.reserve});
}

Reject check_room(const State& state) {
  return state.bid_stacks.full() ? Reject::lots_full : Reject::ok;
}

void fill_notice(LotRow& lot, const model::AnnounceAuction& body, std::int64_t product_window) {
  lot.method = model::Method::kAscending;
  lot.price = Price{body.start};
  lot.step = Price{body.step};
  lot.reserve = Price{body.reserve};
  lot.cap = Price{body.cap};
  lot.minimum = lot.quantity;
  lot.part_count = 1;
  lot.open_at = body.open_at;
  lot.close_at = body.close_at;
  lot.window_ns = body.window_ns != 0 ? body.window_ns : product_window;
}

// --- the close ---

void rearm(Context& context, const LotRow& lot, std::int64_t due) {
  context.state.timers.add(model::Time{due}, TimerKind::kLot, lot.id);
}

void close_auction(Context& context, model::LotId id) {
  State& state = context.state;
  const LotRow& lot = state.lots[id];
  if (lot.leader != 0 && !is_active(state, lot.leader)) {
    strike_leader(context, id);
    return rearm(context, lot, lot.close_at);
  }
  if (lot.leader == 0) return end_lot(context, id, LotState::kUnsold);
  if (!contract::can_conclude(state))
    return rearm(context, lot, context.now.value + model::kMinute);
  if (meets_reserve(lot)) {
    static_cast<void>(conclude_best(context, id));
    return;
  }
  LotRow& changed = state.lots.edit(id);
  enter_state(changed, LotState::kExclusive);
  changed.exclusive_until = context.now.value + state.market[1].exclusive_ns;
  rearm(context, changed, changed.exclusive_until);
  context.emit_row<model::LotChanged>(id, changed);
}

Reject check_exclusive(const Context& context, model::LotId id) {
  const State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) return r;
  if (!state.lots.has(id)) return Reject::unknown_lot;
  if (state.lots[id].state != LotState::kExclusive) return Reject::wrong_lot_state;
  return Reject::ok;
}

Reject check_exclusive_end(const Context& context, const LotRow& lot) {
  if (context.now.value >= lot.exclusive_until) return Reject::exclusive_over;
  if (!is_active(context.state, lot.leader)) return Reject::participant_not_active;
  return contract::can_conclude(context.state) ? Reject::ok : Reject::contracts_full;
}

}  // namespace

Outcome announce_auction(Context& context, const model::AnnounceAuction& body) {
  State& state = context.state;
  const Offer offer = check_offer(context, body.lot, model::Method::kAscending);
  if (offer.reject != Reject::ok) return {offer.reject};
  const auto& product = state.products[offer.product];
  const LotRow& draft = state.lots[body.lot];
  const auto band = price_band(state, offer.product, price_region(draft), draft.grade, context.now);
  if (const Reject r = check_prices(draft, product, band, body); r != Reject::ok) return {r};
  if (const Reject r = check_times(context, draft, product, body); r != Reject::ok) return {r};
  if (const Reject r = check_room(state); r != Reject::ok) return {r};
  auto bonds = bonds_at(draft, product, highest_price(draft, band, body), draft.quantity);
  if (!bonds) return {Reject::overflow};
  if (draft.side == Side::kSell) bonds->trading = {};
  if (!covers_bonds(state, draft.initiator, product.currency, *bonds)) return {Reject::no_funds};

  LotRow& lot = state.lots.edit(body.lot);
  enter_state(lot, LotState::kAnnounced);
  lot.product = offer.product;
  fill_notice(lot, body, product.close_window_ns);
  lot.bid_stack = state.bid_stacks.add();
  state.bid_stacks.edit(lot.bid_stack).lot = lot.id;
  lot.initiator_bond = bonds->performance;
  lot.initiator_trading_bond = bonds->trading;
  freeze_bonds(context, lot.initiator, bonds->performance, bonds->trading,
               {.lot = lot.id, .currency = product.currency});
  rearm(context, lot, lot.open_at);
  context.emit_row<model::LotChanged>(lot.id, lot);
  return {Reject::ok, lot.id};
}

Outcome place_bid(Context& context, model::LotId id, Price price, model::LotId goods) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.lots.has(id)) return {Reject::unknown_lot};
  const LotRow& standing = state.lots[id];
  const auto& product = state.products[standing.product];
  const Reject refused = check_bid(context, standing, product, price, goods);
  if (refused != Reject::ok) return {refused};
  const auto bonds = bonds_at(standing, product, price, standing.quantity);
  if (!bonds) return {Reject::overflow};
  if (!covers_bonds(state, context.who.participant, product.currency, *bonds)) {
    return {Reject::no_funds};
  }
  const bool last = reaches_cap(standing, price);
  if (last && !contract::can_conclude(state)) return {Reject::contracts_full};

  LotRow& lot = state.lots.edit(id);
  if (lot.state == LotState::kAnnounced) open(context, lot);
  lead(context, lot, price, goods, *bonds);
  if (last) static_cast<void>(conclude_best(context, id));
  return {Reject::ok, id};
}

Outcome accept_below_reserve(Context& context, const model::AcceptBelowReserve& body) {
  if (const Reject r = check_exclusive(context, body.lot); r != Reject::ok) return {r};
  const LotRow& lot = context.state.lots[body.lot];
  if (lot.initiator != context.who.participant) return {Reject::not_lot_owner};
  if (const Reject r = check_exclusive_end(context, lot); r != Reject::ok) return {r};
  return {Reject::ok, conclude_best(context, body.lot)};
}

Outcome raise_to_reserve(Context& context, const model::RaiseToReserve& body) {
  State& state = context.state;
  if (const Reject r = check_exclusive(context, body.lot); r != Reject::ok) return {r};
  const LotRow& standing = state.lots[body.lot];
  if (standing.leader != context.who.participant) return {Reject::not_leader};
  if (const Reject r = check_exclusive_end(context, standing); r != Reject::ok) return {r};
  const auto& product = state.products[standing.product];
  const auto bonds = bonds_at(standing, product, standing.reserve, standing.quantity);
  if (!bonds) return {Reject::overflow};
  // Where prices fall the bonds at the reserve are less, and the difference is released.
  const Bonds more{std::max(model::Fen{}, bonds->performance - standing.leader_bond),
                   std::max(model::Fen{}, bonds->trading - standing.leader_trading_bond)};
  if (!covers_bonds(state, standing.leader, product.currency, more)) return {Reject::no_funds};

  LotRow& lot = state.lots.edit(body.lot);
  const Subject subject{.lot = lot.id, .currency = product.currency};
  freeze_bonds(context, lot.leader, more.performance, more.trading, subject);
  release_bonds(context, lot.leader, lot.leader_bond + more.performance - bonds->performance,
                lot.leader_trading_bond + more.trading - bonds->trading,
                model::PostingReason::kBondTrimmed, subject);
  lot.best = lot.reserve;
  lot.leader_bond = bonds->performance;
  lot.leader_trading_bond = bonds->trading;
  return {Reject::ok, conclude_best(context, body.lot)};
}

void on_lot_timer(Context& context, model::LotId id) {
  State& state = context.state;
  const LotRow& lot = state.lots[id];
  const std::int64_t now = context.now.value;
  if (lot.state == LotState::kAnnounced && now >= lot.open_at) open(context, state.lots.edit(id));
  switch (lot.state) {
    case LotState::kListed:
      return now >= lot.close_at ? end_lot(context, id, LotState::kExpired)
                                 : rearm(context, lot, lot.close_at);
    case LotState::kAnnounced:
      return rearm(context, lot, lot.open_at);
    case LotState::kOpen:
      return now >= lot.close_at ? close_auction(context, id) : rearm(context, lot, lot.close_at);
    case LotState::kExclusive:
      return now >= lot.exclusive_until ? end_lot(context, id, LotState::kUnsold)
                                        : rearm(context, lot, lot.exclusive_until);
    default:
      return;
  }
}

}  // namespace hulan::engine
