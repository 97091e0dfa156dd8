// SPDX-License-Identifier: Apache-2.0
// A running market: its folder, the engine on a thread of its own, and the two rings that join it
// to the network thread. Recovery happens here: newest snapshot that engine and view share, then
// the journal.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/byte_ring.h"
#include "engine/engine.h"
#include "hulan/server/market_clock.h"
#include "io/linux/wakeup.h"
#include "io/storage.h"
#include "journal/data_directory.h"
#include "journal/snapshot_file.h"
#include "journal/writer.h"
#include "projections/view.h"
#include "runtime/sequencer.h"

namespace hulan::app {

struct ExchangeOptions {
  std::string directory;
  std::uint64_t segment_bytes = journal::kDefaultSegmentBytes;
  std::uint64_t snapshot_every =
      1'000'000;        ///< records between snapshots; one is taken at a clean end, too
  bool archive = true;  ///< after each snapshot, pack the segments that no start reads any more
  std::size_t command_ring_bytes = 8u << 20;
  std::size_t event_ring_bytes = 64u << 20;
  bool demo_clock = false;
  std::int64_t demo_start_ns = 0;  ///< market time of a new demo's first moment
  std::int64_t clock_factor = 1;
};

/// A table of the engine and how full it is. Any thread reads.
struct TableUse {
  std::string_view name;
  std::uint64_t capacity;
  std::atomic<std::uint64_t> used{0};

  TableUse(std::string_view table, std::uint64_t most) : name(table), capacity(most) {}
};

/// What the engine thread tells the others. Any thread reads.
struct ExchangeStatus {
  std::atomic<bool> ready{false};
  std::atomic<std::uint64_t> replayed{0};
  std::atomic<std::uint64_t> sequence{0};
  std::atomic<std::uint64_t> batches{0};
  std::atomic<std::uint64_t> records{0};
  std::atomic<std::uint64_t> journal_ns{0};
  std::atomic<std::uint64_t> apply_ns{0};
};

class Exchange {
 public:
  /// Takes the folder's lock, loads the snapshot and describes it to the view. The error is one
  /// line.
  [[nodiscard]] static std::expected<std::unique_ptr<Exchange>, std::string> open(
      const ExchangeOptions& options);
  ~Exchange();

  /// Called on the engine's thread when the journal is read and before the first command is taken;
  /// an error (one line) ends the process.
  using BeforeTrading = std::function<std::expected<void, std::string>(
      const journal::MarketId& market, model::Sequence last)>;
  void set_before_trading(BeforeTrading check) { before_trading_ = std::move(check); }

  /// Starts the engine's thread: it replays the journal, then is ready. `failed` is called on that
  /// thread with one line if the journal is damaged or a write fails: the owner ends the process.
  void start(std::function<void(const std::string&)> failed);

  /// Ends the thread cleanly: what is in the command ring is done first, then a snapshot is
  /// written.
  void stop();

  /// Network thread: puts a command into the ring; false if it is full or the market is not ready.
  [[nodiscard]] bool submit(const model::RecordHeader& header, std::span<const std::uint8_t> body,
                            std::uint64_t origin);

  [[nodiscard]] ByteRing& events() { return events_; }
  [[nodiscard]] ByteRing& commands() { return commands_; }
  [[nodiscard]] io::Wakeup& events_wakeup() { return events_wakeup_; }
  [[nodiscard]] projections::View& view() { return *view_; }
  [[nodiscard]] MarketClock& clock() { return *clock_; }
  [[nodiscard]] const ExchangeStatus& status() const { return status_; }
  [[nodiscard]] const std::deque<TableUse>& tables() const { return tables_; }

 private:
  Exchange(const ExchangeOptions& options, journal::DataDirectory directory);

  std::expected<void, std::string> load();
  std::expected<void, std::string> open_view(const std::vector<std::string>& snapshots);
  [[nodiscard]] bool load_engine(journal::SnapshotFile& snapshot,
                                 const std::function<bool()>& proved);
  std::expected<void, std::string> view_at(model::Sequence sequence);
  void describe();
  void run(const std::function<void(const std::string&)>& failed);
  [[nodiscard]] std::expected<void, std::string> recover();
  [[nodiscard]] std::expected<void, std::string> trade();
  void publish(std::span<const std::uint8_t> events);
  void begin_snapshot();
  void go_on_with_snapshot(std::size_t bytes);
  void report();
  void report_tables();

  ExchangeOptions options_;
  journal::DataDirectory directory_;
  std::unique_ptr<engine::Engine> engine_ = std::make_unique<engine::Engine>();
  std::unique_ptr<projections::View> view_;
  std::unique_ptr<MarketClock> clock_;
  std::unique_ptr<journal::Writer> writer_;
  std::unique_ptr<runtime::Sequencer> sequencer_;
  ByteRing commands_;
  ByteRing events_;
  io::Wakeup engine_wakeup_;
  io::Wakeup events_wakeup_;
  ExchangeStatus status_;
  std::deque<TableUse> tables_;
  BeforeTrading before_trading_;
  std::optional<journal::Anchor> anchor_;
  model::Sequence snapshot_sequence_ = 0;
  void archive_old_segments();  ///< thread of the snapshot

  std::atomic<bool> stopping_{false};
  bool copying_ = false;                      ///< the state, for `snapshot_`
  journal::SnapshotHeader snapshot_;          ///< being made; without its hash
  std::atomic<bool> snapshot_written_{true};  ///< no thread is writing one
  std::thread snapshot_thread_;
  std::thread thread_;
};

}  // namespace hulan::app
