// SPDX-License-Identifier: Apache-2.0
// The market that bids are measured on: 1,000 lots of a product with tick 1 li and no band, 1,000
// funded buyers.
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

/// Makes a market in `directory` (created; must be empty) and leaves it stopped. Also writes its
/// tokens to directory/buyers.txt, one a line, for load from outside. The error is one line.
[[nodiscard]] std::expected<BenchMarket, std::string> make_bench_market(
    const std::string& directory, std::size_t lots, std::size_t buyers);

}  // namespace hulan::app::bench
