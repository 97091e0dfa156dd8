// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "identity/directory.h"

namespace hulan::identity {

Result<IssuedToken> Directory::issue_token(UserId id, std::int64_t now_ns, std::int64_t lifetime_ns,
                                           std::string_view label) {
  const auto user = user_of(id);
  if (!user) return std::unexpected(user.error());
  if ((*user)->disabled) return refuse(ErrorCode::kUserDisabled, "the user may not sign in");
  if (auto checked = check_user_name(label); !checked) return std::unexpected(checked.error());
  if (lifetime_ns <= 0 || now_ns > std::numeric_limits<std::int64_t>::max() - lifetime_ns) {
    return refuse(ErrorCode::kInvalidLifetime, "a token lives for more than 0 ns");
  }
  IssuedToken issued{make_token(), {0, id, std::string(label), now_ns, now_ns + lifetime_ns}};
  const Sha256 hash = token_hash(issued.token);
  const auto replaced = token_to_replace(id);
  if (auto stored = store_token(hash, issued.info, replaced); !stored) {
    return std::unexpected(stored.error());
  }
  if (replaced) {
    std::erase_if(tokens_, [&](const auto& pair) { return pair.second.id == *replaced; });
    ++rights_version_;
  }
  tokens_.emplace(hash, issued.info);
  return issued;
}

Result<void> Directory::store_token(const Sha256& hash, TokenInfo& info,
                                    std::optional<std::int64_t> replaced) {
  return database_.transaction([&]() -> Result<void> {
    if (replaced) {
      auto removed = database_.prepare("DELETE FROM tokens WHERE id = ?").bind(*replaced).run();
      if (!removed) return removed;
    }
    auto insert = database_.prepare(
        "INSERT INTO tokens(hash, user, label, created_ns, expires_ns) VALUES(?, ?, ?, ?, ?)"
        " RETURNING id");
    const auto row = insert.bind(std::span<const std::uint8_t>(hash))
                         .bind(info.user)
                         .bind(info.label)
                         .bind(info.created_ns)
                         .bind(info.expires_ns)
                         .step();
    if (!row) return std::unexpected(row.error());
    info.id = insert.integer(0);
    return insert.run();
  });
}

std::optional<std::int64_t> Directory::token_to_replace(UserId user) const {
  const auto mine = tokens_of(user);
  if (mine.size() < options_.tokens_per_user) return std::nullopt;
  return mine.front().id;
}

Result<const User*> Directory::authenticate(std::string_view token, std::int64_t now_ns) const {
  const auto found = tokens_.find(token_hash(token));
  if (found == tokens_.end()) return refuse(ErrorCode::kUnknownToken, "the token is not known");
  if (now_ns >= found->second.expires_ns) {
    return refuse(ErrorCode::kTokenExpired, "the token has expired; sign in again");
  }
  const User* user = find_user(found->second.user);
  if (user == nullptr || user->disabled) {
    return refuse(ErrorCode::kUserDisabled, "the user may not sign in");
  }
  return user;
}

Result<void> Directory::revoke_token(std::string_view token) {
  const auto found = tokens_.find(token_hash(token));
  if (found == tokens_.end()) return refuse(ErrorCode::kUnknownToken, "the token is not known");
  return revoke_token(found->second.id);
}

Result<void> Directory::revoke_token(std::int64_t token_id) {
  const auto found =
      std::ranges::find_if(tokens_, [&](const auto& pair) { return pair.second.id == token_id; });
  if (found == tokens_.end()) return refuse(ErrorCode::kUnknownToken, "the token is not known");
  auto removed = database_.prepare("DELETE FROM tokens WHERE id = ?").bind(token_id).run();
  if (!removed) return removed;
  tokens_.erase(found);
  ++rights_version_;
  return {};
}

Result<void> Directory::revoke_tokens_of(UserId user) {
  auto removed = database_.prepare("DELETE FROM tokens WHERE user = ?").bind(user).run();
  if (removed) forget_tokens_of(user);
  return removed;
}

void Directory::forget_tokens_of(UserId user) {
  std::erase_if(tokens_, [&](const auto& pair) { return pair.second.user == user; });
  ++rights_version_;
}

std::vector<TokenInfo> Directory::tokens_of(UserId user) const {
  std::vector<TokenInfo> out;
  for (const auto& [hash, info] : tokens_) {
    if (info.user == user) out.push_back(info);
  }
  std::ranges::sort(out, {}, &TokenInfo::id);
  return out;
}

}  // namespace hulan::identity
