// SPDX-License-Identifier: Apache-2.0
// How many messages a connection may send: a second's worth at once, then at the rate.
#pragma once

#include <algorithm>
#include <cstdint>

namespace hulan::gateways {

class RateLimit {
 public:
  /// 0 = no limit.
  explicit RateLimit(std::uint32_t per_second) : per_second_(per_second), left_(per_second) {}

  [[nodiscard]] std::uint32_t per_second() const { return static_cast<std::uint32_t>(per_second_); }
  /// What has been used of a second's worth, as of the last message.
  [[nodiscard]] std::uint32_t used() const {
    return static_cast<std::uint32_t>(per_second_ - left_);
  }

  /// True if one more may pass at `now_ns`.
  [[nodiscard]] bool pass(std::int64_t now_ns) {
    if (per_second_ == 0) return true;
    const std::int64_t earned = (now_ns - since_ns_) / 1000 * per_second_ / 1'000'000;
    if (since_ns_ == 0 || earned > 0) {
      left_ = since_ns_ == 0 ? per_second_ : std::min<std::int64_t>(per_second_, left_ + earned);
      since_ns_ = now_ns;
    }
    if (left_ == 0) return false;
    --left_;
    return true;
  }

 private:
  std::int64_t per_second_;
  std::int64_t left_;
  std::int64_t since_ns_ = 0;
};

}  // namespace hulan::gateways
