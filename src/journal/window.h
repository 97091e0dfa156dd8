// SPDX-License-Identifier: Apache-2.0
// Reads a segment in large pieces.
#pragma once

#include <cstdint>
#include <span>

#include "io/aligned_buffer.h"
#include "io/storage.h"
#include "journal/error.h"

namespace hulan::journal {

/// A moving view of one file. What view() gave is valid until the next call.
class Window {
 public:
  Window(io::File& file, std::uint64_t length) : file_(file), length_(length), buffer_(kBytes) {}

  /// Up to `most` bytes from `offset`; fewer only at the end of the file.
  [[nodiscard]] Result<std::span<const std::uint8_t>> view(std::uint64_t offset, std::size_t most);

  /// Forgets what was read, so that the next view comes from the file.
  void forget() { filled_ = 0; }

  [[nodiscard]] std::uint64_t length() const { return length_; }

 private:
  static constexpr std::size_t kBytes = 1024 * 1024;

  io::File& file_;
  std::uint64_t length_;
  io::AlignedBuffer buffer_;
  std::uint64_t start_ = 0;
  std::size_t filled_ = 0;
};

}  // namespace hulan::journal
