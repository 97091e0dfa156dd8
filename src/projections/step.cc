// SPDX-License-Identifier: Apache-2.0
// R7.1 as a table: for each state of a contract whose turn it is, and what happens if the deadline
// passes.
#include "projections/parts.h"

namespace hulan::projections {
namespace {

using model::ContractState;

// R8.1, R10.4: the seller delivers, or the buyer collects; who should have and did not, defaults.
Outcome missed(const model::ContractRow& contract) {
  return contract.terms == model::Terms::kDestination ? Outcome::kSellerDidNotDeliver
                                                      : Outcome::kBuyerDidNotCollect;
}

Step scheduling(const model::ContractRow& contract) {
  const bool delivers = contract.terms == model::Terms::kDestination;
  return {Action::kSchedule, delivers ? Actor::kSeller : Actor::kBuyer, contract.deadline, "R8.1",
          missed(contract)};
}

// On origin terms the goods are the buyer's from the farm on: unreported, they settle as loaded.
Step arriving(const model::ContractRow& contract) {
  const bool delivers = contract.terms == model::Terms::kDestination;
  return {Action::kArrive, Actor::kBuyer, contract.deadline, "R8.1",
          delivers ? Outcome::kSellerDidNotDeliver : Outcome::kSettles};
}

Step weighed(const model::ContractRow& contract) {
  if (contract.adjust_needed != 0) {
    return {Action::kAgreeAdjustment, Actor::kBothParties, contract.deadline, "R8.4",
            Outcome::kSettles};
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
      return {Action::kRecordResale, Actor::kOperator, contract.deadline, "R10.1",
              Outcome::kLossByReference};
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
      return scheduling(contract);
    case ContractState::kScheduled:
      return {Action::kLoad, Actor::kSeller, contract.deadline, "R8.1", missed(contract)};
    case ContractState::kLoaded:
      return arriving(contract);
    case ContractState::kArrived:
      return {Action::kWeigh, Actor::kInspector, contract.deadline, "R8.2", Outcome::kNone};
    case ContractState::kWeighed:
      return weighed(contract);
    case ContractState::kTopUp:
      return {Action::kTopUp, Actor::kBuyer, contract.deadline, "R9.4", Outcome::kTakenFromBonds};
    case ContractState::kSettled:
      return {Action::kClose, Actor::kExchange, contract.deadline, "R7.1", Outcome::kCloses};
    case ContractState::kDisputed:
      if (dispute(contract.id) != nullptr) {
        return {Action::kAwardClaim, Actor::kSettlementOfficer, 0, "R8.6", Outcome::kNone};
      }
      return {Action::kEndDispute, Actor::kSettlementOfficer, 0, "R7.4", Outcome::kNone};
    case ContractState::kDefaulted:
      return defaulted(contract);
    case ContractState::kClosed:
    case ContractState::kCancelled:
    case ContractState::kBusted:
      break;
  }
  return {};
}

}  // namespace hulan::projections
