// SPDX-License-Identifier: Apache-2.0
// Files copied durably and hashed on the way, for backup and restore. Failures are thrown as
// CopyFailed and end at the public functions of backup.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "hulan/commands/backup.h"
#include "hulan/commands/backup_manifest.h"

namespace hulan::app::backup {

namespace fs = std::filesystem;

struct CopyFailed {
  std::string why;  ///< one line
};

/// One file to be copied.
struct Job {
  fs::path from;
  fs::path to;
  std::uint64_t content = 0;  ///< bytes to take from the start
  std::uint64_t length = 0;   ///< of the copy; beyond `content` it reads as zeros
};

/// Copies files one by one and counts what it did. One thread.
class Copier {
 public:
  Copier(BackupReport& report, const CopyProgress& progress)
      : report_(report), progress_(progress) {}

  void expect(std::uint64_t bytes) { total_ += bytes; }
  /// Copies by way of a temporary name, synced; gives the SHA-256 of the content taken. Throws.
  Sha256 copy(const Job& job);
  /// Syncs the folders that were written to. Throws.
  void finish();

 private:
  BackupReport& report_;
  const CopyProgress& progress_;
  std::uint64_t done_ = 0, total_ = 0;
  std::vector<fs::path> folders_;
};

/// Files of a market's folder that are copied as they are, relative to it, in ascending order: not
/// the journal, snapshots, documents, identity and what is made again at a start.
[[nodiscard]] std::vector<fs::path> plain_files(const fs::path& directory);
/// Documents, relative to the folder.
[[nodiscard]] std::vector<fs::path> document_files(const fs::path& directory);
/// True if a document's content is what its name says.
[[nodiscard]] bool is_named(const fs::path& document, const Sha256& hash);

void sync_folder(const fs::path& path);
void make_folder(const fs::path& path);

}  // namespace hulan::app::backup
