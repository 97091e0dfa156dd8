// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/strike.h"

#include <algorithm>

#include "engine/auction/divisible.h"
#include "engine/auction/ending.h"
#include "engine/auction/negotiation.h"
#include "engine/auction/sealed.h"
#include "engine/auction/shared_clock.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"

namespace hulan::engine {
namespace {

using model::BidStackRow;
using model::LotRow;
using model::LotState;
using model::OutbidRow;

// Together with kMaxTimersPerCommand these bound one command's work and events.
constexpr std::uint32_t kLotsPerSweep = 4096;
constexpr int kChangesPerSweep = 8;

bool may_lead(Context& context, const LotRow& lot, const OutbidRow& bid) {
  State& state = context.state;
  if (!is_active(state, bid.bidder)) return false;
  if (bid.goods == 0) return true;
  return check_offered_goods(context, lot, bid.bidder, bid.goods, lot.quantity) ==
         model::Reject::ok;
}

void lead_again(Context& context, LotRow& lot, const OutbidRow& bid, const contract::Bonds& bonds) {
  lot.best = bid.price;
  lot.leader = bid.bidder;
  lot.leader_user = bid.user;
  lot.leader_goods = bid.goods;
  lot.leader_bond = bonds.performance;
  lot.leader_trading_bond = bonds.trading;
  const model::Currency currency = context.state.products[lot.product].currency;
  const model::Fen frozen = context.frozen;
  freeze_bonds(context, bid.bidder, bonds.performance, bonds.trading,
               {.lot = lot.id, .currency = currency});
  context.frozen = frozen;
  use_goods(context, bid.goods, lot.id);
}

/// Of each bidder the latest bid counts: an earlier one of the leader's does not come back.
void forget(State& state, const LotRow& lot) {
  BidStackRow& stack = state.bid_stacks.edit(lot.bid_stack);
  const auto end = stack.bids.begin() + stack.count;
  const auto kept = std::remove_if(stack.bids.begin(), end,
                                   [&](const OutbidRow& bid) { return bid.bidder == lot.leader; });
  std::fill(kept, end, OutbidRow{});
  stack.count = static_cast<std::uint32_t>(kept - stack.bids.begin());
}

void next_leader(Context& context, LotRow& lot) {
  lot.best = {};
  BidStackRow& stack = context.state.bid_stacks.edit(lot.bid_stack);
  const auto& product = context.state.products[lot.product];
  while (stack.count > 0) {
    const OutbidRow bid = stack.bids[--stack.count];
    stack.bids[stack.count] = {};
    const auto bonds = bonds_at(lot, product, bid.price, lot.quantity);
    HULAN_ASSERT(bonds);
    if (!may_lead(context, lot, bid) ||
        !covers_bonds(context.state, bid.bidder, product.currency, *bonds)) {
      continue;
    }
    return lead_again(context, lot, bid, *bonds);
  }
}

/// How much was changed, at most `most`: a divisible lot may need another visit.
int sweep_lot(Context& context, model::ParticipantId participant, model::LotId id, int most) {
  const LotRow& lot = context.state.lots[id];
  if (!is_live(lot.state)) return 0;
  if (lot.initiator == participant && lot.bids == 0) {
    const int quotes = live_quotes(context.state, id);
    end_lot(context, id, LotState::kWithdrawn);
    return 1 + quotes;
  }
  if (lot.method == model::Method::kNegotiation) return strike_quote(context, id, participant);
  if (is_divisible(context.state, id)) return strike_lot_bids(context, id, participant, most);
  if (strike_envelope(context, id, participant)) return 1;
  if (lot.leader != participant) return 0;
  strike_leader(context, id);
  return 1;
}

}  // namespace

void remember_outbid(State& state, const LotRow& lot) {
  BidStackRow& stack = state.bid_stacks.edit(lot.bid_stack);
  const auto begin = stack.bids.begin();
  auto end = begin + stack.count;
  const auto same =
      std::find_if(begin, end, [&](const OutbidRow& bid) { return bid.bidder == lot.leader; });
  if (same != end) {
    end = std::copy(same + 1, end, same);
  } else if (stack.count == model::kKeptBids) {
    end = std::copy(begin + 1, end, begin);
  }
  *end = {lot.best, lot.leader, lot.leader_user, lot.leader_goods, 0};
  stack.count = static_cast<std::uint32_t>(end - begin) + 1;
}

void strike_leader(Context& context, model::LotId id) {
  LotRow& lot = context.state.lots.edit(id);
  HULAN_ASSERT(lot.leader != 0);
  context.emit(model::BidStruck{{}, lot.best, id, lot.leader});
  forget(context.state, lot);
  release_leader(context, lot);
  next_leader(context, lot);
  const std::int64_t at_least = context.now.value + lot.window_ns;
  if (lot.state == LotState::kExclusive) {
    if (lot.leader == 0) return end_lot(context, id, LotState::kUnsold);
    lot.exclusive_until = std::max(lot.exclusive_until, at_least);
  } else if (const model::SessionId session = shared_session(context.state, id); session != 0) {
    lot.close_at = restart_shared_clock(context, session);
  } else {
    lot.close_at = std::max(lot.close_at, at_least);
  }
  context.emit_row<model::LotChanged>(id, lot);
}

void sweep(Context& context, model::ParticipantId participant, model::LotId from) {
  State& state = context.state;
  if (is_active(state, participant)) return;  // admitted again meanwhile
  const std::uint32_t end = std::min(state.lots.size(), from + kLotsPerSweep);
  int changes = 0;
  model::LotId lot = from;
  for (std::uint32_t bids = 0; lot < end && bids < kLotsPerSweep && changes < kChangesPerSweep;
       ++lot) {
    changes += sweep_lot(context, participant, lot, kChangesPerSweep - changes);
    if (changes == kChangesPerSweep && is_divisible(state, lot)) break;
    bids += lot_bid_count(state, lot) + envelope_count(state, lot);
  }
  // Without room for a timer the rest is struck when its auction closes.
  if (lot < state.lots.size() && !state.timers.full()) {
    state.timers.add(context.now, TimerKind::kSweep, participant, lot);
  }
}

}  // namespace hulan::engine
