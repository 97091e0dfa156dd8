// SPDX-License-Identifier: Apache-2.0
// The market itself, its users and participants: R2.1 to R2.3, R5.6. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome init_market(Context& context, const model::InitMarket& body);
Outcome register_user(Context& context, const model::RegisterUser& body);
Outcome apply_participant(Context& context, const model::ApplyParticipant& body);
Outcome set_participant_state(Context& context, const model::SetParticipantState& body);
Outcome relate_participants(Context& context, const model::RelateParticipants& body);

/// An admission was approved by two people, or rejected.
void end_admission(Context& context, model::ParticipantId id, bool admitted);

/// Suspends an active participant (R2.2, R10.3): its standing bids are struck and its listings
/// withdrawn, at once or, where there are many lots, by timers that follow. Nothing if it is not
/// active.
void suspend_participant(Context& context, model::ParticipantId id);

/// R5.6: nobody trades with themselves or with a related party. ok, own_lot or related_party.
[[nodiscard]] model::Reject check_parties(const State& state, model::ParticipantId a,
                                          model::ParticipantId b);

}  // namespace hulan::engine
