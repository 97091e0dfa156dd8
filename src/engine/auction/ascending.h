// SPDX-License-Identifier: Apache-2.0
// The ascending one-way auction, forward and mirrored (R5.3, R5.3.1, R5.3.2, R5.3.6). Proxies are
// in proxy.h, divisible lots in divisible.h. In a reverse auction the buyer initiates, prices fall,
// the reserve is the highest price it accepts and the cap the lowest that can be bid. Engine thread
// only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome announce_auction(Context& context, const model::AnnounceAuction& body);
Outcome announce_divisible(Context& context, const model::AnnounceDivisible& body);
/// `goods`: what the bidder of a reverse auction sells; 0 in a forward one.
Outcome place_bid(Context& context, model::LotId lot, model::Price price, model::LotId goods);
Outcome accept_below_reserve(Context& context, const model::AcceptBelowReserve& body);
Outcome raise_to_reserve(Context& context, const model::RaiseToReserve& body);

/// A lot's time may have come: a listing's expiry, an auction's opening or close, the end of the
/// exclusive time. Arms the next timer if the lot needs one.
void on_lot_timer(Context& context, model::LotId id);

}  // namespace hulan::engine
