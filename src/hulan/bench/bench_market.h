// SPDX-License-Identifier: Apache-2.0
// The market that bids are measured on: lots of a product with tick 1 li and no band, and funded
// buyers; for the measurement of a large state also listings, and contracts from them.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "hulan/bench/local_client.h"

namespace hulan::app::bench {

struct BenchMarket {
  std::vector<std::uint32_t> lots;
  std::vector<model::UserId> users;  ///< of buyers; participant ids are the same numbers
  std::vector<std::string> tokens;   ///< one a buyer
};

struct BenchSize {
  std::size_t lots = 1000;  ///< open auctions
  std::size_t buyers = 1000;
  std::size_t listings = 0;
  std::size_t contracts = 0;  ///< at most as many as listings: each takes half of one
};

/// Makes a market in `directory` (created; must be empty) and leaves it stopped. Also writes its
/// tokens to directory/buyers.txt, one a line, for load from outside. The error is one line.
[[nodiscard]] std::expected<BenchMarket, std::string> make_bench_market(
    const std::string& directory, const BenchSize& size);

}  // namespace hulan::app::bench
