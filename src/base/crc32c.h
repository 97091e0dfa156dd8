// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli): the checksum of batches and segment headers.
#pragma once

#include <cstdint>
#include <span>

namespace hulan {

/// CRC-32C of `data`, going on from `before` (the CRC of what came earlier, 0 at the start). Uses
/// the processor's own instruction where there is one. Any thread.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::uint8_t> data, std::uint32_t before = 0);

/// The same by table, for machines without the instruction, and as the test's other opinion.
[[nodiscard]] std::uint32_t crc32c_portable(std::span<const std::uint8_t> data,
                                            std::uint32_t before = 0);

}  // namespace hulan
