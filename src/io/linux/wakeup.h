// SPDX-License-Identifier: Apache-2.0
// Lets one thread sleep until another has put something into a ring.
#pragma once

#include <atomic>
#include <cstdint>

namespace hulan::io {

/// notify(): any thread, cheap while nobody sleeps. wait(): one thread.
class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  /// Wakes the sleeper, or keeps the next wait from sleeping.
  void notify();

  /// Says that the caller is about to sleep: it must look at its ring once more before wait().
  void prepare() { armed_.store(true, std::memory_order_seq_cst); }
  void cancel() { armed_.store(false, std::memory_order_relaxed); }

  /// Sleeps until notify() or for `timeout_ns`.
  void wait(std::int64_t timeout_ns);

  /// Readable after notify() while armed; for an event loop, which calls drain() and prepare()
  /// again.
  [[nodiscard]] int fd() const { return fd_; }
  void drain();

 private:
  int fd_;
  std::atomic<bool> armed_{false};
};

}  // namespace hulan::io
