// SPDX-License-Identifier: Apache-2.0
// The bids of one divisible lot as lists of rows: the live ones by rank (R5.3.7), and the latest
// that were outbid. Rows are used again. Every change is told by LotBidChanged. Engine thread only.
#pragma once

#include "engine/auction/allocate.h"
#include "engine/auction/ending.h"

namespace hulan::engine {

/// True if one more bid can be kept.
[[nodiscard]] bool has_bid_room(const State& state);

/// Puts a bid into the list of live ones, at its rank.
void insert_bid(Context& context, model::LotId lot, const model::LotBidRow& bid);

/// Takes a live bid out: releases its bonds and goods. `keep`: it is remembered, before the others;
/// beyond kKeptBids the worst is forgotten.
void remove_bid(Context& context, model::LotId lot, std::uint32_t row, bool keep);

/// Takes the first live bid out, which has been concluded: nothing of it is frozen any more.
void drop_first(Context& context, model::LotId lot);

/// Takes the best remembered bid out and gives it; all zero if there is none.
[[nodiscard]] model::LotBidRow recall_bid(Context& context, model::LotId lot);

/// Forgets the remembered bids of one bidder, or of all (0).
void forget_bids(Context& context, model::LotId lot, model::ParticipantId bidder);

}  // namespace hulan::engine
