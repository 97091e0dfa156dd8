// SPDX-License-Identifier: Apache-2.0
#include "gateways/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <string_view>

namespace hulan::gateways {
namespace {

using Labels = std::map<std::string, std::string>;

void count(prometheus::Registry& registry, const char* name, const char* help, std::uint64_t value,
           const Labels& labels = {}) {
  auto& counter = prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
  counter.Increment(static_cast<double>(value) - counter.Value());
}

void gauge(prometheus::Registry& registry, const char* name, const char* help,
           std::uint64_t value) {
  prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({}).Set(
      static_cast<double>(value));
}

void count_refusals(prometheus::Registry& registry, const Counts& counts) {
  for (std::size_t at = 1; at < counts.refused.size(); ++at) {
    if (counts.refused[at] == 0) continue;
    const auto& text = model::reject_text(static_cast<model::Reject>(at));
    count(registry, "hulan_commands_refused_total", "commands that the market refused, by code",
          counts.refused[at], {{"code", std::string(text.code)}});
  }
}

}  // namespace

std::string metrics_text(prometheus::Registry& registry, const Counts& counts) {
  count(registry, "hulan_http_requests_total", "requests read", counts.requests);
  for (std::size_t at = 2; at < counts.by_status_class.size(); ++at) {
    count(registry, "hulan_http_responses_total", "answers, by class of status",
          counts.by_status_class[at], {{"class", std::to_string(at) + "xx"}});
  }
  count(registry, "hulan_commands_total", "commands handed to the market", counts.commands);
  count(registry, "hulan_commands_busy_total", "commands not taken: the ring was full",
        counts.busy);
  count(registry, "hulan_commands_no_room_total", "commands not taken: the disk is nearly full",
        counts.no_room);
  count(registry, "hulan_commands_accepted_total", "commands that took effect", counts.accepted);
  count_refusals(registry, counts);
  count(registry, "hulan_stream_frames_total", "frames read from streams", counts.stream_frames);
  count(registry, "hulan_stream_events_total", "events sent to streams", counts.events_sent);
  count(registry, "hulan_stream_events_dropped_total", "public events not sent to slow readers",
        counts.events_dropped);
  count(registry, "hulan_stream_slow_closed_total", "streams closed as their reader was too slow",
        counts.slow_closed);
  gauge(registry, "hulan_connections", "open connections", counts.connections);
  gauge(registry, "hulan_streams", "open streams", counts.streams);
  gauge(registry, "hulan_commands_waiting", "commands without an answer yet", counts.waiting);
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

}  // namespace hulan::gateways
