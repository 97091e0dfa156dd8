// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"

namespace hulan {
namespace {

struct Digest {
  Digest() : context(EVP_MD_CTX_new()), algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {
    HULAN_ASSERT(context != nullptr && algorithm != nullptr);
  }
  ~Digest() {
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
  }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  EVP_MD_CTX* context;
  EVP_MD* algorithm;
};

// Fetching the algorithm costs more than hashing a short record, so each thread keeps one.
Digest& digest() {
  thread_local Digest instance;
  return instance;
}

}  // namespace

Sha256 sha256_of(std::initializer_list<std::span<const std::uint8_t>> parts) {
  Digest& d = digest();
  HULAN_ASSERT(EVP_DigestInit_ex2(d.context, d.algorithm, nullptr) == 1);
  for (const auto part : parts) {
    HULAN_ASSERT(EVP_DigestUpdate(d.context, part.data(), part.size()) == 1);
  }
  Sha256 out;
  unsigned int size = 0;
  HULAN_ASSERT(EVP_DigestFinal_ex(d.context, out.data(), &size) == 1 && size == out.size());
  return out;
}

Sha256 sha256(std::span<const std::uint8_t> data) { return sha256_of({data}); }

Sha256 sha256(std::string_view data) {
  return sha256({reinterpret_cast<const std::uint8_t*>(data.data()), data.size()});
}

Sha256 hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data) {
  Sha256 out;
  unsigned int size = 0;
  const auto* result = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(),
                            data.size(), out.data(), &size);
  HULAN_ASSERT(result != nullptr && size == out.size());
  return out;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

bool parse_hex(std::string_view text, std::span<std::uint8_t> out) {
  if (text.size() != out.size() * 2) return false;
  const auto nibble = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = nibble(text[2 * i]);
    const int low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

}  // namespace hulan
