// SPDX-License-Identifier: Apache-2.0
// The folder that holds one market's journal and snapshots, claimed by one server.
#pragma once

#include <memory>
#include <string>

#include "io/storage.h"
#include "journal/error.h"

namespace hulan::journal {

enum class IfMissing : std::uint8_t { kCreate, kFail };

/// Holds the lock while it lives. A reader (verify, log, replay) needs none of this.
class DataDirectory {
 public:
  /// Makes the folders if asked, takes the lock, and removes temporary files that a killed server
  /// left. kLocked if another server is there, kMissing if there is no journal and none is wanted.
  [[nodiscard]] static Result<DataDirectory> open(io::Storage& storage, const std::string& path,
                                                  IfMissing if_missing);

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  DataDirectory(std::string path, std::unique_ptr<io::Lock> lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  std::unique_ptr<io::Lock> lock_;
};

}  // namespace hulan::journal
