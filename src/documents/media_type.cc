// SPDX-License-Identifier: Apache-2.0
#include "documents/media_type.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/assert.h"

namespace hulan::documents {
namespace {

struct Names {
  MediaType type;
  std::string_view name;
  std::string_view extension;
};

constexpr Names kNames[] = {
    {MediaType::kSvg, "image/svg+xml", "svg"},   {MediaType::kPng, "image/png", "png"},
    {MediaType::kJpeg, "image/jpeg", "jpg"},     {MediaType::kWebp, "image/webp", "webp"},
    {MediaType::kPdf, "application/pdf", "pdf"}, {MediaType::kJson, "application/json", "json"},
    {MediaType::kText, "text/plain", "txt"},
};

const Names& names_of(MediaType type) {
  const auto* found = std::ranges::find(kNames, type, &Names::type);
  HULAN_ASSERT(found != std::end(kNames));
  return *found;
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string_view trim_left(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

/// Length of the UTF-8 sequence at the start of `bytes`, 0 if there is no valid one.
std::size_t utf8_length(std::span<const std::uint8_t> bytes) {
  const std::uint8_t lead = bytes[0];
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((bytes[i] & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && bytes[1] < 0xA0) return 0;  // overlong
  if (lead == 0xED && bytes[1] > 0x9F) return 0;  // surrogates
  if (lead == 0xF0 && bytes[1] < 0x90) return 0;  // overlong
  if (lead == 0xF4 && bytes[1] > 0x8F) return 0;  // above U+10FFFF
  return length;
}

/// UTF-8 without control characters other than tab and line ends.
bool is_text(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const std::uint8_t c = bytes[0];
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) return false;
    const std::size_t length = utf8_length(bytes);
    if (length == 0) return false;
    bytes = bytes.subspan(length);
  }
  return true;
}

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

/// Skips one prolog item of XML (declaration, comment, doctype); false if there is none.
bool skip_prolog_item(std::string_view& text) {
  constexpr std::pair<std::string_view, std::string_view> kItems[] = {
      {"<?", "?>"}, {"<!--", "-->"}, {"<!DOCTYPE", ">"}};
  for (const auto& [open, close] : kItems) {
    if (!text.starts_with(open)) continue;
    const auto end = text.find(close, open.size());
    if (end == std::string_view::npos) return false;
    text = trim_left(text.substr(end + close.size()));
    return true;
  }
  return false;
}

bool is_svg(std::span<const std::uint8_t> bytes) {
  std::string_view text = trim_left(without_byte_order_mark(as_text(bytes)));
  while (skip_prolog_item(text)) {
  }
  if (!text.starts_with("<svg") || text.size() < 5) return false;
  constexpr std::string_view kAfterName = " \t\r\n>/";
  return kAfterName.contains(text[4]) && is_text(bytes);
}

bool is_json(std::span<const std::uint8_t> bytes) {
  boost::system::error_code error;
  boost::json::stream_parser parser;
  parser.write(as_text(bytes), error);
  if (!error) parser.finish(error);
  return !error;
}

bool has_signature(std::span<const std::uint8_t> bytes, MediaType type) {
  const std::string_view text = as_text(bytes);
  switch (type) {
    case MediaType::kPng:
      return text.starts_with("\x89PNG\r\n\x1A\n");
    case MediaType::kJpeg:
      return text.starts_with("\xFF\xD8\xFF");
    case MediaType::kWebp:
      return text.starts_with("RIFF") && text.substr(0, 12).ends_with("WEBP") && text.size() > 12;
    case MediaType::kPdf:
      return text.starts_with("%PDF-");
    case MediaType::kSvg:
    case MediaType::kJson:
    case MediaType::kText:
      return false;
  }
  return false;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view media_type_name(MediaType type) { return names_of(type).name; }

std::string_view media_type_extension(MediaType type) { return names_of(type).extension; }

std::optional<MediaType> parse_media_type(std::string_view content_type) {
  std::string_view bare = trim_left(content_type.substr(0, content_type.find(';')));
  while (!bare.empty() && (bare.back() == ' ' || bare.back() == '\t')) bare.remove_suffix(1);
  for (const Names& names : kNames) {
    if (std::ranges::equal(bare, names.name, {}, lower)) return names.type;
  }
  return std::nullopt;
}

std::optional<MediaType> sniff_media_type(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return std::nullopt;
  for (const MediaType type : kMediaTypes) {
    if (has_signature(bytes, type)) return type;
  }
  if (is_svg(bytes)) return MediaType::kSvg;
  const std::string_view text = trim_left(as_text(bytes));
  if ((text.starts_with('{') || text.starts_with('[')) && is_json(bytes)) return MediaType::kJson;
  if (is_text(bytes)) return MediaType::kText;
  return std::nullopt;
}

bool is_media_type(std::span<const std::uint8_t> bytes, MediaType type) {
  if (bytes.empty()) return false;
  switch (type) {
    case MediaType::kSvg:
      return is_svg(bytes);
    case MediaType::kJson:
      return is_json(bytes);
    case MediaType::kText:
      return is_text(bytes);
    default:
      return has_signature(bytes, type);
  }
}

}  // namespace hulan::documents
