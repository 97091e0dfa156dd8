// SPDX-License-Identifier: Apache-2.0
#include "model/region.h"

#include <gtest/gtest.h>

#include <set>

namespace hulan::model {
namespace {

TEST(Region, R11_3_a_region_is_six_digits_in_a_province_that_exists) {
  for (const std::uint32_t good : {230111u, 110101u, 659001u, 820000u}) {
    EXPECT_TRUE(is_region(good)) << good;
  }
  for (const std::uint32_t bad : {0u, 23011u, 2301110u, 160000u, 990101u, 830000u}) {
    EXPECT_FALSE(is_region(bad)) << bad;
  }
}

TEST(Region, R4_3_every_province_has_its_own_place_in_a_zone_table) {
  std::set<int> slots;
  for (const std::uint8_t province : kProvinces) slots.insert(province_slot(province));
  EXPECT_EQ(slots.size(), kMaxZones);
  EXPECT_EQ(*slots.begin(), 0);
  EXPECT_EQ(province_slot(16), -1);
}

}  // namespace
}  // namespace hulan::model
