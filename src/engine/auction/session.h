// SPDX-License-Identifier: Apache-2.0
// A session runs a catalogue of lots by itself (R5.3, R5.3.3): it opens at its time, gives each lot
// its turn on the clock in an order drawn from a recorded seed, and at its end carries the unsold
// over or allocates it to quotas. One timer at a time counts. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome announce_session(Context& context, const model::AnnounceSession& body);

/// A timer of the session fires; `number` says whether it is the one that counts.
void on_session_timer(Context& context, model::SessionId id, std::uint32_t number);

/// The lot, whose clock row names the session, is in its catalogue from now on; the command's
/// client id is hashed into the seed, so that nobody chooses the order alone. Emits nothing.
void join_session(Context& context, model::LotId lot);

/// The clock of the current lot will run until `end` (UTC ns), later than it would have.
void clock_moved(Context& context, model::SessionId id, std::int64_t end);

/// The current lot has had its turn before its clock ran down. The caller has asked
/// timers.full().
void lot_finished(Context& context, model::SessionId id);

/// Adds a part that is about to be concluded to the session's mean.
void count_in_session(Context& context, model::SessionId id, const model::LotRow& lot,
                      model::Price price, std::int64_t quantity);

}  // namespace hulan::engine
