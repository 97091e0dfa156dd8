// SPDX-License-Identifier: Apache-2.0
// Sealed bids (R5.3.4): the commitment and the box that only the session's key opens. The bytes are
// those of docs/formats/sealed.md. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/sha256.h"

namespace hulan {

/// An X25519 key, public or secret, or one share of a secret (secret = share 1 xor share 2).
using SealKeyBytes = std::array<std::uint8_t, 32>;

constexpr std::size_t kOpeningBytes = 32;
constexpr std::size_t kSealedBoxBytes = kOpeningBytes + 48;
using OpeningBytes = std::array<std::uint8_t, kOpeningBytes>;
using SealedBoxBytes = std::array<std::uint8_t, kSealedBoxBytes>;

/// What a sealed bid says.
struct Opening {
  std::int64_t price = 0;
  std::int64_t quantity = 0;
  std::array<std::uint8_t, 16> salt{};
};

/// Price and quantity as little-endian numbers of 8 bytes, then the salt.
[[nodiscard]] OpeningBytes opening_bytes(const Opening& opening);
[[nodiscard]] Opening read_opening(const OpeningBytes& bytes);
/// SHA-256 of the opening's bytes.
[[nodiscard]] Sha256 commitment_of(const Opening& opening);

/// The public key of a secret one.
[[nodiscard]] SealKeyBytes public_seal_key(const SealKeyBytes& secret);
[[nodiscard]] SealKeyBytes join_shares(const SealKeyBytes& a, const SealKeyBytes& b);

/// Opens a box; nullopt if it was not sealed to this key. Deterministic, without allocation.
[[nodiscard]] std::optional<Opening> open_box(const SealedBoxBytes& box, const SealKeyBytes& key,
                                              const SealKeyBytes& secret);

/// Seals an opening to a public key, with chance from the system.
[[nodiscard]] SealedBoxBytes seal_box(const Opening& opening, const SealKeyBytes& key);
/// The same with a given ephemeral secret: for simulations and examples, where all is to come
/// again.
[[nodiscard]] SealedBoxBytes seal_box(const Opening& opening, const SealKeyBytes& key,
                                      const SealKeyBytes& ephemeral);
/// Chance from the system, for salts, keys and shares.
void fill_random(std::span<std::uint8_t> out);

}  // namespace hulan
