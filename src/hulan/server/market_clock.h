// SPDX-License-Identifier: Apache-2.0
// The clock that stamps commands: the machine's own, or a demo's that starts elsewhere and runs
// faster.
#pragma once

#include <atomic>
#include <cstdint>

#include "io/clock.h"

namespace hulan::app {

/// now = origin + (machine - machine at start) x factor. Any thread.
class MarketClock final : public io::Clock {
 public:
  /// Factor 1 and no origin: exactly the machine's clock.
  explicit MarketClock(io::Clock& machine) : machine_(machine) {}

  MarketClock(io::Clock& machine, std::int64_t origin_ns, std::int64_t factor)
      : machine_(machine), start_ns_(machine.now_ns()), origin_ns_(origin_ns), factor_(factor) {}

  [[nodiscard]] std::int64_t now_ns() override {
    const std::int64_t now = machine_.now_ns();
    return factor_ == 0 ? now
                        : origin_ns_ + (now - start_ns_) * factor_ +
                              skipped_ns_.load(std::memory_order_relaxed);
  }

  /// Jumps ahead: "next step" of a demo where the rules would make a visitor wait a day.
  void skip(std::int64_t ns) { skipped_ns_.fetch_add(ns, std::memory_order_relaxed); }

  [[nodiscard]] std::int64_t factor() const { return factor_ == 0 ? 1 : factor_; }

 private:
  io::Clock& machine_;
  std::int64_t start_ns_ = 0;
  std::int64_t origin_ns_ = 0;
  std::int64_t factor_ = 0;  // 0: the machine's own time
  std::atomic<std::int64_t> skipped_ns_{0};
};

}  // namespace hulan::app
