// SPDX-License-Identifier: Apache-2.0
// `hulan serve DIR`.
#pragma once

#include <cstdint>
#include <string>

namespace hulan::app {

struct ServeOptions {
  std::string directory;
  std::string address;     ///< empty: market.toml's
  std::uint16_t port = 0;  ///< 0: market.toml's
  std::uint64_t segment_bytes = 256u << 20;
  std::uint64_t snapshot_every = 1'000'000;
  std::uint32_t checkpoint_ms = 60'000;  ///< between checkpoints (R13.2)
  bool no_archive = false;               ///< old segments stay as they are
  double disk_reserve_percent = 10;      ///< of the disk; with less free, new work is refused
  bool quiet = false;
};

/// Serves until SIGINT or SIGTERM; the exit status. Errors are one line on standard error.
[[nodiscard]] int run_serve(const ServeOptions& options);

}  // namespace hulan::app
