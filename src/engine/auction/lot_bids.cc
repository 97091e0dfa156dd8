// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/lot_bids.h"

#include "engine/ledger/ledger.h"

namespace hulan::engine {
namespace {

using model::DivisibleRow;
using model::LotBidRow;
using model::LotBidState;

void tell(Context& context, std::uint32_t row) {
  context.emit_row<model::LotBidChanged>(row, context.state.lot_bids[row]);
}

Rank rank_of(const LotBidRow& bid) { return {bid.price, bid.order}; }

std::uint32_t new_row(State& state) {
  const std::uint32_t free = state.lot_bids[0].next;
  if (free == 0) return state.lot_bids.add();
  state.lot_bids.edit(0).next = state.lot_bids[free].next;
  return free;
}

void free_row(Context& context, std::uint32_t row) {
  State& state = context.state;
  state.lot_bids.edit(row) = LotBidRow{};
  state.lot_bids.edit(row).next = state.lot_bids[0].next;
  state.lot_bids.edit(0).next = row;
  tell(context, row);
}

void set_next(Context& context, std::uint32_t row, std::uint32_t next) {
  context.state.lot_bids.edit(row).next = next;
  tell(context, row);
}

/// Takes `row` out of the list that begins at `first`.
void unlink(Context& context, std::uint32_t& first, std::uint32_t row) {
  const auto& bids = context.state.lot_bids;
  const std::uint32_t next = bids[row].next;
  if (first == row) {
    first = next;
    return;
  }
  std::uint32_t before = first;
  while (bids[before].next != row) before = bids[before].next;
  set_next(context, before, next);
}

void forget_worst(Context& context, DivisibleRow& lot) {
  const auto& bids = context.state.lot_bids;
  std::size_t count = 0;
  std::uint32_t last = 0;
  for (std::uint32_t row = lot.first_outbid; row != 0; row = bids[row].next) ++count, last = row;
  if (count <= model::kKeptBids) return;
  unlink(context, lot.first_outbid, last);
  free_row(context, last);
}

void remember(Context& context, DivisibleRow& lot, std::uint32_t row) {
  LotBidRow& bid = context.state.lot_bids.edit(row);
  bid.state = LotBidState::kOutbid;
  bid.next = lot.first_outbid;
  lot.first_outbid = row;
  tell(context, row);
  forget_worst(context, lot);
}

}  // namespace

bool has_bid_room(const State& state) {
  return state.lot_bids[0].next != 0 || !state.lot_bids.full();
}

void insert_bid(Context& context, model::LotId id, const LotBidRow& bid) {
  State& state = context.state;
  const model::Side side = state.lots[id].side;
  DivisibleRow& lot = state.divisible.edit(id);
  std::uint32_t before = 0;
  std::uint32_t after = lot.first;
  while (after != 0 && outranks(side, rank_of(state.lot_bids[after]), rank_of(bid))) {
    before = after;
    after = state.lot_bids[after].next;
  }
  const std::uint32_t row = new_row(state);
  LotBidRow& added = state.lot_bids.edit(row);
  added = bid;
  added.state = LotBidState::kLive;
  added.next = after;
  tell(context, row);
  if (before == 0) {
    lot.first = row;
  } else {
    set_next(context, before, row);
  }
  ++lot.live;
  use_goods(context, bid.goods, id);
}

void remove_bid(Context& context, model::LotId id, std::uint32_t row, bool keep) {
  State& state = context.state;
  DivisibleRow& lot = state.divisible.edit(id);
  unlink(context, lot.first, row);
  --lot.live;
  LotBidRow& bid = state.lot_bids.edit(row);
  release_bonds(context, bid.bidder, bid.performance, bid.trading,
                model::PostingReason::kBondReleased,
                {.lot = id, .currency = state.products[state.lots[id].product].currency});
  use_goods(context, bid.goods, 0);
  bid.performance = {};
  bid.trading = {};
  if (keep) {
    remember(context, lot, row);
  } else {
    free_row(context, row);
  }
}

void drop_first(Context& context, model::LotId id) {
  DivisibleRow& lot = context.state.divisible.edit(id);
  const std::uint32_t row = lot.first;
  lot.first = context.state.lot_bids[row].next;
  --lot.live;
  free_row(context, row);
}

LotBidRow recall_bid(Context& context, model::LotId id) {
  DivisibleRow& lot = context.state.divisible.edit(id);
  const std::uint32_t row = lot.first_outbid;
  if (row == 0) return {};
  LotBidRow bid = context.state.lot_bids[row];
  lot.first_outbid = bid.next;
  free_row(context, row);
  bid.next = 0;
  return bid;
}

void forget_bids(Context& context, model::LotId id, model::ParticipantId bidder) {
  State& state = context.state;
  DivisibleRow& lot = state.divisible.edit(id);
  for (std::uint32_t row = lot.first_outbid; row != 0;) {
    const std::uint32_t next = state.lot_bids[row].next;
    if (bidder == 0 || state.lot_bids[row].bidder == bidder) {
      unlink(context, lot.first_outbid, row);
      free_row(context, row);
    }
    row = next;
  }
}

}  // namespace hulan::engine
