// SPDX-License-Identifier: Apache-2.0
// Sets the demo's market up, and knows how each thing is done through the doors: list, auction,
// pay, load, weigh.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "hulan/demo/cast.h"
#include "hulan/demo/person.h"

namespace hulan::app::demo {

/// Moves the market's clock on; called between the days of the market's past.
using SkipTime = std::function<void(std::int64_t nanoseconds)>;

class Stage {
 public:
  /// `password` is that of the administrator, and becomes everybody's: a demo has no secrets.
  Stage(std::string url, std::string password);

  [[nodiscard]] Person& as(std::string_view login);
  [[nodiscard]] std::uint32_t participant(std::string_view login) const {
    return participants_.at(std::string(login));
  }
  /// The market's time now, UTC nanoseconds.
  [[nodiscard]] std::int64_t now();

  /// Everything from the first user to a week of past trades.
  void prepare(const std::vector<std::pair<std::string, std::string>>& product_files,
               const SkipTime& skip);
  /// Finds what an earlier run has prepared.
  void find_again();

  // --- one thing each ---
  std::uint32_t draft(const Goods& goods, std::string_view seller, bool papers);
  void list(std::uint32_t lot, const Goods& goods, double price);
  void announce(std::uint32_t lot, const Goods& goods, double start, std::int64_t opens_in_ns,
                std::int64_t lasts_ns);
  /// A session on the clock with a few lots of hogs (R5.3.3), some minutes ahead.
  void announce_session();
  /// A session of the sandbox's order book (R5.4), its call in a moment.
  void open_book();
  /// Does the next step of a contract for those whom `plays` names; true if something was done.
  bool next_step(const json::value& contract,
                 const std::function<bool(std::string_view login)>& plays);
  /// Runs a contract to its settlement at once.
  void finish(std::uint32_t contract);

  [[nodiscard]] std::string seller_of(const Goods& goods);
  [[nodiscard]] std::string login_of(std::uint32_t participant) const;
  [[nodiscard]] std::mt19937_64& random() { return random_; }
  /// The nearest price on the product's tick, yuan.
  [[nodiscard]] double on_tick(const Goods& kind, double price) const;
  [[nodiscard]] double around(double price, double fraction);

 private:
  void add_staff();
  void add_firms();
  void give_mandate();
  void add_products(const std::vector<std::pair<std::string, std::string>>& product_files,
                    const SkipTime& skip);
  void add_references();
  void add_marks();
  void play_past(const SkipTime& skip);
  void approve(std::uint32_t pending, std::initializer_list<std::string_view> by);
  std::string paper(std::string_view who, const std::string& text);
  void attach_papers(std::uint32_t lot, std::string_view seller, bool asf);
  void load(const json::value& contract, std::string_view who);
  void weigh(const json::value& contract);

  std::string url_;
  std::string password_;
  std::map<std::string, std::unique_ptr<Person>, std::less<>> people_;
  std::map<std::string, std::uint32_t> participants_;
  std::map<std::string, std::uint32_t, std::less<>> products_;
  std::map<std::string, double, std::less<>> ticks_;  ///< yuan, by product code
  std::uint32_t mark_ = 0;
  std::mt19937_64 random_{20240115};
};

/// A decimal as the doors want it.
[[nodiscard]] std::string decimal(double value, int digits);
/// UTC nanoseconds as RFC 3339, and back.
[[nodiscard]] std::string moment(std::int64_t ns);
[[nodiscard]] std::int64_t parse_moment(std::string_view text);

}  // namespace hulan::app::demo
