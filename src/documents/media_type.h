// SPDX-License-Identifier: Apache-2.0
// Which kinds of document the store takes, and whether bytes are what they are said to be.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hulan::documents {

/// Every kind of document that is taken; nothing else is stored.
enum class MediaType : std::uint8_t { kSvg, kPng, kJpeg, kWebp, kPdf, kJson, kText };

inline constexpr MediaType kMediaTypes[] = {MediaType::kSvg,  MediaType::kPng, MediaType::kJpeg,
                                            MediaType::kWebp, MediaType::kPdf, MediaType::kJson,
                                            MediaType::kText};

/// "image/svg+xml" and so on. Any thread.
[[nodiscard]] std::string_view media_type_name(MediaType type);

/// File name extension without the dot, unique per type. Any thread.
[[nodiscard]] std::string_view media_type_extension(MediaType type);

/// The type named by a Content-Type value; case and parameters ("; charset=utf-8") are ignored.
/// Nothing if it is not one of ours. Any thread.
[[nodiscard]] std::optional<MediaType> parse_media_type(std::string_view content_type);

/// The most specific type that the bytes themselves show: signatures first, then SVG, JSON object
/// or array, and plain UTF-8 text. Nothing for anything else. Any thread.
[[nodiscard]] std::optional<MediaType> sniff_media_type(std::span<const std::uint8_t> bytes);

/// True if `bytes` may be stored as `type`. Any UTF-8 text may be text/plain, as it is served so.
[[nodiscard]] bool is_media_type(std::span<const std::uint8_t> bytes, MediaType type);

}  // namespace hulan::documents
