// SPDX-License-Identifier: Apache-2.0
// What the fuzzers share: taking numbers off the front of their input, and files that are memory.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "io/storage.h"

namespace hulan::fuzz {

using Bytes = std::span<const std::uint8_t>;

inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Gives the input piece by piece; zeros after its end.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  template <class Number>
  Number number() {
    Number value{};
    const std::size_t length = std::min(sizeof value, rest_.size());
    if (length > 0) std::memcpy(&value, rest_.data(), length);
    rest_ = rest_.subspan(length);
    return value;
  }
  /// 0 to `most` - 1.
  std::uint32_t below(std::uint32_t most) { return number<std::uint16_t>() % most; }
  Bytes bytes(std::size_t most) {
    const Bytes taken = rest_.first(std::min(most, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  Bytes rest() { return bytes(rest_.size()); }

 private:
  Bytes rest_;
};

/// Files that are only read, in memory. A directory is what stands before the last slash.
class MemoryStorage final : public io::Storage {
 public:
  std::map<std::string, std::vector<std::uint8_t>> files;

  io::Result<std::unique_ptr<io::File>> open(const std::string& path, io::OpenMode) override {
    const auto found = files.find(path);
    if (found == files.end()) return std::unexpected(io::Error{"open", path, ENOENT});
    return std::make_unique<MemoryFile>(found->second);
  }
  io::Result<std::vector<std::string>> list(const std::string& directory) override {
    std::vector<std::string> names;
    for (const auto& [path, content] : files) {
      if (path.starts_with(directory + "/")) names.push_back(path.substr(directory.size() + 1));
    }
    return names;
  }
  std::unique_ptr<io::Preparation> prepare_zeroed(const std::string&, std::uint64_t) override {
    HULAN_ASSERT(false);
  }
  io::Result<void> rename(const std::string& from, const std::string&) override {
    return refuse(from);
  }
  io::Result<void> remove(const std::string& path) override { return refuse(path); }
  io::Result<void> make_directory(const std::string& path) override { return refuse(path); }
  io::Result<void> sync_directory(const std::string& path) override { return refuse(path); }
  io::Result<std::unique_ptr<io::Lock>> lock(const std::string& path) override {
    return std::unexpected(io::Error{"lock", path, EROFS});
  }

 private:
  class MemoryFile final : public io::File {
   public:
    explicit MemoryFile(const std::vector<std::uint8_t>& content) : content_(content) {}
    io::Result<void> write_at(std::uint64_t, Bytes) override { return refuse("file"); }
    io::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
      if (offset >= content_.size()) return std::size_t{0};
      const auto length = std::min<std::size_t>(out.size(), content_.size() - offset);
      std::memcpy(out.data(), content_.data() + offset, length);
      return length;
    }
    io::Result<std::uint64_t> size() override { return content_.size(); }
    io::Result<void> sync() override { return {}; }

   private:
    const std::vector<std::uint8_t>& content_;
  };
  static io::Result<void> refuse(const std::string& path) {
    return std::unexpected(io::Error{"write", path, EROFS});
  }
};

}  // namespace hulan::fuzz
