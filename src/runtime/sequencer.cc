// SPDX-License-Identifier: Apache-2.0
#include "runtime/sequencer.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "engine/lookahead.h"
#include "runtime/request.h"

namespace hulan::runtime {
namespace {

constexpr std::size_t kEventBufferBytes = 8 * model::kMaxEventBytesPerCommand;
constexpr std::int64_t kIdleCloseNs = 3'000'000;

}  // namespace

Sequencer::Sequencer(engine::Engine& engine, journal::Writer& journal, io::Clock& market_clock,
                     io::Clock& machine_clock, ByteRing& commands, Publish publish)
    : engine_(engine),
      journal_(journal),
      market_clock_(market_clock),
      machine_clock_(machine_clock),
      commands_(commands),
      publish_(std::move(publish)),
      events_(kEventBufferBytes),
      next_sequence_(journal.next_sequence()),
      time_{journal.time_ns()} {
  body_.reserve(journal::kMaxBodyBytes);
  origins_.reserve(journal::kMaxBodyBytes / journal::kRecordHeaderBytes + 1);
}

bool Sequencer::gather() {
  body_.clear();
  origins_.clear();
  while (true) {
    const auto request = commands_.front();
    if (request.data() == nullptr) break;
    const auto record = request.subspan(sizeof(std::uint64_t));
    if (body_.size() + record.size() > journal::kMaxBodyBytes) break;
    std::uint64_t origin = 0;
    std::memcpy(&origin, request.data(), sizeof(origin));
    origins_.push_back(origin);
    body_.insert(body_.end(), record.begin(), record.end());
    commands_.pop();
  }
  return !origins_.empty();
}

void Sequencer::gather_tick() {
  const model::Tick tick;
  model::RecordHeader header{};
  header.type = model::CommandType::kTick;
  header.version = 1;
  header.body_length = sizeof(tick);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&header);
  body_.assign(bytes, bytes + sizeof(header));
  bytes = reinterpret_cast<const std::uint8_t*>(&tick);
  body_.insert(body_.end(), bytes, bytes + sizeof(tick));
  origins_.assign(1, 0);
}

journal::Result<bool> Sequencer::poll() {
  const model::Time now{std::max(market_clock_.now_ns(), time_.value)};
  if (!gather()) {
    if (!engine_.timer_due(now)) {
      if (machine_clock_.now_ns() - last_work_ns_ >= kIdleCloseNs) {
        if (auto closed = journal_.close_idle(); !closed) return std::unexpected(closed.error());
      }
      return false;
    }
    gather_tick();
  }
  time_ = now;
  if (auto durable = commit(); !durable) return std::unexpected(durable.error());
  apply_batch();
  last_work_ns_ = machine_clock_.now_ns();
  return true;
}

journal::Result<void> Sequencer::commit() {
  const std::int64_t start = machine_clock_.now_ns();
  auto appended = journal_.append(next_sequence_, time_.value,
                                  static_cast<std::uint32_t>(origins_.size()), body_);
  stats_.journal_ns += static_cast<std::uint64_t>(machine_clock_.now_ns() - start);
  if (!appended) return std::unexpected(appended.error());
  salt_seed_ = appended->salt_seed;
  return {};
}

// Who waits for the answer gets the record's salt and leaf hash with it: the start of a receipt
// (R13.2).
void Sequencer::answer(std::uint64_t origin, const journal::LeafSalts& salts,
                       model::Sequence sequence, std::span<const std::uint8_t> record) {
  if (origin == 0) return;
  events_.set_origin(origin);
  const journal::LeafSalt salt = salts.of(sequence);
  events_.set_leaf(salt, journal::leaf_hash(salt, sequence, time_.value, record));
}

void Sequencer::apply_batch() {
  const std::int64_t start = machine_clock_.now_ns();
  const journal::LeafSalts salts(salt_seed_);
  engine::Lookahead ahead(engine_);
  std::size_t offset = 0;
  const auto take = [&](model::Command& command) {
    std::memcpy(&command.header, body_.data() + offset, sizeof(command.header));
    command.sequence = next_sequence_++;
    command.now = time_;
    offset += sizeof(command.header);
    command.body = {body_.data() + offset, command.header.body_length};
    offset += command.header.body_length;
  };
  for (const std::uint64_t origin : origins_) {
    while (ahead.wants_more() && offset < body_.size()) ahead.take(take);
    if (events_.free_bytes() < model::kMaxEventBytesPerCommand) flush();
    const model::Command& command = ahead.next();
    engine_.apply(command, events_);
    answer(origin, salts, command.sequence,
           {command.body.data() - sizeof(command.header),
            sizeof(command.header) + command.body.size()});
  }
  stats_.batches += 1;
  stats_.records += origins_.size();
  stats_.apply_ns += static_cast<std::uint64_t>(machine_clock_.now_ns() - start);
  flush();
}

void Sequencer::flush() {
  if (!events_.bytes().empty()) publish_(events_.bytes());
  events_.clear();
}

journal::Result<void> Sequencer::finish() {
  if (auto closed = journal_.close_idle(); !closed) return std::unexpected(closed.error());
  return {};
}

}  // namespace hulan::runtime
