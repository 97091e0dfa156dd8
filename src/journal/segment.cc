// SPDX-License-Identifier: Apache-2.0
#include "journal/segment.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <tuple>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/crc32c.h"
#include "journal/zeros.h"

namespace hulan::journal {
namespace {

constexpr std::size_t kCrcOffset = 8;
constexpr std::size_t kNameDigits = 20;
constexpr std::size_t kHeaderBytes = 128;

std::uint32_t checksum(std::span<const std::uint8_t> block) {
  std::array<std::uint8_t, kHeaderBytes> copy;
  std::copy_n(block.begin(), copy.size(), copy.begin());
  store_le(copy.data() + kCrcOffset, std::uint32_t{0});
  return crc32c(copy);
}

std::unexpected<Error> damage(const SegmentFile& segment, std::string reason) {
  return std::unexpected(
      Error{ErrorKind::kDamage, std::move(reason), segment.path, 0, segment.first_sequence});
}

}  // namespace

std::string journal_directory(const std::string& directory) { return directory + "/journal"; }
std::string snapshot_directory(const std::string& directory) { return directory + "/snapshots"; }

std::string numbered_name(std::uint64_t number, std::string_view extension) {
  const std::string digits = std::to_string(number);
  return std::string(kNameDigits - digits.size(), '0') + digits + std::string(extension);
}

std::optional<std::uint64_t> parse_numbered_name(std::string_view name,
                                                 std::string_view extension) {
  if (name.size() != kNameDigits + extension.size() || !name.ends_with(extension)) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const char* end = name.data() + kNameDigits;
  const auto [stop, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

Result<std::vector<SegmentFile>> list_segments(io::Storage& storage, const std::string& directory) {
  const std::string folder = journal_directory(directory);
  std::vector<SegmentFile> segments;
  const auto names = storage.list(folder);
  if (!names && names.error().code == ENOENT) return segments;
  if (!names) return io_error(names.error());
  for (const std::string& name : *names) {
    auto number = parse_numbered_name(name, kSegmentExtension);
    if (!number) number = parse_numbered_name(name, kArchiveExtension);
    if (number) segments.push_back({*number, folder + "/" + name});
  }
  std::sort(segments.begin(), segments.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first_sequence, a.path) < std::tie(b.first_sequence, b.path);
  });
  const auto same = [](const auto& a, const auto& b) {
    return a.first_sequence == b.first_sequence;
  };
  segments.erase(std::unique(segments.begin(), segments.end(), same), segments.end());
  return segments;
}

void encode_segment_header(const SegmentHeader& header, std::span<std::uint8_t> out) {
  HULAN_ASSERT(out.size() == kBlockBytes);
  std::memset(out.data(), 0, out.size());
  std::uint8_t* to = out.data();
  store_le(to, kSegmentMagic);
  store_le(to + 4, kFormatVersion);
  store_le(to + 12, header.partition);
  store_le(to + 16, header.first_sequence);
  store_le(to + 24, header.length);
  store_le(to + 32, header.previous_time_ns);
  std::copy(header.market.begin(), header.market.end(), to + 48);
  std::copy(header.chain.begin(), header.chain.end(), to + 64);
  store_le(to + kCrcOffset, checksum(out));
}

Result<SegmentHeader> read_segment_header(io::File& file, const SegmentFile& segment) {
  std::array<std::uint8_t, kBlockBytes> block;
  const auto size = file.size();
  if (!size) return io_error(size.error());
  const auto got = file.read_at(0, block);
  if (!got && got.error().code == EBADMSG) return damage(segment, got.error().operation);
  if (!got) return io_error(got.error());
  if (*got < block.size()) return damage(segment, "the segment is too short for its header");
  const std::uint8_t* from = block.data();
  if (load_le<std::uint32_t>(from) != kSegmentMagic) {
    return damage(segment, "no segment header");
  }
  if (load_le<std::uint32_t>(from + kCrcOffset) != checksum(block)) {
    return damage(segment, "the checksum of the segment header is wrong");
  }
  if (load_le<std::uint16_t>(from + 4) != kFormatVersion) {
    return std::unexpected(Error{ErrorKind::kUnsupported, "written by a newer version",
                                 segment.path, 0, segment.first_sequence});
  }
  if (!is_zero(std::span(block).subspan(kHeaderBytes))) {
    return damage(segment, "the rest of the header block is not zero");
  }
  SegmentHeader header;
  header.partition = load_le<std::uint32_t>(from + 12);
  header.first_sequence = load_le<std::uint64_t>(from + 16);
  header.length = load_le<std::uint64_t>(from + 24);
  header.previous_time_ns = load_le<std::int64_t>(from + 32);
  std::copy_n(from + 48, header.market.size(), header.market.begin());
  std::copy_n(from + 64, header.chain.size(), header.chain.begin());
  if (header.first_sequence != segment.first_sequence) {
    return damage(segment, "the name of the file does not tell its first sequence, " +
                               std::to_string(header.first_sequence));
  }
  if (header.length != *size) {
    return damage(segment, "the file is " + std::to_string(*size) + " bytes long, not " +
                               std::to_string(header.length));
  }
  return header;
}

}  // namespace hulan::journal
