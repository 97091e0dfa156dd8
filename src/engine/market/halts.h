// SPDX-License-Identifier: Apache-2.0
// Whether trading stands still (R12.2), and which of a lot's timers counts. Engine thread only.
#pragma once

#include "engine/market/products.h"
#include "engine/state.h"

namespace hulan::engine {

/// Row of a halt: 1 for the whole market (product 0), else the first version's row + 1.
[[nodiscard]] inline std::uint32_t halt_row(const State& state, model::ProductId product) {
  return product == 0 ? 1 : first_version(state, product) + 1;
}

[[nodiscard]] inline bool is_halted_row(const State& state, std::uint32_t row) {
  return state.halts.has(row) && state.halts[row].state != model::HaltState::kTrading;
}

/// R12.2: true while `product` (any version) or the whole market is halted, until the last clock
/// that it covers has been moved. Bids, takes, orders and postings are then refused as
/// trading_halted; cancels are not; timers that would open, close or conclude wait.
[[nodiscard]] inline bool is_halted(const State& state, model::ProductId product) {
  if (state.halts.size() == 1) return false;
  return is_halted_row(state, 1) || is_halted_row(state, halt_row(state, product));
}

/// True where a clock that runs out at `due` stands still: a halt covers it that began before. What
/// had run out by then goes on.
[[nodiscard]] inline bool is_held(const State& state, model::ProductId product, std::int64_t due) {
  if (state.halts.size() == 1) return false;
  const auto holds = [&](std::uint32_t row) {
    return is_halted_row(state, row) && state.halts[row].since < due;
  };
  return holds(1) || holds(halt_row(state, product));
}

/// True while clocks of this product's lots are being moved.
[[nodiscard]] inline bool is_resuming(const State& state, model::ProductId product) {
  const auto resumes = [&](std::uint32_t row) {
    return state.halts.has(row) && state.halts[row].state == model::HaltState::kResuming;
  };
  return resumes(1) || resumes(halt_row(state, product));
}

/// The number that a timer of this lot must carry to count.
[[nodiscard]] inline std::uint32_t lot_timer(const State& state, model::LotId lot) {
  return state.lot_clocks.has(lot) ? state.lot_clocks[lot].timer : 0;
}

}  // namespace hulan::engine
