// SPDX-License-Identifier: Apache-2.0
#include "gateways/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateways/moment.h"

namespace hulan::gateways {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+') {
      out += ' ';
    } else if (text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 &&
               hex_digit(text[at + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace

Query::Query(std::string_view query) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (!pair.empty()) {
      values_.emplace_back(percent_decoded(pair.substr(0, equals)),
                           equals == std::string_view::npos
                               ? std::string{}
                               : percent_decoded(pair.substr(equals + 1)));
    }
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
}

void Query::fail(std::string_view name, std::string value, std::string expected) {
  if (first_) return;
  first_ = Problem(Fault::bad_parameter, std::string(name), std::move(value), std::move(expected));
}

std::optional<std::string> Query::text(std::string_view name) {
  if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) asked_.emplace_back(name);
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::uint64_t Query::number(std::string_view name, std::uint64_t otherwise, std::uint64_t most) {
  const auto given = text(name);
  if (!given || given->empty()) return otherwise;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
  if (error == std::errc{} && end == given->data() + given->size() && number <= most) return number;
  fail(name, *given, fmt::format("a whole number up to {}", most));
  return otherwise;
}

bool Query::flag(std::string_view name) {
  const auto given = text(name);
  if (!given || *given == "false" || *given == "0") return false;
  if (*given == "true" || *given == "1") return true;
  fail(name, *given, "true or false");
  return false;
}

std::uint32_t Query::code(std::string_view name, std::size_t digits) {
  const auto given = text(name);
  if (!given || given->empty()) return 0;
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), code);
  if (error == std::errc{} && given->size() == digits && end == given->data() + digits) return code;
  fail(name, *given, fmt::format("{} digits", digits));
  return 0;
}

std::optional<std::int64_t> Query::day(std::string_view name) {
  const auto given = text(name);
  if (!given || given->empty()) return std::nullopt;
  const auto day = parse_day(*given);
  if (!day) fail(name, *given, "a day such as 2024-01-15");
  return day;
}

std::optional<std::int64_t> Query::time(std::string_view name) {
  const auto given = text(name);
  if (!given || given->empty()) return std::nullopt;
  const auto time = parse_time(*given);
  if (!time) fail(name, *given, "a time such as 2024-01-15T09:00:00Z");
  return time;
}

Query::Slice Query::slice() {
  Slice slice;
  slice.cursor = number("cursor", 0, UINT64_MAX);
  slice.limit = number("limit", 100, 500);
  if (slice.limit == 0) fail("limit", "0", "1 to 500");
  return slice;
}

std::optional<Problem> Query::finish() {
  if (first_) return first_;
  for (const auto& [key, value] : values_) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    return Problem(Fault::bad_parameter, key, value,
                   asked_.empty() ? "no parameters" : fmt::format("{}", fmt::join(asked_, ", ")));
  }
  return std::nullopt;
}

HttpResponse json_response(const Call& call, const std::function<void(JsonWriter&)>& write) {
  HttpResponse response;
  JsonWriter json(response.body);
  json.begin_object();
  write(json);
  json.field("sequence", call.view().sequence());
  json.time_field("time", call.view().now().value);
  json.end_object();
  return response;
}

HttpResponse row_response(const Call& call, const std::function<void(JsonWriter&)>& write,
                          const std::function<void(JsonWriter&)>& more) {
  HttpResponse response;
  JsonWriter row(response.body);
  write(row);
  response.body.pop_back();  // the object goes on
  JsonWriter json = JsonWriter::inside(response.body);
  if (more) more(json);
  json.field("sequence", call.view().sequence());
  json.time_field("time", call.view().now().value);
  json.end_object();
  return response;
}

HttpResponse list_response(const Call& call, std::uint64_t next,
                           const std::function<void(JsonWriter&)>& write) {
  return json_response(call, [&](JsonWriter& json) {
    json.begin_array("items");
    write(json);
    json.end_array();
    if (next == 0) {
      json.null_field("next");
    } else {
      json.field("next", std::to_string(next));
    }
  });
}

void act_under(Submission& submission, model::MandateId mandate) {
  const model::ActFor outer{mandate, submission.type, submission.version, 0};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&outer);
  submission.body.insert(submission.body.begin(), bytes, bytes + sizeof(outer));
  submission.type = model::ActFor::kType;
  submission.version = model::body_version<model::ActFor>();
}

}  // namespace hulan::gateways
