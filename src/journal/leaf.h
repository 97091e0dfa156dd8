// SPDX-License-Identifier: Apache-2.0
// The Merkle leaf of a record (R13.2): salted, so that a proof tells nothing of its neighbours.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/sha256.h"
#include "journal/format.h"

namespace hulan::journal {

using LeafSalt = std::array<std::uint8_t, 16>;

/// The salts of one batch's records. Any thread.
class LeafSalts {
 public:
  explicit LeafSalts(const SaltSeed& seed) : key_(seed) {}
  /// R13.2.
  [[nodiscard]] LeafSalt of(std::uint64_t sequence) const;

 private:
  HmacKey key_;
};

/// Salt of the record with `sequence` in the batch of `seed`. R13.2. Any thread.
[[nodiscard]] LeafSalt leaf_salt(const SaltSeed& seed, std::uint64_t sequence);

/// Leaf hash of one record: `record` is its header and body. R13.2. Any thread.
[[nodiscard]] Sha256 leaf_hash(const LeafSalt& salt, std::uint64_t sequence, std::int64_t time_ns,
                               std::span<const std::uint8_t> record);

}  // namespace hulan::journal
