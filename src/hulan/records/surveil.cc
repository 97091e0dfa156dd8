// SPDX-License-Identifier: Apache-2.0
// hulan surveil: R12.3 over a market's whole log.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "gateways/moment.h"
#include "gateways/words.h"
#include "hulan/commands/progress.h"
#include "hulan/commands/session.h"
#include "hulan/records/commands.h"
#include "hulan/surveillance_fold.h"

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

std::vector<Suspicion> find(const SurveilOptions& options) {
  const model::Sequence end = journal_end("DIR", options.directory);
  SurveillanceFold fold(options.directory, time_option("--from", options.from, 0),
                        time_option("--to", options.to, INT64_MAX));
  Progress progress("surveil", end);
  const auto read = fold.read_on([&](model::Sequence sequence) {
    progress.show(sequence);
    return true;
  });
  if (!read) fail_with(read.error());
  return fold.findings();
}

json::object object_of(const Suspicion& one) {
  json::object object{
      {"pattern", gateways::word(one.pattern)},
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
  const auto found = find(options);
  if (options.as_json) {
    json::array findings;
    for (const Suspicion& one : found) findings.emplace_back(object_of(one));
    fmt::print("{}\n", json::serialize(json::object{{"findings", findings}}));
    return;
  }
  for (const Suspicion& one : found) {
    fmt::print("{} {:14} participants {} value {} evidence {}\n", gateways::time_text(one.time),
               gateways::word(one.pattern), fmt::join(one.participants, ","), one.value,
               fmt::join(one.evidence, ","));
  }
  fmt::print("{} findings\n", found.size());
}

}  // namespace hulan::app
