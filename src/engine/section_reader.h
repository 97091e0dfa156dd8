// SPDX-License-Identifier: Apache-2.0
// Where a part of the state is taken over from: a snapshot's file, or bytes in memory.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <span>

namespace hulan::engine {

/// One saved section. `read` fills `into` from `offset` on; the caller stays within `size`. False:
/// it cannot be read, and the state is of no use.
struct SectionReader {
  std::size_t size = 0;
  std::function<bool(std::size_t offset, std::span<std::uint8_t> into)> read;
};

/// `bytes` outlive the reader.
[[nodiscard]] inline SectionReader read_from(std::span<const std::uint8_t> bytes) {
  return {bytes.size(), [bytes](std::size_t offset, std::span<std::uint8_t> into) {
            if (!into.empty()) std::memcpy(into.data(), bytes.data() + offset, into.size());
            return true;
          }};
}

}  // namespace hulan::engine
