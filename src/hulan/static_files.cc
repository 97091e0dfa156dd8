// SPDX-License-Identifier: Apache-2.0
#include "hulan/static_files.h"

#include <algorithm>

namespace hulan::app {

std::optional<gateways::StaticFile> static_file(std::string_view path) {
  const auto files = embedded_files();
  const auto found =
      std::lower_bound(files.begin(), files.end(), path,
                       [](const EmbeddedFile& file, std::string_view p) { return file.path < p; });
  if (found == files.end() || found->path != path) return std::nullopt;
  return gateways::StaticFile{found->bytes, found->content_type, found->etag, found->gzip};
}

}  // namespace hulan::app
