// SPDX-License-Identifier: Apache-2.0
#include "journal/data_directory.h"

#include <cerrno>

#include "journal/segment.h"

namespace hulan::journal {
namespace {

Result<void> remove_temporary_files(io::Storage& storage, const std::string& folder) {
  const auto names = storage.list(folder);
  if (!names) return io_error(names.error());
  for (const std::string& name : *names) {
    if (!name.ends_with(".tmp")) continue;
    if (auto removed = storage.remove(folder + "/" + name); !removed) {
      return io_error(removed.error());
    }
  }
  return {};
}

}  // namespace

Result<DataDirectory> DataDirectory::open(io::Storage& storage, const std::string& path,
                                          IfMissing if_missing) {
  if (if_missing == IfMissing::kFail && !storage.list(journal_directory(path))) {
    return std::unexpected(
        Error{ErrorKind::kMissing, path + " holds no journal: make one with `hulan init`", path});
  }
  for (const auto& folder : {journal_directory(path), snapshot_directory(path)}) {
    if (auto made = storage.make_directory(folder); !made) return io_error(made.error());
  }
  auto lock = storage.lock(path + "/lock");
  if (!lock && lock.error().code == EWOULDBLOCK) {
    return std::unexpected(Error{ErrorKind::kLocked, path + " is in use by another server", path});
  }
  if (!lock) return io_error(lock.error());
  for (const auto& folder : {journal_directory(path), snapshot_directory(path)}) {
    auto removed = remove_temporary_files(storage, folder);
    if (!removed) return std::unexpected(removed.error());
  }
  return DataDirectory(path, std::move(*lock));
}

}  // namespace hulan::journal
