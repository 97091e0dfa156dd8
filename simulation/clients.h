// SPDX-License-Identifier: Apache-2.0
// The people's machines: they ask, wait, lose patience, connect again and ask the same again. Bids
// and takes go as JSON through a stream of the doors; the rest in bytes.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "simulation/checks.h"
#include "simulation/network.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {

/// First byte of a message: a frame of a stream, or a command (and its Replied) in bytes.
inline constexpr char kFrame = 'J', kBytes = 'B';

/// What one client asked for and was told.
struct Asked {
  Op op;
  model::ClientId client_id{};
  std::uint64_t ref = 0;
  std::string message;           ///< as sent
  model::Sequence floor = 0;     ///< decided before this was asked: its sequence must be greater
  std::int64_t retry_at = 0;
  int attempts = 0;
};

class Clients {
 public:
  Clients(Random random, Network& network, SimClock& market, Checks& checks,
          std::vector<std::string> tokens)
      : random_(random), network_(network), market_(market), checks_(checks),
        machines_(kUsers + 1), tokens_(std::move(tokens)) {}

  void set_faults(const FaultSet& faults, FaultCounts& counts) {
    faults_ = faults;
    counts_ = &counts;
  }
  /// One of them asks for something. `state` is there to word it: prices have digits.
  void ask(Op op, const engine::State& state);
  /// Asks again what has waited too long.
  void ask_again();
  void receive(ConnectionId connection, const std::string& message);
  [[nodiscard]] model::UserId owner(ConnectionId connection) const;

  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] std::uint64_t answered() const { return answered_; }
  [[nodiscard]] std::uint64_t given_up() const { return given_up_; }

 private:
  struct Machine {
    ConnectionId connection = 0;
    std::deque<Asked> asked;
  };
  void connect(model::UserId user);
  void send(model::UserId user, Asked& asked);
  [[nodiscard]] std::string word(const Op& op, const Asked& asked, const engine::State& state) const;
  [[nodiscard]] model::ClientId fresh_id();
  void on_frame(model::UserId user, std::string_view frame);
  void on_bytes(model::UserId user, std::string_view bytes);
  void told(model::UserId user, const Asked& asked, model::Sequence sequence, bool ok,
            std::uint32_t id);

  Random random_;
  Network& network_;
  SimClock& market_;
  Checks& checks_;
  FaultSet faults_;
  FaultCounts* counts_ = nullptr;
  std::vector<Machine> machines_;
  std::vector<std::string> tokens_;
  std::map<ConnectionId, model::UserId> owners_;
  std::uint64_t next_ref_ = 1;
  model::Sequence decided_ = 0;  ///< the highest that any client was told of
  std::uint64_t answered_ = 0;
  std::uint64_t given_up_ = 0;
};

}  // namespace hulan::simulation
