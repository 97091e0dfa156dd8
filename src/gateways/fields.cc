// SPDX-License-Identifier: Apache-2.0
#include "gateways/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "base/sha256.h"
#include "gateways/decimal.h"
#include "gateways/moment.h"

namespace hulan::gateways {
namespace {

namespace json = boost::json;

/// What stands there, short enough to be shown.
std::string shown(const json::value& value) {
  std::string text = value.is_string()   ? std::string(value.get_string())
                     : value.is_double() ? fmt::format("{}", value.get_double())
                                         : json::serialize(value);
  if (text.size() > 100) {
    text.resize(100);
    while (!text.empty() && (text.back() & 0xC0) == 0x80) text.pop_back();
    if (!text.empty() && (text.back() & 0x80) != 0) text.pop_back();
    text += "...";
  }
  return text;
}

std::string decimal_form(int digits) {
  return digits == 0 ? "a whole number as a string, such as \"200\""
                     : fmt::format("a decimal as a string with at most {} decimals", digits);
}

Fault fault_of(DecimalError error) {
  switch (error) {
    case DecimalError::kForm:
      return Fault::invalid_value;
    case DecimalError::kDigits:
      return Fault::too_many_decimals;
    case DecimalError::kNegative:
      return Fault::negative;
    case DecimalError::kRange:
      return Fault::out_of_range;
  }
  return Fault::invalid_value;
}

}  // namespace

Problem decimal_problem(DecimalError error, std::string field, std::string value, int digits) {
  return Problem(fault_of(error), std::move(field), std::move(value), decimal_form(digits));
}

Fields::Fields(const json::object& object) : Fields(object, "", std::make_shared<Faults>()) {}

Fields::Fields(const json::object& object, std::string prefix, std::shared_ptr<Faults> faults)
    : object_(object), prefix_(std::move(prefix)), faults_(std::move(faults)) {}

void Fields::fail(Problem problem) {
  if (!faults_->first) faults_->first = std::move(problem);
}

void Fields::fail(Fault fault, std::string_view name, std::string value, std::string expected) {
  fail(Problem(fault, prefix_ + std::string(name), std::move(value), std::move(expected)));
}

void Fields::look_for_unknown() {
  if (faults_->unknown) return;
  for (const auto& member : object_) {
    const std::string_view name(member.key());
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    faults_->unknown =
        Problem(Fault::unknown_field, prefix_ + std::string(name), shown(member.value()),
                asked_.empty() ? "no fields" : fmt::format("{}", fmt::join(asked_, ", ")));
    return;
  }
}

std::optional<Problem> Fields::finish() {
  look_for_unknown();
  return faults_->unknown ? faults_->unknown : faults_->first;
}

const json::value* Fields::find(std::string_view name) {
  if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) asked_.push_back(name);
  const json::value* value = object_.if_contains(json::string_view(name.data(), name.size()));
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool Fields::has(std::string_view name) { return find(name) != nullptr; }

const json::value* Fields::require(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr) fail(Fault::missing_field, name, "", "a value");
  return value;
}

std::uint32_t Fields::number_of(std::string_view name, const json::value* value,
                                std::uint32_t least, std::uint32_t most) {
  if (value == nullptr) return 0;
  const std::string expected = fmt::format("a whole number from {} to {}", least, most);
  if (!value->is_int64() && !value->is_uint64()) {
    fail(Fault::wrong_type, name, shown(*value), expected);
    return 0;
  }
  if (value->is_int64() && value->get_int64() < 0) {
    fail(Fault::negative, name, shown(*value), expected);
    return 0;
  }
  const std::uint64_t number =
      value->is_int64() ? static_cast<std::uint64_t>(value->get_int64()) : value->get_uint64();
  if (number < least || number > most) {
    fail(number > most ? Fault::out_of_range : Fault::invalid_value, name, shown(*value), expected);
    return 0;
  }
  return static_cast<std::uint32_t>(number);
}

std::uint32_t Fields::number(std::string_view name, std::uint32_t least, std::uint32_t most) {
  return number_of(name, require(name), least, most);
}

std::uint32_t Fields::optional_number(std::string_view name, std::uint32_t least,
                                      std::uint32_t most) {
  return number_of(name, find(name), least, most);
}

std::uint64_t Fields::wide_number(std::string_view name) {
  const json::value* value = require(name);
  if (value == nullptr) return 0;
  if (value->is_int64() && value->get_int64() >= 0) {
    return static_cast<std::uint64_t>(value->get_int64());
  }
  fail(Fault::wrong_type, name, shown(*value), "a whole number of at most 18 digits");
  return 0;
}

std::pair<std::uint32_t, std::string> Fields::number_or_text(std::string_view name,
                                                             std::size_t most_bytes) {
  const json::value* value = require(name);
  if (value == nullptr) return {};
  if (value->is_string()) {
    return {0, string_of(name, value, most_bytes, "a number or a code").value_or("")};
  }
  return {number_of(name, value, 1, UINT32_MAX), {}};
}

bool Fields::boolean(std::string_view name) {
  const json::value* value = require(name);
  if (value == nullptr) return false;
  if (!value->is_bool()) {
    fail(Fault::wrong_type, name, shown(*value), "true or false");
    return false;
  }
  return value->get_bool();
}

std::optional<std::string> Fields::string_of(std::string_view name, const json::value* value,
                                             std::size_t most_bytes, std::string_view expected) {
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    fail(Fault::wrong_type, name, shown(*value), std::string(expected));
    return std::nullopt;
  }
  const json::string& text = value->get_string();
  const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r';
  });
  if (text.empty() || text.size() > most_bytes || !clean) {
    fail(text.size() > most_bytes ? Fault::out_of_range : Fault::invalid_value, name, shown(*value),
         std::string(expected));
    return std::nullopt;
  }
  return std::string(text);
}

std::string Fields::text(std::string_view name, std::size_t most_bytes) {
  return string_of(name, require(name), most_bytes,
                   fmt::format("a string of 1 to {} bytes", most_bytes))
      .value_or("");
}

std::string Fields::optional_text(std::string_view name, std::size_t most_bytes) {
  return string_of(name, find(name), most_bytes,
                   fmt::format("a string of 1 to {} bytes", most_bytes))
      .value_or("");
}

std::int64_t Fields::decimal_of(std::string_view name, const json::value* value, int digits,
                                bool negative) {
  const auto text = string_of(name, value, 40, decimal_form(digits));
  if (!text) return 0;
  const auto parsed = parse_decimal(*text, digits, negative);
  if (parsed) return *parsed;
  fail(decimal_problem(parsed.error(), prefix_ + std::string(name), *text, digits));
  return 0;
}

std::int64_t Fields::decimal(std::string_view name, int digits, bool negative) {
  return decimal_of(name, require(name), digits, negative);
}

std::optional<std::int64_t> Fields::optional_decimal(std::string_view name, int digits,
                                                     bool negative) {
  const json::value* value = find(name);
  if (value == nullptr) return std::nullopt;
  return decimal_of(name, value, digits, negative);
}

std::int64_t Fields::time_of(std::string_view name, const json::value* value) {
  constexpr std::string_view kForm = "a time such as \"2024-01-15T09:00:00Z\"";
  const auto text = string_of(name, value, 40, kForm);
  if (!text) return 0;
  if (const auto parsed = parse_time(*text)) return *parsed;
  fail(Fault::invalid_value, name, *text, std::string(kForm));
  return 0;
}

std::int64_t Fields::time(std::string_view name) { return time_of(name, require(name)); }
std::int64_t Fields::optional_time(std::string_view name) { return time_of(name, find(name)); }

model::DocumentHash Fields::hash_of(std::string_view name, const json::value* value) {
  model::DocumentHash hash{};
  const auto text = string_of(name, value, 64, "a SHA-256 in 64 hex digits");
  if (text && !parse_hex(*text, hash)) {
    fail(Fault::invalid_value, name, *text, "a SHA-256 in 64 hex digits");
  }
  return hash;
}

model::DocumentHash Fields::hash(std::string_view name) { return hash_of(name, require(name)); }
model::DocumentHash Fields::optional_hash(std::string_view name) {
  return hash_of(name, find(name));
}

std::uint32_t Fields::code_of(std::string_view name, const json::value* value, std::size_t digits) {
  const std::string form = fmt::format("a string of {} digits", digits);
  const auto text = string_of(name, value, 40, form);
  if (!text) return 0;
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), code);
  if (text->size() == digits && error == std::errc{} && end == text->data() + digits) return code;
  fail(Fault::invalid_value, name, *text, form);
  return 0;
}

std::uint32_t Fields::code(std::string_view name, std::size_t digits) {
  return code_of(name, require(name), digits);
}
std::uint32_t Fields::optional_code(std::string_view name, std::size_t digits) {
  return code_of(name, find(name), digits);
}

Text Fields::words_of(std::string_view name, const json::value* value, std::size_t most_bytes) {
  Text words;
  if (value == nullptr) return words;
  if (!value->is_object()) {
    fail(Fault::wrong_type, name, shown(*value), "an object with zh, en, ru");
    return words;
  }
  Fields members(value->get_object(), fmt::format("{}{}.", prefix_, name), faults_);
  words.zh = members.optional_text("zh", most_bytes);
  words.en = members.optional_text("en", most_bytes);
  words.ru = members.optional_text("ru", most_bytes);
  members.look_for_unknown();
  if (words.zh.empty() && words.en.empty() && words.ru.empty()) {
    fail(Fault::missing_field, name, "", "an object with zh, en, ru, at least one of them");
  }
  return words;
}

Text Fields::words(std::string_view name, std::size_t most_bytes) {
  return words_of(name, require(name), most_bytes);
}
Text Fields::optional_words(std::string_view name, std::size_t most_bytes) {
  return words_of(name, find(name), most_bytes);
}

const json::array* Fields::array(std::string_view name, const json::value* value, std::size_t least,
                                 std::size_t most) {
  if (value == nullptr) return nullptr;
  const std::string form = fmt::format("a list of {} to {}", least, most);
  if (!value->is_array()) {
    fail(Fault::wrong_type, name, shown(*value), form);
    return nullptr;
  }
  const json::array& items = value->get_array();
  if (items.size() < least || items.size() > most) {
    fail(items.size() > most ? Fault::out_of_range : Fault::invalid_value, name,
         fmt::format("{} items", items.size()), form);
    return nullptr;
  }
  return &items;
}

void Fields::each_object(std::string_view name, const json::array* items,
                         const std::function<void(Fields&)>& each) {
  if (items == nullptr) return;
  for (std::size_t at = 0; at < items->size(); ++at) {
    const std::string place = fmt::format("{}{}[{}]", prefix_, name, at);
    const json::value& item = (*items)[at];
    if (!item.is_object()) {
      fail(Problem(Fault::wrong_type, place, shown(item), "an object"));
      continue;
    }
    Fields members(item.get_object(), place + ".", faults_);
    each(members);
    members.look_for_unknown();
  }
}

void Fields::objects(std::string_view name, std::size_t least, std::size_t most,
                     const std::function<void(Fields&)>& each) {
  each_object(name, array(name, require(name), least, most), each);
}

void Fields::optional_objects(std::string_view name, std::size_t most,
                              const std::function<void(Fields&)>& each) {
  each_object(name, array(name, find(name), 0, most), each);
}

void Fields::object(std::string_view name, const std::function<void(Fields&)>& read) {
  const json::value* value = require(name);
  if (value == nullptr) return;
  if (!value->is_object()) return fail(Fault::wrong_type, name, shown(*value), "an object");
  Fields members(value->get_object(), fmt::format("{}{}.", prefix_, name), faults_);
  read(members);
  members.look_for_unknown();
}

std::string Fields::optional_raw(std::string_view name) {
  const json::value* value = find(name);
  if (value == nullptr || value->is_null()) return "{}";
  if (!value->is_object()) fail(Fault::wrong_type, name, shown(*value), "an object");
  return json::serialize(*value);
}

std::vector<std::string> Fields::texts_of(std::string_view name, const json::value* value,
                                          std::size_t least, std::size_t most) {
  std::vector<std::string> texts;
  const json::array* items = array(name, value, least, most);
  if (items == nullptr) return texts;
  for (std::size_t at = 0; at < items->size(); ++at) {
    const auto text = string_of(fmt::format("{}[{}]", name, at), &(*items)[at], 200, "a string");
    if (text) texts.push_back(*text);
  }
  return texts;
}

std::vector<std::string> Fields::texts(std::string_view name, std::size_t least, std::size_t most) {
  return texts_of(name, require(name), least, most);
}
std::vector<std::string> Fields::optional_texts(std::string_view name, std::size_t most) {
  return texts_of(name, find(name), 0, most);
}

}  // namespace hulan::gateways
