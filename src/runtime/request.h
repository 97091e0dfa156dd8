// SPDX-License-Identifier: Apache-2.0
// What lies in the command ring: who waits for the answer, then the record as it will stand in the
// log.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "base/byte_ring.h"
#include "model/command.h"

namespace hulan::runtime {

/// Puts one command into the ring; false if the ring is full now. `header.body_length` is set here.
/// Producer's thread.
[[nodiscard]] inline bool push_request(ByteRing& ring, std::uint64_t origin,
                                       model::RecordHeader header,
                                       std::span<const std::uint8_t> body) {
  HULAN_ASSERT(body.size() <= model::kMaxBodyBytes);
  header.body_length = static_cast<std::uint16_t>(body.size());
  std::uint8_t prefix[8 + sizeof(header)];
  std::memcpy(prefix, &origin, 8);
  std::memcpy(prefix + 8, &header, sizeof(header));
  return ring.push(prefix, body);
}

}  // namespace hulan::runtime
