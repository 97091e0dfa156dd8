// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/clock.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/auction/allocation.h"
#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::LotState;
using model::SessionState;
using model::UnsoldRule;

constexpr std::int64_t kTick = 500'000'000;

/// Hogs that may also be sold on a clock; sessions open a day ahead, a lot is 200 hogs of 110 kg.
struct Clock : ::testing::Test {
  Clock() {
    model::ProductRow row = hogs();
    row.methods |= model::method_bit(model::Method::kClock);
    row.band_bp = 0;
    const auto reply =
        m.send_approved(kOperator, model::DefineProductTerms{row, {}}, {kSupervisor});
    EXPECT_EQ(reply.reject, Reject::ok);
    EXPECT_EQ(m.last_approval.reject, Reject::ok);
  }

  model::AnnounceSession session(UnsoldRule unsold = UnsoldRule::kCarry) const {
    model::AnnounceSession body{};
    body.product = m.product_id;
    body.kind = model::SessionKind::kCadran;
    body.side = model::Side::kSell;
    body.unsold = unsold;
    body.opens_at = m.now.value + model::kDay;
    body.seed = hash_of("seed");
    return body;
  }
  model::SessionId announced(UnsoldRule unsold = UnsoldRule::kCarry) {
    const Replied reply = m.send(kOperator, session(unsold));
    EXPECT_EQ(reply.reject, Reject::ok);
    return reply.id;
  }
  Reject enter(model::ParticipantId who, model::SessionId id, model::LotId lot,
               std::int64_t start = 16'000, std::int64_t floor = 15'000,
               std::int64_t minimum = 50) {
    return m.send(trader(who), model::EnterClock{id, lot, start, 100, floor, minimum}).reject;
  }
  model::LotId entered(model::SessionId id, std::int64_t minimum = 50) {
    const auto lot = m.ready_lot(kFarm);
    EXPECT_EQ(enter(kFarm, id, lot, 16'000, 15'000, minimum), Reject::ok);
    return lot;
  }
  /// Moves to the session's opening; the first clock starts there.
  void open(model::SessionId id) {
    m.now = Time{row(id).opens_at};
    m.tick();
  }
  Replied take(model::ParticipantId who, model::LotId lot, std::int64_t price,
               std::int64_t quantity) {
    return m.send(trader(who), model::TakeClock{lot, 0, price, quantity});
  }
  const model::SessionRow& row(model::SessionId id) const { return m.engine.state().sessions[id]; }
  const model::ClockRow& clock(model::LotId id) const { return m.engine.state().clocks[id]; }
  const model::ContractRow& made(const Replied& reply) const { return m.contract(reply.id); }

  TestMarket m;
};

TEST_F(Clock, R5_3_a_session_is_announced_at_least_the_notice_period_before) {
  auto body = session();
  body.opens_at -= 1;
  EXPECT_EQ(m.send(kOperator, body).reject, Reject::notice_too_short);
  body.opens_at += 1;
  EXPECT_EQ(m.send(trader(kFarm), body).reject, Reject::wrong_role);
  const Replied made = m.send(kOperator, body);
  ASSERT_EQ(made.reject, Reject::ok);
  const auto lot = m.ready_lot(kFarm);
  m.now += Time{1};
  EXPECT_EQ(enter(kFarm, made.id, lot), Reject::notice_too_short) << "the lot's own notice";
}

TEST_F(Clock, R5_3_3_terms_that_contradict_each_other_are_refused) {
  const auto id = announced();
  const auto lot = m.ready_lot(kFarm);
  EXPECT_EQ(enter(kFarm, id, lot, 15'000, 15'100), Reject::invalid_auction_terms);
  EXPECT_EQ(enter(kFarm, id, lot, 16'005, 15'000), Reject::price_off_tick);
  EXPECT_EQ(enter(kFarm, id, lot, 16'000, 0), Reject::price_not_positive);
  EXPECT_EQ(enter(kFarm, id, lot, 16'000, 15'000, 201), Reject::invalid_quantity);
  EXPECT_EQ(enter(kFarm2, id, lot), Reject::not_lot_owner);
  EXPECT_EQ(enter(kFarm, 9, lot), Reject::unknown_session);
  const Replied wanted = m.send(trader(kBuyer), m.wanted());
  EXPECT_EQ(enter(kBuyer, id, wanted.id), Reject::not_for_this_session);
  EXPECT_EQ(m.send(trader(kFarm), model::EnterClock{id, lot, 16'000, 0, 15'000, 50}).reject,
            Reject::invalid_auction_terms);
}

TEST_F(Clock, R6_4_the_initiator_freezes_its_bond_at_the_start_and_two_fen_a_part) {
  entered(announced());
  // 22 000 kg x 16.000 = 352 000.00; 5 %; four parts of 50.
  EXPECT_EQ(m.frozen(kFarm), Fen{17'600'00 + 2 * 4});
}

TEST_F(Clock, R5_3_3_the_price_falls_by_the_step_each_tick_to_the_floor) {
  const auto id = announced();
  const auto lot = entered(id);
  EXPECT_EQ(take(kBuyer, lot, 16'000, 200).reject, Reject::auction_not_open);
  open(id);
  const auto at = [&](std::int64_t ticks, std::int64_t less = 0) {
    return clock_price(clock(lot), m.lot(lot), Time{clock(lot).started_at + ticks * kTick - less});
  };
  EXPECT_EQ(at(0), Price{16'000});
  EXPECT_EQ(at(1, 1), Price{16'000});
  EXPECT_EQ(at(1), Price{15'900});
  EXPECT_EQ(at(9), Price{15'100});
  EXPECT_EQ(at(10), Price{15'000});
  EXPECT_EQ(at(11, 1), Price{15'000}) << "the floor stands a full tick";
  EXPECT_EQ(at(11), std::nullopt);
  EXPECT_EQ(m.lot(lot).close_at, clock(lot).started_at + 11 * kTick);
}

TEST_F(Clock, R5_3_3_the_first_take_stops_the_clock_at_what_it_shows) {
  const auto id = announced();
  const auto lot = entered(id);
  open(id);
  m.now += Time{3 * kTick};
  EXPECT_EQ(take(kBuyer, lot, 15'600, 200).reject, Reject::stale_price);
  const Replied taken = take(kBuyer, lot, 15'800, 200);
  ASSERT_EQ(taken.reject, Reject::ok) << "it saw a dearer price than it pays";
  EXPECT_EQ(made(taken).price, Price{15'700});
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  // 22 000 kg x 15.700 = 345 400.00; 5.5 %
  EXPECT_EQ(taken.frozen, Fen{18'997'00});
  EXPECT_EQ(take(kBuyer2, lot, 15'700, 200).reject, Reject::auction_closed);
}

TEST_F(Clock, R5_3_3_three_takes_each_at_its_own_price_and_an_unsold_rest) {
  const auto id = announced();
  const auto lot = entered(id, 60);
  open(id);
  const std::int64_t start = m.now.value;
  m.now = Time{start + 2 * kTick};
  const Replied first = take(kBuyer, lot, 15'800, 60);
  ASSERT_EQ(first.reject, Reject::ok);
  EXPECT_EQ(made(first).price, Price{15'800});
  m.now += Time{kTick - 1};
  EXPECT_EQ(take(kBuyer2, lot, 15'800, 60).reject, Reject::clock_waits) << "a full tick";
  m.now += Time{1};
  EXPECT_EQ(take(kBuyer2, lot, 15'800, 59).reject, Reject::below_minimum);
  const Replied second = take(kBuyer2, lot, 15'800, 60);
  ASSERT_EQ(second.reject, Reject::ok);
  EXPECT_EQ(made(second).price, Price{15'800}) << "it resumes at the same price";
  m.now += Time{3 * kTick};
  const Replied third = take(kBuyer3, lot, 15'600, 60);
  ASSERT_EQ(third.reject, Reject::ok);
  EXPECT_EQ(made(third).price, Price{15'600});
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.lot(lot).remaining, 20);
  EXPECT_EQ(m.lot(lot).contracts, 3u);
  EXPECT_EQ(m.lot(lot).initiator_bond, Fen{0});
  m.tick();
  EXPECT_EQ(row(id).state, SessionState::kEnded);
}

TEST_F(Clock, R5_3_3_the_lots_run_one_after_the_other_in_an_order_drawn_from_the_seed) {
  const auto id = announced();
  std::vector<model::LotId> lots;
  for (int i = 0; i < 6; ++i) lots.push_back(entered(id));
  const Sha256 seed = row(id).seed;
  EXPECT_NE(seed, hash_of("seed")) << "each entry's client id is in it";
  open(id);
  std::vector<std::pair<std::uint64_t, model::LotId>> drawn;
  for (const model::LotId lot : lots) {
    std::uint8_t number[4] = {static_cast<std::uint8_t>(lot), 0, 0, 0};
    const Sha256 hash = sha256_of({seed, number});
    std::uint64_t key = 0;
    std::memcpy(&key, hash.data(), 8);
    drawn.emplace_back(key, lot);
  }
  std::sort(drawn.begin(), drawn.end());
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    EXPECT_EQ(row(id).current, drawn[i].second) << i;
    EXPECT_EQ(clock(drawn[i].second).place, i + 1);
    EXPECT_EQ(std::ranges::count(lots, LotState::kOpen,
                                 [&](model::LotId lot) { return m.lot(lot).state; }),
              1);
    m.now = Time{m.lot(drawn[i].second).close_at - 1};
    m.tick();
    EXPECT_EQ(m.lot(drawn[i].second).state, LotState::kOpen);
    m.now += Time{1};
    m.tick();
    EXPECT_EQ(m.lot(drawn[i].second).state, LotState::kCarried);
  }
  EXPECT_EQ(row(id).state, SessionState::kEnded);
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
}

TEST_F(Clock, R5_3_3_after_a_sale_the_next_lot_begins_after_the_pause) {
  auto body = session();
  body.pause_ns = 2 * model::kSecond;
  const auto id = m.send(kOperator, body).id;
  entered(id);
  entered(id);
  open(id);
  const auto first = row(id).current;
  ASSERT_EQ(take(kBuyer, first, 16'000, 200).reject, Reject::ok);
  const std::int64_t sold = m.now.value;
  m.now = Time{sold + 2 * model::kSecond - 1};
  m.tick();
  EXPECT_EQ(row(id).current, first);
  m.now += Time{1};
  m.tick();
  ASSERT_NE(row(id).current, first);
  EXPECT_EQ(clock(row(id).current).started_at, m.now.value);
  // The timer of the first clock's end is stale: it must not end the second early.
  const auto second = row(id).current;
  m.now = Time{m.lot(second).close_at - 1};
  m.tick();
  EXPECT_EQ(m.lot(second).state, LotState::kOpen);
}

TEST_F(Clock, R5_3_3_a_lot_that_left_for_another_session_does_not_take_its_session_along) {
  auto body = session();
  body.pause_ns = model::kMinute;
  const auto id = m.send(kOperator, body).id;
  body.opens_at += model::kHour;
  const auto other = m.send(kOperator, body).id;
  entered(id);
  entered(id);
  open(id);
  const auto first = row(id).current;
  m.now = Time{m.lot(first).close_at};
  m.tick();
  ASSERT_EQ(m.lot(first).state, LotState::kCarried);
  ASSERT_EQ(enter(kFarm, other, first), Reject::ok) << "during the pause";
  m.now += Time{model::kMinute};
  m.tick();
  EXPECT_NE(row(id).current, first);
  EXPECT_EQ(m.lot(row(id).current).state, LotState::kOpen);
}

TEST_F(Clock, R5_3_3_what_was_carried_over_needs_no_new_notice) {
  const auto first = announced();
  auto body = session();
  body.opens_at += model::kHour;
  const auto second = m.send(kOperator, body).id;
  const auto lot = entered(first);
  open(first);
  ASSERT_EQ(take(kBuyer, lot, 16'000, 50).reject, Reject::ok);
  m.now += Time{model::kMinute};
  m.tick();
  ASSERT_EQ(m.lot(lot).state, LotState::kCarried);
  EXPECT_EQ(m.lot(lot).remaining, 150);
  ASSERT_EQ(enter(kFarm, second, lot, 15'500, 15'000, 0), Reject::ok);
  EXPECT_EQ(m.frozen(kFarm), Fen{17'600'00 / 4 + 16'500 * 15'500 / 10 * 5 / 100})
      << "the contract of 50, and the bond of 150 at 15.500";
  open(second);
  EXPECT_EQ(take(kBuyer2, lot, 15'500, 100).reject, Reject::below_minimum);
  EXPECT_EQ(take(kBuyer2, lot, 15'500, 150).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
}

TEST_F(Clock, R5_3_3_the_unsold_goes_to_quotas_pro_rata_at_the_mean) {
  const auto id = announced(UnsoldRule::kAllocate);
  entered(id, 20);
  entered(id, 20);
  const auto quota = [&](model::ParticipantId who, std::int64_t quantity) {
    return m.send(trader(who), model::BondQuota{id, quantity});
  };
  const Replied bonded = quota(kBuyer2, 30);
  ASSERT_EQ(bonded.reject, Reject::ok);
  // 3 300 kg x 16.000 = 52 800.00; 5.5 %
  EXPECT_EQ(bonded.frozen, Fen{2'904'00});
  EXPECT_EQ(quota(kBuyer2, 30).reject, Reject::quota_exists);
  ASSERT_EQ(quota(kBuyer3, 90).reject, Reject::ok);
  open(id);
  EXPECT_EQ(quota(kBuyer, 30).reject, Reject::wrong_session_state);
  const auto first = row(id).current;
  m.now += Time{4 * kTick};
  ASSERT_EQ(take(kBuyer, first, 15'600, 120).reject, Reject::ok);  // 80 left
  m.now = Time{m.lot(first).close_at};
  m.tick();
  const auto second = row(id).current;
  ASSERT_NE(second, first);
  EXPECT_EQ(take(kBuyer, first, 15'600, 80).reject, Reject::auction_closed) << "its turn is over";
  m.now += Time{model::kMinute};
  for (int i = 0; i < 4; ++i) m.tick();
  ASSERT_EQ(row(id).state, SessionState::kEnded);
  // 80 among 30 and 90: 20 and 60; then 200 among what is left: 10 (below the minimum) and 30.
  std::vector<std::pair<model::ParticipantId, std::int64_t>> parts;
  for (model::ContractId c = 2; c < m.engine.state().contracts.size(); ++c) {
    parts.emplace_back(m.contract(c).buyer, m.contract(c).quantity);
    EXPECT_EQ(m.contract(c).price, Price{15'600}) << "the mean of what was taken";
  }
  using Parts = std::vector<std::pair<model::ParticipantId, std::int64_t>>;
  EXPECT_EQ(parts, (Parts{{kBuyer2, 20}, {kBuyer3, 60}, {kBuyer3, 30}}));
  EXPECT_EQ(m.lot(first).state, LotState::kSold);
  EXPECT_EQ(m.lot(second).state, LotState::kCarried);
  EXPECT_EQ(m.lot(second).remaining, 170);
  EXPECT_EQ(m.frozen(kBuyer2), m.contract(2).buyer_bond + m.contract(2).buyer_trading_bond)
      << "what the quota did not need is released";
}

TEST_F(Clock, R5_3_3_with_no_mean_the_unsold_is_carried_over) {
  const auto id = announced(UnsoldRule::kAllocate);
  const auto lot = entered(id);
  ASSERT_EQ(m.send(trader(kBuyer), model::BondQuota{id, 100}).reject, Reject::ok);
  open(id);
  m.now += Time{model::kMinute};
  for (int i = 0; i < 4; ++i) m.tick();
  EXPECT_EQ(row(id).state, SessionState::kEnded);
  EXPECT_EQ(m.lot(lot).state, LotState::kCarried);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
}

TEST_F(Clock, R5_3_3_a_buyers_clock_rises_to_its_ceiling) {
  auto body = session();
  body.side = model::Side::kBuy;
  const auto id = m.send(kOperator, body).id;
  const Replied wanted = m.send(trader(kBuyer), m.wanted());
  ASSERT_EQ(enter(kBuyer, id, wanted.id, 15'000, 16'000, 0), Reject::ok);
  // 22 000 kg x 16.000: the highest the clock can show; both bonds are the buyer's.
  EXPECT_EQ(m.frozen(kBuyer), Fen{19'360'00});
  const auto goods = m.ready_lot(kFarm);
  open(id);
  m.now += Time{3 * kTick};
  const auto sell = [&](std::int64_t price) {
    return m.send(trader(kFarm), model::TakeClock{wanted.id, goods, price, 200});
  };
  EXPECT_EQ(sell(15'400).reject, Reject::stale_price) << "it asked for more than the clock shows";
  const Replied sold = sell(15'300);
  ASSERT_EQ(sold.reject, Reject::ok);
  EXPECT_EQ(made(sold).price, Price{15'300});
  EXPECT_EQ(made(sold).seller, kFarm);
  EXPECT_EQ(m.lot(goods).state, LotState::kSold);
}

TEST_F(Clock, R5_6_R6_1_the_initiator_takes_nothing_and_without_funds_nobody_does) {
  const auto id = announced();
  const auto lot = entered(id);
  open(id);
  EXPECT_EQ(take(kFarm, lot, 16'000, 200).reject, Reject::own_lot);
  ASSERT_EQ(m.send(finance(kBuyer),
                   model::RequestWithdrawal{kBuyer, 0, TestMarket::kMoney - 100, hash_of("bank")})
                .reject,
            Reject::ok);
  EXPECT_EQ(take(kBuyer, lot, 16'000, 200).reject, Reject::no_funds);
}

TEST_F(Clock, R5_3_3_a_lot_on_a_clock_takes_no_bids) {
  const auto id = announced();
  const auto lot = entered(id);
  open(id);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::wrong_lot_state);
}

TEST_F(Clock, R5_7_a_suspended_sellers_lot_is_passed_over) {
  const auto id = announced();
  entered(id);
  const auto other = m.ready_lot(kFarm2);
  ASSERT_EQ(enter(kFarm2, id, other), Reject::ok);
  ASSERT_EQ(m.send(kOperator,
                   model::SetParticipantState{
                       kFarm, model::ParticipantState::kSuspended, {}, hash_of("r")})
                .reject,
            Reject::ok);
  open(id);
  EXPECT_EQ(row(id).current, other);
}

TEST_F(Clock, R13_1_a_running_session_goes_on_after_a_snapshot) {
  const auto id = announced(UnsoldRule::kAllocate);
  entered(id);
  ASSERT_EQ(m.send(trader(kBuyer2), model::BondQuota{id, 30}).reject, Reject::ok);
  open(id);
  ASSERT_EQ(take(kBuyer, row(id).current, 16'000, 100).reject, Reject::ok);
  Engine other;
  ASSERT_TRUE(other.load(m.engine.save()));
  EXPECT_EQ(other.state_hash(), m.engine.state_hash());
  other.check_invariants();
}

TEST(Allocation, R5_3_3_shares_are_whole_in_proportion_and_never_above_the_wish) {
  std::int64_t shares[3];
  share_pro_rata(10, std::array<std::int64_t, 3>{10, 10, 10}, shares);
  EXPECT_EQ((std::vector<std::int64_t>(shares, shares + 3)), (std::vector<std::int64_t>{4, 3, 3}));
  share_pro_rata(100, std::array<std::int64_t, 3>{5, 6, 7}, shares);
  EXPECT_EQ((std::vector<std::int64_t>(shares, shares + 3)), (std::vector<std::int64_t>{5, 6, 7}));
  share_pro_rata(7, std::array<std::int64_t, 3>{1, 1, 98}, shares);
  EXPECT_EQ((std::vector<std::int64_t>(shares, shares + 3)), (std::vector<std::int64_t>{0, 0, 7}));
}

}  // namespace
}  // namespace hulan::engine
