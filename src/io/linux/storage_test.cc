// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "io/aligned_buffer.h"
#include "io/linux/durable_file.h"
#include "io/linux/system.h"

namespace hulan::io {
namespace {

using Bytes = std::vector<std::uint8_t>;

class StorageTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!std::filesystem::is_directory(GetParam())) GTEST_SKIP() << GetParam() << " is not here";
    path_ = std::string(GetParam()) + "/hulan-test-XXXXXX";
    ASSERT_NE(mkdtemp(path_.data()), nullptr);
  }
  void TearDown() override {
    if (!path_.empty()) std::filesystem::remove_all(path_);
  }
  Storage& storage_ = system_storage();
  std::string path_;
};

TEST_P(StorageTest, a_prepared_file_is_all_zeros_and_takes_durable_writes) {
  const std::string path = path_ + "/segment";
  const std::uint64_t bytes = (3U << 20U) + kBlockBytes;
  ASSERT_TRUE(storage_.prepare_zeroed(path, bytes)->finish().has_value());
  struct stat info{};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(static_cast<std::uint64_t>(info.st_size), bytes);
  EXPECT_GE(static_cast<std::uint64_t>(info.st_blocks) * 512, bytes);  // written, not sparse

  auto file = storage_.open(path, OpenMode::kDurable);
  ASSERT_TRUE(file.has_value());
  AlignedBuffer block(2 * kBlockBytes);
  std::memset(block.data(), 5, block.size());
  ASSERT_TRUE((*file)->write_at(kBlockBytes, block.span()).has_value());
  const Bytes all = *read_file(storage_, path);
  ASSERT_EQ(all.size(), bytes);
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(all[i], i / kBlockBytes == 1 || i / kBlockBytes == 2 ? 5 : 0) << i;
  }
}

TEST_P(StorageTest, a_preparation_thrown_away_stops) {
  (void)storage_.prepare_zeroed(path_ + "/segment", 64U << 20U);
  EXPECT_TRUE(std::filesystem::exists(path_ + "/segment"));
}

TEST_P(StorageTest, a_durable_file_replaces_the_old_one_and_leaves_nothing_else) {
  const Bytes first(10, 1);
  const Bytes second(5000, 2);
  ASSERT_TRUE(write_file_durably(path_ + "/file", first).has_value());
  ASSERT_TRUE(write_file_durably(path_ + "/file", second).has_value());
  EXPECT_EQ(*read_file(storage_, path_ + "/file"), second);
  EXPECT_EQ(*storage_.list(path_), std::vector<std::string>{"file"});
}

TEST_P(StorageTest, a_failed_durable_write_leaves_the_old_file_and_no_temporary_one) {
  ASSERT_TRUE(storage_.make_directory(path_ + "/taken/inside").has_value());
  const auto failed = write_file_durably(path_ + "/taken", Bytes(10, 1));
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().operation, "rename");
  EXPECT_EQ(*storage_.list(path_), std::vector<std::string>{"taken"});
}

TEST_P(StorageTest, errors_name_operation_path_and_cause) {
  const auto file = storage_.open(path_ + "/none", OpenMode::kRead);
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, ENOENT);
  EXPECT_EQ(file.error().message(), "open " + path_ + "/none: No such file or directory");
  EXPECT_EQ(storage_.list(path_ + "/none").error().code, ENOENT);
  EXPECT_EQ(storage_.remove(path_ + "/none").error().operation, "remove");
  EXPECT_EQ(storage_.rename(path_ + "/none", path_ + "/b").error().operation, "rename");
  EXPECT_EQ(storage_.sync_directory(path_ + "/none").error().operation, "open directory");
  EXPECT_FALSE(storage_.prepare_zeroed(path_ + "/none/x", kBlockBytes)->finish().has_value());
}

TEST_P(StorageTest, a_lock_is_held_by_one_until_it_is_given_back) {
  {
    auto first = storage_.lock(path_ + "/lock");
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(storage_.lock(path_ + "/lock").error().code, EWOULDBLOCK);
  }
  EXPECT_TRUE(storage_.lock(path_ + "/lock").has_value());
}

TEST_P(StorageTest, a_directory_is_made_with_those_above_and_twice_is_fine) {
  EXPECT_TRUE(storage_.make_directory(path_ + "/a/b/c").has_value());
  EXPECT_TRUE(storage_.make_directory(path_ + "/a/b/c").has_value());
  ASSERT_TRUE(write_file_durably(path_ + "/file", Bytes(1, 1)).has_value());
  EXPECT_EQ(storage_.make_directory(path_ + "/file").error().code, ENOTDIR);
}

INSTANTIATE_TEST_SUITE_P(OnDiskAndInMemory, StorageTest, ::testing::Values("/var/tmp", "/dev/shm"),
                         [](const auto& test) {
                           return std::string(test.param) == "/dev/shm" ? "memory" : "disk";
                         });

TEST(Entropy, fills_all_of_what_it_is_given) {
  Bytes a(1000, 0);
  Bytes b(1000, 0);
  system_entropy().fill(a);
  system_entropy().fill(b);
  EXPECT_NE(a, b);
  EXPECT_NE(Bytes(a.end() - 32, a.end()), Bytes(32, 0));
}

TEST(Clock, tells_a_time_of_this_century) {
  EXPECT_GT(system_clock().now_ns(), 1'600'000'000'000'000'000);
}

}  // namespace
}  // namespace hulan::io
