// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

[[noreturn]] void fail_line(const std::string& file, std::size_t line, std::string_view what) {
  throw CommandFailed(2, fmt::format("{} line {}: {}", file, line, what));
}

/// Takes one record off `rest`; `line` counts the ends of line that it took.
std::vector<std::string> take_record(const std::string& file, std::string_view& rest,
                                     std::size_t& line) {
  const std::size_t first_line = line;
  std::vector<std::string> cells(1);
  bool quoted = false, was_quoted = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (quoted) {
      if (c == '\n') ++line;
      if (c != '"') {
        cells.back() += c;
      } else if (at + 1 < rest.size() && rest[at + 1] == '"') {
        cells.back() += '"';
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      if (!trimmed(cells.back()).empty() || was_quoted) {
        fail_line(file, line, "expected a quote only around a whole cell");
      }
      cells.back().clear();
      quoted = was_quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
      was_quoted = false;
    } else if (c == '\n') {
      ++line;
      ++at;
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  if (quoted) fail_line(file, first_line, "expected a closing quote");
  rest.remove_prefix(at);
  for (std::string& cell : cells) cell = trimmed(cell);
  return cells;
}

}  // namespace

const std::string& CsvRow::cell(std::string_view column) const {
  static const std::string kNone;
  const auto found = std::find(head->columns.begin(), head->columns.end(), column);
  return found == head->columns.end()
             ? kNone
             : cells[static_cast<std::size_t>(found - head->columns.begin())];
}

void CsvRow::fail(std::string_view column, std::string_view expected) const {
  throw CommandFailed(2, fmt::format("{} line {}, column {} '{}': expected {}", head->file, line,
                                     column, cell(column), expected));
}

bool Csv::has(std::string_view column) const {
  return std::find(head->columns.begin(), head->columns.end(), column) != head->columns.end();
}

void Csv::require(std::initializer_list<std::string_view> columns) const {
  for (const auto column : columns) {
    if (!has(column)) {
      fail_line(head->file, 1,
                fmt::format("expected a column {}, the file has {}", column,
                            fmt::join(head->columns, ", ")));
    }
  }
}

void Csv::allow(std::initializer_list<std::string_view> columns) const {
  for (const std::string& column : head->columns) {
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
      fail_line(head->file, 1,
                fmt::format("column '{}': expected one of {}", column,
                            fmt::join(columns.begin(), columns.end(), ", ")));
    }
  }
}

Csv parse_csv(const std::string& file, std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t line = 1;
  auto head = std::make_shared<CsvHead>();
  head->file = file;
  if (text.empty()) fail_line(file, 1, "expected a line with the columns' names");
  head->columns = take_record(file, text, line);
  auto names = head->columns;
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    fail_line(file, 1, fmt::format("column '{}': expected each name once", *twice));
  }
  Csv csv{head, {}};
  while (!text.empty()) {
    const std::size_t first = line;
    auto cells = take_record(file, text, line);
    if (cells.size() == 1 && cells[0].empty()) continue;
    if (cells.size() != head->columns.size()) {
      fail_line(file, first,
                fmt::format("expected {} cells as in the first line, found {}",
                            head->columns.size(), cells.size()));
    }
    csv.rows.push_back({head, first, std::move(cells)});
  }
  return csv;
}

}  // namespace hulan::app
