// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/allocate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace hulan::engine {
namespace {

using model::Price;
using model::Side;

struct Wish {
  std::int64_t price;
  std::uint64_t order;
  std::int64_t quantity;
};

/// What each wish gets, in the order in which they are given here.
std::vector<std::int64_t> shared(Side side, std::int64_t quantity, std::int64_t minimum,
                                 const std::vector<Wish>& wishes) {
  std::vector<std::size_t> ranked(wishes.size());
  for (std::size_t i = 0; i < ranked.size(); ++i) ranked[i] = i;
  std::ranges::sort(ranked, [&](std::size_t a, std::size_t b) {
    return outranks(side, {Price{wishes[a].price}, wishes[a].order},
                    {Price{wishes[b].price}, wishes[b].order});
  });
  std::vector<std::int64_t> got(wishes.size());
  Allotment allotment(quantity, minimum);
  for (const std::size_t i : ranked) got[i] = allotment.give(wishes[i].quantity);
  return got;
}

using Got = std::vector<std::int64_t>;

TEST(Allotment, R5_3_7_the_higher_price_is_served_first_where_the_initiator_sells) {
  EXPECT_EQ(shared(Side::kSell, 100, 10, {{16'000, 1, 60}, {16'200, 2, 70}}), (Got{30, 70}));
}

TEST(Allotment, R5_3_7_the_lower_price_is_served_first_where_the_initiator_buys) {
  EXPECT_EQ(shared(Side::kBuy, 100, 10, {{16'000, 1, 60}, {16'200, 2, 70}}), (Got{60, 40}));
}

TEST(Allotment, R5_3_7_at_one_price_the_earlier_is_served_first) {
  EXPECT_EQ(shared(Side::kSell, 100, 10, {{16'000, 9, 80}, {16'000, 3, 50}, {16'000, 5, 40}}),
            (Got{10, 50, 40}));
}

TEST(Allotment, R5_3_7_the_marginal_bid_gets_a_rest_of_at_least_the_minimum) {
  EXPECT_EQ(shared(Side::kSell, 100, 20, {{16'100, 1, 80}, {16'000, 2, 50}}), (Got{80, 20}));
}

TEST(Allotment, R5_3_7_a_rest_below_the_minimum_is_unsold) {
  EXPECT_EQ(shared(Side::kSell, 100, 20, {{16'100, 1, 81}, {16'000, 2, 50}}), (Got{81, 0}));
}

TEST(Allotment, R5_3_7_after_the_marginal_bid_nobody_gets_anything) {
  EXPECT_EQ(shared(Side::kSell, 100, 10, {{16'200, 1, 95}, {16'100, 2, 50}, {16'000, 3, 10}}),
            (Got{95, 0, 0}));
  EXPECT_EQ(shared(Side::kSell, 100, 10, {{16'200, 1, 60}, {16'100, 2, 50}, {16'000, 3, 10}}),
            (Got{60, 40, 0}));
}

TEST(Allotment, R5_3_7_a_lot_that_is_not_covered_keeps_its_rest) {
  Allotment allotment(100, 10);
  EXPECT_EQ(allotment.give(30), 30);
  EXPECT_EQ(allotment.rest(), 70);
  EXPECT_FALSE(allotment.covered());
  EXPECT_EQ(allotment.give(65), 65);
  EXPECT_EQ(allotment.rest(), 5);
  EXPECT_TRUE(allotment.covered()) << "five are less than a part";
}

}  // namespace
}  // namespace hulan::engine
