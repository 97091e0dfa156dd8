// SPDX-License-Identifier: Apache-2.0
#include "model/day_index.h"

#include <gtest/gtest.h>

namespace hulan::model {
namespace {

DaySum sum(const std::vector<std::pair<std::int64_t, std::int64_t>>& price_and_weight) {
  DaySum all;
  for (const auto& [price, weight] : price_and_weight) {
    EXPECT_TRUE(all.add(sum_of_trade(Price{price}, weight, 1)));
  }
  return all;
}

TEST(DayIndex, R11_2_the_weighted_mean_is_rounded_half_away_once) {
  EXPECT_EQ(sum({{16'000, 1}, {16'001, 1}}).index(), Price{16'001}) << "exactly half";
  EXPECT_EQ(sum({{16'000, 2}, {16'001, 1}}).index(), Price{16'000}) << "a third";
  EXPECT_EQ(sum({{16'000, 1}, {16'001, 2}}).index(), Price{16'001}) << "two thirds";
  // To tens at once: 15 004.5 is 15 000; by way of ones it would be 15 005 and then 15 010.
  EXPECT_EQ(sum({{15'004, 1}, {15'005, 1}}).index(10), Price{15'000});
  EXPECT_EQ(sum({{15'005, 7}}).index(10), Price{15'010});
}

TEST(DayIndex, R11_2_a_day_without_trades_has_no_value) {
  EXPECT_EQ(DaySum{}.index(), std::nullopt);
  std::vector<std::int64_t> none;
  EXPECT_EQ(median_of(none), std::nullopt);
}

TEST(DayIndex, R11_2_thin_at_two_trades_and_at_one_buyer) {
  EXPECT_TRUE(is_thin(2, 2));
  EXPECT_TRUE(is_thin(3, 1));
  EXPECT_FALSE(is_thin(3, 2));
  EXPECT_TRUE(is_thin(2, std::nullopt));
  EXPECT_FALSE(is_thin(3, std::nullopt));
}

TEST(DayIndex, R11_2_the_median_of_an_even_number_is_the_mean_of_the_middle_two_half_away) {
  std::vector<std::int64_t> odd{9, 1, 5}, even{4, 1, 100, 7}, same{3, 3};
  EXPECT_EQ(median_of(odd), Price{5});
  EXPECT_EQ(median_of(even), Price{6}) << "5.5";
  EXPECT_EQ(median_of(same), Price{3});
}

TEST(DayIndex, R11_2_high_and_low_are_of_all_trades_in_any_order) {
  const DaySum all = sum({{5, 1}, {9, 1}, {2, 1}, {7, 1}});
  EXPECT_EQ(all.high, Price{9});
  EXPECT_EQ(all.low, Price{2});
  DaySum two = DaySum{};
  ASSERT_TRUE(two.add(all));
  ASSERT_TRUE(two.add({}));
  EXPECT_EQ(two.low, Price{2});
  EXPECT_EQ(two.trades, 4u);
}

TEST(DayIndex, R1_3_a_sum_beyond_64_bits_is_refused_and_the_largest_that_fits_is_exact) {
  DaySum all = sum_of_trade(Price{kMaxMagnitude}, INT64_MAX - 1, 0);
  ASSERT_TRUE(all.add(sum_of_trade(Price{kMaxMagnitude}, 1, 0)));
  EXPECT_EQ(all.index(), Price{kMaxMagnitude});
  EXPECT_FALSE(all.add(sum_of_trade(Price{1}, 1, 0)));
  EXPECT_EQ(all.trades, 2u);
}

}  // namespace
}  // namespace hulan::model
