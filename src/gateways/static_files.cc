// SPDX-License-Identifier: Apache-2.0
#include "gateways/static_files.h"

#include <zlib.h>

#include "base/assert.h"

namespace hulan::gateways {
namespace {

constexpr const char* kContentPolicy =
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

/// What `bytes` were before gzip. They are our own: a failure is a broken build.
std::string unzipped(std::span<const std::uint8_t> bytes) {
  std::string out;
  z_stream stream{};
  HULAN_ASSERT(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  int status = Z_OK;
  while (status == Z_OK) {
    char chunk[16 * 1024];
    stream.next_out = reinterpret_cast<Bytef*>(chunk);
    stream.avail_out = sizeof chunk;
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk, sizeof chunk - stream.avail_out);
  }
  inflateEnd(&stream);
  HULAN_ASSERT(status == Z_STREAM_END);
  return out;
}

bool is_unchanged(const HttpRequest& request, std::string_view etag) {
  return !etag.empty() && (request.if_none_match == "*" ||
                           request.if_none_match.find(etag) != std::string_view::npos);
}

HttpResponse response_of(const StaticFile& file, const HttpRequest& request,
                         std::string_view path) {
  HttpResponse response;
  response.content_type = file.content_type;
  response.headers.emplace_back("ETag", file.etag);
  // Files below /assets/ carry their content's hash in their name.
  response.headers.emplace_back("Cache-Control", path.starts_with("/assets/")
                                                     ? "public, max-age=31536000, immutable"
                                                     : "no-cache");
  if (file.content_type.starts_with("text/html")) {
    response.headers.emplace_back("Content-Security-Policy", kContentPolicy);
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
  }
  if (is_unchanged(request, file.etag)) {
    response.status = 304;
    return response;
  }
  if (!file.gzip) {
    response.file = file.bytes;
    return response;
  }
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (request.accept_encoding.find("gzip") != std::string_view::npos) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.file = file.bytes;
  } else {
    response.body = unzipped(file.bytes);
  }
  return response;
}

}  // namespace

std::optional<HttpResponse> static_response(
    const std::function<std::optional<StaticFile>(std::string_view)>& files,
    const HttpRequest& request, std::string_view path) {
  if (!files) return std::nullopt;
  if (path == "/") path = "/index.html";
  if (const auto file = files(path)) return response_of(*file, request, path);
  const auto last = path.rfind('/');
  if (path.find('.', last == std::string_view::npos ? 0 : last) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto index = files("/index.html");
  if (!index) return std::nullopt;
  return response_of(*index, request, "/index.html");
}

}  // namespace hulan::gateways
