// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

// The plain functions: EVP asks for a context and a lookup per hash, which costs more than hashing
// a short record.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace hulan {
namespace {

constexpr std::size_t kBlock = SHA256_CBLOCK;

SHA256_CTX begin() {
  SHA256_CTX context;
  HULAN_ASSERT(SHA256_Init(&context) == 1);
  return context;
}

void add(SHA256_CTX& context, std::span<const std::uint8_t> data) {
  HULAN_ASSERT(SHA256_Update(&context, data.data(), data.size()) == 1);
}

Sha256 finish(SHA256_CTX& context) {
  Sha256 out;
  HULAN_ASSERT(SHA256_Final(out.data(), &context) == 1);
  return out;
}

/// The state after one block of the key, padded, and xored with `pad`.
SHA256_CTX keyed(std::span<const std::uint8_t> key, std::uint8_t pad) {
  std::array<std::uint8_t, kBlock> block{};
  std::copy(key.begin(), key.end(), block.begin());
  for (std::uint8_t& byte : block) byte ^= pad;
  SHA256_CTX context = begin();
  add(context, block);
  return context;
}

}  // namespace

Sha256 sha256_of(std::initializer_list<std::span<const std::uint8_t>> parts) {
  SHA256_CTX context = begin();
  for (const auto part : parts) add(context, part);
  return finish(context);
}

Sha256 sha256(std::span<const std::uint8_t> data) { return sha256_of({data}); }

Sha256 sha256(std::string_view data) {
  return sha256({reinterpret_cast<const std::uint8_t*>(data.data()), data.size()});
}

HmacKey::HmacKey(std::span<const std::uint8_t> key) {
  static_assert(sizeof(SHA256_CTX) == sizeof(Midstate));
  const Sha256 hashed = key.size() > kBlock ? sha256(key) : Sha256{};
  const auto used = key.size() > kBlock ? std::span<const std::uint8_t>(hashed) : key;
  inner_ = std::bit_cast<Midstate>(keyed(used, 0x36));
  outer_ = std::bit_cast<Midstate>(keyed(used, 0x5C));
}

Sha256 HmacKey::mac(std::span<const std::uint8_t> data) const {
  auto inner = std::bit_cast<SHA256_CTX>(inner_);
  add(inner, data);
  auto outer = std::bit_cast<SHA256_CTX>(outer_);
  add(outer, finish(inner));
  return finish(outer);
}

Sha256 hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data) {
  return HmacKey(key).mac(data);
}

void append_hex(std::string& out, std::span<const std::uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const std::size_t start = out.size();
  out.resize(start + bytes.size() * 2);
  char* to = out.data() + start;
  for (const std::uint8_t byte : bytes) {
    *to++ = kDigits[byte >> 4];
    *to++ = kDigits[byte & 15];
  }
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  append_hex(text, bytes);
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
