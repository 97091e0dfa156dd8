// SPDX-License-Identifier: Apache-2.0
#include "engine/approval.h"

#include "engine/auction/ending.h"
#include "engine/contract/contract.h"
#include "engine/control/bust.h"
#include "engine/market/access.h"
#include "engine/market/cash.h"
#include "engine/market/derived.h"
#include "engine/market/members.h"
#include "engine/market/products.h"

namespace hulan::engine {
namespace {

using model::PendingKind;
using model::PendingRow;
using model::PendingState;
using model::Reject;

/// Who may be the second pair of eyes: a supervisor always, and a colleague of the trade.
unsigned approvers(PendingKind kind) {
  switch (kind) {
    case PendingKind::kDeposit:
    case PendingKind::kWithdrawal:
    case PendingKind::kManualPosting:
    case PendingKind::kDisputeEnd:
    case PendingKind::kAward:
      return model::kRoleSupervisor | model::kRoleSettlementOfficer;
    case PendingKind::kAdmission:
    case PendingKind::kProduct:
    case PendingKind::kLotWithdrawal:
    case PendingKind::kContractCancel:
    case PendingKind::kBust:
      return model::kRoleSupervisor | model::kRoleOperator;
  }
  return 0;
}

Reject check_open(const State& state, model::PendingId id) {
  if (!state.pending.has(id)) return Reject::unknown_pending;
  return state.pending[id].state == PendingState::kOpen ? Reject::ok : Reject::pending_decided;
}

/// Whether what was proposed can still take effect.
Reject check_effect(const Context& context, const PendingRow& row) {
  switch (row.kind) {
    case PendingKind::kDeposit:
      return check_deposit(context.state, row);
    case PendingKind::kManualPosting:
      return check_manual(context.state, row);
    case PendingKind::kLotWithdrawal:
      return is_live(context.state.lots[row.subject].state) ? Reject::ok : Reject::wrong_lot_state;
    case PendingKind::kProduct:
      return check_in_force(context.state, row.subject);
    case PendingKind::kContractCancel:
    case PendingKind::kDisputeEnd:
    case PendingKind::kAward:
      return contract::check_pending(context.state, row);
    case PendingKind::kBust:
      return check_bust(context.state, row);
    case PendingKind::kAdmission:
    case PendingKind::kWithdrawal:
      break;
  }
  return Reject::ok;
}

void take_effect(Context& context, const PendingRow& row) {
  switch (row.kind) {
    case PendingKind::kAdmission:
      return end_admission(context, row.subject, true);
    case PendingKind::kDeposit:
      return credit_deposit(context, row);
    case PendingKind::kWithdrawal:
      return pay_withdrawal(context, row);
    case PendingKind::kManualPosting:
      return post_approved(context, row);
    case PendingKind::kProduct:
      return put_in_force(context, row.subject);
    case PendingKind::kLotWithdrawal:
      return end_lot(context, row.subject, model::LotState::kWithdrawn);
    case PendingKind::kContractCancel:
    case PendingKind::kDisputeEnd:
    case PendingKind::kAward:
      return contract::on_pending(context, row);
    case PendingKind::kBust:
      return on_bust(context, row);
  }
}

void undo_proposal(Context& context, model::PendingId id) {
  State& state = context.state;
  const PendingRow row = state.pending[id];
  if (row.kind == PendingKind::kAdmission) end_admission(context, row.subject, false);
  if (row.kind == PendingKind::kWithdrawal) return_withdrawal(context, row);
  if (row.kind == PendingKind::kDeposit) {
    state.derived.deposits.erase(
        id, [&](std::uint32_t i) { return deposit_hash(state.pending[i].reference); });
  }
}

}  // namespace

Outcome approve(Context& context, const model::Approve& body) {
  State& state = context.state;
  if (const Reject r = check_open(state, body.pending); r != Reject::ok) return {r};
  const PendingRow& row = state.pending[body.pending];
  if (const Reject r = require_staff(context, approvers(row.kind)); r != Reject::ok) return {r};
  if (row.proposer == context.who.user || row.first_approver == context.who.user) {
    return {Reject::own_approval};
  }
  if (row.content != body.content) return {Reject::content_differs};
  const bool last = row.approvals + 1 == row.needed;
  if (last) {
    if (const Reject r = check_effect(context, row); r != Reject::ok) return {r};
  }
  PendingRow& changed = state.pending.edit(body.pending);
  ++changed.approvals;
  if (changed.first_approver == 0) changed.first_approver = context.who.user;
  if (last) changed.state = PendingState::kApproved;
  context.emit_row<model::PendingChanged>(body.pending, changed);
  if (last) take_effect(context, changed);
  return {Reject::ok, body.pending};
}

Outcome reject_pending(Context& context, const model::RejectPending& body) {
  State& state = context.state;
  if (const Reject r = check_open(state, body.pending); r != Reject::ok) return {r};
  const PendingRow& row = state.pending[body.pending];
  if (row.proposer != context.who.user) {
    if (const Reject r = require_staff(context, approvers(row.kind)); r != Reject::ok) return {r};
  }
  undo_proposal(context, body.pending);
  PendingRow& changed = state.pending.edit(body.pending);
  changed.state = PendingState::kRejected;
  context.emit_row<model::PendingChanged>(body.pending, changed);
  return {Reject::ok, body.pending};
}

}  // namespace hulan::engine
