// SPDX-License-Identifier: Apache-2.0
// Strict reading of TOML: every key is known, of the right type and within bounds, and an error
// names its line and key. The first error wins; after it all reads give empty values. Any thread.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/market_info.h"

namespace hulan::app {

struct TomlProblem {
  int line = 0;  ///< from 1
  std::string key;
  std::string message;
};

/// The document, or where its syntax breaks.
[[nodiscard]] std::expected<toml::table, TomlProblem> parse_toml(std::string_view text);

/// One table being read. `problem` is shared by all readers of a document and outlives them.
class TomlReader {
 public:
  TomlReader(const toml::table& table, std::string path, std::optional<TomlProblem>& problem);

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }

  /// A non-empty string.
  std::string string(std::string_view key);
  /// One of `words`.
  std::string one_of(std::string_view key, std::span<const std::string_view> words);
  /// A whole number, low..high.
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high);
  /// An exact decimal in a string ("14.120"), or a whole number; in units of 10^-digits, low..high.
  std::int64_t decimal(std::string_view key, int digits, std::int64_t low, std::int64_t high);
  /// A number and s, min, h or d ("24 h"); nanoseconds, 0..high.
  std::int64_t duration(std::string_view key, std::int64_t high);
  /// "HH:MM" as minutes of the day.
  std::uint32_t time_of_day(std::string_view key);
  /// true or false; `otherwise` if missing.
  bool flag(std::string_view key, bool otherwise);
  /// A table of zh, en and ru, none empty.
  gateways::Text text(std::string_view key);
  /// A list of different strings. Missing: empty.
  std::vector<std::string> strings(std::string_view key);
  /// A table that must be there; an empty one after an error.
  TomlReader table(std::string_view key);
  /// A list of tables. Missing: empty.
  std::vector<TomlReader> tables(std::string_view key);
  /// An instant with its offset from UTC; nanoseconds since 1970. Missing: 0.
  std::int64_t instant(std::string_view key);

  /// All keys not read so far, in the order of the alphabet.
  [[nodiscard]] std::vector<std::string> rest() const;
  /// Call last: a key nobody asked for is an error.
  void finish();
  /// An error of meaning at this key (or at the table, if it is not there).
  void fail(std::string_view key, std::string message);
  [[nodiscard]] bool failed() const { return problem_->has_value(); }

 private:
  const toml::node* find(std::string_view key, bool required = true);
  std::string full(std::string_view key) const;

  const toml::table& table_;
  std::string path_;
  std::optional<TomlProblem>* problem_;
  std::set<std::string, std::less<>> read_;
};

}  // namespace hulan::app
