// SPDX-License-Identifier: Apache-2.0
// The provinces by name, as tables of prices write them.
#pragma once

#include <cstdint>
#include <string_view>

namespace hulan::app {

/// 2-digit code of a province by its Chinese name with or without 省, 市 or 自治区, its English
/// name or the code itself; 0 if there is none.
[[nodiscard]] std::uint32_t province_by_name(std::string_view name);

}  // namespace hulan::app
