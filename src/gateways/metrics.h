// SPDX-License-Identifier: Apache-2.0
// What the doors count. Plain numbers while they work; a registry's counters when they are read.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "model/reject.h"

namespace prometheus {
class Registry;
}

namespace hulan::gateways {

struct Counts {
  std::uint64_t requests = 0;
  std::array<std::uint64_t, 6> by_status_class{};  ///< 2xx is [2]
  std::uint64_t commands = 0;                      ///< handed to the market
  std::uint64_t busy = 0;                          ///< refused because the ring was full
  std::uint64_t no_room = 0;                       ///< refused because the disk was nearly full
  std::uint64_t accepted = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(model::Reject::count_)> refused{};
  std::uint64_t stream_frames = 0;
  std::uint64_t events_sent = 0;
  std::uint64_t events_dropped = 0;  ///< public ones, to slow readers
  std::uint64_t slow_closed = 0;
  std::uint64_t largest_message = 0;  ///< bytes of a body or frame since the limits were read
  std::uint64_t connections = 0;      ///< open now
  std::uint64_t streams = 0;          ///< open now
  std::uint64_t waiting = 0;          ///< commands without an answer yet

  void note_message(std::uint64_t bytes) { largest_message = std::max(largest_message, bytes); }
};

/// The registry as Prometheus text, with `counts` brought in.
[[nodiscard]] std::string metrics_text(prometheus::Registry& registry, const Counts& counts);

}  // namespace hulan::gateways
