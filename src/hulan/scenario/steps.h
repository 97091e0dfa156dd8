// SPDX-License-Identifier: Apache-2.0
// What can be said in a scenario. A statement does something: its command's answer is left in
// World::last. An expectation, the words after "then", throws Unexpected where the market differs.
#pragma once

#include <span>
#include <string_view>

#include "hulan/scenario/pattern.h"
#include "hulan/scenario/world.h"

namespace hulan::app {

struct Step {
  std::string_view pattern;
  void (*run)(World& world, const Match& match);
};

/// participant, money, product, reference, ...: accepted or the scenario is wrong.
[[nodiscard]] std::span<const Step> setup_steps();
/// Drafts, listings and ascending auctions (R5.1, R5.3).
[[nodiscard]] std::span<const Step> trade_steps();
/// Sessions and clocks (R5.3.3).
[[nodiscard]] std::span<const Step> clock_steps();
/// Order books (R5.4) and control (R12).
[[nodiscard]] std::span<const Step> book_steps();
/// Negotiation (R5.2).
[[nodiscard]] std::span<const Step> talk_steps();
/// Sealed auctions (R5.3.4).
[[nodiscard]] std::span<const Step> sealed_steps();
/// A contract's way (R7, R8, R9), approvals, suspension.
[[nodiscard]] std::span<const Step> contract_steps();

[[nodiscard]] std::span<const Step> expectations();

/// Throws Unexpected with both sides if they differ.
void expect_same(std::string_view what, std::string_view expected, std::string_view was);

}  // namespace hulan::app
