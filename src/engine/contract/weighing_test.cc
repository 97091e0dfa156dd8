// SPDX-License-Identifier: Apache-2.0
#include "engine/contract/testing.h"

namespace hulan::engine::testing {
namespace {

class WeighingTest : public ::testing::Test {
 protected:
  ContractMarket market_;

  Reject agree(model::ParticipantId who, ContractId id, std::int32_t adjust) {
    return market_.send(trader(who), model::AgreeAdjustment{id, adjust}).reject;
  }
  Reject refuse(ContractId id) {
    return market_.send(trader(kBuyer), model::RefuseWeighing{id}).reject;
  }
  /// Weighed with an average of 150 kg, above every band.
  ContractId too_heavy() {
    const ContractId id = market_.arrived({.average_g = 150'000}, 10);
    EXPECT_EQ(market_.weigh(id, truck(1'500'000)), Reject::ok);
    return id;
  }
};

TEST_F(WeighingTest, R8_2_only_an_inspector_weighs_what_has_arrived) {
  EXPECT_EQ(market_.weigh(market_.paid(), truck(1'150'000)), Reject::wrong_contract_state);
  const ContractId id = market_.scheduled();
  EXPECT_EQ(market_.weigh(id, truck(1'150'000)), Reject::wrong_contract_state);
  ASSERT_EQ(market_.load(market_.loading(id, 10)), Reject::ok);
  ASSERT_EQ(market_.arrive(id), Reject::ok);
  const model::TruckWeights scale{2'150'000, 1'000'000};
  const std::span<const std::uint8_t> tail{reinterpret_cast<const std::uint8_t*>(&scale),
                                           sizeof(scale)};
  const model::Weigh body{id, 1, 0, 1, 0};
  EXPECT_EQ(market_.send(kOperator, body, tail).reject, Reject::wrong_role);
  EXPECT_EQ(market_.send(trader(kFarm), body, tail).reject, Reject::not_the_actor);
  EXPECT_EQ(market_.send(kInspector, body).reject, Reject::malformed_body);
  EXPECT_EQ(market_.send(kInspector, model::Weigh{id, 2, 0, 1, 0}, tail).reject,
            Reject::unknown_delivery);
  EXPECT_EQ(market_.send(kInspector, body, tail).reject, Reject::ok);
  EXPECT_EQ(market_.send(kInspector, body, tail).reject, Reject::wrong_contract_state);
}

TEST_F(WeighingTest, R8_2_a_truck_is_heavier_full_than_empty) {
  const ContractId id = market_.arrived({}, 10);
  EXPECT_EQ(market_.weigh(id, {}), Reject::invalid_weight);
  EXPECT_EQ(market_.weigh(id, {{1'000, 1'000}}), Reject::invalid_weight);
  EXPECT_EQ(market_.weigh(id, {{1'000, -1}}), Reject::invalid_weight);
  EXPECT_EQ(market_.weigh(id, {{INT64_MAX, 1}}), Reject::invalid_weight);
  EXPECT_EQ(market_.weigh(id, {{21'150'000, 20'000'000}}), Reject::ok);
}

TEST_F(WeighingTest, R8_2_groups_add_up_to_the_net_weight_and_the_live_head) {
  const ContractId id = market_.arrived({}, 10);
  const Trucks trucks = truck(1'150'000);
  EXPECT_EQ(market_.weigh(id, trucks, {{9, 1'150'000, 1, 0, {}}}), Reject::groups_do_not_add_up);
  EXPECT_EQ(market_.weigh(id, trucks, {{10, 1'149'999, 1, 0, {}}}), Reject::groups_do_not_add_up);
  EXPECT_EQ(market_.weigh(id, trucks, {{10, 1'150'000, 1, 0, {}}}, 1),
            Reject::groups_do_not_add_up);
  EXPECT_EQ(market_.weigh(id, trucks, {{11, 1'150'000, 1, 0, {}}, {-1, 0, 1, 0, {}}}),
            Reject::groups_do_not_add_up);
  EXPECT_EQ(market_.weigh(id, trucks, {{10, 1'150'000, 4, 0, {}}}), Reject::invalid_grade);
  EXPECT_EQ(market_.weigh(id, trucks, {{10, 1'150'000, 0, 0, {}}}), Reject::invalid_grade);
  EXPECT_EQ(market_.weigh(id, trucks, {{10, 1'150'000, 1, 2, {}}}), Reject::invalid_grade);
  EXPECT_EQ(market_.weigh(id, trucks, {{9, 1'150'000, 3, 1, {}}}, 1), Reject::ok);
  const auto& groups = market_.engine.state().groups;
  EXPECT_EQ(groups[1].adjust, -1'600) << "grade 3 and a single animal class";
  EXPECT_EQ(groups[1].price.value, 16'120 - 1'600 - 200) << "and the band of 127.8 kg";
}

TEST_F(WeighingTest, R8_2_a_better_grade_than_agreed_is_paid_more) {
  model::CreateLot body = market_.draft(10);
  body.grade = 2;
  const model::LotId lot = market_.ready_lot(kFarm, body);
  ASSERT_EQ(market_.send(trader(kFarm), market_.listing(lot, 16'000)).reject, Reject::ok);
  const ContractId id = market_.send(trader(kBuyer), model::Take{lot, 0, 16'000, 10}).id;
  ASSERT_EQ(market_.pay(id), Reject::ok);
  ASSERT_EQ(market_.schedule(id, {10}), Reject::ok);
  ASSERT_EQ(market_.load(market_.loading(id, 10)), Reject::ok);
  ASSERT_EQ(market_.arrive(id), Reject::ok);
  ASSERT_EQ(market_.weigh(id, truck(1'100'000), {{10, 1'100'000, 1, 0, {}}}), Reject::ok);
  EXPECT_EQ(market_.engine.state().groups[1].price.value, 16'300);
}

TEST_F(WeighingTest, R8_5_more_dead_than_loaded_are_refused) {
  const ContractId id = market_.arrived({}, 10);
  EXPECT_EQ(market_.weigh(id, truck(1'150'000), {}, 11), Reject::too_many_dead);
}

TEST_F(WeighingTest, R9_2_all_dead_cost_the_seller_the_disposal_from_its_bond) {
  market_.leave(kFarm, 200'000);
  const ContractId id = market_.arrived({}, 10);
  EXPECT_EQ(market_.weigh(id, truck(1), {}, 10), Reject::invalid_weight);
  ASSERT_EQ(market_.weigh(id, {}, {}, 10), Reject::ok);
  const Fen before = market_.available(kFarm);
  market_.accept(id);
  EXPECT_EQ(market_.contract(id).seller_receives.value, -80'000);
  EXPECT_EQ((market_.available(kFarm) - before).value, 92'690 - 80'000);
  EXPECT_EQ(market_.available(kBuyer).value, TestMarket::kMoney);
  EXPECT_EQ(market_.operator_balance(OperatorAccount::kDisposalPayable).value, 80'000);
  EXPECT_EQ(market_.claims(), 0u);
}

TEST_F(WeighingTest, R9_2_disposal_beyond_the_bond_becomes_a_claim) {
  const ContractId id = market_.arrived({.price = 1'000}, 10);  // a bond of 5 750
  ASSERT_EQ(market_.weigh(id, {}, {}, 10), Reject::ok);
  market_.accept(id);
  EXPECT_EQ(market_.available(kFarm).value, TestMarket::kMoney - 5'750);
  ASSERT_EQ(market_.claims(), 1u);
  EXPECT_EQ(market_.claim(1).amount.value, 80'000 - 5'750);
  EXPECT_EQ(market_.claim(1).debtor, kFarm);
  EXPECT_EQ(market_.claim(1).creditor, 0u);
  const model::PayClaim whole{1, 74'250};
  EXPECT_EQ(market_.send(trader(kBuyer), whole).reject, Reject::not_your_participant);
  EXPECT_EQ(market_.send(finance(kFarm), model::PayClaim{1, 74'251}).reject,
            Reject::claim_exceeded);
  EXPECT_EQ(market_.send(finance(kFarm), model::PayClaim{2, 1}).reject, Reject::unknown_claim);
  EXPECT_EQ(market_.send(finance(kFarm), model::PayClaim{1, 0}).reject, Reject::invalid_amount);
  EXPECT_EQ(market_.send(finance(kFarm), whole).reject, Reject::ok);
  EXPECT_EQ(market_.operator_balance(OperatorAccount::kDisposalPayable).value, 80'000);
}

TEST_F(WeighingTest, R8_4_outside_the_bands_both_sides_agree_on_an_adjustment) {
  const ContractId id = too_heavy();
  EXPECT_EQ(market_.contract(id).adjust_needed, 1);
  EXPECT_EQ(market_.send(trader(kFarm), model::AcceptWeighing{id}).reject,
            Reject::adjustment_needed);
  EXPECT_EQ(agree(kFarm, id, -700), Reject::ok);
  EXPECT_EQ(agree(kBuyer, id, -900), Reject::ok);
  EXPECT_EQ(market_.contract(id).adjust_needed, 1);
  EXPECT_EQ(agree(kFarm, id, -900), Reject::ok);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.adjust_needed, 0);
  EXPECT_EQ(row.band, -900);
  EXPECT_EQ(row.goods.value, 2'283'000);
  EXPECT_EQ(agree(kBuyer, id, 0), Reject::wrong_contract_state);
  market_.accept(id);
  EXPECT_EQ(row.state, ContractState::kSettled);
}

TEST_F(WeighingTest, R8_4_the_buyer_refuses_within_two_hours) {
  const ContractId id = too_heavy();
  EXPECT_EQ(market_.send(trader(kFarm), model::RefuseWeighing{id}).reject, Reject::not_the_actor);
  market_.now += Time{2 * model::kHour};
  EXPECT_EQ(refuse(id), Reject::ok);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.state, ContractState::kDefaulted);
  EXPECT_EQ(row.default_kind, DefaultKind::kSellerShort);
  EXPECT_EQ(row.forfeited.value, 120'900);
  EXPECT_EQ(market_.available(kBuyer).value, TestMarket::kMoney + 120'900);
}

TEST_F(WeighingTest, R8_4_after_two_hours_the_nearest_band_counts_unless_both_agree) {
  const ContractId id = too_heavy();
  market_.now += Time{2 * model::kHour + 1};
  EXPECT_EQ(refuse(id), Reject::deadline_passed);
  market_.reach(market_.contract(id).deadline);
  EXPECT_EQ(market_.contract(id).state, ContractState::kSettled);
  EXPECT_EQ(market_.contract(id).band, -600);
  EXPECT_EQ(market_.contract(id).goods.value, 2'328'000);
}

TEST_F(WeighingTest, R8_6_a_weighing_that_gives_no_ground_is_not_refused) {
  const ContractId id = market_.arrived({}, 10);
  ASSERT_EQ(market_.weigh(id, truck(1'150'000)), Reject::ok);
  EXPECT_EQ(refuse(id), Reject::nothing_to_refuse);
}

TEST_F(WeighingTest, R8_8_the_buyer_may_refuse_more_than_five_per_cent_above) {
  const ContractId even = market_.arrived({.average_g = 110'000}, 10);
  ASSERT_EQ(market_.weigh(even, truck(1'155'000)), Reject::ok);
  EXPECT_EQ(refuse(even), Reject::nothing_to_refuse);
  const ContractId over = market_.arrived({.average_g = 110'000}, 10);
  ASSERT_EQ(market_.weigh(over, truck(1'155'001)), Reject::ok);
  EXPECT_EQ(refuse(over), Reject::ok);
  EXPECT_EQ(market_.contract(over).default_kind, DefaultKind::kSellerShort);
}

TEST_F(WeighingTest, R8_8_who_has_accepted_may_not_refuse) {
  const ContractId id = market_.arrived({.average_g = 110'000}, 10);
  ASSERT_EQ(market_.weigh(id, truck(1'155'001)), Reject::ok);
  ASSERT_EQ(market_.send(trader(kBuyer), model::AcceptWeighing{id}).reject, Reject::ok);
  EXPECT_EQ(refuse(id), Reject::already_accepted);
}

TEST_F(WeighingTest, R1_3_a_settlement_that_does_not_fit_is_not_agreed_on) {
  const ContractId id = market_.arrived({}, 10);
  ASSERT_EQ(market_.weigh(id, truck(900'000'000'000'000)), Reject::ok);
  EXPECT_EQ(agree(kBuyer, id, INT32_MAX), Reject::ok);
  EXPECT_EQ(agree(kFarm, id, INT32_MAX), Reject::overflow);
  EXPECT_EQ(market_.contract(id).adjust_needed, 1);
  EXPECT_EQ(agree(kFarm, id, -600), Reject::ok);
  EXPECT_EQ(agree(kBuyer, id, -600), Reject::ok);
  EXPECT_EQ(market_.contract(id).adjust_needed, 0);
}

TEST_F(WeighingTest, R1_3_a_weight_whose_price_does_not_fit_is_refused_at_the_scale) {
  const ContractId id = market_.arrived({.price = 50'000'000, .average_g = 1'000}, 10);
  constexpr model::TruckWeights kMountain{900'000'000'000'000, 0};
  EXPECT_EQ(market_.weigh(id, {kMountain, kMountain, kMountain}), Reject::overflow);
  EXPECT_EQ(market_.weigh(id, truck(10'000)), Reject::ok);
}

}  // namespace
}  // namespace hulan::engine::testing
