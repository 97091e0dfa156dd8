// SPDX-License-Identifier: Apache-2.0
#include "runtime/replay.h"

#include <cstring>

#include "engine/lookahead.h"

namespace hulan::runtime {

model::Command command_of(const journal::RecordView& record) {
  model::Command command{};
  std::memcpy(&command.header, record.bytes.data(), sizeof(command.header));
  command.sequence = record.sequence;
  command.now = model::Time{record.time_ns};
  command.body = record.body;
  return command;
}

journal::Result<journal::ScanResult> replay(io::Storage& storage, const std::string& directory,
                                            engine::Engine& engine, const ReplayOptions& options) {
  engine::EventBuffer events(8 * model::kMaxEventBytesPerCommand);
  const auto flush = [&] {
    if (options.publish && !events.bytes().empty()) options.publish(events.bytes());
    events.clear();
  };
  return journal::scan(storage, directory, options.scan, [&](const journal::BatchView& batch) {
    if (batch.header.time_ns > options.until_time.value) return false;
    engine::Lookahead ahead(engine);
    const auto apply_next = [&] {
      if (events.free_bytes() < model::kMaxEventBytesPerCommand) flush();
      engine.apply(ahead.next(), events);
    };
    const model::Sequence applied = engine.sequence();
    bool whole = true;
    for (const journal::RecordView record : batch.records()) {
      if (record.sequence <= applied) continue;
      whole = record.sequence <= options.until;
      if (!whole) break;
      if (!ahead.wants_more()) apply_next();
      ahead.take([&](model::Command& command) { command = command_of(record); });
    }
    while (!ahead.empty()) apply_next();
    flush();
    if (!whole) return false;
    if (options.progress) {
      options.progress(engine.sequence(), model::Time{batch.header.time_ns});
    }
    return true;
  });
}

}  // namespace hulan::runtime
