// SPDX-License-Identifier: Apache-2.0
#include "base/sealed_box.h"

#include <gtest/gtest.h>

namespace hulan {
namespace {

TEST(SealedBox, R5_3_4_the_bytes_are_price_quantity_and_salt_little_endian) {
  Opening opening{0x0102030405060708, 258, {}};
  opening.salt.fill(0xab);
  const OpeningBytes bytes = opening_bytes(opening);
  EXPECT_EQ(to_hex(bytes), "08070605040302010201000000000000abababababababababababababababab");
  const Opening back = read_opening(bytes);
  EXPECT_EQ(back.price, opening.price);
  EXPECT_EQ(back.quantity, 258);
  EXPECT_EQ(back.salt, opening.salt);
  EXPECT_EQ(commitment_of(opening), sha256(bytes));
}

TEST(SealedBox, R5_3_4_only_both_shares_together_open_a_box) {
  SealKeyBytes a{};
  SealKeyBytes b{};
  fill_random(a);
  fill_random(b);
  const SealKeyBytes secret = join_shares(a, b);
  const SealKeyBytes key = public_seal_key(secret);
  const SealedBoxBytes box = seal_box({15'000, 200, {}}, key);
  const auto opened = open_box(box, key, secret);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->price, 15'000);
  EXPECT_FALSE(open_box(box, key, a));
  EXPECT_FALSE(open_box(box, key, b));
  SealedBoxBytes changed = box;
  changed[60] ^= 1;
  EXPECT_FALSE(open_box(changed, key, secret));
}

TEST(SealedBox, R5_3_4_a_given_ephemeral_secret_makes_the_same_bytes_which_libsodium_opens) {
  SealKeyBytes secret{};
  secret.fill(7);
  SealKeyBytes ephemeral{};
  ephemeral.fill(9);
  const SealKeyBytes key = public_seal_key(secret);
  const Opening opening{15'420, 200, {1, 2, 3}};
  const SealedBoxBytes box = seal_box(opening, key, ephemeral);
  EXPECT_EQ(box, seal_box(opening, key, ephemeral));
  const auto opened = open_box(box, key, secret);
  ASSERT_TRUE(opened);
  EXPECT_EQ(commitment_of(*opened), commitment_of(opening));
}

}  // namespace
}  // namespace hulan
