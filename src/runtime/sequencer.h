// SPDX-License-Identifier: Apache-2.0
// The one place where commands get their order: it drains the command ring into a batch, stamps
// sequence and time, has the journal make it durable, applies it, and hands the events on. Passive:
// the owner calls poll().
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/byte_ring.h"
#include "engine/context.h"
#include "engine/engine.h"
#include "io/clock.h"
#include "journal/leaf.h"
#include "journal/writer.h"

namespace hulan::runtime {

/// Takes each run of events; everything in it is durable. May block until there is room.
using Publish = std::function<void(std::span<const std::uint8_t> events)>;

struct SequencerStats {
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
  std::uint64_t journal_ns = 0;  ///< spent in append and sync
  std::uint64_t apply_ns = 0;
};

/// One thread. Holds references: engine, journal, clocks and ring outlive it.
class Sequencer {
 public:
  /// `market_clock` stamps commands (a demo's runs faster); `machine_clock` measures only.
  Sequencer(engine::Engine& engine, journal::Writer& journal, io::Clock& market_clock,
            io::Clock& machine_clock, ByteRing& commands, Publish publish);

  /// Does one batch, or a tick if a timer is due, or closes an idle journal. True if there was a
  /// batch. An error is the journal's and final: nothing unacknowledged became visible; the owner
  /// ends the process.
  [[nodiscard]] journal::Result<bool> poll();

  /// Writes the idle batch, for a clean end.
  [[nodiscard]] journal::Result<void> finish();

  [[nodiscard]] model::Sequence last_sequence() const { return next_sequence_ - 1; }
  [[nodiscard]] model::Time market_time() const { return time_; }
  [[nodiscard]] const SequencerStats& stats() const { return stats_; }

 private:
  bool gather();
  void gather_tick();
  [[nodiscard]] journal::Result<void> commit();
  void apply_batch();
  void answer(std::uint64_t origin, const journal::LeafSalts& salts, model::Sequence sequence,
              std::span<const std::uint8_t> record);
  void flush();

  engine::Engine& engine_;
  journal::Writer& journal_;
  io::Clock& market_clock_;
  io::Clock& machine_clock_;
  ByteRing& commands_;
  Publish publish_;
  engine::EventBuffer events_;
  std::vector<std::uint8_t> body_;
  std::vector<std::uint64_t> origins_;
  journal::SaltSeed salt_seed_{};  // of the batch in hand
  std::uint64_t next_sequence_;
  model::Time time_;
  std::int64_t last_work_ns_ = 0;
  SequencerStats stats_;
};

}  // namespace hulan::runtime
