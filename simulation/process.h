// SPDX-License-Identifier: Apache-2.0
// The exchange's process as it stands in a run: the real engine, journal, sequencer, rings, view
// and doors, put together as hulan/server does, without threads. Lives from a start to an end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_ring.h"
#include "engine/engine.h"
#include "gateways/gateway.h"
#include "journal/data_directory.h"
#include "journal/writer.h"
#include "projections/view.h"
#include "runtime/sequencer.h"
#include "simulation/storage.h"

namespace hulan::simulation {

/// A record as it entered the log, and for whom.
struct Record {
  model::RecordHeader header{};
  std::vector<std::uint8_t> body;
  std::uint64_t origin = 0;

  friend bool operator==(const Record& a, const Record& b) {
    return std::memcmp(&a.header, &b.header, sizeof(a.header)) == 0 && a.body == b.body;
  }
};

/// What outlives a process.
struct World {
  SimStorage& disk;
  SimClock& market_clock;
  SimClock& machine_clock;
  SimEntropy& entropy;
  identity::Directory& identity;
  documents::Store& documents;
  std::string view_directory;  ///< on the real disk
};

inline const std::string kDirectory = "market";
inline constexpr std::uint64_t kSegmentBytes = 256 * 1024;
/// Marks the tokens of commands that do not come through the doors' own sessions.
inline constexpr std::uint64_t kDirectOrigin = std::uint64_t{1} << 62;

class Process final : public gateways::CommandSink {
 public:
  /// Told of each run of events when the sequencer publishes it: everything in it is durable.
  using Published = std::function<void(std::span<const std::uint8_t> events)>;

  /// Told of each record that went into the command ring.
  using Submitted = std::function<void(Record record)>;

  Process(World& world, Submitted submitted);
  ~Process() override;

  /// What recovery found before anything was changed.
  struct Found {
    journal::ScanResult scan;
    std::optional<journal::Anchor> snapshot;  ///< from which the replay begins
  };
  /// Takes the lock, finds the newest valid snapshot and reads the journal; changes nothing.
  [[nodiscard]] journal::Result<Found> examine();
  /// Replays and opens for commands. `events` is told of each replayed run.
  [[nodiscard]] journal::Result<void> open(const Found& found, const Published& replayed,
                                           Published published);

  /// Into the command ring. Also what the doors call.
  bool submit(const model::RecordHeader& header, std::span<const std::uint8_t> body,
              std::uint64_t origin) override;

  /// One turn of the engine's thread. False: nothing to do.
  [[nodiscard]] journal::Result<bool> poll();
  /// One turn of the network's thread: `direct` gets the answers that are not the doors'.
  void pump(const std::function<void(const model::Replied&)>& direct);
  /// Writes a snapshot of the state as it is.
  [[nodiscard]] journal::Result<void> snapshot();

  [[nodiscard]] engine::Engine& engine() { return engine_; }
  [[nodiscard]] gateways::Gateway& doors() { return *doors_; }
  [[nodiscard]] journal::Writer& writer() { return *writer_; }

 private:
  [[nodiscard]] journal::Result<std::optional<journal::Anchor>> load_snapshot();
  void publish(std::span<const std::uint8_t> events);

  World& world_;
  Submitted submitted_;
  engine::Engine engine_;
  std::optional<journal::DataDirectory> directory_;
  std::unique_ptr<journal::Writer> writer_;
  ByteRing commands_{1U << 20U};
  ByteRing events_{1U << 26U};
  std::unique_ptr<projections::View> view_;
  std::unique_ptr<gateways::Gateway> doors_;
  std::unique_ptr<runtime::Sequencer> sequencer_;
  Published published_;
};

/// The records of the journal from the first one on; changes nothing and meets no fault.
[[nodiscard]] journal::Result<journal::ScanResult> read_records(
    SimStorage& disk, const std::function<void(const journal::RecordView&)>& each,
    std::optional<journal::Anchor> after = std::nullopt);

}  // namespace hulan::simulation
