// SPDX-License-Identifier: Apache-2.0
// The one source of chance of a run: from its seed everything follows.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "base/assert.h"

namespace hulan::simulation {

/// splitmix64. Cheap to fork: parts of a run that draw from forks of their own do not disturb one
/// another.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t next() {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
  }
  /// 0 <= result < n; n > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t n) {
    HULAN_ASSERT(n != 0);
    return next() % n;
  }
  /// low <= result <= high.
  [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  /// True once in `n` on average; never if n is 0.
  [[nodiscard]] bool once_in(std::uint64_t n) { return n != 0 && below(n) == 0; }
  [[nodiscard]] bool percent(unsigned p) { return below(100) < p; }
  template <class Container>
  [[nodiscard]] const auto& pick(const Container& from) {
    return *(std::begin(from) + static_cast<std::ptrdiff_t>(below(std::size(from))));
  }
  template <class T>
  [[nodiscard]] T one_of(std::initializer_list<T> from) {
    return *(from.begin() + below(from.size()));
  }
  void fill(std::span<std::uint8_t> out) {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(next());
  }
  [[nodiscard]] Random fork() { return Random(next()); }

 private:
  std::uint64_t state_;
};

}  // namespace hulan::simulation
