// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/bidding.h"

#include <algorithm>

#include "engine/auction/proxy.h"
#include "engine/auction/shared_clock.h"
#include "engine/auction/strike.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/halts.h"
#include "engine/market/members.h"

namespace hulan::engine {

using contract::Bonds;
using model::LotRow;
using model::LotState;
using model::Price;
using model::Reject;
using model::Side;

namespace {

bool auction_over(const LotRow& lot) {
  return lot.method == model::Method::kAscending &&
         (lot.state == LotState::kExclusive || lot.state == LotState::kSold ||
          lot.state == LotState::kUnsold);
}

}  // namespace

Reject check_open(const State& state, const LotRow& lot, model::Time now) {
  const bool draft = lot.method == model::Method::kNone;
  if (lot.method != model::Method::kAscending && !draft) return Reject::wrong_lot_state;
  if (lot.method != model::Method::kAscending ||
      (lot.state != LotState::kOpen && lot.state != LotState::kAnnounced)) {
    return auction_over(lot) ? Reject::auction_closed : Reject::wrong_lot_state;
  }
  if (const model::SessionId session = shared_session(state, lot.id); session != 0) {
    if (lot.state == LotState::kAnnounced) return Reject::auction_not_open;
    return now.value < state.sessions[session].due ? Reject::ok : Reject::auction_closed;
  }
  if (now.value < lot.open_at) return Reject::auction_not_open;
  return now.value < lot.close_at ? Reject::ok : Reject::auction_closed;
}

Reject check_bidder(const State& state, const LotRow& lot, model::ParticipantId bidder) {
  if (const Reject r = check_parties(state, lot.initiator, bidder); r != Reject::ok) return r;
  if (lot.leader == bidder) return Reject::already_leading;
  return is_active(state, lot.initiator) ? Reject::ok : Reject::participant_not_active;
}

PriceBand band_of(const State& state, const LotRow& lot, model::Time now) {
  return price_band(state, lot.product, price_region(lot), lot.grade, now);
}

Reject check_least(const LotRow& lot, Price price, Price least) {
  if (ahead(lot, price, least) < 0) {
    return lot.side == Side::kSell ? Reject::bid_too_low : Reject::bid_too_high;
  }
  if (lot.cap.value != 0 && ahead(lot, price, lot.cap) > 0) return Reject::above_cap;
  return Reject::ok;
}

Reject check_step(const LotRow& lot, Price price) {
  return check_least(lot, price, lot.leader == 0 ? lot.price : stepped(lot, lot.best));
}

Reject check_behind(Context& context, const LotRow& lot, model::LotId goods,
                    std::int64_t quantity) {
  const model::ParticipantId bidder = context.who.participant;
  if (lot.side == Side::kBuy) return check_offered_goods(context, lot, bidder, goods, quantity);
  return goods == 0 ? check_buyer_zone(context.state, lot, bidder) : Reject::malformed_body;
}

bool reaches_cap(const LotRow& lot, Price price) { return lot.cap.value != 0 && price == lot.cap; }

bool meets_reserve(const LotRow& lot, Price price) {
  return lot.reserve.value == 0 || ahead(lot, price, lot.reserve) >= 0;
}

void open_auction(Context& context, LotRow& lot) {
  enter_state(lot, LotState::kOpen);
  context.emit_row<model::LotChanged>(lot.id, lot);
}

void extend_close(Context& context, LotRow& lot) {
  if (const model::SessionId session = shared_session(context.state, lot.id); session != 0) {
    lot.close_at = restart_shared_clock(context, session);
    return;
  }
  if (context.now.value < lot.close_at - lot.window_ns) return;
  lot.close_at = std::max(lot.close_at, context.now.value + lot.window_ns);
}

void arm_lot(Context& context, model::LotId lot, std::int64_t due) {
  context.state.timers.add(model::Time{due}, TimerKind::kLot, lot, lot_timer(context.state, lot));
}

void stand(Context& context, LotRow& lot, const Bidder& bidder, Price price, model::Fen frozen,
           model::ParticipantId outbid) {
  lot.best = price;
  lot.leader = bidder.participant;
  lot.leader_user = bidder.user;
  lot.leader_goods = bidder.goods;
  ++lot.bids;
  extend_close(context, lot);
  context.emit(model::BidAccepted{{},
                                  price,
                                  lot.close_at,
                                  frozen,
                                  lot.id,
                                  lot.leader,
                                  lot.leader_user,
                                  outbid,
                                  bidder.goods,
                                  lot.bids});
}

void lead(Context& context, LotRow& lot, const Bidder& bidder, Price price, const Bonds& bonds) {
  State& state = context.state;
  const Subject subject{.lot = lot.id, .currency = state.products[lot.product].currency};
  const model::ParticipantId outbid = lot.leader;
  if (outbid != 0) {
    remember_outbid(state, lot);
    end_proxy(context, lot, model::PostingReason::kBondReleased);
    release_bonds(context, outbid, lot.leader_bond, lot.leader_trading_bond,
                  model::PostingReason::kBondReleased, subject);
    use_goods(context, lot.leader_goods, 0);
  }
  freeze_bonds(context, bidder.participant, bonds.performance, bonds.trading, subject);
  use_goods(context, bidder.goods, lot.id);
  lot.leader_bond = bonds.performance;
  lot.leader_trading_bond = bonds.trading;
  stand(context, lot, bidder, price, bonds.performance + bonds.trading, outbid);
}

model::ContractId conclude_best(Context& context, model::LotId id) {
  LotRow& lot = context.state.lots.edit(id);
  end_proxy(context, lot, model::PostingReason::kBondTrimmed);
  const Part part{.counterparty = lot.leader,
                  .goods = lot.leader_goods,
                  .price = lot.best,
                  .quantity = lot.quantity,
                  .bonds = {lot.leader_bond, lot.leader_trading_bond}};
  lot.leader_bond = {};
  lot.leader_trading_bond = {};
  const model::ContractId made = conclude_part(context, id, part);
  count_shared(context, lot, part.price);
  return made;
}

}  // namespace hulan::engine
