// SPDX-License-Identifier: Apache-2.0
// `hulan demo`: a market of January 2024 that trades by itself until a visitor joins in.
#pragma once

#include <cstdint>
#include <string>

namespace hulan::app::demo {

struct DemoOptions {
  std::string directory;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::int64_t pace = 60;  ///< the market's seconds per second while no visitor is there
  bool quiet = false;      ///< no bots: for tests that play every part themselves
};

/// Runs until SIGINT or SIGTERM; the exit status. Errors are one line on standard error.
[[nodiscard]] int run_demo(const DemoOptions& options);

}  // namespace hulan::app::demo
