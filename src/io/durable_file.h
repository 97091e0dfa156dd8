// SPDX-License-Identifier: Apache-2.0
// A file that is there whole or not at all.
#pragma once

#include <span>
#include <string>

#include "io/storage.h"

namespace hulan::io {

/// Writes the concatenation of `parts` to `path` through a temporary file: sync, rename, sync of
/// the directory. On return it is durable under its name; on error `path` is as it was before,
/// unless the last directory sync was what failed. Any thread.
[[nodiscard]] Result<void> write_file_durably(Storage& storage, const std::string& path,
                                              std::span<const std::span<const std::uint8_t>> parts);
[[nodiscard]] Result<void> write_file_durably(Storage& storage, const std::string& path,
                                              std::span<const std::uint8_t> content);

/// The whole content of the file. Any thread.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_file(Storage& storage,
                                                          const std::string& path);

/// The directory of `path`: what stands before the last slash, or ".".
[[nodiscard]] std::string directory_of(const std::string& path);

}  // namespace hulan::io
