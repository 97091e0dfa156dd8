// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/proxy.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::LotState;

constexpr Fen kAll{TestMarket::kMoney};

/// Both bonds on 200 hogs of 110 kg at a price: 5.5 % of 22 000 kg, whole fen for these prices.
constexpr Fen bonds(std::int64_t price_li) { return Fen{price_li * 2'200 * 55 / 1000}; }

struct Proxy : ::testing::Test {
  TestMarket m;

  model::LotId open(std::int64_t start, std::int64_t step, std::int64_t reserve = 0,
                    std::int64_t cap = 0) {
    const auto lot = m.ready_lot(kFarm);
    EXPECT_EQ(m.send(trader(kFarm), m.notice(lot, start, step, reserve, cap)).reject, Reject::ok);
    m.advance(model::kDay);
    return lot;
  }
  void close(model::LotId lot) { m.advance(m.lot(lot).close_at - m.now.value); }
  void expect_lead(model::LotId lot, model::ParticipantId who, std::int64_t price) {
    EXPECT_EQ(m.lot(lot).leader, who);
    EXPECT_EQ(m.lot(lot).best, Price{price});
  }
};

TEST_F(Proxy, R5_3_5_alone_it_bids_the_start_and_freezes_both_bonds_on_its_maximum) {
  const auto lot = open(16'000, 100);
  const Replied set = m.proxy(kBuyer, lot, 17'000);
  EXPECT_EQ(set.reject, Reject::ok);
  EXPECT_EQ(set.frozen, bonds(17'000));
  expect_lead(lot, kBuyer, 16'000);
  EXPECT_EQ(m.frozen(kBuyer), bonds(17'000));
}

TEST_F(Proxy, R5_3_5_it_answers_a_bid_with_one_step_more) {
  const auto lot = open(16'000, 100);
  ASSERT_EQ(m.proxy(kBuyer, lot, 17'000).reject, Reject::ok);
  const Replied bid = m.bid(kBuyer2, lot, 16'300);
  EXPECT_EQ(bid.reject, Reject::ok);
  EXPECT_EQ(bid.frozen, Fen{0}) << "beaten by the same command";
  expect_lead(lot, kBuyer, 16'400);
  EXPECT_EQ(m.frozen(kBuyer), bonds(17'000));
  EXPECT_EQ(m.frozen(kBuyer2), Fen{0});
  const auto shown = m.events<model::BidAccepted>();
  ASSERT_EQ(shown.size(), 2u) << "each automatic bid is shown as a bid";
  EXPECT_EQ(shown[0].bidder, kBuyer2);
  EXPECT_EQ(shown[0].price, Price{16'300});
  EXPECT_EQ(shown[1].bidder, kBuyer);
  EXPECT_EQ(shown[1].price, Price{16'400});
  EXPECT_EQ(m.lot(lot).bids, 3u);
}

TEST_F(Proxy, R5_3_5_its_last_bid_is_its_maximum_even_within_a_step) {
  const auto lot = open(16'000, 100);
  ASSERT_EQ(m.proxy(kBuyer, lot, 16'350).reject, Reject::ok);
  ASSERT_EQ(m.bid(kBuyer2, lot, 16'300).reject, Reject::ok);
  expect_lead(lot, kBuyer, 16'350);
  ASSERT_EQ(m.bid(kBuyer2, lot, 16'450).reject, Reject::ok);
  expect_lead(lot, kBuyer2, 16'450);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0}) << "R6.2: a beaten proxy is released at once";
}

TEST_F(Proxy, R5_3_5_of_equal_maxima_the_earlier_wins) {
  const auto lot = open(16'000, 100);
  ASSERT_EQ(m.proxy(kBuyer, lot, 16'800).reject, Reject::ok);
  EXPECT_EQ(m.proxy(kBuyer2, lot, 16'800).reject, Reject::ok);
  expect_lead(lot, kBuyer, 16'800);
  EXPECT_EQ(m.frozen(kBuyer2), Fen{0});
  const auto other = open(16'000, 100);
  ASSERT_EQ(m.proxy(kBuyer, other, 16'800).reject, Reject::ok);
  EXPECT_EQ(m.bid(kBuyer2, other, 16'800).reject, Reject::ok);
  expect_lead(other, kBuyer, 16'800);
}

TEST_F(Proxy, R5_3_5_two_proxies_are_settled_at_once) {
  const auto lot = open(16'000, 100);
  ASSERT_EQ(m.proxy(kBuyer, lot, 17'000).reject, Reject::ok);
  EXPECT_EQ(m.proxy(kBuyer2, lot, 20'000).reject, Reject::ok);
  expect_lead(lot, kBuyer2, 17'100);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
  EXPECT_EQ(m.frozen(kBuyer2), bonds(20'000));
  const auto shown = m.events<model::BidAccepted>();
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].bidder, kBuyer);
  EXPECT_EQ(shown[0].price, Price{17'000});
  EXPECT_EQ(m.proxy(kBuyer3, lot, 18'000).reject, Reject::ok);
  expect_lead(lot, kBuyer2, 18'100);
}

TEST_F(Proxy, R5_3_5_it_bids_the_reserve_once_its_maximum_reaches_it) {
  const auto lot = open(16'000, 100, 17'000);
  ASSERT_EQ(m.proxy(kBuyer, lot, 16'900).reject, Reject::ok);
  expect_lead(lot, kBuyer, 16'000);
  ASSERT_EQ(m.proxy(kBuyer2, lot, 17'500).reject, Reject::ok);
  expect_lead(lot, kBuyer2, 17'000);
  const auto other = open(16'000, 100, 17'000);
  ASSERT_EQ(m.proxy(kBuyer, other, 17'000).reject, Reject::ok);
  expect_lead(other, kBuyer, 17'000);
}

TEST_F(Proxy, R5_3_5_the_leader_may_change_it_but_not_below_its_standing_bid) {
  const auto lot = open(16'000, 100, 17'000);
  ASSERT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::ok);
  EXPECT_EQ(m.proxy(kBuyer, lot, 15'900).reject, Reject::bid_too_low);
  EXPECT_EQ(m.proxy(kBuyer, lot, 16'500).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'500));
  expect_lead(lot, kBuyer, 16'000);
  EXPECT_EQ(m.proxy(kBuyer, lot, 16'200).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'200));
  EXPECT_EQ(m.proxy(kBuyer, lot, 17'200).reject, Reject::ok);
  expect_lead(lot, kBuyer, 17'000);
  EXPECT_EQ(m.bid(kBuyer, lot, 17'500).reject, Reject::already_leading);
}

TEST_F(Proxy, R6_1_no_funds_for_the_maximum_no_proxy) {
  const auto lot = open(16'000, 100);
  const Fen left = bonds(17'000) - Fen{1};
  ASSERT_EQ(
      m.send(finance(kBuyer), model::RequestWithdrawal{kBuyer, 0, (kAll - left).value, {}}).reject,
      Reject::ok);
  EXPECT_EQ(m.proxy(kBuyer, lot, 17'000).reject, Reject::no_funds);
  EXPECT_EQ(m.proxy(kBuyer, lot, 16'990).reject, Reject::ok);
}

TEST_F(Proxy, R5_3_1_between_proxies_the_cap_concludes_at_once) {
  const auto lot = open(16'000, 100, 0, 17'000);
  EXPECT_EQ(m.proxy(kBuyer, lot, 17'010).reject, Reject::above_cap);
  ASSERT_EQ(m.proxy(kBuyer, lot, 17'000).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kOpen);
  ASSERT_EQ(m.proxy(kBuyer2, lot, 17'000).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.contract(1).buyer, kBuyer);
  EXPECT_EQ(m.contract(1).price, Price{17'000});
}

TEST_F(Proxy, R5_5_it_does_not_bid_outside_the_band) {
  ASSERT_EQ(m.send(kOperator, model::StateReference{m.product_id, 23, 1, 16'000}).reject,
            Reject::ok);
  const auto lot = open(16'000, 100);
  EXPECT_EQ(m.proxy(kBuyer, lot, 16'810).reject, Reject::out_of_band);
  ASSERT_EQ(m.proxy(kBuyer, lot, 16'800).reject, Reject::ok);
  ASSERT_EQ(m.send(kOperator, model::StateReference{m.product_id, 23, 1, 15'500}).reject,
            Reject::ok);  // now up to 16 270
  ASSERT_EQ(m.bid(kBuyer2, lot, 16'260).reject, Reject::ok);
  expect_lead(lot, kBuyer, 16'270);
}

TEST_F(Proxy, R5_3_2_its_bids_move_a_close_that_is_near) {
  const auto lot = open(16'000, 100);
  ASSERT_EQ(m.proxy(kBuyer, lot, 17'000).reject, Reject::ok);
  m.advance(m.lot(lot).close_at - m.now.value - model::kSecond);
  ASSERT_EQ(m.bid(kBuyer2, lot, 16'100).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).close_at, m.now.value + 120 * model::kSecond);
}

TEST_F(Proxy, R6_3_at_the_close_the_bonds_are_trimmed_to_the_price) {
  const auto lot = open(16'000, 100);
  ASSERT_EQ(m.proxy(kBuyer, lot, 18'000).reject, Reject::ok);
  ASSERT_EQ(m.bid(kBuyer2, lot, 16'500).reject, Reject::ok);
  close(lot);
  ASSERT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.contract(1).price, Price{16'600});
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'600));
}

TEST_F(Proxy, R5_3_6_below_the_reserve_what_was_frozen_beyond_the_bid_is_released_at_the_close) {
  const auto lot = open(16'000, 100, 18'000);
  ASSERT_EQ(m.proxy(kBuyer, lot, 17'000).reject, Reject::ok);
  close(lot);
  ASSERT_EQ(m.lot(lot).state, LotState::kExclusive);
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'000));
}

TEST_F(Proxy, R5_7_with_its_owner_removed_the_next_leads_at_its_own_price) {
  const auto lot = open(16'000, 100);
  ASSERT_EQ(m.proxy(kBuyer, lot, 17'000).reject, Reject::ok);
  ASSERT_EQ(m.bid(kBuyer2, lot, 16'300).reject, Reject::ok);
  ASSERT_EQ(m.send(kOperator,
                   model::SetParticipantState{kBuyer, model::ParticipantState::kSuspended, {}, {}})
                .reject,
            Reject::ok);
  expect_lead(lot, kBuyer2, 16'300);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
  EXPECT_EQ(m.frozen(kBuyer2), bonds(16'300));
}

TEST_F(Proxy, R5_3_in_a_reverse_auction_it_goes_down_to_its_lowest_price) {
  const model::LotId goods[2] = {m.ready_lot(kFarm), m.ready_lot(kFarm2)};
  const Replied made = m.send(trader(kBuyer), m.wanted());
  ASSERT_EQ(m.send(trader(kBuyer), m.notice(made.id, 16'000, 100)).reject, Reject::ok);
  m.advance(model::kDay);
  EXPECT_EQ(m.proxy(kFarm, made.id, 15'000).reject, Reject::goods_required);
  ASSERT_EQ(m.proxy(kFarm, made.id, 15'000, goods[0]).reject, Reject::ok);
  expect_lead(made.id, kFarm, 16'000);
  EXPECT_EQ(m.frozen(kFarm), bonds(16'000)) << "the bid's bonds are the higher ones";
  ASSERT_EQ(m.bid_with(kFarm2, made.id, 15'500, goods[1]).reject, Reject::ok);
  expect_lead(made.id, kFarm, 15'400);
  EXPECT_EQ(m.frozen(kFarm), bonds(15'400));
  EXPECT_EQ(m.lot(goods[1]).used_by, 0u);
  ASSERT_EQ(m.proxy(kFarm2, made.id, 14'000, goods[1]).reject, Reject::ok);
  expect_lead(made.id, kFarm2, 14'900);
  EXPECT_EQ(m.lot(goods[0]).used_by, 0u);
  EXPECT_EQ(m.lot(goods[1]).used_by, made.id);
}

}  // namespace
}  // namespace hulan::engine
