// SPDX-License-Identifier: Apache-2.0
#include "documents/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hulan::documents {
namespace {

std::unexpected<std::string> failure(const char* what, const std::filesystem::path& path) {
  return std::unexpected(std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

/// A descriptor that is closed with its scope.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0640)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

bool write_all(int fd, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

std::expected<void, std::string> write_and_sync(const std::filesystem::path& path,
                                                std::span<const std::uint8_t> bytes) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.ok()) return failure("cannot create", path);
  if (!write_all(file.get(), bytes)) return failure("cannot write", path);
  if (::fsync(file.get()) != 0) return failure("cannot sync", path);
  return {};
}

}  // namespace

std::expected<void, std::string> make_directory(const std::filesystem::path& dir) {
  if (dir.empty() || std::filesystem::is_directory(dir)) return {};
  const auto parent = dir.parent_path();
  if (auto made = make_directory(parent); !made) return made;
  if (::mkdir(dir.c_str(), 0750) != 0 && errno != EEXIST) return failure("cannot create", dir);
  return sync_directory(parent.empty() ? std::filesystem::path(".") : parent);
}

std::expected<void, std::string> sync_directory(const std::filesystem::path& dir) {
  const Descriptor directory(dir, O_RDONLY | O_DIRECTORY);
  if (!directory.ok()) return failure("cannot open", dir);
  if (::fsync(directory.get()) != 0) return failure("cannot sync", dir);
  return {};
}

std::expected<void, std::string> write_durably(const std::filesystem::path& temporary,
                                               const std::filesystem::path& path,
                                               std::span<const std::uint8_t> bytes) {
  if (auto written = write_and_sync(temporary, bytes); !written) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    auto error = failure("cannot put in place", path);
    ::unlink(temporary.c_str());
    return error;
  }
  return sync_directory(path.parent_path());
}

std::expected<std::vector<std::uint8_t>, std::string> read_file(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY);
  struct stat status{};
  if (!file.ok() || ::fstat(file.get(), &status) != 0) return failure("cannot open", path);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t n = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure("cannot read", path);
    if (n == 0) break;
    filled += static_cast<std::size_t>(n);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace hulan::documents
