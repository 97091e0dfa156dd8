// SPDX-License-Identifier: Apache-2.0
#include "identity/token.h"

#include <sodium.h>

#include <array>

namespace hulan::identity {

std::string make_token() {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::array<std::uint8_t, 32> chance{};
  randombytes_buf(chance.data(), chance.size());
  std::array<char, sodium_base64_ENCODED_LEN(sizeof chance, kVariant)> text{};
  sodium_bin2base64(text.data(), text.size(), chance.data(), chance.size(), kVariant);
  sodium_memzero(chance.data(), chance.size());
  return std::string("hl_") + text.data();
}

}  // namespace hulan::identity
