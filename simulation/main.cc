// SPDX-License-Identifier: Apache-2.0
// hulan-sim: runs from seeds, and one line for each.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "simulation/scratch.h"
#include "simulation/simulator.h"

namespace {

using namespace hulan::simulation;

Outcome run_in_scratch(Options options) {
  const Scratch scratch;
  options.scratch = scratch.path();
  return run(options);
}

std::string hex(const hulan::Sha256& hash) {
  std::string out;
  for (const auto byte : hash) out += fmt::format("{:02x}", byte);
  return out;
}

/// The fewest commands with which the property breaks: a shorter run is a prefix of a longer one.
Outcome shortest(Options options, Outcome broken) {
  std::uint64_t low = 0, high = options.commands;
  while (low + 1 < high) {
    options.commands = low + (high - low) / 2;
    Outcome shorter = run_in_scratch(options);
    if (shorter.violation) {
      high = options.commands;
      broken = std::move(shorter);
    } else {
      low = options.commands;
    }
  }
  broken.commands = high;
  return broken;
}

/// One line; true if nothing was broken.
bool report(const Options& options, bool details) {
  Outcome outcome = run_in_scratch(options);
  if (outcome.violation) outcome = shortest(options, std::move(outcome));
  std::string line = fmt::format("seed={} commands={} faults={}", options.seed, outcome.commands,
                                 outcome.faults.total());
  if (details) {
    line += fmt::format(" ({}) answered={} starts={} damage_found={} one_copy={} accepted:",
                        outcome.faults.text(), outcome.answered, outcome.starts,
                        outcome.damage_found, outcome.lost_to_one_copy);
    for (const auto& [type, count] : outcome.accepted) {
      line += fmt::format(" {}={}", hulan::model::command_name(type), count);
    }
  }
  if (!outcome.violation) {
    fmt::print("{} state_hash={} ok\n", line, hex(outcome.state_hash));
  } else {
    const auto& broken = *outcome.violation;
    fmt::print("{} broken: \"{}\" at sequence {}: {}; shortest: --seed {} --commands {}\n", line,
               broken.property, broken.sequence, broken.text, options.seed, outcome.commands);
  }
  std::fflush(stdout);
  return !outcome.violation;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Runs the exchange against everything that can go wrong, from a seed.", "hulan-sim"};
  Options options;
  std::string faults = "all";
  std::uint64_t runs = 1;
  bool details = false;
  app.add_option("--seed", options.seed, "seed of the first run")->capture_default_str();
  app.add_option("--commands", options.commands, "audited commands of a run")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40))
      ->capture_default_str();
  app.add_option("--faults", faults, "all, none, or names with commas between")
      ->capture_default_str();
  app.add_option("--runs", runs, "so many seeds, one after the other")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 32))
      ->capture_default_str();
  app.add_flag("--details", details, "how often each fault came");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "hulan-sim: {}\n", error.what());
    return 2;
  }
  const auto set = FaultSet::parse(faults);
  if (!set) {
    fmt::print(stderr, "hulan-sim: --faults: {} is no fault; all, none, or names such as torn\n",
               set.error());
    return 2;
  }
  options.faults = *set;
  bool good = true;
  for (std::uint64_t i = 0; i < runs; ++i, ++options.seed) good = report(options, details) && good;
  return good ? 0 : 1;
}
