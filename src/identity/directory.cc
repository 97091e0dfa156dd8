// SPDX-License-Identifier: Apache-2.0
// Opening and loading; the rest of the class is in users.cc, sign_in.cc, tokens.cc and
// participants.cc.
#include "identity/directory.h"

#include <algorithm>

namespace hulan::identity {
namespace {

constexpr int kFormat = 2;

constexpr const char* kSchema = R"sql(
CREATE TABLE participants(
  id INTEGER PRIMARY KEY, name_zh TEXT NOT NULL, name_en TEXT NOT NULL, name_ru TEXT NOT NULL,
  kind INTEGER NOT NULL, phone TEXT NOT NULL, address TEXT NOT NULL, contact TEXT NOT NULL,
  place INTEGER NOT NULL, tax_number TEXT NOT NULL, erased INTEGER NOT NULL) STRICT;
CREATE TABLE participant_keys(
  participant INTEGER PRIMARY KEY REFERENCES participants(id), key BLOB NOT NULL) STRICT;
CREATE TABLE users(
  id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, roles INTEGER NOT NULL,
  participant INTEGER NOT NULL, disabled INTEGER NOT NULL, password TEXT NOT NULL) STRICT;
CREATE TABLE tokens(
  id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE,
  user INTEGER NOT NULL REFERENCES users(id), label TEXT NOT NULL,
  created_ns INTEGER NOT NULL, expires_ns INTEGER NOT NULL) STRICT;
CREATE INDEX tokens_by_user ON tokens(user);
PRAGMA user_version = 1;
)sql";

constexpr const char* kToFormat2 = R"sql(
CREATE TABLE made(key BLOB PRIMARY KEY, value BLOB NOT NULL, at_ns INTEGER NOT NULL) STRICT;
CREATE INDEX made_by_time ON made(at_ns);
PRAGMA user_version = 2;
)sql";

}  // namespace

Directory::Directory(Database database, const Options& options)
    : database_(std::move(database)), options_(options), throttle_(options.throttle) {}

Result<Directory> Directory::open(const std::filesystem::path& dir, const Options& options) {
  start_sodium();
  auto database = Database::open(dir / "identity.db");
  if (!database) return std::unexpected(database.error());
  Directory directory(std::move(*database), options);
  directory.decoy_hash_ = hash_password("nobody's password", options.password_cost);
  if (directory.decoy_hash_.empty()) {
    return refuse(ErrorCode::kStorage, "not enough memory to hash a password");
  }
  const auto loaded = in_order(
      [&] { return directory.prepare_schema(); }, [&] { return directory.load_participants(); },
      [&] { return directory.load_users(); }, [&] { return directory.load_tokens(); });
  if (!loaded) return std::unexpected(loaded.error());
  return directory;
}

Result<void> Directory::prepare_schema() {
  auto query = database_.prepare("PRAGMA user_version");
  const auto row = query.step();
  if (!row) return std::unexpected(row.error());
  const std::int64_t format = query.integer(0);
  if (format > kFormat) {
    return refuse(ErrorCode::kNewerFormat, "identity.db has format " + std::to_string(format) +
                                               "; this build knows " + std::to_string(kFormat));
  }
  if (format == kFormat) return {};
  return database_.transaction([&]() -> Result<void> {
    if (format == 0) {
      if (auto made = database_.execute(kSchema); !made) return made;
    }
    return database_.execute(kToFormat2);
  });
}

Result<void> Directory::load_participants() {
  auto query = database_.prepare(
      "SELECT id, name_zh, name_en, name_ru, kind, phone, address, contact, place, tax_number,"
      " erased FROM participants");
  for (;;) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    Participant p;
    p.id = query.integer_as<ParticipantId>(0);
    p.name_zh = query.text(1);
    p.name_en = query.text(2);
    p.name_ru = query.text(3);
    p.kind = query.integer_as<model::ParticipantKind>(4);
    p.phone = query.text(5);
    p.address = query.text(6);
    p.contact = query.text(7);
    p.place = query.integer_as<std::uint32_t>(8);
    p.tax_number = query.text(9);
    p.erased = query.integer(10) != 0;
    participants_.emplace(p.id, std::move(p));
  }
}

Result<void> Directory::load_users() {
  auto query = database_.prepare("SELECT id, login, name, roles, participant, disabled FROM users");
  for (;;) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    User user;
    user.id = query.integer_as<UserId>(0);
    user.login = query.text(1);
    user.name = query.text(2);
    user.roles = query.integer_as<std::uint16_t>(3);
    user.participant = query.integer_as<ParticipantId>(4);
    user.disabled = query.integer(5) != 0;
    logins_.emplace(user.login, user.id);
    users_.emplace(user.id, std::move(user));
  }
}

Result<void> Directory::load_tokens() {
  auto query =
      database_.prepare("SELECT hash, id, user, label, created_ns, expires_ns FROM tokens");
  for (;;) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    Sha256 hash{};
    const auto stored = query.blob(0);
    if (stored.size() != hash.size()) {
      return refuse(ErrorCode::kStorage, "identity.db holds a token hash of the wrong length");
    }
    std::ranges::copy(stored, hash.begin());
    tokens_.emplace(hash, TokenInfo{query.integer(1), query.integer_as<UserId>(2), query.text(3),
                                    query.integer(4), query.integer(5)});
  }
}

}  // namespace hulan::identity
