// SPDX-License-Identifier: Apache-2.0
#include "simulation/faults.h"

#include <algorithm>

namespace hulan::simulation {
namespace {

constexpr std::array<std::string_view, kFaults> kNames = {
    "crash", "power", "torn",     "short", "misdirected", "lost",    "flip",
    "eio",   "enospc", "full",    "slow",  "clock",       "cut",     "half_open",
    "delay", "reorder", "duplicate", "retry", "poison",   "stale"};

}  // namespace

std::string_view name_of(Fault fault) { return kNames[static_cast<std::size_t>(fault)]; }

std::expected<FaultSet, std::string> FaultSet::parse(std::string_view text) {
  FaultSet set;
  if (text == "none") return set;
  if (text == "all") {
    set.on_.fill(true);
    return set;
  }
  while (true) {
    const auto comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return std::unexpected(std::string(name));
    set.on_[static_cast<std::size_t>(found - kNames.begin())] = true;
    if (comma == std::string_view::npos) return set;
    text.remove_prefix(comma + 1);
  }
}

std::uint64_t FaultCounts::total() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts_) sum += count;
  return sum;
}

std::string FaultCounts::text() const {
  std::string out;
  for (std::size_t i = 0; i < kFaults; ++i) {
    if (counts_[i] == 0) continue;
    if (!out.empty()) out += ' ';
    out += std::string(kNames[i]) + "=" + std::to_string(counts_[i]);
  }
  return out;
}

}  // namespace hulan::simulation
