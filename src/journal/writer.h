// SPDX-License-Identifier: Apache-2.0
// Appends batches durably. Passive: it blocks its caller for one write and one sync per batch; only
// the zero-filling of the next segment may run elsewhere, behind io::Storage.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "io/aligned_buffer.h"
#include "io/entropy.h"
#include "io/storage.h"
#include "journal/reader.h"

namespace hulan::journal {

struct WriterOptions {
  MarketId market{};                                   // used when the journal is new
  std::uint32_t partition = 0;                         // used when the journal is new
  std::uint64_t epoch = 1;                             // not less than that of the last batch
  std::uint64_t segment_bytes = kDefaultSegmentBytes;  // of segments to come
};

/// What a receipt (R13.2) and a snapshot need to know of an appended batch.
struct Appended {
  SaltSeed salt_seed{};
  Sha256 chain{};  // after the batch
};

/// One thread at a time. The caller holds the DataDirectory's lock for as long.
class Writer {
 public:
  /// Continues where a whole scan of `directory` ended: zeroes the torn tail it reported, syncs
  /// what a killed process left in the page cache, and makes the first segment of a new journal.
  [[nodiscard]] static Result<std::unique_ptr<Writer>> open(io::Storage& storage,
                                                            io::Entropy& entropy,
                                                            const std::string& directory,
                                                            const WriterOptions& options,
                                                            const ScanResult& recovered);

  /// Writes one batch of `count` records; it is durable on return. `first_sequence` must be
  /// next_sequence(), `time_ns` not less than time_ns(), `body` exactly `count` records and at most
  /// kMaxBodyBytes. An error is final: nothing is acknowledged, every later call gives it again,
  /// and the caller ends the process.
  [[nodiscard]] Result<Appended> append(std::uint64_t first_sequence, std::int64_t time_ns,
                                        std::uint32_t count, std::span<const std::uint8_t> body);

  /// Writes an idle batch if the last batch holds records, else does nothing; true if it wrote. To
  /// be called when no command has come for a few milliseconds, and at a clean end.
  [[nodiscard]] Result<bool> close_idle();

  [[nodiscard]] std::uint64_t next_sequence() const { return at_.next_sequence; }
  [[nodiscard]] std::int64_t time_ns() const { return at_.time_ns; }
  [[nodiscard]] const Sha256& chain() const { return at_.chain; }
  [[nodiscard]] const MarketId& market() const { return at_.market; }
  [[nodiscard]] const Position& position() const { return at_; }

 private:
  Writer(io::Storage& storage, io::Entropy& entropy, std::string folder,
         const WriterOptions& options, const Position& at);

  Result<void> begin(const std::optional<TornTail>& torn);
  Result<void> zero(const TornTail& torn);
  Result<Appended> write_batch(std::int64_t time_ns, std::uint32_t count,
                               std::span<const std::uint8_t> body);
  Result<void> write_in_segment(std::size_t padded);
  Result<void> next_segment();
  Result<void> finish_preparation();
  Result<void> name_segment();
  void prepare_when_half_full();
  [[nodiscard]] std::string temporary_path() const { return folder_ + "/next.tmp"; }

  io::Storage& storage_;
  io::Entropy& entropy_;
  std::string folder_;
  WriterOptions options_;
  Position at_;
  io::AlignedBuffer buffer_;
  std::unique_ptr<io::File> file_;
  std::unique_ptr<io::Preparation> preparation_;
  std::optional<Error> failure_;
};

}  // namespace hulan::journal
