// SPDX-License-Identifier: Apache-2.0
#include "engine/context.h"

#include <new>

namespace hulan::engine {
namespace {
constexpr std::align_val_t kAlignment{64};
}

EventBuffer::EventBuffer(std::size_t capacity)
    : data_(static_cast<std::uint8_t*>(::operator new[](capacity, kAlignment))),
      capacity_(capacity) {
  std::memset(data_.get(), 0, capacity);  // touched now, so that no page fault meets a bid
}

void EventBuffer::Free::operator()(std::uint8_t* p) const { ::operator delete[](p, kAlignment); }

std::uint8_t* EventBuffer::latest_reply() {
  model::EventHeader header;
  HULAN_ASSERT(size_ - last_ >= sizeof(model::Replied));
  std::memcpy(&header, data_.get() + last_, sizeof(header));
  HULAN_ASSERT(header.type == model::EventType::kReplied);
  return data_.get() + last_;
}

void EventBuffer::set_origin(std::uint64_t origin) {
  std::memcpy(latest_reply() + offsetof(model::Replied, origin), &origin, sizeof(origin));
}

void EventBuffer::set_leaf(const std::array<std::uint8_t, 16>& salt,
                           const std::array<std::uint8_t, 32>& leaf) {
  std::uint8_t* reply = latest_reply();
  std::memcpy(reply + offsetof(model::Replied, salt), salt.data(), salt.size());
  std::memcpy(reply + offsetof(model::Replied, leaf), leaf.data(), leaf.size());
}

}  // namespace hulan::engine
