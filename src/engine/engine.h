// SPDX-License-Identifier: Apache-2.0
// The market: apply(command) -> events. Pure: no clock, no chance, no input or output; the same
// commands give the same state and the same events on any machine. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "engine/context.h"
#include "engine/section_reader.h"
#include "engine/state.h"
#include "model/command.h"

namespace hulan::engine {

/// Name and bytes of each part of the state, in a fixed order.
using Sections = std::vector<std::pair<std::string_view, std::vector<std::uint8_t>>>;

/// A section without a copy: the concatenation of `parts`, which point into the state.
struct SectionView {
  std::string_view name;
  std::vector<std::span<const std::uint8_t>> parts;
};

struct StateCopy;

class Engine {
 public:
  /// An empty market. Reserves address space for every table; memory is committed as it is used.
  explicit Engine(const Capacities& capacities = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Fires the timers that are due, at most kMaxTimersPerCommand, then does the command. Adds its
  /// events, the last of them always one Replied. `events` has kMaxEventBytesPerCommand free;
  /// sequences follow one another, time never decreases.
  void apply(const model::Command& command, EventBuffer& events);

  /// Begins to load what `command` will touch. Changes nothing; to be called for commands to come.
  void prefetch(const model::Command& command) const;
  /// The same for what lies behind that; to be called a little later.
  void prefetch_behind(const model::Command& command) const;

  /// True if a timer waits at `now`: the sequencer then sends a tick if nothing else comes.
  [[nodiscard]] bool timer_due(model::Time now) const;
  /// When the next timer is due; kNever if there is none.
  [[nodiscard]] model::Time next_timer() const;

  [[nodiscard]] model::Sequence sequence() const { return state_->sequence; }
  [[nodiscard]] model::Time now() const { return state_->now; }

  /// SHA-256 of the whole state; only what changed since the last call is hashed again.
  [[nodiscard]] Sha256 state_hash();
  /// The same without sequence, time and client ids: a refusal leaves it unchanged.
  [[nodiscard]] Sha256 business_hash();

  /// R1.5, R3.4, R6: asserts that books balance and frozen money is owed. Reads the whole state.
  void check_invariants() const;

  /// The state for a snapshot, copied; or as views that hold until the next apply().
  [[nodiscard]] Sections save() const;
  [[nodiscard]] std::vector<SectionView> view() const;
  /// The state as it is now, copied while apply() goes on: begin_copy(), then copy_some() until it
  /// gives true (at most `bytes` a call; more where commands change what is not copied yet), then
  /// take_copy(). A copy that was under way is dropped.
  void begin_copy();
  bool copy_some(std::size_t bytes);
  [[nodiscard]] StateCopy take_copy();

  /// Takes over a saved state; false (and a state of no use) if a section is missing or wrong.
  /// The caller compares state_hash() with what was recorded.
  using OpenSection = std::function<std::optional<SectionReader>(std::string_view name)>;
  /// The same, with `proved` asked when all is read and before any of it is used.
  [[nodiscard]] bool load_from(const OpenSection& open, const std::function<bool()>& proved);
  using FindSection = std::function<std::span<const std::uint8_t>(std::string_view name)>;
  [[nodiscard]] bool load(const FindSection& find);
  [[nodiscard]] bool load(const Sections& sections);

  /// Emits every row as its ...Changed event, so that a view can start from this state. Calls
  /// `flush` when `chunk` is nearly full and at the end; `flush` empties it.
  void describe(EventBuffer& chunk, const std::function<void()>& flush) const;

  /// Calls `visit(name, used, capacity)` for every table that has an end, always in the same order.
  void for_each_limit(
      const std::function<void(std::string_view, std::uint64_t, std::uint64_t)>& visit) const;

  [[nodiscard]] const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
  model::Sequence copied_sequence_ = 0;
  model::Time copied_now_{};
  std::vector<std::string_view> copied_parts_;  // later parts that were in use at begin_copy()
};

}  // namespace hulan::engine
