// SPDX-License-Identifier: Apache-2.0
#include "io/linux/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/assert.h"
#include "io/aligned_buffer.h"

namespace hulan::io {
namespace {

class LinuxFile final : public File {
 public:
  LinuxFile(Descriptor fd, std::string path, bool durable)
      : fd_(std::move(fd)), path_(std::move(path)), durable_(durable) {}

  Result<void> write_at(std::uint64_t offset, std::span<const std::uint8_t> data) override;
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override;
  Result<std::uint64_t> size() override;
  Result<void> sync() override;

 private:
  bool leave_direct_mode();

  Descriptor fd_;
  std::string path_;
  bool durable_;
};

// Some file systems accept O_DIRECT at open and refuse it at the first write.
bool LinuxFile::leave_direct_mode() {
  const int flags = fcntl(fd_.get(), F_GETFL);
  return flags >= 0 && (flags & O_DIRECT) != 0 && fcntl(fd_.get(), F_SETFL, flags & ~O_DIRECT) == 0;
}

Result<void> LinuxFile::write_at(std::uint64_t offset, std::span<const std::uint8_t> data) {
  if (durable_) {
    HULAN_ASSERT(offset % kBlockBytes == 0 && data.size() % kBlockBytes == 0);
    HULAN_ASSERT(reinterpret_cast<std::uintptr_t>(data.data()) % kBlockBytes == 0);
  }
  while (!data.empty()) {
    const ssize_t put = pwrite(fd_.get(), data.data(), data.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EINVAL && durable_ && leave_direct_mode()) continue;
    if (put < 0) return system_error("write", path_);
    const bool broken_block = durable_ && static_cast<std::size_t>(put) % kBlockBytes != 0;
    if (put == 0 || broken_block) return std::unexpected(Error{"write", path_, EIO});
    data = data.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return {};
}

Result<std::size_t> LinuxFile::read_at(std::uint64_t offset, std::span<std::uint8_t> out) {
  std::size_t total = 0;
  while (total < out.size()) {
    const ssize_t got = pread(fd_.get(), out.data() + total, out.size() - total,
                              static_cast<off_t>(offset + total));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("read", path_);
    if (got == 0) break;
    total += static_cast<std::size_t>(got);
  }
  return total;
}

Result<std::uint64_t> LinuxFile::size() {
  struct stat info{};
  if (fstat(fd_.get(), &info) != 0) return system_error("stat", path_);
  return static_cast<std::uint64_t>(info.st_size);
}

Result<void> LinuxFile::sync() {
  if (fsync(fd_.get()) != 0) return system_error("sync", path_);
  return {};
}

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT | O_TRUNC;
    case OpenMode::kUpdate:
      return O_RDWR | O_CREAT;
    case OpenMode::kDurable:
      return O_RDWR | O_DIRECT | O_DSYNC;
  }
  HULAN_ASSERT(false);
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

std::unexpected<Error> system_error(const char* operation, const std::string& path) {
  return std::unexpected(Error{operation, path, errno});
}

Result<std::unique_ptr<File>> open_file(const std::string& path, OpenMode mode) {
  const int flags = flags_of(mode) | O_CLOEXEC;
  int fd = ::open(path.c_str(), flags, 0640);
  if (fd < 0 && errno == EINVAL && (flags & O_DIRECT) != 0) {
    fd = ::open(path.c_str(), flags & ~O_DIRECT, 0640);
  }
  if (fd < 0) return system_error("open", path);
  return std::make_unique<LinuxFile>(Descriptor(fd), path, mode == OpenMode::kDurable);
}

}  // namespace hulan::io
