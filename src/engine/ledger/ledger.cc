// SPDX-License-Identifier: Apache-2.0
#include "engine/ledger/ledger.h"

#include <algorithm>

namespace hulan::engine {
namespace {

using model::AccountRow;
using model::Bucket;
using model::Fen;

constexpr Fen kZero{};

std::size_t slot(Bucket bucket) { return static_cast<std::size_t>(bucket); }

Fen& balance(AccountRow& account, Bucket bucket) { return account.balance[slot(bucket)]; }

void emit_posted(Context& context, model::ParticipantId participant,
                 const std::array<Fen, model::kBuckets>& delta, model::PostingReason reason,
                 const Subject& subject) {
  auto& posted = context.begin<model::Posted>();
  posted.delta = delta;
  posted.participant = participant;
  posted.lot = subject.lot;
  posted.contract = subject.contract;
  posted.currency = subject.currency;
  posted.reason = reason;
  posted.reserved = 0;
}

void emit_leg(Context& context, const Leg& leg, const Subject& subject,
              model::ParticipantId counterparty) {
  if (leg.participant == 0) {
    context.emit(model::OperatorPosted{{},
                                       leg.amount,
                                       counterparty,
                                       subject.contract,
                                       leg.account,
                                       subject.currency,
                                       leg.reason,
                                       0,
                                       0});
    return;
  }
  std::array<Fen, model::kBuckets> delta{};
  delta[slot(leg.bucket)] = leg.amount;
  emit_posted(context, leg.participant, delta, leg.reason, subject);
}

/// The first participant of a set: with whom the operator deals.
model::ParticipantId first_participant(std::span<const Leg> legs) {
  for (const Leg& leg : legs) {
    if (leg.participant != 0) return leg.participant;
  }
  return 0;
}

void apply_leg(Context& context, const Leg& leg, const Subject& subject) {
  if (leg.participant == 0) {
    auto& row = context.state.operator_accounts.edit(1);
    row.balance[static_cast<std::size_t>(subject.currency)]
               [static_cast<std::size_t>(leg.account)] += leg.amount;
    return;
  }
  auto& row = context.state.accounts.edit(account_index(leg.participant, subject.currency));
  balance(row, leg.bucket) += leg.amount;
}

}  // namespace

void move_within(Context& context, model::ParticipantId participant, Bucket from, Bucket to,
                 Fen amount, model::PostingReason reason, const Subject& subject) {
  HULAN_ASSERT(amount >= kZero && from != to);
  if (amount == kZero) return;
  AccountRow& account = context.state.accounts.edit(account_index(participant, subject.currency));
  balance(account, from) -= amount;
  balance(account, to) += amount;
  HULAN_ASSERT(balance(account, from) >= kZero);
  std::array<Fen, model::kBuckets> delta{};
  delta[slot(from)] = -amount;
  delta[slot(to)] = amount;
  emit_posted(context, participant, delta, reason, subject);
}

void freeze_bonds(Context& context, model::ParticipantId participant, Fen performance, Fen trading,
                  const Subject& subject) {
  HULAN_ASSERT(performance >= kZero && trading >= kZero);
  if (performance == kZero && trading == kZero) return;
  AccountRow& account = context.state.accounts.edit(account_index(participant, subject.currency));
  const Fen sum = performance + trading;
  balance(account, Bucket::kAvailable) -= sum;
  balance(account, Bucket::kPerformanceBond) += performance;
  balance(account, Bucket::kTradingBond) += trading;
  HULAN_ASSERT(balance(account, Bucket::kAvailable) >= kZero);
  context.frozen += sum;
  emit_posted(context, participant, {-sum, performance, trading, kZero, kZero},
              model::PostingReason::kBondFrozen, subject);
}

void release_bonds(Context& context, model::ParticipantId participant, Fen performance, Fen trading,
                   model::PostingReason reason, const Subject& subject) {
  HULAN_ASSERT(performance >= kZero && trading >= kZero);
  if (performance == kZero && trading == kZero) return;
  AccountRow& account = context.state.accounts.edit(account_index(participant, subject.currency));
  const Fen sum = performance + trading;
  balance(account, Bucket::kAvailable) += sum;
  balance(account, Bucket::kPerformanceBond) -= performance;
  balance(account, Bucket::kTradingBond) -= trading;
  HULAN_ASSERT(balance(account, Bucket::kPerformanceBond) >= kZero);
  HULAN_ASSERT(balance(account, Bucket::kTradingBond) >= kZero);
  emit_posted(context, participant, {sum, -performance, -trading, kZero, kZero}, reason, subject);
}

void post_set(Context& context, std::span<const Leg> legs, const Subject& subject) {
  model::Int128 sum = 0;
  for (const Leg& leg : legs) sum += leg.amount.value;
  HULAN_ASSERT(sum == 0);  // R1.5
  const model::ParticipantId counterparty = first_participant(legs);
  for (const Leg& leg : legs) {
    if (leg.amount == kZero) continue;
    apply_leg(context, leg, subject);
    emit_leg(context, leg, subject, counterparty);
  }
  for (const Leg& leg : legs) {
    if (leg.participant == 0 || leg.amount == kZero) continue;
    const auto& row = context.state.accounts[account_index(leg.participant, subject.currency)];
    HULAN_ASSERT(row.balance[slot(leg.bucket)] >= kZero);
  }
}

}  // namespace hulan::engine
