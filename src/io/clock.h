// SPDX-License-Identifier: Apache-2.0
// The one source of time. The engine never sees it: time reaches it stamped on commands.
#pragma once

#include <cstdint>

namespace hulan::io {

class Clock {
 public:
  virtual ~Clock() = default;

  /// UTC nanoseconds since 1970. May jump, also backwards: who needs order keeps the last value.
  [[nodiscard]] virtual std::int64_t now_ns() = 0;
};

}  // namespace hulan::io
