// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/divisible.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::Award;
using model::LotState;

constexpr Fen kAll{TestMarket::kMoney};

/// Both bonds on some hogs of 110 kg: 5.5 % of the nominal, whole fen for these figures.
constexpr Fen bonds(std::int64_t price_li, std::int64_t head) {
  return Fen{price_li * head * 11 * 55 / 1000};
}

struct Divisible : ::testing::Test {
  TestMarket m;

  model::AnnounceDivisible notice(model::LotId lot, std::int64_t minimum, Award award,
                                  std::int64_t reserve = 0) const {
    const auto whole = m.notice(lot, 16'000, 100, reserve, 18'000);
    return {lot,
            whole.start,
            whole.step,
            whole.reserve,
            whole.cap,
            whole.open_at,
            whole.close_at,
            0,
            minimum,
            award,
            {}};
  }
  /// 200 head in parts of at least 20, from 16.000 by steps of 0.100.
  model::LotId open(Award award = Award::kPayAsBid, std::int64_t reserve = 0) {
    const auto lot = m.ready_lot(kFarm);
    EXPECT_EQ(m.send(trader(kFarm), notice(lot, 20, award, reserve)).reject, Reject::ok);
    m.advance(model::kDay);
    return lot;
  }
  void close(model::LotId lot) { m.advance(m.lot(lot).close_at - m.now.value); }
  const model::DivisibleRow& parts(model::LotId lot) { return m.engine.state().divisible[lot]; }
  void suspend(model::ParticipantId who) {
    ASSERT_EQ(m.send(kOperator,
                     model::SetParticipantState{who, model::ParticipantState::kSuspended, {}, {}})
                  .reject,
              Reject::ok);
  }
};

TEST_F(Divisible, R6_4_the_initiator_holds_two_fen_for_each_part_possible) {
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), notice(lot, 20, Award::kUniform)).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kFarm), Fen{18'000 * 2'200 * 5 / 100 + 2 * 10});
}

TEST_F(Divisible, R5_3_7_parts_that_cannot_be_are_refused) {
  const auto lot = m.ready_lot(kFarm, 600);
  const auto announce = [&](std::int64_t minimum, Award award) {
    return m.send(trader(kFarm), notice(lot, minimum, award)).reject;
  };
  EXPECT_EQ(announce(0, Award::kPayAsBid), Reject::invalid_quantity);
  EXPECT_EQ(announce(601, Award::kPayAsBid), Reject::invalid_quantity);
  EXPECT_EQ(announce(2, Award::kPayAsBid), Reject::invalid_auction_terms) << "300 parts";
  EXPECT_EQ(announce(20, Award{3}), Reject::invalid_auction_terms);
  EXPECT_EQ(announce(20, Award::kWhole), Reject::invalid_auction_terms);
  EXPECT_EQ(announce(0, Award::kWhole), Reject::ok);
}

TEST_F(Divisible, R5_3_7_a_bid_names_a_price_and_a_quantity) {
  const auto lot = open();
  EXPECT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::invalid_quantity);
  EXPECT_EQ(m.proxy(kBuyer, lot, 16'000).reject, Reject::proxy_on_divisible);
  EXPECT_EQ(m.bid_for(kBuyer, lot, 16'000, 19).reject, Reject::below_minimum);
  EXPECT_EQ(m.bid_for(kBuyer, lot, 16'000, 201).reject, Reject::above_remaining);
  EXPECT_EQ(m.bid_for(kBuyer, lot, 15'900, 50).reject, Reject::bid_too_low);
  const Replied bid = m.bid_for(kBuyer, lot, 16'000, 50);
  EXPECT_EQ(bid.reject, Reject::ok);
  EXPECT_EQ(bid.frozen, bonds(16'000, 50));
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'000, 50));
}

TEST_F(Divisible, R5_3_7_a_whole_lot_takes_a_quantity_that_is_its_own) {
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.notice(lot, 16'000, 100)).reject, Reject::ok);
  m.advance(model::kDay);
  EXPECT_EQ(m.bid_for(kBuyer, lot, 16'000, 100).reject, Reject::invalid_quantity);
  EXPECT_EQ(m.bid_for(kBuyer, lot, 16'000, 200).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).leader, kBuyer);
}

TEST_F(Divisible, R5_3_7_once_covered_a_bid_beats_the_marginal_price_by_a_step) {
  const auto lot = open();
  ASSERT_EQ(m.bid_for(kBuyer, lot, 16'500, 150).reject, Reject::ok);
  EXPECT_EQ(parts(lot).marginal, Price{0});
  ASSERT_EQ(m.bid_for(kBuyer2, lot, 16'200, 100).reject, Reject::ok);
  EXPECT_EQ(parts(lot).marginal, Price{16'200});
  EXPECT_EQ(parts(lot).covered, 200);
  EXPECT_EQ(m.bid_for(kBuyer3, lot, 16'290, 20).reject, Reject::bid_too_low);
  EXPECT_EQ(m.bid_for(kBuyer3, lot, 16'300, 20).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kBuyer2), bonds(16'200, 100)) << "it still gets 30";
}

TEST_F(Divisible, R6_2_a_bid_that_would_get_nothing_is_released_at_once) {
  const auto lot = open();
  ASSERT_EQ(m.bid_for(kBuyer, lot, 16'500, 150).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer2, lot, 16'200, 100).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer3, lot, 16'300, 31).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kBuyer2), Fen{0}) << "19 would be left, less than a part";
  EXPECT_EQ(m.available(kBuyer2), kAll);
  EXPECT_EQ(parts(lot).covered, 181);
  EXPECT_EQ(parts(lot).marginal, Price{16'300});
}

TEST_F(Divisible, R5_3_7_pay_as_bid_by_price_then_sequence) {
  const auto lot = open();
  ASSERT_EQ(m.bid_for(kBuyer, lot, 16'200, 80).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer2, lot, 16'200, 80).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer3, lot, 16'500, 60).reject, Reject::ok);
  close(lot);
  ASSERT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.lot(lot).contracts, 3u);
  EXPECT_EQ(m.contract(1).buyer, kBuyer3);
  EXPECT_EQ(m.contract(1).price, Price{16'500});
  EXPECT_EQ(m.contract(1).quantity, 60);
  EXPECT_EQ(m.contract(2).buyer, kBuyer);
  EXPECT_EQ(m.contract(2).quantity, 80);
  EXPECT_EQ(m.contract(3).buyer, kBuyer2);
  EXPECT_EQ(m.contract(3).quantity, 60) << "the marginal bid gets the rest";
  EXPECT_EQ(m.frozen(kBuyer2), bonds(16'200, 60));
}

TEST_F(Divisible, R5_3_7_at_a_uniform_price_all_pay_the_lowest_accepted) {
  const auto lot = open(Award::kUniform);
  ASSERT_EQ(m.bid_for(kBuyer, lot, 17'000, 100).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer2, lot, 16'200, 100).reject, Reject::ok);
  close(lot);
  EXPECT_EQ(m.contract(1).price, Price{16'200});
  EXPECT_EQ(m.contract(2).price, Price{16'200});
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'200, 100));
  EXPECT_EQ(m.frozen(kFarm), Fen{16'200 * 2'200 * 5 / 100});
}

TEST_F(Divisible, R5_3_7_bids_beyond_the_reserve_fail_and_there_is_no_exclusive_time) {
  const auto lot = open(Award::kPayAsBid, 16'500);
  ASSERT_EQ(m.bid_for(kBuyer, lot, 16'500, 80).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer2, lot, 16'400, 100).reject, Reject::ok);
  close(lot);
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.lot(lot).contracts, 1u);
  EXPECT_EQ(m.lot(lot).remaining, 120);
  EXPECT_EQ(m.frozen(kBuyer2), Fen{0});
  EXPECT_EQ(m.frozen(kFarm), Fen{16'500 * 880 * 5 / 100}) << "the contract's alone";
}

TEST_F(Divisible, R5_3_7_a_close_of_many_parts_goes_on_by_timer_and_takes_no_bid) {
  const auto lot = open();
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(m.bid_for(kBuyer, lot, 16'000, 20).reject, Reject::ok);
  }
  m.now = Time{m.lot(lot).close_at};
  EXPECT_EQ(m.bid_for(kBuyer2, lot, 17'000, 20).reject, Reject::auction_closed);
  m.tick();
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.lot(lot).contracts, 10u);
}

TEST_F(Divisible, R5_7_with_a_bidder_removed_the_remembered_come_back) {
  const auto lot = open();
  ASSERT_EQ(m.bid_for(kBuyer, lot, 16'100, 200).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer2, lot, 16'300, 120).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer3, lot, 16'400, 80).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
  suspend(kBuyer2);
  EXPECT_EQ(m.frozen(kBuyer2), Fen{0});
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'100, 200));
  EXPECT_EQ(parts(lot).covered, 200);
  EXPECT_GE(m.lot(lot).close_at, m.now.value + 120 * model::kSecond);
}

TEST_F(Divisible, R5_8_withdrawn_by_the_operator_every_bid_is_released) {
  const auto lot = open();
  ASSERT_EQ(m.bid_for(kBuyer, lot, 16'100, 100).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer2, lot, 16'100, 100).reject, Reject::ok);
  EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{lot, {}}).reject, Reject::lot_has_bids);
  m.send_approved(kOperator, model::WithdrawLot{lot, hash_of("disease")}, {kSupervisor});
  EXPECT_EQ(m.lot(lot).state, LotState::kWithdrawn);
  EXPECT_EQ(m.frozen(kBuyer) + m.frozen(kBuyer2) + m.frozen(kFarm), Fen{0});
}

TEST_F(Divisible, R5_3_7_mirrored_where_a_buyer_asks_the_highest_accepted_price_goes_to_all) {
  const model::LotId goods[2] = {m.ready_lot(kFarm, 100), m.ready_lot(kFarm2, 120)};
  const Replied made = m.send(trader(kBuyer), m.wanted());
  auto body = notice(made.id, 20, Award::kUniform);
  body.cap = 0;
  ASSERT_EQ(m.send(trader(kBuyer), body).reject, Reject::ok);
  m.advance(model::kDay);
  ASSERT_EQ(m.bid_for(kFarm, made.id, 15'000, 100, goods[0]).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kFarm), bonds(16'000, 100)) << "it may be sold at up to the start";
  ASSERT_EQ(m.bid_for(kFarm2, made.id, 15'500, 120, goods[1]).reject, Reject::ok);
  close(made.id);
  ASSERT_EQ(m.lot(made.id).state, LotState::kSold);
  EXPECT_EQ(m.contract(1).seller, kFarm);
  EXPECT_EQ(m.contract(1).price, Price{15'500});
  EXPECT_EQ(m.contract(2).quantity, 100);
  EXPECT_EQ(m.frozen(kFarm), bonds(15'500, 100));
}

TEST_F(Divisible, R13_1_a_snapshot_holds_its_bids_and_goes_on) {
  const auto lot = open();
  ASSERT_EQ(m.bid_for(kBuyer, lot, 16'100, 200).reject, Reject::ok);
  ASSERT_EQ(m.bid_for(kBuyer2, lot, 16'300, 120).reject, Reject::ok);
  const Sections saved = m.engine.save();
  Engine other;
  ASSERT_TRUE(other.load(saved));
  EXPECT_EQ(other.state_hash(), m.engine.state_hash());
  EXPECT_EQ(other.state().divisible[lot].covered, 200);
}

}  // namespace
}  // namespace hulan::engine
