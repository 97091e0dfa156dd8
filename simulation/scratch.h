// SPDX-License-Identifier: Apache-2.0
// A folder of the real file system, for what is not simulated; gone with its owner.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/assert.h"

namespace hulan::simulation {

class Scratch {
 public:
  /// In memory where there is such a file system: a run syncs its users' database.
  Scratch() {
    const std::filesystem::path base = std::filesystem::is_directory("/dev/shm")
                                           ? std::filesystem::path("/dev/shm")
                                           : std::filesystem::temp_directory_path();
    path_ = base / "hulan-sim-XXXXXX";
    HULAN_ASSERT(mkdtemp(path_.data()) != nullptr);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace hulan::simulation
