// SPDX-License-Identifier: Apache-2.0
#include "engine/market/pre_trade.h"

#include "engine/market/access.h"
#include "engine/market/calendar.h"
#include "engine/market/derived.h"
#include "engine/market/halts.h"

namespace hulan::engine {
namespace {

using model::ParticipantId;
using model::ProductId;
using model::Reject;
using model::TradingRow;

/// 0 = none.
std::uint32_t find_trading(const State& state, ParticipantId participant, ProductId first) {
  return state.derived.trading.find(trading_hash(participant, first), [&](std::uint32_t id) {
    return state.trading[id].participant == participant && state.trading[id].product == first;
  });
}

/// Row of the pair, made if there is none; 0 = the table is full.
std::uint32_t reach_trading(State& state, ParticipantId participant, ProductId first) {
  if (const std::uint32_t id = find_trading(state, participant, first); id != 0) return id;
  if (state.trading.full()) return 0;
  const std::uint32_t id = state.trading.add();
  TradingRow& row = state.trading.edit(id);
  row.participant = participant;
  row.product = first;
  state.derived.trading.insert(trading_hash(participant, first), id);
  return id;
}

}  // namespace

Reject check_pre_trade(const State& state, ProductId product, ParticipantId participant,
                       std::int64_t quantity) {
  if (is_halted(state, product)) return Reject::trading_halted;
  if (state.product_terms.size() == 1 && state.trading.size() == 1) return Reject::ok;
  const std::uint32_t id = find_trading(state, participant, first_version(state, product));
  if (id != 0 && state.trading[id].barred != 0) return Reject::not_permitted;
  const model::ProductTermsRow& terms = terms_of(state, product);
  if (terms.order_quantity_max != 0 && quantity > terms.order_quantity_max) {
    return Reject::order_too_large;
  }
  if (terms.day_quantity_max == 0) return Reject::ok;
  if (id == 0 && state.trading.full()) return Reject::trading_full;
  std::int64_t traded = 0;
  if (id != 0 && state.trading[id].day == local_day(state.market[1], state.now)) {
    traded = state.trading[id].quantity;
  }
  return quantity > terms.day_quantity_max - traded ? Reject::day_limit_reached : Reject::ok;
}

bool may_trade(const State& state, ProductId product, ParticipantId participant) {
  if (state.trading.size() == 1) return true;
  const std::uint32_t id = find_trading(state, participant, first_version(state, product));
  return id == 0 || state.trading[id].barred == 0;
}

void count_trade(Context& context, ProductId product, ParticipantId participant,
                 std::int64_t quantity) {
  State& state = context.state;
  if (terms_of(state, product).day_quantity_max == 0) return;
  const std::uint32_t id = reach_trading(state, participant, first_version(state, product));
  if (id == 0) return;
  TradingRow& row = state.trading.edit(id);
  const std::int64_t today = local_day(state.market[1], context.now);
  if (row.day != today) row.quantity = 0;
  row.day = today;
  row.quantity += quantity;
  context.emit_row<model::TradingChanged>(id, row);
}

Outcome permit_trading(Context& context, const model::PermitTrading& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return {r};
  if (!participant_exists(state, body.participant)) return {Reject::unknown_participant};
  if (!is_product(state, body.product)) return {Reject::unknown_product};
  if (body.allowed > 1 || body.reason == model::DocumentHash{}) return {Reject::malformed_body};
  const std::uint32_t id =
      reach_trading(state, body.participant, first_version(state, body.product));
  if (id == 0) return {Reject::trading_full};
  TradingRow& row = state.trading.edit(id);
  row.barred = 1 - body.allowed;
  context.emit_row<model::TradingChanged>(id, row);
  return {Reject::ok, id};
}

}  // namespace hulan::engine
