// SPDX-License-Identifier: Apache-2.0
// From the close on: the opening of the envelopes, the awards, the conclusions (R5.3.4).
#include <algorithm>

#include "base/sealed_box.h"
#include "engine/auction/allocate.h"
#include "engine/auction/ascending.h"
#include "engine/auction/bidding.h"
#include "engine/auction/sealed.h"
#include "engine/ledger/ledger.h"
#include "engine/market/access.h"
#include "engine/market/halts.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::EnvelopeState;
using model::Fen;
using model::LotRow;
using model::LotState;
using model::PostingReason;
using model::Price;
using model::SealedAward;
using model::SealedBidRow;
using model::SealedPhase;
using model::SealedRow;

// One firing of the key's timer does no more than this.
constexpr int kOpeningsPerStep = 16;
constexpr int kConclusionsPerStep = 8;
constexpr int kLotsPerStep = 64;
constexpr std::size_t kMostToldBefore = model::kMaxEventBytesPerCommand / 4;

/// The envelopes of a lot that are open and valid, by rank.
struct Ranked {
  std::array<std::uint32_t, model::kMaxEnvelopes> row;
  std::size_t count = 0;
};

Ranked rank_envelopes(const State& state, const LotRow& lot) {
  Ranked out;
  for (std::uint32_t at = state.sealed[lot.id].first; at != 0; at = state.sealed_bids[at].next) {
    if (state.sealed_bids[at].state == EnvelopeState::kOpened) out.row[out.count++] = at;
  }
  const auto rank = [&](std::uint32_t at) {
    return Rank{state.sealed_bids[at].price, state.sealed_bids[at].order};
  };
  std::sort(out.row.begin(), out.row.begin() + static_cast<std::ptrdiff_t>(out.count),
            [&](std::uint32_t a, std::uint32_t b) { return outranks(lot.side, rank(a), rank(b)); });
  return out;
}

// --- opening ---

/// Void: the trading bond goes to the initiator, the performance bond back.
void forfeit_envelope(Context& context, std::uint32_t number) {
  State& state = context.state;
  SealedBidRow& bid = state.sealed_bids.edit(number);
  const LotRow& lot = state.lots[bid.lot];
  const std::array legs{Leg{.participant = bid.bidder,
                            .bucket = model::Bucket::kTradingBond,
                            .amount = -bid.trading,
                            .reason = PostingReason::kForfeit},
                        Leg{.participant = lot.initiator,
                            .bucket = model::Bucket::kAvailable,
                            .amount = bid.trading,
                            .reason = PostingReason::kForfeit}};
  post_set(context, legs, {.lot = lot.id, .currency = state.products[lot.product].currency});
  bid.trading = {};
  release_envelope(context, number, EnvelopeState::kVoid, PostingReason::kBondReleased);
}

/// Within the notice's limits, on the tick, and a quantity that the lot and the goods allow.
bool is_valid(const State& state, const LotRow& lot, const SealedRow& sealed,
              const SealedBidRow& bid) {
  const auto& product = state.products[lot.product];
  if (bid.price < sealed.low || bid.price > sealed.high) return false;
  if (bid.price.value % product.tick.value != 0) return false;
  if (bid.quantity < lot.minimum || bid.quantity > lot.quantity) return false;
  return bid.goods == 0 || bid.quantity <= state.lots[bid.goods].quantity;
}

void open_envelope(Context& context, std::uint32_t number, const model::SealKeyRow& key) {
  State& state = context.state;
  SealedBidRow& bid = state.sealed_bids.edit(number);
  if (bid.state != EnvelopeState::kShut) return;
  const auto opening = open_box(bid.box, key.public_key, join_shares(key.share[0], key.share[1]));
  if (!opening || commitment_of(*opening) != bid.commitment) {
    return forfeit_envelope(context, number);
  }
  bid.price = Price{opening->price};
  bid.quantity = opening->quantity;
  bid.salt = opening->salt;
  const bool valid = is_valid(state, state.lots[bid.lot], state.sealed[bid.lot], bid);
  if (!valid) {
    return release_envelope(context, number, EnvelopeState::kInvalid, PostingReason::kBondReleased);
  }
  if (!is_active(state, bid.bidder)) {
    context.emit(model::BidStruck{{}, bid.price, bid.lot, bid.bidder});
    return release_envelope(context, number, EnvelopeState::kStruck, PostingReason::kBondReleased);
  }
  bid.state = EnvelopeState::kOpened;
  context.emit_row<model::SealedBidChanged>(number, bid);
}

/// Opens some envelopes of the lot; true when none is left shut.
bool open_some(Context& context, model::LotId id, const model::SealKeyRow& key) {
  State& state = context.state;
  SealedRow& sealed = state.sealed.edit(id);
  if (sealed.phase == SealedPhase::kSealed) {
    sealed.phase = SealedPhase::kOpening;
    sealed.at = sealed.first;
  }
  for (int opened = 0; sealed.at != 0 && opened < kOpeningsPerStep; ++opened) {
    const std::uint32_t next = state.sealed_bids[sealed.at].next;
    open_envelope(context, sealed.at, key);
    sealed.at = next;
  }
  context.emit_row<model::SealedChanged>(id, sealed);
  return sealed.at == 0;
}

// --- awards ---

/// R5.3.4: what the best pays for a whole lot.
Price price_of_whole(const State& state, const LotRow& lot, const Ranked& ranked) {
  const Price best = state.sealed_bids[ranked.row[0]].price;
  if (state.sealed[lot.id].award == SealedAward::kFirstPrice) return best;
  const Price least = lot.reserve.value != 0 ? lot.reserve : lot.price;
  if (ranked.count == 1) return least;
  return further(lot, least, state.sealed_bids[ranked.row[1]].price);
}

/// Marks the winners and releases the others; returns how many won.
std::uint32_t award_whole(Context& context, const LotRow& lot, const Ranked& ranked) {
  State& state = context.state;
  SealedBidRow& best = state.sealed_bids.edit(ranked.row[0]);
  if (!meets_reserve(lot, best.price)) return 0;
  best.awarded = lot.quantity;
  state.sealed.edit(lot.id).clearing = price_of_whole(state, lot, ranked);
  return 1;
}

std::uint32_t award_parts(Context& context, const LotRow& lot, const Ranked& ranked) {
  State& state = context.state;
  Allotment allotment(lot.quantity, lot.minimum);
  std::uint32_t winners = 0;
  for (std::size_t i = 0; i < ranked.count; ++i) {
    SealedBidRow& bid = state.sealed_bids.edit(ranked.row[i]);
    if (!meets_reserve(lot, bid.price)) break;
    const std::int64_t given = allotment.give(bid.quantity);
    if (given == 0) break;
    bid.awarded = given;
    state.sealed.edit(lot.id).clearing = bid.price;
    ++winners;
  }
  return winners;
}

/// R5.3.6: the best bid leads below the reserve; the next ones are remembered (R5.7).
void begin_exclusive(Context& context, model::LotId id, const Ranked& ranked) {
  State& state = context.state;
  LotRow& lot = state.lots.edit(id);
  SealedBidRow& best = state.sealed_bids.edit(ranked.row[0]);
  const auto& product = state.products[lot.product];
  const auto bonds = bonds_at(lot, product, best.price, lot.quantity);
  HULAN_ASSERT(bonds);
  release_bonds(context, best.bidder, best.performance - bonds->performance,
                best.trading - bonds->trading, PostingReason::kBondTrimmed,
                {.lot = id, .currency = product.currency});
  lot.best = best.price;
  lot.leader = best.bidder;
  lot.leader_user = best.user;
  lot.leader_goods = best.goods;
  lot.leader_bond = bonds->performance;
  lot.leader_trading_bond = bonds->trading;
  best.performance = {};
  best.trading = {};
  context.emit_row<model::SealedBidChanged>(ranked.row[0], best);
  auto& stack = state.bid_stacks.edit(lot.bid_stack);
  const std::size_t kept = std::min(ranked.count - 1, model::kKeptBids);
  for (std::size_t i = kept; i > 0; --i) {
    const SealedBidRow& bid = state.sealed_bids[ranked.row[i]];
    stack.bids[stack.count++] = {bid.price, bid.bidder, bid.user, bid.goods, 0};
  }
  enter_state(lot, LotState::kExclusive);
  lot.exclusive_until = context.now.value + state.market[1].exclusive_ns;
  arm_lot(context, id, lot.exclusive_until);
  context.emit_row<model::LotChanged>(id, lot);
}

void release_losers(Context& context, const Ranked& ranked, std::size_t from) {
  for (std::size_t i = from; i < ranked.count; ++i) {
    release_envelope(context, ranked.row[i], EnvelopeState::kLost, PostingReason::kBondReleased);
  }
}

void end_sealed(Context& context, model::LotId id) {
  SealedRow& sealed = context.state.sealed.edit(id);
  sealed.phase = SealedPhase::kEnded;
  context.emit_row<model::SealedChanged>(id, sealed);
}

/// Works on one lot; true when it needs no more of the key.
bool step_lot(Context& context, model::LotId id, const model::SealKeyRow& key) {
  State& state = context.state;
  if (state.lots[id].state == LotState::kAnnounced) open_auction(context, state.lots.edit(id));
  if (state.lots[id].state == LotState::kOpen) close_envelopes(context, id);
  if (state.lots[id].state != LotState::kOpening) return true;
  if (state.sealed[id].phase <= SealedPhase::kOpening) {
    if (open_some(context, id, key)) make_sealed_awards(context, id);
    return false;
  }
  for (int done = 0; done < kConclusionsPerStep && state.sealed[id].to_conclude != 0; ++done) {
    if (!contract::can_conclude(state)) return false;
    conclude_envelope(context, id);
  }
  if (state.sealed[id].to_conclude != 0) return false;
  if (state.lots[id].state == LotState::kOpening) end_lot(context, id, LotState::kUnsold);
  if (state.sealed[id].phase != SealedPhase::kEnded) end_sealed(context, id);
  return true;
}

}  // namespace

void close_envelopes(Context& context, model::LotId id) {
  LotRow& lot = context.state.lots.edit(id);
  enter_state(lot, LotState::kOpening);
  if (lot.bids == 0) return end_lot(context, id, LotState::kUnsold);
  context.emit_row<model::LotChanged>(id, lot);
}

void make_sealed_awards(Context& context, model::LotId id) {
  State& state = context.state;
  const LotRow& lot = state.lots[id];
  for (std::uint32_t at = state.sealed[id].first; at != 0; at = state.sealed_bids[at].next) {
    const model::ParticipantId bidder = state.sealed_bids[at].bidder;
    if (!is_active(state, bidder)) static_cast<void>(strike_envelope(context, id, bidder));
  }
  const Ranked ranked = rank_envelopes(state, lot);
  if (ranked.count == 0) return end_lot(context, id, LotState::kUnsold);
  const bool whole = state.sealed[id].award <= SealedAward::kSecondPrice;
  const std::uint32_t winners =
      whole ? award_whole(context, lot, ranked) : award_parts(context, lot, ranked);
  if (winners == 0 && whole) {
    release_losers(context, ranked, 1);
    begin_exclusive(context, id, ranked);
    return end_sealed(context, id);
  }
  release_losers(context, ranked, winners);
  for (std::size_t i = 0; i < winners; ++i) {
    SealedBidRow& bid = state.sealed_bids.edit(ranked.row[i]);
    bid.state = EnvelopeState::kWon;
    context.emit_row<model::SealedBidChanged>(ranked.row[i], bid);
  }
  SealedRow& sealed = state.sealed.edit(id);
  sealed.to_conclude = winners;
  sealed.phase = SealedPhase::kConcluding;
  sealed.at = sealed.first;
  LotRow& changed = state.lots.edit(id);
  changed.best = state.sealed_bids[ranked.row[0]].price;
  context.emit_row<model::LotChanged>(id, changed);
  context.emit_row<model::SealedChanged>(id, sealed);
}

void conclude_envelope(Context& context, model::LotId id) {
  State& state = context.state;
  SealedRow& sealed = state.sealed.edit(id);
  while (state.sealed_bids[sealed.at].state != EnvelopeState::kWon) {
    sealed.at = state.sealed_bids[sealed.at].next;
  }
  const std::uint32_t number = sealed.at;
  SealedBidRow& bid = state.sealed_bids.edit(number);
  sealed.at = bid.next;
  --sealed.to_conclude;
  const LotRow& lot = state.lots[id];
  const auto& product = state.products[lot.product];
  const Price price = sealed.award == SealedAward::kPayAsBid ? bid.price : sealed.clearing;
  const auto bonds = bonds_at(lot, product, price, bid.awarded);
  HULAN_ASSERT(bonds);
  release_bonds(context, bid.bidder, bid.performance - bonds->performance,
                bid.trading - bonds->trading, PostingReason::kBondTrimmed,
                {.lot = id, .currency = product.currency});
  const Part part{bid.bidder, bid.goods, price, bid.awarded, *bonds};
  bid.performance = {};
  bid.trading = {};
  context.emit_row<model::SealedBidChanged>(number, bid);
  static_cast<void>(conclude_part(context, id, part));
  context.emit_row<model::SealedChanged>(id, state.sealed[id]);
}

void open_envelopes(Context& context, model::SealKeyId id) {
  State& state = context.state;
  // Openings tell much: another record's turn, where others have told much already.
  if (context.emitted() > kMostToldBefore) {
    return state.timers.add(context.now, TimerKind::kSealed, id);
  }
  const model::SealKeyRow key = state.seal_keys[id];
  model::LotId lot = key.first_lot;
  for (int lots = 0; lot != 0 && lots < kLotsPerStep; ++lots) {
    const bool was_live = is_live(state.lots[lot].state);
    if (was_live && is_halted(state, state.lots[lot].product)) break;  // R12.2
    if (!step_lot(context, lot, key)) break;
    lot = state.sealed[lot].next;
    if (was_live) break;
  }
  model::SealKeyRow& changed = state.seal_keys.edit(id);
  changed.first_lot = lot;
  context.emit_row<model::SealKeyChanged>(id, changed);
  if (lot == 0) return;
  const bool full = state.lots[lot].state == LotState::kOpening &&
                    state.sealed[lot].to_conclude != 0 && !contract::can_conclude(state);
  const bool waits = full || is_halted(state, state.lots[lot].product);
  const std::int64_t at = context.now.value + (waits ? model::kMinute : 0);
  state.timers.add(model::Time{at}, TimerKind::kSealed, id);
}

}  // namespace hulan::engine
