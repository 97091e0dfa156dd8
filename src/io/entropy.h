// SPDX-License-Identifier: Apache-2.0
// The one source of chance, so that a simulation can be repeated from its seed.
#pragma once

#include <cstdint>
#include <span>

namespace hulan::io {

class Entropy {
 public:
  virtual ~Entropy() = default;

  /// Fills `out` with bytes nobody can guess. Does not fail: without chance the process ends.
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace hulan::io
