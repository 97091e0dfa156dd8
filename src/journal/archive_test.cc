// SPDX-License-Identifier: Apache-2.0
#include "journal/archive.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "journal/snapshot_file.h"
#include "journal/test_support.h"
#include "journal/verify.h"

namespace hulan::journal::testing {
namespace {

namespace fs = std::filesystem;

Bytes content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Archive : public JournalTest {
 protected:
  /// A journal of at least `segments` segments; a frame of an archive holds one of them whole
  /// unless they are larger.
  void fill(std::size_t segments, std::uint64_t segment_bytes = kMinSegmentBytes) {
    open(segment_bytes);
    for (std::uint8_t fill = 1; list_segments(storage(), directory())->size() < segments; ++fill) {
      append(fill, 40, 600);
    }
    close();
  }
  void snapshot(std::uint64_t sequence) {
    SnapshotHeader header;
    header.sequence = sequence;
    header.market = kMarket;
    const auto scanned = scan(storage(), directory(), {}, [&](const BatchView& batch) {
      header.chain = batch.chain;
      return batch.header.next_sequence() <= sequence;
    });
    ASSERT_TRUE(scanned.has_value());
    ASSERT_TRUE(write_snapshot(storage(), directory(), header, {}).has_value());
  }
  ArchiveReport archive(ArchiveScope scope = ArchiveScope::kAllButLast) {
    const auto done = archive_segments(storage(), directory(), scope, {});
    EXPECT_TRUE(done.has_value()) << done.error().message();
    return *done;
  }
  Seen seen(const ScanOptions& options = {}) {
    Seen all;
    const auto scanned = read(all, options);
    EXPECT_TRUE(scanned.has_value()) << scanned.error().message();
    return all;
  }
  std::string packed(std::uint64_t first = 1) const { return segment(first) + ".zst"; }
};

TEST_F(Archive, R13_1_every_reader_gets_the_same_records_from_packed_segments) {
  fill(4);
  const auto before = seen();
  const auto report = archive();
  EXPECT_EQ(report.segments, 3U);
  EXPECT_EQ(report.bytes_before, 3 * kMinSegmentBytes);
  EXPECT_LT(report.bytes_after, report.bytes_before / 10) << "the same byte, over and over";
  EXPECT_FALSE(fs::exists(segment()));
  EXPECT_TRUE(fs::exists(packed()));
  const auto after = seen();
  EXPECT_EQ(after.sequences, before.sequences);
  EXPECT_EQ(after.types, before.types);
  const auto middle = before.sequences[before.sequences.size() / 2];
  EXPECT_EQ(seen({.from_sequence = middle, .anchor = {}, .market = {}}).sequences.back(),
            before.sequences.back());
  const auto verified = verify(storage(), directory(), {});
  ASSERT_TRUE(verified.has_value());
  EXPECT_TRUE(verified->sound());
  EXPECT_EQ(verified->records, before.sequences.size());
}

TEST_F(Archive, R13_1_any_zstd_tool_gives_the_segment_back) {
  fill(2, 8 * kArchiveFrameBytes);
  const Bytes before = content(segment());
  archive();
  const std::string to = folder_.path() + "/unpacked";
  ASSERT_EQ(std::system(("zstd -q -t " + packed()).c_str()), 0);
  ASSERT_EQ(std::system(("zstd -q -d " + packed() + " -o " + to).c_str()), 0);
  EXPECT_EQ(content(to), before);
}

TEST_F(Archive, R13_1_a_record_is_read_from_any_place_of_a_packed_segment) {
  fill(2, 4 * kArchiveFrameBytes);
  const Bytes before = content(segment());
  archive();
  auto file = open_segment(storage(), {1, packed()});
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(*(*file)->size(), before.size());
  Bytes out(100'000);
  for (std::size_t at = 0; at < before.size(); at += 77'777) {
    const auto got = (*file)->read_at(at, out);
    ASSERT_TRUE(got.has_value());
    ASSERT_EQ(*got, std::min(out.size(), before.size() - at));
    ASSERT_TRUE(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*got),
                           before.begin() + static_cast<std::ptrdiff_t>(at)));
  }
  EXPECT_EQ(*(*file)->read_at(before.size(), out), 0U);
}

TEST_F(Archive, R13_1_only_what_no_start_reads_is_packed_unless_all_is_asked_for) {
  fill(4);
  const auto segments = *list_segments(storage(), directory());
  EXPECT_EQ(archive(ArchiveScope::kBeforeSnapshots).segments, 0U) << "without a snapshot, none";
  snapshot(segments[2].first_sequence - 1);
  EXPECT_EQ(archive(ArchiveScope::kBeforeSnapshots).segments, 1U)
      << "a start begins with the segment of the snapshot's own record";
  snapshot(segments[2].first_sequence + 1);
  EXPECT_EQ(archive(ArchiveScope::kBeforeSnapshots).segments, 0U) << "the older one is still kept";
  EXPECT_EQ(archive().segments, 2U);
  EXPECT_EQ(archive().segments, 0U);
}

TEST_F(Archive, R13_1_what_an_end_in_the_middle_left_is_put_right) {
  fill(3);
  const auto before = seen();
  const Bytes plain = content(segment());
  archive();
  std::ofstream(segment(), std::ios::binary)
      .write(reinterpret_cast<const char*>(plain.data()),
             static_cast<std::streamsize>(plain.size()));
  std::ofstream(packed(), std::ios::binary | std::ios::trunc) << "half";
  std::ofstream(packed() + ".tmp", std::ios::binary) << "half";
  EXPECT_EQ(seen().sequences, before.sequences) << "the plain one counts";
  EXPECT_EQ(archive().segments, 1U);
  EXPECT_FALSE(fs::exists(segment()));
  EXPECT_FALSE(fs::exists(packed() + ".tmp"));
  EXPECT_EQ(seen().sequences, before.sequences);
}

TEST_F(Archive, R13_1_a_market_goes_on_after_a_packed_last_segment) {
  fill(2);
  const auto before = seen();
  archive();
  fs::remove(list_segments(storage(), directory())->back().path);
  const auto left = seen();
  ASSERT_LT(left.sequences.size(), before.sequences.size() + 1);
  open();
  append(9);
  close();
  EXPECT_EQ(seen().sequences.size(), left.sequences.size() + 1);
}

// zstd ignores a few bits of its headers: then nothing has changed.
TEST_F(Archive, R13_1_a_changed_byte_anywhere_in_an_archive_is_refused_with_its_place) {
  fill(2);
  const auto before = seen();
  archive();
  const Bytes sound = content(packed());
  const auto length = static_cast<std::uint64_t>(sound.size());
  std::uint64_t refused = 0, tried = 0;
  for (std::uint64_t at = 0; at<length; at += at + 200> length ? 1 : length / 97) {
    flip(packed(), at);
    Seen now;
    const auto scanned = read(now);
    ++tried;
    if (scanned) {
      EXPECT_EQ(now.types, before.types) << at;
    } else {
      ++refused;
      EXPECT_EQ(scanned.error().kind, ErrorKind::kDamage) << scanned.error().message();
      EXPECT_EQ(scanned.error().path, packed());
      EXPECT_EQ(scanned.error().sequence, 1U) << scanned.error().message();
    }
    flip(packed(), at);
  }
  EXPECT_GT(refused, tried * 9 / 10);
  EXPECT_TRUE(read().has_value());
  for (const std::uint64_t shorter : {std::uint64_t{0}, std::uint64_t{5}, length / 2, length - 1}) {
    fs::resize_file(packed(), shorter);
    EXPECT_EQ(read().error().kind, ErrorKind::kDamage);
    std::ofstream(packed(), std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(sound.data()), static_cast<std::streamsize>(length));
  }
}

TEST_F(Archive, R13_1_two_at_once_are_one_too_many) {
  fill(2);
  const auto lock = storage().lock(directory() + "/archive.lock");
  ASSERT_TRUE(lock.has_value());
  const auto refused = archive_segments(storage(), directory(), ArchiveScope::kAllButLast, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::kLocked);
  EXPECT_TRUE(fs::exists(segment()));
}

TEST_F(Archive, R13_1_stopped_half_way_it_leaves_the_segments_as_they_were) {
  fill(2, 4 * kArchiveFrameBytes);
  const auto stopped = archive_segments(storage(), directory(), ArchiveScope::kAllButLast,
                                        [](std::uint64_t, std::uint64_t) { return false; });
  ASSERT_TRUE(stopped.has_value());
  EXPECT_EQ(stopped->segments, 0U);
  EXPECT_TRUE(fs::exists(segment()));
  EXPECT_FALSE(fs::exists(packed()));
}

}  // namespace
}  // namespace hulan::journal::testing
