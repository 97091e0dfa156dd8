// SPDX-License-Identifier: Apache-2.0
#include "hulan/bench/local_client.h"

#include <chrono>
#include <thread>

#include "base/assert.h"

namespace hulan::app::bench {
namespace {

model::ClientId client_id(std::int64_t now_ns, std::uint64_t count) {
  model::ClientId id{};
  const auto milliseconds = static_cast<std::uint64_t>(now_ns / 1'000'000);
  for (std::size_t i = 0; i < 6; ++i)
    id[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
  for (std::size_t i = 0; i < 8; ++i) id[6 + i] = static_cast<std::uint8_t>(count >> (8 * i));
  id[15] = 1;
  return id;
}

}  // namespace

void LocalClient::wait_ready() {
  while (!exchange_.status().ready.load(std::memory_order_acquire)) {
    if (!drain([](const model::Replied&) {}))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool LocalClient::submit(model::UserId user, model::ParticipantId participant,
                         model::CommandType type, std::span<const std::uint8_t> body,
                         std::uint64_t origin) {
  model::RecordHeader header{};
  header.type = type;
  header.version = 1;
  header.participant = participant;
  header.user = user;
  header.client_id = client_id(exchange_.clock().now_ns(), ++count_);
  return exchange_.submit(header, body, origin);
}

bool LocalClient::drain(const std::function<void(const model::Replied&)>& on_reply) {
  const auto events = exchange_.events().front();
  if (events.data() == nullptr) return false;
  exchange_.view().apply(events);
  for (std::size_t at = 0; at < events.size();) {
    const auto& header = *reinterpret_cast<const model::EventHeader*>(events.data() + at);
    if (header.type == model::EventType::kReplied) {
      const auto& replied = *reinterpret_cast<const model::Replied*>(events.data() + at);
      if (replied.origin != 0) on_reply(replied);
    }
    at += header.size;
  }
  exchange_.events().pop();
  return true;
}

model::Replied LocalClient::call(model::UserId user, model::ParticipantId participant,
                                 model::CommandType type, std::span<const std::uint8_t> body) {
  HULAN_ASSERT(submit(user, participant, type, body, 1));
  model::Replied answer{};
  while (answer.origin == 0) {
    if (!drain([&](const model::Replied& replied) { answer = replied; })) std::this_thread::yield();
  }
  return answer;
}

}  // namespace hulan::app::bench
