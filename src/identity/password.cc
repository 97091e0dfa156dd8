// SPDX-License-Identifier: Apache-2.0
#include "identity/password.h"

#include <sodium.h>

#include <array>

#include "base/assert.h"

namespace hulan::identity {

static_assert(PasswordCost{}.operations == crypto_pwhash_OPSLIMIT_INTERACTIVE);
static_assert(PasswordCost{}.memory_bytes == crypto_pwhash_MEMLIMIT_INTERACTIVE);
static_assert(PasswordCost::cheapest().memory_bytes == crypto_pwhash_MEMLIMIT_MIN);

void start_sodium() { HULAN_ASSERT(sodium_init() >= 0); }

std::string hash_password(std::string_view password, PasswordCost cost) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const int status = crypto_pwhash_str(out.data(), password.data(), password.size(),
                                       cost.operations, cost.memory_bytes);
  return status == 0 ? std::string(out.data()) : std::string{};
}

bool password_matches(const std::string& hash, std::string_view password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace hulan::identity
