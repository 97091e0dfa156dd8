// SPDX-License-Identifier: Apache-2.0
#include "engine/market/cash.h"

#include <gtest/gtest.h>

#include "engine/ledger/ledger.h"
#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::OperatorAccount;

constexpr Fen kAll{TestMarket::kMoney};

struct Cash : ::testing::Test {
  TestMarket m;

  Replied deposit(std::int64_t fen, std::string_view reference, std::uint32_t currency = 0) {
    return m.send(kOfficer, model::RecordDeposit{kFarm, currency, fen, hash_of(reference)});
  }
  Replied withdraw(std::int64_t fen, model::UserId by = finance(kFarm)) {
    return m.send(by, model::RequestWithdrawal{kFarm, 0, fen, {}});
  }
  Reject approve(const Replied& proposed, model::UserId by, const Sha256& content) {
    return m.send(by, model::Approve{proposed.id, content}).reject;
  }
  Fen transit() { return m.operator_balance(OperatorAccount::kPayoutsInTransit); }
};

TEST_F(Cash, R3_2_a_deposit_counts_when_a_second_person_approves_it) {
  const Fen bank = m.operator_balance(OperatorAccount::kBank);
  const Replied recorded = deposit(500, "credit 1");
  ASSERT_EQ(recorded.reject, Reject::ok);
  const Sha256 content = sha256(m.last_body);
  EXPECT_EQ(m.available(kFarm), kAll);
  EXPECT_EQ(approve(recorded, kOfficer, content), Reject::own_approval);
  EXPECT_EQ(approve(recorded, kOperator, content), Reject::wrong_role);
  EXPECT_EQ(approve(recorded, kSupervisor, content), Reject::ok);
  EXPECT_EQ(m.available(kFarm), kAll + Fen{500});
  EXPECT_EQ(m.operator_balance(OperatorAccount::kBank), bank - Fen{500});
}

TEST_F(Cash, R3_2_the_same_bank_reference_counts_once) {
  const Replied recorded = deposit(500, "credit 1");
  EXPECT_EQ(deposit(500, "credit 1").reject, Reject::duplicate_reference);
  EXPECT_EQ(deposit(700, "credit 1").detail, recorded.id);
  ASSERT_EQ(m.send(kSupervisor, model::RejectPending{recorded.id, {}}).reject, Reject::ok);
  EXPECT_EQ(deposit(500, "credit 1").reject, Reject::ok) << "a rejected record leaves it free";
  EXPECT_EQ(deposit(500, "credit 2").reject, Reject::ok);
}

TEST_F(Cash, R1_1_an_amount_is_positive_within_the_limit_and_of_a_known_currency) {
  EXPECT_EQ(deposit(0, "a").reject, Reject::invalid_amount);
  EXPECT_EQ(deposit(-1, "a").reject, Reject::invalid_amount);
  EXPECT_EQ(deposit(model::kMaxMagnitude + 1, "a").reject, Reject::invalid_amount);
  EXPECT_EQ(deposit(1, "a", 2).reject, Reject::unknown_currency);
  EXPECT_EQ(deposit(1, "a", 1).reject, Reject::ok) << "roubles";
  EXPECT_EQ(m.send(finance(kFarm), model::RecordDeposit{kFarm, 0, 1, hash_of("b")}).reject,
            Reject::wrong_role);
}

TEST_F(Cash, R3_2_a_withdrawal_leaves_available_at_once_and_the_bank_when_approved) {
  const Fen bank = m.operator_balance(OperatorAccount::kBank);
  const Replied asked = withdraw(1'000);
  ASSERT_EQ(asked.reject, Reject::ok);
  const Sha256 content = sha256(m.last_body);
  EXPECT_EQ(m.available(kFarm), kAll - Fen{1'000});
  EXPECT_EQ(transit(), Fen{1'000});
  EXPECT_EQ(approve(asked, kOfficer, content), Reject::ok);
  EXPECT_EQ(transit(), Fen{0});
  EXPECT_EQ(m.operator_balance(OperatorAccount::kBank), bank + Fen{1'000});
}

TEST_F(Cash, R2_4_above_the_limit_a_withdrawal_needs_two_people) {
  const Replied asked = withdraw(10'000'001);
  const Sha256 content = sha256(m.last_body);
  EXPECT_EQ(approve(asked, kOfficer, content), Reject::ok);
  EXPECT_EQ(transit(), Fen{10'000'001});
  EXPECT_EQ(approve(asked, kOfficer, content), Reject::own_approval);
  EXPECT_EQ(approve(asked, kSupervisor, content), Reject::ok);
  EXPECT_EQ(transit(), Fen{0});
  const Replied small = withdraw(10'000'000);
  EXPECT_EQ(approve(small, kOfficer, sha256(m.last_body)), Reject::ok);
  EXPECT_EQ(transit(), Fen{0}) << "at the limit one is enough";
}

TEST_F(Cash, R2_4_the_officer_who_asks_does_not_approve) {
  const Replied asked = withdraw(1'000, kOfficer);
  const Sha256 content = sha256(m.last_body);
  EXPECT_EQ(approve(asked, kOfficer, content), Reject::own_approval);
  EXPECT_EQ(approve(asked, kOfficer2, content), Reject::ok);
}

TEST_F(Cash, R3_2_a_rejected_withdrawal_returns) {
  const Replied asked = withdraw(1'000);
  EXPECT_EQ(m.send(finance(kBuyer), model::RejectPending{asked.id, {}}).reject, Reject::wrong_role);
  EXPECT_EQ(m.send(finance(kFarm), model::RejectPending{asked.id, {}}).reject, Reject::ok)
      << "who asked may take it back";
  EXPECT_EQ(m.available(kFarm), kAll);
  EXPECT_EQ(transit(), Fen{0});
}

TEST_F(Cash, R1_5_no_account_becomes_negative) {
  EXPECT_EQ(withdraw(kAll.value + 1).reject, Reject::no_funds);
  EXPECT_EQ(withdraw(kAll.value).reject, Reject::ok);
  EXPECT_EQ(withdraw(1).reject, Reject::no_funds);
}

TEST_F(Cash, R2_3_a_withdrawal_is_asked_for_by_its_own_finance_user) {
  EXPECT_EQ(withdraw(1, finance(kBuyer)).reject, Reject::wrong_role);
  EXPECT_EQ(withdraw(1, trader(kFarm)).reject, Reject::wrong_role);
  EXPECT_EQ(withdraw(1, kOperator).reject, Reject::wrong_role);
}

TEST_F(Cash, R2_4_a_manual_posting_takes_two_people_and_moves_free_money_only) {
  const model::AccountRef farm{kFarm, 0};
  const model::AccountRef suspense{0, static_cast<std::uint32_t>(OperatorAccount::kSuspense)};
  const model::AccountRef bond{kFarm, static_cast<std::uint32_t>(model::Bucket::kPerformanceBond)};
  const model::AccountRef transit_account{
      0, static_cast<std::uint32_t>(OperatorAccount::kPayoutsInTransit)};
  const auto post = [&](model::AccountRef from, model::AccountRef to) {
    return m.send_approved(kOfficer, model::PostManual{from, to, 0, 300, hash_of("reason")},
                           {kSupervisor});
  };
  EXPECT_EQ(post(farm, bond).reject, Reject::unknown_account);
  EXPECT_EQ(post(farm, transit_account).reject, Reject::unknown_account);
  EXPECT_EQ(post(farm, farm).reject, Reject::unknown_account);
  EXPECT_EQ(post({99, 0}, farm).reject, Reject::unknown_account);
  post(suspense, farm);
  EXPECT_EQ(m.last_approval.reject, Reject::no_funds) << "nothing lies in suspense";
  EXPECT_EQ(post(farm, suspense).reject, Reject::ok);
  EXPECT_EQ(m.last_approval.reject, Reject::ok);
  EXPECT_EQ(m.available(kFarm), kAll - Fen{300});
  EXPECT_EQ(m.operator_balance(OperatorAccount::kSuspense), Fen{300});
  post(suspense, {kBuyer, 0});
  EXPECT_EQ(m.available(kBuyer), kAll + Fen{300});
}

TEST_F(Cash, R3_4_the_custodians_balance_is_compared_with_the_mirror) {
  const std::int64_t mirror = kMembers * TestMarket::kMoney;
  ASSERT_EQ(m.send(kOfficer, model::ReconcileBank{0, mirror - 7}).reject, Reject::ok);
  const auto found = m.events<model::BankReconciled>();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].mirror, Fen{mirror});
  EXPECT_EQ(found[0].difference, Fen{-7});
}

TEST_F(Cash, R1_5_a_set_that_does_not_sum_to_zero_stops_the_process) {
  auto state = std::make_unique<State>();
  EventBuffer events(1 << 16);
  Context context{
      .state = *state, .events = events, .now = kStart, .sequence = 1, .body = {}, .who = {}};
  const Leg legs[] = {{.participant = 1, .amount = Fen{5}}, {.participant = 0, .amount = Fen{-4}}};
  EXPECT_DEATH(post_set(context, legs, {}), "sum == 0");
}

}  // namespace
}  // namespace hulan::engine
