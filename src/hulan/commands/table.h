// SPDX-License-Identifier: Apache-2.0
// A table for a terminal, aligned by what characters take there: Chinese two cells, Latin one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hulan::app {

enum class Align : std::uint8_t { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  ///< as many cells as columns
  /// A line of titles and one a row; ends with an end of line.
  [[nodiscard]] std::string text() const;
};

/// Terminal cells that UTF-8 text takes.
[[nodiscard]] std::size_t shown_width(std::string_view text);

}  // namespace hulan::app
