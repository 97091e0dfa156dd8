// SPDX-License-Identifier: Apache-2.0
// An order on its way into the book: checked as a whole, then carried out without failing (R5.4,
// R6.1, R12.1). Engine thread only.
#pragma once

#include "engine/book/books.h"
#include "engine/context.h"
#include "engine/contract/settlement.h"

namespace hulan::engine::book {

struct Incoming {
  model::PlaceOrder order{};
  std::int64_t stop = 0;
  std::int64_t expires_at = 0;
  std::uint32_t display = 0;
  model::ParticipantId participant = 0;
  model::UserId user = 0;
  model::OrderId replaces = 0;  ///< goes out as this one comes in
  contract::Bonds credit{};     ///< of `replaces`
  model::OrderOutReason why{};  ///< `replaces` goes out
};

/// What check() has worked out.
struct Accepted {
  Taking taking{};             ///< its limit lies within the volatility corridor
  std::uint32_t limit = 0;     ///< tick
  std::uint32_t stop = 0;      ///< tick; 0: it is, or has become, an order like others
  bool rests_only = false;     ///< a call auction gathers orders
  std::uint32_t position = 0;  ///< 0: the participant has none in this book yet
};

/// Whether the order may come in now; nothing is changed. The caller has checked who asks.
[[nodiscard]] model::Reject check(const Context& context, const Incoming& in, Accepted& ready);

/// Does it: trades, rests, freezes bonds. Emits what happened, OrderAccepted last. The id, if a
/// part rests, else 0.
model::OrderId execute(Context& context, const Incoming& in, const Accepted& ready);

}  // namespace hulan::engine::book
