// SPDX-License-Identifier: Apache-2.0
// Tables as spreadsheets write them (RFC 4180, UTF-8 with or without a mark). Errors are
// CommandFailed with status 2 and name file, line and column.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hulan::app {

struct CsvHead {
  std::string file;
  std::vector<std::string> columns;
};

struct CsvRow {
  std::shared_ptr<const CsvHead> head;
  std::size_t line = 0;  ///< in the file, from 1; the head is line 1
  std::vector<std::string> cells;

  /// The cell without blanks around it; empty if there is no such column.
  [[nodiscard]] const std::string& cell(std::string_view column) const;
  /// "FILE line 17, column price '16,4': expected ...".
  [[noreturn]] void fail(std::string_view column, std::string_view expected) const;
};

struct Csv {
  std::shared_ptr<const CsvHead> head;
  std::vector<CsvRow> rows;

  [[nodiscard]] bool has(std::string_view column) const;
  /// Each of these columns is there.
  void require(std::initializer_list<std::string_view> columns) const;
  /// No column but these is there.
  void allow(std::initializer_list<std::string_view> columns) const;
};

/// `file` is for messages. Empty lines are left out; every other one has as many cells as the head.
[[nodiscard]] Csv parse_csv(const std::string& file, std::string_view text);

}  // namespace hulan::app
