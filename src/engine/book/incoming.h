// SPDX-License-Identifier: Apache-2.0
// An order on its way into the book: checked as a whole, then carried out without failing (R5.4,
// R6.1, R12.1). Engine thread only.
#pragma once

#include "engine/book/books.h"
#include "engine/context.h"
#include "engine/contract/settlement.h"

namespace hulan::engine::book {

/// An order that goes out as another comes in.
struct Replaced {
  model::OrderId id = 0;
  contract::Bonds credit{};  ///< what it has frozen
  model::OrderOutReason why{};
};

struct Incoming {
  model::PlaceOrder order{};
  std::int64_t stop = 0;
  std::int64_t expires_at = 0;
  std::uint32_t display = 0;
  model::ParticipantId participant = 0;
  model::UserId user = 0;
  const Replaced* replaces = nullptr;
};

/// What check() has worked out.
struct Accepted {
  Taking taking{};             ///< its limit lies within the volatility corridor
  std::uint32_t limit = 0;     ///< tick
  std::uint32_t stop = 0;      ///< tick; 0: it is, or has become, an order like others
  bool crosses = false;        ///< meets what rests; false while a call auction gathers orders
  std::uint32_t position = 0;  ///< 0: the participant has none in this book yet
  contract::Bonds bonds{};     ///< to be frozen for an order that meets nothing
};

/// Whether the order may come in now; nothing is changed. The caller has checked who asks.
[[nodiscard]] model::Reject check(const Context& context, const Incoming& in, Accepted& ready);

/// Does it: trades, rests, freezes bonds. Emits what happened, OrderAccepted last. The id, if a
/// part rests, else 0.
model::OrderId execute(Context& context, const Incoming& in, const Accepted& ready);

}  // namespace hulan::engine::book
