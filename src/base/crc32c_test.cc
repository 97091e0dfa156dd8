// SPDX-License-Identifier: Apache-2.0
#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace hulan {
namespace {

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Crc32c, of_the_nine_digits_is_the_published_check_value) {
  EXPECT_EQ(crc32c(bytes("123456789")), 0xE3069283U);
  EXPECT_EQ(crc32c_portable(bytes("123456789")), 0xE3069283U);
  EXPECT_EQ(crc32c(bytes("")), 0U);
}

TEST(Crc32c, of_thirty_two_zeros_is_the_value_of_rfc_3720) {
  const std::vector<std::uint8_t> zeros(32, 0);
  EXPECT_EQ(crc32c(zeros), 0x8A9136AAU);
}

TEST(Crc32c, instruction_and_table_agree_at_every_length_and_split) {
  std::vector<std::uint8_t> data(67);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 37 + 11);
  for (std::size_t length = 0; length <= data.size(); ++length) {
    const std::span<const std::uint8_t> whole(data.data(), length);
    EXPECT_EQ(crc32c(whole), crc32c_portable(whole));
    const auto half = whole.first(length / 2);
    EXPECT_EQ(crc32c(whole.subspan(length / 2), crc32c(half)), crc32c(whole));
  }
}

}  // namespace
}  // namespace hulan
