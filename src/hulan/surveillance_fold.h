// SPDX-License-Identifier: Apache-2.0
// A market's journal folded into surveillance (R12.3), by an engine of its own. One thread.
#pragma once

#include <functional>
#include <string>

#include "engine/engine.h"
#include "journal/error.h"
#include "projections/surveillance.h"

namespace hulan::app {

class SurveillanceFold {
 public:
  /// `directory`: a data directory; a server may be writing to it. Counts what happened from `from`
  /// to before `until`.
  explicit SurveillanceFold(std::string directory, std::int64_t from = 0,
                            std::int64_t until = INT64_MAX)
      : directory_(std::move(directory)), surveillance_(from, until) {}

  /// Reads on to the end of what is there. `step` is told the sequence after each batch and may end
  /// it there by false.
  [[nodiscard]] journal::Result<void> read_on(const std::function<bool(model::Sequence)>& step);

  /// Of the last record that was read; 0: none.
  [[nodiscard]] model::Sequence sequence() const { return engine_.sequence(); }
  [[nodiscard]] std::vector<projections::Suspicion> findings() const {
    return surveillance_.findings();
  }

 private:
  std::string directory_;
  engine::Engine engine_;
  engine::EventBuffer events_{2 * model::kMaxEventBytesPerCommand};
  projections::Surveillance surveillance_;
};

}  // namespace hulan::app
