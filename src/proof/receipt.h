// SPDX-License-Identifier: Apache-2.0
// A receipt: one record of the log, and the proof that a signed checkpoint covers it (R13.2). Its
// JSON is in docs/formats/proof.md. Any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "journal/leaf.h"
#include "proof/checkpoint.h"

namespace hulan::proof {

struct Receipt {
  std::uint64_t sequence = 0;
  std::int64_t time_ns = 0;
  std::vector<std::uint8_t> record;  ///< as it stands in the journal
  journal::LeafSalt salt{};
  Sha256 leaf{};
  std::vector<Sha256> path;  ///< from the leaf to the root
  std::string checkpoint;    ///< the signed note

  [[nodiscard]] std::string json() const;
  /// The error is one line that names the member, its value and what was expected.
  [[nodiscard]] static std::expected<Receipt, std::string> parse(std::string_view json);

  /// Proves it with nothing but the key. The error is one line: which step fails.
  [[nodiscard]] std::expected<Checkpoint, std::string> verify(const PublicKey& key) const;
};

/// What a kept checkpoint says about a receipt: a record that claims a time at or before the
/// checkpoint's is among its first `size` records, or it was put in afterwards. One line, if not.
[[nodiscard]] std::expected<void, std::string> check_against_kept(const Receipt& receipt,
                                                                  const Checkpoint& kept);

/// Whether `later` continues `earlier` (both opened with the key): sizes, times, and the
/// consistency proof. The error is one line that says what was done to the log.
[[nodiscard]] std::expected<void, std::string> check_consistent(const Checkpoint& earlier,
                                                                const Checkpoint& later,
                                                                const std::vector<Sha256>& path);

}  // namespace hulan::proof
