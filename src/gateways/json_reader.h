// SPDX-License-Identifier: Apache-2.0
// JSON as strictly as the doors want it: UTF-8, nothing after the end, no field twice, bounded
// depth.
#pragma once

#include <boost/json/value.hpp>
#include <expected>
#include <string_view>

#include "gateways/problem.h"

namespace hulan::gateways {

inline constexpr std::size_t kMaxJsonDepth = 16;

/// Faults: bad_json (with the place), duplicate_field, too_deep, not_utf8.
[[nodiscard]] std::expected<boost::json::value, Problem> read_json(
    std::string_view text, boost::json::storage_ptr memory = {});

}  // namespace hulan::gateways
