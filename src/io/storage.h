// SPDX-License-Identifier: Apache-2.0
// Files as narrowly as the journal, snapshots and documents need them, so that a simulated twin
// can tear, lose and flip what is written. Paths are plain; errors name operation and path.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/error.h"

namespace hulan::io {

/// An open file. Owned by one thread at a time; closed by its destructor.
class File {
 public:
  virtual ~File() = default;

  /// Writes all of `data` at `offset`, or fails. In `OpenMode::kDurable` offset, length and address
  /// are multiples of kBlockBytes, and the bytes are on the disk when it returns. After an error
  /// nothing is known about what was written.
  [[nodiscard]] virtual Result<void> write_at(std::uint64_t offset,
                                              std::span<const std::uint8_t> data) = 0;

  /// Reads up to `out.size()` bytes; fewer only at the end of the file.
  [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset,
                                                    std::span<std::uint8_t> out) = 0;

  [[nodiscard]] virtual Result<std::uint64_t> size() = 0;

  /// Brings content and length to the disk.
  [[nodiscard]] virtual Result<void> sync() = 0;
};

/// An exclusive claim; released when destroyed or when the process ends.
class Lock {
 public:
  virtual ~Lock() = default;
};

/// A file being filled with zeros, possibly by another thread. Destroyed early, it stops.
class Preparation {
 public:
  virtual ~Preparation() = default;

  /// Waits until the file is whole and synced. Called once.
  [[nodiscard]] virtual Result<void> finish() = 0;
};

enum class OpenMode : std::uint8_t {
  kRead,     // an existing file, read only
  kCreate,   // new or emptied; durable after sync()
  kDurable,  // an existing file; each aligned write is durable on return
  kUpdate,   // as it is, or new and empty; durable after sync()
};

/// A file system. Any thread, except that one path is used by one thread at a time.
class Storage {
 public:
  virtual ~Storage() = default;

  [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::string& path,
                                                           OpenMode mode) = 0;

  /// Begins a file of `bytes` zeros at `path`, written out so that later writes change no metadata.
  [[nodiscard]] virtual std::unique_ptr<Preparation> prepare_zeroed(const std::string& path,
                                                                    std::uint64_t bytes) = 0;

  /// Replaces `to` if it exists. Durable after sync_directory.
  [[nodiscard]] virtual Result<void> rename(const std::string& from, const std::string& to) = 0;

  [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;

  /// Names in the directory in ascending order, without `.` and `..`.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;

  /// Makes the directory and those above it; it is no error if it exists. Durable on return.
  [[nodiscard]] virtual Result<void> make_directory(const std::string& directory) = 0;

  [[nodiscard]] virtual Result<void> sync_directory(const std::string& directory) = 0;

  /// Takes the lock file at `path` (made if missing) without waiting; fails with EWOULDBLOCK when
  /// another holder has it.
  [[nodiscard]] virtual Result<std::unique_ptr<Lock>> lock(const std::string& path) = 0;
};

}  // namespace hulan::io
