// SPDX-License-Identifier: Apache-2.0
// A session of an order book (R5.4): it opens and closes with a call auction, and a call auction
// interrupts it where prices move too far. Nothing trades before the opening's own record. Engine
// thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine::book {

Outcome open_book(Context& context, const model::OpenBook& body);

/// The book's next moment has come.
void on_book_timer(Context& context, model::BookId id, std::uint32_t number);

/// Stops continuous trading for a call auction (R5.4): an order would trade too far from the
/// anchor.
void call_volatility_auction(Context& context, model::BookId id);

/// Has the book's timer fire at `due`; an earlier one that still runs is dropped.
void arm_book(Context& context, model::BookId id, std::int64_t due);

/// Emits the book's row.
void emit_book(Context& context, model::BookId id);

/// True while orders gather and none trades.
[[nodiscard]] constexpr bool is_call(model::BookPhase phase) {
  return phase == model::BookPhase::kOpeningCall || phase == model::BookPhase::kVolatilityCall ||
         phase == model::BookPhase::kClosingCall;
}

}  // namespace hulan::engine::book
