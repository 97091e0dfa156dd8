// SPDX-License-Identifier: Apache-2.0
// Reads the `given` object of a settlement case strictly: every key is known, present and of the
// right form, or the case is refused with one line that names it. Any thread.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace hulan::app {

/// What is wrong with a case: "trucks[1]: [3,2]: expected ...".
struct CaseError {
  std::string line;
};

/// Throws CaseError for `field`, its value as JSON (shortened) and what was expected.
[[noreturn]] void bad_field(std::string_view field, const boost::json::value& value,
                            std::string_view expected);

/// One JSON object of a case. Every reading function throws CaseError.
class CaseReader {
 public:
  /// `prefix` stands before a key in messages: "groups[2].".
  CaseReader(const boost::json::object& object, std::string prefix)
      : object_(object), prefix_(std::move(prefix)) {}

  /// Refuses keys that are not among `allowed`, saying that `where` does not use them.
  void only(std::initializer_list<std::string_view> allowed, std::string_view where) const;

  /// The value of a key that must be there.
  [[nodiscard]] const boost::json::value& need(std::string_view key) const;
  [[nodiscard]] const boost::json::value* find(std::string_view key) const {
    return object_.if_contains(key);
  }

  /// A whole number between `low` and `high`.
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t low,
                                     std::int64_t high = INT64_MAX) const;

  /// Position of the key's text among `words`.
  [[nodiscard]] std::size_t choice(std::string_view key,
                                   std::initializer_list<std::string_view> words) const;

  [[nodiscard]] const boost::json::array& array(std::string_view key) const;

  /// Refuses the value of `key`.
  [[noreturn]] void bad(std::string_view key, std::string_view expected) const;

 private:
  const boost::json::object& object_;
  std::string prefix_;
};

/// A whole number, or CaseError for `field`.
[[nodiscard]] std::int64_t case_integer(std::string_view field, const boost::json::value& value,
                                        std::int64_t low, std::int64_t high = INT64_MAX);

}  // namespace hulan::app
