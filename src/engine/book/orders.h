// SPDX-License-Identifier: Apache-2.0
// Orders of the book as commands (R5.4): placed, cancelled, reduced, replaced; stop orders that a
// trade triggers; orders that a time or a person takes out. Engine thread only.
#pragma once

#include "engine/book/books.h"
#include "engine/context.h"
#include "engine/contract/settlement.h"

namespace hulan::engine::book {

Outcome place_order(Context& context, const model::PlaceOrder& body);
Outcome place_order_terms(Context& context, const model::PlaceOrderTerms& body);
Outcome cancel_order(Context& context, const model::CancelOrder& body);
Outcome reduce_order(Context& context, const model::ReduceOrder& body);
Outcome replace_order(Context& context, const model::ReplaceOrder& body);

/// Takes a live order out: its bonds are released. Emits OrderOut.
void remove_order(Context& context, std::uint32_t slot, model::OrderOutReason reason);

/// Makes orders of the stop orders that the latest trade has triggered, as many as one command may
/// (the rest when the book's timer fires). True if some are left.
bool trigger_stops(Context& context, model::BookId id);

/// A good-till order's time has come.
void on_order_timer(Context& context, std::uint32_t slot, std::uint32_t used);

/// R5.7, R12.2: takes out the orders of a participant who may not trade, from `slot` on; goes on by
/// timer.
void sweep_orders(Context& context, model::ParticipantId participant, std::uint32_t slot);

/// What stands behind a live order now.
[[nodiscard]] contract::Bonds bonds_of(const State& state, std::uint32_t slot);

/// A trade of `quantity` lots: positions, the book's figures, OrderTraded. `bonds` go into the
/// positions; nothing is posted.
struct Fill {
  model::OrderId buy = 0;
  model::OrderId sell = 0;
  std::uint32_t buyer = 0;  ///< positions
  std::uint32_t seller = 0;
  contract::Bonds buyer_bonds{};
  contract::Bonds seller_bonds{};
  std::uint32_t tick = 0;
  std::uint32_t quantity = 0;
  std::uint8_t taker = 0;     ///< as OrderTraded
  std::uint8_t refilled = 0;  ///< as OrderTraded
};
void record_fill(Context& context, model::BookId id, const Fill& fill);

/// Returns bonds that were frozen for an order.
void return_bonds(Context& context, const model::BookRow& book, std::uint32_t position,
                  const contract::Bonds& bonds);

/// Begins to load what a PlaceOrder will touch; and, once that is there, what lies behind it.
void prefetch_order(const State& state, const model::Command& command);
void prefetch_behind_order(const State& state, const model::Command& command);

/// One apply() emits at most kMaxEventBytesPerCommand: what can wait does, once this much was told.
constexpr std::size_t kMostToldBefore = model::kMaxEventBytesPerCommand / 4;

}  // namespace hulan::engine::book
