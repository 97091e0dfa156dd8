// SPDX-License-Identifier: Apache-2.0
// Whole files written so that they are there after a power cut, or not at all.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace hulan::documents {

/// Creates `dir` and its missing parents, and syncs the directory above each new one.
/// The error names path and reason.
[[nodiscard]] std::expected<void, std::string> make_directory(const std::filesystem::path& dir);

/// Syncs the entries of a directory.
[[nodiscard]] std::expected<void, std::string> sync_directory(const std::filesystem::path& dir);

/// Writes `bytes` to `temporary`, syncs it, renames it to `path` and syncs the directory of `path`.
/// On failure `temporary` is removed. Both must be on one file system.
[[nodiscard]] std::expected<void, std::string> write_durably(const std::filesystem::path& temporary,
                                                             const std::filesystem::path& path,
                                                             std::span<const std::uint8_t> bytes);

/// The whole file; an error if it cannot be read.
[[nodiscard]] std::expected<std::vector<std::uint8_t>, std::string> read_file(
    const std::filesystem::path& path);

}  // namespace hulan::documents
