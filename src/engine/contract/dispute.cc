// SPDX-License-Identifier: Apache-2.0
// R8.6: a claim about a weighing. What is undisputed settles (closing.cc); the award is a second
// balanced set of postings, after which the contract is settled like any other.
#include <algorithm>

#include "engine/contract/steps.h"
#include "engine/market/access.h"
#include "engine/market/approvals.h"

namespace hulan::engine::contract {

using model::Bucket;
using model::ContractId;
using model::ContractRow;
using model::ContractState;
using model::DisputeRow;
using model::DisputeState;
using model::Fen;
using model::PostingReason;
using model::Reject;

namespace {

bool is_buyers(const ContractRow& row, const DisputeRow& dispute) {
  return dispute.claimant == row.buyer;
}

/// What the seller gets of the disputed amount.
Fen to_seller_of(const ContractRow& row, const DisputeRow& dispute, Fen awarded) {
  return is_buyers(row, dispute) ? dispute.claimed - awarded : awarded;
}

/// The figures of the settlement with another sum for the goods; overflow if one does not fit.
std::expected<Settlement, Refusal> total_with(const State& state, const ContractRow& row,
                                              Fen goods) {
  Sheet sheet;
  read_sheet(state, row, sheet);
  Settlement totals;
  totals.goods = goods;
  totals.fee_each = row.fee_each;
  const auto done = total_up(product_of(state, row), sheet.weighing, totals);
  if (!done) return std::unexpected(done.error());
  return totals;
}

/// ok, or why this amount cannot be claimed.
Reject check_claimed(const State& state, const ContractRow& row, bool by_buyer, Fen amount) {
  if (!is_magnitude(amount.value)) return Reject::invalid_amount;
  if (amount > (by_buyer ? row.goods : row.nominal)) return Reject::claim_too_high;
  if (by_buyer) return Reject::ok;
  const auto most = total_with(state, row, row.goods + amount);
  return most ? Reject::ok : most.error().reject;
}

/// Where the money of an award comes from: what was frozen, then available, then the bond.
struct Sources {
  Fen frozen{};
  Fen available{};
  Fen bond{};
  Fen missing{};
};

Sources sources_of(const State& state, const ContractRow& row, const DisputeRow& dispute,
                   Fen to_seller) {
  Fen due = to_seller;
  const auto take = [&due](Fen from) {
    const Fen taken = std::min(due, from);
    due -= taken;
    return taken;
  };
  Sources from;
  from.frozen = take(dispute.frozen);
  from.available = take(available_of(state, row, row.buyer));
  from.bond = take(row.buyer_bond - dispute.buyer_forfeits);
  from.missing = due;
  return from;
}

void post_award(Context& context, const ContractRow& row, const DisputeRow& dispute,
                const Ending& ending, const Sources& from) {
  Legs legs;
  legs.participant(row.buyer, Bucket::kDisputed, -from.frozen, PostingReason::kAward);
  legs.participant(row.buyer, Bucket::kAvailable, -from.available, PostingReason::kAward);
  legs.participant(row.buyer, Bucket::kPerformanceBond, -from.bond, PostingReason::kAward);
  legs.participant(row.seller, Bucket::kAvailable, from.frozen + from.available + from.bond,
                   PostingReason::kAward);
  legs.give_back(row.buyer, Bucket::kDisputed, dispute.frozen - from.frozen,
                 PostingReason::kPrepaidReturned);
  add_performance_bonds(row, ending, Fen{}, from.bond, legs);
  legs.post(context, subject_of(context.state, row));
}

/// ok, or why the claim of this contract cannot be decided now by these.
Reject check_open(const Context& context, ContractId id, unsigned parties, unsigned staff_roles) {
  const Reject actor = check_actor(context, id, parties, model::kRoleTrader, staff_roles);
  if (actor != Reject::ok) return actor;
  const bool open =
      context.state.contracts[id].state == ContractState::kDisputed && has_claim(context.state, id);
  return open ? Reject::ok : Reject::wrong_contract_state;
}

/// The claimant gives in, or the other side does.
Outcome end_between_parties(Context& context, ContractId id, bool by_claimant, DisputeState how) {
  if (const Reject r = check_open(context, id, kEither, 0); r != Reject::ok) return {r};
  const DisputeRow& dispute = context.state.disputes[id];
  if ((context.who.participant == dispute.claimant) != by_claimant) return {Reject::not_the_actor};
  if (!claims_room(context.state)) return {Reject::claims_full};
  award_now(context, id, how == DisputeState::kGranted ? dispute.claimed : Fen{}, how);
  return {Reject::ok, id};
}

}  // namespace

bool has_claim(const State& state, ContractId contract) {
  return state.disputes.has(contract) && state.disputes[contract].claimant != 0;
}

Fen undisputed_of(const State& state, const ContractRow& row) {
  if (!has_claim(state, row.id)) return row.goods;
  const DisputeRow& dispute = state.disputes[row.id];
  return is_buyers(row, dispute) ? row.goods - dispute.claimed : row.goods;
}

Fen frozen_of(const State& state, const ContractRow& row) {
  if (!has_claim(state, row.id)) return {};
  const Fen left = std::max(Fen{}, row.prepaid - undisputed_of(state, row));
  return std::min(state.disputes[row.id].claimed, left);
}

Outcome file_claim(Context& context, const model::FileClaim& body) {
  State& state = context.state;
  const ContractId id = body.contract;
  const Reject actor = check_actor(context, id, kEither, model::kRoleTrader, 0);
  if (actor != Reject::ok) return {actor};
  const ContractRow& row = state.contracts[id];
  if (row.state != ContractState::kWeighed) return {Reject::wrong_contract_state};
  const bool by_buyer = side_of(context, row) == kBuyer;
  if (((by_buyer ? row.buyer_flags : row.seller_flags) & model::kAcceptedWeighing) != 0) {
    return {Reject::already_accepted};
  }
  if (body.evidence == model::DocumentHash{}) return {Reject::invalid_document};
  const Fen claimed{body.amount_fen};
  if (const Reject r = check_claimed(state, row, by_buyer, claimed); r != Reject::ok) return {r};
  if (!claims_room(state)) return {Reject::claims_full};

  const bool reachable = state.disputes.reach(id);
  HULAN_ASSERT(reachable);  // there is a place for each contract
  DisputeRow& dispute = state.disputes.edit(id);
  dispute.claimed = claimed;
  dispute.evidence = body.evidence;
  dispute.filed_at = context.now.value;
  dispute.contract = id;
  dispute.claimant = context.who.participant;
  dispute.user = context.who.user;
  dispute.state = DisputeState::kFiled;
  context.emit_row<model::DisputeChanged>(id, dispute);
  settle_now(context, id, false);
  return {Reject::ok, id};
}

Outcome propose_award(Context& context, const model::AwardClaim& body) {
  if (context.who.participant != 0) return {Reject::wrong_role};
  const Reject open = check_open(context, body.contract, 0, model::kRoleSettlementOfficer);
  if (open != Reject::ok) return {open};
  if (body.amount_fen < 0) return {Reject::invalid_amount};
  if (Fen{body.amount_fen} > context.state.disputes[body.contract].claimed) {
    return {Reject::award_too_high};
  }
  if (body.reason == model::DocumentHash{}) return {Reject::invalid_document};
  if (context.state.pending.full()) return {Reject::pending_full};
  return open_pending(context, {.kind = model::PendingKind::kAward,
                                .subject = body.contract,
                                .amount = Fen{body.amount_fen},
                                .reference = body.reason});
}

Outcome withdraw_claim(Context& context, const model::WithdrawClaim& body) {
  return end_between_parties(context, body.contract, true, DisputeState::kWithdrawn);
}

Outcome grant_claim(Context& context, const model::GrantClaim& body) {
  return end_between_parties(context, body.contract, false, DisputeState::kGranted);
}

void award_now(Context& context, ContractId id, Fen awarded, DisputeState how) {
  State& state = context.state;
  ContractRow& row = state.contracts.edit(id);
  DisputeRow& dispute = state.disputes.edit(id);
  const Fen to_seller = to_seller_of(row, dispute, awarded);
  const Fen before = row.goods;
  const auto totals = total_with(state, row, undisputed_of(state, row) + to_seller);
  HULAN_ASSERT(totals);  // the highest award was tried when the claim was filed
  const Sources from = sources_of(state, row, dispute, to_seller);
  const Ending ending{.failure = dispute.failure,
                      .seller_forfeits = dispute.seller_forfeits,
                      .buyer_forfeits = dispute.buyer_forfeits,
                      .shortage = row.shortage + from.missing};
  post_award(context, row, dispute, ending, from);
  add_claim(context, row, row.seller, row.buyer, from.missing,
            model::ClaimGround::kSettlementShortage);
  dispute.awarded = awarded;
  dispute.frozen = Fen{};
  dispute.decided_at = context.now.value;
  dispute.state = how;
  context.emit_row<model::DisputeChanged>(id, dispute);
  write_totals(row, *totals);
  emit_line(context, id, model::LineKind::kAward, row.goods - before, 0, {}, 0);
  finish_settlement(context, id, ending);
}

}  // namespace hulan::engine::contract
