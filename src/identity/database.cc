// SPDX-License-Identifier: Apache-2.0
#include "identity/database.h"

#include <sqlite3.h>

#include <cerrno>
#include <system_error>

#include "io/linux/system.h"

namespace hulan::identity {
namespace {

std::unexpected<Error> storage_error(sqlite3* connection, int status) {
  if ((status & 0xFF) == SQLITE_BUSY || (status & 0xFF) == SQLITE_LOCKED) {
    return refuse(ErrorCode::kBusy, "identity.db is in use by another process");
  }
  std::string message = "identity.db: ";
  message += connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(status);
  // SQLite names the call that failed by a general phrase; the system knows why it failed.
  const int cause = connection != nullptr ? sqlite3_system_errno(connection) : 0;
  if ((status & 0xFF) == SQLITE_IOERR && cause != 0) {
    message += ": ";
    message += std::generic_category().message(cause);
  }
  return refuse(ErrorCode::kStorage, std::move(message));
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* connection, std::string_view sql) : connection_(connection) {
  sqlite3_stmt* raw = nullptr;
  status_ = sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  statement_.reset(raw);
}

Statement& Statement::bind(std::int64_t value) {
  if (status_ == SQLITE_OK) status_ = sqlite3_bind_int64(statement_.get(), next_++, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  if (status_ == SQLITE_OK) {
    const char* data = text.empty() ? "" : text.data();  // a null pointer would bind NULL
    status_ = sqlite3_bind_text(statement_.get(), next_++, data, static_cast<int>(text.size()),
                                SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::bind(std::span<const std::uint8_t> blob) {
  if (status_ == SQLITE_OK) {
    status_ = sqlite3_bind_blob(statement_.get(), next_++, blob.data(),
                                static_cast<int>(blob.size()), SQLITE_TRANSIENT);
  }
  return *this;
}

Result<bool> Statement::step() {
  if (status_ == SQLITE_OK) status_ = sqlite3_step(statement_.get());
  if (status_ == SQLITE_ROW) {
    status_ = SQLITE_OK;
    return true;
  }
  if (status_ == SQLITE_DONE) return false;
  return storage_error(connection_, status_);
}

Result<void> Statement::run() {
  const auto stepped = step();
  if (!stepped) return std::unexpected(stepped.error());
  return {};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return data == nullptr ? std::string{} : std::string(data);
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* data =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Closer::operator()(sqlite3* connection) const { sqlite3_close(connection); }

Result<Database> Database::open(const std::filesystem::path& path) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int status = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database(raw);
  if (status != SQLITE_OK) return storage_error(raw, status);
  // The caches above are true only if nobody else writes.
  auto lock = io::system_storage().lock(path.string() + ".lock");
  if (!lock) {
    return lock.error().code == EWOULDBLOCK ? storage_error(raw, SQLITE_BUSY)
                                            : refuse(ErrorCode::kStorage, lock.error().message());
  }
  database.only_writer_ = std::move(*lock);
  constexpr const char* kSettings =
      "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; BEGIN IMMEDIATE; COMMIT;";
  if (auto set = database.execute(kSettings); !set) return std::unexpected(set.error());
  return database;
}

Result<void> Database::copy(const std::filesystem::path& from, const std::filesystem::path& to) {
  const auto connect = [](const std::filesystem::path& path, int flags) -> Result<Database> {
    sqlite3* raw = nullptr;
    const int status = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(raw);
    if (status != SQLITE_OK) return storage_error(raw, status);
    if (auto set = database.execute("PRAGMA busy_timeout = 10000"); !set) {
      return std::unexpected(set.error());
    }
    return database;
  };
  auto source = connect(from, SQLITE_OPEN_READWRITE);  // the shared index of its log is written
  if (!source) return std::unexpected(source.error());
  auto target = connect(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!target) return std::unexpected(target.error());
  sqlite3* const raw = target->connection_.get();
  sqlite3_backup* backup = sqlite3_backup_init(raw, "main", source->connection_.get(), "main");
  if (backup == nullptr) return storage_error(raw, sqlite3_errcode(raw));
  const int copied = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (copied != SQLITE_DONE) return storage_error(raw, copied);
  if (finished != SQLITE_OK) return storage_error(raw, finished);
  auto check = target->prepare("PRAGMA integrity_check");
  const auto row = check.step();
  if (!row) return std::unexpected(row.error());
  if (check.text(0) == "ok") return {};
  return refuse(ErrorCode::kStorage, to.string() + ": " + check.text(0));
}

Statement Database::prepare(std::string_view sql) { return {connection_.get(), sql}; }

Result<void> Database::execute(const char* sql) {
  const int status = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return storage_error(connection_.get(), status);
  return {};
}

Result<void> Database::checkpoint() {
  const int status = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr,
                                               SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (status != SQLITE_OK) return storage_error(connection_.get(), status);
  return {};
}

}  // namespace hulan::identity
