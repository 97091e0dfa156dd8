// SPDX-License-Identifier: Apache-2.0
// The whole state as it was after one record, on its own: made piece by piece by the engine, then
// hashed and written by whoever has the time.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "engine/client_ids.h"
#include "engine/engine.h"
#include "engine/page_copy.h"

namespace hulan::engine {

/// Owns its memory. Any thread, one at a time.
struct StateCopy {
  std::vector<std::pair<std::string_view, PageCopy>> business;
  ClientIdsCopy client_ids;
  model::Sequence sequence = 0;
  model::Time now{};

  /// As Engine::view() gave them; they point into this copy.
  [[nodiscard]] std::vector<SectionView> sections() const;
  /// As Engine::state_hash() gave it. Reads everything.
  [[nodiscard]] Sha256 state_hash() const;
};

}  // namespace hulan::engine
