// SPDX-License-Identifier: Apache-2.0
// What must hold, whatever goes wrong. A broken property ends the run.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "simulation/process.h"

namespace hulan::simulation {

/// Thrown where a property is broken.
struct Violation {
  std::string property;
  std::string text;
  model::Sequence sequence = 0;
};

/// What the market decided for a client's command, as everybody must be told it.
struct Decision {
  model::Sequence sequence = 0;
  model::Reject reject{};
  std::uint32_t id = 0;
};

/// Whether an outcome stays with its client id: what the id itself is refused for does not.
[[nodiscard]] constexpr bool is_remembered(model::Reject reject) {
  return reject != model::Reject::client_id_reused && reject != model::Reject::client_id_expired &&
         reject != model::Reject::client_id_ahead && reject != model::Reject::client_id_table_full;
}

class Checks {
 public:
  /// Looks at each command with its events once, when they are durable: the auditor.
  using Observe =
      std::function<void(const model::Command& command, std::span<const std::uint8_t> events)>;
  explicit Checks(Observe observe) : observe_(std::move(observe)) {}

  // --- while the process lives ---
  void submitted(Record record) { in_ring_.push_back(std::move(record)); }
  /// "Nothing unacknowledged is visible", the order of the ring, and the auditor.
  void published(std::span<const std::uint8_t> run);

  // --- its end and its next start ---
  /// `engine` is as it was at the end.
  void ended(engine::Engine& engine);
  /// A record of the journal after the snapshot: everything published is there as it was, and what
  /// else is there was asked for, once and in order, or is a tick.
  void found(const journal::RecordView& record);
  /// The events of replayed records are those that were published, and the state is the same.
  void replayed(std::span<const std::uint8_t> run, engine::Engine& engine);
  void recovered();
  /// A start came to nothing; the next one looks at everything again.
  void start_failed();

  /// The last sequence that was published.
  [[nodiscard]] model::Sequence last() const { return digests_.size(); }
  [[nodiscard]] const std::map<model::CommandType, std::uint64_t>& accepted() const {
    return accepted_;
  }
  /// What was decided for this client id first; nullptr: it never came into the log.
  [[nodiscard]] const Decision* decision(model::UserId user, const model::ClientId& id) const;

  /// Every record of the journal from the first on against what was published.
  void check_record(const journal::RecordView& record) const;

 private:
  struct Digests {
    std::uint64_t record;
    std::uint64_t events;
  };
  void observe(const Record& record, const model::Replied& replied,
               std::span<const std::uint8_t> events);
  [[nodiscard]] Record take_from_ring(const model::Replied& replied);

  Observe observe_;
  std::deque<Record> in_ring_;
  std::deque<Record> undecided_;  ///< in the ring when the process ended
  std::size_t looked_at_ = 0;     ///< of these, by found() in this start
  std::deque<Record> unseen_;     ///< found in the journal, not yet published
  std::vector<Digests> digests_;  ///< of sequence i + 1
  std::map<std::pair<model::UserId, model::ClientId>, Decision> decisions_;
  model::Sequence end_sequence_ = 0;
  Sha256 end_hash_{};
  bool end_known_ = false;
  std::map<model::CommandType, std::uint64_t> accepted_;
};

}  // namespace hulan::simulation
