// SPDX-License-Identifier: Apache-2.0
// Requests for quotes and the talks about them (R5.2).
#include <algorithm>

#include "simulation/workload/products.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {
namespace {

using model::LotRow;
using model::LotState;
using model::Method;
using model::QuoteRow;
using model::QuoteState;
using model::Side;

}  // namespace

/// A request on a draft that is ready.
Op Workload::request_quote(const engine::State& state, model::LotId id, model::Time now) {
  const LotRow& lot = state.lots[id];
  const model::ProductRow& product = state.products[lot.product];
  const auto bit = model::method_bit(Method::kNegotiation);
  if ((product.methods & bit) == 0 && !random_.once_in(20)) return {};
  model::RequestQuote body{};
  body.lot = id;
  if (random_.percent(60)) body.minimum = std::max<std::int64_t>(1, lot.quantity / 4);
  body.expires_at = now.value + random_.between(random_.once_in(30) ? -1 : 1, 48) * model::kHour;
  if (random_.percent(40)) {
    body.named_count = static_cast<std::uint32_t>(random_.between(1, 5));
    for (std::uint32_t i = 0; i < body.named_count; ++i) {
      body.named[i] = lot.side == Side::kSell ? 6 + i : 1 + i;
    }
    if (random_.once_in(10)) body.named[0] = some_participant();
  }
  return op(trader_of(lot.initiator), body);
}

/// A number near the usual price, or near what the other side named.
Op Workload::talk_about(const engine::State& state, model::QuoteId id, model::Time now) {
  const QuoteRow& row = state.quotes[id];
  const LotRow& lot = state.lots[row.request];
  const model::ProductRow& product = state.products[lot.product];
  model::ParticipantId who = row.maker == row.counterparty ? lot.initiator : row.counterparty;
  if (random_.once_in(15)) who = row.maker;
  if (random_.once_in(40)) who = some_participant();
  const bool sells_into = lot.side == Side::kBuy && who != lot.initiator;
  const model::LotId goods = sells_into ? goods_for(state, who, lot) : 0;
  if (sells_into && goods == 0 && random_.percent(80)) return goods_lot(lot, who, now);
  const std::uint64_t dice = random_.below(100);
  if (dice < 15) return op(trader_of(who), model::EndQuote{id});
  if (dice < 50) {
    model::AcceptQuote body{id, goods, row.price.value, row.quantity};
    if (random_.once_in(20)) body.price += product.tick.value;
    if (random_.once_in(30)) --body.quantity;
    return op(trader_of(who), body);
  }
  model::Counter body{id, goods, 0, row.quantity, 0};
  body.price = row.price.value + product.tick.value * random_.between(-8, 8);
  body.quantity = random_.percent(60) ? row.quantity : random_.between(lot.minimum, lot.quantity);
  body.expires_at = std::min(lot.close_at, now.value + random_.between(1, 240) * model::kMinute);
  if (random_.once_in(30)) body.expires_at = lot.close_at + 1;
  return op(trader_of(who), body);
}

Op Workload::negotiate(const engine::State& state, model::Time now) {
  const std::uint32_t live = recent(state.quotes, 40, [](const QuoteRow& row) {
    return row.state == QuoteState::kLive;
  });
  if (live != 0 && random_.percent(55)) return talk_about(state, live, now);
  const std::uint32_t id = recent(state.lots, 80, [](const LotRow& l) {
    return l.state == LotState::kListed && l.method == Method::kNegotiation;
  });
  if (id == 0) return {};
  const LotRow& lot = state.lots[id];
  const model::ProductRow& product = state.products[lot.product];
  if (random_.once_in(60)) {  // a take of what is not listed so
    return op(trader_of(some_buyer()), model::Take{id, 0, lot.price.value, lot.quantity});
  }
  const bool buys = lot.side == Side::kBuy;
  model::ParticipantId who = buys ? some_farm() : some_buyer();
  if (random_.once_in(40)) who = some_participant();
  const model::LotId goods = buys ? goods_for(state, who, lot) : 0;
  if (buys && goods == 0 && random_.percent(90)) return goods_lot(lot, who, now);
  model::Quote body{id, goods, 0, 0, 0};
  const std::int64_t price = middle_of(product) * random_.between(96, 104) / 100;
  body.price = price / product.tick.value * product.tick.value;
  if (random_.once_in(60)) body.price += 1;
  body.quantity = random_.percent(50) ? lot.quantity : random_.between(lot.minimum, lot.quantity);
  if (random_.once_in(30)) body.quantity = lot.minimum - 1;
  body.expires_at = std::min(lot.close_at, now.value + random_.between(1, 240) * model::kMinute);
  return op(trader_of(who), body);
}

}  // namespace hulan::simulation
