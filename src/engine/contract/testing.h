// SPDX-License-Identifier: Apache-2.0
// The test market with a contract's steps as single calls.
#pragma once

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine::testing {

using model::Bucket;
using model::ContractId;
using model::ContractState;
using model::DefaultKind;
using model::OperatorAccount;
using model::Terms;

/// What the five worked cases and most tests agree on.
struct Deal {
  model::ParticipantId seller = kFarm;
  model::ParticipantId buyer = kBuyer;
  std::int64_t price = 16'120;
  std::int64_t quantity = 10;
  std::int64_t average_g = 115'000;
  Terms terms = Terms::kDestination;
  std::uint32_t place = kHulan;
};

using Trucks = std::vector<model::TruckWeights>;
using Groups = std::vector<model::WeighedGroup>;

class ContractMarket : public TestMarket {
 public:
  using TestMarket::TestMarket;

  /// Lists and takes; the contract is concluded.
  ContractId concluded(const Deal& deal = {}) {
    model::CreateLot body = draft(deal.quantity);
    body.average_g = deal.average_g;
    body.terms = deal.terms;
    body.place = deal.place;
    const model::LotId lot = ready_lot(deal.seller, body);
    EXPECT_EQ(send(trader(deal.seller), listing(lot, deal.price)).reject, Reject::ok);
    const Replied taken = send(trader(deal.buyer), model::Take{lot, 0, deal.price, deal.quantity});
    EXPECT_EQ(taken.reject, Reject::ok);
    return taken.id;
  }
  Reject pay(ContractId id) { return send(trader(contract(id).buyer), model::Pay{id}).reject; }
  ContractId paid(const Deal& deal = {}) {
    const ContractId id = concluded(deal);
    EXPECT_EQ(pay(id), Reject::ok);
    return id;
  }

  /// Deliveries of these quantities, planned for the window's first moment; by who must.
  Reject schedule(ContractId id, const std::vector<std::int64_t>& quantities) {
    std::vector<model::PlannedDelivery> plan;
    for (const std::int64_t q : quantities) plan.push_back({q, contract(id).pickup_from});
    const auto& row = contract(id);
    const auto who = row.terms == Terms::kOrigin ? row.buyer : row.seller;
    return send(trader(who), model::Schedule{id, static_cast<std::uint32_t>(plan.size())},
                bytes_of(plan))
        .reject;
  }
  ContractId scheduled(const Deal& deal = {}) {
    const ContractId id = paid(deal);
    EXPECT_EQ(schedule(id, {deal.quantity}), Reject::ok);
    return id;
  }

  /// A loading with papers in order.
  model::Load loading(ContractId id, std::int64_t quantity, std::int64_t origin_g = 0,
                      std::uint32_t delivery = 1) {
    model::Load body{};
    body.contract = id;
    body.delivery = delivery;
    body.carrier = contract(id).seller;
    body.quantity = quantity;
    body.origin_g = origin_g;
    body.certificate_issued = now.value - model::kMinute;
    body.certificate_expires = now.value + 2 * model::kDay;
    body.vehicle_filed_until = now.value + 100 * model::kDay;
    body.certificate_form = contract(id).place / 10'000 == kHulan / 10'000
                                ? model::DocumentKind::kQuarantineB
                                : model::DocumentKind::kQuarantineA;
    body.vehicle = {'A', '1'};
    body.certificate_number = {'2', '3'};
    body.certificate = hash_of("certificate");
    body.driver = hash_of("driver");
    return body;
  }
  Reject load(const model::Load& body) {
    return send(trader(contract(body.contract).seller), body).reject;
  }
  Reject arrive(ContractId id, std::uint32_t delivery = 1) {
    return send(kInspector, model::Arrive{id, delivery}).reject;
  }
  /// To the scale: loaded with `quantity` head and arrived.
  ContractId arrived(const Deal& deal, std::int64_t quantity, std::int64_t origin_g = 0) {
    const ContractId id = scheduled(deal);
    EXPECT_EQ(load(loading(id, quantity, origin_g)), Reject::ok);
    EXPECT_EQ(arrive(id), Reject::ok);
    return id;
  }

  Reject weigh(ContractId id, const Trucks& trucks, const Groups& groups = {},
               std::uint32_t dead = 0, std::uint32_t delivery = 1) {
    std::vector<std::uint8_t> tail = copy_of(trucks);
    const auto more = copy_of(groups);
    tail.insert(tail.end(), more.begin(), more.end());
    return send(kInspector,
                model::Weigh{id, delivery, dead, static_cast<std::uint16_t>(trucks.size()),
                             static_cast<std::uint16_t>(groups.size())},
                tail)
        .reject;
  }
  /// Both sides accept; the contract settles or waits for a top-up.
  void accept(ContractId id) {
    EXPECT_EQ(send(trader(contract(id).seller), model::AcceptWeighing{id}).reject, Reject::ok);
    EXPECT_EQ(send(trader(contract(id).buyer), model::AcceptWeighing{id}).reject, Reject::ok);
  }

  /// Lets time pass to `moment` and one tick more.
  void reach(std::int64_t moment) {
    now = Time{moment};
    tick();
  }

  /// Leaves a participant with `fen` available.
  void leave(model::ParticipantId id, std::int64_t fen) {
    const Replied asked = send(
        finance(id), model::RequestWithdrawal{id, 0, available(id).value - fen, hash_of("bank")});
    EXPECT_EQ(asked.reject, Reject::ok);
  }

  const model::ParticipantRow& member(model::ParticipantId id) const {
    return engine.state().participants[id];
  }
  const model::ClaimRow& claim(model::ClaimId id) const { return engine.state().claims[id]; }
  std::uint32_t claims() const { return engine.state().claims.size() - 1; }

 private:
  template <class T>
  static std::span<const std::uint8_t> bytes_of(const std::vector<T>& list) {
    return {reinterpret_cast<const std::uint8_t*>(list.data()), list.size() * sizeof(T)};
  }
  template <class T>
  static std::vector<std::uint8_t> copy_of(const std::vector<T>& list) {
    const auto bytes = bytes_of(list);
    return {bytes.begin(), bytes.end()};
  }
};

/// One truck whose net weight is `net_g`.
inline Trucks truck(std::int64_t net_g) { return {{net_g + 10'000'000, 10'000'000}}; }

}  // namespace hulan::engine::testing
