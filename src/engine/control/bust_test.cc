// SPDX-License-Identifier: Apache-2.0
#include "engine/control/bust.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::ContractState;

struct Bust : ::testing::Test {
  TestMarket m;

  model::ContractId trade(model::ParticipantId buyer, std::int64_t price) {
    const auto lot = m.ready_lot(kFarm);
    EXPECT_EQ(m.send(trader(kFarm), m.listing(lot, price)).reject, Reject::ok);
    const auto made = m.send(trader(buyer), model::Take{lot, 0, price, 200});
    EXPECT_EQ(made.reject, Reject::ok);
    return made.id;
  }
  model::BustTrade ask(model::ContractId id) { return {id, hash_of("typed wrong")}; }
  /// The row of the county, 2024-01-08.
  const model::DayPriceRow& county() {
    const auto& rows = m.engine.state().day_prices;
    for (std::uint32_t id = 1; id < rows.size(); ++id) {
      if (rows[id].region == kHulan) return rows[id];
    }
    return rows[0];
  }
};

TEST_F(Bust, R12_4_the_postings_are_reversed_and_nobody_pays_a_fee) {
  const Fen seller = m.available(kFarm), buyer = m.available(kBuyer);
  const auto id = trade(kBuyer, 16'000);
  ASSERT_NE(m.frozen(kBuyer), Fen{0});
  ASSERT_EQ(m.send_approved(kOperator, ask(id), {kSupervisor}).reject, Reject::ok);
  ASSERT_EQ(m.last_approval.reject, Reject::ok);
  EXPECT_EQ(m.contract(id).state, ContractState::kBusted);
  EXPECT_EQ(m.available(kFarm), seller);
  EXPECT_EQ(m.available(kBuyer), buyer);
  EXPECT_EQ(m.events<model::TradeBusted>().size(), 1u);
  m.advance(3 * model::kDay);
  EXPECT_EQ(m.contract(id).state, ContractState::kBusted) << "no deadline is left";
}

TEST_F(Bust, R2_4_who_asked_does_not_approve_and_a_party_needs_two_of_the_staff) {
  const auto id = trade(kBuyer, 16'000);
  const auto asked = m.send(kOperator, ask(id));
  const Sha256 content = sha256(m.last_body);
  EXPECT_EQ(m.send(kOperator, model::Approve{asked.id, content}).reject, Reject::own_approval);
  const auto other = trade(kBuyer2, 16'000);
  m.send_approved(trader(kBuyer2), ask(other), {kSupervisor});
  EXPECT_EQ(m.contract(other).state, ContractState::kConcluded);
  m.send_approved(trader(kBuyer2), ask(other), {kSupervisor, kOperator2});
  EXPECT_EQ(m.contract(other).state, ContractState::kBusted);
}

TEST_F(Bust, R12_4_asked_for_within_sixty_minutes_and_before_payment) {
  const auto late = trade(kBuyer, 16'000);
  const auto paid = trade(kBuyer, 16'000);
  ASSERT_EQ(m.send(finance(kBuyer), model::Pay{paid}).reject, Reject::ok);
  EXPECT_EQ(m.send(kOperator, ask(paid)).reject, Reject::wrong_contract_state);
  m.now += model::Time{60 * model::kMinute - 1};
  EXPECT_EQ(m.send(kOperator, ask(late)).reject, Reject::ok);
  m.now += model::Time{1};
  EXPECT_EQ(m.send(kOperator, ask(late)).reject, Reject::bust_too_late);
  EXPECT_EQ(m.send(trader(kBuyer3), ask(late)).reject, Reject::not_contract_party);
}

TEST_F(Bust, R12_4_what_was_paid_after_the_asking_returns_too) {
  const Fen before = m.available(kBuyer);
  const auto id = trade(kBuyer, 16'000);
  const auto asked = m.send(kOperator, ask(id));
  const Sha256 content = sha256(m.last_body);
  ASSERT_EQ(m.send(finance(kBuyer), model::Pay{id}).reject, Reject::ok);
  ASSERT_EQ(m.send(kSupervisor, model::Approve{asked.id, content}).reject, Reject::ok);
  EXPECT_EQ(m.contract(id).state, ContractState::kBusted);
  EXPECT_EQ(m.available(kBuyer), before);
}

TEST_F(Bust, R11_2_a_busted_trade_leaves_the_days_prices) {
  trade(kBuyer, 16'000);
  trade(kBuyer, 16'100);
  const auto wrong = trade(kBuyer2, 16'500);
  ASSERT_EQ(county().trades, 3u);
  ASSERT_EQ(county().high, model::Price{16'500});
  ASSERT_EQ(county().buyers, 2u);
  m.send_approved(kOperator, ask(wrong), {kSupervisor});
  EXPECT_EQ(county().trades, 2u);
  EXPECT_EQ(county().quantity, 400);
  EXPECT_EQ(county().weight, 44'000'000);
  EXPECT_TRUE(county().weighted == model::Int128{44'000'000} * 16'050);
  EXPECT_EQ(county().high, model::Price{16'100});
  EXPECT_EQ(county().low, model::Price{16'000});
  EXPECT_EQ(county().buyers, 1u);
}

TEST_F(Bust, R11_2_without_its_only_trade_the_day_has_no_value) {
  const auto only = trade(kBuyer, 16'000);
  m.send_approved(kOperator, ask(only), {kSupervisor});
  EXPECT_EQ(county().trades, 0u);
  EXPECT_EQ(county().weight, 0);
  m.advance(model::kDay);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(m.ready_lot(kFarm), 16'000)).reject, Reject::ok);
}

TEST_F(Bust, R12_4_the_animals_can_be_offered_again) {
  auto body = m.draft(10);
  const auto lot = m.send(trader(kFarm), body).id;
  for (const auto kind : {model::DocumentKind::kAsfTest, model::DocumentKind::kImmunization}) {
    m.send(trader(kFarm), m.paper(lot, kind));
  }
  const model::TagRange tags{123011159000001, 10};
  ASSERT_EQ(m.attach_tags(trader(kFarm), lot, {tags}).reject, Reject::ok);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(lot, 16'000)).reject, Reject::ok);
  const auto made = m.send(trader(kBuyer), model::Take{lot, 0, 16'000, 10});
  const auto again = m.send(trader(kFarm), body).id;
  ASSERT_EQ(m.attach_tags(trader(kFarm), again, {tags}).reject, Reject::tag_in_use);
  m.send_approved(kOperator, ask(made.id), {kSupervisor});
  EXPECT_EQ(m.attach_tags(trader(kFarm), again, {tags}).reject, Reject::ok);
}

}  // namespace
}  // namespace hulan::engine
