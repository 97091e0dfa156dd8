// SPDX-License-Identifier: Apache-2.0
// Runs of events, walked one by one.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "model/event.h"

namespace hulan::simulation {

/// Calls `each(header, bytes of the event)` for every event of a run.
template <class Each>
void for_each_event(std::span<const std::uint8_t> run, Each each) {
  for (std::size_t at = 0; at < run.size();) {
    model::EventHeader header;
    std::memcpy(&header, run.data() + at, sizeof(header));
    each(header, run.subspan(at, header.size));
    at += header.size;
  }
}

/// Calls `each(replied, all events of the command)` for every command of a run.
template <class Each>
void for_each_command(std::span<const std::uint8_t> run, Each each) {
  std::size_t begin = 0, at = 0;
  for_each_event(run, [&](const model::EventHeader& header, std::span<const std::uint8_t> bytes) {
    at += header.size;
    if (header.type != model::EventType::kReplied) return;
    model::Replied replied;
    std::memcpy(&replied, bytes.data(), sizeof(replied));
    each(replied, run.subspan(begin, at - begin));
    begin = at;
  });
}

}  // namespace hulan::simulation
