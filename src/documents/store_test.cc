// SPDX-License-Identifier: Apache-2.0
#include "documents/store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace hulan::documents {
namespace {

constexpr std::string_view kSvg = "<svg xmlns='http://www.w3.org/2000/svg'/>";

class DocumentStore : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "documents-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  Store open() {
    auto store = Store::open(dir_);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }
  std::filesystem::path path_of(const Sha256& hash, const std::string& extension) const {
    const std::string hex = to_hex(hash);
    return dir_ / "documents" / hex.substr(0, 2) / (hex + "." + extension);
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_)) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }

  std::filesystem::path dir_;
};

TEST_F(DocumentStore, what_is_put_comes_back_with_its_media_type_after_reopening) {
  Sha256 hash;
  {
    auto store = open();
    const auto put = store.put(kSvg, "image/svg+xml");
    ASSERT_TRUE(put);
    hash = *put;
  }
  EXPECT_EQ(hash, sha256(kSvg)) << "the name is the hash of the content alone";
  const auto store = open();
  const auto got = store.get(hash);
  ASSERT_TRUE(got);
  EXPECT_EQ(std::string(got->bytes.begin(), got->bytes.end()), kSvg);
  EXPECT_EQ(got->media_type, MediaType::kSvg);
  EXPECT_TRUE(store.contains(hash));
  EXPECT_EQ(store.size(hash), kSvg.size());
  EXPECT_TRUE(std::filesystem::exists(path_of(hash, "svg")));
}

TEST_F(DocumentStore, the_same_content_twice_is_one_document_and_keeps_its_first_type) {
  auto store = open();
  const auto first = store.put("{\"lot\": 1}", "application/json");
  const auto second = store.put("{\"lot\": 1}", "text/plain");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(store.get(*first)->media_type, MediaType::kJson);
}

TEST_F(DocumentStore, a_changed_byte_on_disk_is_reported_as_damage_and_putting_again_mends_it) {
  auto store = open();
  const auto hash = store.put("检疫合格证明", "text/plain; charset=utf-8");
  ASSERT_TRUE(hash);
  std::ofstream(path_of(*hash, "txt"), std::ios::trunc) << "检疫不合格";
  const auto damaged = store.get(*hash);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::kDamaged);
  ASSERT_TRUE(store.put("检疫合格证明", "text/plain"));
  EXPECT_TRUE(store.get(*hash));
}

TEST_F(DocumentStore, a_document_at_the_limit_is_taken_and_one_byte_more_is_refused_by_name) {
  auto store = open();
  const std::string at_limit(kMaxDocumentBytes, 'x');
  EXPECT_TRUE(store.put(at_limit, "text/plain"));
  const auto over = store.put(at_limit + "x", "text/plain");
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(error_name(over.error().code), "document_too_large");
  EXPECT_EQ(files(), 1u);
}

TEST_F(DocumentStore, bad_input_is_refused_by_name_and_stores_nothing) {
  const struct {
    std::string_view content;
    std::string_view type;
    ErrorCode expected;
  } cases[] = {
      {"", "text/plain", ErrorCode::kEmpty},
      {"<html></html>", "text/html", ErrorCode::kUnknownMediaType},
      {"MZ\x90\x01", "", ErrorCode::kUnknownMediaType},
      {"not a picture", "image/png", ErrorCode::kMediaTypeMismatch},
      {"{\"lot\": ", "application/json", ErrorCode::kMediaTypeMismatch},
      {"\xFF\xFE", "text/plain", ErrorCode::kMediaTypeMismatch},
      {"<html><svg/></html>", "image/svg+xml", ErrorCode::kMediaTypeMismatch},
      {"RIFF1234WAVE1234", "image/webp", ErrorCode::kMediaTypeMismatch},
  };
  auto store = open();
  for (const auto& one : cases) {
    const auto put = store.put(one.content, one.type);
    ASSERT_FALSE(put) << one.content;
    EXPECT_EQ(put.error().code, one.expected) << one.content;
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(DocumentStore, an_unknown_hash_is_not_found) {
  const auto store = open();
  const auto hash = sha256("never stored");
  EXPECT_FALSE(store.contains(hash));
  EXPECT_EQ(store.size(hash), std::nullopt);
  const auto got = store.get(hash);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kNotFound);
}

TEST_F(DocumentStore, what_a_crash_left_half_written_is_cleared_at_opening) {
  {
    (void)open();
  }
  const auto left = dir_ / "documents" / "tmp" / "half.png.1.0";
  std::ofstream(left) << "half";
  const auto store = open();
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(DocumentStore, a_disk_that_refuses_is_a_named_error_and_leaves_no_rest) {
  auto store = open();
  const auto hash = sha256(kSvg);
  // A file where the folder of this hash should be: works for root too, unlike permissions.
  std::ofstream(dir_ / "documents" / to_hex(hash).substr(0, 2)) << "in the way";
  const auto put = store.put(kSvg, "image/svg+xml");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kStorage);
  EXPECT_NE(put.error().message.find(to_hex(hash).substr(0, 2)), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(dir_ / "documents" / "tmp"));
}

TEST(MediaTypeOfBytes, is_found_from_the_content) {
  const auto sniff = [](std::string_view text) {
    return sniff_media_type({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  EXPECT_EQ(sniff("\x89PNG\r\n\x1A\n...."), MediaType::kPng);
  EXPECT_EQ(sniff("\xFF\xD8\xFF\xE0"), MediaType::kJpeg);
  EXPECT_EQ(sniff("RIFF1234WEBPVP8 "), MediaType::kWebp);
  EXPECT_EQ(sniff("%PDF-1.7"), MediaType::kPdf);
  EXPECT_EQ(sniff("\xEF\xBB\xBF<?xml version='1.0'?><!-- 猪 -->\n<svg>"), MediaType::kSvg);
  EXPECT_EQ(sniff("<svgx>"), MediaType::kText) << "another element";
  EXPECT_EQ(sniff(" [1, 2]"), MediaType::kJson);
  EXPECT_EQ(sniff("[1, 2"), MediaType::kText) << "broken JSON is text still";
  EXPECT_EQ(sniff("外三元生猪"), MediaType::kText);
  EXPECT_EQ(sniff("\xC0\x80"), std::nullopt) << "overlong UTF-8";
  EXPECT_EQ(sniff("\xED\xA0\x80"), std::nullopt) << "a surrogate";
  EXPECT_EQ(sniff(""), std::nullopt);
}

TEST(MediaTypeOfBytes, is_parsed_without_regard_to_case_and_parameters) {
  EXPECT_EQ(parse_media_type(" Image/PNG ; q=1"), MediaType::kPng);
  EXPECT_EQ(parse_media_type("image/pngx"), std::nullopt);
  EXPECT_EQ(parse_media_type(""), std::nullopt);
}

}  // namespace
}  // namespace hulan::documents
