// SPDX-License-Identifier: Apache-2.0
// What a place that holds no valid batch means: the end, a torn write, or damage.
#pragma once

#include <cstdint>
#include <string>

#include "journal/batch.h"
#include "journal/error.h"
#include "journal/window.h"

namespace hulan::journal {

enum class TailKind : std::uint8_t { kEnd, kTorn, kDamage };

struct Tail {
  TailKind kind = TailKind::kEnd;
  std::uint64_t length = 0;  // of a torn tail: whole blocks from the offset on
  std::string reason;        // of damage: what was seen further on
};

/// Looks at everything from `offset` to the end of the segment. `expected` carries the market,
/// first_sequence and previous_chain that a batch at `offset` would have. The rules are in
/// docs/formats/journal.md, "Recovery".
[[nodiscard]] Result<Tail> classify_tail(Window& window, std::uint64_t offset,
                                         const BatchHeader& expected);

}  // namespace hulan::journal
