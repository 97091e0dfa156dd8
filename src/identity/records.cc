// SPDX-License-Identifier: Apache-2.0
#include "identity/records.h"

#include <algorithm>

namespace hulan::identity {
namespace {

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMaxContactBytes = 400;
constexpr std::uint16_t kParticipantRoles =
    model::kRoleTrader | model::kRoleFinance | model::kRoleViewer;
constexpr std::uint16_t kAllRoles = 511;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of the UTF-8 character at the start of `text`, 0 if there is none: a name read from a
/// file in another encoding must not get in.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (byte(0) < 0x80) return byte(0) >= 0x20 && byte(0) != 0x7F ? 1 : 0;
  const std::size_t length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool wrong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xED && byte(1) > 0x9F) ||
                     (byte(0) == 0xF0 && byte(1) < 0x90) || (byte(0) == 0xF4 && byte(1) > 0x8F);
  return wrong ? 0 : length;
}

/// One line of UTF-8 of at most `max_bytes`.
bool is_clean(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) return false;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_tax_number(std::string_view text) {
  if (text.empty()) return true;
  return text.size() >= 15 && text.size() <= 20 &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); });
}

}  // namespace

const std::string& Participant::name(std::string_view language) const {
  const std::string& wanted = language == "en" ? name_en : language == "ru" ? name_ru : name_zh;
  if (!wanted.empty()) return wanted;
  if (!name_zh.empty()) return name_zh;
  return name_en.empty() ? name_ru : name_en;
}

Result<std::string> normal_login(std::string_view login) {
  std::string normal(login);
  for (char& c : normal) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  constexpr std::string_view kMarks = "._@+-";
  const bool well_formed =
      normal.size() >= 2 && normal.size() <= 64 && std::ranges::all_of(normal, [&](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || kMarks.contains(c);
      });
  if (!well_formed) {
    return refuse(ErrorCode::kInvalidLogin,
                  "a login has 2 to 64 letters a-z, digits, or the marks . _ @ + -");
  }
  return normal;
}

Result<void> check_password(std::string_view password) {
  if (password.size() < 8 || password.size() > 128) {
    return refuse(ErrorCode::kInvalidPassword, "a password has 8 to 128 bytes");
  }
  return {};
}

Result<void> check_user_name(std::string_view name) {
  if (!is_clean(name, kMaxNameBytes)) {
    return refuse(ErrorCode::kInvalidName, "a name is one line of UTF-8, at most 200 bytes");
  }
  return {};
}

Result<void> check_roles(std::uint16_t roles, ParticipantId participant) {
  const auto wrong = [](const char* why) { return refuse(ErrorCode::kInvalidRoles, why); };
  if (roles == 0 || (roles & ~kAllRoles) != 0) return wrong("a user needs at least one known role");
  const bool is_staff = (roles & ~kParticipantRoles) != 0;
  const bool trades = (roles & (model::kRoleTrader | model::kRoleFinance)) != 0;
  if (is_staff && (trades || participant != 0)) {
    return wrong("the market's staff act for no participant (R2.3)");
  }
  if (trades && participant == 0) return wrong("a trader or finance user needs a participant");
  if ((roles & model::kRoleAuditor) != 0 && (roles & ~model::kRoleViewer) != model::kRoleAuditor) {
    return wrong("an auditor changes nothing, so has no other role (R2.3)");
  }
  constexpr std::uint16_t kMoney = model::kRoleAdministrator | model::kRoleSettlementOfficer;
  if ((roles & kMoney) == kMoney) return wrong("an administrator never touches money (R2.3)");
  return {};
}

Result<void> check_participant(const Participant& p) {
  if (p.name_zh.empty() && p.name_en.empty() && p.name_ru.empty()) {
    return refuse(ErrorCode::kInvalidName, "a participant needs a name");
  }
  for (const std::string* name : {&p.name_zh, &p.name_en, &p.name_ru}) {
    if (auto checked = check_user_name(*name); !checked) return checked;
  }
  if (p.kind < model::ParticipantKind::kProducer || p.kind > model::ParticipantKind::kAgent) {
    return refuse(ErrorCode::kInvalidKind, "a participant has one of the kinds of R2.1");
  }
  for (const std::string* line : {&p.phone, &p.address, &p.contact}) {
    if (!is_clean(*line, kMaxContactBytes)) {
      return refuse(ErrorCode::kInvalidContact,
                    "phone, address and contact are one line of UTF-8, at most 400 bytes each");
    }
  }
  if (p.place < 100'000 || p.place > 999'999) {
    return refuse(ErrorCode::kInvalidPlace, "a place is a six-digit administrative code");
  }
  if (!is_tax_number(p.tax_number)) {
    return refuse(ErrorCode::kInvalidTaxNumber, "a tax number has 15 to 20 digits or letters A-Z");
  }
  return {};
}

}  // namespace hulan::identity
