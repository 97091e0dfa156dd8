// SPDX-License-Identifier: Apache-2.0
#include "simulation/checks.h"

#include <algorithm>

#include "simulation/events.h"

namespace hulan::simulation {
namespace {

/// 64 bits that differ when the bytes do; not against malice.
class Digest {
 public:
  void add(std::span<const std::uint8_t> bytes) {
    while (bytes.size() >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data(), 8);
      mix(word);
      bytes = bytes.subspan(8);
    }
    std::uint64_t rest = bytes.size();
    for (const std::uint8_t byte : bytes) rest = rest << 8 | byte;
    mix(rest);
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void mix(std::uint64_t word) {
    value_ = (value_ ^ word) * 0x9FB21C651E98DF25ULL;
    value_ ^= value_ >> 32;
  }
  std::uint64_t value_ = 0x243F6A8885A308D3ULL;
};

template <class T>
std::span<const std::uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof(value)};
}

std::uint64_t digest_of(const Record& record) {
  Digest digest;
  digest.add(bytes_of(record.header));
  digest.add(record.body);
  return digest.value();
}

/// Of the events of one command, leaving out what is not the engine's: for whom the
/// answer is, and its receipt.
std::uint64_t digest_of(model::Replied replied, std::span<const std::uint8_t> events) {
  Digest digest;
  digest.add(events.first(events.size() - replied.header.size));
  replied.origin = 0;
  replied.salt = {};
  replied.leaf = {};
  digest.add(bytes_of(replied));
  return digest.value();
}

Record record_of(const journal::RecordView& view) {
  Record record;
  std::memcpy(&record.header, view.bytes.data(), sizeof(record.header));
  record.body.assign(view.body.begin(), view.body.end());
  return record;
}

Record tick_record() {
  Record record;
  record.header.type = model::CommandType::kTick;
  record.header.version = 1;
  record.header.body_length = sizeof(model::Tick);
  record.body.resize(sizeof(model::Tick));
  return record;
}

}  // namespace

Record Checks::take_from_ring(const model::Replied& replied) {
  if (replied.origin == 0) return tick_record();
  if (in_ring_.empty() || in_ring_.front().origin != replied.origin) {
    throw Violation{"commands are answered once and in order",
                    "an answer for origin " + std::to_string(replied.origin),
                    replied.header.sequence};
  }
  Record record = std::move(in_ring_.front());
  in_ring_.pop_front();
  return record;
}

void Checks::observe(const Record& record, const model::Replied& replied,
                     std::span<const std::uint8_t> events) {
  if (replied.header.sequence != last() + 1) {
    throw Violation{"sequences follow one another", "after " + std::to_string(last()),
                    replied.header.sequence};
  }
  digests_.push_back({digest_of(record), digest_of(replied, events)});
  if (replied.reject == model::Reject::ok && replied.repeated == 0) ++accepted_[record.header.type];
  if (record.header.user != 0 && replied.repeated == 0 && is_remembered(replied.reject)) {
    decisions_.try_emplace({record.header.user, record.header.client_id},
                           Decision{replied.first_sequence, replied.reject, replied.id});
  }
  observe_({record.header, replied.header.sequence, replied.header.time, record.body}, events);
}

void Checks::published(std::span<const std::uint8_t> run) {
  for_each_command(run, [&](const model::Replied& replied, std::span<const std::uint8_t> events) {
    observe(take_from_ring(replied), replied, events);
  });
}

void Checks::ended(engine::Engine& engine) {
  for (Record& record : in_ring_) undecided_.push_back(std::move(record));
  in_ring_.clear();
  end_known_ = engine.sequence() == last() && last() != 0;
  if (!end_known_) return;
  end_sequence_ = engine.sequence();
  end_hash_ = engine.state_hash();
}

void Checks::check_record(const journal::RecordView& record) const {
  if (record.sequence <= last() &&
      digests_[record.sequence - 1].record != digest_of(record_of(record))) {
    throw Violation{"the journal holds what was published", "another record stands there",
                    record.sequence};
  }
}

void Checks::found(const journal::RecordView& view) {
  check_record(view);
  if (view.sequence <= last()) return;
  Record record = record_of(view);
  if (!(record == tick_record())) {
    if (looked_at_ == undecided_.size() || !(undecided_[looked_at_] == record)) {
      throw Violation{"nothing stands in the journal that nobody asked for",
                      "a " + std::string(model::command_name(record.header.type)), view.sequence};
    }
    ++looked_at_;
  }
  unseen_.push_back(std::move(record));
}

void Checks::replayed(std::span<const std::uint8_t> run, engine::Engine& engine) {
  for_each_command(run, [&](const model::Replied& replied, std::span<const std::uint8_t> events) {
    if (replied.header.sequence > last()) {
      if (unseen_.empty()) {
        throw Violation{"replay gives what the journal holds", "more than it holds",
                        replied.header.sequence};
      }
      const Record record = std::move(unseen_.front());
      unseen_.pop_front();
      return observe(record, replied, events);
    }
    if (digests_[replied.header.sequence - 1].events != digest_of(replied, events)) {
      throw Violation{"replay gives the same events", "other events", replied.header.sequence};
    }
  });
  if (end_known_ && engine.sequence() == end_sequence_ && engine.state_hash() != end_hash_) {
    throw Violation{"replay gives the same state", "another state_hash", end_sequence_};
  }
}

void Checks::recovered() {
  if (!unseen_.empty()) {
    throw Violation{"replay gives what the journal holds", "less than it holds", last() + 1};
  }
  undecided_.clear();
  looked_at_ = 0;
  end_known_ = false;
}

void Checks::start_failed() {
  // What was replayed meanwhile has been observed and is no longer undecided.
  const std::size_t seen = looked_at_ - std::count_if(unseen_.begin(), unseen_.end(), [](auto& r) {
                             return !(r == tick_record());
                           });
  undecided_.erase(undecided_.begin(), undecided_.begin() + static_cast<std::ptrdiff_t>(seen));
  unseen_.clear();
  looked_at_ = 0;
}

const Decision* Checks::decision(model::UserId user, const model::ClientId& id) const {
  const auto found = decisions_.find({user, id});
  return found == decisions_.end() ? nullptr : &found->second;
}

}  // namespace hulan::simulation
