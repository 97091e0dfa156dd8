// SPDX-License-Identifier: Apache-2.0
// The bytes of one part of the state as they were at one moment.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "base/sha256.h"

namespace hulan::engine {

/// Zeroed memory for large things, straight from the system.
class LargeMemory {
 public:
  LargeMemory() = default;
  /// Aborts if the system refuses.
  explicit LargeMemory(std::size_t bytes);
  ~LargeMemory();
  LargeMemory(LargeMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  LargeMemory& operator=(LargeMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  [[nodiscard]] std::uint8_t* data() { return data_; }
  [[nodiscard]] const std::uint8_t* data() const { return data_; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Whole pages, of which `used` bytes count. Any thread, once it is complete.
struct PageCopy {
  LargeMemory memory;
  std::size_t used = 0;

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {memory.data(), used}; }
  /// What Pages::hash(used) gave at that moment.
  [[nodiscard]] Sha256 hash() const;
};

}  // namespace hulan::engine
