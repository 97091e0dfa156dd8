// SPDX-License-Identifier: Apache-2.0
// Commands straight into the rings of an exchange in this process: for setting markets up and for
// measuring without sockets. The caller's thread stands in for the network thread: it folds events
// into the view.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hulan/server/exchange.h"
#include "model/command.h"
#include "model/event.h"

namespace hulan::app::bench {

class LocalClient {
 public:
  explicit LocalClient(Exchange& exchange) : exchange_(exchange) {}

  /// Waits until the journal is replayed.
  void wait_ready();

  /// Puts a command into the ring with a fresh client id; false if there is no room now.
  [[nodiscard]] bool submit(model::UserId user, model::ParticipantId participant,
                            model::CommandType type, std::span<const std::uint8_t> body,
                            std::uint64_t origin);

  /// Folds what has come and tells `on_reply` of every answer. True if anything had come.
  bool drain(const std::function<void(const model::Replied&)>& on_reply);

  /// Sends one command and waits for its answer.
  [[nodiscard]] model::Replied call(model::UserId user, model::ParticipantId participant,
                                    model::CommandType type, std::span<const std::uint8_t> body);
  template <class Body>
  [[nodiscard]] model::Replied call(model::UserId user, model::ParticipantId participant,
                                    const Body& body) {
    return call(user, participant, Body::kType,
                {reinterpret_cast<const std::uint8_t*>(&body), sizeof(body)});
  }

 private:
  Exchange& exchange_;
  std::uint64_t count_ = 0;
};

}  // namespace hulan::app::bench
