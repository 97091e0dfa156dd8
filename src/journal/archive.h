// SPDX-License-Identifier: Apache-2.0
// Old segments, packed: zstd in the seekable format, so that a record is found without unpacking
// the segment, and any zstd tool gives the segment back byte for byte.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "io/storage.h"
#include "journal/error.h"
#include "journal/segment.h"

namespace hulan::journal {

inline constexpr std::size_t kArchiveFrameBytes = 1 << 20;

/// Opens a segment to read it, packed or not; a packed one reads as if it were not. kDamage if the
/// table at the end of a packed one is not sound; a damaged frame is told by the read that needs
/// it.
[[nodiscard]] Result<std::unique_ptr<io::File>> open_segment(io::Storage& storage,
                                                             const SegmentFile& segment);

enum class ArchiveScope : std::uint8_t {
  kBeforeSnapshots,  ///< what no start from a kept snapshot reads
  kAllButLast,
};

struct ArchiveReport {
  std::uint64_t segments = 0;
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;
};

/// Told the bytes packed so far and those to pack in all; returns false to stop.
using ArchiveProgress = std::function<bool(std::uint64_t, std::uint64_t)>;

/// While it is held nobody packs segments of this directory: what was listed stays where it is.
/// kLocked if another one holds it.
[[nodiscard]] Result<std::unique_ptr<io::Lock>> lock_archive(io::Storage& storage,
                                                             const std::string& directory);

/// Packs the segments of the scope that are not packed yet: each is written beside, synced, read
/// back and compared, named, and only then is the plain one removed. May run while a server writes
/// and others read; cut off at any moment it leaves either or both. kLocked if another one runs.
[[nodiscard]] Result<ArchiveReport> archive_segments(io::Storage& storage,
                                                     const std::string& directory,
                                                     ArchiveScope scope,
                                                     const ArchiveProgress& progress);

}  // namespace hulan::journal
