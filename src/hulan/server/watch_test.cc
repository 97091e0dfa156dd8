// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/watch.h"

#include <gtest/gtest.h>
#include <prometheus/registry.h>

namespace hulan::app {
namespace {

double value(prometheus::Registry& registry, const std::string& name, const std::string& limit) {
  for (const auto& family : registry.Collect()) {
    if (family.name != name) continue;
    for (const auto& metric : family.metric) {
      if (limit.empty() || metric.label.at(0).value == limit) return metric.gauge.value;
    }
  }
  return -1;
}

TEST(LimitWatch, warns_from_seventy_percent_on_and_tells_used_and_capacity) {
  prometheus::Registry registry;
  LimitWatch watch(registry);
  for (const auto& [used, warned] : {std::pair{69, 0}, {70, 1}, {100, 1}, {69, 0}, {0, 0}}) {
    watch.update("lots", static_cast<std::uint64_t>(used), 100);
    EXPECT_EQ(value(registry, "hulan_limit_used", "lots"), used);
    EXPECT_EQ(value(registry, "hulan_limit_capacity", "lots"), 100);
    EXPECT_EQ(value(registry, "hulan_limit_warning", "lots"), warned) << used;
  }
}

TEST(StorageWatch, refuses_new_work_below_the_reserve_and_everything_below_half_of_it) {
  prometheus::Registry registry;
  EXPECT_EQ(StorageWatch(".", 0, registry).room(), gateways::StorageRoom::kPlenty);
  EXPECT_EQ(value(registry, "hulan_storage_level", ""), 0);
  EXPECT_EQ(StorageWatch(".", 10, registry).room(), gateways::StorageRoom::kFull);
  EXPECT_EQ(value(registry, "hulan_storage_level", ""), 3);
}

}  // namespace
}  // namespace hulan::app
