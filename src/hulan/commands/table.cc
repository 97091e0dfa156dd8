// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/table.h"

#include <algorithm>

namespace hulan::app {
namespace {

bool is_wide(std::uint32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
         (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
         (c >= 0x20000 && c <= 0x3FFFD);
}

void append_cell(std::string& out, std::string_view cell, std::size_t width, Align align,
                 bool last) {
  const std::size_t shown = shown_width(cell);
  const std::string padding(width > shown ? width - shown : 0, ' ');
  if (align == Align::kRight) out += padding;
  out += cell;
  if (align == Align::kLeft && !last) out += padding;
}

}  // namespace

std::size_t shown_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t next = 1; next < length && at + next < text.size(); ++next) {
      c = c << 6 | (static_cast<unsigned char>(text[at + next]) & 0x3Fu);
    }
    width += is_wide(c) ? 2 : 1;
    at += length;
  }
  return width;
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    std::size_t width = shown_width(columns[at].title);
    for (const auto& row : rows) width = std::max(width, shown_width(row[at]));
    widths.push_back(width);
  }
  std::string out;
  const auto line = [&](auto cell_at) {
    for (std::size_t at = 0; at < columns.size(); ++at) {
      if (at != 0) out += "  ";
      append_cell(out, cell_at(at), widths[at], columns[at].align, at + 1 == columns.size());
    }
    out += '\n';
  };
  line([&](std::size_t at) -> std::string_view { return columns[at].title; });
  for (const auto& row : rows) line([&](std::size_t at) -> std::string_view { return row[at]; });
  return out;
}

}  // namespace hulan::app
