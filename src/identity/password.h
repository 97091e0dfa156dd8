// SPDX-License-Identifier: Apache-2.0
// Passwords: Argon2id by libsodium. Any thread; each call takes time and memory on purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hulan::identity {

/// What one hash costs. The default is libsodium's "interactive": 64 MiB and about 0.1 s.
struct PasswordCost {
  std::uint64_t operations = 2;
  std::size_t memory_bytes = 64u << 20;

  /// The least that Argon2id allows, for tests.
  static constexpr PasswordCost cheapest() { return {1, 8192}; }
};

/// Loads libsodium; safe to call again. Aborts if it cannot start.
void start_sodium();

/// The string to store: algorithm, cost, salt and hash. Empty if memory ran out.
[[nodiscard]] std::string hash_password(std::string_view password, PasswordCost cost);

/// True if `hash` was made from `password`.
[[nodiscard]] bool password_matches(const std::string& hash, std::string_view password);

}  // namespace hulan::identity
