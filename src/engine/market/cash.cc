// SPDX-License-Identifier: Apache-2.0
#include "engine/market/cash.h"

#include "engine/ledger/ledger.h"
#include "engine/market/access.h"
#include "engine/market/approvals.h"
#include "engine/market/derived.h"

namespace hulan::engine {
namespace {

using model::Bucket;
using model::Currency;
using model::Fen;
using model::OperatorAccount;
using model::PostingReason;
using model::Reject;

/// All the money of a currency stays below this, so that no balance can ever overflow.
constexpr std::int64_t kMostMoney = 4'000'000'000'000'000'000;

Fen operator_balance(const State& state, Currency currency, OperatorAccount account) {
  return state.operator_accounts[1]
      .balance[static_cast<std::size_t>(currency)][static_cast<std::size_t>(account)];
}

/// Suspended participants keep the right to their money; applied and closed ones have none here.
bool may_hold_money(const State& state, model::ParticipantId id) {
  if (!participant_exists(state, id)) return false;
  const auto status = state.participants[id].state;
  return status == model::ParticipantState::kActive ||
         status == model::ParticipantState::kSuspended;
}

Reject check_sum(std::uint32_t currency, std::int64_t amount) {
  if (currency >= model::kCurrencies) return Reject::unknown_currency;
  return is_magnitude(amount) ? Reject::ok : Reject::invalid_amount;
}

Reject check_room(const State& state, Currency currency, Fen amount) {
  const Fen bank = operator_balance(state, currency, OperatorAccount::kBank);
  return -bank.value + amount.value > kMostMoney ? Reject::overflow : Reject::ok;
}

/// Only free money and the operator's own accounts: what is frozen belongs to lots and contracts,
/// and money in transit to its payment order.
bool is_manual_account(const State& state, const model::AccountRef& account) {
  if (account.participant != 0) {
    return may_hold_money(state, account.participant) &&
           account.bucket == static_cast<std::uint32_t>(Bucket::kAvailable);
  }
  return account.bucket < model::kOperatorAccounts &&
         account.bucket != static_cast<std::uint32_t>(OperatorAccount::kPayoutsInTransit);
}

struct ManualPosting {
  model::AccountRef from;
  model::AccountRef to;
  Currency currency;
};

ManualPosting manual_of(const model::PendingRow& row) {
  return {{row.subject, row.detail >> 8 & 0xff},
          {row.detail2, row.detail >> 16 & 0xff},
          static_cast<Currency>(row.detail & 0xff)};
}

Leg leg_of(const model::AccountRef& account, Fen amount) {
  Leg leg{.participant = account.participant, .amount = amount, .reason = PostingReason::kManual};
  if (account.participant != 0) {
    leg.bucket = static_cast<Bucket>(account.bucket);
  } else {
    leg.account = static_cast<OperatorAccount>(account.bucket);
  }
  return leg;
}

Leg at_participant(model::ParticipantId id, Fen amount, PostingReason reason) {
  return {.participant = id, .bucket = Bucket::kAvailable, .amount = amount, .reason = reason};
}

Leg at_operator(OperatorAccount account, Fen amount, PostingReason reason) {
  return {.participant = 0, .account = account, .amount = amount, .reason = reason};
}

}  // namespace

Outcome record_deposit(Context& context, const model::RecordDeposit& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleSettlementOfficer); r != Reject::ok) {
    return {r};
  }
  if (const Reject r = check_sum(body.currency, body.amount_fen); r != Reject::ok) return {r};
  if (!participant_exists(state, body.id)) return {Reject::unknown_participant};
  if (!may_hold_money(state, body.id)) return {Reject::participant_not_active};
  if (body.bank_reference == model::DocumentHash{}) return {Reject::malformed_body};
  const std::uint64_t hash = deposit_hash(body.bank_reference);
  const std::uint32_t twin = state.derived.deposits.find(
      hash, [&](std::uint32_t id) { return state.pending[id].reference == body.bank_reference; });
  if (twin != 0) return refuse(context, Reject::duplicate_reference, twin);
  if (state.pending.full()) return {Reject::pending_full};
  const Outcome made = open_pending(context, {.kind = model::PendingKind::kDeposit,
                                              .subject = body.id,
                                              .detail = body.currency,
                                              .amount = Fen{body.amount_fen},
                                              .reference = body.bank_reference});
  state.derived.deposits.insert(hash, made.id);
  return made;
}

Outcome request_withdrawal(Context& context, const model::RequestWithdrawal& body) {
  State& state = context.state;
  const bool own = context.who.participant == body.id && has_role(context, model::kRoleFinance);
  if (!own && require_staff(context, model::kRoleSettlementOfficer) != Reject::ok) {
    return {Reject::wrong_role};
  }
  if (const Reject r = check_sum(body.currency, body.amount_fen); r != Reject::ok) return {r};
  if (!participant_exists(state, body.id)) return {Reject::unknown_participant};
  if (!may_hold_money(state, body.id)) return {Reject::participant_not_active};
  const auto currency = static_cast<Currency>(body.currency);
  const Fen amount{body.amount_fen};
  if (!covers(state, body.id, currency, Bucket::kAvailable, amount)) return {Reject::no_funds};
  if (state.pending.full()) return {Reject::pending_full};
  const Leg legs[] = {
      at_participant(body.id, -amount, PostingReason::kWithdrawalRequested),
      at_operator(OperatorAccount::kPayoutsInTransit, amount, PostingReason::kWithdrawalRequested)};
  post_set(context, legs, {.currency = currency});
  const bool large = amount > state.market[1].withdrawal_limit_fen;
  return open_pending(context, {.kind = model::PendingKind::kWithdrawal,
                                .needed = static_cast<std::uint8_t>(large ? 2 : 1),
                                .subject = body.id,
                                .detail = body.currency,
                                .amount = amount,
                                .reference = body.bank_account});
}

Outcome post_manual(Context& context, const model::PostManual& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleSettlementOfficer); r != Reject::ok) {
    return {r};
  }
  if (const Reject r = check_sum(body.currency, body.amount_fen); r != Reject::ok) return {r};
  const bool same =
      body.from.participant == body.to.participant && body.from.bucket == body.to.bucket;
  if (same || !is_manual_account(state, body.from) || !is_manual_account(state, body.to)) {
    return {Reject::unknown_account};
  }
  if (state.pending.full()) return {Reject::pending_full};
  return open_pending(context,
                      {.kind = model::PendingKind::kManualPosting,
                       .subject = body.from.participant,
                       .detail = body.currency | body.from.bucket << 8 | body.to.bucket << 16,
                       .detail2 = body.to.participant,
                       .amount = Fen{body.amount_fen},
                       .reference = body.reason});
}

Outcome reconcile_bank(Context& context, const model::ReconcileBank& body) {
  const Reject allowed =
      require_staff(context, model::kRoleSettlementOfficer | model::kRoleSupervisor);
  if (allowed != Reject::ok) return {allowed};
  if (body.currency >= model::kCurrencies) return {Reject::unknown_currency};
  if (body.balance_fen < 0 || body.balance_fen > kMostMoney) return {Reject::invalid_amount};
  const auto currency = static_cast<Currency>(body.currency);
  const Fen mirror = -operator_balance(context.state, currency, OperatorAccount::kBank);
  context.emit(model::BankReconciled{{}, mirror, Fen{body.balance_fen} - mirror, currency, {}});
  return {};
}

Reject check_deposit(const State& state, const model::PendingRow& row) {
  if (!may_hold_money(state, row.subject)) return Reject::participant_not_active;
  return check_room(state, static_cast<Currency>(row.detail), row.amount);
}

Reject check_manual(const State& state, const model::PendingRow& row) {
  const ManualPosting posting = manual_of(row);
  if (!is_manual_account(state, posting.from) || !is_manual_account(state, posting.to)) {
    return Reject::unknown_account;
  }
  if (posting.from.participant != 0) {
    return covers(state, posting.from.participant, posting.currency, Bucket::kAvailable, row.amount)
               ? Reject::ok
               : Reject::no_funds;
  }
  const auto from = static_cast<OperatorAccount>(posting.from.bucket);
  if (from == OperatorAccount::kBank) return check_room(state, posting.currency, row.amount);
  return operator_balance(state, posting.currency, from) >= row.amount ? Reject::ok
                                                                       : Reject::no_funds;
}

void credit_deposit(Context& context, const model::PendingRow& row) {
  const Leg legs[] = {at_operator(OperatorAccount::kBank, -row.amount, PostingReason::kDeposit),
                      at_participant(row.subject, row.amount, PostingReason::kDeposit)};
  post_set(context, legs, {.currency = static_cast<Currency>(row.detail)});
}

void pay_withdrawal(Context& context, const model::PendingRow& row) {
  constexpr auto kReason = PostingReason::kWithdrawalPaid;
  const Leg legs[] = {at_operator(OperatorAccount::kPayoutsInTransit, -row.amount, kReason),
                      at_operator(OperatorAccount::kBank, row.amount, kReason)};
  post_set(context, legs, {.currency = static_cast<Currency>(row.detail)});
}

void return_withdrawal(Context& context, const model::PendingRow& row) {
  constexpr auto kReason = PostingReason::kWithdrawalReturned;
  const Leg legs[] = {at_operator(OperatorAccount::kPayoutsInTransit, -row.amount, kReason),
                      at_participant(row.subject, row.amount, kReason)};
  post_set(context, legs, {.currency = static_cast<Currency>(row.detail)});
}

void post_approved(Context& context, const model::PendingRow& row) {
  const ManualPosting posting = manual_of(row);
  const Leg legs[] = {leg_of(posting.from, -row.amount), leg_of(posting.to, row.amount)};
  post_set(context, legs, {.currency = posting.currency});
}

}  // namespace hulan::engine
