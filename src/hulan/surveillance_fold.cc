// SPDX-License-Identifier: Apache-2.0
#include "hulan/surveillance_fold.h"

#include "io/linux/system.h"
#include "journal/reader.h"
#include "runtime/replay.h"

namespace hulan::app {

journal::Result<void> SurveillanceFold::read_on(const std::function<bool(model::Sequence)>& step) {
  journal::ScanOptions options;
  options.from_sequence = engine_.sequence() + 1;
  const auto scanned = journal::scan(
      io::system_storage(), directory_, options, [&](const journal::BatchView& batch) {
        for (const journal::RecordView record : batch.records()) {
          const model::Command command = runtime::command_of(record);
          if (command.sequence <= engine_.sequence()) continue;
          events_.clear();
          engine_.apply(command, events_);
          const auto bytes = events_.bytes();
          for (std::size_t at = 0; at < bytes.size();) {
            const auto& header = *reinterpret_cast<const model::EventHeader*>(bytes.data() + at);
            surveillance_.on_event(header);
            at += header.size;
          }
        }
        return step(engine_.sequence());
      });
  if (!scanned) return std::unexpected(scanned.error());
  return {};
}

}  // namespace hulan::app
