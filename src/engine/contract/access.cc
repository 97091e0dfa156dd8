// SPDX-License-Identifier: Apache-2.0
#include "engine/market/access.h"

#include "engine/contract/steps.h"
#include "engine/market/calendar.h"

namespace hulan::engine::contract {

using model::ContractId;
using model::ContractRow;
using model::Fen;
using model::Reject;

unsigned side_of(const Context& context, const ContractRow& contract) {
  const model::ParticipantId who = context.who.participant;
  if (who == 0) return 0;
  return (who == contract.seller ? kSeller : 0u) | (who == contract.buyer ? kBuyer : 0u);
}

Reject check_actor(const Context& context, ContractId id, unsigned parties, unsigned party_roles,
                   unsigned staff_roles) {
  if (!context.state.contracts.has(id)) return Reject::unknown_contract;
  if (context.who.participant == 0) {
    return has_role(context, staff_roles) ? Reject::ok : Reject::wrong_role;
  }
  const unsigned side = side_of(context, context.state.contracts[id]);
  if (side == 0) return Reject::not_contract_party;
  if ((side & parties) == 0) return Reject::not_the_actor;
  return has_role(context, party_roles) ? Reject::ok : Reject::wrong_role;
}

const model::ProductRow& product_of(const State& state, const ContractRow& contract) {
  return state.products[contract.product];
}

Subject subject_of(const State& state, const ContractRow& contract) {
  return {.lot = contract.lot,
          .contract = contract.id,
          .currency = product_of(state, contract).currency};
}

Fen available_of(const State& state, const ContractRow& contract,
                 model::ParticipantId participant) {
  const std::size_t index = account_index(participant, product_of(state, contract).currency);
  return state.accounts[index].balance[static_cast<std::size_t>(model::Bucket::kAvailable)];
}

std::uint32_t destination_of(const State& state, const ContractRow& contract) {
  return contract.terms == model::Terms::kDestination ? contract.place
                                                      : state.participants[contract.buyer].region;
}

void set_deadline(Context& context, ContractId id, model::Time deadline) {
  ContractRow& contract = context.state.contracts.edit(id);
  if (contract.deadline == deadline.value) return;
  contract.deadline = deadline.value;
  // Commands have asked for room; a timer gave its own place back. Only an approval may find none.
  if (deadline.value != 0 && !context.state.timers.full()) {
    context.state.timers.add(deadline, TimerKind::kContract, id);
  }
}

void emit_contract(Context& context, ContractId id) {
  context.emit_row<model::ContractChanged>(id, context.state.contracts[id]);
}

void emit_delivery(Context& context, model::DeliveryId id) {
  context.emit_row<model::DeliveryChanged>(id, context.state.deliveries[id]);
}

model::DeliveryId find_delivery(const State& state, const ContractRow& contract,
                                std::uint32_t index) {
  for (model::DeliveryId id = contract.first_delivery; id != 0; id = state.deliveries[id].next) {
    if (state.deliveries[id].index == index) return id;
  }
  return 0;
}

model::Time resale_deadline(const Context& context) {
  const model::MarketRow& market = context.state.market[1];
  std::int64_t day = local_day(market, context.now);
  for (std::int64_t i = 0; i < kResaleMarketDays; ++i) day = next_market_day(market, day);
  return at_minute(market, day + 1, 0);
}

void Legs::add(const Leg& leg) {
  if (leg.amount == Fen{}) return;
  HULAN_ASSERT(count_ < legs_.size());
  legs_[count_++] = leg;
}

void Legs::participant(model::ParticipantId id, model::Bucket bucket, Fen amount,
                       model::PostingReason reason) {
  add({.participant = id, .bucket = bucket, .amount = amount, .reason = reason});
}

void Legs::operators(model::OperatorAccount account, Fen amount, model::PostingReason reason) {
  add({.account = account, .amount = amount, .reason = reason});
}

void Legs::give_back(model::ParticipantId id, model::Bucket bucket, Fen amount,
                     model::PostingReason reason) {
  participant(id, bucket, -amount, reason);
  participant(id, model::Bucket::kAvailable, amount, reason);
}

void Legs::fee(const model::ProductRow& product, Fen amount) {
  const Fen vat = fee_vat_of(product, amount);
  operators(model::OperatorAccount::kFeeIncome, amount - vat, model::PostingReason::kFee);
  operators(model::OperatorAccount::kVatPayable, vat, model::PostingReason::kFeeVat);
}

void Legs::post(Context& context, const Subject& subject) const {
  post_set(context, {legs_.data(), count_}, subject);
}

}  // namespace hulan::engine::contract
