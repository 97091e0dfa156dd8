// SPDX-License-Identifier: Apache-2.0
// R7.2 and R7.4: payment into escrow, cancellation, dispute, closing.
#include "engine/contract/steps.h"
#include "engine/market/access.h"
#include "engine/market/approvals.h"

namespace hulan::engine::contract {

using model::Bucket;
using model::ContractId;
using model::ContractRow;
using model::ContractState;
using model::Fen;
using model::PostingReason;
using model::Reject;

namespace {

constexpr unsigned kMoneyUsers = model::kRoleTrader | model::kRoleFinance;

void count_clean(Context& context, model::ParticipantId id) {
  model::ParticipantRow& row = context.state.participants.edit(id);
  ++row.clean_trades;
  context.emit_row<model::ParticipantChanged>(id, row);
}

Outcome propose(Context& context, model::PendingKind kind, ContractId id, std::uint32_t detail,
                const model::DocumentHash& reference) {
  if (context.state.pending.full()) return {Reject::pending_full};
  return open_pending(context, {.kind = kind,
                                .subject = id,
                                .detail = detail,
                                .amount = context.state.contracts[id].nominal,
                                .reference = reference});
}

bool seller_failed(model::DefaultKind kind) {
  return kind == model::DefaultKind::kSellerDidNotDeliver ||
         kind == model::DefaultKind::kSellerShort;
}

bool buyer_failed(model::DefaultKind kind) {
  return kind == model::DefaultKind::kBuyerDidNotPay ||
         kind == model::DefaultKind::kBuyerDidNotCollect;
}

}  // namespace

bool is_running(ContractState state) {
  return state >= ContractState::kConcluded && state <= ContractState::kWeighed;
}

void forget_cancel(ContractRow& contract) {
  contract.seller_flags = static_cast<std::uint8_t>(contract.seller_flags & ~model::kAgreedCancel);
  contract.buyer_flags = static_cast<std::uint8_t>(contract.buyer_flags & ~model::kAgreedCancel);
}

Outcome pay(Context& context, const model::Pay& body) {
  State& state = context.state;
  const Reject actor = check_actor(context, body.contract, kBuyer, kMoneyUsers, 0);
  if (actor != Reject::ok) return {actor};
  const ContractRow& row = state.contracts[body.contract];
  if (row.state != ContractState::kConcluded) return {Reject::wrong_contract_state};
  if (context.now.value > row.deadline) return {Reject::deadline_passed};
  if (available_of(state, row, row.buyer) < row.nominal) return {Reject::no_funds};

  ContractRow& changed = state.contracts.edit(body.contract);
  move_within(context, row.buyer, Bucket::kAvailable, Bucket::kPrepaid, row.nominal,
              PostingReason::kPrepaid, subject_of(state, row));
  changed.prepaid = row.nominal;
  changed.state = ContractState::kPaid;
  forget_cancel(changed);
  set_deadline(context, body.contract, model::Time{row.pickup_until});
  emit_contract(context, body.contract);
  return {Reject::ok, body.contract};
}

void cancel_now(Context& context, ContractId id) {
  ContractRow& row = context.state.contracts.edit(id);
  Legs legs;
  legs.give_back(row.buyer, Bucket::kPrepaid, row.prepaid, PostingReason::kPrepaidReturned);
  legs.give_back(row.buyer, Bucket::kPerformanceBond, row.buyer_bond, PostingReason::kBondReturned);
  legs.give_back(row.buyer, Bucket::kTradingBond, row.buyer_trading_bond,
                 PostingReason::kBondReturned);
  legs.give_back(row.seller, Bucket::kPerformanceBond, row.seller_bond,
                 PostingReason::kBondReturned);
  legs.give_back(row.seller, Bucket::kTradingBond, row.seller_trading_bond,
                 PostingReason::kBondReturned);
  legs.post(context, subject_of(context.state, row));
  row.prepaid = row.buyer_bond = row.buyer_trading_bond = Fen{};
  row.seller_bond = row.seller_trading_bond = Fen{};
  row.state = ContractState::kCancelled;
  row.settled_at = context.now.value;
  set_deadline(context, id, {});
  emit_contract(context, id);
}

Outcome cancel(Context& context, const model::CancelContract& body) {
  State& state = context.state;
  const Reject actor =
      check_actor(context, body.contract, kEither, model::kRoleTrader, model::kRoleOperator);
  if (actor != Reject::ok) return {actor};
  const ContractRow& row = state.contracts[body.contract];
  if (!is_running(row.state)) return {Reject::wrong_contract_state};
  if (context.who.participant == 0) {
    return propose(context, model::PendingKind::kContractCancel, body.contract, 0, body.reason);
  }
  const bool seller = side_of(context, row) == kSeller;
  if (((seller ? row.seller_flags : row.buyer_flags) & model::kAgreedCancel) != 0) {
    return {Reject::already_accepted};
  }
  ContractRow& changed = state.contracts.edit(body.contract);
  std::uint8_t& flags = seller ? changed.seller_flags : changed.buyer_flags;
  flags = static_cast<std::uint8_t>(flags | model::kAgreedCancel);
  if ((row.seller_flags & row.buyer_flags & model::kAgreedCancel) != 0) {
    cancel_now(context, body.contract);
  } else {
    emit_contract(context, body.contract);
  }
  return {Reject::ok, body.contract};
}

Outcome open_dispute(Context& context, const model::OpenDispute& body) {
  State& state = context.state;
  const Reject actor = check_actor(context, body.contract, kEither, model::kRoleTrader, 0);
  if (actor != Reject::ok) return {actor};
  if (state.contracts[body.contract].state != ContractState::kWeighed) {
    return {Reject::wrong_contract_state};
  }
  if (body.evidence == model::DocumentHash{}) return {Reject::invalid_document};
  ContractRow& changed = state.contracts.edit(body.contract);
  changed.before = changed.state;
  changed.state = ContractState::kDisputed;
  set_deadline(context, body.contract, {});
  emit_contract(context, body.contract);
  return {Reject::ok, body.contract};
}

Outcome end_dispute(Context& context, const model::EndDispute& body) {
  const Reject actor = check_actor(context, body.contract, 0, 0, model::kRoleSettlementOfficer);
  if (actor != Reject::ok) return {actor == Reject::not_the_actor ? Reject::wrong_role : actor};
  if (context.state.contracts[body.contract].state != ContractState::kDisputed ||
      has_claim(context.state, body.contract)) {
    return {Reject::wrong_contract_state};
  }
  if (body.outcome != 1 && body.outcome != 2) return {Reject::malformed_body};
  return propose(context, model::PendingKind::kDisputeEnd, body.contract, body.outcome,
                 body.reason);
}

void close_now(Context& context, ContractId id) {
  ContractRow& row = context.state.contracts.edit(id);
  HULAN_ASSERT(row.state == ContractState::kSettled);
  row.state = ContractState::kClosed;
  set_deadline(context, id, {});
  emit_contract(context, id);
  if (!seller_failed(row.default_kind)) count_clean(context, row.seller);
  if (!buyer_failed(row.default_kind)) count_clean(context, row.buyer);
}

Outcome close(Context& context, const model::CloseContract& body) {
  const Reject actor = check_actor(context, body.contract, 0, 0,
                                   model::kRoleOperator | model::kRoleSettlementOfficer);
  if (actor != Reject::ok) return {actor == Reject::not_the_actor ? Reject::wrong_role : actor};
  if (context.state.contracts[body.contract].state != ContractState::kSettled) {
    return {Reject::wrong_contract_state};
  }
  close_now(context, body.contract);
  return {Reject::ok, body.contract};
}

}  // namespace hulan::engine::contract
