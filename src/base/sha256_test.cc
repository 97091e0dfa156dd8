// SPDX-License-Identifier: Apache-2.0
// Against the examples of FIPS 180-4 and RFC 4231.
#include "base/sha256.h"

#include <gtest/gtest.h>

#include <vector>

namespace hulan {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Sha256, gives_the_published_hashes_whole_or_in_parts) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256_of({bytes_of("a"), {}, bytes_of("bc")})), to_hex(sha256("abc")));
}

TEST(Sha256, a_keyed_hash_is_that_of_rfc_4231_for_short_and_long_keys) {
  EXPECT_EQ(to_hex(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const std::vector<std::uint8_t> key(131, 0xaa);
  EXPECT_EQ(
      to_hex(hmac_sha256(key, bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"))),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Sha256, a_kept_key_gives_the_same_hash_time_and_again) {
  const HmacKey key(bytes_of("Jefe"));
  EXPECT_EQ(key.mac(bytes_of("one")), hmac_sha256(bytes_of("Jefe"), bytes_of("one")));
  EXPECT_EQ(key.mac(bytes_of("two")), hmac_sha256(bytes_of("Jefe"), bytes_of("two")));
  EXPECT_EQ(key.mac(bytes_of("one")), hmac_sha256(bytes_of("Jefe"), bytes_of("one")));
}

}  // namespace
}  // namespace hulan
