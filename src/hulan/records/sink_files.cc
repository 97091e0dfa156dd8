// SPDX-License-Identifier: Apache-2.0
// Tables as CSV files, and in an SQLite database.
#include <fmt/format.h>
#include <sqlite3.h>

#include <cstdio>
#include <filesystem>

#include "gateways/decimal.h"
#include "hulan/commands/session.h"
#include "hulan/records/sink.h"

namespace hulan::app {

std::string partial_path(std::string_view option, const std::string& path) {
  std::error_code error;
  if (path.empty() || std::filesystem::exists(path, error)) {
    bad_input(option, path, "a path where nothing is yet");
  }
  const std::filesystem::path parent = std::filesystem::absolute(path).parent_path();
  if (!std::filesystem::is_directory(parent, error)) {
    bad_input(option, path, "a path in a folder that is there");
  }
  std::string partial = path + ".partial";
  std::filesystem::remove_all(partial, error);
  return partial;
}

namespace {

void put_in_place(const std::string& partial, const std::string& path) {
  std::error_code error;
  std::filesystem::rename(partial, path, error);
  if (error) throw CommandFailed(1, fmt::format("{}: {}", path, error.message()));
}

/// A cell of a CSV file, in quotes where it has to be.
void append_csv(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

class CsvFile {
 public:
  explicit CsvFile(std::string path)
      : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wxb")) {
    if (!file_) fail();
  }

  void write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) fail();
  }
  void close() {
    if (std::fclose(file_.release()) != 0) fail();
  }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };
  [[noreturn]] void fail() const {
    throw CommandFailed(1, fmt::format("{}: cannot be written", path_));
  }

  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
};

class CsvSink final : public Sink {
 public:
  CsvSink(std::string_view option, std::string folder)
      : folder_(std::move(folder)), partial_(partial_path(option, folder_)) {
    std::error_code error;
    std::filesystem::create_directory(partial_, error);
    if (error) throw CommandFailed(1, fmt::format("{}: {}", partial_, error.message()));
  }

  std::size_t add(std::string_view name, std::span<const Field> fields) override {
    files_.emplace_back(fmt::format("{}/{}.csv", partial_, name));
    line_.clear();
    for (const Field& field : fields) {
      if (!line_.empty()) line_ += ',';
      line_ += field.name;
    }
    line_ += "\r\n";
    files_.back().write(line_);
    return files_.size() - 1;
  }

  void row(std::size_t table, std::span<const Cell> cells) override {
    line_.clear();
    for (std::size_t at = 0; at < cells.size(); ++at) {
      if (at != 0) line_ += ',';
      if (cells[at].form == Cell::Form::kText) {
        append_csv(line_, cells[at].text);
      } else {
        append_cell(line_, cells[at]);
      }
    }
    line_ += "\r\n";
    files_[table].write(line_);
  }

  void finish() override {
    for (CsvFile& file : files_) file.close();
    put_in_place(partial_, folder_);
  }

 private:
  std::string folder_, partial_, line_;
  std::vector<CsvFile> files_;
};

class SqliteSink final : public Sink {
 public:
  SqliteSink(std::string_view option, std::string file)
      : file_(std::move(file)), partial_(partial_path(option, file_)) {
    sqlite3* raw = nullptr;
    const int status = sqlite3_open_v2(partial_.c_str(), &raw,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    database_.reset(raw);
    check(status);
    // Nothing of it is there under its name before it is whole, so that no journal is needed.
    run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
  }

  std::size_t add(std::string_view name, std::span<const Field> fields) override {
    std::string columns, marks;
    for (const Field& field : fields) {
      columns +=
          fmt::format("{}\"{}\" {}", columns.empty() ? "" : ", ", field.name, type_of(field.kind));
      marks += marks.empty() ? "?" : ", ?";
    }
    run(fmt::format("CREATE TABLE \"{}\" ({})", name, columns));
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database_.get(),
                             fmt::format("INSERT INTO \"{}\" VALUES ({})", name, marks).c_str(), -1,
                             &statement, nullptr));
    inserts_.emplace_back(statement);
    return inserts_.size() - 1;
  }

  void row(std::size_t table, std::span<const Cell> cells) override {
    sqlite3_stmt* const insert = inserts_[table].get();
    int at = 0;
    for (const Cell& cell : cells) bind(insert, ++at, cell);
    if (sqlite3_step(insert) != SQLITE_DONE) fail();
    check(sqlite3_reset(insert));
  }

  void finish() override {
    run("COMMIT");
    inserts_.clear();
    check(sqlite3_close(database_.release()));
    put_in_place(partial_, file_);
  }

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct Closer {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };

  static std::string_view type_of(FieldKind kind) {
    return kind == FieldKind::kText ? "TEXT" : kind == FieldKind::kDecimal ? "NUMERIC" : "INTEGER";
  }

  void bind(sqlite3_stmt* insert, int at, const Cell& cell) {
    if (cell.form == Cell::Form::kNone) {
      check(sqlite3_bind_null(insert, at));
    } else if (cell.form == Cell::Form::kNumber && cell.digits == 0) {
      check(sqlite3_bind_int64(insert, at, cell.number));
    } else {
      const std::string decimal =
          cell.form == Cell::Form::kText ? "" : gateways::decimal(cell.number, cell.digits);
      const std::string_view text = cell.form == Cell::Form::kText ? cell.text : decimal;
      const char* data = text.data() == nullptr ? "" : text.data();
      check(sqlite3_bind_text(insert, at, data, static_cast<int>(text.size()), SQLITE_TRANSIENT));
    }
  }

  void run(const std::string& sql) {
    check(sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr));
  }
  void check(int status) const {
    if (status != SQLITE_OK) fail();
  }
  [[noreturn]] void fail() const {
    throw CommandFailed(1, fmt::format("{}: {}", partial_,
                                       database_ ? sqlite3_errmsg(database_.get()) : "no memory"));
  }

  std::string file_, partial_;
  std::unique_ptr<sqlite3, Closer> database_;
  std::vector<std::unique_ptr<sqlite3_stmt, Finalizer>> inserts_;
};

}  // namespace

std::unique_ptr<Sink> csv_sink(std::string_view option, const std::string& folder) {
  return std::make_unique<CsvSink>(option, folder);
}
std::unique_ptr<Sink> sqlite_sink(std::string_view option, const std::string& file) {
  return std::make_unique<SqliteSink>(option, file);
}

}  // namespace hulan::app
