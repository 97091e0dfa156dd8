// SPDX-License-Identifier: Apache-2.0
#include "engine/contract/testing.h"

namespace hulan::engine::testing {
namespace {

class Default : public ::testing::Test {
 protected:
  ContractMarket market_;

  ContractId unpaid(const Deal& deal = {}) {
    const ContractId id = market_.concluded(deal);
    market_.reach(market_.contract(id).deadline);
    EXPECT_EQ(market_.contract(id).state, ContractState::kDefaulted);
    return id;
  }
  Reject resale(ContractId id, std::int64_t price, std::uint32_t days = 0) {
    return market_.send(kOperator, model::RecordResale{id, days, price}).reject;
  }
  Reject cover(ContractId id, std::int64_t price) {
    return market_.send(kOperator, model::RecordCover{id, price}).reject;
  }
};

TEST_F(Default, R10_1_a_resale_loss_beyond_the_bond_is_a_claim) {
  const ContractId id = unpaid();
  EXPECT_EQ(market_.send(kInspector, model::RecordResale{id, 0, 14'000}).reject,
            Reject::wrong_role);
  EXPECT_EQ(resale(id, 0), Reject::price_not_positive);
  EXPECT_EQ(cover(id, 14'000), Reject::wrong_contract_default);
  EXPECT_EQ(resale(id, 14'000, 2), Reject::ok);
  // 2 120 li x 1.15 t = 243 800, keeping 5.00 x 10 head x 2 days = 10 000, bond 92 690.
  ASSERT_EQ(market_.claims(), 1u);
  EXPECT_EQ(market_.claim(1).amount.value, 243'800 + 10'000 - 92'690);
  EXPECT_EQ(market_.claim(1).creditor, kFarm);
  EXPECT_EQ(market_.claim(1).debtor, kBuyer);
  EXPECT_EQ(market_.claim(1).ground, model::ClaimGround::kResaleLoss);
  EXPECT_EQ(resale(id, 13'000), Reject::too_late) << "once";
}

TEST_F(Default, R10_1_a_price_rise_is_no_loss) {
  const ContractId id = unpaid();
  EXPECT_EQ(resale(id, 20'000, 1), Reject::ok);
  EXPECT_EQ(market_.claims(), 0u);
}

TEST_F(Default, R10_1_after_three_market_days_the_reference_price_counts) {
  const ContractId id = unpaid();  // Tuesday
  EXPECT_EQ(market_.contract(id).deadline, kStart.value + (4 * 24 + 16) * model::kHour)
      << "the end of Friday";
  ASSERT_EQ(
      market_.send(kOperator, model::StateReference{market_.product_id, 23, 1, 14'000}).reject,
      Reject::ok);
  market_.reach(market_.contract(id).deadline);
  ASSERT_EQ(market_.claims(), 1u);
  // Four days of keeping: 20 000.
  EXPECT_EQ(market_.claim(1).amount.value, 243'800 + 20'000 - 92'690);
  EXPECT_EQ(resale(id, 13'000), Reject::too_late);
  EXPECT_EQ(market_.contract(id).resale_price, 14'000);
}

TEST_F(Default, R10_2_the_cover_above_the_forfeited_part_is_a_claim) {
  const ContractId id = market_.arrived({.quantity = 100}, 90);
  EXPECT_EQ(cover(id, 18'000), Reject::wrong_contract_default);
  ASSERT_EQ(market_.weigh(id, truck(90 * 115'000)), Reject::ok);
  market_.accept(id);
  ASSERT_EQ(market_.contract(id).forfeited.value, 92'690);
  EXPECT_EQ(resale(id, 18'000), Reject::wrong_contract_default);
  EXPECT_EQ(cover(id, 18'000), Reject::ok);
  ASSERT_EQ(market_.claims(), 1u);
  EXPECT_EQ(market_.claim(1).amount.value, 216'200 - 92'690);  // 1 880 li x 1.15 t
  EXPECT_EQ(market_.claim(1).creditor, kBuyer);
  EXPECT_EQ(market_.claim(1).debtor, kFarm);
  market_.reach(market_.contract(id).deadline);
  EXPECT_EQ(market_.contract(id).state, ContractState::kClosed);
  EXPECT_EQ(market_.member(kFarm).clean_trades, 0u);
  EXPECT_EQ(market_.member(kBuyer).clean_trades, 1u);
}

TEST_F(Default, R10_4_when_nothing_came_the_cover_is_for_the_whole) {
  const ContractId id = market_.scheduled();
  market_.reach(market_.contract(id).pickup_until);
  EXPECT_EQ(cover(id, 17'120), Reject::ok);
  ASSERT_EQ(market_.claims(), 1u);
  EXPECT_EQ(market_.claim(1).amount.value, 115'000 - 92'690);
}

TEST_F(Default, R10_4_a_paid_contract_that_is_never_scheduled_fails_with_its_window) {
  const ContractId id = market_.paid();
  market_.reach(market_.contract(id).pickup_until);
  EXPECT_EQ(market_.contract(id).default_kind, DefaultKind::kSellerDidNotDeliver);
  const ContractId other = market_.paid({.terms = Terms::kOrigin});
  market_.reach(market_.contract(other).pickup_until);
  EXPECT_EQ(market_.contract(other).default_kind, DefaultKind::kBuyerDidNotCollect);
}

TEST_F(Default, R10_3_three_defaults_in_twelve_months_suspend) {
  unpaid();
  unpaid();
  EXPECT_EQ(market_.member(kBuyer).state, model::ParticipantState::kActive);
  unpaid();
  EXPECT_EQ(market_.member(kBuyer).state, model::ParticipantState::kSuspended);
  EXPECT_EQ(market_.member(kBuyer).defaults, 3u);
}

TEST_F(Default, R10_3_older_defaults_do_not_suspend) {
  unpaid();
  unpaid();
  market_.advance(365 * model::kDay);
  unpaid();
  EXPECT_EQ(market_.member(kBuyer).state, model::ParticipantState::kActive);
  EXPECT_EQ(market_.member(kBuyer).defaults, 3u);
}

TEST_F(Default, R10_3_who_is_suspended_still_keeps_its_contracts) {
  const ContractId open = market_.concluded();
  ASSERT_EQ(
      market_
          .send(kOperator,
                model::SetParticipantState{kBuyer, model::ParticipantState::kSuspended, {}, {}})
          .reject,
      Reject::ok);
  EXPECT_EQ(market_.pay(open), Reject::ok);
}

}  // namespace
}  // namespace hulan::engine::testing
