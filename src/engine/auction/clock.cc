// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/clock.h"

#include <algorithm>
#include <limits>

#include "engine/auction/ending.h"
#include "engine/auction/session.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"
#include "engine/market/products.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::ClockRow;
using model::Fen;
using model::LotRow;
using model::LotState;
using model::Price;
using model::Reject;
using model::SessionRow;
using model::SessionState;
using model::Side;

constexpr std::int64_t kFenPerPart = 2;  // R6.4

/// +1 where the price falls (a seller's clock), -1 where it rises.
std::int64_t direction(const LotRow& lot) { return lot.side == Side::kSell ? 1 : -1; }

/// Steps from `from` to the floor, the last one perhaps shorter.
std::int64_t steps_to_floor(Price from, Price floor, const LotRow& lot) {
  const std::int64_t way = direction(lot) * (from.value - floor.value);
  return way / lot.step.value + (way % lot.step.value != 0 ? 1 : 0);
}

Reject check_terms(const LotRow& lot, const model::ProductRow& product, const PriceBand& band,
                   const model::EnterClock& body) {
  const Price start{body.start};
  const Price floor{body.floor};
  if (const Reject r = check_price(start, product, band); r != Reject::ok) return r;
  if (const Reject r = check_price(floor, product, band); r != Reject::ok) return r;
  if (!is_magnitude(body.step) || body.step % product.tick.value != 0) {
    return Reject::invalid_auction_terms;
  }
  const std::int64_t way = direction(lot) * (start.value - floor.value);
  if (way < 0 || way / body.step >= model::kMaxClockSteps) return Reject::invalid_auction_terms;
  const bool part = body.minimum >= 0 && body.minimum <= lot.remaining;
  return part ? Reject::ok : Reject::invalid_quantity;
}

Reject check_session(const State& state, const model::EnterClock& body, const LotRow& lot,
                     model::Time now) {
  const SessionRow& session = state.sessions[body.session];
  if (session.kind != model::SessionKind::kCadran) return Reject::not_for_this_session;
  if (session.state != SessionState::kAnnounced || now.value >= session.opens_at) {
    return Reject::wrong_session_state;
  }
  if (session.product != first_version(state, lot.product) || session.side != lot.side) {
    return Reject::not_for_this_session;
  }
  if (session.lots >= model::kMaxSessionLots) return Reject::session_lots_full;
  const auto& product = state.products[lot.product];
  const std::int64_t notice =
      product.notice_ns != 0 ? product.notice_ns : state.market[1].notice_ns;
  if (lot.state != LotState::kCarried && session.opens_at < now.value + notice) {
    return Reject::notice_too_short;
  }
  return session.opens_at < lot.pickup_until ? Reject::ok : Reject::invalid_window;
}

/// R6.4: at the highest price that the clock can show, and 2 fen for each part possible.
std::optional<Bonds> notice_bonds(const LotRow& lot, const model::ProductRow& product,
                                  const model::EnterClock& body, std::int64_t parts) {
  auto bonds = bonds_at(lot, product, Price{std::max(body.start, body.floor)}, lot.remaining);
  if (!bonds) return std::nullopt;
  const Fen spare{parts > 1 ? kFenPerPart * parts : 0};
  bonds->performance += spare;
  bonds->trading = lot.side == Side::kSell ? Fen{} : bonds->trading + spare;
  return bonds;
}

void fill_notice(Context& context, LotRow& lot, const model::EnterClock& body,
                 model::ProductId product, std::int64_t parts, const Bonds& bonds) {
  enter_state(lot, LotState::kAnnounced);
  lot.product = product;
  lot.method = model::Method::kClock;
  lot.price = Price{body.start};
  lot.step = Price{body.step};
  lot.reserve = Price{body.floor};
  lot.cap = {};
  lot.best = {};
  lot.minimum = body.minimum == 0 ? lot.remaining : body.minimum;
  lot.part_count = static_cast<std::uint32_t>(parts);
  lot.open_at = context.state.sessions[body.session].opens_at;
  lot.close_at = lot.open_at;
  lot.initiator_bond = bonds.performance;
  lot.initiator_trading_bond = bonds.trading;
}

// --- takes ---

Reject check_running(const LotRow& lot, const ClockRow* clock, model::Time now) {
  if (lot.method != model::Method::kClock || clock == nullptr) return Reject::wrong_lot_state;
  if (lot.state == LotState::kAnnounced) return Reject::auction_not_open;
  if (lot.state != LotState::kOpen) return Reject::auction_closed;
  if (clock->started_at == 0) return Reject::auction_closed;
  if (now.value < clock->started_at) return Reject::clock_waits;
  return now.value < clock_end(*clock, lot) ? Reject::ok : Reject::auction_closed;
}

Reject check_part(const LotRow& lot, std::int64_t quantity) {
  if (quantity <= 0) return Reject::invalid_quantity;
  if (quantity > lot.remaining) return Reject::above_remaining;
  return quantity >= lot.minimum ? Reject::ok : Reject::below_minimum;
}

Reject check_take(Context& context, const LotRow& lot, Price price, const model::TakeClock& body) {
  State& state = context.state;
  const model::ParticipantId taker = context.who.participant;
  const Reject controlled = check_pre_trade(state, lot.product, taker, body.quantity);
  if (controlled != Reject::ok) return controlled;
  if (const Reject r = check_parties(state, lot.initiator, taker); r != Reject::ok) return r;
  if (!is_active(state, lot.initiator)) return Reject::participant_not_active;
  if (!is_magnitude(body.price)) return Reject::price_not_positive;
  // The clock moves towards the taker: what it shows now is never worse than what was seen.
  if (direction(lot) * (price.value - body.price) > 0) {
    context.detail = static_cast<std::uint32_t>(
        std::min<std::int64_t>(price.value, std::numeric_limits<std::uint32_t>::max()));
    return Reject::stale_price;
  }
  if (const Reject r = check_part(lot, body.quantity); r != Reject::ok) return r;
  if (lot.side == Side::kBuy) {
    return check_offered_goods(context, lot, taker, body.goods, body.quantity);
  }
  return body.goods == 0 ? check_buyer_zone(state, lot, taker) : Reject::malformed_body;
}

/// R5.3.3: waits a full tick and resumes at the same price; a rest below the minimum is unsold.
void go_on(Context& context, model::LotId id, Price price) {
  State& state = context.state;
  LotRow& lot = state.lots.edit(id);
  const ClockRow& clock = state.clocks[id];
  if (lot.remaining >= lot.minimum) {
    start_clock(context, id, price, context.now.value + clock.tick_ns);
    return clock_moved(context, clock.session, clock_end(clock, lot));
  }
  if (lot.remaining > 0) end_lot(context, id, LotState::kUnsold);
  lot_finished(context, clock.session);
}

// --- quotas ---

struct HighestTerms {
  Price start{};
  std::int64_t average_g = 0;
};

/// What a quota may have to pay at most: the dearest start and the heaviest average entered so far.
HighestTerms highest_terms(const State& state, const SessionRow& session) {
  HighestTerms highest;
  for (model::LotId id = session.first_lot; id != 0; id = state.clocks[id].next) {
    highest.start = std::max(highest.start, state.lots[id].price);
    highest.average_g = std::max(highest.average_g, state.lots[id].average_g);
  }
  return highest;
}

Reject check_quota(const Context& context, const model::BondQuota& body) {
  const State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) return r;
  if (!state.sessions.has(body.session)) return Reject::unknown_session;
  const SessionRow& session = state.sessions[body.session];
  if (session.unsold != model::UnsoldRule::kAllocate) return Reject::not_for_this_session;
  if (session.state != SessionState::kAnnounced || session.lots == 0) {
    return Reject::wrong_session_state;
  }
  if (!is_magnitude(body.quantity)) return Reject::invalid_quantity;
  for (model::QuotaId id = session.first_quota; id != 0; id = state.quotas[id].next) {
    if (state.quotas[id].buyer == context.who.participant) return Reject::quota_exists;
  }
  const bool full = session.quotas >= model::kMaxSessionQuotas || state.quotas.full();
  return full ? Reject::quotas_full : Reject::ok;
}

}  // namespace

std::optional<Price> clock_price(const ClockRow& clock, const LotRow& lot, model::Time now) {
  if (clock.started_at == 0 || now.value < clock.started_at || now.value >= clock_end(clock, lot)) {
    return std::nullopt;
  }
  const std::int64_t ticks = (now.value - clock.started_at) / clock.tick_ns;
  if (ticks >= steps_to_floor(clock.from, clock.floor, lot)) return clock.floor;
  return Price{clock.from.value - direction(lot) * ticks * lot.step.value};
}

std::int64_t clock_end(const ClockRow& clock, const LotRow& lot) {
  return clock.started_at + (steps_to_floor(clock.from, clock.floor, lot) + 1) * clock.tick_ns;
}

void start_clock(Context& context, model::LotId id, Price price, std::int64_t at) {
  State& state = context.state;
  ClockRow& clock = state.clocks.edit(id);
  clock.started_at = at;
  clock.from = price;
  LotRow& lot = state.lots.edit(id);
  lot.close_at = clock_end(clock, lot);
  context.emit_row<model::LotChanged>(id, lot);
  context.emit_row<model::ClockChanged>(id, clock);
}

Outcome enter_clock(Context& context, const model::EnterClock& body) {
  State& state = context.state;
  const Offer offer = check_offer(context, body.lot, model::Method::kClock);
  if (offer.reject != Reject::ok) return {offer.reject};
  if (!state.sessions.has(body.session)) return {Reject::unknown_session};
  const LotRow& draft = state.lots[body.lot];
  const auto& product = state.products[offer.product];
  if (const Reject r = check_session(state, body, draft, context.now); r != Reject::ok) return {r};
  const auto band = price_band(state, offer.product, price_region(draft), draft.grade, context.now);
  if (const Reject r = check_terms(draft, product, band, body); r != Reject::ok) return {r};
  const std::int64_t parts = body.minimum == 0 ? 1 : draft.remaining / body.minimum;
  if (parts > UINT32_MAX) return {Reject::overflow};
  const auto bonds = notice_bonds(draft, product, body, parts);
  if (!bonds) return {Reject::overflow};
  if (!covers_bonds(state, draft.initiator, product.currency, *bonds)) return {Reject::no_funds};

  LotRow& lot = state.lots.edit(body.lot);
  fill_notice(context, lot, body, offer.product, parts, *bonds);
  freeze_bonds(context, lot.initiator, bonds->performance, bonds->trading,
               {.lot = lot.id, .currency = product.currency});
  const bool reached = state.clocks.reach(lot.id);
  HULAN_ASSERT(reached);  // as many rows as lots
  ClockRow& clock = state.clocks.edit(lot.id);
  clock = {};
  clock.floor = Price{body.floor};
  clock.session = body.session;
  join_session(context, lot.id);
  context.emit_row<model::LotChanged>(lot.id, lot);
  context.emit_row<model::ClockChanged>(lot.id, clock);
  context.emit_row<model::SessionChanged>(body.session, state.sessions[body.session]);
  return {Reject::ok, lot.id};
}

Outcome take_clock(Context& context, const model::TakeClock& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.lots.has(body.lot)) return {Reject::unknown_lot};
  const LotRow& standing = state.lots[body.lot];
  const ClockRow* clock = state.clocks.has(body.lot) ? &state.clocks[body.lot] : nullptr;
  if (const Reject r = check_running(standing, clock, context.now); r != Reject::ok) return {r};
  const Price price = *clock_price(*clock, standing, context.now);
  if (const Reject r = check_take(context, standing, price, body); r != Reject::ok) {
    return {r};
  }
  const auto& product = state.products[standing.product];
  const auto bonds = bonds_at(standing, product, price, body.quantity);
  if (!bonds) return {Reject::overflow};
  const model::ParticipantId taker = context.who.participant;
  if (!covers_bonds(state, taker, product.currency, *bonds)) return {Reject::no_funds};
  if (!contract::can_conclude(state)) return {Reject::contracts_full};
  if (state.timers.full()) return {Reject::timers_full};

  freeze_bonds(context, taker, bonds->performance, bonds->trading,
               {.lot = body.lot, .currency = product.currency});
  LotRow& lot = state.lots.edit(body.lot);
  lot.best = price;
  ++lot.bids;
  count_in_session(context, clock->session, lot, price, body.quantity);
  const model::ContractId made = conclude_part(context, body.lot,
                                               {.counterparty = taker,
                                                .goods = body.goods,
                                                .price = price,
                                                .quantity = body.quantity,
                                                .bonds = *bonds});
  go_on(context, body.lot, price);
  return {Reject::ok, made};
}

Outcome bond_quota(Context& context, const model::BondQuota& body) {
  State& state = context.state;
  if (const Reject r = check_quota(context, body); r != Reject::ok) return {r};
  const auto highest = highest_terms(state, state.sessions[body.session]);
  const auto& product = state.products[state.sessions[body.session].product];
  const auto nominal =
      contract::nominal_of(product, highest.start, body.quantity, highest.average_g);
  if (!nominal || nominal->value > model::kMaxMagnitude) return {Reject::overflow};
  const auto bonds = contract::bonds_of(product, *nominal);
  if (!bonds) return {Reject::overflow};
  const model::ParticipantId buyer = context.who.participant;
  if (!covers_bonds(state, buyer, product.currency, *bonds)) return {Reject::no_funds};

  freeze_bonds(context, buyer, bonds->performance, bonds->trading, {.currency = product.currency});
  const model::QuotaId id = state.quotas.add();
  model::QuotaRow& quota = state.quotas.edit(id);
  SessionRow& session = state.sessions.edit(body.session);
  quota = {bonds->performance, bonds->trading, body.quantity,    body.quantity,
           body.session,       buyer,          context.who.user, session.first_quota};
  session.first_quota = id;
  ++session.quotas;
  context.emit_row<model::QuotaChanged>(id, quota);
  context.emit_row<model::SessionChanged>(body.session, session);
  return {Reject::ok, id};
}

}  // namespace hulan::engine
