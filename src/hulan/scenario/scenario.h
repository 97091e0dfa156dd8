// SPDX-License-Identifier: Apache-2.0
// A scenario: a text of commands and what the market must answer, run on the real engine
// (docs/scenarios.md). Beside what it says itself, every scenario proves that books balance after
// each command, that refusals change nothing, and that replaying its commands gives the same state.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace hulan::app {

struct ScenarioResult {
  enum class End { kOk, kUnexpected, kBadLine } end = End::kOk;
  int line = 0;      ///< of the file, where it ended otherwise than ok
  std::string text;  ///< why
  int statements = 0;
  int expectations = 0;
};

/// `tell` is called with each line before it is done; may be empty.
[[nodiscard]] ScenarioResult run_scenario(
    std::string_view text, const std::function<void(std::string_view line)>& tell = {});

}  // namespace hulan::app
