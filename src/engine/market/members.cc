// SPDX-License-Identifier: Apache-2.0
#include "engine/market/members.h"

#include <algorithm>

#include "engine/market/access.h"
#include "engine/market/approvals.h"
#include "engine/market/derived.h"
#include "engine/market/mandates.h"
#include "model/region.h"

namespace hulan::engine {
namespace {

using model::ParticipantState;
using model::Reject;

constexpr unsigned kStaffRoles = model::kRoleOperator | model::kRoleSettlementOfficer |
                                 model::kRoleInspector | model::kRoleSupervisor |
                                 model::kRoleAuditor | model::kRoleAdministrator;
constexpr unsigned kParticipantRoles =
    model::kRoleTrader | model::kRoleFinance | model::kRoleViewer;
constexpr unsigned kMoneyRoles = model::kRoleSettlementOfficer | model::kRoleSupervisor;
constexpr std::int64_t kLongestSpan = 400 * model::kDay;
constexpr std::int32_t kWidestZoneSeconds = 14 * 3600;
constexpr std::uint32_t kMinutesPerDay = 24 * 60;

bool is_span(std::int64_t ns) { return ns >= 0 && ns <= kLongestSpan; }

bool is_valid(const model::InitMarket& body) {
  return body.withdrawal_limit_fen >= 0 && body.withdrawal_limit_fen <= model::kMaxMagnitude &&
         is_span(body.notice_ns) && is_span(body.exclusive_ns) && is_span(body.settle_after_ns) &&
         is_span(body.client_id_ns) && body.client_id_ns >= model::kMinute &&
         std::abs(body.utc_offset_s) <= kWidestZoneSeconds && body.market_days >= 1 &&
         body.market_days <= 127 && body.pay_minute < kMinutesPerDay &&
         body.topup_minute < kMinutesPerDay && body.defaults_to_suspend >= 1 &&
         body.administrator != 0 && body.administrator <= model::kMaxUsers;
}

/// Staff and participants' roles never mix; an administrator never handles money; an auditor
/// changes nothing (R2.3).
bool roles_fit(unsigned roles, model::ParticipantId participant) {
  if (roles == 0 || (roles & ~(kStaffRoles | kParticipantRoles)) != 0) return false;
  if (participant != 0) return (roles & kStaffRoles) == 0;
  if ((roles & kParticipantRoles) != 0) return false;
  if ((roles & model::kRoleAdministrator) != 0 && (roles & kMoneyRoles) != 0) return false;
  return (roles & model::kRoleAuditor) == 0 || roles == model::kRoleAuditor;
}

bool kinds_fit(const model::ApplyParticipant& body) {
  const auto within = [](auto value, auto first, auto last) {
    return value >= first && value <= last;
  };
  return within(body.kind, model::ParticipantKind::kProducer, model::ParticipantKind::kAgent) &&
         within(body.form, model::LegalForm::kLegalPerson, model::LegalForm::kCooperative) &&
         within(body.vat, model::VatStatus::kExemptProducer, model::VatStatus::kSmallScale);
}

bool has_money(const State& state, model::ParticipantId id) {
  for (std::size_t currency = 0; currency < model::kCurrencies; ++currency) {
    const auto& row = state.accounts[account_index(id, static_cast<model::Currency>(currency))];
    for (const model::Fen balance : row.balance) {
      if (balance != model::Fen{}) return true;
    }
  }
  return false;
}

bool may_change(ParticipantState from, ParticipantState to) {
  switch (to) {
    case ParticipantState::kActive:
      return from == ParticipantState::kSuspended;
    case ParticipantState::kSuspended:
      return from == ParticipantState::kActive;
    case ParticipantState::kClosed:
      return from == ParticipantState::kActive || from == ParticipantState::kSuspended;
    case ParticipantState::kApplied:
      break;
  }
  return false;
}

}  // namespace

void enter_state(Context& context, model::ParticipantId id, ParticipantState state) {
  auto& row = context.state.participants.edit(id);
  row.state = state;
  context.emit_row<model::ParticipantChanged>(id, row);
}

Outcome init_market(Context& context, const model::InitMarket& body) {
  State& state = context.state;
  if (state.market[1].initialized != 0) return {Reject::market_already_initialized};
  if (context.who.user != 0) return {Reject::wrong_role};
  if (!is_valid(body)) return {Reject::malformed_body};
  auto& market = state.market.edit(1);
  market = {.withdrawal_limit_fen = model::Fen{body.withdrawal_limit_fen},
            .notice_ns = body.notice_ns,
            .exclusive_ns = body.exclusive_ns,
            .settle_after_ns = body.settle_after_ns,
            .client_id_ns = body.client_id_ns,
            .utc_offset_s = body.utc_offset_s,
            .market_days = body.market_days,
            .pay_minute = body.pay_minute,
            .topup_minute = body.topup_minute,
            .defaults_to_suspend = body.defaults_to_suspend,
            .initialized = 1,
            .name_document = body.name_document};
  context.emit_row<model::MarketChanged>(1, market);
  HULAN_ASSERT(state.users.reach(body.administrator));
  auto& user = state.users.edit(body.administrator);
  user = {0, model::kRoleAdministrator, 1, 1};
  context.emit_row<model::UserChanged>(body.administrator, user);
  return {Reject::ok, body.administrator};
}

Outcome register_user(Context& context, const model::RegisterUser& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleAdministrator); r != Reject::ok) {
    return {r};
  }
  if (body.id == 0 || body.active > 1) return {Reject::malformed_body};
  if (body.id > state.users.capacity()) return {Reject::users_full};
  if (body.participant != 0 && !participant_exists(state, body.participant)) {
    return {Reject::unknown_participant};
  }
  if (!roles_fit(body.roles, body.participant)) return {Reject::wrong_role};
  // Nobody gives money roles to themselves, nor locks the last door behind them.
  if (body.id == context.who.user &&
      ((body.roles & model::kRoleAdministrator) == 0 || body.active == 0)) {
    return {Reject::wrong_role};
  }
  if (state.users.has(body.id) && state.users[body.id].exists != 0 &&
      state.users[body.id].participant != body.participant) {
    return {Reject::not_your_participant};
  }
  HULAN_ASSERT(state.users.reach(body.id));
  auto& user = state.users.edit(body.id);
  user = {body.participant, body.roles, body.active, 1};
  context.emit_row<model::UserChanged>(body.id, user);
  return {Reject::ok, body.id};
}

Outcome apply_participant(Context& context, const model::ApplyParticipant& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return {r};
  if (body.id == 0) return {Reject::unknown_participant};
  if (participant_exists(state, body.id)) return {Reject::participant_exists};
  if (body.id >= state.participants.capacity()) return {Reject::participants_full};
  if (!kinds_fit(body)) return {Reject::invalid_kind};
  if (!model::is_region(body.region)) return {Reject::invalid_region};
  if (state.pending.full()) return {Reject::pending_full};
  HULAN_ASSERT(state.participants.reach(body.id));
  HULAN_ASSERT(state.accounts.reach(account_index(body.id, model::Currency::kRub)));
  auto& row = state.participants.edit(body.id);
  row = {};
  row.kind = body.kind;
  row.form = body.form;
  row.vat = body.vat;
  row.state = ParticipantState::kApplied;
  row.region = body.region;
  row.name_hmac = body.name_hmac;
  context.emit_row<model::ParticipantChanged>(body.id, row);
  constexpr std::uint8_t kApprovers = 2;
  return open_pending(
      context, {.kind = model::PendingKind::kAdmission, .needed = kApprovers, .subject = body.id});
}

Outcome set_participant_state(Context& context, const model::SetParticipantState& body) {
  State& state = context.state;
  const Reject allowed = require_staff(context, model::kRoleOperator | model::kRoleSupervisor);
  if (allowed != Reject::ok) return {allowed};
  if (!participant_exists(state, body.id)) return {Reject::unknown_participant};
  if (!may_change(state.participants[body.id].state, body.state)) {
    return {Reject::wrong_participant_state};
  }
  if (body.state == ParticipantState::kSuspended) {
    suspend_participant(context, body.id);
    return {Reject::ok, body.id};
  }
  if (body.state == ParticipantState::kClosed && has_money(state, body.id)) {
    return {Reject::participant_has_obligations};
  }
  enter_state(context, body.id, body.state);
  return {Reject::ok, body.id};
}

Outcome relate_participants(Context& context, const model::RelateParticipants& body) {
  State& state = context.state;
  if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return {r};
  if (!participant_exists(state, body.a) || !participant_exists(state, body.b)) {
    return {Reject::unknown_participant};
  }
  if (body.a == body.b || body.active > 1) return {Reject::malformed_body};
  const auto [a, b] = std::minmax(body.a, body.b);
  const std::uint64_t hash = relation_hash(a, b);
  std::uint32_t id = state.derived.relations.find(hash, [&](std::uint32_t i) {
    return state.relations[i].a == a && state.relations[i].b == b;
  });
  if (id == 0) {
    if (state.relations.full()) return {Reject::relations_full};
    id = state.relations.add();
    state.derived.relations.insert(hash, id);
  }
  auto& row = state.relations.edit(id);
  row = {a, b, body.active};
  context.emit_row<model::RelationChanged>(id, row);
  return {Reject::ok, id};
}

void end_admission(Context& context, model::ParticipantId id, bool admitted) {
  HULAN_ASSERT(context.state.participants[id].state == ParticipantState::kApplied);
  enter_state(context, id, admitted ? ParticipantState::kActive : ParticipantState::kClosed);
}

Reject check_parties(const State& state, model::ParticipantId a, model::ParticipantId b) {
  if (a == b) return Reject::own_lot;
  if (state.mandates.size() != 1 && share_agent(state, a, b)) return Reject::common_agent;
  if (state.relations.size() == 1) return Reject::ok;
  const auto [low, high] = std::minmax(a, b);
  const std::uint32_t id = state.derived.relations.find(
      relation_hash(low, high),
      [&](std::uint32_t i) { return state.relations[i].a == low && state.relations[i].b == high; });
  return id != 0 && state.relations[id].active != 0 ? Reject::related_party : Reject::ok;
}

}  // namespace hulan::engine
