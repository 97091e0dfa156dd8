// SPDX-License-Identifier: Apache-2.0
// Tables of a market's records on their way out: to a terminal, to JSON, to CSV files or into an
// SQLite database. What cannot be written is CommandFailed. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/units.h"

namespace hulan::app {

enum class FieldKind : std::uint8_t {
  kNumber,
  kFen,      ///< whole fen (kopecks); a terminal shows yuan. Names end in "_fen"
  kDecimal,  ///< a price or quantity with the digits of its unit, as the doors write it
  kText,
};

struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::kNumber;
};

/// One value; `digits` are those after the point of a decimal.
struct Cell {
  enum class Form : std::uint8_t { kNone, kNumber, kText } form = Form::kNone;
  int digits = 0;
  std::int64_t number = 0;
  std::string_view text;  ///< lives until row() returns
};

[[nodiscard]] inline Cell number_cell(std::int64_t value) {
  return {Cell::Form::kNumber, 0, value, {}};
}
/// Nothing for 0: an id or time that is not set.
[[nodiscard]] inline Cell id_cell(std::int64_t value) {
  return value == 0 ? Cell{} : number_cell(value);
}
[[nodiscard]] inline Cell fen_cell(model::Fen fen) { return number_cell(fen.value); }
[[nodiscard]] inline Cell decimal_cell(std::int64_t value, int digits) {
  return {Cell::Form::kNumber, digits, value, {}};
}
[[nodiscard]] inline Cell text_cell(std::string_view text) {
  return {Cell::Form::kText, 0, 0, text};
}

class Sink {
 public:
  virtual ~Sink() = default;
  /// Begins a table and gives its number for row(). `fields` must live as long as the sink.
  virtual std::size_t add(std::string_view name, std::span<const Field> fields) = 0;
  /// As many cells as the table has fields.
  virtual void row(std::size_t table, std::span<const Cell> cells) = 0;
  /// Makes what was written complete. Without it a file or folder of that name never appears.
  virtual void finish() = 0;

  void row(std::size_t table, std::initializer_list<Cell> cells) {
    row(table, std::span<const Cell>(cells.begin(), cells.size()));
  }
};

/// Aligned tables and one JSON object, into `out`; a table is written whole before the next begins.
[[nodiscard]] std::unique_ptr<Sink> text_sink(std::FILE* out);
[[nodiscard]] std::unique_ptr<Sink> json_sink(std::FILE* out);
/// FOLDER/<table>.csv for each (RFC 4180, UTF-8). `folder` is not there yet, else bad input naming
/// `option`.
[[nodiscard]] std::unique_ptr<Sink> csv_sink(std::string_view option, const std::string& folder);
/// One table each in a new database; the same condition.
[[nodiscard]] std::unique_ptr<Sink> sqlite_sink(std::string_view option, const std::string& file);

/// The value as CSV and a terminal write it; `fen_as_yuan` for a kFen field.
void append_cell(std::string& out, const Cell& cell, bool fen_as_yuan = false);

/// A path that is not there yet, and the one to write to before it is renamed: "PATH.partial".
[[nodiscard]] std::string partial_path(std::string_view option, const std::string& path);

}  // namespace hulan::app
