// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/negotiation.h"

#include <algorithm>

#include "engine/auction/ending.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/halts.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::Fen;
using model::LotId;
using model::LotRow;
using model::LotState;
using model::ParticipantId;
using model::Price;
using model::QuoteId;
using model::QuoteRow;
using model::QuoteState;
using model::Reject;
using model::RequestRow;
using model::Side;

/// A number before it stands.
struct Offered {
  LotId request = 0;
  LotId goods = 0;
  ParticipantId counterparty = 0;
  ParticipantId maker = 0;
  QuoteId previous = 0;
  Price price{};
  std::int64_t quantity = 0;
  std::int64_t expires_at = 0;
};

bool is_request(const State& state, LotId lot) {
  return state.requests.has(lot) && state.requests[lot].lot == lot;
}

Reject check_named(const Context& context, const model::RequestQuote& body) {
  if (body.named_count > model::kMaxNamed) return Reject::invalid_named;
  for (std::uint32_t i = 0; i < model::kMaxNamed; ++i) {
    const ParticipantId id = body.named[i];
    if (i >= body.named_count) {
      if (id != 0) return Reject::invalid_named;
      continue;
    }
    if (!participant_exists(context.state, id)) return Reject::unknown_participant;
    const auto before = body.named.begin() + i;
    if (id == context.who.participant || std::find(body.named.begin(), before, id) != before) {
      return Reject::invalid_named;
    }
  }
  return Reject::ok;
}

bool may_quote(const RequestRow& request, ParticipantId who) {
  const auto end = request.named.begin() + request.named_count;
  return request.named_count == 0 || std::find(request.named.begin(), end, who) != end;
}

Reject check_running(const Context& context, const LotRow& lot) {
  const bool running = lot.state == LotState::kListed && context.now.value < lot.close_at;
  return running ? Reject::ok : Reject::request_over;
}

/// R5.6, R2.2, R12: whether the two may trade so much of this lot.
Reject check_sides(const State& state, const LotRow& lot, ParticipantId asker_of,
                   ParticipantId counterparty, std::int64_t quantity) {
  const Reject controlled = check_pre_trade(state, lot.product, asker_of, quantity);
  if (controlled != Reject::ok) return controlled;
  const Reject parties = check_parties(state, lot.initiator, counterparty);
  if (parties != Reject::ok) return parties;
  const ParticipantId other = asker_of == counterparty ? lot.initiator : counterparty;
  return is_active(state, other) ? Reject::ok : Reject::participant_not_active;
}

/// R4.3: the counterparty's goods, or whether the lot may be sent to it.
Reject check_behind(Context& context, const LotRow& lot, const Offered& offer) {
  if (offer.maker == offer.counterparty && lot.side == Side::kBuy) {
    return check_offered_goods(context, lot, offer.maker, offer.goods, offer.quantity);
  }
  if (offer.goods != 0) return Reject::malformed_body;
  const bool buys = offer.maker == offer.counterparty;
  return buys ? check_buyer_zone(context.state, lot, offer.maker) : Reject::ok;
}

Reject check_figures(const Context& context, const LotRow& lot, const Offered& offer) {
  const State& state = context.state;
  const auto band = price_band(state, lot.product, price_region(lot), lot.grade, context.now);
  const Reject price = check_price(offer.price, state.products[lot.product], band);
  if (price != Reject::ok) return price;
  if (offer.quantity <= 0) return Reject::invalid_quantity;
  if (offer.quantity > lot.remaining) return Reject::above_remaining;
  if (offer.quantity < lot.minimum) return Reject::below_minimum;
  if (offer.expires_at <= context.now.value) return Reject::expiry_in_past;
  return offer.expires_at <= lot.close_at ? Reject::ok : Reject::invalid_window;
}

/// What a new number meets: what stands between the two, and how many there are.
Reject check_room(const State& state, const Offered& offer) {
  const RequestRow& request = state.requests[offer.request];
  std::uint32_t between = 0;
  for (QuoteId id = request.first; id != 0; id = state.quotes[id].next) {
    const QuoteRow& row = state.quotes[id];
    if (row.counterparty != offer.counterparty) continue;
    ++between;
    if (row.state == QuoteState::kLive && id != offer.previous) return Reject::quote_stands;
  }
  const bool one_more = offer.previous == 0;
  if (request.quotes >= model::kMaxRequestQuotes || between >= model::kMaxTalkQuotes ||
      (one_more && request.live >= model::kMaxLiveQuotes) || state.quotes.full()) {
    return Reject::quotes_full;
  }
  return state.timers.full() ? Reject::timers_full : Reject::ok;
}

/// R6.1: who asked posts what an initiator posts, the other side both bonds.
std::optional<Bonds> bonds_of(const State& state, const LotRow& lot, ParticipantId maker,
                              Price price, std::int64_t quantity) {
  auto bonds = bonds_at(lot, state.products[lot.product], price, quantity);
  if (bonds && maker == lot.initiator && lot.side == Side::kSell) bonds->trading = {};
  return bonds;
}

Subject subject_of(const State& state, LotId lot) {
  return {.lot = lot, .currency = state.products[state.lots[lot].product].currency};
}

/// A number stands no more.
void close_quote(Context& context, QuoteId id, QuoteState how) {
  State& state = context.state;
  QuoteRow& row = state.quotes.edit(id);
  HULAN_ASSERT(row.state == QuoteState::kLive);
  release_bonds(context, row.maker, row.performance, row.trading,
                model::PostingReason::kBondReleased, subject_of(state, row.request));
  row.performance = {};
  row.trading = {};
  row.state = how;
  if (how != QuoteState::kAccepted) use_goods(context, row.goods, 0);
  --state.requests.edit(row.request).live;
  context.emit_row<model::QuoteChanged>(id, row);
}

void emit_request(Context& context, LotId lot) {
  context.emit_row<model::RequestChanged>(lot, context.state.requests[lot]);
}

Outcome stand(Context& context, const Offered& offer) {
  State& state = context.state;
  const LotRow& lot = state.lots[offer.request];
  if (const Reject r = check_figures(context, lot, offer); r != Reject::ok) return {r};
  if (const Reject r = check_behind(context, lot, offer); r != Reject::ok) return {r};
  if (const Reject r = check_room(state, offer); r != Reject::ok) return {r};
  const auto bonds = bonds_of(state, lot, offer.maker, offer.price, offer.quantity);
  if (!bonds) return {Reject::overflow};
  const Subject subject = subject_of(state, offer.request);
  if (!covers_bonds(state, offer.maker, subject.currency, *bonds)) return {Reject::no_funds};

  if (offer.previous != 0) close_quote(context, offer.previous, QuoteState::kCountered);
  freeze_bonds(context, offer.maker, bonds->performance, bonds->trading, subject);
  use_goods(context, offer.goods, offer.request);
  const QuoteId id = state.quotes.add();
  RequestRow& request = state.requests.edit(offer.request);
  QuoteRow& row = state.quotes.edit(id);
  row.price = offer.price;
  row.quantity = offer.quantity;
  row.made_at = context.now.value;
  row.expires_at = offer.expires_at;
  row.performance = bonds->performance;
  row.trading = bonds->trading;
  row.request = offer.request;
  row.goods = offer.goods;
  row.counterparty = offer.counterparty;
  row.maker = offer.maker;
  row.user = context.who.user;
  row.previous = offer.previous;
  row.next = request.first;
  row.state = QuoteState::kLive;
  request.first = id;
  ++request.quotes;
  ++request.live;
  state.timers.add(model::Time{row.expires_at}, TimerKind::kNegotiation, id);
  context.emit_row<model::QuoteChanged>(id, row);
  emit_request(context, offer.request);
  return {Reject::ok, id};
}

/// ok, or why the asker of this command may not touch the number.
Reject check_talker(const Context& context, QuoteId id) {
  const State& state = context.state;
  if (!state.quotes.has(id)) return Reject::unknown_quote;
  const QuoteRow& row = state.quotes[id];
  const ParticipantId who = context.who.participant;
  if (who != row.counterparty && who != state.lots[row.request].initiator) {
    return Reject::not_your_quote;
  }
  const bool live = row.state == QuoteState::kLive && context.now.value < row.expires_at;
  return live ? Reject::ok : Reject::quote_over;
}

/// The same for an answer: the number is the other side's, and the request runs.
Reject check_answer(const Context& context, QuoteId id) {
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) return r;
  if (const Reject r = check_talker(context, id); r != Reject::ok) return r;
  const QuoteRow& row = context.state.quotes[id];
  if (row.maker == context.who.participant) return Reject::own_quote;
  return check_running(context, context.state.lots[row.request]);
}

/// The bonds of the two sides at the conclusion: the maker's leave the number, the acceptor's are
/// frozen now; what is the asker's lies on its lot.
Bonds gather_bonds(Context& context, LotRow& lot, QuoteRow& row, const Bonds& acceptor) {
  const ParticipantId who = context.who.participant;
  freeze_bonds(context, who, acceptor.performance, acceptor.trading,
               subject_of(context.state, lot.id));
  const Bonds maker{row.performance, row.trading};
  row.performance = {};
  row.trading = {};
  const Bonds& asker = who == lot.initiator ? acceptor : maker;
  lot.initiator_bond = asker.performance;
  lot.initiator_trading_bond = asker.trading;
  return who == lot.initiator ? maker : acceptor;
}

/// One acceptance ends the request: what is left of the lot stays unsold.
void end_request(Context& context, LotId id, Price price, model::ContractId made) {
  end_quotes(context, id);
  emit_request(context, id);
  LotRow& lot = context.state.lots.edit(id);
  if (lot.state != LotState::kListed) return;
  enter_state(lot, LotState::kSold);
  context.emit(model::LotClosed{{}, price, id, made});
  context.emit_row<model::LotChanged>(id, lot);
}

model::ContractId conclude_quote(Context& context, QuoteId id, const Bonds& acceptor, LotId goods) {
  State& state = context.state;
  QuoteRow& row = state.quotes.edit(id);
  LotRow& lot = state.lots.edit(row.request);
  const Bonds other = gather_bonds(context, lot, row, acceptor);
  const LotId behind = row.maker == row.counterparty ? row.goods : goods;
  const Part part{.counterparty = row.counterparty,
                  .goods = behind,
                  .price = row.price,
                  .quantity = row.quantity,
                  .bonds = other};
  const model::ContractId made = conclude_part(context, lot.id, part);
  row.contract = made;
  close_quote(context, id, QuoteState::kAccepted);
  end_request(context, lot.id, part.price, made);
  return made;
}

}  // namespace

Outcome request_quote(Context& context, const model::RequestQuote& body) {
  State& state = context.state;
  const Offer offer = check_offer(context, body.lot, model::Method::kNegotiation);
  if (offer.reject != Reject::ok) return {offer.reject};
  if (const Reject r = check_named(context, body); r != Reject::ok) return {r};
  const LotRow& draft = state.lots[body.lot];
  const std::int64_t minimum = body.minimum == 0 ? draft.quantity : body.minimum;
  if (minimum <= 0 || minimum > draft.quantity) return {Reject::invalid_quantity};
  if (body.expires_at <= context.now.value) return {Reject::expiry_in_past};
  if (body.expires_at > draft.pickup_until) return {Reject::invalid_window};

  LotRow& lot = state.lots.edit(body.lot);
  enter_state(lot, LotState::kListed);
  lot.product = offer.product;
  lot.method = model::Method::kNegotiation;
  lot.minimum = minimum;
  lot.open_at = context.now.value;
  lot.close_at = body.expires_at;
  const bool reachable = state.requests.reach(lot.id);
  HULAN_ASSERT(reachable);  // as many rows as lots
  RequestRow& request = state.requests.edit(lot.id);
  request.lot = lot.id;
  request.named_count = body.named_count;
  request.named = body.named;
  state.timers.add(model::Time{lot.close_at}, TimerKind::kLot, lot.id, lot_timer(state, lot.id));
  // Before the lot is shown it is known to whom.
  emit_request(context, lot.id);
  context.emit_row<model::LotChanged>(lot.id, lot);
  return {Reject::ok, lot.id};
}

Outcome make_quote(Context& context, const model::Quote& body) {
  State& state = context.state;
  if (const Reject r = require_participant(context, model::kRoleTrader); r != Reject::ok) {
    return {r};
  }
  if (!state.lots.has(body.request)) return {Reject::unknown_lot};
  if (!is_request(state, body.request)) return {Reject::unknown_request};
  const LotRow& lot = state.lots[body.request];
  const ParticipantId who = context.who.participant;
  if (lot.initiator != who && !may_quote(state.requests[body.request], who)) {
    return {Reject::not_invited};
  }
  if (const Reject r = check_running(context, lot); r != Reject::ok) return {r};
  const Reject sides = check_sides(state, lot, who, who, body.quantity);
  if (sides != Reject::ok) return {sides};
  return stand(context, {.request = body.request,
                         .goods = body.goods,
                         .counterparty = who,
                         .maker = who,
                         .previous = 0,
                         .price = Price{body.price},
                         .quantity = body.quantity,
                         .expires_at = body.expires_at});
}

Outcome counter_quote(Context& context, const model::Counter& body) {
  State& state = context.state;
  if (const Reject r = check_answer(context, body.quote); r != Reject::ok) return {r};
  const QuoteRow row = state.quotes[body.quote];
  const LotRow& lot = state.lots[row.request];
  const ParticipantId who = context.who.participant;
  const Reject sides = check_sides(state, lot, who, row.counterparty, body.quantity);
  if (sides != Reject::ok) return {sides};
  return stand(context, {.request = row.request,
                         .goods = body.goods,
                         .counterparty = row.counterparty,
                         .maker = who,
                         .previous = body.quote,
                         .price = Price{body.price},
                         .quantity = body.quantity,
                         .expires_at = body.expires_at});
}

Outcome accept_quote(Context& context, const model::AcceptQuote& body) {
  State& state = context.state;
  if (const Reject r = check_answer(context, body.quote); r != Reject::ok) return {r};
  const QuoteRow& row = state.quotes[body.quote];
  const LotRow& lot = state.lots[row.request];
  const ParticipantId who = context.who.participant;
  const Reject sides = check_sides(state, lot, who, row.counterparty, row.quantity);
  if (sides != Reject::ok) return {sides};
  if (body.price != row.price.value || body.quantity != row.quantity) return {Reject::stale_price};
  const Reject behind = check_behind(context, lot,
                                     {.request = lot.id,
                                      .goods = body.goods,
                                      .counterparty = row.counterparty,
                                      .maker = who,
                                      .quantity = row.quantity});
  if (behind != Reject::ok) return {behind};
  const auto bonds = bonds_of(state, lot, who, row.price, row.quantity);
  if (!bonds) return {Reject::overflow};
  const model::Currency currency = state.products[lot.product].currency;
  if (!covers_bonds(state, who, currency, *bonds)) return {Reject::no_funds};
  if (!contract::can_conclude(state)) return {Reject::contracts_full};
  return {Reject::ok, conclude_quote(context, body.quote, *bonds, body.goods)};
}

Outcome end_quote(Context& context, const model::EndQuote& body) {
  // Nobody is kept to a talk: a participant that may not trade ends it as well.
  if (context.who.participant == 0 || !has_role(context, model::kRoleTrader)) {
    return {Reject::wrong_role};
  }
  if (const Reject r = check_talker(context, body.quote); r != Reject::ok) return {r};
  const QuoteRow& row = context.state.quotes[body.quote];
  const LotId lot = row.request;
  const bool own = row.maker == context.who.participant;
  close_quote(context, body.quote, own ? QuoteState::kWithdrawn : QuoteState::kRefused);
  emit_request(context, lot);
  return {Reject::ok, body.quote};
}

void on_quote_timer(Context& context, QuoteId id) {
  const QuoteRow& row = context.state.quotes[id];
  if (row.state != QuoteState::kLive || context.now.value < row.expires_at) return;
  close_quote(context, id, QuoteState::kExpired);
  emit_request(context, row.request);
}

void end_quotes(Context& context, LotId lot) {
  State& state = context.state;
  if (!is_request(state, lot)) return;
  const bool any = state.requests[lot].live != 0;
  for (QuoteId id = state.requests[lot].first; id != 0; id = state.quotes[id].next) {
    if (state.quotes[id].state == QuoteState::kLive) close_quote(context, id, QuoteState::kEnded);
  }
  if (any) emit_request(context, lot);
}

int strike_quote(Context& context, LotId lot, ParticipantId participant) {
  State& state = context.state;
  if (!is_request(state, lot)) return 0;
  for (QuoteId id = state.requests[lot].first; id != 0; id = state.quotes[id].next) {
    const QuoteRow& row = state.quotes[id];
    if (row.state != QuoteState::kLive || row.counterparty != participant) continue;
    close_quote(context, id, QuoteState::kStruck);
    emit_request(context, lot);
    return 1;
  }
  return 0;
}

int live_quotes(const State& state, LotId lot) {
  return is_request(state, lot) ? static_cast<int>(state.requests[lot].live) : 0;
}

}  // namespace hulan::engine
