// SPDX-License-Identifier: Apache-2.0
// The numbers of docs/formats/journal.md: magics, offsets, lengths.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/sha256.h"
#include "io/aligned_buffer.h"

namespace hulan::journal {

/// Random, made once when a market is made; every segment, batch and snapshot carries it.
using MarketId = std::array<std::uint8_t, 16>;
/// Secret of a batch from which the leaf salts of its records come.
using SaltSeed = std::array<std::uint8_t, 32>;

inline constexpr std::uint32_t kSegmentMagic = 0x47534C48;   // "HLSG"
inline constexpr std::uint32_t kBatchMagic = 0x54424C48;     // "HLBT"
inline constexpr std::uint32_t kSnapshotMagic = 0x4E534C48;  // "HLSN"
inline constexpr std::uint16_t kFormatVersion = 1;

inline constexpr std::size_t kBlockBytes = io::kBlockBytes;
inline constexpr std::size_t kBatchHeaderBytes = 128;
inline constexpr std::size_t kMaxBatchBytes = 64 * 1024;
inline constexpr std::size_t kMaxBodyBytes = kMaxBatchBytes - kBatchHeaderBytes;
inline constexpr std::size_t kRecordHeaderBytes = 28;
inline constexpr std::uint64_t kFirstBatchOffset = kBlockBytes;
inline constexpr std::uint64_t kDefaultSegmentBytes = 256ULL * 1024 * 1024;
/// Holds the header, an idle batch and a full batch, with room: a segment is never without records.
inline constexpr std::uint64_t kMinSegmentBytes = 256ULL * 1024;

static_assert(kMaxBatchBytes % kBlockBytes == 0);
static_assert(kFirstBatchOffset + kBlockBytes + kMaxBatchBytes <= kMinSegmentBytes);

/// chain(0) of a market: what the first batch chains to.
[[nodiscard]] Sha256 genesis_chain(const MarketId& market);

}  // namespace hulan::journal
