// SPDX-License-Identifier: Apache-2.0
// The layout is the "Zstandard seekable format" of the zstd project, without its checksums of the
// table: each frame carries its own.
#include "journal/archive_file.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/assert.h"
#include "base/bytes.h"
#include "io/aligned_buffer.h"
#include "journal/archive.h"

namespace hulan::journal {
namespace {

constexpr std::uint32_t kSkippableMagic = 0x184D2A5E;
constexpr std::uint32_t kSeekableMagic = 0x8F92EAB1;
constexpr std::size_t kSkippableHeaderBytes = 8;
constexpr std::size_t kEntryBytes = 8;
constexpr std::size_t kFooterBytes = 9;
constexpr std::uint64_t kMostFrameBytes = 8 << 20;
constexpr int kLevel = 6;

std::unexpected<Error> damage(const std::string& path, std::uint64_t offset, std::string reason) {
  return std::unexpected(Error{ErrorKind::kDamage, std::move(reason), path, offset, 0});
}

}  // namespace

void ArchiveFile::Free::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

ArchiveFile::ArchiveFile(std::unique_ptr<io::File> file, std::string path)
    : file_(std::move(file)), path_(std::move(path)), context_(ZSTD_createDCtx()) {}

ArchiveFile::~ArchiveFile() = default;

Result<std::unique_ptr<ArchiveFile>> ArchiveFile::open(std::unique_ptr<io::File> file,
                                                       const std::string& path) {
  std::unique_ptr<ArchiveFile> archive(new ArchiveFile(std::move(file), path));
  if (auto read = archive->read_table(); !read) return std::unexpected(read.error());
  return archive;
}

Result<void> ArchiveFile::read_table() {
  const auto size = file_->size();
  if (!size) return io_error(size.error());
  std::array<std::uint8_t, kFooterBytes> footer{};
  if (*size < kSkippableHeaderBytes + kFooterBytes)
    return damage(path_, 0, "no archive: too short");
  const std::uint64_t footer_at = *size - kFooterBytes;
  if (auto got = file_->read_at(footer_at, footer); !got) return io_error(got.error());
  if (load_le<std::uint32_t>(footer.data() + 5) != kSeekableMagic || footer[4] != 0) {
    return damage(path_, footer_at, "the end of the archive is missing");
  }
  const std::uint64_t frames = load_le<std::uint32_t>(footer.data());
  const std::uint64_t table_bytes = kSkippableHeaderBytes + frames * kEntryBytes + kFooterBytes;
  if (frames == 0 || table_bytes > *size) {
    return damage(path_, footer_at, "the archive tells an impossible number of frames");
  }
  const std::uint64_t table_at = *size - table_bytes;
  std::vector<std::uint8_t> table(static_cast<std::size_t>(table_bytes));
  if (auto got = file_->read_at(table_at, table); !got) return io_error(got.error());
  if (load_le<std::uint32_t>(table.data()) != kSkippableMagic ||
      load_le<std::uint32_t>(table.data() + 4) != table_bytes - kSkippableHeaderBytes) {
    return damage(path_, table_at, "the archive's table of frames does not begin where it should");
  }
  Start at;
  starts_.push_back(at);
  for (std::uint64_t frame = 0; frame < frames; ++frame) {
    const std::uint8_t* entry = table.data() + kSkippableHeaderBytes + frame * kEntryBytes;
    const auto plain = load_le<std::uint32_t>(entry + 4);
    if (plain == 0 || plain > kMostFrameBytes) {
      return damage(path_, table_at, "the archive's table tells a frame of an impossible length");
    }
    at.packed += load_le<std::uint32_t>(entry);
    at.plain += plain;
    starts_.push_back(at);
  }
  if (at.packed != table_at) {
    return damage(path_, table_at, "the archive's frames and its table do not fit together");
  }
  return {};
}

io::Result<void> ArchiveFile::write_at(std::uint64_t, std::span<const std::uint8_t>) {
  return std::unexpected(io::Error{"write", path_, EROFS});
}

io::Result<void> ArchiveFile::unpack(std::size_t frame) {
  if (frame == unpacked_) return {};
  unpacked_ = SIZE_MAX;
  const Start from = starts_[frame], to = starts_[frame + 1];
  packed_.resize(static_cast<std::size_t>(to.packed - from.packed));
  plain_.resize(static_cast<std::size_t>(to.plain - from.plain));
  const auto got = file_->read_at(from.packed, packed_);
  if (!got) return std::unexpected(got.error());
  const std::size_t done = ZSTD_decompressDCtx(context_.get(), plain_.data(), plain_.size(),
                                               packed_.data(), packed_.size());
  if (*got != packed_.size() || ZSTD_isError(done) != 0 || done != plain_.size()) {
    return std::unexpected(
        io::Error{"the archive's frame at byte " + std::to_string(from.packed) + " is damaged",
                  path_, EBADMSG});
  }
  unpacked_ = frame;
  return {};
}

io::Result<std::size_t> ArchiveFile::read_at(std::uint64_t offset, std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size() && offset < starts_.back().plain) {
    const auto after =
        std::upper_bound(starts_.begin(), starts_.end(), offset,
                         [](std::uint64_t at, const Start& start) { return at < start.plain; });
    const auto frame = static_cast<std::size_t>(after - starts_.begin()) - 1;
    if (auto done = unpack(frame); !done) return std::unexpected(done.error());
    const auto skip = static_cast<std::size_t>(offset - starts_[frame].plain);
    const std::size_t some = std::min(plain_.size() - skip, out.size() - filled);
    std::copy_n(plain_.begin() + static_cast<std::ptrdiff_t>(skip), some, out.begin() + filled);
    filled += some;
    offset += some;
  }
  return filled;
}

Result<bool> pack(io::File& from, std::uint64_t length, io::File& to,
                  const std::function<bool(std::uint64_t)>& progress) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                        &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  io::AlignedBuffer plain(kArchiveFrameBytes);
  std::vector<std::uint8_t> packed(ZSTD_compressBound(kArchiveFrameBytes));
  std::vector<std::uint8_t> table(kSkippableHeaderBytes);
  std::uint64_t end = 0;
  for (std::uint64_t at = 0; at < length;) {
    const auto want =
        static_cast<std::size_t>(std::min<std::uint64_t>(kArchiveFrameBytes, length - at));
    const auto got = from.read_at(at, plain.span().first(want));
    if (!got) return io_error(got.error());
    if (*got != want) return std::unexpected(Error{ErrorKind::kIo, "a segment ends early", "", at});
    const std::size_t bytes =
        ZSTD_compress2(context.get(), packed.data(), packed.size(), plain.data(), want);
    HULAN_ASSERT(ZSTD_isError(bytes) == 0);
    if (auto put = to.write_at(end, std::span(packed).first(bytes)); !put) {
      return io_error(put.error());
    }
    table.resize(table.size() + kEntryBytes);
    store_le(table.data() + table.size() - kEntryBytes, static_cast<std::uint32_t>(bytes));
    store_le(table.data() + table.size() - 4, static_cast<std::uint32_t>(want));
    end += bytes;
    at += want;
    if (progress && !progress(want)) return false;
  }
  const auto frames = static_cast<std::uint32_t>((table.size() - 8) / kEntryBytes);
  table.resize(table.size() + kFooterBytes);
  store_le(table.data(), kSkippableMagic);
  store_le(table.data() + 4, static_cast<std::uint32_t>(table.size() - kSkippableHeaderBytes));
  store_le(table.data() + table.size() - kFooterBytes, frames);
  store_le(table.data() + table.size() - 4, kSeekableMagic);
  if (auto put = to.write_at(end, table); !put) return io_error(put.error());
  if (auto synced = to.sync(); !synced) return io_error(synced.error());
  return true;
}

}  // namespace hulan::journal
