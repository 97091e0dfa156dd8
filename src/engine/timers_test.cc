// SPDX-License-Identifier: Apache-2.0
#include "engine/timers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hulan::engine {
namespace {

TEST(Timers, fire_by_time_and_then_in_the_order_of_arming) {
  Timers timers;
  std::mt19937_64 chance(7);
  struct Expected {
    std::int64_t due;
    std::uint32_t subject;
  };
  std::vector<Expected> expected;
  for (std::uint32_t i = 1; i <= 2000; ++i) {
    const auto due = static_cast<std::int64_t>(chance() % 50);
    timers.add(model::Time{due}, TimerKind::kLot, i);
    expected.push_back({due, i});
  }
  timers.check();
  std::stable_sort(expected.begin(), expected.end(),
                   [](const auto& a, const auto& b) { return a.due < b.due; });
  for (const Expected& next : expected) {
    EXPECT_EQ(timers.next_due(), model::Time{next.due});
    EXPECT_EQ(timers.pop().subject, next.subject);
  }
  EXPECT_EQ(timers.next_due(), model::kNever);
  EXPECT_EQ(timers.size(), 0u);
}

TEST(Timers, a_restored_heap_has_the_same_hash_and_goes_on_in_the_same_order) {
  Timers first;
  for (std::uint32_t i = 1; i <= 100; ++i) first.add(model::Time{100 - i % 7}, TimerKind::kLot, i);
  for (int i = 0; i < 30; ++i) static_cast<void>(first.pop());
  Timers second;
  ASSERT_TRUE(second.restore(read_from(first.bytes())));
  EXPECT_EQ(first.hash(), second.hash());
  first.add(model::Time{97}, TimerKind::kContract, 1000, 5);
  second.add(model::Time{97}, TimerKind::kContract, 1000, 5);
  while (first.size() > 0) {
    const Timer a = first.pop();
    const Timer b = second.pop();
    EXPECT_EQ(a.subject, b.subject);
    EXPECT_EQ(a.order, b.order);
  }
}

}  // namespace
}  // namespace hulan::engine
