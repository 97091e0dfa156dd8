// SPDX-License-Identifier: Apache-2.0
// One batch: the unit of writing, syncing, checksumming and chaining. Also the value that a
// cluster's log replicates.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "journal/format.h"
#include "journal/record.h"

namespace hulan::journal {

struct BatchHeader {
  std::uint32_t body_length = 0;
  std::uint32_t count = 0;  // 0: idle batch
  std::uint32_t partition = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t epoch = 0;
  std::int64_t time_ns = 0;
  SaltSeed salt_seed{};
  Sha256 previous_chain{};
  MarketId market{};

  /// Sequence of the next record after this batch.
  [[nodiscard]] std::uint64_t next_sequence() const { return first_sequence + count; }
  [[nodiscard]] std::size_t length() const { return kBatchHeaderBytes + body_length; }
  [[nodiscard]] std::size_t padded_length() const { return io::round_up_to_block(length()); }
};

/// A batch read back; spans are valid until the callback that got it returns.
struct BatchView {
  BatchHeader header;
  Sha256 chain{};                       // after this batch
  std::span<const std::uint8_t> body;   // the records
  std::span<const std::uint8_t> bytes;  // header and body, unpadded
  const std::string* path = nullptr;    // segment
  std::uint64_t offset = 0;             // in the segment

  [[nodiscard]] Records records() const { return {header.first_sequence, header.time_ns, body}; }
};

enum class Invalid : std::uint8_t {
  kTooShort,
  kMagic,
  kLength,
  kChecksum,
  kVersion,  // a true checksum under a format version this build does not know
  kPadding,
  kRecords,  // the records do not fill the body exactly
};

[[nodiscard]] const char* to_text(Invalid reason);

/// Writes header, body and zero padding into `out` (at least padded_length() bytes) and returns the
/// chain after this batch. `body.size()` is header.body_length and at most kMaxBodyBytes.
Sha256 encode_batch(const BatchHeader& header, std::span<const std::uint8_t> body,
                    std::span<std::uint8_t> out);

/// Header fields as they stand at the start of `data`, unchecked; at least kBatchHeaderBytes.
[[nodiscard]] BatchHeader peek_header(std::span<const std::uint8_t> data);

/// Reads the batch at the start of `data`, which holds up to kMaxBatchBytes of a segment. Checks
/// everything that the batch alone can tell; chain and continuity are the reader's. Fills `chain`.
[[nodiscard]] std::expected<BatchView, Invalid> decode_batch(std::span<const std::uint8_t> data);

/// Whether `data` starts with a batch of true checksum; the cheap part of decode_batch.
[[nodiscard]] bool has_true_checksum(std::span<const std::uint8_t> data);

/// The chain after a batch of these bytes (unpadded).
[[nodiscard]] Sha256 next_chain(const Sha256& previous, std::span<const std::uint8_t> bytes);

}  // namespace hulan::journal
