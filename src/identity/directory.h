// SPDX-License-Identifier: Apache-2.0
// Who may sign in, and who is behind a participant's number. Lives in DIR/identity.db, beside the
// log and never in it, so that a name can be corrected or erased (R13.3).
//
// Thread: the network thread only, except PasswordCheck::run. Every change is on disk (SQLite WAL,
// synchronous FULL) before the call returns. Users, participants and tokens are also in memory, so
// reading never touches the disk; pointers that are handed out stay valid as long as the directory.
// Time comes as an argument, in ns of UTC since 1970: the clock on the wall, not the market's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/sha256.h"
#include "identity/database.h"
#include "identity/error.h"
#include "identity/password.h"
#include "identity/records.h"
#include "identity/throttle.h"
#include "identity/token.h"

namespace hulan::identity {

struct Options {
  PasswordCost password_cost;
  ThrottleLimits throttle;
  std::int64_t sign_in_lifetime_ns = 30LL * 24 * 3600 * 1'000'000'000;  ///< of a sign-in's token
  std::size_t tokens_per_user = 100;  ///< one more, and the user's oldest is revoked
};

/// The slow middle of a sign-in, free to run on any thread while the network goes on.
class PasswordCheck {
 public:
  /// True if the password is right. Takes what PasswordCost says. Any thread.
  [[nodiscard]] bool run(std::string_view password) const;

 private:
  friend class Directory;
  std::string login_;
  std::string hash_;
  UserId user_ = 0;  // 0: no such login; the hash is a decoy, so that the answer takes as long
};

class Directory {
 public:
  /// Opens DIR/identity.db, creating it where missing. Errors: kBusy, kNewerFormat, kStorage.
  [[nodiscard]] static Result<Directory> open(const std::filesystem::path& dir,
                                              const Options& options = {});

  // Users -----------------------------------------------------------------------------------------

  /// The id that the next created user gets. Ids only grow and are never given again.
  [[nodiscard]] UserId next_user_id() const;

  /// Errors: kInvalidLogin, kInvalidPassword, kInvalidName, kInvalidRoles, kLoginTaken,
  /// kUnknownParticipant, kParticipantErased, kStorage.
  [[nodiscard]] Result<User> create_user(const NewUser& user);

  /// Errors: kUnknownUser, kInvalidPassword, kStorage. Revokes the user's tokens.
  [[nodiscard]] Result<void> set_password(UserId id, std::string_view password);
  /// Errors: kUnknownUser, kInvalidName, kStorage.
  [[nodiscard]] Result<void> set_name(UserId id, std::string_view name);
  /// Errors: kUnknownUser, kInvalidRoles, kStorage.
  [[nodiscard]] Result<void> set_roles(UserId id, std::uint16_t roles);
  /// A disabled user's tokens are revoked. Errors: kUnknownUser, kStorage.
  [[nodiscard]] Result<void> set_disabled(UserId id, bool disabled);

  /// By id, or by login in any case; null if there is none.
  [[nodiscard]] const User* find_user(UserId id) const;
  [[nodiscard]] const User* find_user(std::string_view login) const;
  /// All users, by id.
  [[nodiscard]] std::vector<const User*> users() const;

  // Signing in ------------------------------------------------------------------------------------

  /// Password to token in one call; blocks for as long as the password takes.
  /// Errors: kWrongPassword, kUserDisabled, kTooManyFailures, kStorage.
  [[nodiscard]] Result<IssuedToken> sign_in(std::string_view login, std::string_view password,
                                            std::int64_t now_ns, std::string_view label = {});

  /// The same in three steps: begin here, PasswordCheck::run on any thread, finish here.
  /// begin counts a failure, which finish takes back. Errors: kTooManyFailures; then as sign_in.
  [[nodiscard]] Result<PasswordCheck> begin_sign_in(std::string_view login, std::int64_t now_ns);
  [[nodiscard]] Result<IssuedToken> finish_sign_in(const PasswordCheck& check, bool right,
                                                   std::int64_t now_ns,
                                                   std::string_view label = {});

  // Tokens ----------------------------------------------------------------------------------------

  /// A token without a password, for a machine or by an administrator.
  /// Errors: kUnknownUser, kUserDisabled, kInvalidLifetime, kInvalidName (label), kStorage.
  [[nodiscard]] Result<IssuedToken> issue_token(UserId user, std::int64_t now_ns,
                                                std::int64_t lifetime_ns, std::string_view label);

  /// Whose token it is: one hash and two look-ups in memory.
  /// Errors: kUnknownToken, kTokenExpired, kUserDisabled.
  [[nodiscard]] Result<const User*> authenticate(std::string_view token, std::int64_t now_ns) const;

  /// Signing out, by the token or by its number. Errors: kUnknownToken, kStorage.
  [[nodiscard]] Result<void> revoke_token(std::string_view token);
  [[nodiscard]] Result<void> revoke_token(std::int64_t token_id);
  /// Errors: kStorage.
  [[nodiscard]] Result<void> revoke_tokens_of(UserId user);
  /// Tokens of a user, by number, expired ones too.
  [[nodiscard]] std::vector<TokenInfo> tokens_of(UserId user) const;

  /// Grows whenever a user or a token loses or gains a right: a session that lives long asks
  /// authenticate() again when this has moved.
  [[nodiscard]] std::uint64_t rights_version() const { return rights_version_; }

  // Participants ----------------------------------------------------------------------------------

  /// The id after the highest one ever used.
  [[nodiscard]] ParticipantId next_participant_id() const;

  /// Adds, or corrects all fields of, participant `participant.id`; id 0 takes the next one.
  /// Errors: those of check_participant, kParticipantErased, kStorage.
  [[nodiscard]] Result<ParticipantId> upsert_participant(Participant participant);

  /// Null if there is none.
  [[nodiscard]] const Participant* find_participant(ParticipantId id) const;
  /// All participants, by id, erased ones too.
  [[nodiscard]] std::vector<const Participant*> participants() const;

  /// HMAC-SHA-256 of the participant's names and tax number under its own random key: what the log
  /// holds in their place. Errors: kUnknownParticipant, kParticipantErased, kStorage.
  [[nodiscard]] Result<Sha256> name_hmac(ParticipantId id);

  /// Removes personal data and key of a participant and disables and unnames its users; with the
  /// key gone, the hash in the log says nothing. Nothing of it stays in the file. R13.3.
  /// Errors: kUnknownParticipant, kStorage. Erasing twice is a success.
  [[nodiscard]] Result<void> erase_participant(ParticipantId id);

  // Commands --------------------------------------------------------------------------------------

  /// What was noted for `key`; nothing if nothing was. Errors: kStorage.
  [[nodiscard]] Result<std::optional<Sha256>> made(std::string_view key);
  /// Notes what was made here or beside for the command that `key` names, so that the same command
  /// sent again, also after a restart, makes nothing twice; what was noted before
  /// `forget_before_ns` is forgotten. Both times are the market's. Errors: kStorage.
  [[nodiscard]] Result<void> note_made(std::string_view key, const Sha256& value,
                                       std::int64_t now_ns, std::int64_t forget_before_ns);

 private:
  Directory(Database database, const Options& options);

  [[nodiscard]] Result<void> prepare_schema();
  [[nodiscard]] Result<void> load_participants();
  [[nodiscard]] Result<void> load_users();
  [[nodiscard]] Result<void> load_tokens();

  [[nodiscard]] Result<User*> user_of(UserId id);
  [[nodiscard]] Result<void> check_participant_of(const NewUser& user) const;
  [[nodiscard]] Result<void> store_token(const Sha256& hash, TokenInfo& info,
                                         std::optional<std::int64_t> replaced);
  [[nodiscard]] std::optional<std::int64_t> token_to_replace(UserId user) const;
  void forget_tokens_of(UserId user);
  [[nodiscard]] Result<void> insert_key(ParticipantId id);
  [[nodiscard]] Result<void> write_participant(const Participant& participant);
  [[nodiscard]] Result<void> erase_rows(ParticipantId id);

  Database database_;
  Options options_;
  Throttle throttle_;
  std::string decoy_hash_;
  std::map<UserId, User> users_;
  std::unordered_map<std::string, UserId> logins_;
  std::map<ParticipantId, Participant> participants_;
  TokenMap tokens_;
  std::uint64_t rights_version_ = 0;
};

}  // namespace hulan::identity
