// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/serve.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <thread>

#include "hulan/market_config.h"
#include "hulan/product_toml.h"
#include "hulan/server/running_market.h"
#include "hulan/static_files.h"

namespace hulan::app {

int run_serve(const ServeOptions& options) {
  block_stop_signals();
  if (options.quiet) spdlog::set_level(spdlog::level::warn);
  RunOptions run;
  run.exchange.directory = options.directory;
  run.exchange.segment_bytes = options.segment_bytes;
  run.exchange.archive = !options.no_archive;
  run.exchange.snapshot_every = options.snapshot_every;
  run.checkpoint_every = std::chrono::milliseconds(options.checkpoint_ms);
  run.disk_reserve = options.disk_reserve_percent / 100;
  run.files = static_file;
  run.parse_product = parse_product_toml;
  run.doors.address = options.address.empty() ? "127.0.0.1" : options.address;
  run.doors.port = options.port;
  // A folder without market.toml (a benchmark's) is served with the defaults.
  if (std::filesystem::exists(options.directory + "/market.toml")) {
    const auto config = load_market_config(options.directory);
    if (!config) {
      fmt::print(stderr, "hulan: {}\n", config.error());
      return 2;
    }
    run.market = market_info(*config);
    if (options.address.empty()) run.doors.address = config->address;
    if (options.port == 0) run.doors.port = config->port;
  }
  if (!std::filesystem::exists(options.directory + "/journal")) {
    fmt::print(stderr, "hulan: DIR '{}': expected a market's folder; make one with `hulan init`\n",
               options.directory);
    return 2;
  }
  auto market = RunningMarket::open(run);
  if (!market) {
    fmt::print(stderr, "hulan: {}\n", market.error());
    return 1;
  }
  if (!options.quiet) {
    fmt::print("呼兰 Hulan  http://{}:{}\n", run.doors.address, (*market)->port());
    std::fflush(stdout);
  }
  std::thread network([&] { (*market)->run(); });
  wait_for_stop_signal([&] { (*market)->stop(); });
  network.join();
  return 0;
}

}  // namespace hulan::app
