// SPDX-License-Identifier: Apache-2.0
#include "engine/contract/testing.h"

namespace hulan::engine::testing {
namespace {

class Delivery : public ::testing::Test {
 protected:
  ContractMarket market_;
  const model::DeliveryRow& delivery(std::uint32_t index) {
    return market_.engine.state().deliveries[index];
  }
};

TEST_F(Delivery, R7_5_a_schedule_adds_up_and_shares_the_nominal) {
  const ContractId id = market_.paid({.price = 16'130, .quantity = 10});
  EXPECT_EQ(market_.schedule(id, {}), Reject::invalid_schedule);
  EXPECT_EQ(market_.schedule(id, {4, 5}), Reject::invalid_schedule);
  EXPECT_EQ(market_.schedule(id, {11, -1}), Reject::invalid_schedule);
  EXPECT_EQ(market_.schedule(id, {1, 1, 1, 1, 1, 1, 1, 1, 2}), Reject::invalid_schedule);
  EXPECT_EQ(market_.schedule(id, {3, 3, 4}), Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kScheduled);
  EXPECT_EQ(market_.contract(id).nominal.value, 1'854'950);
  EXPECT_EQ(delivery(1).share.value, 556'485);
  EXPECT_EQ(delivery(2).share.value, 556'485);
  EXPECT_EQ(delivery(3).share.value, 741'980);
  EXPECT_EQ(market_.schedule(id, {10}), Reject::wrong_contract_state);
}

TEST_F(Delivery, R7_5_a_planned_time_lies_in_the_window) {
  const ContractId id = market_.paid();
  const model::PlannedDelivery early{10, market_.contract(id).pickup_from - 1};
  const std::span<const std::uint8_t> tail{reinterpret_cast<const std::uint8_t*>(&early),
                                           sizeof(early)};
  EXPECT_EQ(market_.send(trader(kFarm), model::Schedule{id, 1}, tail).reject,
            Reject::invalid_schedule);
  EXPECT_EQ(market_.send(trader(kFarm), model::Schedule{id, 2}, tail).reject,
            Reject::malformed_body);
}

TEST_F(Delivery, R8_1_who_moves_the_goods_plans) {
  const model::PlannedDelivery plan{10, kStart.value + 4 * model::kDay};
  const std::span<const std::uint8_t> tail{reinterpret_cast<const std::uint8_t*>(&plan),
                                           sizeof(plan)};
  const ContractId delivered = market_.paid();
  EXPECT_EQ(market_.send(trader(kBuyer), model::Schedule{delivered, 1}, tail).reject,
            Reject::not_the_actor);
  const ContractId collected = market_.paid({.terms = Terms::kOrigin});
  EXPECT_EQ(market_.send(trader(kFarm), model::Schedule{collected, 1}, tail).reject,
            Reject::not_the_actor);
  EXPECT_EQ(market_.send(trader(kBuyer), model::Schedule{collected, 1}, tail).reject, Reject::ok);
}

TEST_F(Delivery, R4_3_loading_needs_a_certificate_that_fits_the_way) {
  const ContractId id = market_.scheduled();
  const model::Load sound = market_.loading(id, 10);
  model::Load bad = sound;
  bad.certificate_form = model::DocumentKind::kQuarantineA;
  EXPECT_EQ(market_.load(bad), Reject::missing_certificate) << "form B stays in the province";
  EXPECT_EQ(market_.events<Replied>().back().detail,
            static_cast<std::uint32_t>(model::DocumentKind::kQuarantineB));
  bad = sound;
  bad.certificate = {};
  EXPECT_EQ(market_.load(bad), Reject::missing_certificate);
  bad = sound;
  bad.certificate_number = {};
  EXPECT_EQ(market_.load(bad), Reject::missing_certificate);
  bad = sound;
  bad.certificate_expires = market_.now.value;
  EXPECT_EQ(market_.load(bad), Reject::certificate_expired);
  bad = sound;
  bad.certificate_issued = market_.now.value + 1;
  EXPECT_EQ(market_.load(bad), Reject::certificate_expired);
  bad = sound;
  bad.certificate_issued = market_.now.value - 9 * model::kHour;
  EXPECT_EQ(market_.load(bad), Reject::certificate_expired) << "form B is of the same day";
  EXPECT_EQ(market_.load(sound), Reject::ok);
}

TEST_F(Delivery, R4_3_form_A_across_provinces_is_valid_for_five_days_at_most) {
  const ContractId id = market_.scheduled({.place = kBeijing});
  model::Load body = market_.loading(id, 10);
  ASSERT_EQ(body.certificate_form, model::DocumentKind::kQuarantineA);
  body.certificate_issued = market_.now.value - model::kDay;
  body.certificate_expires = body.certificate_issued + 5 * model::kDay + 1;
  EXPECT_EQ(market_.load(body), Reject::certificate_expired);
  --body.certificate_expires;
  EXPECT_EQ(market_.load(body), Reject::ok);
}

TEST_F(Delivery, R8_1_loading_needs_a_filed_vehicle_and_a_carrier) {
  const ContractId id = market_.scheduled();
  const model::Load sound = market_.loading(id, 10);
  model::Load bad = sound;
  bad.vehicle = {};
  EXPECT_EQ(market_.load(bad), Reject::missing_vehicle);
  bad = sound;
  bad.vehicle_filed_until = market_.now.value;
  EXPECT_EQ(market_.load(bad), Reject::vehicle_filing_expired);
  bad = sound;
  bad.carrier = kBuyer2;
  EXPECT_EQ(market_.load(bad), Reject::invalid_carrier) << "a slaughterhouse does not carry";
  bad.carrier = 0;
  EXPECT_EQ(market_.load(bad), Reject::invalid_carrier);
  bad = sound;
  bad.origin_g = 1;
  EXPECT_EQ(market_.load(bad), Reject::invalid_weight) << "on destination terms nothing is weighed";
  bad = sound;
  bad.delivery = 2;
  EXPECT_EQ(market_.load(bad), Reject::unknown_delivery);
  EXPECT_EQ(market_.send(trader(kBuyer), sound).reject, Reject::not_the_actor);
  EXPECT_EQ(market_.send(kInspector, sound).reject, Reject::ok);
  EXPECT_EQ(market_.load(sound), Reject::wrong_contract_state);
}

TEST_F(Delivery, R8_5_no_more_head_are_loaded_than_two_per_cent_above_the_contract) {
  const ContractId id = market_.scheduled({.quantity = 100});
  EXPECT_EQ(market_.load(market_.loading(id, 103)), Reject::invalid_quantity);
  EXPECT_EQ(market_.load(market_.loading(id, 0)), Reject::invalid_quantity);
  EXPECT_EQ(market_.load(market_.loading(id, 102)), Reject::ok);
}

TEST_F(Delivery, R8_1_arrival_is_reported_by_buyer_inspector_or_carrier) {
  const ContractId id = market_.scheduled();
  EXPECT_EQ(market_.arrive(id), Reject::wrong_contract_state);
  model::Load body = market_.loading(id, 10);
  body.carrier = kBuyer;
  ASSERT_EQ(market_.load(body), Reject::ok);
  EXPECT_EQ(market_.send(trader(kFarm), model::Arrive{id, 1}).reject, Reject::not_the_actor);
  EXPECT_EQ(market_.send(trader(kBuyer2), model::Arrive{id, 1}).reject, Reject::not_contract_party);
  EXPECT_EQ(market_.send(trader(kBuyer), model::Arrive{id, 1}).reject, Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kArrived);
  const ContractId other = market_.scheduled();
  ASSERT_EQ(market_.load(market_.loading(other, 10)), Reject::ok);
  EXPECT_EQ(market_.send(trader(kFarm), model::Arrive{other, 1}).reject, Reject::ok)
      << "the farm drives its own truck";
}

TEST_F(Delivery, R7_5_the_contract_stands_where_its_least_advanced_delivery_stands) {
  const ContractId id = market_.paid({.quantity = 100});
  ASSERT_EQ(market_.schedule(id, {60, 40}), Reject::ok);
  ASSERT_EQ(market_.load(market_.loading(id, 60, 0, 1)), Reject::ok);
  ASSERT_EQ(market_.arrive(id, 1), Reject::ok);
  ASSERT_EQ(market_.weigh(id, truck(60 * 115'000), {}, 0, 1), Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kScheduled);
  ASSERT_EQ(market_.load(market_.loading(id, 40, 0, 2)), Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kLoaded);
  ASSERT_EQ(market_.arrive(id, 2), Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kArrived);
  ASSERT_EQ(market_.weigh(id, truck(40 * 115'000), {}, 1, 2), Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kWeighed);
  EXPECT_EQ(market_.contract(id).live_head, 99u);
  EXPECT_EQ(market_.contract(id).settled_g, 11'500'000);
}

TEST_F(Delivery, R10_4_nothing_loaded_in_the_window_costs_the_seller_its_bond) {
  const ContractId id = market_.scheduled();
  const Fen seller = market_.available(kFarm);
  const Fen bond = market_.contract(id).seller_bond;
  market_.reach(market_.contract(id).pickup_until);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.state, ContractState::kDefaulted);
  EXPECT_EQ(row.default_kind, DefaultKind::kSellerDidNotDeliver);
  EXPECT_EQ(row.forfeited, bond);
  EXPECT_EQ(market_.available(kBuyer).value, TestMarket::kMoney + bond.value);
  EXPECT_EQ(market_.available(kFarm), seller);
  EXPECT_EQ(market_.operator_balance(OperatorAccount::kFeeIncome), Fen{});
  EXPECT_EQ(market_.member(kFarm).defaults, 1u);
}

TEST_F(Delivery, R10_4_an_arrival_not_reported_within_three_days_is_late) {
  const ContractId id = market_.scheduled();
  ASSERT_EQ(market_.load(market_.loading(id, 10)), Reject::ok);
  EXPECT_EQ(market_.contract(id).deadline, market_.now.value + 3 * model::kDay);
  market_.reach(market_.contract(id).deadline);
  EXPECT_EQ(market_.contract(id).default_kind, DefaultKind::kSellerDidNotDeliver);
}

TEST_F(Delivery, R10_4_a_buyer_that_has_paid_but_does_not_collect_loses_its_bond) {
  const ContractId id = market_.scheduled({.terms = Terms::kOrigin});
  const Fen bond = market_.contract(id).buyer_bond;
  market_.reach(market_.contract(id).pickup_until);
  EXPECT_EQ(market_.contract(id).default_kind, DefaultKind::kBuyerDidNotCollect);
  EXPECT_EQ(market_.available(kFarm).value, TestMarket::kMoney + bond.value);
  // 1.15 t: a fee of 11.50 from each side, taken from the trading bond; the escrow is back.
  EXPECT_EQ(market_.available(kBuyer).value, TestMarket::kMoney - bond.value - 2'300);
  EXPECT_EQ(market_.member(kBuyer).defaults, 1u);
}

TEST_F(Delivery, R8_3_an_arrival_that_the_buyer_never_reports_settles_by_origin_weight) {
  const ContractId id = market_.scheduled({.terms = Terms::kOrigin});
  ASSERT_EQ(market_.load(market_.loading(id, 10, 1'160'000)), Reject::ok);
  market_.reach(market_.contract(id).deadline);
  EXPECT_EQ(market_.contract(id).state, ContractState::kWeighed);
  EXPECT_EQ(market_.contract(id).settled_g, 1'160'000);
  EXPECT_EQ(market_.contract(id).goods.value, 1'869'920);
}

TEST_F(Delivery, R10_4_after_part_delivery_that_part_settles_and_the_rest_costs_its_share) {
  const ContractId id = market_.paid({.quantity = 100});
  ASSERT_EQ(market_.schedule(id, {60, 40}), Reject::ok);
  ASSERT_EQ(market_.load(market_.loading(id, 60, 0, 1)), Reject::ok);
  ASSERT_EQ(market_.arrive(id, 1), Reject::ok);
  ASSERT_EQ(market_.weigh(id, truck(60 * 115'000), {}, 0, 1), Reject::ok);
  market_.reach(market_.contract(id).pickup_until);
  const auto& row = market_.contract(id);
  ASSERT_EQ(row.state, ContractState::kWeighed);
  EXPECT_EQ(delivery(2).state, model::DeliveryState::kFailed);
  market_.accept(id);
  EXPECT_EQ(row.state, ContractState::kSettled);
  EXPECT_EQ(row.default_kind, DefaultKind::kSellerShort);
  EXPECT_EQ(row.goods.value, 11'122'800);
  EXPECT_EQ(row.forfeited.value, 370'760);  // 926 900 x 40 / 100
  EXPECT_EQ(market_.available(kBuyer).value, TestMarket::kMoney - 11'122'800 - 6'900 + 370'760);
  EXPECT_EQ(market_.available(kFarm).value, TestMarket::kMoney + 11'122'800 - 6'900 - 370'760);
}

TEST_F(Delivery, R10_4_on_origin_terms_the_uncollected_rest_costs_the_buyer_its_share) {
  const ContractId id = market_.paid({.quantity = 100, .terms = Terms::kOrigin});
  ASSERT_EQ(market_.schedule(id, {60, 40}), Reject::ok);
  ASSERT_EQ(market_.load(market_.loading(id, 60, 60 * 115'000, 1)), Reject::ok);
  ASSERT_EQ(market_.arrive(id, 1), Reject::ok);
  ASSERT_EQ(market_.weigh(id, truck(60 * 115'000), {}, 0, 1), Reject::ok);
  market_.reach(market_.contract(id).pickup_until);
  market_.accept(id);
  EXPECT_EQ(market_.contract(id).default_kind, DefaultKind::kBuyerDidNotCollect);
  EXPECT_EQ(market_.available(kFarm).value, TestMarket::kMoney + 11'122'800 - 6'900 + 370'760);
  EXPECT_EQ(market_.member(kBuyer).defaults, 1u);
  EXPECT_EQ(market_.member(kFarm).defaults, 0u);
}

}  // namespace
}  // namespace hulan::engine::testing
