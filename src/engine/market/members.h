// SPDX-License-Identifier: Apache-2.0
// The market itself, its users and participants: R2.1 to R2.3, R5.6. Engine thread only.
#pragma once

#include "engine/context.h"
#include "engine/suspension.h"

namespace hulan::engine {

Outcome init_market(Context& context, const model::InitMarket& body);
Outcome register_user(Context& context, const model::RegisterUser& body);
Outcome apply_participant(Context& context, const model::ApplyParticipant& body);
Outcome set_participant_state(Context& context, const model::SetParticipantState& body);
Outcome relate_participants(Context& context, const model::RelateParticipants& body);

/// An admission was approved by two people, or rejected.
void end_admission(Context& context, model::ParticipantId id, bool admitted);

/// Sets a participant's state and tells it. The caller has checked that it may change so.
void enter_state(Context& context, model::ParticipantId id, model::ParticipantState state);

/// R5.6: nobody trades with themselves or with a related party. ok, own_lot or related_party.
[[nodiscard]] model::Reject check_parties(const State& state, model::ParticipantId a,
                                          model::ParticipantId b);

}  // namespace hulan::engine
