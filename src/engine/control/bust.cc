// SPDX-License-Identifier: Apache-2.0
#include "engine/control/bust.h"

#include "engine/contract/steps.h"
#include "engine/market/access.h"
#include "engine/market/approvals.h"
#include "engine/market/calendar.h"
#include "engine/market/day_price.h"

namespace hulan::engine {
namespace {

using model::Bucket;
using model::ContractRow;
using model::ContractState;
using model::PostingReason;
using model::Reject;

constexpr std::int64_t kAskWithin = 60 * model::kMinute;  // R12.4

bool may_be_busted(ContractState state) {
  return state == ContractState::kConcluded || state == ContractState::kPaid;
}

/// What the trade froze and paid in goes back, in one set; the postings before it stand.
void reverse_postings(Context& context, ContractRow& row) {
  contract::Legs legs;
  const auto back = [&](model::ParticipantId who, Bucket bucket, model::Fen& amount) {
    legs.give_back(who, bucket, amount, PostingReason::kBusted);
    amount = {};
  };
  back(row.buyer, Bucket::kPrepaid, row.prepaid);
  back(row.buyer, Bucket::kPerformanceBond, row.buyer_bond);
  back(row.buyer, Bucket::kTradingBond, row.buyer_trading_bond);
  back(row.seller, Bucket::kPerformanceBond, row.seller_bond);
  back(row.seller, Bucket::kTradingBond, row.seller_trading_bond);
  legs.post(context, contract::subject_of(context.state, row));
}

void publish(Context& context, const ContractRow& row) {
  const State& state = context.state;
  const auto weight =
      contract::measure_of(contract::product_of(state, row), row.quantity, row.average_g);
  HULAN_ASSERT(weight);  // the contract was concluded with it
  const std::int64_t day = local_day(state.market[1], model::Time{row.concluded_at});
  context.emit(model::TradeBusted{.header = {},
                                  .price = row.price,
                                  .quantity = row.quantity,
                                  .weight = *weight,
                                  .concluded_at = row.concluded_at,
                                  .contract = row.id,
                                  .lot = row.lot,
                                  .product = row.product,
                                  .region = row.origin,
                                  .day = static_cast<std::uint32_t>(day),
                                  .grade = row.grade,
                                  .method = row.method,
                                  .related = static_cast<std::uint8_t>(row.related),
                                  .reserved = 0});
  if (row.related == 0) take_back_trade(context, row.id, *weight);
}

}  // namespace

Outcome bust_trade(Context& context, const model::BustTrade& body) {
  const State& state = context.state;
  const Reject actor = contract::check_actor(context, body.contract, contract::kEither,
                                             model::kRoleTrader, model::kRoleOperator);
  if (actor != Reject::ok) return {actor};
  const ContractRow& row = state.contracts[body.contract];
  if (row.state != ContractState::kConcluded) return {Reject::wrong_contract_state};
  if (context.now.value >= row.concluded_at + kAskWithin) return {Reject::bust_too_late};
  if (body.reason == model::DocumentHash{}) return {Reject::malformed_body};
  if (state.pending.full()) return {Reject::pending_full};
  const std::uint8_t needed = context.who.participant == 0 ? 1 : 2;
  return open_pending(context, {.kind = model::PendingKind::kBust,
                                .needed = needed,
                                .subject = body.contract,
                                .amount = row.nominal,
                                .reference = body.reason});
}

Reject check_bust(const State& state, const model::PendingRow& pending) {
  return may_be_busted(state.contracts[pending.subject].state) ? Reject::ok
                                                               : Reject::wrong_contract_state;
}

void on_bust(Context& context, const model::PendingRow& pending) {
  ContractRow& row = context.state.contracts.edit(pending.subject);
  HULAN_ASSERT(may_be_busted(row.state));
  reverse_postings(context, row);
  row.state = ContractState::kBusted;
  row.settled_at = context.now.value;
  contract::set_deadline(context, pending.subject, {});
  publish(context, row);
  contract::emit_contract(context, pending.subject);
}

}  // namespace hulan::engine
