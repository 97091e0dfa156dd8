// SPDX-License-Identifier: Apache-2.0
// The container of a snapshot: what state it is of, its sections, and one hash over all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/aligned_buffer.h"
#include "io/storage.h"
#include "journal/error.h"
#include "journal/format.h"
#include "journal/reader.h"

namespace hulan::journal {

inline constexpr std::size_t kSnapshotsKept = 2;
inline constexpr std::size_t kMaxSectionName = 24;

struct SnapshotHeader {
  std::uint64_t sequence = 0;  // last record it holds; the last of a batch
  std::int64_t time_ns = 0;    // market time
  std::uint32_t rules_version = 0;
  MarketId market{};
  Sha256 chain{};  // after the batch of that record (Appended::chain, Writer::chain)
  Sha256 state_hash{};

  [[nodiscard]] Anchor anchor() const { return {sequence, chain}; }
};

/// A section to be written; its content is the concatenation of the parts.
struct SectionParts {
  std::string_view name;  // 1 to kMaxSectionName bytes
  std::vector<std::span<const std::uint8_t>> parts;
};

/// A snapshot read back and proved against its hash. Owns the bytes its sections point to.
class Snapshot {
 public:
  [[nodiscard]] const SnapshotHeader& header() const { return header_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::size_t section_count() const { return sections_.size(); }

  /// The section's content, 8-byte aligned; nothing if there is none of that name.
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> section(std::string_view name) const;

 private:
  friend Result<Snapshot> read_snapshot(io::Storage&, const std::string&);
  struct Section {
    std::string_view name;
    std::span<const std::uint8_t> content;
  };
  Result<void> parse();

  std::string path_;
  io::AlignedBuffer file_;
  SnapshotHeader header_;
  std::vector<Section> sections_;
};

/// Writes DIR/snapshots/<sequence>.snapshot durably and removes all but the newest
/// kSnapshotsKept. Returns its path. Any thread; `sections` must not change meanwhile.
[[nodiscard]] Result<std::string> write_snapshot(io::Storage& storage, const std::string& directory,
                                                 const SnapshotHeader& header,
                                                 std::span<const SectionParts> sections);

/// Reads one snapshot file whole. kDamage with the reason if it is not what was written.
[[nodiscard]] Result<Snapshot> read_snapshot(io::Storage& storage, const std::string& path);

/// Compares the file with the hash at its end, piece by piece. kDamage if it is not what was
/// written.
[[nodiscard]] Result<void> prove_snapshot(io::Storage& storage, const std::string& path);

/// A snapshot's file, read piece by piece to where it is wanted. Nothing of it is proved: that is
/// prove_snapshot()'s part, and may run beside.
class SnapshotFile {
 public:
  /// kDamage or kUnsupported if this is no snapshot.
  [[nodiscard]] static Result<SnapshotFile> open(io::Storage& storage, const std::string& path);

  [[nodiscard]] const SnapshotHeader& header() const { return header_; }
  /// Length of a section; nothing if there is none of that name.
  [[nodiscard]] std::optional<std::uint64_t> length(std::string_view name) const;
  /// Fills `into` from `offset` of the section on, which must lie within it.
  [[nodiscard]] Result<void> read(std::string_view name, std::uint64_t offset,
                                  std::span<std::uint8_t> into);

 private:
  struct Place {
    std::string name;
    std::uint64_t offset;
    std::uint64_t length;
  };
  Result<void> find_sections(std::uint32_t count, std::uint64_t end);
  [[nodiscard]] const Place* find(std::string_view name) const;

  std::string path_;
  std::unique_ptr<io::File> file_;
  SnapshotHeader header_;
  std::vector<Place> places_;
};

/// Paths of all snapshots, newest first.
[[nodiscard]] Result<std::vector<std::string>> list_snapshots(io::Storage& storage,
                                                              const std::string& directory);

struct NewestSnapshot {
  std::optional<Snapshot> snapshot;  // none: replay from sequence 1
  std::vector<Error> skipped;        // newer ones that are not valid, and why
};

/// The newest valid snapshot, and what was wrong with those before it.
[[nodiscard]] Result<NewestSnapshot> load_newest_snapshot(io::Storage& storage,
                                                          const std::string& directory);

}  // namespace hulan::journal
