// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/exchange.h"

#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "io/linux/system.h"
#include "runtime/replay.h"
#include "runtime/request.h"

namespace hulan::app {
namespace {

constexpr std::int64_t kIdleWaitNs = 2'000'000;  // also how late a timer of an idle market may fire

// A small sync waits for milliseconds behind other work unless its thread goes first.
void prefer_this_thread() {
  sched_param parameters{};
  parameters.sched_priority = 1;
  if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) != 0) {
    spdlog::info(
        "no real-time priority for the journal's thread: syncs may wait behind other work");
  }
}

}  // namespace

std::expected<std::unique_ptr<Exchange>, std::string> Exchange::open(
    const ExchangeOptions& options) {
  auto directory = journal::DataDirectory::open(io::system_storage(), options.directory,
                                                journal::IfMissing::kFail);
  if (!directory) return std::unexpected(directory.error().message());
  std::unique_ptr<Exchange> exchange(new Exchange(options, std::move(*directory)));
  if (auto loaded = exchange->load(); !loaded) return std::unexpected(loaded.error());
  return exchange;
}

Exchange::Exchange(const ExchangeOptions& options, journal::DataDirectory directory)
    : options_(options),
      directory_(std::move(directory)),
      commands_(options.command_ring_bytes),
      events_(options.event_ring_bytes) {}

Exchange::~Exchange() { stop(); }

std::expected<void, std::string> Exchange::load() {
  auto snapshots = journal::list_snapshots(io::system_storage(), options_.directory);
  if (!snapshots) return std::unexpected(snapshots.error().message());
  if (auto opened = open_view(*snapshots); !opened) return opened;
  if (engine_.sequence() != 0) describe();
  return {};
}

std::expected<void, std::string> Exchange::open_view(const std::vector<std::string>& snapshots) {
  auto views = projections::View::available(io::system_storage(), options_.directory);
  if (!views) return std::unexpected(views.error().message());
  model::Sequence start = 0;
  for (const std::string& path : snapshots) {
    auto snapshot = journal::read_snapshot(io::system_storage(), path);
    if (!snapshot) {
      spdlog::warn("snapshot left out: {}", snapshot.error().message());
      continue;
    }
    const auto& header = snapshot->header();
    if (std::find(views->begin(), views->end(), header.sequence) == views->end()) continue;
    const auto section = [&](std::string_view name) {
      return snapshot->section(name).value_or(std::span<const std::uint8_t>{});
    };
    if (!engine_.load(section) || engine_.state_hash() != header.state_hash) {
      return std::unexpected(fmt::format("{}: its content does not give its state hash", path));
    }
    anchor_ = header.anchor();
    start = snapshot_sequence_ = header.sequence;
    break;
  }
  auto view = projections::View::open(io::system_storage(), options_.directory, start);
  if (!view) return std::unexpected(view.error().message());
  view_ = std::move(*view);
  return {};
}

void Exchange::describe() {
  engine::EventBuffer chunk(8 * model::kMaxEventBytesPerCommand);
  view_->begin_describe();
  const auto flush = [&] {
    view_->apply(chunk.bytes());
    chunk.clear();
  };
  engine_.describe(chunk, flush);
  flush();
  view_->end_describe();
}

void Exchange::start(std::function<void(const std::string&)> failed) {
  thread_ = std::thread([this, failed = std::move(failed)] { run(failed); });
}

void Exchange::stop() {
  stopping_.store(true);
  engine_wakeup_.notify();
  if (thread_.joinable()) thread_.join();
  if (snapshot_thread_.joinable()) snapshot_thread_.join();
}

bool Exchange::submit(const model::RecordHeader& header, std::span<const std::uint8_t> body,
                      std::uint64_t origin) {
  if (!status_.ready.load(std::memory_order_acquire)) return false;
  if (!runtime::push_request(commands_, origin, header, body)) return false;
  engine_wakeup_.notify();
  return true;
}

void Exchange::run(const std::function<void(const std::string&)>& failed) {
  if (auto recovered = recover(); !recovered) {
    failed(recovered.error());
    return;
  }
  prefer_this_thread();
  if (auto traded = trade(); !traded) failed(traded.error());
}

std::expected<void, std::string> Exchange::recover() {
  runtime::ReplayOptions options;
  options.scan.anchor = anchor_;
  options.publish = [this](auto events) { publish(events); };
  options.progress = [this](model::Sequence sequence, model::Time) {
    status_.replayed.store(sequence, std::memory_order_relaxed);
  };
  auto scanned = runtime::replay(io::system_storage(), options_.directory, engine_, options);
  if (!scanned) return std::unexpected(scanned.error().message());
  if (scanned->end.path.empty()) {
    return std::unexpected(
        fmt::format("{}: no market here; make one with `hulan init`", options_.directory));
  }
  if (scanned->torn) spdlog::warn("{}", scanned->torn->message());
  journal::WriterOptions writer_options;
  writer_options.market = scanned->end.market;
  writer_options.segment_bytes = options_.segment_bytes;
  writer_options.epoch = std::max<std::uint64_t>(1, scanned->end.epoch);
  auto writer = journal::Writer::open(io::system_storage(), io::system_entropy(),
                                      options_.directory, writer_options, *scanned);
  if (!writer) return std::unexpected(writer.error().message());
  writer_ = std::move(*writer);
  if (before_trading_) {
    auto good = before_trading_(writer_->market(), writer_->next_sequence() - 1);
    if (!good) return good;
  }
  io::Clock& machine = io::system_clock();
  clock_ = options_.demo_clock ? std::make_unique<MarketClock>(
                                     machine, std::max(options_.demo_start_ns, writer_->time_ns()),
                                     options_.clock_factor)
                               : std::make_unique<MarketClock>(machine);
  sequencer_ = std::make_unique<runtime::Sequencer>(engine_, *writer_, *clock_, machine, commands_,
                                                    [this](auto events) { publish(events); });
  status_.sequence.store(sequencer_->last_sequence());
  status_.ready.store(true, std::memory_order_release);
  events_wakeup_.notify();
  return {};
}

std::expected<void, std::string> Exchange::trade() {
  while (true) {
    auto worked = sequencer_->poll();
    if (!worked) return std::unexpected(worked.error().message());
    if (*worked) {
      report();
      if (sequencer_->last_sequence() - snapshot_sequence_ >= options_.snapshot_every)
        take_snapshot(false);
      continue;
    }
    if (stopping_.load()) break;
    engine_wakeup_.prepare();
    if (commands_.empty() && !stopping_.load()) engine_wakeup_.wait(kIdleWaitNs);
    engine_wakeup_.cancel();
  }
  if (auto finished = sequencer_->finish(); !finished)
    return std::unexpected(finished.error().message());
  if (sequencer_->last_sequence() != snapshot_sequence_) take_snapshot(true);
  return {};
}

void Exchange::report() {
  const auto& stats = sequencer_->stats();
  status_.sequence.store(sequencer_->last_sequence(), std::memory_order_relaxed);
  status_.batches.store(stats.batches, std::memory_order_relaxed);
  status_.records.store(stats.records, std::memory_order_relaxed);
  status_.journal_ns.store(stats.journal_ns, std::memory_order_relaxed);
  status_.apply_ns.store(stats.apply_ns, std::memory_order_relaxed);
}

void Exchange::publish(std::span<const std::uint8_t> events) {
  // A reply may wait for the network thread, never be lost: the engine stands still while the ring
  // is full.
  while (!events_.push(events)) {
    events_wakeup_.notify();
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  events_wakeup_.notify();
}

void Exchange::take_snapshot(bool wait) {
  if (!wait && snapshot_running_.load()) return;
  if (snapshot_thread_.joinable()) snapshot_thread_.join();
  journal::SnapshotHeader header;
  header.sequence = sequencer_->last_sequence();
  header.time_ns = writer_->time_ns();
  header.rules_version = model::kRulesVersion;
  header.market = writer_->market();
  header.chain = writer_->chain();
  header.state_hash = engine_.state_hash();
  engine_.check_invariants();
  snapshot_sequence_ = header.sequence;
  model::SnapshotTaken event{{model::EventType::kSnapshotTaken, 0, sizeof(model::SnapshotTaken),
                              header.sequence, model::Time{header.time_ns}},
                             header.sequence};
  publish({reinterpret_cast<const std::uint8_t*>(&event), sizeof(event)});
  snapshot_running_.store(true);
  snapshot_thread_ = std::thread([this, header, sections = engine_.save()] {
    std::vector<journal::SectionParts> parts;
    for (const auto& [name, bytes] : sections) parts.push_back({name, {std::span(bytes)}});
    auto written = journal::write_snapshot(io::system_storage(), options_.directory, header, parts);
    if (!written) spdlog::error("snapshot not written: {}", written.error().message());
    snapshot_running_.store(false);
  });
  if (wait) snapshot_thread_.join();
}

}  // namespace hulan::app
