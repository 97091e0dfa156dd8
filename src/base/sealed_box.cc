// SPDX-License-Identifier: Apache-2.0
#include "base/sealed_box.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace hulan {

static_assert(kSealedBoxBytes == kOpeningBytes + crypto_box_SEALBYTES);
static_assert(sizeof(SealKeyBytes) == crypto_box_PUBLICKEYBYTES);

OpeningBytes opening_bytes(const Opening& opening) {
  OpeningBytes out{};
  for (std::size_t i = 0; i < 8; ++i) {
    out[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(opening.price) >> (8 * i));
    out[8 + i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(opening.quantity) >> (8 * i));
  }
  std::ranges::copy(opening.salt, out.begin() + 16);
  return out;
}

Opening read_opening(const OpeningBytes& bytes) {
  std::uint64_t price = 0;
  std::uint64_t quantity = 0;
  for (std::size_t i = 8; i-- > 0;) {
    price = price << 8 | bytes[i];
    quantity = quantity << 8 | bytes[8 + i];
  }
  Opening out{static_cast<std::int64_t>(price), static_cast<std::int64_t>(quantity), {}};
  std::copy(bytes.begin() + 16, bytes.end(), out.salt.begin());
  return out;
}

Sha256 commitment_of(const Opening& opening) { return sha256(opening_bytes(opening)); }

SealKeyBytes public_seal_key(const SealKeyBytes& secret) {
  SealKeyBytes out{};
  static_cast<void>(crypto_scalarmult_base(out.data(), secret.data()));
  return out;
}

SealKeyBytes join_shares(const SealKeyBytes& a, const SealKeyBytes& b) {
  SealKeyBytes out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
  return out;
}

std::optional<Opening> open_box(const SealedBoxBytes& box, const SealKeyBytes& key,
                                const SealKeyBytes& secret) {
  OpeningBytes bytes{};
  if (crypto_box_seal_open(bytes.data(), box.data(), box.size(), key.data(), secret.data()) != 0) {
    return std::nullopt;
  }
  return read_opening(bytes);
}

SealedBoxBytes seal_box(const Opening& opening, const SealKeyBytes& key) {
  HULAN_ASSERT(sodium_init() >= 0);
  const OpeningBytes bytes = opening_bytes(opening);
  SealedBoxBytes box{};
  const int done = crypto_box_seal(box.data(), bytes.data(), bytes.size(), key.data());
  HULAN_ASSERT(done == 0);
  return box;
}

SealedBoxBytes seal_box(const Opening& opening, const SealKeyBytes& key,
                        const SealKeyBytes& ephemeral) {
  const OpeningBytes bytes = opening_bytes(opening);
  const SealKeyBytes sender = public_seal_key(ephemeral);
  std::array<std::uint8_t, crypto_box_PUBLICKEYBYTES * 2> keys{};
  std::copy(key.begin(), key.end(), std::ranges::copy(sender, keys.begin()).out);
  std::array<std::uint8_t, crypto_box_NONCEBYTES> nonce{};
  static_cast<void>(
      crypto_generichash(nonce.data(), nonce.size(), keys.data(), keys.size(), nullptr, 0));
  SealedBoxBytes box{};
  std::ranges::copy(sender, box.begin());
  const int done = crypto_box_easy(box.data() + sender.size(), bytes.data(), bytes.size(),
                                   nonce.data(), key.data(), ephemeral.data());
  HULAN_ASSERT(done == 0);
  return box;
}

void fill_random(std::span<std::uint8_t> out) {
  HULAN_ASSERT(sodium_init() >= 0);
  randombytes_buf(out.data(), out.size());
}

}  // namespace hulan
