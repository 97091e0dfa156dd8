// SPDX-License-Identifier: Apache-2.0
// Proxies (R5.3.5): a bidder names the most it would bid, both bonds are frozen on that, and the
// market bids for it. A lot has at most one live proxy, its leader's: every other one is beaten
// already, and released. Two that meet are settled at once, not bid by bid. Where prices fall the
// maximum is the lowest price, and the bonds are those on the bid that stands. Engine thread only.
#pragma once

#include "engine/auction/bidding.h"

namespace hulan::engine {

/// A new proxy, or another maximum of the leader's own.
Outcome set_proxy(Context& context, const model::SetProxy& body);

/// The live proxy of a lot; nullptr if it has none.
[[nodiscard]] const model::ProxyRow* proxy_of(const State& state, model::LotId lot);

/// True if the lot's proxy goes as far as `price`, or further: it answers such a bid.
[[nodiscard]] bool proxy_answers(const State& state, const model::LotRow& lot, model::Price price);

/// A bid that the lot's proxy answers at once: it is shown and remembered, and freezes nothing.
/// The lot may be concluded by the answer (R5.3.1): the caller asked contract::can_conclude().
void answer_by_proxy(Context& context, model::LotId id, const Bidder& bidder, model::Price price);

/// Releases what the lot's proxy has frozen beyond the leader's own bonds. Nothing without one.
void end_proxy(Context& context, const model::LotRow& lot, model::PostingReason reason);

}  // namespace hulan::engine
