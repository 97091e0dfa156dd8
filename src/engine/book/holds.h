// SPDX-License-Identifier: Apache-2.0
// Bonds behind orders (R6.1). An order's bonds are those of what is open of it at its own limit: no
// row keeps them, they follow from price and quantity. What trades of an order that rested takes
// its share of them along, so that shares add up to the whole to the fen (R6.4); what trades at
// once is bonded at the price of the trade. Engine thread only.
#pragma once

#include "engine/book/books.h"
#include "engine/contract/settlement.h"
#include "engine/market/lots_nominal.h"
#include "engine/state.h"

namespace hulan::engine::book {

using contract::Bonds;

constexpr Bonds operator+(Bonds a, Bonds b) {
  return {a.performance + b.performance, a.trading + b.trading};
}
constexpr Bonds operator-(Bonds a, Bonds b) {
  return {a.performance - b.performance, a.trading - b.trading};
}
constexpr model::Fen sum_of(Bonds bonds) { return bonds.performance + bonds.trading; }

[[nodiscard]] inline model::Price price_at(const model::BookRow& book, std::uint32_t tick) {
  return {book.tick.value * tick};
}

/// Of `lots` at a tick that an order of at least as many lots was accepted at.
[[nodiscard]] inline Bonds bonds_at(const model::BookRow& book, std::uint32_t tick,
                                    std::int64_t lots) {
  if (lots == 0) return {};
  const auto nominal = nominal_at(book, price_at(book, tick), lots);
  HULAN_ASSERT(nominal);
  const auto performance = model::bond_of(*nominal, book.bond_bp);
  const auto trading = model::bond_of(*nominal, book.trading_bond_bp);
  HULAN_ASSERT(performance && trading);
  return {*performance, *trading};
}

/// What an order gives up when `before` lots become `after`.
[[nodiscard]] inline Bonds share_of(const model::BookRow& book, std::uint32_t tick,
                                    std::uint32_t before, std::uint32_t after) {
  return bonds_at(book, tick, before) - bonds_at(book, tick, after);
}

}  // namespace hulan::engine::book
