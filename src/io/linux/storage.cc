// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string_view>

#include "io/durable_file.h"
#include "io/linux/file.h"
#include "io/linux/preparation.h"
#include "io/linux/system.h"

namespace hulan::io {
namespace {

class LinuxLock final : public Lock {
 public:
  explicit LinuxLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;
};

class LinuxStorage final : public Storage {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    return open_file(path, mode);
  }

  std::unique_ptr<Preparation> prepare_zeroed(const std::string& path,
                                              std::uint64_t bytes) override {
    return start_preparation(path, bytes);
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_error("rename", from);
    return {};
  }

  Result<void> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return system_error("remove", path);
    return {};
  }

  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<void> make_directory(const std::string& directory) override;
  Result<void> sync_directory(const std::string& directory) override;
  Result<std::unique_ptr<Lock>> lock(const std::string& path) override;
};

Result<std::vector<std::string>> LinuxStorage::list(const std::string& directory) {
  DIR* handle = opendir(directory.c_str());
  if (handle == nullptr) return system_error("list", directory);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(handle)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  const int code = errno;
  closedir(handle);
  if (code != 0) return std::unexpected(Error{"list", directory, code});
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> LinuxStorage::make_directory(const std::string& directory) {
  if (::mkdir(directory.c_str(), 0750) == 0) return sync_directory(directory_of(directory));
  if (errno == EEXIST) {
    struct stat info{};
    if (::stat(directory.c_str(), &info) != 0) return system_error("make directory", directory);
    if (S_ISDIR(info.st_mode)) return {};
    return std::unexpected(Error{"make directory", directory, ENOTDIR});
  }
  if (errno != ENOENT) return system_error("make directory", directory);
  const std::string above = directory_of(directory);
  if (above == directory || above == ".") return system_error("make directory", directory);
  if (auto made = make_directory(above); !made) return made;
  if (::mkdir(directory.c_str(), 0750) != 0) return system_error("make directory", directory);
  return sync_directory(above);
}

Result<void> LinuxStorage::sync_directory(const std::string& directory) {
  const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return system_error("open directory", directory);
  if (fsync(fd.get()) != 0) return system_error("sync directory", directory);
  return {};
}

Result<std::unique_ptr<Lock>> LinuxStorage::lock(const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (fd.get() < 0) return system_error("open", path);
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return system_error("lock", path);
  return std::make_unique<LinuxLock>(std::move(fd));
}

}  // namespace

Storage& system_storage() {
  static LinuxStorage storage;
  return storage;
}

}  // namespace hulan::io
