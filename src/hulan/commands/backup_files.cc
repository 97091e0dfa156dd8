// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/backup_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/sha256_stream.h"

namespace hulan::app::backup {
namespace {

constexpr std::size_t kPiece = 1 << 20;
// Locks, what is copied in a way of its own, and what is made again at a start.
constexpr std::array kLeftOut{"lock", "archive.lock", "journal",    "snapshots",
                              "view", "documents",    "backup.json"};

[[noreturn]] void fail(const fs::path& path) {
  throw CopyFailed{fmt::format("{}: {}", path.string(), std::strerror(errno))};
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0640)) {
    if (fd_ < 0) fail(path);
  }
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::size_t read_some(int fd, const fs::path& path, std::span<std::uint8_t> into) {
  while (true) {
    const ssize_t got = ::read(fd, into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail(path);
  }
}

void write_all(int fd, const fs::path& path, std::span<const std::uint8_t> data) {
  while (!data.empty()) {
    const ssize_t done = ::write(fd, data.data(), data.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail(path);
    data = data.subspan(static_cast<std::size_t>(done));
  }
}

bool is_left_out(const fs::path& relative) {
  const std::string first = relative.begin()->string();
  return std::find(kLeftOut.begin(), kLeftOut.end(), first) != kLeftOut.end() ||
         first.starts_with("identity.db") || relative.extension() == ".tmp";
}

template <class Wanted>
std::vector<fs::path> files_below(const fs::path& directory, const fs::path& part, Wanted wanted) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(directory / part, error), end; !error && at != end;
       at.increment(error)) {
    const fs::path relative = at->path().lexically_relative(directory);
    if (at->is_regular_file() && wanted(relative)) files.push_back(relative);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw CopyFailed{fmt::format("{}: {}", (directory / part).string(), error.message())};
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Sha256 Copier::copy(const Job& job) {
  make_folder(job.to.parent_path());
  fs::path temporary = job.to;
  temporary += ".tmp";
  Sha256Stream hash;
  {
    const Descriptor from(job.from, O_RDONLY);
    const Descriptor to(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    struct stat info{};
    if (::fstat(from.get(), &info) != 0) fail(job.from);
    if (::fchmod(to.get(), info.st_mode & 0777) != 0) fail(temporary);  // keys stay private
    std::vector<std::uint8_t> piece(kPiece);
    for (std::uint64_t left = job.content; left > 0;) {
      const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece));
      const std::size_t got = read_some(from.get(), job.from, std::span(piece).first(room));
      if (got == 0) throw CopyFailed{fmt::format("{}: ends early", job.from.string())};
      const auto data = std::span(piece).first(got);
      hash.update(data);
      write_all(to.get(), temporary, data);
      left -= got;
      done_ += got;
      if (progress_) progress_(done_, total_);
    }
    if (job.length != job.content && ::ftruncate(to.get(), static_cast<off_t>(job.length)) != 0) {
      fail(temporary);
    }
    if (::fsync(to.get()) != 0) fail(temporary);
  }
  if (::rename(temporary.c_str(), job.to.c_str()) != 0) fail(job.to);
  if (folders_.empty() || folders_.back() != job.to.parent_path()) {
    folders_.push_back(job.to.parent_path());
  }
  report_.files += 1;
  report_.bytes += job.content;
  return hash.finish();
}

void Copier::finish() {
  std::sort(folders_.begin(), folders_.end());
  folders_.erase(std::unique(folders_.begin(), folders_.end()), folders_.end());
  for (const fs::path& folder : folders_) sync_folder(folder);
  folders_.clear();
}

std::vector<fs::path> plain_files(const fs::path& directory) {
  return files_below(directory, "", [](const fs::path& path) { return !is_left_out(path); });
}

std::vector<fs::path> document_files(const fs::path& directory) {
  return files_below(directory, "documents", [](const fs::path& path) {
    return (++path.begin())->string() != "tmp" && path.stem().string().size() == 64;
  });
}

bool is_named(const fs::path& document, const Sha256& hash) {
  return document.stem().string() == to_hex(hash);
}

void sync_folder(const fs::path& path) {
  const Descriptor folder(path, O_RDONLY | O_DIRECTORY);
  if (::fsync(folder.get()) != 0) fail(path);
}

void make_folder(const fs::path& path) {
  if (path.empty() || fs::exists(path)) return;
  make_folder(path.parent_path());
  std::error_code error;
  fs::create_directory(path, error);
  if (error) throw CopyFailed{fmt::format("{}: {}", path.string(), error.message())};
  sync_folder(path.parent_path().empty() ? fs::path(".") : path.parent_path());
}

}  // namespace hulan::app::backup
