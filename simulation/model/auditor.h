// SPDX-License-Identifier: Apache-2.0
// The auditor: stands beside the market, sees every command and everything that came of it, and says
// where the rulebook was not followed. Written from the rules; shares no code with the engine.
//
// What it works out itself: who may ask, client ids, prices, bands, steps, soft closes, bonds,
// refusals of bids and takes, conclusions, deadlines, settlements, forfeits, four eyes, every
// balance, and what must have happened by now. What it takes from the market and only holds against
// allowed transitions: papers, tags, marks, day prices.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

#include "simulation/model/market.h"

namespace hulan::auditor {

class Auditor {
 public:
  /// Folds in one command and what the market did: all its events in order, the last a Replied.
  /// Nothing: as the rules say. After a finding the auditor is of no more use.
  [[nodiscard]] std::optional<Finding> observe(const model::Command& command,
                                               std::span<const std::uint8_t> events);

  /// A part of what Engine::describe() gives: rows as they are, against what they should be.
  [[nodiscard]] std::optional<Finding> compare(std::span<const std::uint8_t> described) const;

  [[nodiscard]] const Market& market() const { return market_; }
  [[nodiscard]] std::uint64_t observed() const { return observed_; }

 private:
  struct Decided {
    std::uint64_t digest;
    model::Sequence sequence;
    std::int64_t at;
    Wide frozen;
    std::uint32_t id;
    model::Reject reject;
  };
  struct Key {
    model::UserId user;
    model::ClientId id;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  void look(const model::Command& command, std::span<const std::uint8_t> events);
  void fold(Look& look, const model::EventHeader& header, std::span<const std::uint8_t> event);
  void answered(Look& look, const model::Replied& replied);
  /// What the client id decides before the command is looked at.
  [[nodiscard]] std::optional<model::Reject> by_client_id(const model::Command& command) const;
  void check_repeat(const model::Command& command, const model::Replied& replied,
                    const Decided& first) const;
  void forget_old(std::int64_t now);
  void check_done_by_now(const Look& look);
  [[nodiscard]] bool is_held(std::uint64_t what, std::int64_t when) const;
  /// `when` something is due; 0: not any more.
  void set_due(std::uint64_t what, std::int64_t when);
  void note_due(const model::LotRow& lot);
  void note_due(const model::ContractRow& contract);

  Market market_;
  std::unordered_map<Key, Decided, KeyHash> decided_;
  std::map<std::pair<std::int64_t, model::Sequence>, Key> decided_by_time_;
  /// Since which record, and which market time, something due could have been done.
  struct Since {
    model::Sequence sequence = 0;
    std::int64_t time = 0;
  };
  std::map<std::pair<std::int64_t, std::uint64_t>, Since> overdue_;
  std::map<std::uint64_t, std::int64_t> due_;
  model::Sequence sequence_ = 0;
  std::int64_t now_ = 0;
  std::uint64_t observed_ = 0;
};

}  // namespace hulan::auditor
