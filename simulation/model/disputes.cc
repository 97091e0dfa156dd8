// SPDX-License-Identifier: Apache-2.0
// R8.6: claims about a weighing: who may file one, what settles at once, what the award moves.
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {
namespace {

using model::CommandType;
using model::ContractRow;
using model::ContractState;
using model::DisputeRow;
using model::DisputeState;

std::string text(const DisputeRow& row) {
  return "the claim about contract " + std::to_string(row.contract);
}

bool buyers(const ContractRow& contract, const DisputeRow& row) {
  return row.claimant == contract.buyer;
}

void check_filed(const Market& market, const Look& look, const DisputeRow& row) {
  const ContractRow& contract = market.contracts.at(row.contract);
  const auto& who = look.command.header;
  model::FileClaim body;
  require(who.type == CommandType::kFileClaim && model::read_body(look.command.body, body) &&
              body.contract == row.contract && body.amount_fen == row.claimed.value &&
              body.evidence == row.evidence && row.claimant == who.participant &&
              row.user == who.user && row.filed_at == look.command.now.value,
          "R8.6", [&] { return text(row) + " was filed by nobody"; });
  require(contract.state == ContractState::kWeighed, "R8.6",
          [&] { return text(row) + " came before the weighing or after the settlement"; });
  require(row.claimant == contract.buyer || row.claimant == contract.seller, "R8.6",
          [&] { return text(row) + " is no party's"; });
  const bool buyer = buyers(contract, row);
  const auto flags = buyer ? contract.buyer_flags : contract.seller_flags;
  require((flags & model::kAcceptedWeighing) == 0, "R8.6",
          [&] { return text(row) + " is of a side that had accepted"; });
  require(row.evidence != model::DocumentHash{}, "R8.6",
          [&] { return text(row) + " has no evidence"; });
  require(row.claimed.value > 0 &&
              row.claimed.value <= (buyer ? contract.goods : contract.nominal).value,
          "R8.6", [&] { return text(row) + " is for " + std::to_string(row.claimed.value); });
  require(row.state == DisputeState::kFiled && row.frozen.value == 0 && row.awarded.value == 0,
          "R8.6", [&] { return text(row) + " is new and already decided"; });
}

void check_opened(const Market& market, const DisputeRow& row) {
  const ContractRow& before = market.contracts.at(row.contract);
  const Forfeits forfeits = forfeits_of(market, before);
  same("R8.6", "goods as weighed", before, row.weighed.value, before.goods.value);
  same("R8.6", "frozen escrow", before, row.frozen.value, undisputed_of(market, before).frozen);
  same("R10.2", "the seller's forfeit", before, row.seller_forfeits.value, forfeits.seller);
  same("R10.4", "the buyer's forfeit", before, row.buyer_forfeits.value, forfeits.buyer);
  require(row.failure == forfeits.failure, "R10.3",
          [&] { return text(row) + " is told with another failure"; });
}

void check_decided(const Market& market, const Look& look, const DisputeRow& row) {
  const auto& who = look.command.header;
  require(row.frozen.value == 0 && row.decided_at == look.command.now.value &&
              row.awarded.value >= 0 && row.awarded <= row.claimed,
          "R8.6", [&] { return text(row) + " is decided for " + std::to_string(row.awarded.value); });
  switch (row.state) {
    case DisputeState::kAwarded: {
      model::Approve body;
      require(who.type == CommandType::kApprove && model::read_body(look.command.body, body), "R8.6",
              [&] { return text(row) + " was awarded by nobody"; });
      const model::PendingRow& pending = market.pendings.at(body.pending);
      require(pending.kind == model::PendingKind::kAward && pending.subject == row.contract &&
                  pending.amount == row.awarded,
              "R8.6", [&] { return text(row) + " was awarded another sum than was approved"; });
      return;
    }
    case DisputeState::kWithdrawn:
      require(who.type == CommandType::kWithdrawClaim && who.participant == row.claimant &&
                  row.awarded.value == 0,
              "R8.6", [&] { return text(row) + " was withdrawn by somebody else"; });
      return;
    case DisputeState::kGranted:
      require(who.type == CommandType::kGrantClaim && who.participant != row.claimant &&
                  row.awarded == row.claimed,
              "R8.6", [&] { return text(row) + " was granted by the claimant"; });
      return;
    default:
      require(false, "R8.6", [&] { return text(row) + " went back"; });
  }
}

Buckets moved(const Look& look, model::ContractId contract, model::ParticipantId who) {
  const auto found = look.by_contract.find({contract, who});
  return found == look.by_contract.end() ? Buckets{} : found->second;
}

/// Takes from one source after another.
struct Due {
  Wide left = 0;
  Wide from(Wide source) {
    const Wide taken = std::min(left, source);
    left -= taken;
    return taken;
  }
};

}  // namespace

const DisputeRow* claim_of(const Market& market, model::ContractId contract) {
  const auto found = market.disputes.find(contract);
  return found == market.disputes.end() ? nullptr : &found->second;
}

Undisputed undisputed_of(const Market& market, const ContractRow& row) {
  const DisputeRow* claim = claim_of(market, row.id);
  if (claim == nullptr) return {row.goods.value, 0};
  const Wide claimed = claim->claimed.value;
  const Wide goods = row.goods.value - (buyers(row, *claim) ? claimed : 0);
  return {goods, std::min(claimed, std::max<Wide>(0, row.prepaid.value - goods))};
}

void check_dispute(const Market& market, Look& look, model::ContractId id, const DisputeRow& row) {
  const auto known = market.disputes.find(id);
  if (known == market.disputes.end()) return check_filed(market, look, row);
  const DisputeRow& old = known->second;
  look.disputes_before.try_emplace(id, old);
  require(row.claimed == old.claimed && row.claimant == old.claimant &&
              row.evidence == old.evidence && row.filed_at == old.filed_at,
          "R8.6", [&] { return text(row) + " has changed"; });
  if (row.state == DisputeState::kOpen) {
    require(old.state == DisputeState::kFiled, "R8.6", [&] { return text(row) + " opens again"; });
    return check_opened(market, row);
  }
  require(old.state == DisputeState::kOpen, "R8.6",
          [&] { return text(row) + " was decided twice or too early"; });
  require(row.weighed == old.weighed && row.seller_forfeits == old.seller_forfeits &&
              row.buyer_forfeits == old.buyer_forfeits && row.failure == old.failure,
          "R8.6", [&] { return text(row) + " was decided from other figures"; });
  check_decided(market, look, row);
}

void check_undisputed(const Market& market, const Look& look, const ContractRow& old,
                      const ContractRow& row) {
  const DisputeRow& claim = *claim_of(market, row.id);
  require(claim.state == DisputeState::kOpen && row.deadline == 0, "R8.6",
          "a disputed contract goes on");
  require(row.prepaid.value == 0 && row.buyer_trading_bond.value == 0 &&
              row.seller_trading_bond.value == 0,
          "R8.6", "more than the disputed amount and the performance bonds stays frozen");
  const Wide goods_owed = undisputed_of(market, old).goods;
  const Wide escrow = Wide{old.prepaid.value} - claim.frozen.value;
  const Buckets buyer = moved(look, row.id, row.buyer), seller = moved(look, row.id, row.seller);
  const model::Currency currency = market.products.at(row.product).currency;
  Due due{goods_owed + row.fee_each.value};
  const Wide from_escrow = due.from(escrow);
  const Wide from_available = due.from(market.available(row.buyer, currency) - buyer[0]);
  const Wide from_trading = due.from(old.buyer_trading_bond.value);
  const Wide from_bond = due.from(Wide{old.buyer_bond.value} - claim.buyer_forfeits.value);
  const Wide goods = std::min(goods_owed + row.fee_each.value - due.left, goods_owed);
  const Wide costs = Wide{row.disposal.value} + row.fee_each.value;
  const Wide from_seller = std::min(std::max<Wide>(0, costs - goods),
                                    Wide{old.seller_bond.value} - claim.seller_forfeits.value);
  same("R8.6", "the buyer's bond that stays", row, row.buyer_bond.value,
       old.buyer_bond.value - from_bond);
  same("R8.6", "the seller's bond that stays", row, row.seller_bond.value,
       old.seller_bond.value - from_seller);
  same("R8.6", "what reaches the buyer", row, buyer[0],
       escrow - from_escrow - from_available + old.buyer_trading_bond.value - from_trading);
  same("R8.6", "what reaches the seller", row, seller[0],
       goods - std::min(costs, goods + from_seller) + from_seller + old.seller_trading_bond.value);
  same("R9.4", "shortage", row, row.shortage.value, due.left);
}

void check_award(const Market& market, const Look& look, const ContractRow& old,
                 const ContractRow& row) {
  const DisputeRow& claim = *claim_of(market, row.id);
  const auto before = look.disputes_before.find(row.id);
  require(before != look.disputes_before.end() &&
              before->second.state == DisputeState::kOpen && claim.state > DisputeState::kOpen,
          "R8.6", "a disputed contract settled without an award");
  const bool buyer_claims = buyers(row, claim);
  const Wide claimed = claim.claimed.value, awarded = claim.awarded.value;
  const Wide to_seller = buyer_claims ? claimed - awarded : awarded;
  require(row.fee_each == old.fee_each && row.disposal == old.disposal, "R8.6",
          "an award changes the fee or the disposal");
  check_totals(market, row,
               Wide{claim.weighed.value} + (buyer_claims ? -awarded : awarded));
  const Buckets buyer = moved(look, row.id, row.buyer), seller = moved(look, row.id, row.seller);
  const model::Currency currency = market.products.at(row.product).currency;
  const Wide frozen = before->second.frozen.value;
  const Wide seller_forfeits = claim.seller_forfeits.value;
  const Wide buyer_forfeits = claim.buyer_forfeits.value;
  Due due{to_seller};
  const Wide from_frozen = due.from(frozen);
  const Wide from_available = due.from(market.available(row.buyer, currency) - buyer[0]);
  const Wide from_bond = due.from(Wide{old.buyer_bond.value} - buyer_forfeits);
  same("R8.6", "what the award leaves the buyer", row, buyer[0],
       frozen - from_frozen - from_available + seller_forfeits + old.buyer_bond.value -
           buyer_forfeits - from_bond);
  same("R8.6", "what the award brings the seller", row, seller[0],
       to_seller - due.left + buyer_forfeits + old.seller_bond.value - seller_forfeits);
  same("R10.2", "forfeited", row, row.forfeited.value, seller_forfeits + buyer_forfeits);
  require(row.default_kind == claim.failure, "R10.3", "settled with another failure");
  same("R9.4", "shortage", row, row.shortage.value, old.shortage.value + due.left);
  if (due.left == 0) return;
  const bool registered =
      std::any_of(market.claims.begin(), market.claims.end(), [&](const auto& entry) {
        const model::ClaimRow& row_of = entry.second;
        return row_of.contract == row.id && row_of.sequence == look.command.sequence &&
               row_of.creditor == row.seller && row_of.debtor == row.buyer &&
               row_of.amount.value == due.left;
      });
  require(registered, "R10.5", "what an award could not take is in no register");
}

void check_award_asked(const Market& market, const Look& look, const model::PendingRow& row) {
  const DisputeRow* claim = claim_of(market, row.subject);
  require(claim != nullptr && claim->state == DisputeState::kOpen && row.amount.value >= 0 &&
              row.amount <= claim->claimed,
          "R8.6", "an award was proposed of what nobody claims");
  require((market.users.at(look.command.header.user).roles & model::kRoleSettlementOfficer) != 0,
          "R2.3", "an award was proposed by a role that may not");
}

}  // namespace hulan::auditor
