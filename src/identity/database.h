// SPDX-License-Identifier: Apache-2.0
// As much of SQLite as identity needs: one connection, statements, transactions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "identity/error.h"
#include "io/storage.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hulan::identity {

/// One prepared statement. Parameters are bound in order; the first failure is kept and reported
/// by `step` or `run`. Not for keeping: made, used and dropped within one function.
class Statement {
 public:
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind(std::span<const std::uint8_t> blob);

  /// True if there is a row. Errors: kStorage, kBusy.
  [[nodiscard]] Result<bool> step();
  /// Runs a statement that gives no rows.
  [[nodiscard]] Result<void> run();

  [[nodiscard]] std::int64_t integer(int column) const;
  template <class T>
  [[nodiscard]] T integer_as(int column) const {
    return static_cast<T>(integer(column));
  }
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;

 private:
  friend class Database;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3* connection, std::string_view sql);

  sqlite3* connection_;
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  int next_ = 1;
  int status_;
};

/// One connection, the only one that writes: a second Database of the same file gets kBusy.
/// Synchronous FULL: what a committed transaction wrote survives a power cut.
class Database {
 public:
  [[nodiscard]] static Result<Database> open(const std::filesystem::path& path);

  /// Copies the database at `from` as it is at one moment to `to`, which must not be there yet, and
  /// checks the copy; a Database of it may be open and go on writing. Any process, any thread.
  [[nodiscard]] static Result<void> copy(const std::filesystem::path& from,
                                         const std::filesystem::path& to);

  [[nodiscard]] Statement prepare(std::string_view sql);
  [[nodiscard]] Result<void> execute(const char* sql);

  /// Moves the write-ahead log into the file and empties it, so that erased data is in neither.
  [[nodiscard]] Result<void> checkpoint();

  /// Runs `body` (returning Result<...>) in one transaction; rolls back if it fails.
  template <class Body>
  auto transaction(Body body) -> decltype(body()) {
    if (auto begun = execute("BEGIN IMMEDIATE"); !begun) return std::unexpected(begun.error());
    auto result = body();
    if (result) {
      auto committed = execute("COMMIT");
      if (committed) return result;
      result = std::unexpected(committed.error());
    }
    (void)execute("ROLLBACK");
    return result;
  }

 private:
  struct Closer {
    void operator()(sqlite3* connection) const;
  };
  explicit Database(sqlite3* connection) : connection_(connection) {}

  std::unique_ptr<io::Lock> only_writer_;  // beside SQLite's own, so that copies can be read
  std::unique_ptr<sqlite3, Closer> connection_;
};

}  // namespace hulan::identity
