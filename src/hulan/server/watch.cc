// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/watch.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

namespace hulan::app {
namespace {

constexpr double kWarned = 0.7, kWarnedAgain = 0.6;

void set(prometheus::Registry& registry, const char* name, const char* help,
         const prometheus::Labels& labels, double value) {
  prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels).Set(value);
}

}  // namespace

void LimitWatch::update(std::string_view limit, std::uint64_t used, std::uint64_t capacity) {
  const prometheus::Labels labels{{"limit", std::string(limit)}};
  const double part = static_cast<double>(used) / static_cast<double>(std::max(capacity, 1ul));
  bool& warned = warned_.try_emplace(std::string(limit), false).first->second;
  if (!warned && part >= kWarned) {
    warned = true;
    spdlog::warn("{}: {} of {} in use ({:.0f} %); beyond the last, more are refused", limit, used,
                 capacity, part * 100);
  } else if (warned && part < kWarnedAgain) {
    warned = false;
  }
  set(registry_, "hulan_limit_used", "in use of what has an end", labels,
      static_cast<double>(used));
  set(registry_, "hulan_limit_capacity", "where the end is", labels, static_cast<double>(capacity));
  set(registry_, "hulan_limit_warning", "1 when 70 % or more is in use", labels,
      part >= kWarned ? 1 : 0);
}

StorageWatch::StorageWatch(std::string directory, double reserve, prometheus::Registry& registry)
    : directory_(std::move(directory)), reserve_(reserve), registry_(registry) {
  update();
}

void StorageWatch::update() {
  std::error_code error;
  const auto space = std::filesystem::space(directory_, error);
  if (error || space.capacity == 0) return;
  const double free = static_cast<double>(space.available) / static_cast<double>(space.capacity);
  const int level = free < reserve_ / 2 ? 3 : free < reserve_ ? 2 : free < reserve_ * 2 ? 1 : 0;
  if (level != level_) {
    static constexpr const char* kSaid[] = {"room enough", "keep an eye on it",
                                            "new work is refused, contracts and money go on",
                                            "nothing is taken, reads go on"};
    spdlog::log(level > level_ ? spdlog::level::warn : spdlog::level::info,
                "{}: {:.1f} % of the disk is free: {}", directory_, free * 100, kSaid[level]);
    level_ = level;
  }
  room_ = level == 3   ? gateways::StorageRoom::kFull
          : level == 2 ? gateways::StorageRoom::kNearlyFull
                       : gateways::StorageRoom::kPlenty;
  const prometheus::Labels none;
  set(registry_, "hulan_storage_free_bytes", "free on the file system of the market's folder", none,
      static_cast<double>(space.available));
  set(registry_, "hulan_storage_capacity_bytes", "size of that file system", none,
      static_cast<double>(space.capacity));
  set(registry_, "hulan_storage_level",
      "0 room enough, 1 warned of, 2 new work is refused, 3 nothing is taken", none, level);
}

}  // namespace hulan::app
