// SPDX-License-Identifier: Apache-2.0
// Time and chance as the run has them.
#pragma once

#include "io/clock.h"
#include "io/entropy.h"
#include "simulation/random.h"

namespace hulan::simulation {

/// Stands still until someone moves it.
class SimClock final : public io::Clock {
 public:
  explicit SimClock(std::int64_t start_ns) : now_ns_(start_ns) {}
  [[nodiscard]] std::int64_t now_ns() override { return now_ns_; }
  void advance(std::int64_t ns) { now_ns_ += ns; }

 private:
  std::int64_t now_ns_;
};

class SimEntropy final : public io::Entropy {
 public:
  explicit SimEntropy(Random random) : random_(random) {}
  void fill(std::span<std::uint8_t> out) override { random_.fill(out); }

 private:
  Random random_;
};

}  // namespace hulan::simulation
