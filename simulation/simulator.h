// SPDX-License-Identifier: Apache-2.0
// One run: a market, its people and everything that goes wrong, from one seed on one thread.
#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "simulation/checks.h"
#include "simulation/clients.h"
#include "simulation/network.h"
#include "simulation/process.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t commands = 10'000;
  FaultSet faults;
  std::string scratch;  ///< a folder of the real file system, for what is not simulated
};

struct Outcome {
  std::uint64_t commands = 0;  ///< audited
  std::map<model::CommandType, std::uint64_t> accepted;
  std::uint64_t answered = 0;  ///< operations that a client saw to their end
  std::uint64_t starts = 0;
  std::uint64_t lost_to_one_copy = 0;  ///< the case that one copy cannot decide (journal.md)
  std::uint64_t damage_found = 0;
  FaultCounts faults;
  Sha256 state_hash{};
  std::optional<Violation> violation;
};

/// Runs until so many commands were audited or a property is broken. The same options give the same
/// outcome, and a run with fewer commands is a prefix of one with more.
[[nodiscard]] Outcome run(const Options& options);

}  // namespace hulan::simulation
