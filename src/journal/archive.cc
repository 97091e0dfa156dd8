// SPDX-License-Identifier: Apache-2.0
#include "journal/archive.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "io/aligned_buffer.h"
#include "journal/archive_file.h"
#include "journal/snapshot_file.h"

namespace hulan::journal {
namespace {

bool is_packed(const std::string& path) { return path.ends_with(kArchiveExtension); }

std::string packed_path(const std::string& plain) { return plain + ".zst"; }

/// Sequence of the oldest snapshot; nothing without one.
Result<std::optional<std::uint64_t>> oldest_snapshot(io::Storage& storage,
                                                     const std::string& directory) {
  const auto paths = list_snapshots(storage, directory);
  if (!paths) return std::unexpected(paths.error());
  if (paths->empty()) return std::optional<std::uint64_t>();
  const std::string& path = paths->back();
  return parse_numbered_name(std::string_view(path).substr(path.rfind('/') + 1), ".snapshot");
}

Result<std::vector<SegmentFile>> wanted(io::Storage& storage, const std::string& directory,
                                        ArchiveScope scope) {
  auto segments = list_segments(storage, directory);
  if (!segments) return segments;
  std::vector<SegmentFile> out;
  const auto oldest = oldest_snapshot(storage, directory);
  if (!oldest) return std::unexpected(oldest.error());
  for (std::size_t at = 0; at + 1 < segments->size(); ++at) {
    const std::uint64_t next = (*segments)[at + 1].first_sequence;
    const bool read_at_start = !*oldest || next > **oldest;  // a start reads the snapshot's record
    if (scope == ArchiveScope::kBeforeSnapshots && read_at_start) break;
    if (!is_packed((*segments)[at].path)) out.push_back((*segments)[at]);
  }
  return out;
}

/// Reads both to their ends.
Result<void> expect_same(io::File& one, io::File& other, const std::string& path) {
  io::AlignedBuffer left(kArchiveFrameBytes), right(kArchiveFrameBytes);
  for (std::uint64_t at = 0;; at += kArchiveFrameBytes) {
    const auto a = one.read_at(at, left.span());
    if (!a) return io_error(a.error());
    const auto b = other.read_at(at, right.span());
    if (!b) return io_error(b.error());
    if (*a != *b || !std::equal(left.data(), left.data() + *a, right.data())) {
      return std::unexpected(
          Error{ErrorKind::kDamage, "read back, the archive is not what was written", path, at, 0});
    }
    if (*a < kArchiveFrameBytes) return {};
  }
}

class Archiver {
 public:
  Archiver(io::Storage& storage, std::string folder, const ArchiveProgress& progress)
      : storage_(storage), folder_(std::move(folder)), progress_(progress) {}

  Result<ArchiveReport> run(const std::vector<SegmentFile>& segments) {
    for (const SegmentFile& segment : segments) {
      auto file = storage_.open(segment.path, io::OpenMode::kRead);
      if (!file) return io_error(file.error());
      const auto header = read_segment_header(**file, segment);
      if (!header) return std::unexpected(header.error());
      total_ += header->length;
    }
    for (const SegmentFile& segment : segments) {
      const auto done = one(segment);
      if (!done) return std::unexpected(done.error());
      if (!*done) break;
    }
    return report_;
  }

 private:
  Result<bool> one(const SegmentFile& segment) {
    auto plain = storage_.open(segment.path, io::OpenMode::kRead);
    if (!plain) return io_error(plain.error());
    const auto length = (*plain)->size();
    if (!length) return io_error(length.error());
    const std::string temporary = packed_path(segment.path) + ".tmp";
    {
      auto packed = storage_.open(temporary, io::OpenMode::kCreate);
      if (!packed) return io_error(packed.error());
      const auto done = pack(**plain, *length, **packed, [this](std::uint64_t bytes) {
        done_ += bytes;
        return !progress_ || progress_(done_, total_);
      });
      if (!done || !*done) return done;
    }
    auto packed = storage_.open(temporary, io::OpenMode::kRead);
    if (!packed) return io_error(packed.error());
    const auto size = (*packed)->size();
    if (!size) return io_error(size.error());
    auto archive = ArchiveFile::open(std::move(*packed), temporary);
    if (!archive) return std::unexpected(archive.error());
    if (auto same = expect_same(**plain, **archive, temporary); !same) {
      return std::unexpected(same.error());
    }
    if (auto put = replace(temporary, segment.path); !put) return std::unexpected(put.error());
    report_.segments += 1;
    report_.bytes_before += *length;
    report_.bytes_after += *size;
    return true;
  }

  Result<void> replace(const std::string& temporary, const std::string& plain) {
    if (auto named = storage_.rename(temporary, packed_path(plain)); !named) {
      return io_error(named.error());
    }
    if (auto synced = storage_.sync_directory(folder_); !synced) return io_error(synced.error());
    if (auto removed = storage_.remove(plain); !removed) return io_error(removed.error());
    if (auto synced = storage_.sync_directory(folder_); !synced) return io_error(synced.error());
    return {};
  }

  io::Storage& storage_;
  std::string folder_;
  const ArchiveProgress& progress_;
  ArchiveReport report_;
  std::uint64_t done_ = 0, total_ = 0;
};

}  // namespace

Result<std::unique_ptr<io::File>> open_segment(io::Storage& storage, const SegmentFile& segment) {
  std::string path = segment.path;
  auto file = storage.open(path, io::OpenMode::kRead);
  if (!file && file.error().code == ENOENT && !is_packed(path)) {  // packed since it was listed
    path = packed_path(path);
    file = storage.open(path, io::OpenMode::kRead);
  }
  if (!file) return io_error(file.error());
  if (!is_packed(path)) return std::move(*file);
  auto archive = ArchiveFile::open(std::move(*file), path);
  if (archive) return std::move(*archive);
  Error error = std::move(archive.error());
  if (error.sequence == 0) error.sequence = segment.first_sequence;
  return std::unexpected(std::move(error));
}

Result<std::unique_ptr<io::Lock>> lock_archive(io::Storage& storage, const std::string& directory) {
  auto lock = storage.lock(directory + "/archive.lock");
  if (lock) return std::move(*lock);
  if (lock.error().code != EWOULDBLOCK) return io_error(lock.error());
  return std::unexpected(Error{ErrorKind::kLocked,
                               directory + ": its segments are just being archived or backed up",
                               directory});
}

Result<ArchiveReport> archive_segments(io::Storage& storage, const std::string& directory,
                                       ArchiveScope scope, const ArchiveProgress& progress) {
  const auto lock = lock_archive(storage, directory);
  if (!lock) return std::unexpected(lock.error());
  const auto segments = wanted(storage, directory, scope);
  if (!segments) return std::unexpected(segments.error());
  return Archiver(storage, journal_directory(directory), progress).run(*segments);
}

}  // namespace hulan::journal
