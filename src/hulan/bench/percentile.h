// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hulan::app::bench {

/// The value below which `share` (0 to 1) of the values lie; their order changes. Not empty.
[[nodiscard]] inline std::uint32_t percentile(std::vector<std::uint32_t>& each, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(each.size() - 1));
  std::nth_element(each.begin(), each.begin() + static_cast<std::ptrdiff_t>(at), each.end());
  return each[at];
}

}  // namespace hulan::app::bench
