// SPDX-License-Identifier: Apache-2.0
// `hulan bench book`: what an operation on an order book costs in the engine alone: permission and
// limits, both bonds frozen and released, positions, events; no journal and no door.
#pragma once

#include <cstdint>
#include <string>

namespace hulan::app::bench {

struct BookOptions {
  std::string operations;   ///< a file of order flow
  std::uint64_t limit = 0;  ///< operations at most; 0 = all
  bool json = false;
};

/// Runs the file twice (for the mean, then for the percentiles), compares the result with what its
/// header states and prints the figures; the exit status.
[[nodiscard]] int run_book(const BookOptions& options);

}  // namespace hulan::app::bench
