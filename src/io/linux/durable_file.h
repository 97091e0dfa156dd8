// SPDX-License-Identifier: Apache-2.0
// write_file_durably on this machine's own file system.
#pragma once

#include "io/durable_file.h"
#include "io/linux/system.h"

namespace hulan::io {

/// As write_file_durably(Storage&, ...), on the real file system. Any thread.
[[nodiscard]] inline Result<void> write_file_durably(const std::string& path,
                                                     std::span<const std::uint8_t> content) {
  return write_file_durably(system_storage(), path, content);
}

}  // namespace hulan::io
