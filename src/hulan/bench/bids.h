// SPDX-License-Identifier: Apache-2.0
// `hulan bench bids`: how many bids a second a market takes, durably, through each of its doors.
#pragma once

#include <string>

#include "hulan/bench/bench_market.h"

namespace hulan::app::bench {

struct BidsOptions {
  std::string transport = "ws";  ///< ws, rest, inprocess
  std::size_t clients = 64;
  std::size_t in_flight = 32;
  double seconds = 5;
  BenchSize size;
  std::string directory;  ///< where the market is made; empty: a temporary folder below build/ or
                          ///< the current one
  bool json = false;
};

/// Makes a market, runs the load, prints the figures; the exit status.
[[nodiscard]] int run_bids(const BidsOptions& options);

}  // namespace hulan::app::bench
