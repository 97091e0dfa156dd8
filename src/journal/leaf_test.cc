// SPDX-License-Identifier: Apache-2.0
// The expected values were computed from docs/formats/journal.md with Python's hashlib and hmac.
#include "journal/leaf.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "journal/batch.h"
#include "journal/test_support.h"

namespace hulan::journal {
namespace {

SaltSeed counting_seed() {
  SaltSeed seed;
  std::iota(seed.begin(), seed.end(), std::uint8_t{0});
  return seed;
}

std::vector<std::uint8_t> known_record() {
  std::vector<std::uint8_t> record(28);
  record[0] = 7;
  record[1] = 1;
  store_le(record.data() + 2, std::uint16_t{12});
  store_le(record.data() + 4, std::uint32_t{5});
  store_le(record.data() + 8, std::uint32_t{9});
  std::iota(record.begin() + 12, record.end(), std::uint8_t{0});
  for (const char letter : std::string_view("bid of 12 by")) {
    record.push_back(static_cast<std::uint8_t>(letter));
  }
  return record;
}

TEST(Leaf, R13_2_salt_and_hash_of_a_known_record_are_the_independently_computed_ones) {
  const LeafSalt salt = leaf_salt(counting_seed(), 42);
  EXPECT_EQ(to_hex(salt), "9aa9091765a98381e9f06a5b69f0b45e");
  EXPECT_EQ(to_hex(leaf_hash(salt, 42, 1704067200123456789, known_record())),
            "f4ee3b98948388c2b7ee49e524a66b25fc5860e2aec953b77f3d78666a6994f6");
}

TEST(Leaf, R13_2_sequence_time_salt_and_every_byte_of_the_record_change_the_hash) {
  const LeafSalt salt = leaf_salt(counting_seed(), 42);
  const auto record = known_record();
  const Sha256 hash = leaf_hash(salt, 42, 1000, record);
  EXPECT_NE(leaf_hash(salt, 43, 1000, record), hash);
  EXPECT_NE(leaf_hash(salt, 42, 1001, record), hash);
  EXPECT_NE(leaf_hash(leaf_salt(counting_seed(), 43), 42, 1000, record), hash);
  for (std::size_t i = 0; i < record.size(); ++i) {
    auto changed = record;
    changed[i] ^= 1;
    EXPECT_NE(leaf_hash(salt, 42, 1000, changed), hash) << i;
  }
}

TEST(Batch, a_known_batch_has_the_independently_computed_bytes_and_chain) {
  BatchHeader header;
  header.body_length = 40;
  header.count = 1;
  header.first_sequence = 1;
  header.epoch = 1;
  header.time_ns = 1000;
  header.salt_seed = counting_seed();
  header.previous_chain = genesis_chain(testing::kMarket);
  header.market = testing::kMarket;
  std::vector<std::uint8_t> out(kBlockBytes, 0xFF);
  const Sha256 chain = encode_batch(header, known_record(), out);
  EXPECT_EQ(to_hex(header.previous_chain),
            "6d9fcf1d0b431ff23546a1eb908c708b0b2637a93689fbcb48c02a970991e3a2");
  EXPECT_EQ(load_le<std::uint32_t>(out.data() + 8), 0x01E3E6DDU);
  EXPECT_EQ(to_hex(sha256(std::span(out).first(168))),
            "367b13758a0893fd18bc900f89ed12b75f6d42cc5e33dcd7274bfc922c86221e");
  EXPECT_EQ(to_hex(chain), "c622115dcf4aeab5da4f39411dd4df5cd6bdecba7eafeceba90ed53faafe3238");

  const auto back = decode_batch(out);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->chain, chain);
  EXPECT_EQ(back->header.salt_seed, header.salt_seed);
  EXPECT_EQ(back->header.time_ns, 1000);
}

TEST(Batch, a_true_checksum_under_an_unknown_version_is_a_newer_batch_not_damage) {
  BatchHeader header;
  header.market = testing::kMarket;
  std::vector<std::uint8_t> out(kBlockBytes);
  encode_batch(header, {}, out);
  out[4] = 2;
  EXPECT_EQ(decode_batch(out).error(), Invalid::kChecksum);
  store_le(out.data() + 8, std::uint32_t{0});
  store_le(out.data() + 8, crc32c_portable(std::span(out).first(kBatchHeaderBytes)));
  EXPECT_EQ(decode_batch(out).error(), Invalid::kVersion);
}

TEST(Records, give_every_field_and_refuse_what_does_not_fill_the_body) {
  auto body = known_record();
  const auto second = testing::record(3, 0);
  body.insert(body.end(), second.begin(), second.end());
  ASSERT_TRUE(holds_records(body, 2));
  EXPECT_FALSE(holds_records(body, 1));
  EXPECT_FALSE(holds_records(body, 3));
  EXPECT_FALSE(holds_records(std::span(body).first(body.size() - 1), 2));
  std::vector<RecordView> seen;
  for (const RecordView& one : Records(10, 77, body)) seen.push_back(one);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].sequence, 10U);
  EXPECT_EQ(seen[0].time_ns, 77);
  EXPECT_EQ(seen[0].type, 7);
  EXPECT_EQ(seen[0].participant, 5U);
  EXPECT_EQ(seen[0].user, 9U);
  EXPECT_EQ(seen[0].client_id[15], 15);
  EXPECT_EQ(seen[0].body.size(), 12U);
  EXPECT_EQ(seen[0].bytes.size(), 40U);
  EXPECT_EQ(seen[1].sequence, 11U);
  EXPECT_TRUE(seen[1].body.empty());
}

}  // namespace
}  // namespace hulan::journal
