// SPDX-License-Identifier: Apache-2.0
// R12.2: the kill switch of one participant. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// By the operator: nothing of the participant comes in, its live offers and bids go out by the
/// sweep of R5.7; its contracts go on.
Outcome kill_participant(Context& context, const model::KillParticipant& body);
/// By the operator: it may trade again; what was taken out stays out.
Outcome revive_participant(Context& context, const model::ReviveParticipant& body);

}  // namespace hulan::engine
