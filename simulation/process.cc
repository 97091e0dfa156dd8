// SPDX-License-Identifier: Apache-2.0
#include "simulation/process.h"

#include <algorithm>

#include "io/linux/system.h"
#include "journal/snapshot_file.h"
#include "runtime/replay.h"
#include "runtime/request.h"

namespace hulan::simulation {
namespace {

constexpr journal::MarketId kMarket{'s', 'i', 'm'};
constexpr gateways::SessionLimits kLimits{256 * 1024, 4U << 20U, 0};

gateways::Services services_of(World& world, projections::View& view, gateways::CommandSink& sink) {
  gateways::Services services{world.identity,
                              world.documents,
                              view,
                              sink,
                              world.machine_clock,
                              world.entropy,
                              {},
                              {},
                              {},
                              {},
                              {},
                              {},
                              {},
                              {}};
  services.market_now = [&world] { return world.market_clock.now_ns(); };
  return services;
}

}  // namespace

Process::Process(World& world, Submitted submitted)
    : world_(world), submitted_(std::move(submitted)) {}
Process::~Process() = default;

journal::Result<Process::Found> Process::examine() {
  auto claimed =
      journal::DataDirectory::open(world_.disk, kDirectory, journal::IfMissing::kCreate);
  if (!claimed) return std::unexpected(claimed.error());
  directory_ = std::move(*claimed);
  auto loaded = load_snapshot();
  if (!loaded) return std::unexpected(loaded.error());
  Found found;
  found.snapshot = *loaded;
  journal::ScanOptions options;
  options.anchor = found.snapshot;
  auto scanned = journal::scan(world_.disk, kDirectory, options,
                               [](const journal::BatchView&) { return true; });
  if (!scanned) return std::unexpected(scanned.error());
  found.scan = std::move(*scanned);
  return found;
}

/// The newest valid snapshot that the view was made durable with, as the server looks for it.
journal::Result<std::optional<journal::Anchor>> Process::load_snapshot() {
  const auto paths = journal::list_snapshots(world_.disk, kDirectory);
  if (!paths) return std::unexpected(paths.error());
  const auto views = projections::View::available(io::system_storage(), world_.view_directory);
  HULAN_ASSERT(views.has_value());
  for (const std::string& path : *paths) {
    const auto snapshot = journal::read_snapshot(world_.disk, path);
    if (!snapshot) continue;
    const auto& header = snapshot->header();
    if (std::find(views->begin(), views->end(), header.sequence) == views->end()) continue;
    const auto section = [&](std::string_view name) {
      return snapshot->section(name).value_or(std::span<const std::uint8_t>{});
    };
    HULAN_ASSERT(engine_.load(section) && engine_.state_hash() == header.state_hash);
    return header.anchor();
  }
  return std::nullopt;
}

journal::Result<void> Process::open(const Found& found, const Published& replayed,
                                    Published published) {
  auto view = projections::View::open(io::system_storage(), world_.view_directory,
                                      found.snapshot ? found.snapshot->sequence : 0);
  HULAN_ASSERT(view.has_value());
  view_ = std::move(*view);
  if (found.snapshot) {
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
  doors_ = std::make_unique<gateways::Gateway>(services_of(world_, *view_, *this), kLimits);
  runtime::ReplayOptions options;
  options.scan.anchor = found.snapshot;
  options.publish = [&](auto events) {
    replayed(events);
    doors_->deliver(events);
  };
  auto scanned = runtime::replay(world_.disk, kDirectory, engine_, options);
  if (!scanned) return std::unexpected(scanned.error());
  journal::WriterOptions writer_options;
  writer_options.market = found.scan.end.path.empty() ? kMarket : found.scan.end.market;
  writer_options.segment_bytes = kSegmentBytes;
  writer_options.epoch = std::max<std::uint64_t>(1, found.scan.end.epoch);
  auto writer =
      journal::Writer::open(world_.disk, world_.entropy, kDirectory, writer_options, *scanned);
  if (!writer) return std::unexpected(writer.error());
  writer_ = std::move(*writer);
  published_ = std::move(published);
  sequencer_ = std::make_unique<runtime::Sequencer>(
      engine_, *writer_, world_.market_clock, world_.machine_clock, commands_,
      [this](auto events) { publish(events); });
  doors_->set_ready(true);
  return {};
}

bool Process::submit(const model::RecordHeader& header, std::span<const std::uint8_t> body,
                     std::uint64_t origin) {
  if (!runtime::push_request(commands_, origin, header, body)) return false;
  Record record{header, {body.begin(), body.end()}, origin};
  record.header.body_length = static_cast<std::uint16_t>(body.size());
  submitted_(std::move(record));
  return true;
}

journal::Result<bool> Process::poll() { return sequencer_->poll(); }

void Process::publish(std::span<const std::uint8_t> events) {
  published_(events);
  HULAN_ASSERT(events_.push(events));
}

void Process::pump(const std::function<void(const model::Replied&)>& direct) {
  while (true) {
    const auto events = events_.front();
    if (events.data() == nullptr) break;
    for (std::size_t at = 0; at < events.size();) {
      model::Replied replied;
      std::memcpy(&replied.header, events.data() + at, sizeof(replied.header));
      if (replied.header.type == model::EventType::kReplied) {
        std::memcpy(&replied, events.data() + at, sizeof(replied));
        if ((replied.origin >> 62) == 1) direct(replied);
      }
      at += replied.header.size;
    }
    doors_->deliver(events);
    events_.pop();
  }
}

journal::Result<void> Process::snapshot() {
  journal::SnapshotHeader header;
  header.sequence = writer_->next_sequence() - 1;
  if (header.sequence == 0) return {};
  header.time_ns = writer_->time_ns();
  header.rules_version = model::kRulesVersion;
  header.market = writer_->market();
  header.chain = writer_->chain();
  header.state_hash = engine_.state_hash();
  engine_.check_invariants();
  const auto sections = engine_.save();
  std::vector<journal::SectionParts> parts;
  for (const auto& [name, bytes] : sections) parts.push_back({name, {std::span(bytes)}});
  auto written = journal::write_snapshot(world_.disk, kDirectory, header, parts);
  if (!written) return std::unexpected(written.error());
  model::SnapshotTaken event{{model::EventType::kSnapshotTaken, 0, sizeof(model::SnapshotTaken),
                              header.sequence, model::Time{header.time_ns}},
                             header.sequence};
  HULAN_ASSERT(events_.push({reinterpret_cast<const std::uint8_t*>(&event), sizeof(event)}));
  return {};
}

journal::Result<journal::ScanResult> read_records(
    SimStorage& disk, const std::function<void(const journal::RecordView&)>& each,
    std::optional<journal::Anchor> after) {
  disk.pause();
  journal::ScanOptions options;
  options.anchor = after;
  auto scanned = journal::scan(disk, kDirectory, options, [&](const journal::BatchView& batch) {
    for (const journal::RecordView record : batch.records()) {
      if (!after || record.sequence > after->sequence) each(record);
    }
    return true;
  });
  disk.resume();
  return scanned;
}

}  // namespace hulan::simulation
