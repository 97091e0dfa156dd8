// SPDX-License-Identifier: Apache-2.0
#include "simulation/network.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace hulan::simulation {
namespace {

constexpr std::int64_t kUsualDelayNs = 1'000'000;
constexpr std::int64_t kLongDelayNs = 20'000'000'000;

}  // namespace

ConnectionId Network::connect() {
  connections_[next_] = {};
  return next_++;
}

void Network::cut(ConnectionId id) {
  if (connections_.erase(id) != 0) cut_.push_back(id);
}

void Network::cut_all() {
  connections_.clear();
  cut_.clear();
  under_way_ = {};
}

void Network::send(ConnectionId id, To to, std::string message) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  const bool fault = random_.once_in(odds_);
  const auto meets = [&](Fault kind) {
    if (!fault || !faults_.has(kind) || !random_.percent(25)) return false;
    counts_.add(kind);
    return true;
  };
  if (meets(Fault::kCut)) return cut(id);
  if (meets(Fault::kHalfOpen)) connection.half_open = true;
  if (connection.half_open) return;
  std::int64_t due = clock_.now_ns() + random_.between(0, kUsualDelayNs);
  if (meets(Fault::kDelay)) due += random_.between(0, kLongDelayNs);
  std::int64_t& last = connection.last_due[static_cast<std::size_t>(to)];
  if (!meets(Fault::kReorder)) due = std::max(due, last);
  last = std::max(last, due);
  if (meets(Fault::kDuplicate)) {
    under_way_.push({due + random_.between(0, kLongDelayNs), order_++, id, to, message});
  }
  under_way_.push({due, order_++, id, to, std::move(message)});
}

bool Network::receive(ConnectionId& id, To& to, std::string& message) {
  while (!under_way_.empty() && under_way_.top().due <= clock_.now_ns()) {
    Message next = under_way_.top();
    under_way_.pop();
    const auto found = connections_.find(next.connection);
    if (found == connections_.end() || found->second.half_open) continue;
    id = next.connection;
    to = next.to;
    message = std::move(next.bytes);
    return true;
  }
  return false;
}

std::int64_t Network::next_due() const {
  return under_way_.empty() ? std::numeric_limits<std::int64_t>::max() : under_way_.top().due;
}

}  // namespace hulan::simulation
