// SPDX-License-Identifier: Apache-2.0
// A bounded queue of byte records between exactly one producing and one consuming thread. No locks,
// no allocation after construction. A record is contiguous and 16-byte aligned.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>

#include "base/assert.h"

namespace hulan {

class ByteRing {
 public:
  /// `capacity` in bytes, a power of two of at least 4096. No record may exceed a quarter of it.
  explicit ByteRing(std::size_t capacity)
      : data_(static_cast<std::uint8_t*>(::operator new(capacity, std::align_val_t{64}))),
        capacity_(capacity) {
    HULAN_ASSERT(capacity >= 4096 && (capacity & (capacity - 1)) == 0);
  }

  /// Producer: appends one record of both parts, or returns false if it does not fit now.
  [[nodiscard]] bool push(std::span<const std::uint8_t> first,
                          std::span<const std::uint8_t> second = {}) {
    const std::size_t length = first.size() + second.size();
    const std::size_t need = kPrefix + round_up(length);
    HULAN_ASSERT(need <= capacity_ / 4);
    std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    const std::size_t offset = tail & (capacity_ - 1);
    const std::size_t skip = offset + need > capacity_ ? capacity_ - offset : 0;
    if (tail + skip + need - head_seen_ > capacity_) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail + skip + need - head_seen_ > capacity_) return false;
    }
    if (skip != 0) {
      store_length(offset, kSkip);
      tail += skip;
    }
    std::uint8_t* out = data_.get() + (tail & (capacity_ - 1));
    store_length(tail & (capacity_ - 1), length);
    if (!first.empty()) std::memcpy(out + kPrefix, first.data(), first.size());
    if (!second.empty()) std::memcpy(out + kPrefix + first.size(), second.data(), second.size());
    tail_.store(tail + need, std::memory_order_release);
    return true;
  }

  /// Consumer: the oldest record, valid until pop(); empty data() pointer means there is none.
  [[nodiscard]] std::span<const std::uint8_t> front() {
    std::uint64_t head = head_.load(std::memory_order_relaxed);
    while (true) {
      if (head == tail_seen_) {
        tail_seen_ = tail_.load(std::memory_order_acquire);
        if (head == tail_seen_) return {};
      }
      const std::size_t offset = head & (capacity_ - 1);
      std::uint64_t length = 0;
      std::memcpy(&length, data_.get() + offset, sizeof(length));
      if (length != kSkip) return {data_.get() + offset + kPrefix, length};
      head += capacity_ - offset;
      head_.store(head, std::memory_order_release);
    }
  }

  /// Consumer: drops what front() gave.
  void pop() {
    const std::span<const std::uint8_t> record = front();
    HULAN_ASSERT(record.data() != nullptr);
    head_.fetch_add(kPrefix + round_up(record.size()), std::memory_order_release);
  }

  /// Bytes in use now, for metrics. Any thread.
  [[nodiscard]] std::size_t used() const {
    return static_cast<std::size_t>(tail_.load(std::memory_order_relaxed) -
                                    head_.load(std::memory_order_relaxed));
  }
  [[nodiscard]] bool empty() const {
    return tail_.load(std::memory_order_acquire) == head_.load(std::memory_order_acquire);
  }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  static constexpr std::size_t kPrefix = 16;  // length, padded to keep records aligned
  static constexpr std::uint64_t kSkip = ~std::uint64_t{0};
  static constexpr std::size_t round_up(std::size_t n) { return (n + 15) / 16 * 16; }
  void store_length(std::size_t offset, std::uint64_t length) {
    std::memcpy(data_.get() + offset, &length, sizeof(length));
  }

  struct Free {
    void operator()(std::uint8_t* p) const { ::operator delete(p, std::align_val_t{64}); }
  };
  std::unique_ptr<std::uint8_t, Free> data_;
  std::size_t capacity_;
  alignas(64) std::atomic<std::uint64_t> head_{0};
  std::uint64_t tail_seen_ = 0;  // consumer's copy
  alignas(64) std::atomic<std::uint64_t> tail_{0};
  std::uint64_t head_seen_ = 0;  // producer's copy
};

}  // namespace hulan
