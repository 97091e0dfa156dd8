// SPDX-License-Identifier: Apache-2.0
// R10.5: the register of claims. A debt is a row here, never a negative balance.
#include "engine/contract/steps.h"
#include "engine/market/access.h"

namespace hulan::engine::contract {

using model::Bucket;
using model::ClaimRow;
using model::Fen;
using model::PostingReason;
using model::Reject;

namespace {

/// Goods short, fees of both sides, disposal: no ending registers more.
constexpr std::size_t kClaimsPerEnding = 4;

/// A claim of the operator's goes where the unpaid cost belongs: a fee with its VAT, or disposal.
void credit_operator(const State& state, const ClaimRow& claim, Fen amount, Legs& legs) {
  if (claim.ground == model::ClaimGround::kSellerNegative) {
    legs.operators(model::OperatorAccount::kDisposalPayable, amount, PostingReason::kClaimPaid);
    return;
  }
  legs.fee(product_of(state, state.contracts[claim.contract]), amount);
}

}  // namespace

bool claims_room(const State& state) { return state.claims.has_room(kClaimsPerEnding); }

void add_claim(Context& context, const model::ContractRow& contract, model::ParticipantId creditor,
               model::ParticipantId debtor, Fen amount, model::ClaimGround ground) {
  HULAN_ASSERT(amount >= Fen{});
  if (amount == Fen{}) return;
  const model::ClaimId id = context.state.claims.add();
  ClaimRow& row = context.state.claims.edit(id);
  row.amount = amount;
  row.created_at = context.now.value;
  row.sequence = context.sequence;
  row.creditor = creditor;
  row.debtor = debtor;
  row.contract = contract.id;
  row.currency = product_of(context.state, contract).currency;
  row.ground = ground;
  context.emit_row<model::ClaimChanged>(id, row);
}

Outcome pay_claim(Context& context, const model::PayClaim& body) {
  State& state = context.state;
  if (!state.claims.has(body.claim)) return {Reject::unknown_claim};
  const ClaimRow& claim = state.claims[body.claim];
  if (context.who.participant == 0) return {Reject::wrong_role};
  if (context.who.participant != claim.debtor) return {Reject::not_your_participant};
  if (!has_role(context, model::kRoleTrader | model::kRoleFinance)) return {Reject::wrong_role};
  if (!is_magnitude(body.amount_fen)) return {Reject::invalid_amount};
  const Fen amount{body.amount_fen};
  if (amount > claim.amount - claim.paid) return {Reject::claim_exceeded};
  if (!covers(state, claim.debtor, claim.currency, Bucket::kAvailable, amount)) {
    return {Reject::no_funds};
  }
  Legs legs;
  legs.participant(claim.debtor, Bucket::kAvailable, -amount, PostingReason::kClaimPaid);
  if (claim.creditor != 0) {
    legs.participant(claim.creditor, Bucket::kAvailable, amount, PostingReason::kClaimPaid);
  } else {
    credit_operator(state, claim, amount, legs);
  }
  legs.post(context, subject_of(state, state.contracts[claim.contract]));
  ClaimRow& changed = state.claims.edit(body.claim);
  changed.paid += amount;
  context.emit_row<model::ClaimChanged>(body.claim, changed);
  return {Reject::ok, body.claim};
}

}  // namespace hulan::engine::contract
