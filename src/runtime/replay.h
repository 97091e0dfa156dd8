// SPDX-License-Identifier: Apache-2.0
// The journal folded into an engine again: at start, and for `hulan replay`.
#pragma once

#include <functional>
#include <string>

#include "engine/engine.h"
#include "io/storage.h"
#include "journal/reader.h"
#include "runtime/sequencer.h"

namespace hulan::runtime {

struct ReplayOptions {
  journal::ScanOptions scan;                    ///< from where; with a snapshot's anchor
  model::Sequence until = ~model::Sequence{0};  ///< last sequence to apply
  model::Time until_time = model::kNever;       ///< records stamped later are not applied
  Publish publish;                              ///< may be empty: events are dropped
  std::function<void(model::Sequence, model::Time)> progress;  ///< after each batch; may be empty
};

/// A record as the command that it was; its body stays in the batch.
[[nodiscard]] model::Command command_of(const journal::RecordView& record);

/// Applies every record after the engine's own sequence. Events carry origin 0. One thread.
[[nodiscard]] journal::Result<journal::ScanResult> replay(io::Storage& storage,
                                                          const std::string& directory,
                                                          engine::Engine& engine,
                                                          const ReplayOptions& options);

}  // namespace hulan::runtime
