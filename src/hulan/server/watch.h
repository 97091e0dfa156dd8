// SPDX-License-Identifier: Apache-2.0
// What may run out: tables, rings, connections, the disk. On the metrics page as used and capacity,
// and said in the log before it is too late.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "gateways/services.h"

namespace prometheus {
class Registry;
}

namespace hulan::app {

/// Every limit as hulan_limit_used, hulan_limit_capacity and hulan_limit_warning (1 from 70 % on),
/// each with the label `limit`. Network thread.
class LimitWatch {
 public:
  explicit LimitWatch(prometheus::Registry& registry) : registry_(registry) {}

  /// Says so in the log, once, when `used` has come to 70 %; again after it fell below 60 %.
  void update(std::string_view limit, std::uint64_t used, std::uint64_t capacity);

 private:
  prometheus::Registry& registry_;
  std::map<std::string, bool, std::less<>> warned_;
};

/// Free room of the file system that a folder lies on. Network thread.
class StorageWatch {
 public:
  /// `reserve`: the part (0 to 1) below which new work is refused; twice as much is warned of,
  /// below half of it nothing that would be written is taken.
  StorageWatch(std::string directory, double reserve, prometheus::Registry& registry);

  /// Looks again, and says in the log what has changed.
  void update();
  [[nodiscard]] gateways::StorageRoom room() const { return room_; }

 private:
  std::string directory_;
  double reserve_;
  prometheus::Registry& registry_;
  gateways::StorageRoom room_ = gateways::StorageRoom::kPlenty;
  int level_ = 0;  ///< 0 fine, 1 warned, 2 nearly full, 3 full
};

}  // namespace hulan::app
