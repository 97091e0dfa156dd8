// SPDX-License-Identifier: Apache-2.0
#include "journal/snapshot_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/sha256_stream.h"
#include "io/durable_file.h"
#include "journal/segment.h"
#include "journal/zeros.h"

namespace hulan::journal {
namespace {

constexpr std::size_t kHeaderBytes = 128;
constexpr std::size_t kSectionHeaderBytes = kMaxSectionName + 8;
constexpr std::size_t kHashBytes = sizeof(Sha256);
constexpr std::size_t kProofBytes = 1024 * 1024;
constexpr std::array<std::uint8_t, 8> kZeros{};

using Bytes = std::span<const std::uint8_t>;

std::uint64_t padding_of(std::uint64_t length) { return (8 - length % 8) % 8; }

std::uint64_t content_length(const SectionParts& section) {
  std::uint64_t length = 0;
  for (const Bytes part : section.parts) length += part.size();
  return length;
}

std::array<std::uint8_t, kSectionHeaderBytes> section_header(const SectionParts& section,
                                                             std::uint64_t length) {
  HULAN_ASSERT(!section.name.empty() && section.name.size() <= kMaxSectionName);
  std::array<std::uint8_t, kSectionHeaderBytes> out{};
  std::copy(section.name.begin(), section.name.end(), out.begin());
  store_le(out.data() + kMaxSectionName, length);
  return out;
}

std::array<std::uint8_t, kHeaderBytes> file_header(const SnapshotHeader& header,
                                                   std::size_t sections, std::uint64_t payload) {
  std::array<std::uint8_t, kHeaderBytes> out{};
  std::uint8_t* to = out.data();
  store_le(to, kSnapshotMagic);
  store_le(to + 4, kFormatVersion);
  store_le(to + 6, static_cast<std::uint16_t>(kHeaderBytes));
  store_le(to + 8, static_cast<std::uint32_t>(sections));
  store_le(to + 12, header.rules_version);
  store_le(to + 16, header.sequence);
  store_le(to + 24, header.time_ns);
  store_le(to + 32, payload);
  std::copy(header.market.begin(), header.market.end(), to + 40);
  std::copy(header.chain.begin(), header.chain.end(), to + 64);
  std::copy(header.state_hash.begin(), header.state_hash.end(), to + 96);
  return out;
}

SnapshotHeader header_from(const std::uint8_t* from) {
  SnapshotHeader header;
  header.rules_version = load_le<std::uint32_t>(from + 12);
  header.sequence = load_le<std::uint64_t>(from + 16);
  header.time_ns = load_le<std::int64_t>(from + 24);
  std::copy_n(from + 40, header.market.size(), header.market.begin());
  std::copy_n(from + 64, header.chain.size(), header.chain.begin());
  std::copy_n(from + 96, header.state_hash.size(), header.state_hash.begin());
  return header;
}

Result<void> keep_newest(io::Storage& storage, const std::string& directory) {
  const auto paths = list_snapshots(storage, directory);
  if (!paths) return std::unexpected(paths.error());
  for (std::size_t i = kSnapshotsKept; i < paths->size(); ++i) {
    if (auto removed = storage.remove((*paths)[i]); !removed) return io_error(removed.error());
  }
  return {};
}

}  // namespace

Result<std::string> write_snapshot(io::Storage& storage, const std::string& directory,
                                   const SnapshotHeader& header,
                                   std::span<const SectionParts> sections) {
  std::deque<std::array<std::uint8_t, kSectionHeaderBytes>> headers;  // keeps its elements in place
  std::vector<Bytes> parts(1);
  std::uint64_t payload = 0;
  for (const SectionParts& section : sections) {
    const std::uint64_t length = content_length(section);
    parts.emplace_back(headers.emplace_back(section_header(section, length)));
    parts.insert(parts.end(), section.parts.begin(), section.parts.end());
    parts.emplace_back(Bytes(kZeros).first(padding_of(length)));
    payload += kSectionHeaderBytes + length + padding_of(length);
  }
  const auto first = file_header(header, sections.size(), payload);
  parts[0] = first;
  Sha256Stream stream;
  for (const Bytes part : parts) stream.update(part);
  const Sha256 hash = stream.finish();
  parts.emplace_back(hash);

  const std::string path =
      snapshot_directory(directory) + "/" + numbered_name(header.sequence, ".snapshot");
  if (auto written = io::write_file_durably(storage, path, parts); !written) {
    return io_error(written.error());
  }
  if (auto kept = keep_newest(storage, directory); !kept) return std::unexpected(kept.error());
  return path;
}

std::optional<Bytes> Snapshot::section(std::string_view name) const {
  for (const Section& section : sections_) {
    if (section.name == name) return section.content;
  }
  return std::nullopt;
}

Result<void> Snapshot::parse() {
  const auto broken = [this](const char* reason, std::uint64_t offset = 0) {
    return std::unexpected(Error{ErrorKind::kDamage, reason, path_, offset, header_.sequence});
  };
  const Bytes all = file_.span();
  if (all.size() < kHeaderBytes + kHashBytes) return broken("the snapshot is too short");
  if (load_le<std::uint32_t>(all.data()) != kSnapshotMagic) return broken("this is no snapshot");
  const Bytes hashed = all.first(all.size() - kHashBytes);
  const Sha256 hash = sha256(hashed);
  if (!std::equal(hash.begin(), hash.end(), all.data() + hashed.size())) {
    return broken("the hash of the snapshot is wrong");
  }
  if (load_le<std::uint16_t>(all.data() + 4) != kFormatVersion ||
      load_le<std::uint16_t>(all.data() + 6) != kHeaderBytes) {
    return std::unexpected(
        Error{ErrorKind::kUnsupported, "written by a newer version", path_, 0, 0});
  }
  header_ = header_from(all.data());
  Bytes rest = hashed.subspan(kHeaderBytes);
  if (load_le<std::uint64_t>(all.data() + 32) != rest.size()) {
    return broken("the payload has another length than told", 32);
  }
  for (auto left = load_le<std::uint32_t>(all.data() + 8); left > 0; --left) {
    const std::uint64_t at = hashed.size() - rest.size();
    if (rest.size() < kSectionHeaderBytes) return broken("a section is cut short", at);
    const std::string_view name(reinterpret_cast<const char*>(rest.data()), kMaxSectionName);
    const auto length = load_le<std::uint64_t>(rest.data() + kMaxSectionName);
    rest = rest.subspan(kSectionHeaderBytes);
    if (length > rest.size() || padding_of(length) > rest.size() - length) {
      return broken("a section is cut short", at);
    }
    sections_.push_back({name.substr(0, name.find('\0')), rest.first(length)});
    rest = rest.subspan(length + padding_of(length));
  }
  if (!rest.empty()) return broken("bytes follow the last section", hashed.size() - rest.size());
  return {};
}

Result<Snapshot> read_snapshot(io::Storage& storage, const std::string& path) {
  auto file = storage.open(path, io::OpenMode::kRead);
  if (!file) return io_error(file.error());
  const auto size = (*file)->size();
  if (!size) return io_error(size.error());
  Snapshot snapshot;
  snapshot.path_ = path;
  snapshot.file_ = io::AlignedBuffer(*size);
  const auto got = (*file)->read_at(0, snapshot.file_.span());
  if (!got) return io_error(got.error());
  if (*got != *size) {
    return std::unexpected(Error{ErrorKind::kDamage, "the snapshot ends early", path, *got, 0});
  }
  if (auto parsed = snapshot.parse(); !parsed) return std::unexpected(parsed.error());
  const auto slash = path.rfind('/');
  const auto named = parse_numbered_name(std::string_view(path).substr(slash + 1), ".snapshot");
  if (named && *named != snapshot.header_.sequence) {
    return std::unexpected(Error{ErrorKind::kDamage, "the name does not tell the sequence", path, 0,
                                 snapshot.header_.sequence});
  }
  return snapshot;
}

Result<void> prove_snapshot(io::Storage& storage, const std::string& path) {
  auto file = storage.open(path, io::OpenMode::kRead);
  if (!file) return io_error(file.error());
  const auto size = (*file)->size();
  if (!size) return io_error(size.error());
  const auto wrong = [&](const char* reason) {
    return std::unexpected(Error{ErrorKind::kDamage, reason, path, 0, 0});
  };
  if (*size < kHeaderBytes + kHashBytes) return wrong("the snapshot is too short");
  const std::uint64_t hashed = *size - kHashBytes;
  io::AlignedBuffer buffer(kProofBytes);
  Sha256Stream stream;
  for (std::uint64_t at = 0; at < hashed;) {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(kProofBytes, hashed - at));
    const auto got = (*file)->read_at(at, buffer.span().first(want));
    if (!got) return io_error(got.error());
    if (*got != want) return wrong("the snapshot ends early");
    stream.update(buffer.span().first(want));
    at += want;
  }
  Sha256 expected;
  const auto got = (*file)->read_at(hashed, expected);
  if (!got) return io_error(got.error());
  if (*got != expected.size() || stream.finish() != expected) {
    return wrong("the hash of the snapshot is wrong");
  }
  return {};
}

Result<SnapshotFile> SnapshotFile::open(io::Storage& storage, const std::string& path) {
  SnapshotFile snapshot;
  snapshot.path_ = path;
  auto file = storage.open(path, io::OpenMode::kRead);
  if (!file) return io_error(file.error());
  snapshot.file_ = std::move(*file);
  const auto size = snapshot.file_->size();
  if (!size) return io_error(size.error());
  std::array<std::uint8_t, kHeaderBytes> header{};
  const auto got = snapshot.file_->read_at(0, header);
  if (!got) return io_error(got.error());
  if (*got < header.size() || load_le<std::uint32_t>(header.data()) != kSnapshotMagic) {
    return std::unexpected(Error{ErrorKind::kDamage, "this is no snapshot", path, 0, 0});
  }
  if (load_le<std::uint16_t>(header.data() + 4) != kFormatVersion ||
      load_le<std::uint16_t>(header.data() + 6) != kHeaderBytes) {
    return std::unexpected(
        Error{ErrorKind::kUnsupported, "written by a newer version", path, 0, 0});
  }
  snapshot.header_ = header_from(header.data());
  const auto count = load_le<std::uint32_t>(header.data() + 8);
  if (auto found = snapshot.find_sections(count, *size); !found) {
    return std::unexpected(found.error());
  }
  return snapshot;
}

Result<void> SnapshotFile::find_sections(std::uint32_t count, std::uint64_t end) {
  std::uint64_t at = kHeaderBytes;
  for (; count > 0; --count) {
    std::array<std::uint8_t, kSectionHeaderBytes> head{};
    const auto got = file_->read_at(at, head);
    if (!got) return io_error(got.error());
    const auto length = load_le<std::uint64_t>(head.data() + kMaxSectionName);
    at += head.size();
    if (*got < head.size() || at > end || length > end - at) {
      return std::unexpected(
          Error{ErrorKind::kDamage, "a section is cut short", path_, at, header_.sequence});
    }
    const std::string_view name(reinterpret_cast<const char*>(head.data()), kMaxSectionName);
    places_.push_back({std::string(name.substr(0, name.find('\0'))), at, length});
    at += length + padding_of(length);
  }
  return {};
}

const SnapshotFile::Place* SnapshotFile::find(std::string_view name) const {
  const auto found = std::find_if(places_.begin(), places_.end(),
                                  [&](const Place& place) { return place.name == name; });
  return found == places_.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> SnapshotFile::length(std::string_view name) const {
  const Place* place = find(name);
  if (place == nullptr) return std::nullopt;
  return place->length;
}

Result<void> SnapshotFile::read(std::string_view name, std::uint64_t offset,
                                std::span<std::uint8_t> into) {
  const Place* place = find(name);
  HULAN_ASSERT(place != nullptr && offset <= place->length &&
               into.size() <= place->length - offset);
  const auto got = file_->read_at(place->offset + offset, into);
  if (!got) return io_error(got.error());
  if (*got == into.size()) return {};
  return std::unexpected(Error{ErrorKind::kDamage, "the snapshot ends early", path_,
                               place->offset + offset, header_.sequence});
}

Result<std::vector<std::string>> list_snapshots(io::Storage& storage,
                                                const std::string& directory) {
  const std::string folder = snapshot_directory(directory);
  std::vector<std::string> paths;
  const auto names = storage.list(folder);
  if (!names && names.error().code == ENOENT) return paths;
  if (!names) return io_error(names.error());
  for (const std::string& name : *names) {
    if (parse_numbered_name(name, ".snapshot")) paths.push_back(folder + "/" + name);
  }
  std::sort(paths.rbegin(), paths.rend());
  return paths;
}

Result<NewestSnapshot> load_newest_snapshot(io::Storage& storage, const std::string& directory) {
  const auto paths = list_snapshots(storage, directory);
  if (!paths) return std::unexpected(paths.error());
  NewestSnapshot newest;
  for (const std::string& path : *paths) {
    auto snapshot = read_snapshot(storage, path);
    if (snapshot) {
      newest.snapshot = std::move(*snapshot);
      break;
    }
    newest.skipped.push_back(snapshot.error());
  }
  return newest;
}

}  // namespace hulan::journal
