// SPDX-License-Identifier: Apache-2.0
// hulan surveil: R12.3 over a market's whole log.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "gateways/moment.h"
#include "hulan/commands/progress.h"
#include "hulan/commands/session.h"
#include "hulan/records/commands.h"
#include "io/linux/system.h"
#include "journal/reader.h"
#include "projections/surveillance.h"
#include "runtime/replay.h"

namespace hulan::app {
namespace {

namespace json = boost::json;
using projections::Suspicion;

std::int64_t time_option(std::string_view option, const std::string& text, std::int64_t otherwise) {
  constexpr std::int32_t kChina = 8 * 3600;  // a log says its own zone in its first record only
  if (text.empty()) return otherwise;
  const auto time = parse_market_time(text, kChina);
  if (!time) bad_input(option, text, "RFC 3339, or \"2026-03-02 10:00\" of China's clocks");
  return *time;
}

projections::Surveillance watch(const SurveilOptions& options) {
  const model::Sequence end = journal_end("DIR", options.directory);
  projections::Surveillance surveillance(time_option("--from", options.from, 0),
                                         time_option("--to", options.to, INT64_MAX));
  engine::Engine engine;
  Progress progress("surveil", end);
  engine::EventBuffer events(2 * model::kMaxEventBytesPerCommand);
  const auto scanned = journal::scan(
      io::system_storage(), options.directory, {}, [&](const journal::BatchView& batch) {
        for (const journal::RecordView record : batch.records()) {
          events.clear();
          engine.apply(runtime::command_of(record), events);
          const auto bytes = events.bytes();
          for (std::size_t at = 0; at < bytes.size();) {
            const auto& header = *reinterpret_cast<const model::EventHeader*>(bytes.data() + at);
            surveillance.on_event(header);
            at += header.size;
          }
        }
        progress.show(engine.sequence());
        return true;
      });
  if (!scanned) fail_with(scanned.error());
  return surveillance;
}

json::object object_of(const Suspicion& one) {
  json::object object{
      {"pattern", projections::pattern_name(one.pattern)},
      {"participants", json::array(one.participants.begin(), one.participants.end())},
      {"value", one.value},
      {"time", gateways::time_text(one.time)},
      {"evidence", json::array(one.evidence.begin(), one.evidence.end())}};
  object["product"] = one.product == 0 ? json::value(nullptr) : json::value(one.product);
  object["lot"] = one.lot == 0 ? json::value(nullptr) : json::value(one.lot);
  return object;
}

}  // namespace

void run_surveil(const SurveilOptions& options) {
  const auto found = watch(options).findings();
  if (options.as_json) {
    json::array findings;
    for (const Suspicion& one : found) findings.emplace_back(object_of(one));
    fmt::print("{}\n", json::serialize(json::object{{"findings", findings}}));
    return;
  }
  for (const Suspicion& one : found) {
    fmt::print("{} {:14} participants {} value {} evidence {}\n", gateways::time_text(one.time),
               projections::pattern_name(one.pattern), fmt::join(one.participants, ","), one.value,
               fmt::join(one.evidence, ","));
  }
  fmt::print("{} findings\n", found.size());
}

}  // namespace hulan::app
