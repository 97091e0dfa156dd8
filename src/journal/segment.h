// SPDX-License-Identifier: Apache-2.0
// Segment files: their names, their headers, and which there are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/storage.h"
#include "journal/error.h"
#include "journal/format.h"

namespace hulan::journal {

struct SegmentHeader {
  std::uint32_t partition = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t length = 0;  // of the whole file
  std::int64_t previous_time_ns = 0;
  MarketId market{};
  Sha256 chain{};  // before the first batch
};

struct SegmentFile {
  std::uint64_t first_sequence = 0;
  std::string path;
};

inline constexpr std::string_view kSegmentExtension = ".journal";
inline constexpr std::string_view kArchiveExtension = ".journal.zst";  ///< see archive.h

[[nodiscard]] std::string journal_directory(const std::string& directory);
[[nodiscard]] std::string snapshot_directory(const std::string& directory);

/// 20 digits and the extension, and back; nothing for any other name.
[[nodiscard]] std::string numbered_name(std::uint64_t number, std::string_view extension);
[[nodiscard]] std::optional<std::uint64_t> parse_numbered_name(std::string_view name,
                                                               std::string_view extension);

/// The segments of a data directory in order, packed or not (once, where both are there: the plain
/// one); none if there is no journal directory.
[[nodiscard]] Result<std::vector<SegmentFile>> list_segments(io::Storage& storage,
                                                             const std::string& directory);

/// Writes the header block; `out` is kBlockBytes.
void encode_segment_header(const SegmentHeader& header, std::span<std::uint8_t> out);

/// Reads and checks the header and length of an open segment. Damage names offset 0.
[[nodiscard]] Result<SegmentHeader> read_segment_header(io::File& file, const SegmentFile& segment);

}  // namespace hulan::journal
