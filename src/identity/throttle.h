// SPDX-License-Identifier: Apache-2.0
// Slows down guessing: after a number of failures a login must wait. In memory, so a restart
// forgets; bounded, so that invented logins cannot fill it. Network thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace hulan::identity {

struct ThrottleLimits {
  std::uint32_t failures = 5;                    ///< free attempts before the first wait
  std::int64_t delay_ns = 60'000'000'000;        ///< the wait after each failure from then on
  std::int64_t forget_ns = 15 * 60'000'000'000;  ///< quiet time that clears the count
  std::size_t logins = 10'000;                   ///< how many are remembered
};

class Throttle {
 public:
  explicit Throttle(ThrottleLimits limits) : limits_(limits) {}

  /// Counts an attempt as failed until `succeeded` says otherwise, so that attempts made at the
  /// same time cannot pass the limit. Returns 0, or how many ns to wait: then nothing is counted.
  [[nodiscard]] std::int64_t attempt(const std::string& login, std::int64_t now_ns);

  /// Forgets the failures of a login.
  void succeeded(const std::string& login);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint32_t failures = 0;
    std::int64_t last_ns = 0;
  };
  void make_room(std::int64_t now_ns);

  ThrottleLimits limits_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace hulan::identity
