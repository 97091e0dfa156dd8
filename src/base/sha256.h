// SPDX-License-Identifier: Apache-2.0
// SHA-256, the one hash of Hulan's records, documents and state.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hulan {

using Sha256 = std::array<std::uint8_t, 32>;

/// SHA-256 of `data`. Any thread.
[[nodiscard]] Sha256 sha256(std::span<const std::uint8_t> data);
[[nodiscard]] Sha256 sha256(std::string_view data);

/// SHA-256 of the concatenation of `parts`. Any thread.
[[nodiscard]] Sha256 sha256_of(std::initializer_list<std::span<const std::uint8_t>> parts);

/// HMAC-SHA-256 of `data` under `key`. Any thread.
[[nodiscard]] Sha256 hmac_sha256(std::span<const std::uint8_t> key,
                                 std::span<const std::uint8_t> data);

/// HMAC-SHA-256 under one key for many short messages: the key is worked in once. Any thread, each
/// its own.
class HmacKey {
 public:
  explicit HmacKey(std::span<const std::uint8_t> key);
  [[nodiscard]] Sha256 mac(std::span<const std::uint8_t> data) const;

 private:
  using Midstate = std::array<std::uint32_t, 28>;
  Midstate inner_;
  Midstate outer_;
};

/// Lower-case hexadecimal, also appended, and back; `parse_hex` returns false on a wrong length or
/// digit.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);
void append_hex(std::string& out, std::span<const std::uint8_t> bytes);
[[nodiscard]] bool parse_hex(std::string_view text, std::span<std::uint8_t> out);

}  // namespace hulan
