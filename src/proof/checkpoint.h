// SPDX-License-Identifier: Apache-2.0
// A checkpoint: the root over the first `size` records, as a signed note in C2SP's tlog-checkpoint
// format (R13.2). docs/formats/proof.md has the bytes. Any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "journal/format.h"
#include "proof/note.h"

namespace hulan::proof {

/// "hulan/" and the market's id in hexadecimal: the log's name, and its key's.
[[nodiscard]] std::string origin_of(const journal::MarketId& market);

/// "2024-01-15T09:00:00.123456789Z" for UTC nanoseconds since 1970; up to the year 2262.
[[nodiscard]] std::string exact_time_text(std::int64_t ns);

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;    ///< records; the last has this sequence
  Sha256 root{};             ///< of the tree over them
  std::int64_t time_ns = 0;  ///< of record `size`, by the market's clock
  std::int64_t made_ns = 0;  ///< by the machine's clock
  Sha256 chain{};            ///< of the journal after the batch of record `size`

  [[nodiscard]] std::string text() const;
  /// Takes only what text() gives. The error is one line that names what is wrong.
  [[nodiscard]] static std::expected<Checkpoint, std::string> parse(std::string_view text);
  /// Opens a note signed by `key`, whose name must be the origin.
  [[nodiscard]] static std::expected<Checkpoint, std::string> open(std::string_view note,
                                                                   const PublicKey& key);
};

}  // namespace hulan::proof
