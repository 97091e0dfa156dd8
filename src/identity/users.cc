// SPDX-License-Identifier: Apache-2.0
#include "identity/directory.h"

namespace hulan::identity {
namespace {

/// The string to store for a password; empty for no password. Errors: kInvalidPassword, kStorage.
Result<std::string> hash_checked(std::string_view password, PasswordCost cost) {
  if (auto checked = check_password(password); !checked) return std::unexpected(checked.error());
  std::string hash = hash_password(password, cost);
  if (hash.empty()) return refuse(ErrorCode::kStorage, "not enough memory to hash a password");
  return hash;
}

Result<void> insert_user(Database& database, const User& user, const std::string& hash) {
  return database
      .prepare(
          "INSERT INTO users(id, login, name, roles, participant, disabled, password)"
          " VALUES(?, ?, ?, ?, ?, 0, ?)")
      .bind(user.id)
      .bind(user.login)
      .bind(user.name)
      .bind(user.roles)
      .bind(user.participant)
      .bind(hash)
      .run();
}

}  // namespace

UserId Directory::next_user_id() const { return users_.empty() ? 1 : users_.rbegin()->first + 1; }

Result<void> Directory::check_participant_of(const NewUser& user) const {
  if (user.participant == 0) return {};
  const Participant* participant = find_participant(user.participant);
  if (participant == nullptr) {
    return refuse(ErrorCode::kUnknownParticipant,
                  "there is no participant " + std::to_string(user.participant));
  }
  if (participant->erased) {
    return refuse(ErrorCode::kParticipantErased,
                  "the data of participant " + std::to_string(user.participant) + " was erased");
  }
  return {};
}

Result<User> Directory::create_user(const NewUser& wanted) {
  auto login = normal_login(wanted.login);
  if (!login) return std::unexpected(login.error());
  const auto checked = in_order([&] { return check_user_name(wanted.name); },
                                [&] { return check_roles(wanted.roles, wanted.participant); },
                                [&] { return check_participant_of(wanted); });
  if (!checked) return std::unexpected(checked.error());
  if (logins_.contains(*login)) {
    return refuse(ErrorCode::kLoginTaken, "the login " + *login + " is taken");
  }
  std::string hash;
  if (!wanted.password.empty()) {
    auto hashed = hash_checked(wanted.password, options_.password_cost);
    if (!hashed) return std::unexpected(hashed.error());
    hash = std::move(*hashed);
  }
  User user{next_user_id(), std::move(*login),  std::string(wanted.name),
            wanted.roles,   wanted.participant, false};
  if (auto written = insert_user(database_, user, hash); !written) {
    return std::unexpected(written.error());
  }
  logins_.emplace(user.login, user.id);
  users_.emplace(user.id, user);
  return user;
}

Result<User*> Directory::user_of(UserId id) {
  const auto found = users_.find(id);
  if (found == users_.end()) {
    return refuse(ErrorCode::kUnknownUser, "there is no user " + std::to_string(id));
  }
  return &found->second;
}

Result<void> Directory::set_password(UserId id, std::string_view password) {
  if (auto user = user_of(id); !user) return std::unexpected(user.error());
  const auto hash = hash_checked(password, options_.password_cost);
  if (!hash) return std::unexpected(hash.error());
  auto written = database_.transaction([&]() -> Result<void> {
    auto updated =
        database_.prepare("UPDATE users SET password = ? WHERE id = ?").bind(*hash).bind(id).run();
    if (!updated) return updated;
    return database_.prepare("DELETE FROM tokens WHERE user = ?").bind(id).run();
  });
  if (written) forget_tokens_of(id);
  return written;
}

Result<void> Directory::set_name(UserId id, std::string_view name) {
  const auto user = user_of(id);
  if (!user) return std::unexpected(user.error());
  if (auto checked = check_user_name(name); !checked) return checked;
  auto written =
      database_.prepare("UPDATE users SET name = ? WHERE id = ?").bind(name).bind(id).run();
  if (written) (*user)->name = name;
  return written;
}

Result<void> Directory::set_roles(UserId id, std::uint16_t roles) {
  const auto user = user_of(id);
  if (!user) return std::unexpected(user.error());
  if (auto checked = check_roles(roles, (*user)->participant); !checked) return checked;
  auto written =
      database_.prepare("UPDATE users SET roles = ? WHERE id = ?").bind(roles).bind(id).run();
  if (written) {
    (*user)->roles = roles;
    ++rights_version_;
  }
  return written;
}

Result<void> Directory::set_disabled(UserId id, bool disabled) {
  const auto user = user_of(id);
  if (!user) return std::unexpected(user.error());
  auto written = database_.transaction([&]() -> Result<void> {
    auto updated = database_.prepare("UPDATE users SET disabled = ? WHERE id = ?")
                       .bind(disabled ? 1 : 0)
                       .bind(id)
                       .run();
    if (!updated || !disabled) return updated;
    return database_.prepare("DELETE FROM tokens WHERE user = ?").bind(id).run();
  });
  if (!written) return written;
  (*user)->disabled = disabled;
  ++rights_version_;
  if (disabled) forget_tokens_of(id);
  return {};
}

const User* Directory::find_user(UserId id) const {
  const auto found = users_.find(id);
  return found == users_.end() ? nullptr : &found->second;
}

const User* Directory::find_user(std::string_view login) const {
  const auto normal = normal_login(login);
  if (!normal) return nullptr;
  const auto found = logins_.find(*normal);
  return found == logins_.end() ? nullptr : find_user(found->second);
}

std::vector<const User*> Directory::users() const {
  std::vector<const User*> out;
  out.reserve(users_.size());
  for (const auto& [id, user] : users_) out.push_back(&user);
  return out;
}

}  // namespace hulan::identity
