// SPDX-License-Identifier: Apache-2.0
// For tests only: a data directory in a temporary folder, and ways to harm it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "io/linux/system.h"
#include "journal/data_directory.h"
#include "journal/reader.h"
#include "journal/segment.h"
#include "journal/writer.h"

namespace hulan::journal::testing {

using Bytes = std::vector<std::uint8_t>;

inline constexpr MarketId kMarket{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/// Removed with all its content at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hulan-test-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A record of `body_length` bytes filled with `fill`.
inline Bytes record(std::uint8_t fill, std::size_t body_length = 12) {
  Bytes out(kRecordHeaderBytes + body_length, fill);
  out[0] = fill;
  out[1] = 1;
  store_le(out.data() + 2, static_cast<std::uint16_t>(body_length));
  return out;
}

inline Bytes records(std::uint8_t fill, std::uint32_t count, std::size_t body_length = 12) {
  Bytes out;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Bytes one = record(fill, body_length);
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

/// What a scan gave: one entry per record.
struct Seen {
  std::vector<std::uint64_t> sequences;
  std::vector<std::uint8_t> types;
};

class JournalTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string directory() const { return folder_.path() + "/market"; }
  [[nodiscard]] io::Storage& storage() const { return io::system_storage(); }

  /// A new or recovered writer. Holds the lock until close().
  Writer& open(std::uint64_t segment_bytes = kMinSegmentBytes) {
    close();
    auto claimed = DataDirectory::open(storage(), directory(), IfMissing::kCreate);
    EXPECT_TRUE(claimed.has_value());
    lock_ = std::make_unique<DataDirectory>(std::move(*claimed));
    const auto recovered = scan(storage(), directory(), {}, [](const BatchView&) { return true; });
    EXPECT_TRUE(recovered.has_value()) << recovered.error().message();
    WriterOptions options;
    options.market = kMarket;
    options.segment_bytes = segment_bytes;
    auto writer = Writer::open(storage(), io::system_entropy(), directory(), options, *recovered);
    EXPECT_TRUE(writer.has_value());
    writer_ = std::move(*writer);
    return *writer_;
  }

  void close() {
    writer_.reset();
    lock_.reset();
  }

  /// Appends one batch of `count` records and returns the offset at which it stands.
  std::uint64_t append(std::uint8_t fill, std::uint32_t count = 1, std::size_t body_length = 12) {
    const Bytes body = records(fill, count, body_length);
    const auto done =
        writer_->append(writer_->next_sequence(), writer_->time_ns() + 1, count, body);
    EXPECT_TRUE(done.has_value());
    return writer_->position().offset - io::round_up_to_block(kBatchHeaderBytes + body.size());
  }

  Result<ScanResult> read(Seen& seen, const ScanOptions& options = {}) const {
    return scan(storage(), directory(), options, [&](const BatchView& batch) {
      for (const RecordView& one : batch.records()) {
        seen.sequences.push_back(one.sequence);
        seen.types.push_back(one.type);
      }
      return true;
    });
  }

  Result<ScanResult> read() const {
    Seen seen;
    return read(seen);
  }

  [[nodiscard]] std::string segment(std::uint64_t first = 1) const {
    return journal_directory(directory()) + "/" + numbered_name(first, ".journal");
  }

  static Bytes get(const std::string& path, std::uint64_t offset, std::size_t length) {
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    Bytes out(length);
    file.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(length));
    EXPECT_EQ(file.gcount(), static_cast<std::streamsize>(length));
    return out;
  }

  static void put(const std::string& path, std::uint64_t offset, const Bytes& bytes) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    EXPECT_TRUE(file.good());
  }

  static void flip(const std::string& path, std::uint64_t offset, std::uint8_t mask = 0x10) {
    Bytes byte = get(path, offset, 1);
    byte[0] ^= mask;
    put(path, offset, byte);
  }

  /// Expects a refusal that names this place.
  static void expect_damage(const Result<ScanResult>& result, const std::string& path,
                            std::uint64_t offset, std::uint64_t sequence) {
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::kDamage) << result.error().message();
    EXPECT_EQ(result.error().path, path) << result.error().message();
    EXPECT_EQ(result.error().offset, offset) << result.error().message();
    EXPECT_EQ(result.error().sequence, sequence) << result.error().message();
  }

  TemporaryFolder folder_;
  std::unique_ptr<DataDirectory> lock_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace hulan::journal::testing
