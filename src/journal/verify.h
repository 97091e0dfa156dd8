// SPDX-License-Identifier: Apache-2.0
// Proves a data directory: every checksum, the whole chain, every snapshot and its place in it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/storage.h"
#include "journal/error.h"
#include "journal/reader.h"
#include "journal/snapshot_file.h"

namespace hulan::journal {

struct VerifyReport {
  std::uint64_t segments = 0;
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
  Position end;                  // where the journal ends, or where the proof stopped
  std::optional<TornTail> torn;  // no damage: was never acknowledged
  std::vector<std::string> valid_snapshots;
  std::vector<Error> damage;  // the journal's first place, and each broken snapshot
  [[nodiscard]] bool sound() const { return damage.empty(); }
};

/// Called after each batch with the records proved so far: for a progress bar.
using VerifyProgress = std::function<void(std::uint64_t records)>;

/// Reads everything and changes nothing; takes no lock, so that it can run beside a server. An
/// error is returned only where a file cannot be read or there is no journal; damage is in the
/// report.
[[nodiscard]] Result<VerifyReport> verify(io::Storage& storage, const std::string& directory,
                                          const VerifyProgress& progress = {});

}  // namespace hulan::journal
