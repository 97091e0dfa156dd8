// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "gateways/moment.h"
#include "model/units.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

bool is_refusal_of_input(const ClientError& error) {
  return error.status == 400 || error.status == 413 || error.status == 415;
}

[[noreturn]] void fail(const ClientError& error) {
  const std::string code = error.code();
  throw CommandFailed(is_refusal_of_input(error) ? 2 : 1,
                      code.empty() ? error.message : fmt::format("{} [{}]", error.message, code));
}

std::string_view media_type_of(const std::string& path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".pdf", "application/pdf"},  {".png", "image/png"},   {".jpg", "image/jpeg"},
      {".jpeg", "image/jpeg"},      {".webp", "image/webp"}, {".svg", "image/svg+xml"},
      {".json", "application/json"}};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "text/plain";
}

/// "+90m" or "-3d" in nanoseconds: s, m, h or d.
std::optional<std::int64_t> span_of(std::string_view text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::int64_t count = 0;
  const char* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data() + 1, last, count);
  if (error != std::errc{} || end != last || count < 0 || count > 100'000'000) return std::nullopt;
  if (text[0] == '-') count = -count;
  switch (text.back()) {
    case 's':
      return count * model::kSecond;
    case 'm':
      return count * model::kMinute;
    case 'h':
      return std::abs(count) <= 1'000'000 ? std::optional(count * model::kHour) : std::nullopt;
    case 'd':
      return std::abs(count) <= 40'000 ? std::optional(count * model::kDay) : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

void bad_input(std::string_view field, std::string_view value, std::string_view expected) {
  throw CommandFailed(2, fmt::format("{} '{}': expected {}", field, value, expected));
}

std::string read_file(std::string_view field, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    // An empty file sets failbit, too.
    if (file && file.eof()) return {};
    std::ifstream again(path, std::ios::binary);
    if (again && again.peek() == std::ifstream::traits_type::eof() && !again.bad()) return {};
    bad_input(field, path, "a readable file");
  }
  return text.str();
}

std::string token_of(const std::string& token) {
  if (!token.starts_with('@')) return token;
  std::string text = read_file("--token", token.substr(1));
  return text.substr(0, text.find_first_of("\r\n"));
}

std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-_.~,").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

json::value number_or_text(const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  return json::value(text);
}

Session::Session(const Connection& connection, const Values& values)
    : connection_(connection),
      values_(values),
      client_(connection.url, token_of(connection.token), connection.language, connection.mandate) {
}

bool Session::has(const std::string& name) const {
  const auto found = values_.find(name);
  return found != values_.end() && !found->second.empty();
}

std::string Session::text(const std::string& name) const {
  return has(name) ? values_.at(name).front() : std::string();
}

const std::vector<std::string>& Session::all(const std::string& name) const {
  static const std::vector<std::string> kNone;
  return has(name) ? values_.at(name) : kNone;
}

std::uint32_t Session::number(const std::string& name) const {
  const std::string given = text(name);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
  if (error != std::errc{} || end != given.data() + given.size()) {
    bad_input(name, given, "a whole number");
  }
  return number;
}

void Session::ask_market() {
  if (now_) return;
  const auto market = get("/v1/market");
  const auto* now = market.as_object().if_contains("now");
  const auto* time = market.as_object().if_contains("time");
  const auto* told = now != nullptr && now->is_string() ? now : time;
  const auto parsed = told != nullptr && told->is_string()
                          ? gateways::parse_time(std::string_view(told->as_string()))
                          : std::nullopt;
  if (!parsed) throw CommandFailed(1, connection_.url + ": the market tells no time");
  now_ = parsed;
  const auto* offset = market.as_object().if_contains("utc_offset_s");
  utc_offset_s_ = offset != nullptr && offset->is_number() ? offset->to_number<std::int64_t>() : 0;
}

std::int64_t Session::market_now() {
  ask_market();
  return *now_;
}

std::string Session::time_of(std::string_view field, const std::string& given) {
  if (gateways::parse_time(given)) return given;
  if (const auto day = gateways::parse_day(given)) {
    ask_market();
    return gateways::time_text(*day * model::kDay - *utc_offset_s_ * model::kSecond);
  }
  if (const auto span = span_of(given)) return gateways::time_text(market_now() + *span);
  bad_input(field, given,
            "a time like 2024-01-15T09:00:00+08:00, a day like 2024-01-15 (the market's midnight), "
            "or +30m, +2h, -3d from the market's now");
}

std::string Session::time(const std::string& name) { return time_of(name, text(name)); }

template <class T>
T Session::take(ClientResult<T> result) {
  if (!result) fail(result.error());
  return std::move(*result);
}

json::value Session::get(const std::string& path) { return take(client_.get(path)); }
json::value Session::post(const std::string& path, const json::value& body) {
  return take(client_.post(path, body));
}
json::value Session::post_bytes(const std::string& path, std::string_view bytes,
                                std::string_view content_type) {
  return take(client_.post_bytes(path, bytes, content_type));
}
json::value Session::remove(const std::string& path) { return take(client_.remove(path)); }
std::string Session::get_text(const std::string& path, std::string_view accept) {
  return take(client_.get_text(path, accept));
}

json::array Session::get_all(const std::string& path) {
  json::array rows;
  const std::string and_cursor =
      path + (path.find('?') == std::string::npos ? "?" : "&") + "cursor=";
  std::string next;
  do {
    const auto page = get(next.empty() ? path : and_cursor + url_encoded(next));
    for (const auto& row : page.at("items").as_array()) rows.push_back(row);
    const auto* cursor = page.as_object().if_contains("next");
    next = cursor == nullptr ? std::string() : cell(*cursor);
  } while (!next.empty());
  return rows;
}

std::string Session::upload(const std::string& file) {
  const std::string bytes = read_file("FILE", file);
  const auto answer = post_bytes("/v1/documents", bytes, media_type_of(file));
  return std::string(answer.at("sha256").as_string());
}

json::object body_of(Session& session, const std::vector<Argument>& arguments) {
  json::object body;
  for (const Argument& argument : arguments) {
    if (argument.field.empty() || !session.has(argument.name)) continue;
    json::value value;
    switch (argument.kind) {
      case Kind::kText:
        value = session.text(argument.name);
        break;
      case Kind::kNumber:
        value = session.number(argument.name);
        break;
      case Kind::kFlag:
        value = true;
        break;
      case Kind::kMany:
      case Kind::kList: {
        json::array items;
        for (const std::string& item : session.all(argument.name)) items.emplace_back(item);
        value = std::move(items);
        break;
      }
      case Kind::kTime:
        value = session.time(argument.name);
        break;
      case Kind::kNumberOrText:
        value = number_or_text(session.text(argument.name));
        break;
      case Kind::kFile:
        value = session.upload(session.text(argument.name));
        break;
    }
    // "name.zh" is a member of a member.
    const auto dot = argument.field.find('.');
    if (dot == std::string::npos) {
      body[argument.field] = std::move(value);
    } else {
      auto& outer = body[argument.field.substr(0, dot)];
      if (!outer.is_object()) outer = json::object();
      outer.as_object()[argument.field.substr(dot + 1)] = std::move(value);
    }
  }
  return body;
}

std::string fill_path(const Session& session, std::string path) {
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
    const auto close = path.find('}', open);
    const std::string name = path.substr(open + 1, close - open - 1);
    path.replace(open, close - open + 1, std::to_string(session.number(name)));
  }
  return path;
}

Command post_command(std::string words, std::string help, std::string path,
                     std::vector<Argument> arguments) {
  Command command{std::move(words), std::move(help), arguments, {}};
  command.run = [path = std::move(path), arguments = std::move(arguments)](Session& session) {
    const auto body = body_of(session, arguments);
    session.print_answer(session.post(fill_path(session, path), body));
  };
  return command;
}

Command list_command(std::string words, std::string help, std::string path,
                     std::vector<Argument> arguments, std::vector<ListColumn> columns) {
  arguments.push_back({"--limit", "at most so many rows", Kind::kNumber});
  Command command{std::move(words), std::move(help), arguments, {}};
  command.run = [path = std::move(path), arguments = std::move(arguments),
                 columns = std::move(columns)](Session& session) {
    std::string query;
    for (const auto& [name, value] : body_of(session, arguments)) {
      query += query.empty() ? '?' : '&';
      query += std::string(name) + "=" + url_encoded(session.cell(value));
    }
    const std::string asked = fill_path(session, path) + query;
    json::array rows;
    if (session.has("--limit")) {
      const auto limit = session.number("--limit");
      if (limit < 1 || limit > 500) bad_input("--limit", session.text("--limit"), "1 to 500");
      const auto page =
          session.get(asked + (query.empty() ? "?" : "&") + fmt::format("limit={}", limit));
      rows = page.at("items").as_array();
    } else {
      rows = session.get_all(asked);
    }
    session.print_rows(rows, columns);
  };
  return command;
}

Command show_command(std::string words, std::string help, std::string path,
                     std::vector<Argument> arguments) {
  Command command{std::move(words), std::move(help), std::move(arguments), {}};
  command.run = [path = std::move(path)](Session& session) {
    session.print_object(session.get(fill_path(session, path)));
  };
  return command;
}

}  // namespace hulan::app
