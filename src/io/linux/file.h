// SPDX-License-Identifier: Apache-2.0
// A POSIX file behind io::File.
#pragma once

#include <string>

#include "io/storage.h"

namespace hulan::io {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// The error of the system call that has just failed.
[[nodiscard]] std::unexpected<Error> system_error(const char* operation, const std::string& path);

/// Opens with the flags of `mode`: direct and synchronous for kDurable, or only synchronous where
/// the file system refuses direct access.
[[nodiscard]] Result<std::unique_ptr<File>> open_file(const std::string& path, OpenMode mode);

}  // namespace hulan::io
