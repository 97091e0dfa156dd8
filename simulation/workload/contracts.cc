// SPDX-License-Identifier: Apache-2.0
// A contract's way from its conclusion to its end.
#include <algorithm>

#include "model/region.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {
namespace {

using model::ContractRow;
using model::ContractState;
using model::DeliveryRow;
using model::DeliveryState;

bool runs(const ContractRow& c) { return c.state <= ContractState::kTopUp; }

/// A delivery of the contract in this state; 0 if there is none.
std::uint32_t delivery_in(const engine::State& state, const ContractRow& contract,
                          DeliveryState wanted) {
  for (std::uint32_t at = contract.first_delivery; at != 0; at = state.deliveries[at].next) {
    if (state.deliveries[at].state == wanted) return at;
  }
  return 0;
}

}  // namespace

Op Workload::contract_step(const engine::State& state, model::Time now) {
  if (random_.once_in(15)) {
    const auto claimed = [](const model::DisputeRow& d) {
      return d.state == model::DisputeState::kOpen;
    };
    if (const auto id = recent(state.disputes, 120, claimed); id != 0) return award_step(state, id);
  }
  const std::uint32_t id = recent(state.contracts, 120, runs);
  if (id == 0) return {};
  const ContractRow& contract = state.contracts[id];
  const model::UserId buyer = trader_of(contract.buyer), seller = trader_of(contract.seller);
  if (contract.state == ContractState::kConcluded) {
    return op(random_.percent(50) ? buyer : finance_of(contract.buyer), model::Pay{id});
  }
  if (contract.state == ContractState::kPaid) return schedule(state, contract);
  if (contract.state == ContractState::kTopUp) {
    return op(random_.percent(50) ? buyer : finance_of(contract.buyer), model::TopUp{id});
  }
  if (contract.state == ContractState::kWeighed) {
    if (random_.percent(80)) return op(random_.percent(50) ? buyer : seller, model::AcceptWeighing{id});
    if (random_.percent(50)) return odd_contract_step(state);
    return op(random_.percent(50) ? buyer : seller,
              model::FileClaim{id, claimed_of(contract), some_hash()});
  }
  if (const auto arrived = delivery_in(state, contract, DeliveryState::kArrived); arrived != 0) {
    return weigh(state, contract);
  }
  if (const auto loaded = delivery_in(state, contract, DeliveryState::kLoaded); loaded != 0) {
    return op(kInspector, model::Arrive{id, state.deliveries[loaded].index});
  }
  if (delivery_in(state, contract, DeliveryState::kScheduled) != 0) {
    return load(state, contract, now);
  }
  return {};
}

Op Workload::schedule(const engine::State&, const ContractRow& contract) {
  const auto who = contract.terms == model::Terms::kOrigin ? contract.buyer : contract.seller;
  const auto count = static_cast<std::uint32_t>(random_.percent(60) ? 1 : random_.between(2, 4));
  Op plan = op(trader_of(random_.once_in(20) ? contract.seller : who),
               model::Schedule{contract.id, count});
  std::int64_t left = contract.quantity;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::int64_t part = i + 1 == count ? left : std::max<std::int64_t>(1, left / (count - i));
    left -= part;
    append(plan, model::PlannedDelivery{part + (random_.once_in(50) ? 1 : 0),
                                        random_.between(contract.pickup_from,
                                                        contract.pickup_until)});
  }
  return plan;
}

Op Workload::load(const engine::State& state, const ContractRow& contract, model::Time now) {
  const auto id = delivery_in(state, contract, DeliveryState::kScheduled);
  const DeliveryRow& delivery = state.deliveries[id];
  const model::ProductRow& product = state.products[contract.product];
  model::Load body{};
  body.contract = contract.id;
  body.delivery = delivery.index;
  body.carrier = random_.percent(60) ? contract.seller : 13;
  body.quantity = delivery.quantity;
  if (random_.percent(30)) {
    body.quantity = std::max<std::int64_t>(
        1, delivery.quantity * random_.one_of<std::int64_t>({60, 97, 98, 99, 102, 103}) / 100);
  }
  if (contract.terms == model::Terms::kOrigin && product.basis == model::PriceBasis::kByWeight) {
    const std::int64_t each = product.unit == model::QuantityUnit::kHead ? contract.average_g : 1;
    body.origin_g = body.quantity * each * random_.between(97, 103) / 100;
  }
  const std::uint32_t destination = contract.terms == model::Terms::kDestination
                                        ? contract.place
                                        : state.participants[contract.buyer].region;
  const bool crosses = model::province_of(contract.origin) != model::province_of(destination);
  body.certificate_form = crosses != random_.once_in(30) ? model::DocumentKind::kQuarantineA
                                                         : model::DocumentKind::kQuarantineB;
  body.certificate_issued = now.value - random_.between(0, 60) * model::kSecond;
  body.certificate_expires = now.value + random_.between(1, 3) * model::kDay;
  body.vehicle_filed_until = now.value + random_.between(random_.once_in(20) ? -1 : 1, 90) * model::kDay;
  body.vehicle = {'A', '1'};
  body.certificate_number = {'2', '3'};
  body.certificate = some_hash();
  body.driver = some_hash();
  return op(random_.percent(80) ? trader_of(contract.seller) : kInspector, body);
}

Op Workload::weigh(const engine::State& state, const ContractRow& contract) {
  const auto id = delivery_in(state, contract, DeliveryState::kArrived);
  const DeliveryRow& delivery = state.deliveries[id];
  const model::ProductRow& product = state.products[contract.product];
  const bool head = product.unit == model::QuantityUnit::kHead;
  std::int64_t dead = head && random_.percent(20) ? random_.between(0, 3) : 0;
  if (random_.once_in(60)) dead = delivery.loaded_quantity;
  dead = std::min(dead, delivery.loaded_quantity);
  const std::int64_t live = head ? delivery.loaded_quantity - dead : 0;
  const auto groups = static_cast<std::uint16_t>(random_.percent(50) ? 0 : random_.between(1, 3));
  const bool by_count = product.basis == model::PriceBasis::kByCount;
  const auto trucks = static_cast<std::uint16_t>(by_count ? 0 : random_.between(1, 3));
  Op out = op(kInspector, model::Weigh{contract.id, delivery.index, static_cast<std::uint32_t>(dead),
                                       trucks, groups});
  std::int64_t net = 0;
  const std::int64_t expected = head ? live * contract.average_g : delivery.loaded_quantity;
  for (int i = 0; i < trucks; ++i) {
    const std::int64_t tare = random_.between(8'000'000, 12'000'000);
    const std::int64_t part =
        std::max<std::int64_t>(1, expected / trucks * random_.between(92, 108) / 100);
    append(out, model::TruckWeights{tare + part, tare});
    net += part;
  }
  std::int64_t heads_left = live, net_left = net;
  for (int i = 0; i < groups; ++i) {
    const bool last = i + 1 == groups;
    model::WeighedGroup group{};
    group.head = last ? heads_left : heads_left / 2;
    group.net_g = last ? net_left : net_left / 2;
    group.grade = product.grade_count == 0
                      ? 0
                      : static_cast<std::uint8_t>(random_.between(1, product.grade_count));
    if (product.single_count != 0 && random_.percent(20)) group.single_class = 1;
    if (random_.once_in(40)) ++group.head;
    heads_left -= group.head;
    net_left -= group.net_g;
    append(out, group);
  }
  return out;
}

/// Mostly a part of the goods; sometimes more than may be claimed.
std::int64_t Workload::claimed_of(const ContractRow& contract) {
  if (random_.once_in(20)) return random_.between(-1, 0);
  const std::int64_t percent = random_.one_of<std::int64_t>({1, 3, 10, 30, 100, 101});
  return contract.goods.value / 100 * percent + random_.between(0, 99);
}

/// What becomes of a claim about a weighing (R8.6).
Op Workload::award_step(const engine::State& state, model::ContractId id) {
  const model::DisputeRow& claim = state.disputes[id];
  const ContractRow& contract = state.contracts[id];
  const auto other = claim.claimant == contract.buyer ? contract.seller : contract.buyer;
  switch (random_.below(6)) {
    case 0:
      return op(trader_of(random_.once_in(8) ? other : claim.claimant), model::WithdrawClaim{id});
    case 1:
      return op(trader_of(random_.once_in(8) ? claim.claimant : other), model::GrantClaim{id});
    case 2:
      return op(kOfficer, model::EndDispute{id, 1, some_hash()});
    default: {
      const std::int64_t percent = random_.one_of<std::int64_t>({0, 20, 50, 100, 101});
      return op(kOfficer, model::AwardClaim{id, claim.claimed.value * percent / 100, some_hash()});
    }
  }
}

/// Steps off the usual way: adjustments, refusals, disputes, cancellations, what follows a default.
Op Workload::odd_contract_step(const engine::State& state) {
  const std::uint32_t any =
      recent(state.contracts, 150, [](const ContractRow& c) { return c.state != ContractState{}; });
  if (any == 0) return {};
  const ContractRow& contract = state.contracts[any];
  const model::UserId party = trader_of(random_.percent(50) ? contract.buyer : contract.seller);
  switch (contract.state) {
    case ContractState::kSettled:
      return op(random_.percent(50) ? kOperator : party, model::CloseContract{any});
    case ContractState::kDefaulted:
      if (random_.percent(40)) {
        return op(kOperator, model::RecordResale{any, static_cast<std::uint32_t>(random_.below(6)),
                                                 contract.price.value * random_.between(70, 105) / 100});
      }
      if (random_.percent(60)) {
        return op(kOperator2, model::RecordCover{any, contract.price.value * random_.between(95, 140) / 100});
      }
      return op(kOperator, model::CloseContract{any});
    case ContractState::kDisputed:
      if (state.disputes.has(any) && state.disputes[any].claimant != 0) return award_step(state, any);
      return op(kOfficer, model::EndDispute{any, static_cast<std::uint32_t>(random_.between(
                                                     random_.once_in(20) ? 0 : 1, 2)),
                                            some_hash()});
    case ContractState::kWeighed:
      switch (random_.below(8)) {
        case 0:
          return op(trader_of(contract.buyer), model::RefuseWeighing{any});
        case 1:
          return op(party, model::OpenDispute{any, some_hash()});
        case 2:
        case 3: {
          const std::int64_t same = contract.seller_adjust_set != 0 ? contract.seller_adjust
                                                                    : contract.buyer_adjust;
          return op(party, model::AgreeAdjustment{
                               any, static_cast<std::int32_t>(random_.percent(60) ? same : -400)});
        }
        case 4:
          return op(party, model::AcceptWeighing{any});
        default:
          return op(random_.once_in(20) ? kOfficer : party,
                    model::FileClaim{any, claimed_of(contract), some_hash()});
      }
    default:
      if (random_.once_in(3)) {
        return op(random_.percent(70) ? party : kOperator,
                  model::CancelContract{any, some_hash()});
      }
      return op(party, model::OpenDispute{any, some_hash()});
  }
}

}  // namespace hulan::simulation
