// SPDX-License-Identifier: Apache-2.0
#include "projections/testing.h"

namespace hulan::projections {
namespace {

using namespace testing;
using model::Currency;
using model::Time;

struct Statements : ViewTest {};

std::int64_t total(const Balances& balances) {
  std::int64_t sum = 0;
  for (const model::Fen fen : balances) sum += fen.value;
  return sum;
}

TEST_F(Statements, R3_3_opening_plus_lines_is_closing_for_every_period_to_the_fen) {
  apply(Events(1, 100).add(posted(5, 1'000'003)).add(posted(6, 77)));
  apply(Events(2, 200).add(posted(5, -500, 450, 50)));
  apply(Events(3, 300).add(posted(5, 500, -450, -50)).add(posted(5, -9)));
  for (std::int64_t from = 50; from <= 400; from += 50) {
    for (std::int64_t to = from; to <= 450; to += 50) {
      const Statement s = view_->statement(5, Currency::kCny, Time{from}, Time{to});
      Balances sum = s.opening;
      for (const StatementLine& line : s.lines) {
        for (std::size_t i = 0; i < model::kBuckets; ++i) sum[i] += line.delta[i];
        EXPECT_EQ(sum, line.balance);
        EXPECT_GE(line.time, from);
        EXPECT_LT(line.time, to);
      }
      EXPECT_EQ(sum, s.closing) << from << " " << to;
    }
  }
  const Statement all = view_->statement(5, Currency::kCny, Time{0}, Time{1'000});
  EXPECT_EQ(all.opening, Balances{});
  EXPECT_EQ(all.lines.size(), 4u);
  EXPECT_EQ(all.closing, view_->balances(5, Currency::kCny));
  EXPECT_EQ(total(all.closing), 999'994);
  const Statement middle = view_->statement(5, Currency::kCny, Time{200}, Time{300});
  EXPECT_EQ(middle.opening[0].value, 1'000'003);
  EXPECT_EQ(middle.closing[0].value, 999'503);
  EXPECT_EQ(middle.closing[1].value, 450);
}

TEST_F(Statements, R3_3_a_statement_cut_to_its_latest_lines_still_adds_up) {
  for (std::uint64_t i = 1; i <= 10; ++i) {
    apply(Events(i, static_cast<std::int64_t>(i)).add(posted(5, static_cast<std::int64_t>(i))));
  }
  const Statement s = view_->statement(5, Currency::kCny, Time{0}, Time{100}, 3);
  EXPECT_TRUE(s.truncated);
  ASSERT_EQ(s.lines.size(), 3u);
  EXPECT_EQ(s.opening[0].value, 28);
  EXPECT_EQ(s.lines[0].delta[0].value, 8);
  EXPECT_EQ(s.lines[2].balance, s.closing);
  EXPECT_EQ(s.closing[0].value, 55);
}

TEST_F(Statements, R3_1_currencies_are_kept_apart) {
  model::Posted rubles = posted(5, 40);
  rubles.currency = Currency::kRub;
  apply(Events(1, 1).add(posted(5, 10)).add(rubles));
  EXPECT_EQ(view_->balances(5, Currency::kCny)[0].value, 10);
  EXPECT_EQ(view_->balances(5, Currency::kRub)[0].value, 40);
  EXPECT_EQ(view_->statement(5, Currency::kRub, Time{0}, Time{9}).lines.size(), 1u);
}

TEST_F(Statements, R3_4_the_operators_accounts_have_statements_and_a_reconciliation) {
  model::OperatorPosted bank{};
  bank.delta = model::Fen{-500};
  bank.account = model::OperatorAccount::kBank;
  model::BankReconciled reconciled{};
  reconciled.mirror = model::Fen{500};
  reconciled.difference = model::Fen{2};
  apply(Events(1, 1).add(bank));
  apply(Events(2, 2).add(bank).add(reconciled));
  const auto s =
      view_->operator_statement(model::OperatorAccount::kBank, Currency::kCny, Time{2}, Time{3});
  EXPECT_EQ(s.opening.value, -500);
  EXPECT_EQ(s.lines.size(), 1u);
  EXPECT_EQ(s.closing.value, -1'000);
  ASSERT_TRUE(view_->reconciliation(Currency::kCny).has_value());
  EXPECT_EQ(view_->reconciliation(Currency::kCny)->difference.value, 2);
  EXPECT_FALSE(view_->reconciliation(Currency::kRub).has_value());
}

}  // namespace
}  // namespace hulan::projections
