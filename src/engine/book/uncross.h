// SPDX-License-Identifier: Apache-2.0
// The call auction of R5.4: one price that maximises what is executed, then leaves the least
// imbalance, then lies nearest the reference. Engine thread only.
#pragma once

#include "engine/book/books.h"
#include "engine/context.h"

namespace hulan::engine::book {

struct Auction {
  std::uint32_t tick = 0;  ///< 0: nothing would trade
  std::int64_t quantity = 0;
  std::int64_t imbalance = 0;  ///< bought - sold at that price
};

/// What the orders that rest in book `book` (BookId - 1) would give. `reference` is a price, of
/// `tick` each; of two prices as near to it the lower one.
[[nodiscard]] Auction auction_of(const Books& books, std::uint16_t book, model::Price reference,
                                 model::Price tick);

/// Makes some of the auction's trades at its price, best orders first and earliest first; true when
/// none is left. Where an order would meet one of the same participant, or a related one's (R5.6),
/// both lose that quantity without a trade.
bool uncross_some(Context& context, model::BookId id);

}  // namespace hulan::engine::book
