// SPDX-License-Identifier: Apache-2.0
// Who may ask, and what takes two.
#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::CommandType;
using model::ParticipantState;
using model::PendingKind;
using model::PendingState;
using model::Reject;

Reject who_may_ask(const Market& market, const model::Command& command) {
  const auto& header = command.header;
  const int newest = header.type == CommandType::kPlaceBid          ? 3
                     : header.type == CommandType::kAnnounceAuction ? 2
                     : header.type == CommandType::kDefineProduct   ? 2
                     : header.type == CommandType::kPlaceOrder      ? 2
                                                                    : 1;
  if (header.version < 1 || header.version > newest) return Reject::unknown_command;
  if (header.type == CommandType::kInitMarket) return Reject::ok;
  if (market.terms.initialized == 0) return Reject::market_not_initialized;
  if (header.type == CommandType::kTick) {
    return header.user == 0 ? Reject::ok : Reject::wrong_role;
  }
  const auto user = market.users.find(header.user);
  if (user == market.users.end() || user->second.exists == 0) return Reject::unknown_user;
  if (user->second.active == 0) return Reject::user_inactive;
  const bool as_agent = market.acting_for != 0 && header.participant == market.acting_for;
  return as_agent || user->second.participant == header.participant
             ? Reject::ok
             : Reject::not_your_participant;
}

namespace {

/// R2.4: of these each needs the second pair of eyes; an admission needs two.
int eyes_needed(const Market& market, const model::PendingRow& row) {
  if (row.kind == PendingKind::kAdmission) return 2;
  if (row.kind == PendingKind::kBust) return market.users.at(row.proposer).participant == 0 ? 1 : 2;
  if (row.kind == PendingKind::kWithdrawal) {
    return row.amount.value > market.terms.withdrawal_limit_fen.value ? 2 : 1;
  }
  return 1;
}

unsigned may_approve(PendingKind kind) {
  const bool money = kind == PendingKind::kDeposit || kind == PendingKind::kWithdrawal ||
                     kind == PendingKind::kManualPosting || kind == PendingKind::kDisputeEnd ||
                     kind == PendingKind::kAward;
  return model::kRoleSupervisor |
         (money ? model::kRoleSettlementOfficer : model::kRoleOperator);
}

}  // namespace

void check_pending(const Market& market, Look& look, model::PendingId id,
                   const model::PendingRow& row) {
  const auto known = market.pendings.find(id);
  const auto& who = look.command.header;
  if (known == market.pendings.end()) {
    require(id == market.pendings.size() + 1, "R2.4", "an approval's number is left out");
    require(row.state == PendingState::kOpen && row.approvals == 0 && row.first_approver == 0,
            "R2.4", "a new approval is not open");
    require(row.proposer == who.user, "R2.4", "an approval was proposed by somebody else");
    if (row.kind == PendingKind::kDeposit) {
      for (const auto& [other, pending] : market.pendings) {
        require(pending.kind != PendingKind::kDeposit || pending.reference != row.reference ||
                    pending.state == PendingState::kRejected,
                "R3.2", "a bank reference counts twice");
      }
    }
    if (row.kind == PendingKind::kBust) check_bust_asked(market, look, row);
    if (row.kind == PendingKind::kAward) check_award_asked(market, look, row);
    require(row.needed == eyes_needed(market, row), "R2.4",
            "approval " + std::to_string(id) + " needs " + std::to_string(row.needed));
    return;
  }
  const model::PendingRow& old = known->second;
  look.pendings_before.try_emplace(id, old);
  require(old.state == PendingState::kOpen, "R2.4", "what was decided is decided again");
  require(row.kind == old.kind && row.content == old.content && row.proposer == old.proposer &&
              row.amount == old.amount && row.subject == old.subject && row.needed == old.needed,
          "R2.4", "the content of an approval has changed");
  if (row.state == PendingState::kRejected) {
    require(who.type == CommandType::kReject, "R2.4", "rejected by another command");
    return;
  }
  require(who.type == CommandType::kApprove, "R2.4", "approved by another command");
  require(who.user != old.proposer && who.user != old.first_approver, "R2.4",
          "the same person twice approves " + std::to_string(id));
  model::Approve body;
  require(model::read_body(look.command.body, body) && body.content == old.content, "R2.4",
          "what was approved is not what was proposed");
  require((market.users.at(who.user).roles & may_approve(row.kind)) != 0, "R2.3",
          "approved by a role that may not");
  require(row.approvals == old.approvals + 1, "R2.4", "approvals are not counted");
  require((row.state == PendingState::kApproved) == (row.approvals == row.needed), "R2.4",
          "approved by " + std::to_string(row.approvals) + " of " + std::to_string(row.needed));
}

void check_participant(const Market& market, const Look& look, model::ParticipantId id,
                       const model::ParticipantRow& row) {
  const auto known = market.participants.find(id);
  const auto old =
      known == market.participants.end() ? ParticipantState{} : known->second.state;
  if (old == row.state) return;
  const CommandType by = look.command.header.type;
  switch (row.state) {
    case ParticipantState::kApplied:
      require(old == ParticipantState{} && by == CommandType::kApplyParticipant, "R2.2",
              "applied twice");
      return;
    case ParticipantState::kActive:
      require((old == ParticipantState::kApplied && by == CommandType::kApprove) ||
                  (old == ParticipantState::kSuspended &&
                   by == CommandType::kSetParticipantState),
              "R2.2", "active without approval");
      return;
    case ParticipantState::kSuspended:
      require(old == ParticipantState::kActive, "R2.2", "suspended without having been active");
      return;
    case ParticipantState::kClosed: {
      require(old != ParticipantState::kClosed, "R2.2", "closed twice");
      if (old == ParticipantState::kApplied) return;  // the admission was rejected
      for (const auto& [account, balance] : market.balances) {
        if (account.first != id) continue;
        for (const Wide amount : balance) {
          require(amount == 0, "R2.2", "closed with money in its accounts");
        }
      }
      return;
    }
    default:
      require(known == market.participants.end() || old == ParticipantState::kApplied, "R2.2",
              "a participant has vanished");
  }
}

}  // namespace hulan::auditor
