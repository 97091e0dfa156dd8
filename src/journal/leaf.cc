// SPDX-License-Identifier: Apache-2.0
#include "journal/leaf.h"

#include <algorithm>

#include "base/bytes.h"

namespace hulan::journal {

LeafSalt LeafSalts::of(std::uint64_t sequence) const {
  std::array<std::uint8_t, 8> data;
  store_le(data.data(), sequence);
  const Sha256 mac = key_.mac(data);
  LeafSalt salt;
  std::copy_n(mac.begin(), salt.size(), salt.begin());
  return salt;
}

LeafSalt leaf_salt(const SaltSeed& seed, std::uint64_t sequence) {
  return LeafSalts(seed).of(sequence);
}

Sha256 leaf_hash(const LeafSalt& salt, std::uint64_t sequence, std::int64_t time_ns,
                 std::span<const std::uint8_t> record) {
  static constexpr std::array<std::uint8_t, 1> kLeafPrefix{0};  // RFC 9162: 0 leaf, 1 node
  std::array<std::uint8_t, 16> place;
  store_le(place.data(), sequence);
  store_le(place.data() + 8, time_ns);
  return sha256_of({kLeafPrefix, salt, place, record});
}

}  // namespace hulan::journal
