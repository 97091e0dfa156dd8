// SPDX-License-Identifier: Apache-2.0
// Packed segments: a true archive of two frames with bytes changed, cut off or added. One changed
// byte never gives other content; more of them never read beyond what the archive tells.
#include <optional>

#include "fuzz/fuzz.h"
#include "journal/archive.h"
#include "journal/archive_file.h"

namespace hulan::fuzz {
namespace {

using namespace journal;

constexpr std::size_t kLength = kArchiveFrameBytes + 100'000;

std::vector<std::uint8_t> make_plain() {
  std::vector<std::uint8_t> plain(kLength);
  for (std::size_t at = 0; at < kLength; at += 4096) {
    plain[at] = static_cast<std::uint8_t>(at >> 12);
    plain[at + 1] = static_cast<std::uint8_t>(at >> 20);
  }
  return plain;
}

/// A file that is written from its beginning to its end.
class Written final : public io::File {
 public:
  std::vector<std::uint8_t> content;

  io::Result<void> write_at(std::uint64_t offset, Bytes data) override {
    HULAN_ASSERT(offset == content.size());
    content.insert(content.end(), data.begin(), data.end());
    return {};
  }
  io::Result<std::size_t> read_at(std::uint64_t, std::span<std::uint8_t>) override {
    HULAN_ASSERT(false);
  }
  io::Result<std::uint64_t> size() override { return content.size(); }
  io::Result<void> sync() override { return {}; }
};

std::vector<std::uint8_t> packed(const std::vector<std::uint8_t>& plain) {
  MemoryStorage storage;
  storage.files["plain"] = plain;
  auto from = storage.open("plain", io::OpenMode::kRead);
  Written to;
  HULAN_ASSERT(from && *pack(**from, plain.size(), to, {}));
  return to.content;
}

/// Reads to the end; nothing where a frame is refused.
std::optional<std::vector<std::uint8_t>> read_all(MemoryStorage& storage) {
  auto file = storage.open("packed", io::OpenMode::kRead);
  HULAN_ASSERT(file.has_value());
  auto archive = ArchiveFile::open(std::move(*file), "packed");
  if (!archive) return std::nullopt;
  std::vector<std::uint8_t> out(2 * kLength);
  const auto got = (*archive)->read_at(0, out);
  if (!got) return std::nullopt;
  HULAN_ASSERT(*got == std::min<std::uint64_t>(out.size(), *(*archive)->size()));
  out.resize(*got);
  return out;
}

}  // namespace
}  // namespace hulan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan::fuzz;
  static const auto kPlain = make_plain();
  static const auto kPacked = packed(kPlain);
  MemoryStorage storage;
  auto& file = storage.files["packed"] = kPacked;
  Input input(data, size);
  std::size_t changes = 0;
  while (!input.empty()) {
    const auto at = input.number<std::uint16_t>() % (kPacked.size() + 64);
    if (at >= file.size()) file.resize(at + 1);
    file[at] = input.number<std::uint8_t>();
    ++changes;
  }
  const auto read = read_all(storage);
  HULAN_ASSERT(file != kPacked || (read && *read == kPlain));
  HULAN_ASSERT(changes > 1 || !read || *read == kPlain);  // zstd ignores a few bits
  return 0;
}
