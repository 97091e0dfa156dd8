// SPDX-License-Identifier: Apache-2.0
// How answers are shown to a person.
#include <fmt/format.h>

#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

/// {"zh", "en", "ru"}: a text in the market's languages.
bool is_words(const json::value& value) {
  const auto* object = value.if_object();
  return object != nullptr && object->contains("zh") && object->size() <= 3;
}

bool is_scalar(const json::value& value) {
  return is_words(value) || (!value.is_object() && !value.is_array());
}

const json::value* find(const json::value& row, std::string_view path) {
  const json::value* at = &row;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const auto* object = at->if_object();
    if (object == nullptr) return nullptr;
    at = object->if_contains(path.substr(0, dot));
    if (at == nullptr) return nullptr;
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return at;
}

bool looks_like_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

void flatten(const Session& session, const std::string& prefix, const json::object& object,
             std::vector<std::pair<std::string, std::string>>& out) {
  for (const auto& [key, value] : object) {
    const std::string name = prefix + std::string(key);
    if (is_scalar(value)) {
      if (auto text = session.cell(value); !text.empty()) out.emplace_back(name, std::move(text));
    } else if (const auto* inner = value.if_object()) {
      flatten(session, name + ".", *inner, out);
    } else {
      std::string list;
      for (const auto& item : value.as_array()) {
        if (!is_scalar(item)) continue;
        list += (list.empty() ? "" : ", ") + session.cell(item);
      }
      if (!list.empty()) out.emplace_back(name, std::move(list));
    }
  }
}

/// Lists of objects, also those inside objects, as titled tables.
void print_lists(const Session& session, const std::string& prefix, const json::object& object) {
  for (const auto& [key, value] : object) {
    const std::string name = prefix + std::string(key);
    if (const auto* inner = value.if_object(); inner != nullptr && !is_words(value)) {
      print_lists(session, name + ".", *inner);
      continue;
    }
    const auto* items = value.if_array();
    if (items == nullptr || items->empty() || !items->front().is_object() ||
        is_words(items->front())) {
      continue;
    }
    std::vector<ListColumn> columns;
    for (const auto& [member, cell] : items->front().as_object()) {
      if (!is_scalar(cell)) continue;
      const bool right =
          cell.is_number() ||
          (cell.is_string() && looks_like_number(std::string_view(cell.as_string())));
      columns.push_back(
          {std::string(member), std::string(member), right ? Align::kRight : Align::kLeft});
    }
    fmt::print("\n{}\n", name);
    session.print_rows(*items, columns);
  }
}

}  // namespace

std::string Session::cell(const json::value& value) const {
  switch (value.kind()) {
    case json::kind::null:
      return {};
    case json::kind::bool_:
      return value.as_bool() ? "yes" : "no";
    case json::kind::string:
      return std::string(value.as_string());
    case json::kind::object: {
      if (!is_words(value)) return json::serialize(value);
      for (const std::string& language :
           {connection_.language, std::string("zh"), std::string("en"), std::string("ru")}) {
        const auto* word = value.as_object().if_contains(language);
        if (word != nullptr && word->is_string() && !word->as_string().empty()) {
          return std::string(word->as_string());
        }
      }
      return {};
    }
    case json::kind::array: {
      std::string list;
      for (const auto& item : value.as_array()) list += (list.empty() ? "" : ",") + cell(item);
      return list;
    }
    default:
      return json::serialize(value);
  }
}

void Session::print_rows(const json::array& rows, const std::vector<ListColumn>& columns) const {
  if (json()) {
    fmt::print("{}\n", json::serialize(rows));
    return;
  }
  Table table;
  for (const ListColumn& column : columns) table.columns.push_back({column.title, column.align});
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (const ListColumn& column : columns) {
      const auto* value = find(row, column.path);
      cells.push_back(value == nullptr ? std::string() : cell(*value));
    }
    table.rows.push_back(std::move(cells));
  }
  fmt::print("{}", table.text());
}

void Session::print_members(const json::object& object) const {
  std::vector<std::pair<std::string, std::string>> members;
  flatten(*this, "", object, members);
  std::size_t width = 0;
  for (const auto& [name, value] : members) width = std::max(width, name.size());
  for (const auto& [name, value] : members) fmt::print("{:<{}}  {}\n", name, width, value);
  print_lists(*this, "", object);
}

void Session::print_object(const json::value& value) const {
  if (json()) {
    fmt::print("{}\n", json::serialize(value));
    return;
  }
  auto object = value.as_object();
  object.erase("definition");
  print_members(object);
}

void Session::print_answer(const json::value& answer) const {
  if (json() || !answer.is_object()) {
    fmt::print("{}\n", json::serialize(answer));
    return;
  }
  std::string line;
  for (const auto& [key, value] : answer.as_object()) {
    const std::string_view name = key;
    if (name == "client_id" || name == "repeated" || !is_scalar(value)) continue;
    const std::string text = cell(value);
    if (text.empty() || (name == "frozen" && text == "0.00") || (name == "id" && text == "0")) {
      continue;
    }
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", name, text);
  }
  const auto* repeated = answer.as_object().if_contains("repeated");
  const bool again = repeated != nullptr && repeated->is_bool() && repeated->as_bool();
  fmt::print("{}: {}\n", again ? "done before" : "done", line);
}

}  // namespace hulan::app
