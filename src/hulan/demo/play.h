// SPDX-License-Identifier: Apache-2.0
// The demo's bots: they bring goods, bid, take, pay, drive and weigh, a few things a second,
// through the same doors as people. They never act as somebody whom a visitor has become, and give
// way where a visitor bids.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <string>

#include "hulan/demo/stage.h"

namespace hulan::app::demo {

/// Whom visitors have become, and when one last did something. Any thread.
class Visitors {
 public:
  void became(const std::string& login, std::int64_t machine_now_ns);
  [[nodiscard]] bool is(std::string_view login) const;
  /// True while a visitor has been here in the last ten minutes: the clock then runs true.
  [[nodiscard]] bool present(std::int64_t machine_now_ns) const;
  void active(std::int64_t machine_now_ns) { last_ns_.store(machine_now_ns); }

 private:
  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> logins_;
  std::atomic<std::int64_t> last_ns_{0};
};

class Play {
 public:
  Play(Stage& stage, const Visitors& visitors) : stage_(stage), visitors_(visitors) {}

  /// One round of small deeds; called about twice a second.
  void round();

 private:
  void bring_goods(const json::array& live);
  void bid(const json::array& live);
  void take(const json::array& live);
  void hold_session();
  void trade_book();
  void place_order(std::uint32_t book, const json::object& row);
  void work_on_contracts();
  [[nodiscard]] bool plays(std::string_view login) const;
  [[nodiscard]] bool chance(double probability);

  Stage& stage_;
  const Visitors& visitors_;
  std::size_t next_goods_ = 0;
};

}  // namespace hulan::app::demo
