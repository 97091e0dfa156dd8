// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/ascending.h"

#include <algorithm>

#include "engine/auction/bidding.h"
#include "engine/auction/divisible.h"
#include "engine/auction/ending.h"
#include "engine/auction/proxy.h"
#include "engine/auction/sealed.h"
#include "engine/auction/strike.h"
#include "engine/ledger/ledger.h"
#include "engine/market/access.h"
#include "engine/market/halts.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::LotRow;
using model::LotState;
using model::Price;
using model::Reject;

Reject check_bid(Context& context, const LotRow& lot, Price price, model::LotId goods) {
  const State& state = context.state;
  const Reject controlled =
      check_pre_trade(state, lot.product, context.who.participant, lot.quantity);
  if (controlled != Reject::ok) return controlled;
  if (const Reject r = check_open(state, lot, context.now); r != Reject::ok) return r;
  if (const Reject r = check_bidder(state, lot, context.who.participant); r != Reject::ok) return r;
  const auto band = band_of(state, lot, context.now);
  const Reject limits = check_price(price, state.products[lot.product], band);
  if (limits != Reject::ok) return limits;
  if (const Reject r = check_step(lot, price); r != Reject::ok) return r;
  return check_behind(context, lot, goods, lot.quantity);
}

// --- the close ---

/// When the lot's clock next runs out; 0: it has none.
std::int64_t due_of(const LotRow& lot) {
  switch (lot.state) {
    case LotState::kListed:
    case LotState::kOpen:
      return lot.close_at;
    case LotState::kAnnounced:
      return lot.open_at;
    case LotState::kExclusive:
      return lot.exclusive_until;
    default:
      return 0;
  }
}

/// R12.2: true while a halt holds the lot's clock; a timer is there where one is needed.
bool waits(Context& context, const LotRow& lot) {
  const std::int64_t due = due_of(lot);
  const std::int64_t now = context.now.value;
  if (!is_held(context.state, lot.product, due)) return false;
  // Resuming arms it again; but its clock may be moved already, while others are still to be.
  if (due > now)
    arm_lot(context, lot.id, due);
  else if (is_resuming(context.state, lot.product))
    arm_lot(context, lot.id, now + model::kSecond);
  return true;
}

void close_auction(Context& context, model::LotId id) {
  State& state = context.state;
  if (state.lots[id].method == model::Method::kSealed) return close_envelopes(context, id);
  if (is_divisible(state, id)) return close_divisible(context, id);
  const LotRow& lot = state.lots[id];
  if (lot.leader != 0 && !is_active(state, lot.leader)) {
    strike_leader(context, id);
    return arm_lot(context, id, lot.close_at);
  }
  if (lot.leader == 0) return end_lot(context, id, LotState::kUnsold);
  if (!contract::can_conclude(state))
    return arm_lot(context, id, context.now.value + model::kMinute);
  if (meets_reserve(lot, lot.best)) {
    static_cast<void>(conclude_best(context, id));
    return;
  }
  LotRow& changed = state.lots.edit(id);
  end_proxy(context, changed, model::PostingReason::kBondReleased);
  enter_state(changed, LotState::kExclusive);
  changed.exclusive_until = context.now.value + state.market[1].exclusive_ns;
  arm_lot(context, id, changed.exclusive_until);
  context.emit_row<model::LotChanged>(id, changed);
}

Reject check_exclusive(const Context& context, model::LotId id) {
  const State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) return r;
  if (!state.lots.has(id)) return Reject::unknown_lot;
  if (state.lots[id].state != LotState::kExclusive) return Reject::wrong_lot_state;
  return is_halted(state, state.lots[id].product) ? Reject::trading_halted : Reject::ok;
}

Reject check_exclusive_end(const Context& context, const LotRow& lot) {
  if (context.now.value >= lot.exclusive_until) return Reject::exclusive_over;
  if (!is_active(context.state, lot.leader)) return Reject::participant_not_active;
  return contract::can_conclude(context.state) ? Reject::ok : Reject::contracts_full;
}

}  // namespace

Outcome place_bid(Context& context, model::LotId id, Price price, model::LotId goods) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.lots.has(id)) return {Reject::unknown_lot};
  const LotRow& standing = state.lots[id];
  if (is_divisible(state, id)) return {Reject::invalid_quantity};
  if (const Reject r = check_bid(context, standing, price, goods); r != Reject::ok) return {r};
  const auto& product = state.products[standing.product];
  const auto bonds = bonds_at(standing, product, price, standing.quantity);
  if (!bonds) return {Reject::overflow};
  if (!covers_bonds(state, context.who.participant, product.currency, *bonds)) {
    return {Reject::no_funds};
  }
  const bool last = reaches_cap(standing, price);
  const bool answered = proxy_answers(state, standing, price);
  if ((last || (answered && standing.cap.value != 0)) && !contract::can_conclude(state)) {
    return {Reject::contracts_full};
  }

  LotRow& lot = state.lots.edit(id);
  if (lot.state == LotState::kAnnounced) open_auction(context, lot);
  const Bidder bidder{context.who.participant, context.who.user, goods};
  if (answered) {
    answer_by_proxy(context, id, bidder, price);
    return {Reject::ok, id};
  }
  lead(context, lot, bidder, price, *bonds);
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
  if (waits(context, lot)) return;
  if (lot.state == LotState::kAnnounced && now >= lot.open_at) {
    open_auction(context, state.lots.edit(id));
    if (waits(context, lot)) return;
  }
  switch (lot.state) {
    case LotState::kListed:
      return now >= lot.close_at ? end_lot(context, id, LotState::kExpired)
                                 : arm_lot(context, id, lot.close_at);
    case LotState::kAnnounced:
      return arm_lot(context, id, lot.open_at);
    case LotState::kOpen:
      return now >= lot.close_at ? close_auction(context, id) : arm_lot(context, id, lot.close_at);
    case LotState::kExclusive:
      return now >= lot.exclusive_until ? end_lot(context, id, LotState::kUnsold)
                                        : arm_lot(context, id, lot.exclusive_until);
    default:
      return;
  }
}

}  // namespace hulan::engine
