// SPDX-License-Identifier: Apache-2.0
// The clock that stamps commands: the machine's own, or a demo's that starts elsewhere and changes
// its pace.
#pragma once

#include <cstdint>
#include <mutex>

#include "io/clock.h"

namespace hulan::app {

/// now = origin + (machine - start) x pace; pace 0 is the machine's own time. Any thread.
class MarketClock final : public io::Clock {
 public:
  /// Exactly the machine's clock.
  explicit MarketClock(io::Clock& machine) : machine_(machine) {}

  MarketClock(io::Clock& machine, std::int64_t origin_ns, std::int64_t pace)
      : machine_(machine), start_ns_(machine.now_ns()), origin_ns_(origin_ns), pace_(pace) {}

  [[nodiscard]] std::int64_t now_ns() override {
    const std::lock_guard lock(mutex_);
    return at(machine_.now_ns());
  }

  /// From now on the market's seconds per second; no effect on a clock that is the machine's own.
  void set_pace(std::int64_t pace) {
    const std::lock_guard lock(mutex_);
    if (pace_ == 0 || pace == pace_) return;
    const std::int64_t now = machine_.now_ns();
    origin_ns_ = at(now);
    start_ns_ = now;
    pace_ = pace;
  }

  /// Jumps ahead: "next step" of a demo where the rules would make a visitor wait.
  void skip(std::int64_t ns) {
    const std::lock_guard lock(mutex_);
    if (pace_ != 0 && ns > 0) origin_ns_ += ns;
  }

 private:
  [[nodiscard]] std::int64_t at(std::int64_t machine_ns) const {
    return pace_ == 0 ? machine_ns : origin_ns_ + (machine_ns - start_ns_) * pace_;
  }

  io::Clock& machine_;
  std::mutex mutex_;
  std::int64_t start_ns_ = 0;
  std::int64_t origin_ns_ = 0;
  std::int64_t pace_ = 0;
};

}  // namespace hulan::app
