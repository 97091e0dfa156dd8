// SPDX-License-Identifier: Apache-2.0
#include "base/byte_ring.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace hulan {
namespace {

std::vector<std::uint8_t> pattern(std::size_t n, std::uint32_t seed) {
  std::vector<std::uint8_t> bytes(n);
  for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(seed * 31 + i);
  return bytes;
}

TEST(ByteRing, an_empty_ring_gives_nothing) {
  ByteRing ring(4096);
  EXPECT_EQ(ring.front().data(), nullptr);
}

TEST(ByteRing, a_full_ring_refuses_and_takes_again_after_a_pop) {
  ByteRing ring(4096);
  const auto bytes = pattern(496, 1);
  int pushed = 0;
  while (ring.push(bytes)) ++pushed;
  EXPECT_EQ(pushed, 8);
  ring.pop();
  EXPECT_TRUE(ring.push(bytes));
  EXPECT_FALSE(ring.push(bytes));
}

TEST(ByteRing, two_threads_pass_every_record_whole_and_in_order) {
  ByteRing ring(1 << 14);
  constexpr std::uint32_t kRecords = 200'000;
  std::thread producer([&] {
    for (std::uint32_t i = 0; i < kRecords; ++i) {
      const auto bytes = pattern(1 + i * 7919 % 900, i);
      const std::span<const std::uint8_t> all(bytes);
      const std::size_t cut = i % bytes.size();
      while (!ring.push(all.first(cut), all.subspan(cut))) std::this_thread::yield();
    }
  });
  for (std::uint32_t i = 0; i < kRecords; ++i) {
    std::span<const std::uint8_t> record;
    while ((record = ring.front()).data() == nullptr) std::this_thread::yield();
    const auto expected = pattern(1 + i * 7919 % 900, i);
    ASSERT_TRUE(std::equal(record.begin(), record.end(), expected.begin(), expected.end())) << i;
    ring.pop();
  }
  producer.join();
  EXPECT_TRUE(ring.empty());
}

}  // namespace
}  // namespace hulan
