// SPDX-License-Identifier: Apache-2.0
#include "engine/contract/contract.h"

#include "engine/contract/steps.h"
#include "engine/market/calendar.h"
#include "engine/market/day_price.h"
#include "engine/market/pre_trade.h"

namespace hulan::engine::contract {

using model::CommandType;
using model::ContractId;
using model::ContractRow;
using model::ContractState;
using model::DefaultKind;
using model::Reject;

namespace {

void fill(ContractRow& row, const State& state, const Conclusion& conclusion) {
  const model::LotRow& lot = state.lots[conclusion.lot];
  const model::LotRow& goods = state.lots[conclusion.goods_lot];
  row.lot = conclusion.lot;
  row.goods_lot = conclusion.goods_lot;
  row.product = lot.product;
  row.seller = conclusion.seller;
  row.buyer = conclusion.buyer;
  row.price = conclusion.price;
  row.quantity = conclusion.quantity;
  row.average_g = lot.average_g;
  row.seller_bond = conclusion.seller_bond;
  row.buyer_bond = conclusion.buyer_bond;
  row.seller_trading_bond = conclusion.seller_trading_bond;
  row.buyer_trading_bond = conclusion.buyer_trading_bond;
  row.pickup_from = lot.pickup_from;
  row.pickup_until = lot.pickup_until;
  row.place = lot.place;
  row.spot = lot.spot;
  row.origin = goods.origin;
  row.terms = lot.terms;
  row.method = conclusion.method;
  row.grade = lot.grade;
  row.state = ContractState::kConcluded;
  row.related = conclusion.related ? 1 : 0;
}

void publish(Context& context, const ContractRow& row, const Conclusion& conclusion) {
  const model::MarketRow& market = context.state.market[1];
  const auto weight = measure_of(product_of(context.state, row), row.quantity, row.average_g);
  HULAN_ASSERT(weight);  // the nominal was formed from it
  context.emit(
      model::TradeConcluded{.header = {},
                            .price = row.price,
                            .quantity = row.quantity,
                            .weight = *weight,
                            .nominal = row.nominal,
                            .contract = row.id,
                            .lot = row.lot,
                            .product = row.product,
                            .region = row.origin,
                            .day = static_cast<std::uint32_t>(local_day(market, context.now)),
                            .grade = row.grade,
                            .method = row.method,
                            .related = conclusion.related ? std::uint8_t{1} : std::uint8_t{0},
                            .reserved = 0});
  if (conclusion.related) return;
  record_trade(context, {.product = row.product,
                         .region = row.origin,
                         .grade = row.grade,
                         .price = row.price,
                         .weight = *weight,
                         .quantity = row.quantity,
                         .buyer = row.buyer});
}

Outcome dispatch_step(Context& context, CommandType type, std::span<const std::uint8_t> body) {
  switch (type) {
    case CommandType::kPay:
      return handle<model::Pay>(context, body, pay);
    case CommandType::kSchedule:
      return schedule(context, body);
    case CommandType::kLoad:
      return handle<model::Load>(context, body, load);
    case CommandType::kArrive:
      return handle<model::Arrive>(context, body, arrive);
    case CommandType::kWeigh:
      return weigh(context, body);
    case CommandType::kAcceptWeighing:
      return handle<model::AcceptWeighing>(context, body, accept_weighing);
    case CommandType::kAgreeAdjustment:
      return handle<model::AgreeAdjustment>(context, body, agree_adjustment);
    case CommandType::kRefuseWeighing:
      return handle<model::RefuseWeighing>(context, body, refuse_weighing);
    case CommandType::kCancelContract:
      return handle<model::CancelContract>(context, body, cancel);
    case CommandType::kOpenDispute:
      return handle<model::OpenDispute>(context, body, open_dispute);
    case CommandType::kEndDispute:
      return handle<model::EndDispute>(context, body, end_dispute);
    case CommandType::kTopUp:
      return handle<model::TopUp>(context, body, top_up);
    case CommandType::kRecordResale:
      return handle<model::RecordResale>(context, body, record_resale);
    case CommandType::kRecordCover:
      return handle<model::RecordCover>(context, body, record_cover);
    case CommandType::kCloseContract:
      return handle<model::CloseContract>(context, body, close);
    case CommandType::kFileClaim:
      return handle<model::FileClaim>(context, body, file_claim);
    case CommandType::kAwardClaim:
      return handle<model::AwardClaim>(context, body, propose_award);
    case CommandType::kWithdrawClaim:
      return handle<model::WithdrawClaim>(context, body, withdraw_claim);
    case CommandType::kGrantClaim:
      return handle<model::GrantClaim>(context, body, grant_claim);
    case CommandType::kPayClaim:
      return handle<model::PayClaim>(context, body, pay_claim);
    default:
      return {Reject::unknown_command};
  }
}

/// What the passing of a deadline means in each state.
void pass_deadline(Context& context, ContractId id) {
  switch (context.state.contracts[id].state) {
    case ContractState::kConcluded:
      return default_buyer(context, id, DefaultKind::kBuyerDidNotPay);
    case ContractState::kPaid:
    case ContractState::kScheduled:
    case ContractState::kLoaded:
    case ContractState::kArrived:
      return miss_delivery(context, id);
    case ContractState::kWeighed:
      return settle_now(context, id, false);
    case ContractState::kTopUp:
      return settle_now(context, id, true);
    case ContractState::kSettled:
      return close_now(context, id);
    case ContractState::kDefaulted:
      return resale_by_reference(context, id);
    case ContractState::kClosed:
    case ContractState::kCancelled:
    case ContractState::kDisputed:
    case ContractState::kBusted:
      return;
  }
}

}  // namespace

bool can_conclude(const State& state) {
  return !state.contracts.full() && !state.timers.full() &&
         state.deliveries.has_room(model::kMaxDeliveriesPerContract);
}

ContractId conclude(Context& context, const Conclusion& conclusion) {
  State& state = context.state;
  HULAN_ASSERT(can_conclude(state));
  const ContractId id = state.contracts.add();
  ContractRow& row = state.contracts.edit(id);
  row.id = id;
  fill(row, state, conclusion);
  row.concluded_at = context.now.value;
  const auto nominal = nominal_of(product_of(state, row), row.price, row.quantity, row.average_g);
  HULAN_ASSERT(nominal);  // the bonds were formed from it
  row.nominal = *nominal;
  const model::MarketRow& market = state.market[1];
  set_deadline(context, id,
               at_minute(market, local_day(market, context.now) + 1, market.pay_minute));
  publish(context, row, conclusion);
  count_trade(context, row.product, row.seller, row.quantity);
  count_trade(context, row.product, row.buyer, row.quantity);
  emit_contract(context, id);
  return id;
}

Outcome apply(Context& context, CommandType type, std::span<const std::uint8_t> body) {
  if (context.state.timers.full()) return {Reject::timers_full};
  return dispatch_step(context, type, body);
}

void on_timer(Context& context, ContractId id) {
  const ContractRow& row = context.state.contracts[id];
  if (row.deadline == 0 || row.deadline > context.now.value) return;  // it has moved since
  // A full register delays, it loses nothing.
  if (!claims_room(context.state)) {
    set_deadline(context, id, context.now + model::Time{kRetryNs});
    return emit_contract(context, id);
  }
  pass_deadline(context, id);
}

model::Reject check_pending(const State& state, const model::PendingRow& pending) {
  const ContractId id = pending.subject;
  const ContractState now = state.contracts[id].state;
  bool fits = false;
  if (pending.kind == model::PendingKind::kContractCancel) fits = is_running(now);
  if (pending.kind == model::PendingKind::kDisputeEnd) {
    fits = now == ContractState::kDisputed && !has_claim(state, id);
  }
  if (pending.kind == model::PendingKind::kAward) {
    fits = now == ContractState::kDisputed && has_claim(state, id);
    if (fits && !claims_room(state)) return Reject::claims_full;
  }
  return fits ? Reject::ok : Reject::wrong_contract_state;
}

void on_pending(Context& context, const model::PendingRow& pending) {
  HULAN_ASSERT(check_pending(context.state, pending) == model::Reject::ok);
  if (pending.kind == model::PendingKind::kContractCancel) {
    return cancel_now(context, pending.subject);
  }
  if (pending.kind == model::PendingKind::kAward) {
    return award_now(context, pending.subject, pending.amount, model::DisputeState::kAwarded);
  }
  constexpr std::uint32_t kSettle = 1;
  if (pending.detail != kSettle) return cancel_now(context, pending.subject);
  ContractRow& changed = context.state.contracts.edit(pending.subject);
  changed.state = changed.before;
  if (claims_room(context.state)) return settle_now(context, pending.subject, false);
  set_deadline(context, pending.subject, context.now + model::Time{kRetryNs});
  emit_contract(context, pending.subject);
}

Held held_by_seller(const ContractRow& contract) {
  return {contract.seller_bond, contract.seller_trading_bond, {}};
}

Held held_by_buyer(const ContractRow& contract) {
  return {contract.buyer_bond, contract.buyer_trading_bond, contract.prepaid};
}

model::Fen disputed_of(const State& state, ContractId contract) {
  const bool open =
      has_claim(state, contract) && state.disputes[contract].state == model::DisputeState::kOpen;
  return open ? state.disputes[contract].frozen : model::Fen{};
}

}  // namespace hulan::engine::contract
