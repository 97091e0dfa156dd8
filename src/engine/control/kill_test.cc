// SPDX-License-Identifier: Apache-2.0
#include "engine/control/kill.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::LotState;

struct Kill : ::testing::Test {
  TestMarket m;
  Reject kill(model::ParticipantId id) {
    return m.send(kOperator, model::KillParticipant{id, hash_of("runaway")}).reject;
  }
};

TEST_F(Kill, R12_2_standing_bids_are_struck_and_the_next_leads) {
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.notice(lot, 16'000, 100)).reject, Reject::ok);
  m.advance(model::kDay);
  m.bid(kBuyer, lot, 16'000);
  m.bid(kBuyer2, lot, 16'100);
  ASSERT_EQ(kill(kBuyer2), Reject::ok);
  EXPECT_EQ(m.lot(lot).leader, kBuyer);
  EXPECT_EQ(m.frozen(kBuyer2), Fen{0});
  EXPECT_EQ(m.bid(kBuyer2, lot, 16'300).reject, Reject::trading_stopped);
}

TEST_F(Kill, R12_2_live_offers_go_out_and_none_come_in) {
  const auto listed = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(listed, 16'000)).reject, Reject::ok);
  const auto draft = m.ready_lot(kFarm);
  ASSERT_EQ(kill(kFarm), Reject::ok);
  EXPECT_EQ(m.lot(listed).state, LotState::kWithdrawn);
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
  EXPECT_EQ(m.send(trader(kFarm), m.listing(draft, 16'000)).reject, Reject::trading_stopped);
}

TEST_F(Kill, R12_2_its_contracts_go_on) {
  const auto listed = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(listed, 16'000)).reject, Reject::ok);
  const auto contract = m.send(trader(kBuyer), model::Take{listed, 0, 16'000, 200});
  ASSERT_EQ(contract.reject, Reject::ok);
  ASSERT_EQ(kill(kBuyer), Reject::ok);
  EXPECT_EQ(m.send(finance(kBuyer), model::Pay{contract.id}).reject, Reject::ok);
  EXPECT_EQ(m.contract(contract.id).state, model::ContractState::kPaid);
}

TEST_F(Kill, R12_2_revived_it_trades_again_and_what_was_taken_out_stays_out) {
  const auto listed = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(listed, 16'000)).reject, Reject::ok);
  const auto draft = m.ready_lot(kFarm);
  ASSERT_EQ(kill(kFarm), Reject::ok);
  EXPECT_EQ(kill(kFarm), Reject::wrong_participant_state);
  ASSERT_EQ(m.send(kOperator, model::ReviveParticipant{kFarm, hash_of("fixed")}).reject,
            Reject::ok);
  EXPECT_EQ(m.lot(listed).state, LotState::kWithdrawn);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(draft, 16'000)).reject, Reject::ok);
}

TEST_F(Kill, R2_2_a_killed_participant_can_still_be_suspended) {
  ASSERT_EQ(kill(kBuyer), Reject::ok);
  EXPECT_EQ(m.send(kOperator,
                   model::SetParticipantState{kBuyer, model::ParticipantState::kSuspended, {}, {}})
                .reject,
            Reject::ok);
  EXPECT_EQ(m.engine.state().participants[kBuyer].state, model::ParticipantState::kSuspended);
}

}  // namespace
}  // namespace hulan::engine
