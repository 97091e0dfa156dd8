// SPDX-License-Identifier: Apache-2.0
#include "journal/snapshot_file.h"

#include <gtest/gtest.h>

#include "journal/test_support.h"
#include "journal/verify.h"

namespace hulan::journal {
namespace {

using testing::Bytes;

class SnapshotTest : public testing::JournalTest {
 protected:
  void SetUp() override { open(); }

  std::string snapshot(std::uint8_t fill) {
    SnapshotHeader header;
    header.sequence = writer_->next_sequence() - 1;
    header.time_ns = writer_->time_ns();
    header.rules_version = 3;
    header.market = writer_->market();
    header.chain = writer_->chain();
    header.state_hash.fill(fill);
    const Bytes a(1001, fill);
    const Bytes b(4096, fill);
    const SectionParts sections[] = {{"lots", {a, b}}, {"a name of 24 characters!", {}}};
    const auto path = write_snapshot(storage(), directory(), header, sections);
    EXPECT_TRUE(path.has_value());
    return path.value_or("");
  }
};

TEST_F(SnapshotTest, header_and_sections_come_back_as_written_and_aligned) {
  append(1, 2);
  const std::string path = snapshot(7);
  const auto newest = load_newest_snapshot(storage(), directory());
  ASSERT_TRUE(newest.has_value());
  ASSERT_TRUE(newest->snapshot.has_value());
  const Snapshot& back = *newest->snapshot;
  EXPECT_EQ(back.path(), path);
  EXPECT_EQ(back.header().sequence, 2U);
  EXPECT_EQ(back.header().rules_version, 3U);
  EXPECT_EQ(back.header().market, testing::kMarket);
  EXPECT_EQ(back.header().chain, writer_->chain());
  EXPECT_EQ(back.header().state_hash[31], 7);
  EXPECT_EQ(back.section_count(), 2U);
  const auto lots = back.section("lots");
  ASSERT_TRUE(lots.has_value());
  EXPECT_EQ(Bytes(lots->begin(), lots->end()), Bytes(5097, 7));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(lots->data()) % 8, 0U);
  ASSERT_TRUE(back.section("a name of 24 characters!").has_value());
  EXPECT_TRUE(back.section("a name of 24 characters!")->empty());
  EXPECT_FALSE(back.section("bids").has_value());
}

TEST_F(SnapshotTest, sections_can_be_read_piece_by_piece_to_where_they_are_wanted) {
  append(1, 2);
  const std::string path = snapshot(7);
  EXPECT_TRUE(prove_snapshot(storage(), path));
  auto file = SnapshotFile::open(storage(), path);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->header().state_hash[31], 7);
  EXPECT_EQ(file->length("lots"), 5097U);
  EXPECT_EQ(file->length("a name of 24 characters!"), 0U);
  EXPECT_FALSE(file->length("bids").has_value());
  Bytes lots(5097);
  ASSERT_TRUE(file->read("lots", 0, std::span(lots).first(1000)));
  ASSERT_TRUE(file->read("lots", 1000, std::span(lots).subspan(1000)));
  EXPECT_EQ(lots, Bytes(5097, 7));
}

TEST_F(SnapshotTest, none_is_no_error) {
  const auto newest = load_newest_snapshot(storage(), directory());
  ASSERT_TRUE(newest.has_value());
  EXPECT_FALSE(newest->snapshot.has_value());
}

TEST_F(SnapshotTest, the_newest_two_are_kept) {
  for (std::uint8_t i = 1; i <= 4; ++i) {
    append(i);
    snapshot(i);
  }
  const auto paths = list_snapshots(storage(), directory());
  ASSERT_EQ(paths->size(), 2U);
  EXPECT_TRUE((*paths)[0].ends_with("00000000000000000004.snapshot"));
  EXPECT_TRUE((*paths)[1].ends_with("00000000000000000003.snapshot"));
}

TEST_F(SnapshotTest, a_snapshot_broken_anywhere_is_skipped_with_its_reason_and_the_older_used) {
  append(1);
  const std::string older = snapshot(1);
  append(2);
  const std::string newer = snapshot(2);
  const auto size = std::filesystem::file_size(newer);
  for (std::uint64_t byte = 0; byte < size; byte += byte < 160 ? 1 : 97) {
    SCOPED_TRACE(byte);
    flip(newer, byte);
    const auto newest = load_newest_snapshot(storage(), directory());
    ASSERT_TRUE(newest.has_value());
    ASSERT_TRUE(newest->snapshot.has_value());
    EXPECT_EQ(newest->snapshot->path(), older);
    ASSERT_EQ(newest->skipped.size(), 1U);
    EXPECT_EQ(newest->skipped[0].path, newer);
    EXPECT_FALSE(newest->skipped[0].reason.empty());
    EXPECT_FALSE(prove_snapshot(storage(), newer));
    flip(newer, byte);
  }
  for (const std::uintmax_t cut : {std::uintmax_t{0}, std::uintmax_t{100}, size - 1}) {
    std::filesystem::resize_file(newer, cut);
    EXPECT_EQ(load_newest_snapshot(storage(), directory())->snapshot->path(), older);
    EXPECT_FALSE(prove_snapshot(storage(), newer));
  }
  EXPECT_TRUE(prove_snapshot(storage(), older));
}

TEST_F(SnapshotTest, verify_of_a_sound_directory_counts_and_finds_nothing) {
  for (std::uint8_t i = 0; i < 20; ++i) append(i, 1000);
  snapshot(1);
  ASSERT_TRUE(*writer_->close_idle());
  append(1);
  snapshot(2);
  std::uint64_t told = 0;
  const auto report =
      verify(storage(), directory(), [&](std::uint64_t records) { told = records; });
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->sound());
  EXPECT_EQ(report->records, 20'001U);
  EXPECT_EQ(told, 20'001U);
  EXPECT_EQ(report->batches, 22U);
  EXPECT_GT(report->segments, 2U);
  EXPECT_EQ(report->end.chain, writer_->chain());
  EXPECT_EQ(report->valid_snapshots.size(), 2U);
}

TEST_F(SnapshotTest, verify_names_each_broken_place) {
  append(1);
  const std::string older = snapshot(1);
  append(2);
  const std::string newer = snapshot(2);
  append(3);
  flip(older, 300);
  flip(segment(), kFirstBatchOffset + kBlockBytes + 140);
  const auto report = verify(storage(), directory());
  ASSERT_TRUE(report.has_value());
  ASSERT_EQ(report->damage.size(), 2U);
  EXPECT_EQ(report->damage[0].path, segment());
  EXPECT_EQ(report->damage[0].offset, kFirstBatchOffset + kBlockBytes);
  EXPECT_EQ(report->damage[0].sequence, 2U);
  EXPECT_EQ(report->damage[1].path, older);
  EXPECT_FALSE(report->sound());
}

TEST_F(SnapshotTest, verify_finds_a_snapshot_whose_records_are_gone) {
  append(1);
  const std::uint64_t at = append(2);
  const std::string path = snapshot(1);
  close();
  put(segment(), at, Bytes(kBlockBytes, 0));
  const auto report = verify(storage(), directory());
  ASSERT_TRUE(report.has_value());
  ASSERT_EQ(report->damage.size(), 1U);
  EXPECT_EQ(report->damage[0].path, path);
}

TEST_F(SnapshotTest, verify_tells_a_folder_without_a_journal) {
  const auto report = verify(storage(), directory() + "/nothing");
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().kind, ErrorKind::kMissing);
}

}  // namespace
}  // namespace hulan::journal
