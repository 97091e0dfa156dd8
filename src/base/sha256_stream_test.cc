// SPDX-License-Identifier: Apache-2.0
#include "base/sha256_stream.h"

#include <gtest/gtest.h>

#include <vector>

namespace hulan {
namespace {

TEST(Sha256Stream, pieces_give_the_hash_of_the_whole_and_the_stream_starts_anew) {
  const std::vector<std::uint8_t> data(1000, 7);
  Sha256Stream stream;
  for (int round = 0; round < 2; ++round) {
    stream.update(std::span(data).first(333));
    stream.update(std::span(data).subspan(333));
    EXPECT_EQ(stream.finish(), sha256(data));
  }
}

}  // namespace
}  // namespace hulan
