// SPDX-License-Identifier: Apache-2.0
// What proves that the log is whole (R13.2), as the doors show it. The owner of the log implements
// it; everything may be called on any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "model/ids.h"

namespace hulan::gateways {

class Proofs {
 public:
  virtual ~Proofs() = default;

  /// The key that checkpoints are signed with, as a note's verifier takes it; empty: not there yet.
  [[nodiscard]] virtual std::string public_key() const = 0;
  /// How many checkpoints there are.
  [[nodiscard]] virtual std::uint64_t count() const = 0;
  /// Records under the newest checkpoint.
  [[nodiscard]] virtual std::uint64_t size() const = 0;

  struct Checkpoint {
    std::uint64_t size = 0;
    std::int64_t time_ns = 0;  ///< of its last record, by the market's clock
    Sha256 root{};
    std::string note;
  };
  /// Checkpoint `number`, from 0; nothing if it cannot be read.
  [[nodiscard]] virtual std::optional<Checkpoint> checkpoint(std::uint64_t number) const = 0;

  /// RFC 9162: the path of leaf `sequence - 1` in the tree of `size`; 0 < sequence <= size <=
  /// size().
  [[nodiscard]] virtual std::optional<std::vector<Sha256>> inclusion(std::uint64_t sequence,
                                                                     std::uint64_t size) const = 0;
  /// RFC 9162: 0 < from <= to <= size().
  [[nodiscard]] virtual std::optional<std::vector<Sha256>> consistency(std::uint64_t from,
                                                                       std::uint64_t to) const = 0;

  struct Receipt {
    model::UserId user = 0;  ///< whose command it was
    model::ParticipantId participant = 0;
    std::string json;
  };
  /// The receipt of a record under the newest checkpoint. Reads the journal: not for the network's
  /// thread. The error is one line.
  [[nodiscard]] virtual std::expected<Receipt, std::string> receipt(
      std::uint64_t sequence) const = 0;
};

}  // namespace hulan::gateways
