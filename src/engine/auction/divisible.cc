// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/divisible.h"

#include <algorithm>

#include "engine/auction/ascending.h"
#include "engine/auction/bidding.h"
#include "engine/auction/lot_bids.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::DivisibleRow;
using model::LotBidRow;
using model::LotRow;
using model::LotState;
using model::Price;
using model::Reject;

// With kMaxTimersPerCommand they bound one command's work and events.
constexpr int kConclusionsPerStep = 8;
constexpr int kReleasesPerStep = 16;

Allotment allotment_of(const LotRow& lot) { return {lot.quantity, lot.minimum}; }

/// The price at which a bid's bonds are frozen: its own; where the lowest accepted price goes to
/// all and prices fall, a seller may get more than it asked for, at most the start.
Price bond_price(const LotRow& lot, model::Award award, Price price) {
  return award == model::Award::kUniform && lot.side == model::Side::kBuy ? lot.price : price;
}

/// Works out again who gets something now: `covered` and `marginal`, and the lot's best. Who gets
/// nothing is released and remembered.
void settle_ranks(Context& context, model::LotId id) {
  State& state = context.state;
  LotRow& lot = state.lots.edit(id);
  DivisibleRow& row = state.divisible.edit(id);
  Allotment allotment = allotment_of(lot);
  Price worst{};
  std::uint32_t first_loser = 0;
  for (std::uint32_t at = row.first; at != 0; at = state.lot_bids[at].next) {
    if (allotment.give(state.lot_bids[at].quantity) == 0) {
      first_loser = at;
      break;
    }
    worst = state.lot_bids[at].price;
  }
  // The worst first, so that the best of them is remembered before the others.
  while (first_loser != 0) {
    std::uint32_t last = first_loser;
    while (state.lot_bids[last].next != 0) last = state.lot_bids[last].next;
    if (last == first_loser) first_loser = 0;
    remove_bid(context, id, last, true);
  }
  row.covered = lot.quantity - allotment.rest();
  row.marginal = allotment.covered() ? worst : Price{};
  lot.best = row.first != 0 ? state.lot_bids[row.first].price : Price{};
}

void tell(Context& context, model::LotId id) {
  context.emit_row<model::DivisibleChanged>(id, context.state.divisible[id]);
  context.emit_row<model::LotChanged>(id, context.state.lots[id]);
}

/// While the lot is not covered at least the start, afterwards the marginal price and a step.
Price least_price(const LotRow& lot, const DivisibleRow& row) {
  return row.marginal.value == 0 ? lot.price : stepped(lot, row.marginal);
}

Reject check_quantity(const LotRow& lot, std::int64_t quantity) {
  if (quantity <= 0) return Reject::invalid_quantity;
  if (quantity > lot.quantity) return Reject::above_remaining;
  return quantity < lot.minimum ? Reject::below_minimum : Reject::ok;
}

Reject check_bid(Context& context, const LotRow& lot, const model::PlaceQuantityBid& body) {
  const State& state = context.state;
  const Price price{body.price};
  if (const Reject r = check_open(state, lot, context.now); r != Reject::ok) return r;
  if (const Reject r = check_bidder(state, lot, context.who.participant); r != Reject::ok) return r;
  const auto band = band_of(state, lot, context.now);
  const Reject limits = check_price(price, state.products[lot.product], band);
  if (limits != Reject::ok) return limits;
  if (const Reject r = check_quantity(lot, body.quantity); r != Reject::ok) return r;
  const Reject least = check_least(lot, price, least_price(lot, state.divisible[lot.id]));
  if (least != Reject::ok) return least;
  return check_behind(context, lot, body.goods, body.quantity);
}

void freeze(Context& context, const LotRow& lot, LotBidRow& bid, const Bonds& bonds) {
  freeze_bonds(context, bid.bidder, bonds.performance, bonds.trading,
               {.lot = lot.id, .currency = context.state.products[lot.product].currency});
  bid.performance = bonds.performance;
  bid.trading = bonds.trading;
}

bool may_come_back(Context& context, const LotRow& lot, const LotBidRow& bid) {
  if (!is_active(context.state, bid.bidder)) return false;
  return bid.goods == 0 ||
         check_offered_goods(context, lot, bid.bidder, bid.goods, bid.quantity) == Reject::ok;
}

/// R5.7: remembered bids, the best first, for what the struck ones leave.
void bring_back(Context& context, model::LotId id) {
  State& state = context.state;
  const LotRow& lot = state.lots[id];
  const auto& product = state.products[lot.product];
  const model::Fen frozen = context.frozen;
  while (state.divisible[id].marginal.value == 0) {
    LotBidRow bid = recall_bid(context, id);
    if (bid.bidder == 0) break;
    const Price at = bond_price(lot, state.divisible[id].award, bid.price);
    const auto bonds = bonds_at(lot, product, at, bid.quantity);
    HULAN_ASSERT(bonds);
    if (!may_come_back(context, lot, bid) ||
        !covers_bonds(state, bid.bidder, product.currency, *bonds)) {
      continue;
    }
    freeze(context, lot, bid, *bonds);
    insert_bid(context, id, bid);
    settle_ranks(context, id);
  }
  context.frozen = frozen;
}

// --- the close ---

/// A live bid whose bidder may not trade any more; 0 = none.
model::ParticipantId removed_bidder(const State& state, model::LotId id) {
  for (std::uint32_t at = state.divisible[id].first; at != 0; at = state.lot_bids[at].next) {
    if (!is_active(state, state.lot_bids[at].bidder)) return state.lot_bids[at].bidder;
  }
  return 0;
}

/// Counts the bids that get something; those beyond the reserve fail.
void make_awards(Context& context, model::LotId id) {
  State& state = context.state;
  const LotRow& lot = state.lots[id];
  DivisibleRow& row = state.divisible.edit(id);
  Allotment allotment = allotment_of(lot);
  for (std::uint32_t at = row.first; at != 0; at = state.lot_bids[at].next) {
    const LotBidRow& bid = state.lot_bids[at];
    if (!meets_reserve(lot, bid.price) || allotment.give(bid.quantity) == 0) break;
    row.clearing = bid.price;
    ++row.accepted;
  }
  row.covered = lot.quantity - allotment.rest();
  row.closing = 1;
  tell(context, id);
}

/// Releases losers, the last first. True if none is left.
bool release_losers(Context& context, model::LotId id) {
  const State& state = context.state;
  const DivisibleRow& row = state.divisible[id];
  for (int released = 0; row.live > row.accepted; ++released) {
    if (released == kReleasesPerStep) return false;
    std::uint32_t last = row.first;
    while (state.lot_bids[last].next != 0) last = state.lot_bids[last].next;
    remove_bid(context, id, last, false);
  }
  return true;
}

/// The first live bid becomes a contract for what it was awarded.
void conclude_first(Context& context, model::LotId id) {
  State& state = context.state;
  const DivisibleRow& row = state.divisible[id];
  LotBidRow& bid = state.lot_bids.edit(row.first);
  const LotRow& lot = state.lots[id];
  const Price price = row.award == model::Award::kUniform ? row.clearing : bid.price;
  const std::int64_t awarded = std::min(bid.quantity, lot.remaining);  // only the last gets less
  const auto bonds = bonds_at(lot, state.products[lot.product], price, awarded);
  HULAN_ASSERT(bonds);
  release_bonds(context, bid.bidder, bid.performance - bonds->performance,
                bid.trading - bonds->trading, model::PostingReason::kBondTrimmed,
                {.lot = id, .currency = state.products[lot.product].currency});
  const Part part{bid.bidder, bid.goods, price, awarded, *bonds};
  bid.performance = {};
  bid.trading = {};
  drop_first(context, id);
  --state.divisible.edit(id).accepted;
  static_cast<void>(conclude_part(context, id, part));
}

}  // namespace

bool is_divisible(const State& state, model::LotId lot) {
  return state.divisible.has(lot) && state.divisible[lot].award != model::Award::kWhole;
}

std::uint32_t lot_bid_count(const State& state, model::LotId lot) {
  return is_divisible(state, lot) ? state.divisible[lot].live : 0;
}

void make_divisible(Context& context, model::LotId lot, model::Award award) {
  State& state = context.state;
  const bool room = state.divisible.reach(lot);
  HULAN_ASSERT(room);  // as many as lots
  DivisibleRow& row = state.divisible.edit(lot);
  row.lot = lot;
  row.award = award;
  context.emit_row<model::DivisibleChanged>(lot, row);
}

Outcome place_quantity_bid(Context& context, const model::PlaceQuantityBid& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.lots.has(body.lot)) return {Reject::unknown_lot};
  const LotRow& standing = state.lots[body.lot];
  const Price price{body.price};
  if (!is_divisible(state, body.lot)) {
    if (body.quantity != standing.quantity) return {Reject::invalid_quantity};
    return place_bid(context, body.lot, price, body.goods);
  }
  const Reject controlled =
      check_pre_trade(state, standing.product, context.who.participant, body.quantity);
  if (controlled != Reject::ok) return {controlled};
  if (const Reject r = check_bid(context, standing, body); r != Reject::ok) return {r};
  if (!has_bid_room(state)) return {Reject::bids_full};
  const auto& product = state.products[standing.product];
  const Price at = bond_price(standing, state.divisible[body.lot].award, price);
  const auto bonds = bonds_at(standing, product, at, body.quantity);
  if (!bonds) return {Reject::overflow};
  const auto& who = context.who;
  if (!covers_bonds(state, who.participant, product.currency, *bonds)) return {Reject::no_funds};

  LotRow& lot = state.lots.edit(body.lot);
  if (lot.state == LotState::kAnnounced) open_auction(context, lot);
  LotBidRow bid{};
  bid.price = price;
  bid.quantity = body.quantity;
  bid.order = context.sequence;
  bid.lot = lot.id;
  bid.bidder = who.participant;
  bid.user = who.user;
  bid.goods = body.goods;
  freeze(context, lot, bid, *bonds);
  ++lot.bids;
  extend_close(context, lot);
  context.emit(model::QuantityBidAccepted{{},
                                          price,
                                          body.quantity,
                                          lot.close_at,
                                          bonds->performance + bonds->trading,
                                          lot.id,
                                          bid.bidder,
                                          bid.user,
                                          bid.goods,
                                          lot.bids,
                                          0});
  forget_bids(context, lot.id, bid.bidder);
  insert_bid(context, lot.id, bid);
  settle_ranks(context, lot.id);
  tell(context, lot.id);
  return {Reject::ok, lot.id};
}

int strike_lot_bids(Context& context, model::LotId id, model::ParticipantId participant, int most) {
  State& state = context.state;
  if (state.divisible[id].closing != 0) return 0;  // the awards are made
  int struck = 0;
  for (std::uint32_t at = state.divisible[id].first; at != 0 && struck < most;) {
    const std::uint32_t next = state.lot_bids[at].next;
    if (state.lot_bids[at].bidder == participant) {
      context.emit(model::BidStruck{{}, state.lot_bids[at].price, id, participant});
      remove_bid(context, id, at, false);
      ++struck;
    }
    at = next;
  }
  if (struck == 0) return 0;
  settle_ranks(context, id);
  bring_back(context, id);
  LotRow& lot = state.lots.edit(id);
  lot.close_at = std::max(lot.close_at, context.now.value + lot.window_ns);
  tell(context, id);
  return struck;
}

void close_divisible(Context& context, model::LotId id) {
  State& state = context.state;
  const std::int64_t now = context.now.value;
  if (state.divisible[id].closing == 0) {
    if (const model::ParticipantId removed = removed_bidder(state, id); removed != 0) {
      static_cast<void>(strike_lot_bids(context, id, removed, kConclusionsPerStep));
      return arm_lot(context, id, state.lots[id].close_at);
    }
    make_awards(context, id);
  }
  if (!release_losers(context, id)) return arm_lot(context, id, now);
  for (int done = 0; state.divisible[id].first != 0; ++done) {
    if (done == kConclusionsPerStep) return arm_lot(context, id, now);
    if (!contract::can_conclude(state)) return arm_lot(context, id, now + model::kMinute);
    conclude_first(context, id);
  }
  forget_bids(context, id, 0);
  context.emit_row<model::DivisibleChanged>(id, state.divisible[id]);
  if (state.lots[id].remaining != 0) end_lot(context, id, LotState::kUnsold);
}

void release_lot_bids(Context& context, model::LotId id) {
  if (!is_divisible(context.state, id)) return;
  while (context.state.divisible[id].first != 0) {
    remove_bid(context, id, context.state.divisible[id].first, false);
  }
  forget_bids(context, id, 0);
  context.emit_row<model::DivisibleChanged>(id, context.state.divisible[id]);
}

}  // namespace hulan::engine
