// SPDX-License-Identifier: Apache-2.0
// The known note and key are those of the documentation of Go's sumdb/note.
#include "proof/note.h"

#include <gtest/gtest.h>

#include "proof/checkpoint.h"

namespace hulan::proof {
namespace {

constexpr std::string_view kKnownKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kKnownText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr std::string_view kKnownSignature =
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng"
    "otpRZb6KE6RyyBwJnAM=\n";

Signer signer_of(std::uint8_t fill, const std::string& name = "hulan/test") {
  std::array<std::uint8_t, 32> seed;
  seed.fill(fill);
  return Signer(name, seed);
}

std::string known_note() { return std::string(kKnownText) + "\n" + std::string(kKnownSignature); }

TEST(Note, R13_2_a_note_signed_by_another_program_is_opened_with_its_key) {
  const auto key = PublicKey::parse(kKnownKey);
  ASSERT_TRUE(key) << key.error();
  EXPECT_EQ(key->text(), kKnownKey);
  const auto text = open_note(known_note(), *key);
  ASSERT_TRUE(text) << text.error();
  EXPECT_EQ(*text, kKnownText);
}

TEST(Note, R13_2_a_change_of_any_byte_of_the_text_is_found) {
  const auto key = PublicKey::parse(kKnownKey);
  for (std::size_t at = 0; at < kKnownText.size(); ++at) {
    std::string note = known_note();
    note[at] = static_cast<char>(note[at] ^ 1);
    EXPECT_FALSE(open_note(note, *key)) << at;
  }
}

TEST(Note, R13_2_keys_are_written_and_read_back_and_sign_alike) {
  const Signer signer = signer_of(7);
  const auto again = Signer::parse(signer.private_text());
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->public_key().text(), signer.public_key().text());
  EXPECT_EQ(again->sign("one\n"), signer.sign("one\n"));
  EXPECT_EQ(*open_note(signer.sign("one\n"), signer.public_key()), "one\n");
}

TEST(Note, R13_2_another_key_another_name_and_a_missing_signature_are_refused_by_name) {
  const std::string note = signer_of(7).sign("one\n");
  EXPECT_FALSE(open_note(note, signer_of(8).public_key()));
  EXPECT_EQ(open_note(note, signer_of(7, "hulan/other").public_key()).error(),
            "it is not signed by hulan/other");
  EXPECT_FALSE(open_note("one\n", signer_of(7).public_key()));
  EXPECT_FALSE(open_note("", signer_of(7).public_key()));
  EXPECT_FALSE(open_note("\n\n", signer_of(7).public_key()));
}

TEST(Note, R13_2_what_is_no_key_is_refused) {
  for (const std::string_view text :
       {"", "name", "name+00000000", "name+00000000+AAAA", "na me+c74f20a3+ARpc",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX"}) {
    EXPECT_FALSE(PublicKey::parse(text)) << text;
    EXPECT_FALSE(Signer::parse(text)) << text;
  }
}

Checkpoint known_checkpoint() {
  Checkpoint checkpoint;
  checkpoint.origin = "hulan/000102030405060708090a0b0c0d0e0f";
  checkpoint.size = 77;
  checkpoint.root.fill(1);
  checkpoint.time_ns = 1'705'309'200'123'456'789;
  checkpoint.made_ns = 1'705'309'260'000'000'001;
  checkpoint.chain.fill(2);
  return checkpoint;
}

TEST(Checkpoint, R13_2_its_text_is_that_of_the_format) {
  EXPECT_EQ(known_checkpoint().text(),
            "hulan/000102030405060708090a0b0c0d0e0f\n"
            "77\n"
            "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
            "sequence 77\n"
            "time 2024-01-15T09:00:00.123456789Z\n"
            "made 2024-01-15T09:01:00.000000001Z\n"
            "chain 0202020202020202020202020202020202020202020202020202020202020202\n");
}

TEST(Checkpoint, R13_2_it_is_read_back_and_any_other_line_is_refused) {
  const std::string text = known_checkpoint().text();
  const auto read = Checkpoint::parse(text);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->text(), text);
  EXPECT_EQ(read->time_ns, known_checkpoint().time_ns);
  for (std::size_t at = 39; at < text.size(); ++at) {  // after the origin, which is any text
    std::string broken = text;
    broken[at] = broken[at] == '!' ? '?' : '!';
    EXPECT_FALSE(Checkpoint::parse(broken)) << at;
  }
  EXPECT_FALSE(Checkpoint::parse(text + "more\n"));
  EXPECT_FALSE(Checkpoint::parse(""));
}

TEST(Checkpoint, R13_2_the_key_of_another_market_opens_nothing) {
  const Checkpoint checkpoint = known_checkpoint();
  const Signer own = signer_of(1, checkpoint.origin);
  EXPECT_TRUE(Checkpoint::open(own.sign(checkpoint.text()), own.public_key()));
  const Signer other = signer_of(1, "hulan/other");
  EXPECT_FALSE(Checkpoint::open(other.sign(checkpoint.text()), other.public_key()));
}

}  // namespace
}  // namespace hulan::proof
