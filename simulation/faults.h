// SPDX-License-Identifier: Apache-2.0
// What can go wrong in a run, and how often it did.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace hulan::simulation {

enum class Fault : std::uint8_t {
  kCrash,        ///< the process ends at an I/O call: before it, in the middle, or after it
  kPower,        ///< the machine ends with it: what was not synced may be lost, in parts
  kTorn,         ///< the write in flight at an end reaches the disk in pieces of 512 bytes
  kShort,        ///< a write puts down a part and fails
  kMisdirected,  ///< a write goes to another place of the same file and reports success
  kLost,         ///< a write reports success and does nothing
  kFlip,         ///< a bit at rest turns
  kEio,          ///< write, sync, read, rename or open fails
  kEnospc,       ///< the same for want of room
  kFull,         ///< no room for the next segment until the operator makes some
  kSlow,         ///< an I/O call takes up to minutes
  kClock,        ///< the clock jumps, also backwards
  kCut,          ///< a connection ends; what was under way is lost
  kHalfOpen,     ///< a connection carries nothing any more and nobody is told
  kDelay,        ///< a message takes long
  kReorder,      ///< a message overtakes those before it
  kDuplicate,    ///< a message arrives twice
  kRetry,        ///< a client does not wait and asks again
  kPoison,       ///< a command that is no command
  kStale,        ///< the newest snapshots are gone at a start
  kCount
};
inline constexpr std::size_t kFaults = static_cast<std::size_t>(Fault::kCount);

[[nodiscard]] std::string_view name_of(Fault fault);

/// Which faults a run may meet.
class FaultSet {
 public:
  [[nodiscard]] bool has(Fault fault) const { return on_[static_cast<std::size_t>(fault)]; }
  void set(Fault fault, bool on = true) { on_[static_cast<std::size_t>(fault)] = on; }
  /// "all", "none", or names with commas between. The error names what is unknown.
  [[nodiscard]] static std::expected<FaultSet, std::string> parse(std::string_view text);

 private:
  std::array<bool, kFaults> on_{};
};

/// How often each fault was injected.
class FaultCounts {
 public:
  void add(Fault fault) { ++counts_[static_cast<std::size_t>(fault)]; }
  [[nodiscard]] std::uint64_t of(Fault fault) const {
    return counts_[static_cast<std::size_t>(fault)];
  }
  [[nodiscard]] std::uint64_t total() const;
  /// "crash=12 torn=3 ..."; only what happened.
  [[nodiscard]] std::string text() const;

 private:
  std::array<std::uint64_t, kFaults> counts_{};
};

}  // namespace hulan::simulation
