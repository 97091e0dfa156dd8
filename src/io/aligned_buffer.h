// SPDX-License-Identifier: Apache-2.0
// Memory that direct I/O accepts: begins and ends on a block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "base/assert.h"

namespace hulan::io {

inline constexpr std::size_t kBlockBytes = 4096;

/// `n` rounded up to whole blocks.
[[nodiscard]] constexpr std::uint64_t round_up_to_block(std::uint64_t n) {
  return (n + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

/// A fixed block-aligned buffer. Its bytes are not cleared.
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t bytes)
      : bytes_(bytes),
        data_(static_cast<std::uint8_t*>(
            std::aligned_alloc(kBlockBytes, round_up_to_block(bytes == 0 ? 1 : bytes)))) {
    HULAN_ASSERT(data_ != nullptr);
  }

  [[nodiscard]] std::uint8_t* data() { return data_.get(); }
  [[nodiscard]] const std::uint8_t* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return bytes_; }
  [[nodiscard]] std::span<std::uint8_t> span() { return {data_.get(), bytes_}; }
  [[nodiscard]] std::span<const std::uint8_t> span() const { return {data_.get(), bytes_}; }

 private:
  struct Free {
    void operator()(std::uint8_t* memory) const { std::free(memory); }
  };
  std::size_t bytes_ = 0;
  std::unique_ptr<std::uint8_t, Free> data_;
};

}  // namespace hulan::io
