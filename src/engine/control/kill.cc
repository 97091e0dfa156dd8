// SPDX-License-Identifier: Apache-2.0
#include "engine/control/kill.h"

#include "engine/auction/strike.h"
#include "engine/book/orders.h"
#include "engine/market/access.h"

namespace hulan::engine {
namespace {

using model::Reject;

Reject check_switch(const Context& context, model::ParticipantId id,
                    const model::DocumentHash& reason) {
  const Reject allowed = require_staff(context, model::kRoleOperator | model::kRoleSupervisor);
  if (allowed != Reject::ok) return allowed;
  if (!participant_exists(context.state, id)) return Reject::unknown_participant;
  return reason == model::DocumentHash{} ? Reject::malformed_body : Reject::ok;
}

}  // namespace

Outcome kill_participant(Context& context, const model::KillParticipant& body) {
  State& state = context.state;
  if (const Reject r = check_switch(context, body.id, body.reason); r != Reject::ok) return {r};
  if (is_killed(state, body.id)) return {Reject::wrong_participant_state};
  const bool reachable = state.kills.reach(body.id);
  HULAN_ASSERT(reachable);  // as many rows as participants
  model::KillRow& row = state.kills.edit(body.id);
  row = {.since = context.now.value,
         .sequence = context.sequence,
         .by = context.who.user,
         .active = 1,
         .reason = body.reason};
  context.emit_row<model::KillChanged>(body.id, row);
  sweep(context, body.id, 1);
  book::sweep_orders(context, body.id, 1);
  return {Reject::ok, body.id};
}

Outcome revive_participant(Context& context, const model::ReviveParticipant& body) {
  State& state = context.state;
  if (const Reject r = check_switch(context, body.id, body.reason); r != Reject::ok) return {r};
  if (!is_killed(state, body.id)) return {Reject::wrong_participant_state};
  model::KillRow& row = state.kills.edit(body.id);
  row.active = 0;
  row.reason = body.reason;
  context.emit_row<model::KillChanged>(body.id, row);
  return {Reject::ok, body.id};
}

}  // namespace hulan::engine
