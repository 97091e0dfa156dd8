// SPDX-License-Identifier: Apache-2.0
// The lower-case names of model/enums.h, both ways, as the doors and the statements write them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/command.h"
#include "model/enums.h"
#include "model/event.h"
#include "projections/candle.h"
#include "projections/queries.h"
#include "projections/surveillance.h"

namespace hulan::gateways {

/// Name of an enumerator; "none" for a value outside the list.
template <class Enum>
[[nodiscard]] std::string_view word(Enum value);

/// All names of an enumeration in order, for messages.
template <class Enum>
[[nodiscard]] std::span<const std::string_view> all_words();

/// "one of a b c", for messages; numbers without a name are left out.
template <class Enum>
[[nodiscard]] std::string one_of() {
  std::string text = "one of";
  for (const std::string_view name : all_words<Enum>()) {
    if (!name.empty()) text.append(" ").append(name);
  }
  return text;
}

/// The enumerator with this name.
template <class Enum>
[[nodiscard]] std::optional<Enum> find_word(std::string_view text);

/// "buyer", "seller", ... of a mask of model::Role.
inline constexpr std::pair<model::Role, std::string_view> kRoleWords[] = {
    {model::kRoleOperator, "operator"},   {model::kRoleSettlementOfficer, "settlement_officer"},
    {model::kRoleInspector, "inspector"}, {model::kRoleSupervisor, "supervisor"},
    {model::kRoleAuditor, "auditor"},     {model::kRoleAdministrator, "administrator"},
    {model::kRoleTrader, "trader"},       {model::kRoleFinance, "finance"},
    {model::kRoleViewer, "viewer"}};

}  // namespace hulan::gateways
