// SPDX-License-Identifier: Apache-2.0
#include "projections/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace hulan::projections {
namespace {

constexpr std::uint64_t kAddressBytes = 1ULL << 36;  // reserved, not used: 64 GiB a history
constexpr std::uint64_t kLeastStep = 1ULL << 20;
constexpr std::uint64_t kMostStep = 64ULL << 20;

std::unexpected<io::Error> failed(const char* operation, const std::string& path) {
  return std::unexpected(io::Error{operation, path, errno});
}

// Cuts the file to `bytes`; returns false with errno set.
bool cut(int fd, std::uint64_t bytes) {
  struct stat info{};
  if (fstat(fd, &info) != 0) return false;
  if (static_cast<std::uint64_t>(info.st_size) < bytes) {
    errno = ENODATA;
    return false;
  }
  return ftruncate(fd, static_cast<off_t>(bytes)) == 0;
}

}  // namespace

io::Result<MappedFile> MappedFile::open(const std::string& path, std::uint64_t bytes) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd < 0) return failed("open", path);
  if (!cut(fd, bytes)) {
    const auto error = failed("cut", path);
    ::close(fd);
    return error;
  }
  void* address =
      mmap(nullptr, kAddressBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  if (address == MAP_FAILED) {
    const auto error = failed("map", path);
    ::close(fd);
    return error;
  }
  return MappedFile(path, fd, static_cast<std::uint8_t*>(address), bytes);
}

MappedFile::MappedFile(std::string path, int fd, std::uint8_t* data, std::uint64_t room)
    : path_(std::move(path)), fd_(fd), data_(data), room_(room) {}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      data_(std::exchange(other.data_, nullptr)),
      room_(other.room_) {}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(data_, kAddressBytes);
  if (fd_ >= 0) ::close(fd_);
}

io::Result<void> MappedFile::reserve(std::uint64_t bytes) {
  if (bytes <= room_) return {};
  if (bytes > kAddressBytes) return std::unexpected(io::Error{"grow", path_, EFBIG});
  const std::uint64_t step = std::clamp(room_ / 2, kLeastStep, kMostStep);
  const std::uint64_t wanted = std::min(
      kAddressBytes, (std::max(bytes, room_ + step) + kLeastStep - 1) / kLeastStep * kLeastStep);
  const int code =
      posix_fallocate(fd_, static_cast<off_t>(room_), static_cast<off_t>(wanted - room_));
  if (code != 0) return std::unexpected(io::Error{"grow", path_, code});
  room_ = wanted;
  return {};
}

io::Result<void> MappedFile::sync() {
  if (fdatasync(fd_) != 0) return failed("sync", path_);
  return {};
}

void must(const io::Result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "view: %s\n", done.error().message().c_str());
  _exit(1);  // without destructors: other threads may be writing
}

}  // namespace hulan::projections
