// SPDX-License-Identifier: Apache-2.0
// Messages between clients and the process, late, lost, twice, or out of order.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "simulation/clock.h"
#include "simulation/faults.h"

namespace hulan::simulation {

using ConnectionId = std::uint64_t;

class Network {
 public:
  Network(Random random, SimClock& clock, FaultCounts& counts)
      : random_(random), clock_(clock), counts_(counts) {}

  /// One message in how many meets a fault; 0 = never.
  void set_odds(std::uint64_t odds, const FaultSet& faults) {
    odds_ = odds;
    faults_ = faults;
  }

  [[nodiscard]] ConnectionId connect();
  /// Both ends learn of it; what is under way is lost.
  void cut(ConnectionId id);
  void cut_all();
  [[nodiscard]] bool alive(ConnectionId id) const { return connections_.contains(id); }

  enum class To : std::uint8_t { kServer, kClient };
  void send(ConnectionId id, To to, std::string message);

  /// Takes the next message that is due; false if there is none.
  [[nodiscard]] bool receive(ConnectionId& id, To& to, std::string& message);
  /// When the next message is due; nothing is under way: INT64_MAX.
  [[nodiscard]] std::int64_t next_due() const;
  /// Connections that were cut since the last call, for the server's side to close.
  [[nodiscard]] std::vector<ConnectionId> take_cut() { return std::exchange(cut_, {}); }

 private:
  struct Connection {
    bool half_open = false;
    std::int64_t last_due[2] = {0, 0};
  };
  struct Message {
    std::int64_t due;
    std::uint64_t order;
    ConnectionId connection;
    To to;
    std::string bytes;
  };
  struct Later {
    bool operator()(const Message& a, const Message& b) const {
      return a.due != b.due ? a.due > b.due : a.order > b.order;
    }
  };

  Random random_;
  SimClock& clock_;
  FaultCounts& counts_;
  std::uint64_t odds_ = 0;
  FaultSet faults_;
  ConnectionId next_ = 1;
  std::uint64_t order_ = 0;
  std::map<ConnectionId, Connection> connections_;
  std::priority_queue<Message, std::vector<Message>, Later> under_way_;
  std::vector<ConnectionId> cut_;
};

}  // namespace hulan::simulation
