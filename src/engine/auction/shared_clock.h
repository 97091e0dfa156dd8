// SPDX-License-Identifier: Apache-2.0
// One clock for a whole catalogue (R5.3.2): all lots of the session are open at once, any bid on
// any of them restarts the clock for all, and its length shrinks with time; when it runs out all
// lots close. The clock's end is the session's `due`; a lot's own close is what it was at its last
// bid. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// R5.3.2: what a bid gives all lots at the first; 10 s less each 5 minutes, at least 20 s.
constexpr std::int64_t kLongestShared = 60 * model::kSecond;
constexpr std::int64_t kShortestShared = 20 * model::kSecond;

/// The session on whose shared clock the lot stands or stood; 0: none.
[[nodiscard]] model::SessionId shared_session(const State& state, model::LotId lot);

/// How long the clock is when it is restarted at `now`; ns.
[[nodiscard]] std::int64_t shared_length(const model::SessionRow& session, model::Time now);

/// The notice of one lot; when the catalogue opens is when it opens.
Outcome enter_shared_clock(Context& context, const model::EnterSharedClock& body);

/// A bid, or a leader that was struck: the clock of a running session is restarted, never
/// shortened. Gives its end. Emits SessionChanged.
std::int64_t restart_shared_clock(Context& context, model::SessionId id);

/// A lot was concluded at `price`: it counts for the session's mean while that runs. Emits
/// SessionChanged.
void count_shared(Context& context, const model::LotRow& lot, model::Price price);

/// Opens every lot of a session whose order is drawn. Emits LotChanged for each.
void open_shared_clock(Context& context, model::SessionId id);

/// Closes some of the lots of a clock that has run out; true when all are closed. The caller has
/// the rest closed later.
[[nodiscard]] bool close_shared_lots(Context& context, model::SessionId id);

/// R12.2: gives the clock the halted `span` back, and a whole length where nothing else holds it.
void move_shared_clock(Context& context, model::SessionId id, std::int64_t span, bool held);

}  // namespace hulan::engine
