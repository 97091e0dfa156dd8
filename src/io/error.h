// SPDX-License-Identifier: Apache-2.0
// What went wrong with a file: the operation, the path and the system's code.
#pragma once

#include <expected>
#include <string>

namespace hulan::io {

struct Error {
  std::string operation;  // "open", "write", "sync", ...
  std::string path;
  int code = 0;  // errno, 0 where the system gave none

  /// One line for an operator: `write DIR/journal/...: No space left on device`.
  [[nodiscard]] std::string message() const;
};

template <typename T>
using Result = std::expected<T, Error>;

}  // namespace hulan::io
