// SPDX-License-Identifier: Apache-2.0
// Removed leaders (R5.7): a struck bid, who leads after it, and the sweep through a suspended
// participant's lots and bids. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// Remembers the leader's bid, which is about to be outbid. A bidder's older bid is forgotten, and
/// beyond kKeptBids the oldest.
void remember_outbid(State& state, const model::LotRow& lot);

/// Strikes the leader's bid. The next remembered one whose bonds freeze leads at its own price,
/// else the lot stands at its start; at least the window W remains. Emits BidStruck, LotChanged. An
/// exclusive time without a leader ends unsold.
void strike_leader(Context& context, model::LotId id);

/// Strikes the bids of `participant` that lead and withdraws its lots without bids, from lot number
/// `from` on; where that is much work a timer goes on with it.
void sweep(Context& context, model::ParticipantId participant, model::LotId from);

}  // namespace hulan::engine
