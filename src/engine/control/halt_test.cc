// SPDX-License-Identifier: Apache-2.0
#include "engine/control/halt.h"

#include <gtest/gtest.h>

#include "engine/market/halts.h"
#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::HaltState;
using model::LotState;

constexpr std::int64_t kWindow = 120 * model::kSecond;

struct Halt : ::testing::Test {
  TestMarket m;

  /// An auction that is open for one more hour.
  model::LotId open() {
    const auto id = m.ready_lot(kFarm);
    EXPECT_EQ(m.send(trader(kFarm), m.notice(id, 16'000, 100)).reject, Reject::ok);
    m.advance(model::kDay);
    return id;
  }
  Reject halt(model::ProductId product = 0) {
    return m.send(kOperator, model::HaltMarket{product, hash_of("fire")}).reject;
  }
  Reject resume(std::int64_t in, model::ProductId product = 0) {
    return m.send(kOperator, model::ResumeMarket{product, m.now.value + in}).reject;
  }
  HaltState state(std::uint32_t row = 1) { return m.engine.state().halts[row].state; }
};

TEST_F(Halt, R12_2_a_halt_refuses_bids_takes_and_offers_and_allows_cancels) {
  const auto auction = open();
  const auto listed = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(listed, 16'000)).reject, Reject::ok);
  const auto draft = m.ready_lot(kFarm);
  ASSERT_EQ(halt(), Reject::ok);
  EXPECT_EQ(m.bid(kBuyer, auction, 16'000).reject, Reject::trading_halted);
  EXPECT_EQ(m.proxy(kBuyer, auction, 16'500).reject, Reject::trading_halted);
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{listed, 0, 16'000, 200}).reject,
            Reject::trading_halted);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(draft, 16'000)).reject, Reject::trading_halted);
  EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{listed, {}}).reject, Reject::ok);
  EXPECT_EQ(m.lot(listed).state, LotState::kWithdrawn);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
}

TEST_F(Halt, R12_2_a_halt_of_one_product_leaves_the_others_alone) {
  auto other = hogs();
  other.code[0] = 'x';
  const auto first = m.product_id;
  const auto auction = open();
  m.product_id = m.define(other);
  const auto elsewhere = m.ready_lot(kFarm);
  ASSERT_EQ(halt(first), Reject::ok);
  EXPECT_EQ(m.bid(kBuyer, auction, 16'000).reject, Reject::trading_halted);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(elsewhere, 16'000)).reject, Reject::ok);
}

TEST_F(Halt, R12_2_the_halted_time_is_added_to_the_close) {
  const auto auction = open();
  ASSERT_EQ(m.bid(kBuyer, auction, 16'000).reject, Reject::ok);
  const std::int64_t close = m.lot(auction).close_at;
  m.advance(10 * model::kMinute);
  ASSERT_EQ(halt(), Reject::ok);
  m.advance(2 * model::kHour);
  EXPECT_EQ(m.lot(auction).state, LotState::kOpen) << "its close has passed, its clock stands";
  ASSERT_EQ(resume(5 * model::kMinute), Reject::ok);
  EXPECT_EQ(m.bid(kBuyer2, auction, 16'100).reject, Reject::trading_halted) << "only announced";
  m.advance(5 * model::kMinute);
  EXPECT_EQ(state(), HaltState::kTrading);
  EXPECT_EQ(m.lot(auction).close_at, close + 2 * model::kHour + 5 * model::kMinute);
  EXPECT_EQ(m.bid(kBuyer2, auction, 16'100).reject, Reject::ok);
  m.advance(50 * model::kMinute);
  EXPECT_EQ(m.lot(auction).state, LotState::kSold);
}

TEST_F(Halt, R12_2_an_auction_that_should_have_opened_meanwhile_opens_later) {
  const auto id = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.notice(id, 16'000, 100)).reject, Reject::ok);
  const std::int64_t opens = m.lot(id).open_at;
  m.advance(opens - m.now.value - model::kMinute);
  ASSERT_EQ(halt(), Reject::ok);
  m.advance(2 * model::kMinute);
  EXPECT_EQ(m.lot(id).state, LotState::kAnnounced);
  ASSERT_EQ(resume(5 * model::kMinute), Reject::ok);
  m.advance(5 * model::kMinute);
  EXPECT_EQ(m.lot(id).open_at, opens + 7 * model::kMinute);
  m.advance(model::kMinute);
  EXPECT_EQ(m.lot(id).state, LotState::kOpen);
  EXPECT_EQ(m.bid(kBuyer, id, 16'000).reject, Reject::ok);
}

TEST_F(Halt, R12_2_a_resumption_that_is_noticed_late_loses_no_clock) {
  const auto first = m.ready_lot(kFarm);
  const auto second = m.ready_lot(kFarm);
  for (const auto id : {first, second}) {
    ASSERT_EQ(m.send(trader(kFarm), m.notice(id, 16'000, 100)).reject, Reject::ok);
  }
  ASSERT_EQ(halt(), Reject::ok);
  ASSERT_EQ(resume(5 * model::kMinute), Reject::ok);
  m.advance(model::kDay + 10 * model::kMinute);  // nothing was recorded meanwhile
  m.advance(model::kSecond);
  EXPECT_EQ(m.lot(first).state, LotState::kOpen);
  EXPECT_EQ(m.lot(second).state, LotState::kOpen);
}

TEST_F(Halt, R12_2_what_opened_late_is_still_held_for_its_close) {
  const auto id = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.notice(id, 16'000, 100)).reject, Reject::ok);
  ASSERT_EQ(halt(), Reject::ok);
  ASSERT_EQ(resume(5 * model::kMinute), Reject::ok);
  m.advance(model::kDay + 2 * model::kHour);  // both its times have passed meanwhile
  ASSERT_EQ(halt(), Reject::ok);
  m.advance(model::kMinute);
  m.advance(model::kMinute);
  m.advance(model::kMinute);
  EXPECT_EQ(m.lot(id).state, LotState::kOpen);
  ASSERT_EQ(resume(5 * model::kMinute), Reject::ok);
  m.advance(5 * model::kMinute);
  EXPECT_EQ(m.bid(kBuyer, id, 16'000).reject, Reject::ok);
}

TEST_F(Halt, R12_2_at_least_the_window_is_left_after_resuming) {
  const auto auction = open();
  m.advance(model::kHour - 10 * model::kSecond);
  ASSERT_EQ(halt(), Reject::ok);
  ASSERT_EQ(resume(5 * model::kMinute), Reject::ok);
  m.advance(5 * model::kMinute);
  EXPECT_EQ(m.lot(auction).close_at, m.now.value + kWindow);
}

TEST_F(Halt, R12_2_resuming_is_announced_five_minutes_ahead) {
  EXPECT_EQ(resume(model::kHour), Reject::not_halted);
  ASSERT_EQ(halt(), Reject::ok);
  EXPECT_EQ(resume(5 * model::kMinute - 1), Reject::resume_too_soon);
  EXPECT_EQ(resume(5 * model::kMinute), Reject::ok);
  EXPECT_EQ(resume(model::kHour), Reject::not_halted) << "announced already";
}

TEST_F(Halt, R12_2_an_announced_resumption_can_be_taken_back) {
  ASSERT_EQ(halt(), Reject::ok);
  EXPECT_EQ(halt(), Reject::halted_already);
  ASSERT_EQ(resume(5 * model::kMinute), Reject::ok);
  EXPECT_EQ(halt(), Reject::ok);
  m.advance(model::kHour);
  EXPECT_EQ(state(), HaltState::kHalted);
}

TEST_F(Halt, R12_2_what_should_have_ended_that_day_ends_unsold_and_bonds_return) {
  const auto auction = open();
  ASSERT_EQ(m.bid(kBuyer, auction, 16'000).reject, Reject::ok);
  const auto listed = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(listed, 16'000)).reject, Reject::ok);
  ASSERT_EQ(halt(), Reject::ok);
  m.advance(16 * model::kHour - 1);  // 24:00 in Shanghai is 16:00 UTC
  EXPECT_EQ(m.lot(auction).state, LotState::kOpen);
  m.advance(1);
  EXPECT_EQ(m.lot(auction).state, LotState::kUnsold);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
  EXPECT_EQ(m.lot(listed).state, LotState::kListed) << "it lasts a day longer";
  EXPECT_NE(m.frozen(kFarm), Fen{0});
  EXPECT_EQ(state(), HaltState::kHalted);
}

TEST_F(Halt, R12_2_two_halts_that_overlap_add_the_time_once) {
  const auto auction = open();
  const std::int64_t close = m.lot(auction).close_at;
  const std::uint32_t row = halt_row(m.engine.state(), m.product_id);
  ASSERT_EQ(halt(m.product_id), Reject::ok);
  m.advance(10 * model::kMinute);
  ASSERT_EQ(halt(), Reject::ok);
  ASSERT_EQ(resume(20 * model::kMinute, m.product_id), Reject::ok);
  m.advance(20 * model::kMinute);
  ASSERT_EQ(state(row), HaltState::kTrading);
  EXPECT_EQ(m.bid(kBuyer, auction, 16'000).reject, Reject::trading_halted) << "the market's halt";
  ASSERT_EQ(resume(5 * model::kMinute), Reject::ok);
  m.advance(5 * model::kMinute);
  EXPECT_EQ(m.lot(auction).close_at, close + 35 * model::kMinute);
  EXPECT_EQ(m.bid(kBuyer, auction, 16'000).reject, Reject::ok);
  m.advance(model::kHour);
  EXPECT_EQ(m.lot(auction).state, LotState::kSold);
}

TEST_F(Halt, R12_2_the_other_order_of_resuming_adds_the_same) {
  const auto auction = open();
  const std::int64_t close = m.lot(auction).close_at;
  ASSERT_EQ(halt(m.product_id), Reject::ok);
  m.advance(10 * model::kMinute);
  ASSERT_EQ(halt(), Reject::ok);
  ASSERT_EQ(resume(20 * model::kMinute), Reject::ok);
  m.advance(20 * model::kMinute);
  ASSERT_EQ(resume(5 * model::kMinute, m.product_id), Reject::ok);
  m.advance(5 * model::kMinute);
  EXPECT_EQ(m.lot(auction).close_at, close + 35 * model::kMinute);
}

TEST_F(Halt, R12_2_resuming_goes_through_more_lots_than_one_command_moves) {
  std::vector<model::LotId> lots;
  for (int i = 0; i < 600; ++i) {
    auto body = m.draft(10);
    const auto id = m.ready_lot(kFarm, body);
    ASSERT_EQ(m.send(trader(kFarm), m.listing(id, 16'000)).reject, Reject::ok);
    lots.push_back(id);
  }
  const std::int64_t expiry = m.lot(lots.back()).close_at;
  ASSERT_EQ(halt(), Reject::ok);
  ASSERT_EQ(resume(model::kHour), Reject::ok);
  m.advance(model::kHour);
  EXPECT_EQ(state(), HaltState::kResuming);
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{lots.front(), 0, 16'000, 10}).reject,
            Reject::trading_halted)
      << "until the last clock has been moved";
  m.tick();
  EXPECT_EQ(state(), HaltState::kTrading);
  EXPECT_EQ(m.lot(lots.back()).close_at, expiry + model::kHour);
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{lots.front(), 0, 16'000, 10}).reject, Reject::ok);
}

TEST_F(Halt, R12_2_a_day_ends_also_for_what_another_halt_gives_its_time_back_then) {
  std::vector<model::LotId> lots;
  for (int i = 0; i < 20; ++i) {
    lots.push_back(m.ready_lot(kFarm, m.draft(10)));
    auto notice = m.notice(lots.back(), 16'000, 100);
    if (i < 10) notice.close_at += model::kDay;  // these keep the first halt's walk busy
    ASSERT_EQ(m.send(trader(kFarm), notice).reject, Reject::ok);
  }
  m.advance(model::kDay + 40 * model::kMinute);
  ASSERT_EQ(m.lot(lots.front()).state, LotState::kOpen);
  ASSERT_EQ(halt(m.product_id), Reject::ok);
  m.advance(30 * model::kMinute);
  ASSERT_EQ(halt(), Reject::ok) << "after the lots' own ends, which the first halt holds";
  ASSERT_EQ(resume(20 * model::kMinute, m.product_id), Reject::ok);
  m.advance(model::kDay);  // resumption and the end of the day fall due together
  for (int i = 0; i < 10; ++i) m.advance(model::kSecond);
  for (std::size_t i = 10; i < lots.size(); ++i) {
    EXPECT_EQ(m.lot(lots[i]).state, LotState::kUnsold);
  }
}

TEST_F(Halt, R12_2_only_the_operator_halts_and_says_why) {
  EXPECT_EQ(m.send(kInspector, model::HaltMarket{0, hash_of("x")}).reject, Reject::wrong_role);
  EXPECT_EQ(m.send(trader(kBuyer), model::HaltMarket{0, hash_of("x")}).reject, Reject::wrong_role);
  EXPECT_EQ(m.send(kOperator, model::HaltMarket{0, {}}).reject, Reject::malformed_body);
  EXPECT_EQ(halt(99), Reject::unknown_product);
}

}  // namespace
}  // namespace hulan::engine
