// SPDX-License-Identifier: Apache-2.0
// A contract from its conclusion to its end: states, steps, deadlines, defaults, claims.
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {
namespace {

using model::CommandType;
using model::ContractRow;
using model::ContractState;
using model::DefaultKind;
using model::DeliveryState;

bool delivers(ContractState state) {
  return state >= ContractState::kPaid && state <= ContractState::kArrived;
}

bool may_follow(ContractState from, ContractState to) {
  switch (to) {
    case ContractState::kConcluded:
      return false;
    case ContractState::kPaid:
      return from == ContractState::kConcluded;
    case ContractState::kScheduled:
    case ContractState::kLoaded:
    case ContractState::kArrived:
      return delivers(from) && from <= to;
    case ContractState::kWeighed:
      return delivers(from) || from == ContractState::kDisputed;
    case ContractState::kTopUp:
      return from == ContractState::kWeighed || from == ContractState::kDisputed;
    case ContractState::kSettled:
      return from == ContractState::kWeighed || from == ContractState::kTopUp ||
             from == ContractState::kDisputed;
    case ContractState::kClosed:
      return from == ContractState::kSettled;
    case ContractState::kDefaulted:
      return from == ContractState::kConcluded || delivers(from) ||
             from == ContractState::kWeighed;
    case ContractState::kCancelled:
      return from <= ContractState::kWeighed || from == ContractState::kDisputed;
    case ContractState::kDisputed:
      return from == ContractState::kWeighed || from == ContractState::kTopUp;
    case ContractState::kBusted:
      return from == ContractState::kConcluded || from == ContractState::kPaid;
  }
  return false;
}

std::string text(const ContractRow& row) {
  return "contract " + std::to_string(row.id) + " (state " +
         std::to_string(static_cast<int>(row.state)) + ")";
}

void check_new(const Market& market, const Look& look, const ContractRow& row) {
  const std::int64_t now = look.command.now.value;
  require(row.id == market.contracts.size() + 1, "R7.1", "a contract's number is left out");
  const auto trade = std::find_if(look.trades.begin(), look.trades.end(),
                                  [&](const auto& t) { return t.contract == row.id; });
  require(trade != look.trades.end() && trade->price == row.price &&
              trade->quantity == row.quantity && trade->nominal == row.nominal &&
              trade->lot == row.lot,
          "R7.1", [&] { return text(row) + " differs from what was concluded"; });
  const model::LotRow& lot = market.lots.at(row.lot);
  const model::ProductRow& product = market.products.at(row.product);
  const Bonds bonds = bonds_at(product, row.price.value, row.quantity, lot.average_g);
  const bool sells = lot.side == model::Side::kSell;
  require((sells ? row.seller : row.buyer) == lot.initiator, "R7.1", "the initiator is no party");
  if (lot.method == model::Method::kAscending || lot.method == model::Method::kSealed) {
    const auto part = market.part_winners.find(row.id);
    const auto winner = part == market.part_winners.end() ? lot.leader : part->second;
    require((sells ? row.buyer : row.seller) == winner, "R5.3",
            [&] { return text(row) + " is not with the best bidder"; });
  }
  const Wide others = sells ? row.buyer_bond.value : row.seller_bond.value;
  const Wide others_trading = sells ? row.buyer_trading_bond.value : row.seller_trading_bond.value;
  require(others == bonds.performance && others_trading == bonds.trading, "R6.1",
          [&] { return text(row) + ": the other side's bonds differ"; });
  require((sells ? row.seller_bond.value : row.buyer_bond.value) <= bonds.performance, "R6.4",
          "the initiator's bond was not trimmed");
  if (sells) require(row.seller_trading_bond.value == 0, "R6.1", "a seller's trading bond");
  require(row.concluded_at == now, "R7.1", "concluded at another time");
  require(row.deadline == market.at_minute(market.local_day(now) + 1, market.terms.pay_minute),
          "R7.2", [&] { return text(row) + " has another deadline for its payment"; });
}

/// What each side gets back when a contract ends before its settlement.
void check_end(const Market& market, const Look& look, const ContractRow& old,
               const ContractRow& row) {
  const auto gained = [&](model::ParticipantId who) {
    const auto found = look.by_contract.find({row.id, who});
    return found == look.by_contract.end() ? Wide{0} : found->second[0];
  };
  const model::ProductRow& product = market.products.at(row.product);
  Wide buyer = Wide{old.prepaid.value} + old.buyer_bond.value + old.buyer_trading_bond.value;
  Wide seller = Wide{old.seller_bond.value} + old.seller_trading_bond.value;
  Wide forfeited = 0;
  if (row.state == ContractState::kDefaulted) {
    const bool by_buyer = row.default_kind == DefaultKind::kBuyerDidNotPay ||
                          row.default_kind == DefaultKind::kBuyerDidNotCollect;
    if (by_buyer) {
      forfeited = old.buyer_bond.value;
      const Wide both = 2 * fee(product, measure(product, row.quantity, row.average_g));
      buyer -= forfeited + std::min<Wide>(both, old.buyer_trading_bond.value);
      seller += forfeited;
    } else {
      forfeited = old.seller_bond.value;
      buyer += forfeited;
      seller -= forfeited;
    }
  }
  require(row.forfeited.value == forfeited, "R10.1",
          [&] { return text(row) + " forfeits " + std::to_string(row.forfeited.value); });
  require(gained(row.buyer) == buyer, "R10.1", [&] {
    return text(row) + ": the buyer gets " + text_of(gained(row.buyer)) + " instead of " +
           text_of(buyer);
  });
  require(gained(row.seller) == seller, "R10.1", [&] {
    return text(row) + ": the seller gets " + text_of(gained(row.seller)) + " instead of " +
           text_of(seller);
  });
}

void check_ended_in_time(const Look& look, const ContractRow& old, const ContractRow& row) {
  const std::int64_t now = look.command.now.value;
  const CommandType by = look.command.header.type;
  const bool late = old.deadline != 0 && now >= old.deadline;
  switch (row.state) {
    case ContractState::kDefaulted:
      require(late || by == CommandType::kRefuseWeighing, "R7.1",
              [&] { return text(old) + " defaulted before its deadline"; });
      require((row.default_kind == DefaultKind::kBuyerDidNotPay) ==
                  (old.state == ContractState::kConcluded),
              "R10.1", [&] { return text(old) + " ended in another default"; });
      return;
    case ContractState::kCancelled:
      require(by == CommandType::kCancelContract || by == CommandType::kApprove, "R7.4",
              [&] { return text(old) + " was cancelled by nobody"; });
      if (by == CommandType::kCancelContract) {
        const auto other = look.command.header.participant == row.buyer ? old.seller_flags
                                                                        : old.buyer_flags;
        require((other & model::kAgreedCancel) != 0, "R7.4",
                [&] { return text(old) + " was cancelled by one side"; });
      }
      return;
    case ContractState::kBusted:
      require(by == CommandType::kApprove && row.deadline == 0, "R12.4",
              [&] { return text(old) + " was busted without the second pair of eyes"; });
      return;
    case ContractState::kTopUp:
    case ContractState::kSettled:
      if (old.state == ContractState::kWeighed && !late && by != CommandType::kFileClaim) {
        const bool both =
            by == CommandType::kAcceptWeighing &&
            ((look.command.header.participant == row.buyer ? old.seller_flags : old.buyer_flags) &
             model::kAcceptedWeighing) != 0;
        require(both, "R8.6", [&] { return text(old) + " was settled before both accepted"; });
      }
      if (old.state == ContractState::kTopUp) {
        require(late || by == CommandType::kTopUp, "R9.4", "settled without the top-up");
      }
      return;
    case ContractState::kDisputed:
      if (old.state == ContractState::kTopUp) {
        require(late || by == CommandType::kTopUp, "R9.4", "disputed without the top-up");
      } else {
        require(by == CommandType::kFileClaim || by == CommandType::kOpenDispute, "R8.6",
                [&] { return text(old) + " is disputed by nobody"; });
      }
      return;
    default:
      return;
  }
}

}  // namespace

void check_contract(const Market& market, Look& look, const ContractRow& row) {
  const auto known = market.contracts.find(row.id);
  if (known == market.contracts.end()) return check_new(market, look, row);
  const ContractRow& old = known->second;
  look.contracts_before.try_emplace(row.id, old);
  require(row.seller == old.seller && row.buyer == old.buyer && row.price == old.price &&
              row.quantity == old.quantity && row.nominal == old.nominal &&
              row.product == old.product && row.lot == old.lot && row.terms == old.terms &&
              row.concluded_at == old.concluded_at,
          "R7.1", [&] { return "the terms of " + text(row) + " have changed"; });
  const bool over = row.state >= ContractState::kSettled && row.state != ContractState::kDisputed;
  const bool undisputed_settles = row.state == ContractState::kDisputed &&
                                  old.state != ContractState::kDisputed &&
                                  claim_of(market, row.id) != nullptr;
  if (undisputed_settles) {
    check_undisputed(market, look, old, row);
  } else if (over) {
    require(row.prepaid.value == 0 && row.buyer_bond.value == 0 && row.seller_bond.value == 0 &&
                row.buyer_trading_bond.value == 0 && row.seller_trading_bond.value == 0,
            "R9.2", [&] { return text(row) + " still holds money"; });
  } else {
    require(row.buyer_bond == old.buyer_bond && row.seller_bond == old.seller_bond &&
                row.buyer_trading_bond == old.buyer_trading_bond &&
                row.seller_trading_bond == old.seller_trading_bond,
            "R6.3", [&] { return "the bonds of " + text(row) + " have changed"; });
  }
  if (row.state == old.state) {
    if (row.state == ContractState::kWeighed) check_figures(market, row);
    return;
  }
  require(may_follow(old.state, row.state), "R7.1", [&] {
    return text(old) + " became " + std::to_string(static_cast<int>(row.state));
  });
  check_ended_in_time(look, old, row);
  const std::int64_t now = look.command.now.value;
  if (row.state == ContractState::kPaid) {
    require(look.command.header.type == CommandType::kPay && row.prepaid == row.nominal, "R7.2",
            [&] { return text(row) + " is paid with another sum"; });
    require(now <= old.deadline, "R7.2", [&] { return text(row) + " was paid late"; });
  } else if (!over && !undisputed_settles) {
    require(row.prepaid == old.prepaid, "R7.2", "the escrow has changed");
  }
  if (row.state == ContractState::kWeighed) {
    check_figures(market, row);
    if (old.state != ContractState::kDisputed) {
      require(row.deadline == now + market.terms.settle_after_ns, "R8.6",
              "the time to object has another length");
    }
  }
  if (row.state == ContractState::kDefaulted || row.state == ContractState::kCancelled ||
      row.state == ContractState::kBusted) {
    require(claim_of(market, row.id) == nullptr, "R8.6",
            [&] { return text(row) + " ended without an award"; });
    check_end(market, look, old, row);
  }
  if (row.state == ContractState::kTopUp) {
    const Undisputed part = undisputed_of(market, row);
    require(row.shortage.value == part.goods + row.fee_each.value + part.frozen - row.prepaid.value &&
                market.available(row.buyer, market.products.at(row.product).currency) <
                    row.shortage.value,
            "R9.4", "a top-up is asked for though the money is there");
  }
}

void check_delivery(const Market& market, const Look& look, model::DeliveryId id,
                    const model::DeliveryRow& row) {
  const auto known = market.deliveries.find(id);
  const CommandType by = look.command.header.type;
  if (known == market.deliveries.end()) {
    require(row.state == DeliveryState::kScheduled && by == CommandType::kSchedule, "R7.5",
            "a delivery that nobody planned");
    return;
  }
  const model::DeliveryRow& old = known->second;
  require(row.contract == old.contract && row.quantity == old.quantity &&
              row.planned_at == old.planned_at,
          "R7.5", "the plan of a delivery has changed");
  if (row.state == old.state) return;
  const bool steps = (row.state == DeliveryState::kLoaded && by == CommandType::kLoad &&
                      old.state == DeliveryState::kScheduled) ||
                     (row.state == DeliveryState::kArrived && by == CommandType::kArrive &&
                      old.state == DeliveryState::kLoaded) ||
                     (row.state == DeliveryState::kWeighed && by == CommandType::kWeigh &&
                      old.state == DeliveryState::kArrived) ||
                     (row.state == DeliveryState::kFailed && old.state != DeliveryState::kWeighed);
  // Collected and never reported: on origin terms the farm's scale stands (R8.1, R8.3).
  const model::ContractRow& contract = market.contracts.at(row.contract);
  if (row.state == DeliveryState::kWeighed && old.state == DeliveryState::kLoaded) {
    require(contract.terms == model::Terms::kOrigin && row.destination_g == row.origin_g &&
                contract.deadline != 0 && look.command.now.value >= contract.deadline,
            "R8.1", "weighed without arriving");
    return;
  }
  require(steps, "R7.1", [&] {
    return "delivery " + std::to_string(id) + " went from " +
           std::to_string(static_cast<int>(old.state)) + " to " +
           std::to_string(static_cast<int>(row.state));
  });
  if (row.state != DeliveryState::kWeighed) return;
  Wide net = 0;
  for (std::uint32_t at = row.first_truck; at != 0; at = market.trucks.at(at).next) {
    net += Wide{market.trucks.at(at).gross_g} - market.trucks.at(at).tare_g;
  }
  require(row.destination_g == net, "R8.2", "the net weight is not that of the trucks");
}

void check_default(const Market& market, Look& look, const model::Defaulted& event) {
  const ContractRow& row = market.contracts.at(event.contract);
  const bool seller = event.kind == DefaultKind::kSellerDidNotDeliver ||
                      event.kind == DefaultKind::kSellerShort;
  require(event.defaulter == (seller ? row.seller : row.buyer), "R10.3",
          "another participant is named the defaulter");
  require(event.forfeited == row.forfeited, "R10.1", "the default is told with another sum");
  look.defaulters.push_back(event.defaulter);
}

void check_defaulters(const Market& market, const Look& look) {
  constexpr std::int64_t kSurelyWithin = 360 * model::kDay;
  const std::uint32_t many = market.terms.defaults_to_suspend;
  // Timers come before the command, which may be the review that brings somebody back.
  if (look.command.header.type == CommandType::kSetParticipantState) return;
  for (const model::ParticipantId id : look.defaulters) {
    const auto& row = market.participants.at(id);
    require(row.default_times[0] == look.command.now.value, "R10.3", "a default is not counted");
    if (many == 0 || many > row.default_times.size()) continue;
    const std::int64_t oldest = row.default_times[many - 1];
    require(oldest == 0 || look.command.now.value - oldest > kSurelyWithin ||
                row.state != model::ParticipantState::kActive,
            "R10.3", [&] {
              return "participant " + std::to_string(id) + " goes on after so many defaults";
            });
  }
}

void check_claim(const Market& market, const Look& look, model::ClaimId id,
                 const model::ClaimRow& row) {
  const auto known = market.claims.find(id);
  require(row.amount.value > 0 && row.paid.value >= 0 && row.paid.value <= row.amount.value,
          "R10.5", "a claim is paid beyond its sum");
  if (known == market.claims.end()) {
    require(row.paid.value == 0 && row.sequence == look.command.sequence, "R10.5",
            "a new claim is paid already");
    if (row.ground == model::ClaimGround::kResaleLoss ||
        row.ground == model::ClaimGround::kCoverCost) {
      const ContractRow& contract = market.contracts.at(row.contract);
      require(row.debtor == (row.ground == model::ClaimGround::kResaleLoss ? contract.buyer
                                                                           : contract.seller),
              "R10.1", "a loss is claimed from the wrong side");
    }
    return;
  }
  require(row.amount == known->second.amount && row.debtor == known->second.debtor &&
              row.creditor == known->second.creditor,
          "R10.5", "a claim has changed");
  require(row.paid.value > known->second.paid.value &&
              look.command.header.type == CommandType::kPayClaim,
          "R10.5", "a claim was paid by nobody");
}

}  // namespace hulan::auditor
