// SPDX-License-Identifier: Apache-2.0
#include "journal/writer.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "journal/test_support.h"

namespace hulan::journal {
namespace {

using testing::Bytes;
using testing::records;
using testing::Seen;
using WriterTest = testing::JournalTest;

TEST_F(WriterTest, what_was_appended_is_read_back_in_order_after_reopening) {
  open();
  append(1, 3);
  append(2, 2);
  open();
  EXPECT_EQ(writer_->next_sequence(), 6U);
  append(3);
  Seen seen;
  const auto result = read(seen);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(seen.sequences, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(seen.types, (std::vector<std::uint8_t>{1, 1, 1, 2, 2, 3}));
  EXPECT_EQ(result->end.chain, writer_->chain());
  EXPECT_FALSE(result->torn.has_value());
}

TEST_F(WriterTest, a_batch_may_be_as_large_as_the_format_allows) {
  open();
  append(9, 1, kMaxBodyBytes - kRecordHeaderBytes);
  append(8);
  Seen seen;
  ASSERT_TRUE(read(seen).has_value());
  EXPECT_EQ(seen.types, (std::vector<std::uint8_t>{9, 8}));
}

TEST_F(WriterTest, batches_that_do_not_fit_go_on_in_a_new_segment_and_reopen_there) {
  open();
  for (int i = 0; i < 20; ++i) append(static_cast<std::uint8_t>(i), 1000);
  EXPECT_NE(writer_->position().path, segment(1));
  const Sha256 chain = writer_->chain();
  open();
  EXPECT_EQ(writer_->next_sequence(), 20'001U);
  EXPECT_EQ(writer_->chain(), chain);
  append(20);
  Seen seen;
  const auto result = read(seen);
  ASSERT_TRUE(result.has_value());
  EXPECT_GT(result->segments, 2U);
  EXPECT_EQ(result->records, 20'001U);
  for (std::size_t i = 0; i < seen.sequences.size(); ++i) ASSERT_EQ(seen.sequences[i], i + 1);
}

TEST_F(WriterTest, a_new_segment_without_a_batch_yet_is_continued) {
  open();
  while (writer_->position().offset + kBlockBytes <= kMinSegmentBytes) append(1);
  const auto next = writer_->next_sequence();
  append(2);
  close();
  put(segment(next), kFirstBatchOffset, Bytes(kBlockBytes, 0));  // as if killed after the renaming
  open();
  EXPECT_EQ(writer_->next_sequence(), next);
  append(3);
  Seen seen;
  ASSERT_TRUE(read(seen).has_value());
  EXPECT_EQ(seen.types.back(), 3);
}

TEST_F(WriterTest, an_idle_journal_is_closed_once_and_goes_on) {
  open();
  EXPECT_FALSE(*writer_->close_idle());
  append(1);
  EXPECT_TRUE(*writer_->close_idle());
  EXPECT_FALSE(*writer_->close_idle());
  open();
  EXPECT_FALSE(*writer_->close_idle());
  EXPECT_EQ(writer_->next_sequence(), 2U);
  append(2);
  Seen seen;
  const auto result = read(seen);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(seen.sequences, (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(result->batches, 3U);
}

TEST_F(WriterTest, each_batch_has_its_own_salt_seed_and_tells_it) {
  open();
  const auto a = writer_->append(1, 5, 1, records(1, 1));
  const auto b = writer_->append(2, 5, 1, records(1, 1));
  ASSERT_TRUE(a && b);
  EXPECT_NE(a->salt_seed, b->salt_seed);
  EXPECT_EQ(b->chain, writer_->chain());
  EXPECT_EQ(get(segment(), kFirstBatchOffset + 48, 32),
            Bytes(a->salt_seed.begin(), a->salt_seed.end()));
}

TEST_F(WriterTest, a_second_server_is_kept_out_until_the_first_has_gone) {
  open();
  const auto second = DataDirectory::open(storage(), directory(), IfMissing::kFail);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, ErrorKind::kLocked);
  close();
  EXPECT_TRUE(DataDirectory::open(storage(), directory(), IfMissing::kFail).has_value());
}

TEST_F(WriterTest, a_folder_without_a_journal_is_told_apart_from_a_broken_one) {
  const auto missing = DataDirectory::open(storage(), directory(), IfMissing::kFail);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, ErrorKind::kMissing);
  EXPECT_FALSE(std::filesystem::exists(directory()));
}

TEST_F(WriterTest, temporary_files_of_a_killed_server_are_removed) {
  open();
  close();
  const std::string left = journal_directory(directory()) + "/next.tmp";
  std::ofstream(left) << "half";
  open();
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(WriterTest, bad_use_stops_the_process) {
  open();
  append(1);
  const Bytes one = records(1, 1);
  EXPECT_DEATH((void)writer_->append(3, 100, 1, one), "first_sequence");
  EXPECT_DEATH((void)writer_->append(2, 0, 1, one), "time_ns");
  EXPECT_DEATH((void)writer_->append(2, 100, 2, one), "holds_records");
}

// Passes everything on to the real storage, until told to fail writes.
class FailingFile final : public io::File {
 public:
  FailingFile(std::unique_ptr<io::File> file, const bool& fail)
      : file_(std::move(file)), fail_(fail) {}
  io::Result<void> write_at(std::uint64_t offset, std::span<const std::uint8_t> data) override {
    if (fail_) return std::unexpected(io::Error{"write", "the segment", EIO});
    return file_->write_at(offset, data);
  }
  io::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
    return file_->read_at(offset, out);
  }
  io::Result<std::uint64_t> size() override { return file_->size(); }
  io::Result<void> sync() override { return file_->sync(); }

 private:
  std::unique_ptr<io::File> file_;
  const bool& fail_;
};

class FailingStorage final : public io::Storage {
 public:
  explicit FailingStorage(io::Storage& real) : real_(real) {}
  io::Result<std::unique_ptr<io::File>> open(const std::string& path, io::OpenMode mode) override {
    auto file = real_.open(path, mode);
    if (!file) return file;
    return std::make_unique<FailingFile>(std::move(*file), fail);
  }
  std::unique_ptr<io::Preparation> prepare_zeroed(const std::string& path,
                                                  std::uint64_t bytes) override {
    return real_.prepare_zeroed(path, bytes);
  }
  io::Result<void> rename(const std::string& from, const std::string& to) override {
    return real_.rename(from, to);
  }
  io::Result<void> remove(const std::string& path) override { return real_.remove(path); }
  io::Result<std::vector<std::string>> list(const std::string& directory) override {
    return real_.list(directory);
  }
  io::Result<void> make_directory(const std::string& directory) override {
    return real_.make_directory(directory);
  }
  io::Result<void> sync_directory(const std::string& directory) override {
    return real_.sync_directory(directory);
  }
  io::Result<std::unique_ptr<io::Lock>> lock(const std::string& path) override {
    return real_.lock(path);
  }
  bool fail = false;

 private:
  io::Storage& real_;
};

TEST_F(WriterTest, a_write_error_is_final_even_if_the_disk_recovers) {
  FailingStorage failing(storage());
  auto claimed = DataDirectory::open(failing, directory(), IfMissing::kCreate);
  ASSERT_TRUE(claimed.has_value());
  WriterOptions options;
  options.market = testing::kMarket;
  options.segment_bytes = kMinSegmentBytes;
  auto writer = Writer::open(failing, io::system_entropy(), directory(), options, ScanResult{});
  ASSERT_TRUE(writer.has_value());
  const Bytes one = records(1, 1);
  ASSERT_TRUE((*writer)->append(1, 1, 1, one).has_value());
  failing.fail = true;
  const auto failed = (*writer)->append(2, 2, 1, one);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, ErrorKind::kIo);
  EXPECT_NE(failed.error().message().find("write the segment"), std::string::npos);
  failing.fail = false;
  EXPECT_FALSE((*writer)->append(2, 2, 1, one).has_value());
  EXPECT_FALSE((*writer)->close_idle().has_value());
  Seen seen;
  ASSERT_TRUE(read(seen).has_value());
  EXPECT_EQ(seen.sequences, (std::vector<std::uint64_t>{1}));
}

}  // namespace
}  // namespace hulan::journal
