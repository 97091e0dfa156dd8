// SPDX-License-Identifier: Apache-2.0
// A growing file seen as memory: written by stores, read by loads, kept by the page cache.
#pragma once

#include <cstdint>
#include <string>

#include "io/error.h"

namespace hulan::projections {

/// Owns a descriptor and a mapping of fixed address. One thread. Room is allocated on disk before
/// it is touched, so that a full disk is an error of reserve(), never a fault at a store.
class MappedFile {
 public:
  /// Opens or makes `path` and cuts it to `bytes`; fails if it is shorter than that.
  [[nodiscard]] static io::Result<MappedFile> open(const std::string& path, std::uint64_t bytes);

  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  MappedFile& operator=(MappedFile&&) = delete;

  /// Makes the first `bytes` writable. Amortised: room grows by whole steps.
  [[nodiscard]] io::Result<void> reserve(std::uint64_t bytes);

  /// Brings what was stored to the disk.
  [[nodiscard]] io::Result<void> sync();

  [[nodiscard]] std::uint8_t* data() const { return data_; }
  [[nodiscard]] std::uint64_t room() const { return room_; }

 private:
  MappedFile(std::string path, int fd, std::uint8_t* data, std::uint64_t room);
  std::string path_;
  int fd_;
  std::uint8_t* data_;
  std::uint64_t room_;  ///< bytes that lie on the disk
};

/// Ends the process with the error's words unless `done` holds: what the view could not write, it
/// makes again from the journal at the next start.
void must(const io::Result<void>& done);

}  // namespace hulan::projections
