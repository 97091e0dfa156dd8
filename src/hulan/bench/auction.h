// SPDX-License-Identifier: Apache-2.0
// `hulan bench auction`: what a bid costs in the engine alone: every check, both bonds frozen, the
// outbid released, events made; no journal and no door.
#pragma once

#include <cstddef>

namespace hulan::app::bench {

struct AuctionOptions {
  std::size_t lots = 1000;
  std::size_t buyers = 1000;
  std::size_t bids = 10'000'000;
  bool json = false;
};

/// Makes the auctions, runs the bids twice (for the mean, then for the percentiles), prints the
/// figures; the exit status.
[[nodiscard]] int run_auction(const AuctionOptions& options);

}  // namespace hulan::app::bench
