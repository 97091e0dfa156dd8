// SPDX-License-Identifier: Apache-2.0
#include "hulan/case_reader.h"

#include <algorithm>

namespace hulan::app {

namespace json = boost::json;

namespace {

std::string shortened(std::string text) {
  constexpr std::size_t kLongest = 80;
  if (text.size() > kLongest) {
    text.resize(kLongest);
    // Do not cut a character of several bytes in half.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) {
      text.pop_back();
    }
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.pop_back();
    text += "...";
  }
  return text;
}

std::string range_text(std::int64_t low, std::int64_t high) {
  std::string text = "expected a whole number";
  if (high != INT64_MAX) {
    text += " from " + std::to_string(low) + " to " + std::to_string(high);
  } else if (low != INT64_MIN) {
    text += " of at least " + std::to_string(low);
  }
  return text;
}

}  // namespace

void bad_field(std::string_view field, const json::value& value, std::string_view expected) {
  throw CaseError{std::string(field) + ": " + shortened(json::serialize(value)) + ": " +
                  std::string(expected)};
}

std::int64_t case_integer(std::string_view field, const json::value& value, std::int64_t low,
                          std::int64_t high) {
  if (value.is_uint64() && value.get_uint64() > INT64_MAX) {
    bad_field(field, value, "expected a whole number that fits 64 bits");
  }
  const bool whole = value.is_int64() || value.is_uint64();
  if (!whole) bad_field(field, value, range_text(low, high));
  const std::int64_t number = value.to_number<std::int64_t>();
  if (number < low || number > high) bad_field(field, value, range_text(low, high));
  return number;
}

void CaseReader::only(std::initializer_list<std::string_view> allowed,
                      std::string_view where) const {
  for (const auto& pair : object_) {
    const std::string_view key = pair.key();
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      const std::string name = json::serialize(json::string(key));  // one line, whatever it holds
      bad_field(prefix_ + name.substr(1, name.size() - 2), pair.value(),
                "expected no such key in " + std::string(where));
    }
  }
}

const json::value& CaseReader::need(std::string_view key) const {
  const json::value* value = find(key);
  if (value == nullptr) {
    throw CaseError{prefix_ + std::string(key) + ": missing: expected this key to be given"};
  }
  return *value;
}

std::int64_t CaseReader::integer(std::string_view key, std::int64_t low, std::int64_t high) const {
  return case_integer(prefix_ + std::string(key), need(key), low, high);
}

std::size_t CaseReader::choice(std::string_view key,
                               std::initializer_list<std::string_view> words) const {
  const json::value& value = need(key);
  std::string list;
  std::size_t position = 0;
  for (const std::string_view word : words) {
    if (value.is_string() && std::string_view(value.get_string()) == word) return position;
    list += (position++ == 0 ? "" : ", ") + std::string(word);
  }
  bad_field(prefix_ + std::string(key), value, "expected one of " + list);
}

const json::array& CaseReader::array(std::string_view key) const {
  const json::value& value = need(key);
  if (!value.is_array()) bad_field(prefix_ + std::string(key), value, "expected a list");
  return value.get_array();
}

void CaseReader::bad(std::string_view key, std::string_view expected) const {
  bad_field(prefix_ + std::string(key), need(key), expected);
}

}  // namespace hulan::app
