// SPDX-License-Identifier: Apache-2.0
// Divisible lots in ascending auctions (R5.3.7): bids name a price and a quantity, and as long as
// the auction runs those live that would get something now. Who would get nothing is released at
// once (R6.2) and remembered. There is no leader, and no exclusive time. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// A bid by price and quantity. On a whole lot the quantity must be the lot's.
Outcome place_quantity_bid(Context& context, const model::PlaceQuantityBid& body);

[[nodiscard]] bool is_divisible(const State& state, model::LotId lot);
/// Live bids on a divisible lot; 0 on any other.
[[nodiscard]] std::uint32_t lot_bid_count(const State& state, model::LotId lot);

/// The lot's notice says so.
void make_divisible(Context& context, model::LotId lot, model::Award award);

/// The lot's close has come: makes the awards, releases who gets nothing, then concludes part after
/// part. A step at a time: what is left goes on by the lot's timer, the lot staying closed.
void close_divisible(Context& context, model::LotId lot);

/// Strikes at most `most` live bids of `participant` (R5.7); remembered ones whose bonds freeze
/// come back in rank order; at least the window remains. Returns how many were struck.
int strike_lot_bids(Context& context, model::LotId lot, model::ParticipantId participant, int most);

/// The lot ends without (further) sale: every live bid is released, every remembered one forgotten.
void release_lot_bids(Context& context, model::LotId lot);

}  // namespace hulan::engine
