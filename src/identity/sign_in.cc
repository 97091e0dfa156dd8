// SPDX-License-Identifier: Apache-2.0
#include "identity/directory.h"

namespace hulan::identity {

bool PasswordCheck::run(std::string_view password) const {
  return password_matches(hash_, password) && user_ != 0;
}

Result<PasswordCheck> Directory::begin_sign_in(std::string_view login, std::int64_t now_ns) {
  PasswordCheck check;
  check.hash_ = decoy_hash_;
  const auto normal = normal_login(login);
  // An ill-formed login is nobody's; all of them share one count.
  check.login_ = normal ? *normal : std::string{};
  if (const std::int64_t wait_ns = throttle_.attempt(check.login_, now_ns); wait_ns > 0) {
    Error error{ErrorCode::kTooManyFailures, "too many failed sign-ins; try again later", wait_ns};
    return std::unexpected(std::move(error));
  }
  const User* user = find_user(login);
  if (user == nullptr) return check;
  auto query = database_.prepare("SELECT password FROM users WHERE id = ?");
  const auto row = query.bind(user->id).step();
  if (!row) return std::unexpected(row.error());
  if (std::string hash = query.text(0); !hash.empty()) {
    check.hash_ = std::move(hash);
    check.user_ = user->id;
  }
  return check;
}

Result<IssuedToken> Directory::finish_sign_in(const PasswordCheck& check, bool right,
                                              std::int64_t now_ns, std::string_view label) {
  if (!right || check.user_ == 0) {
    return refuse(ErrorCode::kWrongPassword, "login or password is wrong");
  }
  throttle_.succeeded(check.login_);
  return issue_token(check.user_, now_ns, options_.sign_in_lifetime_ns, label);
}

Result<IssuedToken> Directory::sign_in(std::string_view login, std::string_view password,
                                       std::int64_t now_ns, std::string_view label) {
  const auto check = begin_sign_in(login, now_ns);
  if (!check) return std::unexpected(check.error());
  return finish_sign_in(*check, check->run(password), now_ns, label);
}

}  // namespace hulan::identity
