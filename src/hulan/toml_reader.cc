// SPDX-License-Identifier: Apache-2.0
#include "hulan/toml_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "gateways/decimal.h"
#include "model/units.h"

namespace hulan::app {
namespace {

const toml::table& no_table() {
  static const toml::table kNone;
  return kNone;
}

int line_of(const toml::source_region& source) { return static_cast<int>(source.begin.line); }

std::string_view why(gateways::DecimalError error) {
  switch (error) {
    case gateways::DecimalError::kForm:
      return "is not a decimal such as \"14.12\"";
    case gateways::DecimalError::kDigits:
      return "has more digits after the point than its unit";
    case gateways::DecimalError::kNegative:
      return "is below zero";
    case gateways::DecimalError::kRange:
      break;
  }
  return "is out of range";
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::int64_t unit_ns(std::string_view unit) {
  if (unit == "s") return model::kSecond;
  if (unit == "min") return model::kMinute;
  if (unit == "h") return model::kHour;
  return unit == "d" ? model::kDay : 0;
}

}  // namespace

std::expected<toml::table, TomlProblem> parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return std::unexpected(
        TomlProblem{line_of(error.source()), {}, std::string(error.description())});
  }
}

TomlReader::TomlReader(const toml::table& table, std::string path,
                       std::optional<TomlProblem>& problem)
    : table_(table), path_(std::move(path)), problem_(&problem) {}

std::string TomlReader::full(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void TomlReader::fail(std::string_view key, std::string message) {
  if (failed()) return;
  const auto found = table_.find(key);
  int line = std::max(1, line_of(table_.source()));
  if (found != table_.cend()) line = line_of(found->first.source());
  *problem_ = TomlProblem{line, full(key), std::move(message)};
}

const toml::node* TomlReader::find(std::string_view key, bool required) {
  read_.emplace(key);
  const toml::node* node = table_.get(key);
  if (node == nullptr && required) fail(key, "is missing");
  return node;
}

std::string TomlReader::string(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return {};
  const auto* text = node->as_string();
  if (text == nullptr || text->get().empty()) {
    fail(key, "expected a string that is not empty");
    return {};
  }
  return text->get();
}

std::string TomlReader::one_of(std::string_view key, std::span<const std::string_view> words) {
  std::string text = string(key);
  if (!failed() && std::find(words.begin(), words.end(), text) == words.end()) {
    fail(key, fmt::format("'{}' is not one of {}", text, fmt::join(words, ", ")));
  }
  return text;
}

std::int64_t TomlReader::integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const toml::node* node = find(key);
  if (node == nullptr) return low;
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < low || number->get() > high) {
    fail(key, fmt::format("expected a whole number from {} to {}", low, high));
    return low;
  }
  return number->get();
}

std::int64_t TomlReader::decimal(std::string_view key, int digits, std::int64_t low,
                                 std::int64_t high) {
  const toml::node* node = find(key);
  if (node == nullptr) return low;
  std::string text;
  if (const auto* number = node->as_integer(); number != nullptr) {
    text = std::to_string(number->get());
  } else if (const auto* quoted = node->as_string(); quoted != nullptr) {
    text = quoted->get();
  } else {
    fail(key, "expected a decimal in quotes, such as \"14.12\", or a whole number");
    return low;
  }
  const auto value = gateways::parse_decimal(text, digits, low < 0);
  if (!value) {
    fail(key, fmt::format("'{}' {}", text, why(value.error())));
    return low;
  }
  if (*value < low || *value > high) {
    fail(key, fmt::format("'{}' is out of range: from {} to {}", text,
                          gateways::decimal(low, digits), gateways::decimal(high, digits)));
    return low;
  }
  return *value;
}

std::int64_t TomlReader::duration(std::string_view key, std::int64_t high) {
  const std::string text = string(key);
  if (failed()) return 0;
  const std::size_t space = text.find(' ');
  const auto number = whole(std::string_view(text).substr(0, space));
  const std::int64_t unit =
      space == std::string::npos ? 0 : unit_ns(std::string_view(text).substr(space + 1));
  if (!number || unit == 0) {
    fail(key, fmt::format("'{}' is not a time such as \"120 s\", \"10 min\", \"24 h\" or \"2 d\"",
                          text));
    return 0;
  }
  if (*number < 0 || *number > high / unit) {
    fail(key, fmt::format("'{}' is out of range: from 0 to {} s", text, high / model::kSecond));
    return 0;
  }
  return *number * unit;
}

std::uint32_t TomlReader::time_of_day(std::string_view key) {
  const std::string text = string(key);
  if (failed()) return 0;
  const auto is_digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() == 5 && text[2] == ':' && is_digit(0) && is_digit(1) && is_digit(3) &&
      is_digit(4)) {
    const auto hour = static_cast<std::uint32_t>((text[0] - '0') * 10 + (text[1] - '0'));
    const auto minute = static_cast<std::uint32_t>((text[3] - '0') * 10 + (text[4] - '0'));
    if (hour < 24 && minute < 60) return hour * 60 + minute;
  }
  fail(key, fmt::format("'{}' is not a time of day such as \"17:00\"", text));
  return 0;
}

bool TomlReader::flag(std::string_view key, bool otherwise) {
  const toml::node* node = find(key, false);
  if (node == nullptr) return otherwise;
  const auto* value = node->as_boolean();
  if (value == nullptr) {
    fail(key, "expected true or false");
    return otherwise;
  }
  return value->get();
}

gateways::Text TomlReader::text(std::string_view key) {
  TomlReader words = table(key);
  gateways::Text text;
  if (failed()) return text;
  text.zh = words.string("zh");
  text.en = words.string("en");
  text.ru = words.string("ru");
  words.finish();
  return text;
}

std::vector<std::string> TomlReader::strings(std::string_view key) {
  std::vector<std::string> list;
  const toml::node* node = find(key, false);
  if (node == nullptr) return list;
  const auto* array = node->as_array();
  if (array == nullptr) {
    fail(key, "expected a list of strings");
    return list;
  }
  for (const toml::node& item : *array) {
    const auto* text = item.as_string();
    if (text == nullptr) {
      fail(key, "expected a list of strings");
      return {};
    }
    if (std::find(list.begin(), list.end(), text->get()) != list.end()) {
      fail(key, fmt::format("'{}' stands twice", text->get()));
      return {};
    }
    list.push_back(text->get());
  }
  return list;
}

TomlReader TomlReader::table(std::string_view key) {
  const toml::node* node = find(key);
  const toml::table* table = node == nullptr ? nullptr : node->as_table();
  if (node != nullptr && table == nullptr) fail(key, "expected a table");
  return {table == nullptr ? no_table() : *table, full(key), *problem_};
}

std::vector<TomlReader> TomlReader::tables(std::string_view key) {
  std::vector<TomlReader> list;
  const toml::node* node = find(key, false);
  if (node == nullptr) return list;
  const auto* array = node->as_array();
  if (array == nullptr) {
    fail(key, "expected a list of tables");
    return list;
  }
  for (const toml::node& item : *array) {
    if (!item.is_table()) {
      fail(key, "expected a list of tables");
      return {};
    }
    list.emplace_back(*item.as_table(), fmt::format("{}[{}]", full(key), list.size() + 1),
                      *problem_);
  }
  return list;
}

std::int64_t TomlReader::instant(std::string_view key) {
  const toml::node* node = find(key, false);
  if (node == nullptr) return 0;
  const auto* stamp = node->as_date_time();
  if (stamp == nullptr || !stamp->get().offset) {
    fail(key, "expected an instant with its offset, such as 2024-01-15T09:00:00+08:00");
    return 0;
  }
  const toml::date_time& at = stamp->get();
  const std::chrono::year_month_day date{std::chrono::year{at.date.year},
                                         std::chrono::month{at.date.month},
                                         std::chrono::day{at.date.day}};
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  if (days < 0 || days > 90'000) {
    fail(key, "is out of range");
    return 0;
  }
  return days * model::kDay + at.time.hour * model::kHour + at.time.minute * model::kMinute +
         at.time.second * model::kSecond + at.time.nanosecond - at.offset->minutes * model::kMinute;
}

std::vector<std::string> TomlReader::rest() const {
  std::vector<std::string> keys;
  for (const auto& [key, node] : table_) {
    if (!read_.contains(key.str())) keys.emplace_back(key.str());
  }
  return keys;
}

void TomlReader::finish() {
  if (failed()) return;
  for (const std::string& key : rest()) {
    fail(key, "is not a key that is known here");
    return;
  }
}

}  // namespace hulan::app
