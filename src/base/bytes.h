// SPDX-License-Identifier: Apache-2.0
// Little-endian loads and stores at any alignment: the byte order of every file and record.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>

namespace hulan {

static_assert(std::endian::native == std::endian::little,
              "the formats are little-endian, and so are all supported machines");

/// The little-endian integer at `from`. The caller answers for the length.
template <std::integral T>
[[nodiscard]] inline T load_le(const std::uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Writes `value` at `to`, least significant byte first.
template <std::integral T>
inline void store_le(std::uint8_t* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

}  // namespace hulan
