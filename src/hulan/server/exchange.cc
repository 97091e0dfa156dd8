// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/exchange.h"

#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <future>

#include "engine/state_copy.h"
#include "io/linux/system.h"
#include "journal/archive.h"
#include "runtime/replay.h"
#include "runtime/request.h"

namespace hulan::app {
namespace {

// Copied between two batches: a fraction of a millisecond, so that no bidder notices a snapshot.
constexpr std::size_t kCopiedAtOnce = 256 * 1024;
constexpr int kLowPriority = 10;
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

// The threads that bidders wait for go before the one that hashes and writes a snapshot.
void lower_this_thread() {
  sched_param parameters{};
  static_cast<void>(pthread_setschedparam(pthread_self(), SCHED_BATCH, &parameters));
  static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLowPriority));
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
      events_(options.event_ring_bytes) {
  engine_->for_each_limit([this](std::string_view name, std::uint64_t, std::uint64_t capacity) {
    tables_.emplace_back(name, capacity);
  });
}

Exchange::~Exchange() { stop(); }

std::expected<void, std::string> Exchange::load() {
  auto snapshots = journal::list_snapshots(io::system_storage(), options_.directory);
  if (!snapshots) return std::unexpected(snapshots.error().message());
  return open_view(*snapshots);
}

// The newest good snapshot that has a view of the same sequence. What takes long runs side by side:
// the file is hashed while its rows are taken over, the state while the view is filled.
std::expected<void, std::string> Exchange::open_view(const std::vector<std::string>& snapshots) {
  auto views = projections::View::available(io::system_storage(), options_.directory);
  if (!views) return std::unexpected(views.error().message());
  for (const std::string& path : snapshots) {
    auto snapshot = journal::SnapshotFile::open(io::system_storage(), path);
    if (!snapshot) {
      spdlog::warn("snapshot left out: {}", snapshot.error().message());
      continue;
    }
    const journal::SnapshotHeader header = snapshot->header();
    if (std::find(views->begin(), views->end(), header.sequence) == views->end()) continue;
    const std::shared_future proof = std::async(std::launch::async, journal::prove_snapshot,
                                                std::ref(io::system_storage()), path)
                                         .share();
    const bool loaded = load_engine(*snapshot, [&] { return proof.get().has_value(); });
    if (!proof.get()) {
      spdlog::warn("snapshot left out: {}", proof.get().error().message());
      engine_ = std::make_unique<engine::Engine>();
      continue;
    }
    anchor_ = header.anchor();
    snapshot_sequence_ = header.sequence;
    auto hash =
        std::async(std::launch::async, [&] { return loaded ? engine_->state_hash() : Sha256{}; });
    auto opened = loaded ? view_at(header.sequence) : std::expected<void, std::string>();
    if (hash.get() != header.state_hash) {
      return std::unexpected(fmt::format("{}: its content does not give its state hash", path));
    }
    return opened;
  }
  return view_at(0);
}

bool Exchange::load_engine(journal::SnapshotFile& snapshot, const std::function<bool()>& proved) {
  const auto open = [&](std::string_view name) -> std::optional<engine::SectionReader> {
    const auto length = snapshot.length(name);
    if (!length) return std::nullopt;
    return engine::SectionReader{
        *length, [&snapshot, name](std::size_t offset, std::span<std::uint8_t> into) {
          return snapshot.read(name, offset, into).has_value();
        }};
  };
  return engine_->load_from(open, proved);
}

std::expected<void, std::string> Exchange::view_at(model::Sequence sequence) {
  auto view = projections::View::open(io::system_storage(), options_.directory, sequence);
  if (!view) return std::unexpected(view.error().message());
  view_ = std::move(*view);
  if (sequence != 0) describe();
  return {};
}

void Exchange::describe() {
  engine::EventBuffer chunk(8 * model::kMaxEventBytesPerCommand);
  view_->begin_describe();
  const auto flush = [&] {
    view_->apply(chunk.bytes());
    chunk.clear();
  };
  engine_->describe(chunk, flush);
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
  auto scanned = runtime::replay(io::system_storage(), options_.directory, *engine_, options);
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
  sequencer_ = std::make_unique<runtime::Sequencer>(*engine_, *writer_, *clock_, machine, commands_,
                                                    [this](auto events) { publish(events); });
  status_.sequence.store(sequencer_->last_sequence());
  report_tables();
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
        begin_snapshot();
    }
    if (copying_) go_on_with_snapshot(kCopiedAtOnce);
    if (*worked || copying_) continue;
    if (stopping_.load()) break;
    engine_wakeup_.prepare();
    if (commands_.empty() && !stopping_.load()) engine_wakeup_.wait(kIdleWaitNs);
    engine_wakeup_.cancel();
  }
  if (auto finished = sequencer_->finish(); !finished)
    return std::unexpected(finished.error().message());
  engine_->check_invariants();
  if (snapshot_thread_.joinable()) snapshot_thread_.join();
  if (sequencer_->last_sequence() != snapshot_sequence_) {
    begin_snapshot();
    go_on_with_snapshot(~std::size_t{0});
    snapshot_thread_.join();
  }
  return {};
}

void Exchange::report() {
  const auto& stats = sequencer_->stats();
  status_.sequence.store(sequencer_->last_sequence(), std::memory_order_relaxed);
  status_.batches.store(stats.batches, std::memory_order_relaxed);
  status_.records.store(stats.records, std::memory_order_relaxed);
  status_.journal_ns.store(stats.journal_ns, std::memory_order_relaxed);
  status_.apply_ns.store(stats.apply_ns, std::memory_order_relaxed);
  report_tables();
}

void Exchange::report_tables() {
  auto table = tables_.begin();
  engine_->for_each_limit([&](std::string_view, std::uint64_t used, std::uint64_t) {
    (table++)->used.store(used, std::memory_order_relaxed);
  });
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

// The state as it is now; the engine copies it in pieces, between batches. One at a time.
void Exchange::begin_snapshot() {
  if (copying_ || !snapshot_written_.load()) return;
  snapshot_ = {};
  snapshot_.sequence = sequencer_->last_sequence();
  snapshot_.time_ns = writer_->time_ns();
  snapshot_.rules_version = model::kRulesVersion;
  snapshot_.market = writer_->market();
  snapshot_.chain = writer_->chain();
  snapshot_sequence_ = snapshot_.sequence;
  engine_->begin_copy();
  copying_ = true;
  model::SnapshotTaken event{{model::EventType::kSnapshotTaken, 0, sizeof(model::SnapshotTaken),
                              snapshot_.sequence, model::Time{snapshot_.time_ns}},
                             snapshot_.sequence};
  publish({reinterpret_cast<const std::uint8_t*>(&event), sizeof(event)});
}

// What no start reads any more. A failure costs room, nothing else.
void Exchange::archive_old_segments() {
  const auto go_on = [this](std::uint64_t, std::uint64_t) { return !stopping_.load(); };
  const auto done = journal::archive_segments(io::system_storage(), options_.directory,
                                              journal::ArchiveScope::kBeforeSnapshots, go_on);
  if (!done && done.error().kind == journal::ErrorKind::kLocked) return;  // the next time, then
  if (!done) {
    spdlog::warn("old segments not archived: {}", done.error().message());
  } else if (done->segments != 0) {
    spdlog::info("{} old segments archived: {} MiB in place of {} MiB", done->segments,
                 done->bytes_after >> 20, done->bytes_before >> 20);
  }
}

void Exchange::go_on_with_snapshot(std::size_t bytes) {
  if (!engine_->copy_some(bytes)) return;
  copying_ = false;
  if (snapshot_thread_.joinable()) snapshot_thread_.join();
  snapshot_written_.store(false);
  snapshot_thread_ = std::thread([this, header = snapshot_, copy = engine_->take_copy()]() mutable {
    lower_this_thread();
    header.state_hash = copy.state_hash();
    const auto sections = copy.sections();
    std::vector<journal::SectionParts> parts;
    for (const auto& section : sections) parts.push_back({section.name, section.parts});
    auto written = journal::write_snapshot(io::system_storage(), options_.directory, header, parts);
    if (!written) spdlog::error("snapshot not written: {}", written.error().message());
    if (written && options_.archive) archive_old_segments();
    snapshot_written_.store(true);
  });
}

}  // namespace hulan::app
