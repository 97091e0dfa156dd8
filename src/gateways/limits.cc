// SPDX-License-Identifier: Apache-2.0
// What streams and requests use of what they may, for the metrics page.
#include <algorithm>

#include "gateways/gateway.h"

namespace hulan::gateways {

void Gateway::for_each_limit(const LimitVisitor& visit) {
  Session::Use most;
  for (const Slot& slot : sessions_) {
    if (slot.session == nullptr) continue;
    const Session::Use use = slot.session->use();
    most.subscriptions = std::max(most.subscriptions, use.subscriptions);
    most.in_flight = std::max(most.in_flight, use.in_flight);
    most.unsent_bytes = std::max(most.unsent_bytes, use.unsent_bytes);
    most.messages = std::max(most.messages, use.messages);
  }
  visit("streams", counts_.streams, kMostSessions);
  visit("stream_subscriptions", most.subscriptions, Session::kMostSubscriptions);
  visit("stream_commands_in_flight", most.in_flight, Session::kMostInFlight);
  visit("stream_unsent_bytes", most.unsent_bytes, limits_.max_unsent_bytes);
  if (limits_.messages_per_second != 0) {
    visit("stream_messages_per_second", most.messages, limits_.messages_per_second);
  }
  visit("message_bytes", std::exchange(counts_.largest_message, 0), limits_.max_message_bytes);
}

}  // namespace hulan::gateways
