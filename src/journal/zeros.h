// SPDX-License-Identifier: Apache-2.0
// Fast test for unwritten space.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

namespace hulan::journal {

/// Whether all bytes are zero: the first is, and each equals the one before.
[[nodiscard]] inline bool is_zero(std::span<const std::uint8_t> data) {
  if (data.empty()) return true;
  return data[0] == 0 && std::memcmp(data.data(), data.data() + 1, data.size() - 1) == 0;
}

}  // namespace hulan::journal
