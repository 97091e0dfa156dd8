// SPDX-License-Identifier: Apache-2.0
#include "hulan/records/past.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "gateways/moment.h"
#include "hulan/commands/progress.h"
#include "hulan/commands/session.h"
#include "io/linux/system.h"
#include "journal/snapshot_file.h"
#include "runtime/replay.h"

namespace hulan::app {
namespace {

/// Zone of the market, from the first record of every log.
std::int32_t utc_offset_of(const std::string& directory) {
  std::int32_t offset = 0;
  const auto scanned =
      journal::scan(io::system_storage(), directory, {}, [&](const journal::BatchView& batch) {
        for (const journal::RecordView record : batch.records()) {
          model::InitMarket init;
          if (static_cast<model::CommandType>(record.type) == model::CommandType::kInitMarket &&
              model::read_body(record.body, init)) {
            offset = init.utc_offset_s;
          }
          return false;
        }
        return true;
      });
  if (!scanned) fail_with(scanned.error());
  return offset;
}

runtime::ReplayOptions limits_of(const std::string& directory, const MomentOptions& moment,
                                 model::Sequence log_end) {
  runtime::ReplayOptions options;
  if (moment.sequence) {
    if (*moment.sequence > log_end) {
      bad_input("--sequence", std::to_string(*moment.sequence),
                fmt::format("at most {}, the journal's last", log_end));
    }
    options.until = *moment.sequence;
  }
  if (!moment.at.empty()) {
    const auto ns = parse_market_time(moment.at, utc_offset_of(directory));
    if (!ns) {
      bad_input("--at", moment.at,
                "a time such as 2026-03-02T10:00:00+08:00, or 2026-03-02 10:00 as the market's "
                "clocks show it");
    }
    options.until_time = model::Time{*ns};
  }
  return options;
}

/// Loads the newest snapshot that is not after the moment; its anchor, or nothing.
std::optional<journal::Anchor> load_snapshot(const std::string& directory,
                                             const runtime::ReplayOptions& limits, Past& past) {
  const auto paths = journal::list_snapshots(io::system_storage(), directory);
  if (!paths) return std::nullopt;
  for (const std::string& path : *paths) {
    const auto snapshot = journal::read_snapshot(io::system_storage(), path);
    if (!snapshot) continue;
    const auto& header = snapshot->header();
    if (header.sequence > limits.until || header.time_ns > limits.until_time.value) continue;
    const auto section = [&](std::string_view name) {
      return snapshot->section(name).value_or(std::span<const std::uint8_t>{});
    };
    if (past.engine->load(section) && past.engine->state_hash() == header.state_hash) {
      past.from_snapshot = header.sequence;
      return header.anchor();
    }
    fmt::print(stderr, "hulan: note: {} does not give its state hash and is left out\n", path);
    past.engine = std::make_unique<engine::Engine>();
  }
  return std::nullopt;
}

journal::Result<journal::ScanResult> run(const std::string& directory,
                                         runtime::ReplayOptions options, const Past& past) {
  Progress progress("replay", std::min(options.until, past.log_end));
  options.progress = [&](model::Sequence sequence, model::Time) { progress.show(sequence); };
  return runtime::replay(io::system_storage(), directory, *past.engine, options);
}

}  // namespace

void fail_with(const journal::Error& error) {
  const bool unreadable =
      error.kind == journal::ErrorKind::kMissing || error.kind == journal::ErrorKind::kIo;
  throw CommandFailed(unreadable ? 2 : 1, error.message());
}

model::Sequence journal_end(std::string_view field, const std::string& directory) {
  journal::ScanOptions options;
  options.from_sequence = INT64_MAX;
  const auto scanned = journal::scan(io::system_storage(), directory, options,
                                     [](const journal::BatchView&) { return true; });
  if (!scanned) fail_with(scanned.error());
  if (scanned->end.path.empty()) {
    bad_input(field, directory, "the folder of a market, no journal is here");
  }
  return scanned->end.next_sequence - 1;
}

std::optional<std::int64_t> parse_market_time(const std::string& text, std::int32_t utc_offset_s) {
  if (const auto exact = gateways::parse_time(text)) return exact;
  std::string local = text;
  if (local.size() == 10) local += " 00:00";
  if (local.size() == 16) local += ":00";
  if (local.size() < 19 || local[10] != ' ') return std::nullopt;
  local[10] = 'T';
  const auto as_utc = gateways::parse_time(local + "Z");
  if (!as_utc) return std::nullopt;
  return *as_utc - utc_offset_s * model::kSecond;
}

Past load_past(const std::string& directory, const MomentOptions& moment) {
  Past past;
  past.log_end = journal_end("DIR", directory);
  const runtime::ReplayOptions limits = limits_of(directory, moment, past.log_end);
  past.engine = std::make_unique<engine::Engine>();
  runtime::ReplayOptions options = limits;
  options.scan.anchor = load_snapshot(directory, limits, past);
  auto scanned = run(directory, options, past);
  if (!scanned && options.scan.anchor) {
    fmt::print(stderr, "hulan: note: the snapshot of {} is left out: {}\n", past.from_snapshot,
               scanned.error().message());
    past.engine = std::make_unique<engine::Engine>();
    past.from_snapshot = 0;
    scanned = run(directory, limits, past);
  }
  if (!scanned) fail_with(scanned.error());
  if (past.engine->sequence() == 0) {
    bad_input("--at", moment.at, "a time that is not before the market's first record");
  }
  if (moment.sequence && past.engine->sequence() != *moment.sequence) {
    throw CommandFailed(1, fmt::format("record {} was not reached: the journal ends at {}",
                                       *moment.sequence, past.engine->sequence()));
  }
  return past;
}

}  // namespace hulan::app
