// SPDX-License-Identifier: Apache-2.0
// A market's folder copied whole to another place while the market runs, and brought back.
//
// TARGET looks like a market's folder, with backup.json, written last: market, how far it goes, and
// length and SHA-256 of every file that the journal's chain or a document's name does not prove.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace hulan::app {

/// How far a backup goes, and what it took.
struct BackupReport {
  std::uint64_t sequence = 0;  ///< of the last record in it
  std::int64_t time_ns = 0;    ///< of that record's batch
  std::string chain;           ///< after it, hexadecimal
  std::uint64_t files = 0;     ///< written; those that were there already are not counted
  std::uint64_t bytes = 0;
  std::vector<std::string> warnings;  ///< documents that are not what their names say: left out
};

/// Bytes done, of how many.
using CopyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Copies the market of `directory`, whether or not a server runs it, to `target`: an empty or
/// missing folder, or an earlier backup of the same market, which is brought up to date. Everything
/// acknowledged before the call is in it. The error is one line.
[[nodiscard]] std::expected<BackupReport, std::string> backup_market(const std::string& directory,
                                                                     const std::string& target,
                                                                     const CopyProgress& progress);

/// Makes `directory`, which must not exist, from a backup, and proves what it made: file by file,
/// and the whole chain. Nothing is left if it fails. The error is one line.
[[nodiscard]] std::expected<BackupReport, std::string> restore_market(const std::string& backup,
                                                                      const std::string& directory,
                                                                      const CopyProgress& progress);

}  // namespace hulan::app
