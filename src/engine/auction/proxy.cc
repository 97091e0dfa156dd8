// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/proxy.h"

#include <algorithm>

#include "engine/auction/divisible.h"
#include "engine/auction/strike.h"
#include "engine/ledger/ledger.h"
#include "engine/market/access.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::Fen;
using model::LotRow;
using model::Price;
using model::ProxyRow;
using model::Reject;

Subject subject_of(const State& state, const LotRow& lot) {
  return {.lot = lot.id, .currency = state.products[lot.product].currency};
}

Bonds bonds_on(const State& state, const LotRow& lot, Price price) {
  const auto bonds = bonds_at(lot, state.products[lot.product], price, lot.quantity);
  HULAN_ASSERT(bonds);  // less than at a price that was asked for before
  return *bonds;
}

/// What a proxy freezes beyond the bonds on its bid. Where prices fall that is nothing.
Bonds beyond(const Bonds& at_maximum, const Bonds& at_bid) {
  return {std::max(Fen{}, at_maximum.performance - at_bid.performance),
          std::max(Fen{}, at_maximum.trading - at_bid.trading)};
}

Price within(const PriceBand& band, Price price) { return std::clamp(price, band.low, band.high); }

void keep(Context& context, const LotRow& lot, const ProxyRow& row) {
  const bool room = context.state.proxies.reach(lot.id);
  HULAN_ASSERT(room);  // as many as lots
  context.state.proxies.edit(lot.id) = row;
  context.emit_row<model::ProxyChanged>(lot.id, row);
}

/// Bonds of the leader and its proxy become those on a bid of `price` and on `maximum`: the
/// difference is frozen or released.
void hold(Context& context, LotRow& lot, Price price, Price maximum) {
  State& state = context.state;
  const ProxyRow* old = proxy_of(state, lot.id);
  const Bonds held{lot.leader_bond + (old != nullptr ? old->performance : Fen{}),
                   lot.leader_trading_bond + (old != nullptr ? old->trading : Fen{})};
  const Bonds own = bonds_on(state, lot, price);
  const Bonds more = beyond(bonds_on(state, lot, maximum), own);
  const Bonds needed{own.performance + more.performance, own.trading + more.trading};
  const Bonds freeze = beyond(needed, held);
  const Bonds release = beyond(held, needed);
  const Subject subject = subject_of(state, lot);
  freeze_bonds(context, lot.leader, freeze.performance, freeze.trading, subject);
  release_bonds(context, lot.leader, release.performance, release.trading,
                model::PostingReason::kBondTrimmed, subject);
  lot.leader_bond = own.performance;
  lot.leader_trading_bond = own.trading;
  keep(context, lot, {maximum, more.performance, more.trading, lot.leader, lot.leader_user});
}

/// The leader's proxy bids.
void bid_by_proxy(Context& context, LotRow& lot, const Bidder& leader, Price price,
                  model::ParticipantId outbid) {
  const Price maximum = context.state.proxies[lot.id].maximum;
  hold(context, lot, price, maximum);
  stand(context, lot, leader, price, lot.leader_bond + lot.leader_trading_bond, outbid);
}

Bidder leader_of(const LotRow& lot) { return {lot.leader, lot.leader_user, lot.leader_goods}; }

/// Where a maximum reaches the reserve the bid is at least that.
Price not_short_of_reserve(const LotRow& lot, Price maximum, Price bid) {
  if (lot.reserve.value == 0 || !meets_reserve(lot, maximum)) return bid;
  return further(lot, bid, lot.reserve);
}

/// What a proxy bids that beats the standing best, or opens.
Price opening_bid(const LotRow& lot, const PriceBand& band, Price maximum) {
  const Price least = lot.leader == 0 ? lot.price : nearer(lot, maximum, stepped(lot, lot.best));
  return within(band, not_short_of_reserve(lot, maximum, least));
}

/// Where the leader stands with another maximum: further only if that reaches the reserve.
Price own_bid(const LotRow& lot, const PriceBand& band, Price maximum) {
  const Price bid = not_short_of_reserve(lot, maximum, lot.best);
  return bid == lot.best ? bid : within(band, bid);
}

Reject check_maximum(Context& context, const LotRow& lot, const model::SetProxy& body) {
  const State& state = context.state;
  const Price maximum{body.maximum};
  const bool own = lot.leader == context.who.participant;
  if (const Reject r = check_open(state, lot, context.now); r != Reject::ok) return r;
  if (is_divisible(state, lot.id)) return Reject::proxy_on_divisible;
  const Reject party = check_bidder(state, lot, context.who.participant);
  if (party != Reject::ok && !(own && party == Reject::already_leading)) return party;
  const PriceBand band = band_of(state, lot, context.now);
  const Reject price = check_price(maximum, state.products[lot.product], band);
  if (price != Reject::ok) return price;
  if (own) {
    const Reject r = check_least(lot, maximum, lot.best);
    if (r != Reject::ok) return r;
    return body.goods == lot.leader_goods ? Reject::ok : Reject::goods_unsuitable;
  }
  if (const Reject r = check_step(lot, maximum); r != Reject::ok) return r;
  return check_behind(context, lot, body.goods, lot.quantity);
}

/// True if the leader or the newcomer could end at the cap, which concludes.
bool may_reach_cap(const State& state, const LotRow& lot, Price maximum) {
  const ProxyRow* rival = proxy_of(state, lot.id);
  return reaches_cap(lot, maximum) || (rival != nullptr && reaches_cap(lot, rival->maximum));
}

/// What the asker needs in its account for this maximum, beyond what it holds on the lot.
std::optional<Bonds> needed_for(const State& state, const LotRow& lot, const PriceBand& band,
                                Price maximum, bool own) {
  const auto& product = state.products[lot.product];
  const Price bid = own ? own_bid(lot, band, maximum) : opening_bid(lot, band, maximum);
  const auto at_bid = bonds_at(lot, product, bid, lot.quantity);
  const auto at_maximum = bonds_at(lot, product, maximum, lot.quantity);
  if (!at_bid || !at_maximum) return std::nullopt;
  const Bonds more = beyond(*at_maximum, *at_bid);
  const Bonds all{at_bid->performance + more.performance, at_bid->trading + more.trading};
  if (!own) return all;
  const ProxyRow* old = proxy_of(state, lot.id);
  return beyond(all, {lot.leader_bond + (old != nullptr ? old->performance : Fen{}),
                      lot.leader_trading_bond + (old != nullptr ? old->trading : Fen{})});
}

/// The leader names another maximum. It bids now only if that brings it to the reserve.
void change_own(Context& context, LotRow& lot, Price maximum) {
  const Price bid = own_bid(lot, band_of(context.state, lot, context.now), maximum);
  hold(context, lot, bid, maximum);
  if (bid == lot.best) return;
  stand(context, lot, leader_of(lot), bid, lot.leader_bond + lot.leader_trading_bond, 0);
}

/// A newcomer whose maximum goes further than the leader's. Against a proxy the leader has bid its
/// own maximum by then.
void take_the_lead(Context& context, LotRow& lot, const Bidder& bidder, Price maximum) {
  const State& state = context.state;
  const ProxyRow* rival = proxy_of(state, lot.id);
  const PriceBand band = band_of(state, lot, context.now);
  if (rival != nullptr) {
    const Price last = within(band, rival->maximum);
    if (ahead(lot, last, lot.best) > 0 && ahead(lot, rival->maximum, last) >= 0) {
      bid_by_proxy(context, lot, leader_of(lot), last, 0);
    }
  }
  const Price bid = opening_bid(lot, band, maximum);
  lead(context, lot, bidder, bid, bonds_on(state, lot, bid));
  hold(context, lot, bid, maximum);
}

}  // namespace

const ProxyRow* proxy_of(const State& state, model::LotId lot) {
  if (!state.proxies.has(lot) || state.proxies[lot].bidder == 0) return nullptr;
  return &state.proxies[lot];
}

bool proxy_answers(const State& state, const LotRow& lot, Price price) {
  const ProxyRow* proxy = proxy_of(state, lot.id);
  return proxy != nullptr && ahead(lot, proxy->maximum, price) >= 0;
}

void answer_by_proxy(Context& context, model::LotId id, const Bidder& bidder, Price price) {
  State& state = context.state;
  LotRow& lot = state.lots.edit(id);
  const Bidder leader = leader_of(lot);
  const Price maximum = state.proxies[id].maximum;
  const PriceBand band = band_of(state, lot, context.now);
  const Price answer = within(band, nearer(lot, maximum, stepped(lot, price)));
  stand(context, lot, bidder, price, {}, leader.participant);
  remember_outbid(state, lot);
  lot.leader = leader.participant;
  lot.leader_user = leader.user;
  bid_by_proxy(context, lot, leader, answer, bidder.participant);
  if (reaches_cap(lot, answer)) static_cast<void>(conclude_best(context, id));
}

void end_proxy(Context& context, const LotRow& lot, model::PostingReason reason) {
  const ProxyRow* proxy = proxy_of(context.state, lot.id);
  if (proxy == nullptr) return;
  release_bonds(context, proxy->bidder, proxy->performance, proxy->trading, reason,
                subject_of(context.state, lot));
  keep(context, lot, {});
}

Outcome set_proxy(Context& context, const model::SetProxy& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.lots.has(body.lot)) return {Reject::unknown_lot};
  const LotRow& standing = state.lots[body.lot];
  const Reject controlled =
      check_pre_trade(state, standing.product, context.who.participant, standing.quantity);
  if (controlled != Reject::ok) return {controlled};
  if (const Reject r = check_maximum(context, standing, body); r != Reject::ok) return {r};
  const Price maximum{body.maximum};
  const bool own = standing.leader == context.who.participant;
  const auto bonds =
      needed_for(state, standing, band_of(state, standing, context.now), maximum, own);
  if (!bonds) return {Reject::overflow};
  const model::Currency currency = state.products[standing.product].currency;
  if (!covers_bonds(state, context.who.participant, currency, *bonds)) return {Reject::no_funds};
  if (may_reach_cap(state, standing, maximum) && !contract::can_conclude(state)) {
    return {Reject::contracts_full};
  }

  LotRow& lot = state.lots.edit(body.lot);
  if (lot.state == model::LotState::kAnnounced) open_auction(context, lot);
  const Bidder bidder{context.who.participant, context.who.user, body.goods};
  if (!own && proxy_answers(state, lot, maximum)) {
    answer_by_proxy(context, body.lot, bidder, maximum);
    return {Reject::ok, body.lot};
  }
  if (own) {
    change_own(context, lot, maximum);
  } else {
    take_the_lead(context, lot, bidder, maximum);
  }
  if (reaches_cap(lot, lot.best)) static_cast<void>(conclude_best(context, body.lot));
  return {Reject::ok, body.lot};
}

}  // namespace hulan::engine
