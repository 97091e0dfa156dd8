// SPDX-License-Identifier: Apache-2.0
#include "hulan/bench/load.h"

#include <bit>

namespace hulan::app::bench {
namespace {

constexpr unsigned kStepBits = 6;

std::size_t slot_of(std::uint64_t nanoseconds) {
  if (nanoseconds < (1u << kStepBits)) return nanoseconds;
  const unsigned exponent = static_cast<unsigned>(std::bit_width(nanoseconds)) - kStepBits - 1;
  return (exponent + 1) * (1u << kStepBits) + ((nanoseconds >> exponent) & ((1u << kStepBits) - 1));
}

double middle_of(std::size_t slot) {
  const std::size_t group = slot >> kStepBits;
  if (group == 0) return static_cast<double>(slot);
  const auto low = static_cast<double>((slot & ((1u << kStepBits) - 1)) + (1u << kStepBits));
  return (low + 0.5) * static_cast<double>(std::uint64_t{1} << (group - 1));
}

}  // namespace

void LatencyHistogram::add(std::int64_t nanoseconds) {
  const std::size_t slot = slot_of(static_cast<std::uint64_t>(nanoseconds < 0 ? 0 : nanoseconds));
  counts_[slot < counts_.size() ? slot : counts_.size() - 1] += 1;
  total_ += 1;
}

double LatencyHistogram::percentile_us(double fraction) const {
  const auto wanted = static_cast<std::uint64_t>(fraction * static_cast<double>(total_));
  std::uint64_t seen = 0;
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
    seen += counts_[slot];
    if (counts_[slot] != 0 && seen >= wanted) return middle_of(slot) / 1000.0;
  }
  return 0;
}

}  // namespace hulan::app::bench
