// SPDX-License-Identifier: Apache-2.0
// One packed file: frames of zstd, and a table of them in a frame that decoders skip.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/storage.h"
#include "journal/error.h"

struct ZSTD_DCtx_s;

namespace hulan::journal {

/// Reads what was packed. A read that meets a damaged frame fails with EBADMSG. One thread.
class ArchiveFile final : public io::File {
 public:
  /// kDamage if the table of frames is not that of this file.
  [[nodiscard]] static Result<std::unique_ptr<ArchiveFile>> open(std::unique_ptr<io::File> file,
                                                                 const std::string& path);
  ~ArchiveFile() override;

  /// Never: an archive is read only.
  [[nodiscard]] io::Result<void> write_at(std::uint64_t offset,
                                          std::span<const std::uint8_t> data) override;
  [[nodiscard]] io::Result<std::size_t> read_at(std::uint64_t offset,
                                                std::span<std::uint8_t> out) override;
  [[nodiscard]] io::Result<std::uint64_t> size() override { return starts_.back().plain; }
  [[nodiscard]] io::Result<void> sync() override { return {}; }

 private:
  struct Start {
    std::uint64_t packed = 0;  ///< offset in the file
    std::uint64_t plain = 0;   ///< offset in what was packed
  };
  ArchiveFile(std::unique_ptr<io::File> file, std::string path);
  Result<void> read_table();
  io::Result<void> unpack(std::size_t frame);

  std::unique_ptr<io::File> file_;
  std::string path_;
  std::vector<Start> starts_;  ///< one more than there are frames
  std::vector<std::uint8_t> packed_, plain_;
  std::size_t unpacked_ = SIZE_MAX;  ///< the frame that `plain_` holds
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
};

/// Packs `length` bytes of `from` into `to`, a new file, and syncs it. `progress` is told the bytes
/// of each frame and returns false to stop; then, or on an error, `to` is of no use. Returns false
/// if it was stopped.
[[nodiscard]] Result<bool> pack(io::File& from, std::uint64_t length, io::File& to,
                                const std::function<bool(std::uint64_t)>& progress);

}  // namespace hulan::journal
