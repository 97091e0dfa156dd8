// SPDX-License-Identifier: Apache-2.0
// Lines that a market person can read, matched word by word against patterns such as
// "{who} takes [{quantity} of] {lot} at {price}".
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hulan::app {

/// What a line says in a pattern's {slots}.
class Match {
 public:
  [[nodiscard]] bool has(std::string_view slot) const { return values_.contains(slot); }
  /// The slot's word; empty if the line left it out.
  [[nodiscard]] std::string_view text(std::string_view slot) const;
  /// The same with one slot more: what the words of a pattern say without a slot.
  [[nodiscard]] Match with(std::string slot, std::string text) const {
    Match more = *this;
    more.values_[std::move(slot)] = std::move(text);
    return more;
  }

 private:
  friend class Matcher;
  std::map<std::string, std::string, std::less<>> values_;
};

/// The words of a line, without the commas and colons that end one.
[[nodiscard]] std::vector<std::string> words_of(std::string_view line);

/// {slot} takes one word, {slot...} the rest (at least one), [part] may be left out; any other word
/// stands for itself. Nothing: the line is not of this form.
[[nodiscard]] std::optional<Match> match(std::string_view pattern,
                                         std::span<const std::string> words);

}  // namespace hulan::app
