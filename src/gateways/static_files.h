// SPDX-License-Identifier: Apache-2.0
// The embedded pages as answers: tags, compression, and index.html for the pages' own addresses.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "gateways/http.h"
#include "gateways/services.h"

namespace hulan::gateways {

/// Nothing if there is neither this file nor an index.html. A path that looks like a file (has a
/// dot in its last part) has no fallback.
[[nodiscard]] std::optional<HttpResponse> static_response(
    const std::function<std::optional<StaticFile>(std::string_view)>& files,
    const HttpRequest& request, std::string_view path);

}  // namespace hulan::gateways
