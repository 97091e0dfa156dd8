// SPDX-License-Identifier: Apache-2.0
// Bearer tokens: 256 bits of chance, shown once. Only their SHA-256 is kept.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/sha256.h"
#include "identity/records.h"

namespace hulan::identity {

/// Everything about a token except the token.
struct TokenInfo {
  std::int64_t id = 0;
  UserId user = 0;
  std::string label;            ///< what its owner calls it: "phone", "weighbridge 2"
  std::int64_t created_ns = 0;  ///< UTC, ns since 1970, as the next
  std::int64_t expires_ns = 0;
};

/// A token as it is handed to its owner, the only time it can be seen.
struct IssuedToken {
  std::string token;  ///< "hl_" and 43 characters of base64url
  TokenInfo info;
};

/// A new token from the system's random numbers. Any thread.
[[nodiscard]] std::string make_token();

/// The hash that is stored. Any thread.
[[nodiscard]] inline Sha256 token_hash(std::string_view token) { return sha256(token); }

struct Sha256Hasher {
  std::size_t operator()(const Sha256& hash) const {
    std::size_t out = 0;  // evenly spread already
    std::memcpy(&out, hash.data(), sizeof out);
    return out;
  }
};

using TokenMap = std::unordered_map<Sha256, TokenInfo, Sha256Hasher>;

}  // namespace hulan::identity
