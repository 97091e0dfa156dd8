// SPDX-License-Identifier: Apache-2.0
#include "journal/reader.h"

#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "journal/test_support.h"

namespace hulan::journal {
namespace {

using testing::Bytes;
using testing::record;
using testing::Seen;

class RecoveryTest : public testing::JournalTest {
 protected:
  /// Gives a changed block of batch or segment header a true checksum again.
  static void mend_checksum(const std::string& path, std::uint64_t offset, std::size_t length) {
    put(path, offset + 8, Bytes(4, 0));
    Bytes crc(4);
    store_le(crc.data(), crc32c(get(path, offset, length)));
    put(path, offset + 8, crc);
  }
};

TEST_F(RecoveryTest, a_last_batch_torn_anywhere_is_reported_zeroed_and_written_anew) {
  open();
  append(1);
  const std::uint64_t at = append(2, 300);  // 12128 bytes: three blocks
  close();
  const Bytes whole = get(segment(), at, 3 * kBlockBytes);
  std::vector<std::size_t> cuts{1, 4, 5, 47, 127, 128, 129, 511, 512, 4095, 4096, 4097, 8191, 8192};
  for (std::size_t cut = 600; cut < kBatchHeaderBytes + 300 * 40; cut += 997) cuts.push_back(cut);
  for (const std::size_t cut : cuts) {
    SCOPED_TRACE(cut);
    Bytes torn = whole;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), std::uint8_t{0});
    put(segment(), at, torn);
    Seen before;
    const auto result = read(before);
    ASSERT_TRUE(result.has_value()) << result.error().message();
    ASSERT_TRUE(result->torn.has_value());
    EXPECT_EQ(result->torn->offset, at);
    EXPECT_EQ(result->torn->sequence, 2U);
    EXPECT_EQ(before.sequences, (std::vector<std::uint64_t>{1}));

    open();
    EXPECT_EQ(get(segment(), at, whole.size()), Bytes(whole.size(), 0));
    EXPECT_EQ(append(3), at);
    close();
    Seen after;
    ASSERT_TRUE(read(after).has_value());
    EXPECT_EQ(after.types, (std::vector<std::uint8_t>{1, 3}));
  }
}

TEST_F(RecoveryTest, a_torn_batch_whose_later_blocks_alone_arrived_is_torn_as_well) {
  open();
  append(1);
  const std::uint64_t at = append(2, 300);
  close();
  put(segment(), at, Bytes(kBlockBytes, 0));
  const auto result = read();
  ASSERT_TRUE(result.has_value()) << result.error().message();
  ASSERT_TRUE(result->torn.has_value());
  EXPECT_EQ(result->torn->length, 3 * kBlockBytes);
  open();
  EXPECT_EQ(append(3), at);
  EXPECT_TRUE(read().has_value());
}

TEST_F(RecoveryTest, a_bit_flipped_in_the_middle_is_refused_with_its_place) {
  open();
  append(1);
  const std::uint64_t at = append(2, 5);
  append(3);
  close();
  const std::size_t length = kBatchHeaderBytes + 5 * 40;
  for (std::size_t byte = 0; byte < length; byte += 3) {
    SCOPED_TRACE(byte);
    flip(segment(), at + byte);
    expect_damage(read(), segment(), at, 2);
    flip(segment(), at + byte);
  }
  EXPECT_TRUE(read().has_value());
}

TEST_F(RecoveryTest, a_flip_in_the_last_batch_is_damage_once_the_journal_was_closed_idle) {
  open();
  append(1);
  const std::uint64_t at = append(2);
  ASSERT_TRUE(*writer_->close_idle());
  close();
  flip(segment(), at + 130);
  expect_damage(read(), segment(), at, 2);
}

TEST_F(RecoveryTest, a_flip_in_the_last_batch_without_successor_counts_as_torn) {
  open();
  append(1);
  const std::uint64_t at = append(2);
  close();
  flip(segment(), at + 130);
  const auto result = read();
  ASSERT_TRUE(result.has_value());
  ASSERT_TRUE(result->torn.has_value());
  EXPECT_NE(result->torn->message().find("unacknowledged"), std::string::npos);
}

TEST_F(RecoveryTest, a_damaged_idle_batch_at_the_end_loses_no_record) {
  open();
  append(1);
  ASSERT_TRUE(*writer_->close_idle());
  close();
  flip(segment(), kFirstBatchOffset + kBlockBytes + 50);
  Seen seen;
  const auto result = read(seen);
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->torn.has_value());
  EXPECT_EQ(seen.sequences.size(), 1U);
  open();
  EXPECT_TRUE(*writer_->close_idle());  // the last records get their guard again
}

TEST_F(RecoveryTest, a_lost_write_before_a_later_batch_is_damage) {
  open();
  append(1);
  const std::uint64_t at = append(2);
  append(3);
  close();
  put(segment(), at, Bytes(kBlockBytes, 0));
  expect_damage(read(), segment(), at, 2);
}

TEST_F(RecoveryTest, blocks_beyond_the_reach_of_one_write_are_damage_not_a_torn_tail) {
  open();
  const std::uint64_t at = append(1);
  append(2);
  close();
  flip(segment(), at + 130);
  flip(segment(), at + kBlockBytes + 130);  // both broken: no valid successor remains
  expect_damage(read(), segment(), at, 1);
  flip(segment(), at + 130);
  flip(segment(), at + kBlockBytes + 130);
  put(segment(), 30 * kBlockBytes, Bytes(1, 1));  // misdirected
  expect_damage(read(), segment(), at + 2 * kBlockBytes, 3);
}

TEST_F(RecoveryTest, padding_that_is_not_zero_is_damage_even_at_the_end) {
  open();
  const std::uint64_t at = append(1);
  close();
  flip(segment(), at + kBlockBytes - 1);
  expect_damage(read(), segment(), at, 1);
}

TEST_F(RecoveryTest, a_changed_record_under_a_mended_checksum_breaks_the_chain) {
  open();
  const std::uint64_t first = append(1);
  const std::uint64_t second = append(2);
  close();
  flip(segment(), first + kBatchHeaderBytes + 30);
  mend_checksum(segment(), first, kBatchHeaderBytes + 40);
  const auto result = read();
  expect_damage(result, segment(), second, 2);
  EXPECT_NE(result.error().message().find("chain"), std::string::npos);
}

TEST_F(RecoveryTest, wrong_sequence_time_market_or_lengths_under_a_true_checksum_are_damage) {
  open();
  append(1);
  const std::uint64_t at = append(2);
  close();
  const Bytes good = get(segment(), at, kBlockBytes);
  const struct {
    std::size_t offset;
    const char* reason;
  } cases[] = {{24, "sequence"}, {47, "time"},     {112, "market"}, {20, "partition"},
               {16, "records"},  {130, "records"}, {39, nullptr}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.offset);
    flip(segment(), at + one.offset, 0x80);
    mend_checksum(segment(), at, kBatchHeaderBytes + 40);
    const auto result = read();
    if (one.reason == nullptr) {
      EXPECT_TRUE(result.has_value());  // a later epoch is a later leader
    } else {
      expect_damage(result, segment(), at, 2);
      if (!result) {
        EXPECT_NE(result.error().message().find(one.reason), std::string::npos);
      }
    }
    put(segment(), at, good);
  }
}

TEST_F(RecoveryTest, reading_from_the_middle_gives_the_batch_that_holds_the_sequence) {
  open();
  for (int i = 0; i < 20; ++i) append(static_cast<std::uint8_t>(i), 1000);
  Seen seen;
  const auto result = read(seen, {.from_sequence = 15'500, .anchor = {}, .market = {}});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(seen.sequences.front(), 15'001U);
  EXPECT_EQ(seen.sequences.back(), 20'000U);
  EXPECT_LT(result->segments, 3U);
}

TEST_F(RecoveryTest, an_anchor_is_found_before_and_after_the_idle_batch_and_across_segments) {
  open();
  std::vector<Anchor> anchors{{0, genesis_chain(testing::kMarket)}};
  for (int i = 0; i < 60; ++i) {
    append(static_cast<std::uint8_t>(i), 150);
    anchors.push_back({writer_->next_sequence() - 1, writer_->chain()});
    ASSERT_TRUE(*writer_->close_idle());
    anchors.push_back({writer_->next_sequence() - 1, writer_->chain()});
  }
  for (const Anchor& anchor : anchors) {
    Seen seen;
    const auto result = read(seen, {.from_sequence = 1, .anchor = anchor, .market = {}});
    ASSERT_TRUE(result.has_value()) << result.error().message();
    EXPECT_EQ(seen.sequences.size(), 60 * 150 - anchor.sequence);
    if (!seen.sequences.empty()) {
      EXPECT_EQ(seen.sequences.front(), anchor.sequence + 1);
    }
  }
}

TEST_F(RecoveryTest, an_anchor_that_is_not_in_the_journal_is_damage) {
  open();
  append(1, 2);
  append(2, 2);
  const auto read_from = [&](const Anchor& anchor) {
    Seen seen;
    return read(seen, {.from_sequence = 1, .anchor = anchor, .market = {}});
  };
  EXPECT_FALSE(read_from({2, Sha256{}}).has_value());
  const Anchor beyond_the_end{9, writer_->chain()};
  const auto result = read_from(beyond_the_end);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kDamage);
  close();
  std::filesystem::remove_all(journal_directory(directory()));
  EXPECT_FALSE(read_from(beyond_the_end).has_value());
}

TEST_F(RecoveryTest, the_callback_can_stop_the_reading) {
  open();
  append(1);
  append(2);
  const auto result = scan(storage(), directory(), {}, [](const BatchView&) { return false; });
  ASSERT_TRUE(result.has_value());
  EXPECT_TRUE(result->stopped);
  EXPECT_EQ(result->end.next_sequence, 2U);
}

class SegmentTest : public RecoveryTest {
 protected:
  void SetUp() override {
    open();
    for (int i = 0; i < 16; ++i) append(static_cast<std::uint8_t>(i), 1000);
    close();
    const auto segments = list_segments(storage(), directory());
    for (const auto& one : *segments) firsts_.push_back(one.first_sequence);
    ASSERT_GE(firsts_.size(), 3U);
  }
  std::vector<std::uint64_t> firsts_;
};

TEST_F(SegmentTest, a_missing_segment_is_refused_with_the_sequence_that_is_gone) {
  std::filesystem::remove(segment(firsts_[1]));
  const auto result = read();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kDamage);
  EXPECT_EQ(result.error().path, segment(firsts_[0]));
  EXPECT_EQ(result.error().sequence, firsts_[1]);
}

TEST_F(SegmentTest, a_missing_first_segment_is_refused) {
  std::filesystem::remove(segment(1));
  const auto result = read();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().sequence, 1U);
}

TEST_F(SegmentTest, a_cut_lengthened_or_empty_segment_is_refused) {
  for (const auto length : {std::uintmax_t{0}, std::uintmax_t{100}, std::uintmax_t{kBlockBytes},
                            std::uintmax_t{kMinSegmentBytes - kBlockBytes},
                            std::uintmax_t{kMinSegmentBytes + kBlockBytes}}) {
    SCOPED_TRACE(length);
    const Bytes good = get(segment(firsts_[2]), 0, kMinSegmentBytes);
    std::filesystem::resize_file(segment(firsts_[2]), length);
    expect_damage(read(), segment(firsts_[2]), 0, firsts_[2]);
    std::filesystem::resize_file(segment(firsts_[2]), kMinSegmentBytes);
    put(segment(firsts_[2]), 0, good);
  }
  EXPECT_TRUE(read().has_value());
}

TEST_F(SegmentTest, any_flip_in_a_segment_header_is_refused) {
  for (std::size_t byte = 0; byte < kBlockBytes; byte += byte < 128 ? 1 : 211) {
    SCOPED_TRACE(byte);
    flip(segment(firsts_[1]), byte);
    const auto result = read();
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().path, segment(firsts_[1]));
    flip(segment(firsts_[1]), byte);
  }
}

TEST_F(SegmentTest, a_segment_under_another_name_is_refused) {
  std::filesystem::rename(segment(firsts_[1]), segment(firsts_[1] + 1));
  EXPECT_FALSE(read().has_value());
}

TEST_F(SegmentTest, a_broken_last_batch_before_another_segment_is_damage_not_torn) {
  std::uint64_t offset = kFirstBatchOffset;
  std::uint64_t last = 0;
  std::uint64_t sequence = 0;
  (void)scan(storage(), directory(), {}, [&](const BatchView& batch) {
    if (*batch.path != segment(1)) return false;
    last = batch.offset;
    sequence = batch.header.first_sequence;
    offset = batch.offset + batch.header.padded_length();
    return true;
  });
  const Bytes good = get(segment(1), last, offset - last);
  flip(segment(1), last + 200);
  expect_damage(read(), segment(1), last, sequence);
  put(segment(1), last, Bytes(good.size(), 0));  // wholly gone: the next segment tells
  expect_damage(read(), segment(1), last, sequence);
  put(segment(1), last, good);
  EXPECT_TRUE(read().has_value());
}

TEST_F(SegmentTest, a_segment_of_another_market_is_refused) {
  Seen seen;
  MarketId other = testing::kMarket;
  other[0] ^= 1;
  const auto result = read(seen, {.from_sequence = 1, .anchor = {}, .market = other});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kDamage);
}

}  // namespace
}  // namespace hulan::journal
