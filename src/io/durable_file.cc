// SPDX-License-Identifier: Apache-2.0
#include "io/durable_file.h"

#include <atomic>

namespace hulan::io {
namespace {

// Two threads may write the same content-addressed file at once: each has its own temporary name.
std::string temporary_name(const std::string& path) {
  static std::atomic<std::uint64_t> counter{0};
  return path + "." + std::to_string(counter.fetch_add(1)) + ".tmp";
}

Result<void> write_parts(Storage& storage, const std::string& path,
                         std::span<const std::span<const std::uint8_t>> parts) {
  auto file = storage.open(path, OpenMode::kCreate);
  if (!file) return std::unexpected(file.error());
  std::uint64_t offset = 0;
  for (const auto part : parts) {
    if (part.empty()) continue;
    if (auto written = (*file)->write_at(offset, part); !written) return written;
    offset += part.size();
  }
  return (*file)->sync();
}

}  // namespace

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> write_file_durably(Storage& storage, const std::string& path,
                                std::span<const std::span<const std::uint8_t>> parts) {
  const std::string temporary = temporary_name(path);
  auto done = write_parts(storage, temporary, parts);
  if (done) done = storage.rename(temporary, path);
  if (!done) {
    (void)storage.remove(temporary);  // the first error is the one worth telling
    return done;
  }
  return storage.sync_directory(directory_of(path));
}

Result<void> write_file_durably(Storage& storage, const std::string& path,
                                std::span<const std::uint8_t> content) {
  return write_file_durably(storage, path, std::span(&content, 1));
}

Result<std::vector<std::uint8_t>> read_file(Storage& storage, const std::string& path) {
  auto file = storage.open(path, OpenMode::kRead);
  if (!file) return std::unexpected(file.error());
  auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  std::vector<std::uint8_t> content(*size);
  auto got = (*file)->read_at(0, content);
  if (!got) return std::unexpected(got.error());
  content.resize(*got);
  return content;
}

}  // namespace hulan::io
