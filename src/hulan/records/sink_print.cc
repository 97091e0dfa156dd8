// SPDX-License-Identifier: Apache-2.0
// Tables for a terminal, and as one JSON object.
#include <fmt/format.h>

#include <cstdio>

#include "gateways/decimal.h"
#include "gateways/json_writer.h"
#include "hulan/commands/session.h"
#include "hulan/commands/table.h"
#include "hulan/records/sink.h"

namespace hulan::app {

void append_cell(std::string& out, const Cell& cell, bool fen_as_yuan) {
  switch (cell.form) {
    case Cell::Form::kNone:
      return;
    case Cell::Form::kText:
      out += cell.text;
      return;
    case Cell::Form::kNumber:
      gateways::append_decimal(out, cell.number, fen_as_yuan ? 2 : cell.digits);
      return;
  }
}

namespace {

constexpr std::string_view kFenSuffix = "_fen";

class Output {
 public:
  explicit Output(std::FILE* out) : out_(out) {}

  std::string& text() { return text_; }
  void flush_if_full() {
    if (text_.size() > kFullBytes) flush();
  }
  void flush() {
    if (std::fwrite(text_.data(), 1, text_.size(), out_) != text_.size() ||
        std::fflush(out_) != 0) {
      throw CommandFailed(1, "the output cannot be written");
    }
    text_.clear();
  }

 private:
  static constexpr std::size_t kFullBytes = 1 << 16;
  std::FILE* out_;
  std::string text_;
};

class TextSink final : public Sink {
 public:
  explicit TextSink(std::FILE* out) : out_(out) {}

  std::size_t add(std::string_view name, std::span<const Field> fields) override {
    end_table();
    name_ = name;
    fields_ = fields;
    for (const Field& field : fields) {
      std::string_view title = field.name;
      if (field.kind == FieldKind::kFen) title.remove_suffix(kFenSuffix.size());
      table_.columns.push_back(
          {std::string(title), field.kind == FieldKind::kText ? Align::kLeft : Align::kRight});
    }
    return 0;
  }

  void row(std::size_t, std::span<const Cell> cells) override {
    auto& row = table_.rows.emplace_back(cells.size());
    for (std::size_t at = 0; at < cells.size(); ++at) {
      append_cell(row[at], cells[at], fields_[at].kind == FieldKind::kFen);
      if (row[at].empty()) row[at] = "-";
    }
  }

  void finish() override { end_table(); }

 private:
  void end_table() {
    if (name_.empty()) return;
    out_.text() += fmt::format("{}{}: {}\n", first_ ? "" : "\n", name_, table_.rows.size());
    first_ = false;
    if (!table_.rows.empty()) out_.text() += table_.text();
    out_.flush();
    table_ = {};
    name_.clear();
  }

  Output out_;
  Table table_;
  std::string name_;
  std::span<const Field> fields_;
  bool first_ = true;
};

class JsonSink final : public Sink {
 public:
  explicit JsonSink(std::FILE* out) : out_(out), json_(out_.text()) { json_.begin_object(); }

  std::size_t add(std::string_view name, std::span<const Field> fields) override {
    end_table();
    fields_ = fields;
    open_ = true;
    json_.begin_array(name);
    return 0;
  }

  void row(std::size_t, std::span<const Cell> cells) override {
    json_.begin_object();
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const Cell& cell = cells[at];
      json_.key(fields_[at].name);
      if (cell.form == Cell::Form::kNone) {
        json_.null();
      } else if (cell.form == Cell::Form::kText) {
        json_.value(cell.text);
      } else if (fields_[at].kind == FieldKind::kDecimal) {
        json_.value(gateways::decimal(cell.number, cell.digits));
      } else {
        json_.value(cell.number);
      }
    }
    json_.end_object();
    out_.flush_if_full();
  }

  void finish() override {
    end_table();
    json_.end_object();
    out_.text() += '\n';
    out_.flush();
  }

 private:
  void end_table() {
    if (open_) json_.end_array();
    open_ = false;
  }

  Output out_;
  gateways::JsonWriter json_;
  std::span<const Field> fields_;
  bool open_ = false;
};

}  // namespace

std::unique_ptr<Sink> text_sink(std::FILE* out) { return std::make_unique<TextSink>(out); }
std::unique_ptr<Sink> json_sink(std::FILE* out) { return std::make_unique<JsonSink>(out); }

}  // namespace hulan::app
