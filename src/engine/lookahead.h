// SPDX-License-Identifier: Apache-2.0
// Commands on their way into the engine, in order: what each will touch is loaded while those
// before it are done. Influences no outcome. Engine thread only.
#pragma once

#include <array>
#include <cstddef>

#include "engine/engine.h"

namespace hulan::engine {

class Lookahead {
 public:
  /// Commands taken in and not yet done: so many are worth it.
  static constexpr std::size_t kFar = 12;
  /// Longer than what is under way, so that next()'s answer stays while one more is taken in.
  static constexpr std::size_t kRing = 16;

  explicit Lookahead(const Engine& engine) : engine_(engine) {}

  [[nodiscard]] bool wants_more() const { return taken_ - done_ <= kFar; }
  [[nodiscard]] bool empty() const { return taken_ == done_; }

  /// Takes in one more: `fill(Command&)` writes it where it stays; its body is the caller's and
  /// stays as long. Only while wants_more().
  template <class Fill>
  void take(Fill fill) {
    model::Command& command = ring_[taken_++ % kRing];
    fill(command);
    engine_.prefetch(command);
  }

  /// The command to do now, valid until the next one is asked for. Only while not empty().
  [[nodiscard]] const model::Command& next() {
    if (done_ + kNear < taken_) engine_.prefetch_behind(ring_[(done_ + kNear) % kRing]);
    return ring_[done_++ % kRing];
  }

 private:
  static constexpr std::size_t kNear = 4;
  const Engine& engine_;
  std::array<model::Command, kRing> ring_{};
  std::size_t taken_ = 0;
  std::size_t done_ = 0;
};

}  // namespace hulan::engine
