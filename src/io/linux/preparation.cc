// SPDX-License-Identifier: Apache-2.0
#include "io/linux/preparation.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/assert.h"
#include "io/aligned_buffer.h"
#include "io/linux/file.h"

namespace hulan::io {
namespace {

constexpr std::uint64_t kChunkBytes = 1U << 20U;

// Asks for the room at once: a full disk is found before a second is spent on writing zeros.
Result<void> create_with_room(const std::string& path, std::uint64_t bytes) {
  const Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (fd.get() < 0) return system_error("open", path);
  if (fallocate(fd.get(), 0, 0, static_cast<off_t>(bytes)) != 0 && errno != EOPNOTSUPP) {
    return system_error("allocate", path);
  }
  return {};
}

class ThreadedPreparation final : public Preparation {
 public:
  ThreadedPreparation(std::string path, std::uint64_t bytes)
      : path_(std::move(path)), bytes_(bytes), thread_([this] { result_ = fill(); }) {}

  ~ThreadedPreparation() override {
    stop_.store(true, std::memory_order_relaxed);
    if (thread_.joinable()) thread_.join();
  }

  Result<void> finish() override {
    HULAN_ASSERT(thread_.joinable());
    thread_.join();
    return result_;
  }

 private:
  // Through the durable file: zeros go past the page cache, so that a large flush at the end cannot
  // hold up the journal's own small writes.
  Result<void> fill() {
    if (auto made = create_with_room(path_, bytes_); !made) return made;
    auto file = open_file(path_, OpenMode::kDurable);
    if (!file) return std::unexpected(file.error());
    AlignedBuffer zeros(kChunkBytes);
    std::memset(zeros.data(), 0, zeros.size());
    for (std::uint64_t offset = 0; offset < bytes_; offset += kChunkBytes) {
      if (stop_.load(std::memory_order_relaxed)) {
        return std::unexpected(Error{"prepare", path_, ECANCELED});
      }
      const auto length = std::min<std::uint64_t>(kChunkBytes, bytes_ - offset);
      auto written = (*file)->write_at(offset, zeros.span().first(length));
      if (!written) return written;
    }
    return (*file)->sync();
  }

  std::string path_;
  std::uint64_t bytes_;
  std::atomic<bool> stop_{false};
  Result<void> result_;
  std::thread thread_;  // last: starts when all the rest is there
};

}  // namespace

std::unique_ptr<Preparation> start_preparation(const std::string& path, std::uint64_t bytes) {
  HULAN_ASSERT(bytes % kBlockBytes == 0);
  return std::make_unique<ThreadedPreparation>(path, bytes);
}

}  // namespace hulan::io
