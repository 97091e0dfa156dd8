// SPDX-License-Identifier: Apache-2.0
// Outcomes of commands by (user, client id), so that a command sent twice counts once. A ring in
// order of sequence, and a derived index over it. In state_hash, not in business_hash. Engine
// thread only.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/hash_index.h"
#include "engine/table.h"
#include "model/command.h"
#include "model/limits.h"
#include "model/reject.h"
#include "model/units.h"

namespace hulan::engine {

/// How far a client's clock may run ahead of the market's.
constexpr std::int64_t kClientAheadNs = 10 * model::kMinute;

/// The first outcome of a client id: one cache line.
struct ClientOutcome {
  model::ClientId client_id;
  std::uint64_t digest;  ///< of type, version, participant and body
  model::Sequence sequence;
  std::int64_t time;
  std::int64_t frozen;
  model::UserId user;
  std::uint32_t id;
  std::uint32_t detail;
  model::Reject reject;
  model::CommandType command;
  std::uint8_t reserved;
};
static_assert(model::Row<ClientOutcome> && sizeof(ClientOutcome) == 64);

/// Milliseconds since 1970 in the first 48 bits.
[[nodiscard]] std::int64_t client_id_ms(const model::ClientId& id);
[[nodiscard]] bool is_none(const model::ClientId& id);
/// 64 bits that tell a command from another under the same client id.
[[nodiscard]] std::uint64_t command_digest(const model::RecordHeader& header,
                                           std::span<const std::uint8_t> body);

/// How many outcomes were ever dropped, and ever added.
struct ClientIdEnds {
  std::uint64_t first;
  std::uint64_t next;
};

/// The outcomes as they were at one moment.
struct ClientIdsCopy {
  PageCopy pages;
  std::size_t capacity = 0;
  ClientIdEnds ends{};

  /// Header, then the live outcomes in order: the parts of a snapshot's section.
  [[nodiscard]] std::array<std::span<const std::uint8_t>, 3> parts() const;
  [[nodiscard]] Sha256 hash() const;
};

class ClientIds {
 public:
  explicit ClientIds(std::size_t capacity = model::kMaxClientIds);

  /// nullptr: not remembered. Valid until the next change.
  [[nodiscard]] const ClientOutcome* find(model::UserId user, const model::ClientId& id) const;
  [[nodiscard]] bool full() const { return ends_.next - ends_.first == capacity_; }
  [[nodiscard]] std::size_t size() const { return ends_.next - ends_.first; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  /// Drops outcomes recorded before `before`, a few at most, the oldest first.
  void expire(model::Time before);
  /// Remembers an outcome. The caller has checked full() and find().
  void add(const ClientOutcome& outcome);
  void prefetch(model::UserId user, const model::ClientId& id) const;

  /// Header, then the live outcomes in order: the parts of a snapshot's section.
  [[nodiscard]] std::array<std::span<const std::uint8_t>, 3> parts() const;
  [[nodiscard]] bool restore(const SectionReader& from);
  [[nodiscard]] Sha256 hash();

  /// A copy of the outcomes as they are now, made while they change: see Pages.
  void begin_copy();
  bool copy_some(std::size_t& budget) { return pages_.copy_some(budget); }
  [[nodiscard]] ClientIdsCopy take_copy();

 private:
  [[nodiscard]] const ClientOutcome& at(std::uint32_t slot) const;
  [[nodiscard]] ClientOutcome& edit(std::uint32_t slot);

  std::size_t capacity_;
  ClientIdEnds ends_{};
  ClientIdEnds copied_ends_{};
  Pages pages_;
  HashIndex index_;
};

}  // namespace hulan::engine
