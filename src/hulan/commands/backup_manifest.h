// SPDX-License-Identifier: Apache-2.0
// backup.json: what a backup holds. Written last, so that a backup that was cut off has none that
// fits.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace hulan::app::backup {

struct ManifestFile {
  std::string path;  ///< relative to the backup
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct Manifest {
  std::string market;  ///< id, hexadecimal
  std::uint64_t sequence = 0;
  std::int64_t time_ns = 0;
  std::string chain;
  std::vector<ManifestFile> files;

  [[nodiscard]] std::string json() const;
  /// Reads FOLDER/backup.json. The error is one line.
  [[nodiscard]] static std::expected<Manifest, std::string> read(
      const std::filesystem::path& folder);
};

}  // namespace hulan::app::backup
