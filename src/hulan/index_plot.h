// SPDX-License-Identifier: Apache-2.0
// Draws an index as a line chart in SVG, for a browser or for print. Whole numbers only.
#pragma once

#include <string>
#include <string_view>

#include "hulan/index_file.h"

namespace hulan::app {

/// `title` stands above the chart. `two_day` adds the two-day index as a second line. At least one
/// day of `index` has a value.
[[nodiscard]] std::string plot_index(const FileIndex& index, std::string_view title, bool two_day);

}  // namespace hulan::app
