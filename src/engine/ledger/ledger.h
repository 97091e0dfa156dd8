// SPDX-License-Identifier: Apache-2.0
// Holds and balanced postings (R1.5, R3.1, R6). Every function here changes balances by a set that
// sums to zero per currency, emits Posted / OperatorPosted, and asserts that no participant account
// becomes negative. The pattern: ask `covers` while validating; then call what cannot fail.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// What a movement is about, for the statement's line.
struct Subject {
  model::LotId lot = 0;
  model::ContractId contract = 0;
  model::Currency currency = model::Currency::kCny;
};

/// True if `participant` has at least `amount` in `bucket`.
[[nodiscard]] inline bool covers(const State& state, model::ParticipantId participant,
                                 model::Currency currency, model::Bucket bucket,
                                 model::Fen amount) {
  const std::size_t index = account_index(participant, currency);
  return state.accounts.has(index) &&
         state.accounts[index].balance[static_cast<std::size_t>(bucket)] >= amount;
}

/// Moves money between two accounts of one participant (a hold: available -> performance bond, and
/// so on).
void move_within(Context& context, model::ParticipantId participant, model::Bucket from,
                 model::Bucket to, model::Fen amount, model::PostingReason reason,
                 const Subject& subject);

/// Freezes performance and trading bond at once from available (one Posted event). Caller checked
/// `covers` for the sum.
void freeze_bonds(Context& context, model::ParticipantId participant, model::Fen performance,
                  model::Fen trading, const Subject& subject);

/// Releases both to available (one Posted event); zero amounts are left out; nothing at all if both
/// are zero.
void release_bonds(Context& context, model::ParticipantId participant, model::Fen performance,
                   model::Fen trading, model::PostingReason reason, const Subject& subject);

/// One line of a balanced set between several accounts.
struct Leg {
  model::ParticipantId participant = 0;  ///< 0: the operator's `account`
  model::Bucket bucket = model::Bucket::kAvailable;
  model::OperatorAccount account = model::OperatorAccount::kBank;
  model::Fen amount{};  ///< + gains, - loses
  model::PostingReason reason = model::PostingReason::kManual;
};

/// Posts a whole set: asserts that it sums to zero and that no participant account becomes negative
/// at its end.
void post_set(Context& context, std::span<const Leg> legs, const Subject& subject);

}  // namespace hulan::engine
