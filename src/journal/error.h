// SPDX-License-Identifier: Apache-2.0
// Why the journal cannot go on, and where.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "io/error.h"

namespace hulan::journal {

enum class ErrorKind : std::uint8_t {
  kIo,           // the system refused an operation
  kDamage,       // bytes that were durable have changed or are gone: refuse to start
  kLocked,       // another server has the data directory
  kUnsupported,  // written by a newer build
  kMissing,      // there is no journal here
};

/// `path`, `offset` and `sequence` name the place of damage; sequence is the one expected there.
struct Error {
  ErrorKind kind = ErrorKind::kIo;
  std::string reason;
  std::string path;
  std::uint64_t offset = 0;
  std::uint64_t sequence = 0;

  /// One line for an operator.
  [[nodiscard]] std::string message() const;
};

template <typename T>
using Result = std::expected<T, Error>;

/// An I/O error seen from the journal; EBADMSG is damage.
[[nodiscard]] std::unexpected<Error> io_error(const io::Error& error);

}  // namespace hulan::journal
