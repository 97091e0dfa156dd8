// SPDX-License-Identifier: Apache-2.0
// Suspending a participant (R2.2, R10.3) reaches into its bids and listings. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// Suspends an active participant: its standing bids are struck (R5.7) and its lots without bids
/// withdrawn, at once or, where there are many lots, by timers that follow. Nothing if it is not
/// active.
void suspend_participant(Context& context, model::ParticipantId id);

}  // namespace hulan::engine
