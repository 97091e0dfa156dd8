// SPDX-License-Identifier: Apache-2.0
// Who plays in a run. Numbers follow one another, as identity gives them.
#pragma once

#include "model/enums.h"
#include "model/ids.h"

namespace hulan::simulation {

inline constexpr model::UserId kAdministrator = 1, kOperator = 2, kOperator2 = 3, kOfficer = 4,
                               kOfficer2 = 5, kInspector = 6, kSupervisor = 7, kAuditor = 8;
inline constexpr model::UserId kStaff = 8;
inline constexpr model::ParticipantId kParticipants = 15;
inline constexpr model::ParticipantId kAgent = 15;
inline constexpr model::UserId kUsers = kStaff + 2 * kParticipants;

constexpr model::UserId trader_of(model::ParticipantId id) { return kStaff + 2 * id - 1; }
constexpr model::UserId finance_of(model::ParticipantId id) { return kStaff + 2 * id; }
constexpr model::ParticipantId participant_of(model::UserId user) {
  return user <= kStaff ? 0 : (user - kStaff + 1) / 2;
}

constexpr std::uint16_t roles_of(model::UserId user) {
  switch (user) {
    case kAdministrator:
      return model::kRoleAdministrator;
    case kOperator:
    case kOperator2:
      return model::kRoleOperator;
    case kOfficer:
    case kOfficer2:
      return model::kRoleSettlementOfficer;
    case kInspector:
      return model::kRoleInspector;
    case kSupervisor:
      return model::kRoleSupervisor;
    case kAuditor:
      return model::kRoleAuditor;
    default:
      return (user - kStaff) % 2 == 1 ? model::kRoleTrader : model::kRoleFinance;
  }
}

/// Five farms, seven buyers, a carrier, a trader that both sells and buys, and an agent.
constexpr model::ParticipantKind kind_of(model::ParticipantId id) {
  if (id <= 5) return model::ParticipantKind::kProducer;
  if (id == 13) return model::ParticipantKind::kCarrier;
  if (id == kAgent) return model::ParticipantKind::kAgent;
  return id == 14 ? model::ParticipantKind::kTrader : model::ParticipantKind::kSlaughterhouse;
}

}  // namespace hulan::simulation
