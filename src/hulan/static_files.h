// SPDX-License-Identifier: Apache-2.0
// The terminal's built pages, which live inside the program.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "gateways/services.h"

namespace hulan::app {

struct EmbeddedFile {
  std::string_view path;  ///< "/index.html"
  std::span<const unsigned char> bytes;
  std::string_view content_type;
  std::string_view etag;
  bool gzip;
};

/// All pages, by path. Made by tools/embed.py from web/dist; empty if the pages were not built.
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

/// One page for the doors. Any thread.
[[nodiscard]] std::optional<gateways::StaticFile> static_file(std::string_view path);

}  // namespace hulan::app
