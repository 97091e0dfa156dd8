// SPDX-License-Identifier: Apache-2.0
// Reads the journal from a place to its end, proving each batch on the way. Changes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "io/storage.h"
#include "journal/batch.h"
#include "journal/error.h"

namespace hulan::journal {

/// A place in the chain that a snapshot stands on.
struct Anchor {
  std::uint64_t sequence = 0;  // last record it holds; 0: none
  Sha256 chain{};
};

struct ScanOptions {
  /// First record wanted; a batch that holds it is given whole. With an anchor: the one after it.
  std::uint64_t from_sequence = 1;
  /// Must be found in the journal, else the journal has lost or changed records: damage.
  std::optional<Anchor> anchor;
  /// Must be the journal's market, if given.
  std::optional<MarketId> market;
  /// Give idle batches (count 0) to the callback, too.
  bool idle_batches = false;
};

/// Where the journal ends, and what the next batch continues.
struct Position {
  std::string path;  // segment; empty when there is none
  std::uint64_t segment_length = 0;
  std::uint64_t offset = 0;  // of the next batch
  std::uint64_t next_sequence = 1;
  std::int64_t time_ns = 0;  // of the last batch
  std::uint64_t epoch = 0;   // of the last batch
  std::uint32_t partition = 0;
  bool ends_idle = true;  // the last batch is an idle one, or there is none
  MarketId market{};
  Sha256 chain{};  // after the last batch
};

/// Bytes of a write that was never acknowledged; Writer::open zeroes them.
struct TornTail {
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t sequence = 0;  // the first one the torn batch would have had
  std::string reason;

  /// One line for an operator.
  [[nodiscard]] std::string message() const;
};

struct ScanResult {
  Position end;
  std::optional<TornTail> torn;
  bool stopped = false;        // by the callback: `end` is then where it stopped
  std::uint64_t segments = 0;  // read
  std::uint64_t batches = 0;   // read, idle ones included
  std::uint64_t records = 0;   // given to the callback, those before from_sequence included
};

/// Returns false to stop.
using BatchCallback = std::function<bool(const BatchView&)>;

/// Reads from `options` on and gives each batch in order. `directory` is the data directory. A
/// journal without segments is no error: `end.path` is then empty. Any thread; may run while a
/// server writes.
[[nodiscard]] Result<ScanResult> scan(io::Storage& storage, const std::string& directory,
                                      const ScanOptions& options, const BatchCallback& callback);

}  // namespace hulan::journal
