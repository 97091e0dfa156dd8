// SPDX-License-Identifier: Apache-2.0
// Before the opening: the key, the notice, the bids and the shares.
#include "engine/auction/sealed.h"

#include <algorithm>

#include "base/sealed_box.h"
#include "engine/auction/bidding.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/halts.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::EnvelopeState;
using model::LotRow;
using model::LotState;
using model::Price;
using model::Reject;
using model::SealedAward;
using model::SealedBidRow;
using model::SealedPhase;
using model::SealedRow;
using model::SealKeyRow;
using model::Side;

constexpr model::Fen kFenPerPart{2};  // R6.4

// --- the notice ---

bool for_parts(SealedAward award) {
  return award == SealedAward::kPayAsBid || award == SealedAward::kUniform;
}

Reject check_prices(const LotRow& lot, const model::ProductRow& product, const PriceBand& band,
                    const model::AnnounceSealed& body) {
  const Price start{body.start};
  const Price reserve{body.reserve};
  const Price cap{body.cap};
  if (const Reject r = check_price(start, product, band); r != Reject::ok) return r;
  if (reserve.value != 0) {
    if (const Reject r = check_price(reserve, product, band); r != Reject::ok) return r;
    if (ahead(lot, reserve, start) < 0) return Reject::invalid_auction_terms;
  }
  if (cap.value != 0) {
    if (const Reject r = check_price(cap, product, band); r != Reject::ok) return r;
    const Price least = reserve.value != 0 ? reserve : start;
    return ahead(lot, cap, least) < 0 ? Reject::invalid_auction_terms : Reject::ok;
  }
  // Bonds are frozen at the highest allowed price: there must be one.
  const bool known = lot.side == Side::kBuy || band.limited();
  return known ? Reject::ok : Reject::invalid_auction_terms;
}

Reject check_times(const Context& context, const LotRow& lot, const model::ProductRow& product,
                   const model::AnnounceSealed& body) {
  const std::int64_t notice =
      product.notice_ns != 0 ? product.notice_ns : context.state.market[1].notice_ns;
  if (body.open_at < context.now.value + notice) return Reject::notice_too_short;
  if (body.close_at <= body.open_at) return Reject::invalid_auction_terms;
  return body.close_at < lot.pickup_until ? Reject::ok : Reject::invalid_window;
}

Reject check_parts(const LotRow& lot, const model::AnnounceSealed& body) {
  if (body.award < SealedAward::kFirstPrice || body.award > SealedAward::kUniform) {
    return Reject::invalid_auction_terms;
  }
  if (!for_parts(body.award)) {
    return body.minimum == 0 ? Reject::ok : Reject::invalid_auction_terms;
  }
  if (body.minimum <= 0 || body.minimum > lot.quantity) return Reject::invalid_quantity;
  return lot.quantity / body.minimum <= model::kMaxAuctionParts ? Reject::ok
                                                                : Reject::invalid_auction_terms;
}

Reject check_key(const State& state, model::SealKeyId key) {
  if (!state.seal_keys.has(key)) return Reject::unknown_seal_key;
  if (state.seal_keys[key].revealed != 0) return Reject::seal_key_spent;
  if (state.seal_keys[key].lots >= model::kMaxLotsOfKey) return Reject::seal_keys_full;
  return state.bid_stacks.full() ? Reject::lots_full : Reject::ok;
}

/// Lowest and highest price that the notice allows.
std::pair<Price, Price> limits_of(const LotRow& lot, const PriceBand& band,
                                  const model::ProductRow& product,
                                  const model::AnnounceSealed& body) {
  if (lot.side == Side::kBuy) {
    return {std::max({Price{body.cap}, band.low, product.tick}), Price{body.start}};
  }
  return {Price{body.start}, body.cap != 0 ? Price{body.cap} : band.high};
}

/// R6.4: at the highest price that can be bid, and 2 fen for each part possible.
std::optional<Bonds> initiator_bonds(const LotRow& lot, const model::ProductRow& product,
                                     Price high, std::int64_t parts) {
  auto bonds = bonds_at(lot, product, high, lot.quantity);
  if (!bonds) return std::nullopt;
  const model::Fen spare{parts > 1 ? kFenPerPart.value * parts : 0};
  bonds->performance += spare;
  bonds->trading = lot.side == Side::kSell ? model::Fen{} : bonds->trading + spare;
  return bonds;
}

void fill_notice(LotRow& lot, const model::AnnounceSealed& body) {
  lot.method = model::Method::kSealed;
  lot.price = Price{body.start};
  lot.reserve = Price{body.reserve};
  lot.cap = Price{body.cap};
  lot.minimum = for_parts(body.award) ? body.minimum : lot.quantity;
  lot.part_count = static_cast<std::uint32_t>(lot.quantity / lot.minimum);
  lot.open_at = body.open_at;
  lot.close_at = body.close_at;
}

void add_to_key(Context& context, const LotRow& lot, const model::AnnounceSealed& body,
                const std::pair<Price, Price>& limits) {
  State& state = context.state;
  const bool room = state.sealed.reach(lot.id);
  HULAN_ASSERT(room);  // as many as lots
  SealedRow& row = state.sealed.edit(lot.id);
  row.low = limits.first;
  row.high = limits.second;
  row.lot = lot.id;
  row.key = body.key;
  row.award = body.award;
  row.phase = SealedPhase::kSealed;
  SealKeyRow& key = state.seal_keys.edit(body.key);
  if (key.last_lot != 0) {
    state.sealed.edit(key.last_lot).next = lot.id;
    context.emit_row<model::SealedChanged>(key.last_lot, state.sealed[key.last_lot]);
  } else {
    key.first_lot = lot.id;
  }
  key.last_lot = lot.id;
  ++key.lots;
  key.closes_at = std::max(key.closes_at, body.close_at);
  context.emit_row<model::SealKeyChanged>(body.key, key);
  context.emit_row<model::SealedChanged>(lot.id, row);
}

// --- bids ---

Reject check_sealed_open(const State& state, const LotRow& lot, model::Time now) {
  if (!is_sealed(state, lot.id)) return Reject::wrong_lot_state;
  if (lot.state != LotState::kAnnounced && lot.state != LotState::kOpen) {
    return lot.state == LotState::kWithdrawn ? Reject::wrong_lot_state : Reject::auction_closed;
  }
  if (now.value < lot.open_at) return Reject::auction_not_open;
  return now.value < lot.close_at ? Reject::ok : Reject::auction_closed;
}

Reject check_envelopes(const State& state, const SealedRow& sealed, model::ParticipantId bidder,
                       const model::DocumentHash& commitment) {
  for (std::uint32_t at = sealed.first; at != 0; at = state.sealed_bids[at].next) {
    const SealedBidRow& bid = state.sealed_bids[at];
    if (bid.bidder == bidder) return Reject::already_bid;
    if (bid.commitment == commitment) return Reject::commitment_known;
  }
  const bool full = sealed.envelopes >= model::kMaxEnvelopes || state.sealed_bids.full();
  return full ? Reject::sealed_bids_full : Reject::ok;
}

void add_envelope(Context& context, LotRow& lot, const model::PlaceSealedBid& body,
                  const Bonds& bonds) {
  State& state = context.state;
  const std::uint32_t number = state.sealed_bids.add();
  SealedBidRow& bid = state.sealed_bids.edit(number);
  bid.performance = bonds.performance;
  bid.trading = bonds.trading;
  bid.order = context.sequence;
  bid.lot = lot.id;
  bid.bidder = context.who.participant;
  bid.user = context.who.user;
  bid.goods = body.goods;
  bid.state = EnvelopeState::kShut;
  bid.commitment = body.commitment;
  bid.box = body.box;
  SealedRow& sealed = state.sealed.edit(lot.id);
  if (sealed.last != 0) {
    state.sealed_bids.edit(sealed.last).next = number;
    context.emit_row<model::SealedBidChanged>(sealed.last, state.sealed_bids[sealed.last]);
  } else {
    sealed.first = number;
  }
  sealed.last = number;
  ++sealed.envelopes;
  ++lot.bids;
  freeze_bonds(context, bid.bidder, bonds.performance, bonds.trading,
               {.lot = lot.id, .currency = state.products[lot.product].currency});
  use_goods(context, body.goods, lot.id);
  context.emit_row<model::SealedBidChanged>(number, bid);
  context.emit_row<model::SealedChanged>(lot.id, sealed);
  context.emit_row<model::LotChanged>(lot.id, lot);
}

/// True once no lot of the key takes bids any more; a halt may have moved a close (R12.2).
bool all_closed(const State& state, const SealKeyRow& key, model::Time now) {
  if (key.lots == 0 || now.value < key.closes_at) return false;
  for (model::LotId id = key.first_lot; id != 0; id = state.sealed[id].next) {
    const LotRow& lot = state.lots[id];
    const bool open = lot.state == LotState::kAnnounced || lot.state == LotState::kOpen;
    if (open && (now.value < lot.close_at || is_halted(state, lot.product))) return false;
  }
  return true;
}

bool is_holder(const State& state, model::UserId user) {
  return state.users.has(user) && state.users[user].exists != 0 && state.users[user].active != 0 &&
         state.users[user].participant == 0;
}

}  // namespace

Outcome register_seal_key(Context& context, const model::RegisterSealKey& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return {r};
  if (body.holders[0] == body.holders[1] || body.public_key == model::DocumentHash{} ||
      body.share_hashes[0] == body.share_hashes[1]) {
    return {Reject::malformed_body};
  }
  for (const model::UserId holder : body.holders) {
    if (!is_holder(state, holder)) return refuse(context, Reject::unknown_user, holder);
  }
  if (state.seal_keys.full()) return {Reject::seal_keys_full};
  const model::SealKeyId id = state.seal_keys.add();
  SealKeyRow& key = state.seal_keys.edit(id);
  key.public_key = body.public_key;
  std::copy_n(body.share_hashes, 2, key.share_hash.begin());
  std::copy_n(body.holders, 2, key.holders.begin());
  context.emit_row<model::SealKeyChanged>(id, key);
  return {Reject::ok, id};
}

Outcome announce_sealed(Context& context, const model::AnnounceSealed& body) {
  State& state = context.state;
  const Offer offer = check_offer(context, body.lot, model::Method::kSealed);
  if (offer.reject != Reject::ok) return {offer.reject};
  const auto& product = state.products[offer.product];
  const LotRow& draft = state.lots[body.lot];
  const auto band = price_band(state, offer.product, price_region(draft), draft.grade, context.now);
  if (const Reject r = check_prices(draft, product, band, body); r != Reject::ok) return {r};
  if (const Reject r = check_times(context, draft, product, body); r != Reject::ok) return {r};
  if (const Reject r = check_parts(draft, body); r != Reject::ok) return {r};
  if (const Reject r = check_key(state, body.key); r != Reject::ok) return {r};
  const auto limits = limits_of(draft, band, product, body);
  const std::int64_t parts = for_parts(body.award) ? draft.quantity / body.minimum : 1;
  const auto bonds = initiator_bonds(draft, product, limits.second, parts);
  if (!bonds) return {Reject::overflow};
  if (!covers_bonds(state, draft.initiator, product.currency, *bonds)) return {Reject::no_funds};

  LotRow& lot = state.lots.edit(body.lot);
  enter_state(lot, LotState::kAnnounced);
  lot.product = offer.product;
  fill_notice(lot, body);
  lot.bid_stack = state.bid_stacks.add();
  state.bid_stacks.edit(lot.bid_stack).lot = lot.id;
  lot.initiator_bond = bonds->performance;
  lot.initiator_trading_bond = bonds->trading;
  freeze_bonds(context, lot.initiator, bonds->performance, bonds->trading,
               {.lot = lot.id, .currency = product.currency});
  arm_lot(context, lot.id, lot.open_at);
  add_to_key(context, lot, body, limits);
  context.emit_row<model::LotChanged>(lot.id, lot);
  return {Reject::ok, lot.id};
}

Outcome place_sealed_bid(Context& context, const model::PlaceSealedBid& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.lots.has(body.lot)) return {Reject::unknown_lot};
  const LotRow& standing = state.lots[body.lot];
  const model::ParticipantId bidder = context.who.participant;
  if (const Reject r = check_sealed_open(state, standing, context.now); r != Reject::ok) return {r};
  if (const Reject r = check_bidder(state, standing, bidder); r != Reject::ok) return {r};
  const Reject controlled = check_pre_trade(state, standing.product, bidder, standing.quantity);
  if (controlled != Reject::ok) return {controlled};
  const SealedRow& sealed = state.sealed[body.lot];
  const Reject envelopes = check_envelopes(state, sealed, bidder, body.commitment);
  if (envelopes != Reject::ok) return {envelopes};
  const Reject behind = check_behind(context, standing, body.goods, standing.minimum);
  if (behind != Reject::ok) return {behind};
  const auto& product = state.products[standing.product];
  const auto bonds = bonds_at(standing, product, sealed.high, standing.quantity);
  if (!bonds) return {Reject::overflow};
  if (!covers_bonds(state, bidder, product.currency, *bonds)) return {Reject::no_funds};

  LotRow& lot = state.lots.edit(body.lot);
  if (lot.state == LotState::kAnnounced) open_auction(context, lot);
  add_envelope(context, lot, body, *bonds);
  return {Reject::ok, lot.id};
}

Outcome reveal_share(Context& context, const model::RevealShare& body) {
  State& state = context.state;
  if (context.who.participant != 0) return {Reject::wrong_role};
  if (!state.seal_keys.has(body.key)) return {Reject::unknown_seal_key};
  const SealKeyRow& standing = state.seal_keys[body.key];
  const bool first = standing.holders[0] == context.who.user;
  if (!first && standing.holders[1] != context.who.user) return {Reject::not_share_holder};
  const std::size_t which = first ? 0 : 1;
  if ((standing.revealed & (1u << which)) != 0) return {Reject::share_known};
  if (!all_closed(state, standing, context.now)) return {Reject::bids_still_sealed};
  if (sha256(body.share) != standing.share_hash[which]) return {Reject::wrong_share};
  const bool last = standing.revealed != 0;
  if (last) {
    // A secret that is not the key's would void every honest bid.
    const SealKeyBytes secret = join_shares(body.share, standing.share[1 - which]);
    if (public_seal_key(secret) != standing.public_key) return {Reject::wrong_share};
    if (state.timers.full()) return {Reject::timers_full};
  }
  SealKeyRow& key = state.seal_keys.edit(body.key);
  key.share[which] = body.share;
  key.revealed |= 1u << which;
  context.emit_row<model::SealKeyChanged>(body.key, key);
  if (last) state.timers.add(context.now, TimerKind::kSealed, body.key);
  return {Reject::ok, body.key};
}

bool is_sealed(const State& state, model::LotId lot) {
  return state.sealed.has(lot) && state.sealed[lot].lot != 0;
}

std::uint32_t envelope_count(const State& state, model::LotId lot) {
  return is_sealed(state, lot) ? state.sealed[lot].envelopes : 0;
}

bool strike_envelope(Context& context, model::LotId id, model::ParticipantId participant) {
  State& state = context.state;
  if (!is_sealed(state, id) || state.sealed[id].phase > SealedPhase::kOpening) return false;
  for (std::uint32_t at = state.sealed[id].first; at != 0; at = state.sealed_bids[at].next) {
    const SealedBidRow& bid = state.sealed_bids[at];
    if (bid.bidder != participant || bid.state > EnvelopeState::kOpened) continue;
    context.emit(model::BidStruck{{}, bid.price, id, participant});
    release_envelope(context, at, EnvelopeState::kStruck, model::PostingReason::kBondReleased);
    return true;
  }
  return false;
}

void release_envelopes(Context& context, model::LotId id) {
  State& state = context.state;
  if (!is_sealed(state, id) || state.sealed[id].phase == SealedPhase::kEnded) return;
  for (std::uint32_t at = state.sealed[id].first; at != 0; at = state.sealed_bids[at].next) {
    const SealedBidRow& bid = state.sealed_bids[at];
    if (bid.performance == model::Fen{} && bid.trading == model::Fen{}) continue;
    release_envelope(context, at, bid.state, model::PostingReason::kBondReleased);
  }
  SealedRow& row = state.sealed.edit(id);
  row.phase = SealedPhase::kEnded;
  row.to_conclude = 0;
  context.emit_row<model::SealedChanged>(id, row);
}

void release_envelope(Context& context, std::uint32_t number, EnvelopeState to,
                      model::PostingReason reason) {
  State& state = context.state;
  SealedBidRow& bid = state.sealed_bids.edit(number);
  release_bonds(context, bid.bidder, bid.performance, bid.trading, reason,
                {.lot = bid.lot, .currency = state.products[state.lots[bid.lot].product].currency});
  use_goods(context, bid.goods, 0);
  bid.performance = {};
  bid.trading = {};
  bid.state = to;
  context.emit_row<model::SealedBidChanged>(number, bid);
}

}  // namespace hulan::engine
