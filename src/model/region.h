// SPDX-License-Identifier: Apache-2.0
// Regions of R11.3: 6-digit county codes; the first two digits are the province.
#pragma once

#include <array>
#include <cstdint>

#include "model/limits.h"

namespace hulan::model {

/// The provinces' codes, in the order of ProductRow::zone_to.
constexpr std::array<std::uint8_t, kMaxZones> kProvinces = {
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42,
    43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82};

/// Place of a 2-digit province code in zone tables, -1 if there is no such province.
[[nodiscard]] constexpr int province_slot(std::uint32_t province) {
  for (std::size_t slot = 0; slot < kProvinces.size(); ++slot) {
    if (kProvinces[slot] == province) return static_cast<int>(slot);
  }
  return -1;
}

[[nodiscard]] constexpr std::uint32_t province_of(std::uint32_t region) { return region / 10'000; }

/// A 6-digit code in a province that exists.
[[nodiscard]] constexpr bool is_region(std::uint32_t region) {
  return region >= 110'000 && region <= 829'999 && province_slot(province_of(region)) >= 0;
}

}  // namespace hulan::model
