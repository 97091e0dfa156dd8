// SPDX-License-Identifier: Apache-2.0
#include "identity/throttle.h"

#include <gtest/gtest.h>

namespace hulan::identity {
namespace {

constexpr ThrottleLimits kLimits{.failures = 2, .delay_ns = 100, .forget_ns = 1000, .logins = 3};

TEST(SignInThrottle, waits_after_the_free_attempts_and_again_after_each_further_one) {
  Throttle throttle(kLimits);
  EXPECT_EQ(throttle.attempt("li", 10'000), 0);
  EXPECT_EQ(throttle.attempt("li", 10'001), 0);
  EXPECT_EQ(throttle.attempt("li", 10'051), 50);
  EXPECT_EQ(throttle.attempt("li", 10'100), 1) << "a refused attempt does not lengthen the wait";
  EXPECT_EQ(throttle.attempt("li", 10'101), 0);
  EXPECT_EQ(throttle.attempt("li", 10'102), 99);
  EXPECT_EQ(throttle.attempt("wang", 10'102), 0) << "another login is free";
}

TEST(SignInThrottle, success_or_a_quiet_time_clears_the_count) {
  Throttle throttle(kLimits);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(throttle.attempt("li", 10'000), 0);
    throttle.succeeded("li");
  }
  EXPECT_EQ(throttle.attempt("wang", 10'000), 0);
  EXPECT_EQ(throttle.attempt("wang", 10'000), 0);
  EXPECT_EQ(throttle.attempt("wang", 11'000), 0);
  EXPECT_EQ(throttle.attempt("wang", 11'000), 0) << "counted from nothing again";
}

TEST(SignInThrottle, invented_logins_neither_fill_it_nor_free_a_guessed_one) {
  Throttle throttle(kLimits);
  EXPECT_EQ(throttle.attempt("li", 10'000), 0);
  EXPECT_EQ(throttle.attempt("li", 10'000), 0);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(throttle.attempt("invented" + std::to_string(i), 10'001), 0);
    EXPECT_LE(throttle.size(), kLimits.logins);
  }
  EXPECT_GT(throttle.attempt("li", 10'002), 0);
}

}  // namespace
}  // namespace hulan::identity
