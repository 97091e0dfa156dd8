// SPDX-License-Identifier: Apache-2.0
// What identity knows of people and firms. None of it is in the log (R13.3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "identity/error.h"
#include "model/enums.h"
#include "model/ids.h"

namespace hulan::identity {

using model::ParticipantId;
using model::UserId;

/// Somebody who signs in. `roles` is a mask of model::Role (R2.3).
struct User {
  UserId id = 0;
  std::string login;
  std::string name;
  std::uint16_t roles = 0;
  ParticipantId participant = 0;  ///< for whom they act; 0 for the market's staff
  bool disabled = false;

  [[nodiscard]] bool has_role(model::Role role) const { return (roles & role) != 0; }
};

/// Whom the market trades with (R2.1): the personal part, beside the engine's row of the same id.
struct Participant {
  ParticipantId id = 0;
  std::string name_zh, name_en, name_ru;
  model::ParticipantKind kind{};
  std::string phone, address, contact;
  std::uint32_t place = 0;  ///< six-digit administrative code (GB/T 2260)
  std::string tax_number;   ///< 15 to 20 of 0-9 A-Z, or empty
  bool erased = false;      ///< R13.3: nothing but id, kind and place is left

  /// The name in "zh", "en" or "ru", or the first one that is there; empty if erased.
  [[nodiscard]] const std::string& name(std::string_view language) const;
};

struct NewUser {
  std::string_view login;
  std::string_view password;  ///< empty: signs in by issued tokens only
  std::string_view name;
  std::uint16_t roles = 0;
  ParticipantId participant = 0;
};

/// Lower-case login if it is well formed. Errors: kInvalidLogin.
[[nodiscard]] Result<std::string> normal_login(std::string_view login);

/// Errors: kInvalidPassword.
[[nodiscard]] Result<void> check_password(std::string_view password);

/// Errors: kInvalidName.
[[nodiscard]] Result<void> check_user_name(std::string_view name);

/// R2.3: staff act for no participant, traders and finance users for one; the auditor changes
/// nothing; the administrator never touches money. Errors: kInvalidRoles.
[[nodiscard]] Result<void> check_roles(std::uint16_t roles, ParticipantId participant);

/// Errors: kInvalidName, kInvalidKind, kInvalidContact, kInvalidPlace, kInvalidTaxNumber.
[[nodiscard]] Result<void> check_participant(const Participant& participant);

}  // namespace hulan::identity
