// SPDX-License-Identifier: Apache-2.0
// R7.1 as a table: for each state of a contract whose turn it is, and what happens if the deadline
// passes.
#include "projections/parts.h"

namespace hulan::projections {
namespace {

using model::ContractState;

// Who moves the goods: the seller delivers, or the buyer collects (R8.1).
Step moving(const model::ContractRow& contract, Action next, std::string_view rule) {
  const bool delivers = contract.terms == model::Terms::kDestination;
  return {next, delivers ? Actor::kSeller : Actor::kBuyer, contract.deadline, rule,
          delivers ? Outcome::kSellerDidNotDeliver : Outcome::kBuyerDidNotCollect};
}

Step weighed(const model::ContractRow& contract) {
  if (contract.adjust_needed != 0) {
    return {Action::kAgreeAdjustment, Actor::kBothParties, contract.deadline, "R8.4",
            Outcome::kShortDelivery};
  }
  const bool seller = (contract.seller_flags & model::kAcceptedWeighing) != 0;
  const bool buyer = (contract.buyer_flags & model::kAcceptedWeighing) != 0;
  Actor actor = Actor::kBothParties;
  if (seller != buyer) actor = seller ? Actor::kBuyer : Actor::kSeller;
  return {Action::kAcceptWeighing, actor, contract.deadline, "R8.6", Outcome::kSettles};
}

// What the operator may still record after a default: the re-sale or the cover (R10).
Step defaulted(const model::ContractRow& contract) {
  if (contract.claim_registered != 0 || contract.resale_price != 0) return {};
  switch (contract.default_kind) {
    case model::DefaultKind::kBuyerDidNotPay:
    case model::DefaultKind::kBuyerDidNotCollect:
      return {Action::kRecordResale, Actor::kOperator, contract.deadline, "R10.1", Outcome::kNone};
    case model::DefaultKind::kSellerDidNotDeliver:
    case model::DefaultKind::kSellerShort:
      return {Action::kRecordCover, Actor::kOperator, contract.deadline, "R10.2", Outcome::kNone};
    case model::DefaultKind::kNone:
      break;
  }
  return {};
}

}  // namespace

Step View::step(const model::ContractRow& contract) const {
  switch (contract.state) {
    case ContractState::kConcluded:
      return {Action::kPay, Actor::kBuyer, contract.deadline, "R7.2", Outcome::kBuyerDidNotPay};
    case ContractState::kPaid:
      return moving(contract, Action::kSchedule, "R8.1");
    case ContractState::kScheduled:
      return moving(contract, Action::kLoad, "R8.1");
    case ContractState::kLoaded:
      return moving(contract, Action::kArrive, "R8.1");
    case ContractState::kArrived:
      return {Action::kWeigh, Actor::kInspector, contract.deadline, "R8.2", Outcome::kNone};
    case ContractState::kWeighed:
      return weighed(contract);
    case ContractState::kTopUp:
      return {Action::kTopUp, Actor::kBuyer, contract.deadline, "R9.4", Outcome::kTakenFromBonds};
    case ContractState::kSettled:
      return {Action::kClose, Actor::kExchange, contract.deadline, "R7.1", Outcome::kCloses};
    case ContractState::kDisputed:
      return {Action::kEndDispute, Actor::kSettlementOfficer, 0, "R7.4", Outcome::kNone};
    case ContractState::kDefaulted:
      return defaulted(contract);
    case ContractState::kClosed:
    case ContractState::kCancelled:
      break;
  }
  return {};
}

}  // namespace hulan::projections
