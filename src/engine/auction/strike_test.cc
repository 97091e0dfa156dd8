// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/strike.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::LotState;

constexpr Fen bonds(std::int64_t price_li) { return Fen{price_li * 2'200 * 55 / 1000}; }

struct Strike : ::testing::Test {
  TestMarket m;
  model::LotId lot = open();

  model::LotId open(std::int64_t reserve = 0) {
    const auto id = m.ready_lot(kFarm);
    EXPECT_EQ(m.send(trader(kFarm), m.notice(id, 16'000, 100, reserve)).reject, Reject::ok);
    m.advance(model::kDay);
    return id;
  }
  void suspend(model::ParticipantId id) {
    ASSERT_EQ(m.send(kOperator,
                     model::SetParticipantState{id, model::ParticipantState::kSuspended, {}, {}})
                  .reject,
              Reject::ok);
  }
  void drain(model::ParticipantId id) {
    const Fen all = m.available(id);
    ASSERT_EQ(m.send(finance(id), model::RequestWithdrawal{id, 0, all.value, {}}).reject,
              Reject::ok);
  }
};

TEST_F(Strike, R5_7_the_next_whose_bond_freezes_leads_at_its_own_price) {
  m.bid(kBuyer, lot, 16'000);
  m.bid(kBuyer2, lot, 16'200);
  m.bid(kBuyer, lot, 16'400);
  m.bid(kBuyer3, lot, 16'600);
  suspend(kBuyer3);
  EXPECT_EQ(m.lot(lot).leader, kBuyer);
  EXPECT_EQ(m.lot(lot).best, Price{16'400}) << "its best, not its first";
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'400));
  EXPECT_EQ(m.frozen(kBuyer3), Fen{0});
  ASSERT_EQ(m.events<model::BidStruck>().size(), 1u);
  EXPECT_EQ(m.events<model::BidStruck>()[0].bidder, kBuyer3);
  suspend(kBuyer);
  EXPECT_EQ(m.lot(lot).leader, kBuyer2);
  EXPECT_EQ(m.lot(lot).best, Price{16'200});
}

TEST_F(Strike, R5_7_an_earlier_bid_of_who_was_struck_does_not_come_back) {
  m.bid(kBuyer, lot, 16'000);
  m.bid(kBuyer2, lot, 16'200);
  m.bid(kBuyer, lot, 16'400);
  suspend(kBuyer);
  EXPECT_EQ(m.lot(lot).leader, kBuyer2);
  ASSERT_EQ(m.send(kOperator,
                   model::SetParticipantState{kBuyer, model::ParticipantState::kActive, {}, {}})
                .reject,
            Reject::ok);
  suspend(kBuyer2);
  EXPECT_EQ(m.lot(lot).leader, 0u) << "admitted again, but its bids on this lot are out";
}

TEST_F(Strike, R5_7_whose_bond_does_not_freeze_is_passed_over) {
  m.bid(kBuyer, lot, 16'000);
  m.bid(kBuyer2, lot, 16'200);
  m.bid(kBuyer3, lot, 16'400);
  drain(kBuyer2);
  suspend(kBuyer3);
  EXPECT_EQ(m.lot(lot).leader, kBuyer);
  EXPECT_EQ(m.lot(lot).best, Price{16'000});
}

TEST_F(Strike, R5_7_without_another_bid_the_lot_stands_at_its_start) {
  m.bid(kBuyer, lot, 16'700);
  suspend(kBuyer);
  EXPECT_EQ(m.lot(lot).leader, 0u);
  EXPECT_EQ(m.bid(kBuyer2, lot, 16'000).reject, Reject::ok);
}

TEST_F(Strike, R5_7_at_least_the_window_remains) {
  m.bid(kBuyer, lot, 16'000);
  const std::int64_t close = m.lot(lot).close_at;
  suspend(kBuyer);
  EXPECT_EQ(m.lot(lot).close_at, close) << "most of an hour is left";
  m.bid(kBuyer2, lot, 16'000);
  m.now = Time{close - 1};
  suspend(kBuyer2);
  EXPECT_EQ(m.lot(lot).close_at, close - 1 + 120 * model::kSecond);
}

TEST_F(Strike, R5_7_a_leader_struck_in_the_exclusive_time_ends_it_unsold_if_nobody_follows) {
  const auto reserved = open(17'000);
  m.bid(kBuyer, reserved, 16'000);
  m.advance(m.lot(reserved).close_at - m.now.value);
  ASSERT_EQ(m.lot(reserved).state, LotState::kExclusive);
  suspend(kBuyer);
  EXPECT_EQ(m.lot(reserved).state, LotState::kUnsold);
  EXPECT_EQ(m.lot(reserved).initiator_bond, Fen{0});
}

TEST_F(Strike, R5_7_the_latest_bids_of_eight_others_are_remembered) {
  for (model::ParticipantId id = 6; id <= 15; ++id) {
    m.admit(id);
    m.deposit(id, TestMarket::kMoney);
    ASSERT_EQ(m.bid(id, lot, 16'000 + 100 * static_cast<std::int64_t>(id)).reject, Reject::ok);
  }
  // 15 leads, 7 to 14 are remembered, 6 is forgotten.
  for (model::ParticipantId id = 15; id >= 7; --id) {
    EXPECT_EQ(m.lot(lot).leader, id);
    suspend(id);
  }
  EXPECT_EQ(m.lot(lot).leader, 0u);
}

TEST_F(Strike, R2_2_a_suspension_withdraws_what_has_no_bid_and_keeps_what_has) {
  const auto listed = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(listed, 16'000)).reject, Reject::ok);
  m.bid(kBuyer, lot, 16'000);
  suspend(kFarm);
  EXPECT_EQ(m.lot(listed).state, LotState::kWithdrawn);
  EXPECT_EQ(m.lot(lot).state, LotState::kOpen);
  EXPECT_EQ(m.bid(kBuyer2, lot, 16'100).reject, Reject::participant_not_active);
  m.advance(2 * model::kHour);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold) << "bids bind";
}

TEST_F(Strike, R5_7_many_lots_are_swept_by_timers_that_follow) {
  std::vector<model::LotId> lots;
  for (int i = 0; i < 30; ++i) {
    lots.push_back(m.ready_lot(kFarm2, 10));
    ASSERT_EQ(m.send(trader(kFarm2), m.listing(lots.back(), 16'000)).reject, Reject::ok);
  }
  suspend(kFarm2);
  const auto withdrawn = [&] {
    return std::count_if(lots.begin(), lots.end(),
                         [&](model::LotId id) { return m.lot(id).state == LotState::kWithdrawn; });
  };
  EXPECT_LT(withdrawn(), 30);
  EXPECT_TRUE(m.engine.timer_due(m.now));
  m.tick();
  EXPECT_EQ(withdrawn(), 30);
  EXPECT_EQ(m.frozen(kFarm2), Fen{0});
}

TEST_F(Strike, R5_7_in_a_reverse_auction_the_goods_of_the_next_are_bound_again) {
  const auto goods = m.ready_lot(kFarm);
  const auto goods2 = m.ready_lot(kFarm2);
  const Replied wanted = m.send(trader(kBuyer), m.wanted());
  ASSERT_EQ(m.send(trader(kBuyer), m.notice(wanted.id, 16'000, 100)).reject, Reject::ok);
  m.advance(model::kDay);
  ASSERT_EQ(m.bid_with(kFarm, wanted.id, 16'000, goods).reject, Reject::ok);
  ASSERT_EQ(m.bid_with(kFarm2, wanted.id, 15'900, goods2).reject, Reject::ok);
  suspend(kFarm2);
  EXPECT_EQ(m.lot(wanted.id).leader, kFarm);
  EXPECT_EQ(m.lot(goods).used_by, wanted.id);
  EXPECT_EQ(m.lot(goods2).used_by, 0u);
}

}  // namespace
}  // namespace hulan::engine
