// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/shared_clock.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::kMinute;
using model::kSecond;
using model::LotState;
using model::SessionState;

/// A catalogue that opens a day ahead; lots of 200 hogs of 110 kg from 15.000 in steps of 0.050.
struct SharedClock : ::testing::Test {
  SharedClock() {
    body.product = m.product_id;
    body.kind = model::SessionKind::kSharedClock;
    body.side = model::Side::kSell;
    body.unsold = model::UnsoldRule::kEnd;
    body.opens_at = m.now.value + model::kDay;
    body.seed = hash_of("seed");
    const Replied reply = m.send(kOperator, body);
    EXPECT_EQ(reply.reject, Reject::ok);
    id = reply.id;
  }
  model::LotId entered(model::ParticipantId who = kFarm, std::int64_t reserve = 0,
                       std::int64_t cap = 0) {
    const auto lot = m.ready_lot(who);
    EXPECT_EQ(
        m.send(trader(who), model::EnterSharedClock{id, lot, 15'000, 50, reserve, cap}).reject,
        Reject::ok);
    return lot;
  }
  void open() {
    m.now = Time{row().opens_at};
    m.tick();
  }
  /// Moves to `ns` after the opening; what is due by then has happened.
  void at(std::int64_t ns) {
    m.now = Time{body.opens_at + ns};
    m.tick();
  }
  Reject bid(model::ParticipantId who, model::LotId lot, std::int64_t price) {
    return m.send(trader(who), model::PlaceBid{lot, price}).reject;
  }
  /// What is left of the clock now; ns.
  std::int64_t left() const { return row().due - m.now.value; }
  const model::SessionRow& row() const { return m.engine.state().sessions[id]; }

  TestMarket m;
  model::AnnounceSession body{};
  model::SessionId id = 0;
};

TEST_F(SharedClock, R5_3_2_terms_of_a_falling_clock_are_refused) {
  auto other = body;
  other.unsold = model::UnsoldRule::kCarry;
  EXPECT_EQ(m.send(kOperator, other).reject, Reject::invalid_auction_terms);
  other = body;
  other.tick_ns = kSecond;
  EXPECT_EQ(m.send(kOperator, other).reject, Reject::invalid_auction_terms);
  other = body;
  other.pause_ns = kSecond;
  EXPECT_EQ(m.send(kOperator, other).reject, Reject::invalid_auction_terms);
  const auto lot = m.ready_lot(kFarm);
  const model::EnterClock falling{id, lot, 16'000, 100, 15'000, 0};
  EXPECT_NE(m.send(trader(kFarm), falling).reject, Reject::ok);
  EXPECT_EQ(m.send(trader(kFarm), model::EnterSharedClock{7, lot, 15'000, 50, 0, 0}).reject,
            Reject::unknown_session);
  EXPECT_EQ(m.send(trader(kFarm), model::EnterSharedClock{id, lot, 15'000, 50, 14'000, 0}).reject,
            Reject::invalid_auction_terms)
      << "a reserve below the start";
}

TEST_F(SharedClock, R5_3_2_all_lots_open_together_at_the_announced_time) {
  const auto first = entered();
  const auto second = entered(kFarm2);
  EXPECT_EQ(bid(kBuyer, first, 15'000), Reject::auction_not_open);
  at(-1);
  EXPECT_EQ(m.lot(first).state, LotState::kAnnounced);
  open();
  EXPECT_EQ(m.lot(first).state, LotState::kOpen);
  EXPECT_EQ(m.lot(second).state, LotState::kOpen);
  EXPECT_EQ(row().state, SessionState::kRunning);
  EXPECT_EQ(left(), 60 * kSecond);
  const auto late = m.ready_lot(kFarm);
  EXPECT_EQ(m.send(trader(kFarm), model::EnterSharedClock{id, late, 15'000, 50, 0, 0}).reject,
            Reject::wrong_session_state);
}

TEST_F(SharedClock, R5_3_2_any_bid_on_any_lot_restarts_the_clock_for_all) {
  const auto first = entered();
  const auto second = entered(kFarm2);
  open();
  at(59 * kSecond);
  EXPECT_EQ(bid(kBuyer, first, 15'000), Reject::ok);
  EXPECT_EQ(left(), 60 * kSecond);
  at(118 * kSecond);
  EXPECT_EQ(bid(kBuyer2, second, 15'000), Reject::ok) << "59 s after its own first close";
  EXPECT_EQ(m.lot(second).close_at, body.opens_at + 178 * kSecond);
  at(177 * kSecond);
  EXPECT_EQ(bid(kBuyer2, first, 15'050), Reject::ok);
  EXPECT_EQ(bid(kBuyer2, first, 15'100), Reject::already_leading);
  EXPECT_EQ(left(), 60 * kSecond);
}

TEST_F(SharedClock, R5_3_2_when_the_clock_runs_out_every_lot_closes) {
  const auto sold = entered();
  const auto nobodys = entered(kFarm2);
  open();
  at(10 * kSecond);
  ASSERT_EQ(bid(kBuyer, sold, 15'000), Reject::ok);
  at(70 * kSecond - 1);
  EXPECT_EQ(m.lot(sold).state, LotState::kOpen);
  at(70 * kSecond);
  EXPECT_EQ(m.lot(sold).state, LotState::kSold);
  EXPECT_EQ(m.contract(m.lot(sold).last_contract).price, Price{15'000});
  EXPECT_EQ(m.lot(nobodys).state, LotState::kUnsold);
  EXPECT_EQ(m.frozen(kFarm2), Fen{});
  EXPECT_EQ(row().state, SessionState::kEnded);
  EXPECT_EQ(row().ended_at, body.opens_at + 70 * kSecond);
  EXPECT_EQ(row().weighted / row().weight, 15'000) << "the mean is of what was sold";
  EXPECT_EQ(bid(kBuyer2, sold, 15'100), Reject::auction_closed);
}

TEST_F(SharedClock, R5_3_2_a_bid_at_the_end_of_the_clock_is_too_late_whoever_comes_first) {
  const auto lot = entered();
  open();
  m.now = Time{body.opens_at + 60 * kSecond};
  EXPECT_EQ(bid(kBuyer, lot, 15'000), Reject::auction_closed);
}

TEST_F(SharedClock, R5_3_2_each_five_minutes_the_clock_is_ten_seconds_shorter_down_to_twenty) {
  const auto lot = entered();
  open();
  std::int64_t price = 15'000;
  model::ParticipantId who = kBuyer;
  const auto length_at = [&](std::int64_t ns) {
    while (m.now.value + 15 * kSecond < body.opens_at + ns) {
      m.now += Time{15 * kSecond};
      m.tick();
      EXPECT_EQ(bid(who, lot, price), Reject::ok);
      price += 50;
      who = who == kBuyer ? kBuyer2 : kBuyer;
    }
    at(ns);
    EXPECT_EQ(bid(who, lot, price), Reject::ok);
    price += 50;
    who = who == kBuyer ? kBuyer2 : kBuyer;
    return left() / kSecond;
  };
  // A bid never shortens what is left: right after a shrink the last restart still counts.
  EXPECT_EQ(length_at(4 * kMinute), 60);
  EXPECT_EQ(length_at(5 * kMinute + 11 * kSecond), 50);
  EXPECT_EQ(length_at(10 * kMinute + 11 * kSecond), 40);
  EXPECT_EQ(length_at(15 * kMinute + 11 * kSecond), 30);
  EXPECT_EQ(length_at(20 * kMinute + 11 * kSecond), 20);
  EXPECT_EQ(length_at(25 * kMinute + 11 * kSecond), 20);
}

TEST_F(SharedClock, R5_3_2_a_bid_never_shortens_what_is_left) {
  const auto lot = entered();
  open();
  for (int i = 1; i <= 6; ++i) {
    at(i * 49 * kSecond);
    ASSERT_EQ(bid(i % 2 == 1 ? kBuyer : kBuyer2, lot, 14'950 + 50 * i), Reject::ok);
  }
  at(300 * kSecond);  // 294 s + 60 s = 354 s; a restart now would end at 350 s
  ASSERT_EQ(bid(kBuyer, lot, 15'300), Reject::ok);
  EXPECT_EQ(left(), 54 * kSecond);
}

TEST_F(SharedClock, R5_3_6_a_lot_below_its_reserve_has_its_exclusive_time_after_the_clock) {
  const auto lot = entered(kFarm, 16'000);
  open();
  ASSERT_EQ(bid(kBuyer, lot, 15'000), Reject::ok);
  at(60 * kSecond);
  EXPECT_EQ(m.lot(lot).state, LotState::kExclusive);
  EXPECT_EQ(row().state, SessionState::kEnded);
  EXPECT_EQ(m.send(trader(kBuyer), model::RaiseToReserve{lot}).reject, Reject::ok);
  EXPECT_EQ(m.contract(m.lot(lot).last_contract).price, Price{16'000});
}

TEST_F(SharedClock, R5_3_2_a_bid_at_the_cap_ends_its_lot_and_the_clock_goes_on_for_the_others) {
  const auto capped = entered(kFarm, 0, 15'000);
  const auto other = entered(kFarm2);
  open();
  at(30 * kSecond);
  ASSERT_EQ(bid(kBuyer, capped, 15'000), Reject::ok);
  EXPECT_EQ(m.lot(capped).state, LotState::kSold);
  EXPECT_EQ(left(), 60 * kSecond);
  EXPECT_EQ(bid(kBuyer2, other, 15'000), Reject::ok);
}

TEST_F(SharedClock, R5_7_a_leader_that_is_struck_restarts_the_clock) {
  const auto lot = entered();
  open();
  ASSERT_EQ(bid(kBuyer2, lot, 15'000), Reject::ok);
  ASSERT_EQ(bid(kBuyer, lot, 15'050), Reject::ok);
  at(50 * kSecond);
  EXPECT_EQ(m.send(kOperator, model::KillParticipant{kBuyer, hash_of("why")}).reject, Reject::ok);
  m.tick();
  EXPECT_EQ(m.lot(lot).leader, kBuyer2);
  EXPECT_EQ(left(), 60 * kSecond);
  EXPECT_EQ(m.lot(lot).close_at, row().due);
}

TEST_F(SharedClock, R12_2_a_halt_stops_the_clock_and_gives_a_whole_one_back) {
  const auto lot = entered();
  open();
  ASSERT_EQ(bid(kBuyer, lot, 15'000), Reject::ok);
  at(10 * kSecond);
  ASSERT_EQ(m.send(kOperator, model::HaltMarket{0, hash_of("why")}).reject, Reject::ok);
  EXPECT_EQ(bid(kBuyer2, lot, 15'050), Reject::trading_halted);
  ASSERT_EQ(m.send(kOperator, model::ResumeMarket{0, m.now.value + 5 * kMinute}).reject,
            Reject::ok);
  at(2 * kMinute);
  EXPECT_EQ(m.lot(lot).state, LotState::kOpen) << "past its end, but the clock stands";
  at(5 * kMinute + 11 * kSecond);
  EXPECT_EQ(left(), 60 * kSecond);
  at(5 * kMinute + 31 * kSecond);
  EXPECT_EQ(bid(kBuyer2, lot, 15'050), Reject::ok);
  EXPECT_EQ(left(), 60 * kSecond) << "the halted time is not counted: it has not shrunk";
  at(6 * kMinute + 31 * kSecond);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
}

TEST_F(SharedClock, R12_2_what_is_not_resumed_by_the_end_of_the_day_ends_unsold) {
  const auto lot = entered();
  open();
  ASSERT_EQ(bid(kBuyer, lot, 15'000), Reject::ok);
  at(10 * kSecond);
  ASSERT_EQ(m.send(kOperator, model::HaltMarket{0, hash_of("why")}).reject, Reject::ok);
  at(model::kDay);
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.frozen(kBuyer), Fen{});
}

TEST_F(SharedClock, R5_3_2_a_catalogue_of_many_lots_closes_in_parts_and_loses_none) {
  std::vector<model::LotId> lots;
  for (int i = 0; i < 50; ++i) lots.push_back(entered(kFarm, 0));
  open();
  at(60 * kSecond);
  m.tick();
  for (const auto lot : lots) EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(row().state, SessionState::kEnded);
}

TEST_F(SharedClock, R5_3_2_a_catalogue_nobody_entered_ends_as_it_opens) {
  open();
  EXPECT_EQ(row().state, SessionState::kEnded);
}

}  // namespace
}  // namespace hulan::engine
