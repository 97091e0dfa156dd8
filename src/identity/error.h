// SPDX-License-Identifier: Apache-2.0
// What identity refuses, by name.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace hulan::identity {

enum class ErrorCode : std::uint8_t {
  kInvalidLogin,        ///< not 2 to 64 of a-z 0-9 . _ @ + -
  kInvalidPassword,     ///< not 8 to 128 bytes
  kInvalidName,         ///< missing, too long, or not clean UTF-8
  kInvalidRoles,        ///< none, unknown, or a combination R2.3 does not allow
  kInvalidContact,      ///< phone, address or contact too long or not clean UTF-8
  kInvalidPlace,        ///< not a six-digit administrative code
  kInvalidTaxNumber,    ///< not 15 to 20 of 0-9 A-Z
  kInvalidKind,         ///< not one of R2.1
  kInvalidLifetime,     ///< a token that would never live
  kLoginTaken,          ///< another user has it
  kUnknownUser,         ///< no user of this id or login
  kUnknownParticipant,  ///< no participant of this id
  kParticipantErased,   ///< its personal data was erased (R13.3)
  kWrongPassword,       ///< wrong login or password; which of them is not said
  kUserDisabled,        ///< right password, but the user may not sign in
  kTooManyFailures,     ///< sign-in is delayed: see Error::retry_after_ns
  kUnknownToken,        ///< never issued, or revoked
  kTokenExpired,        ///< issued, but past its time
  kBusy,                ///< another process has the file open
  kNewerFormat,         ///< written by a later version of Hulan
  kStorage,             ///< SQLite or the disk failed; the message says how
};

/// Stable snake_case name of a code, for problem documents and logs.
[[nodiscard]] std::string_view error_name(ErrorCode code);

struct Error {
  ErrorCode code;
  std::string message;
  std::int64_t retry_after_ns = 0;  ///< only with kTooManyFailures: how long to wait
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> refuse(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

/// Runs `steps` in order until one fails, and returns its error.
template <class... Steps>
[[nodiscard]] Result<void> in_order(Steps... steps) {
  Result<void> result;
  ((result = steps(), result.has_value()) && ...);
  return result;
}

}  // namespace hulan::identity
