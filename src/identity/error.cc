// SPDX-License-Identifier: Apache-2.0
#include "identity/error.h"

namespace hulan::identity {

std::string_view error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidLogin:
      return "login_invalid";
    case ErrorCode::kInvalidPassword:
      return "password_invalid";
    case ErrorCode::kInvalidName:
      return "name_invalid";
    case ErrorCode::kInvalidRoles:
      return "roles_invalid";
    case ErrorCode::kInvalidContact:
      return "contact_invalid";
    case ErrorCode::kInvalidPlace:
      return "place_invalid";
    case ErrorCode::kInvalidTaxNumber:
      return "tax_number_invalid";
    case ErrorCode::kInvalidKind:
      return "participant_kind_invalid";
    case ErrorCode::kInvalidLifetime:
      return "token_lifetime_invalid";
    case ErrorCode::kLoginTaken:
      return "login_taken";
    case ErrorCode::kUnknownUser:
      return "user_unknown";
    case ErrorCode::kUnknownParticipant:
      return "participant_unknown";
    case ErrorCode::kParticipantErased:
      return "participant_erased";
    case ErrorCode::kWrongPassword:
      return "password_wrong";
    case ErrorCode::kUserDisabled:
      return "user_disabled";
    case ErrorCode::kTooManyFailures:
      return "sign_in_delayed";
    case ErrorCode::kUnknownToken:
      return "token_unknown";
    case ErrorCode::kTokenExpired:
      return "token_expired";
    case ErrorCode::kBusy:
      return "identity_busy";
    case ErrorCode::kNewerFormat:
      return "identity_format_newer";
    case ErrorCode::kStorage:
      return "identity_storage_failed";
  }
  return "identity_error";
}

}  // namespace hulan::identity
