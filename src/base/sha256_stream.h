// SPDX-License-Identifier: Apache-2.0
// SHA-256 of data that comes in pieces: snapshots and documents larger than a buffer.
#pragma once

#include <memory>
#include <span>

#include "base/sha256.h"

namespace hulan {

/// A running SHA-256. One thread at a time.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void update(std::span<const std::uint8_t> data);

  /// The hash of everything given so far; the stream starts anew.
  [[nodiscard]] Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hulan
