// SPDX-License-Identifier: Apache-2.0
// A request and its answer, apart from any socket.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hulan::gateways {

enum class HttpMethod : std::uint8_t { kGet, kHead, kPost, kDelete, kOther };

/// Views into the request's own memory, which outlives the call that handles it.
struct HttpRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string_view target;  ///< path and query, still percent-encoded
  std::string_view authorization;
  std::string_view accept;
  std::string_view accept_encoding;
  std::string_view accept_language;
  std::string_view content_type;
  std::string_view idempotency_key;
  std::string_view if_none_match;
  std::string_view mandate;  ///< X-Hulan-Mandate: a command for a principal (R2.5)
  std::string_view body;
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::span<const std::uint8_t> file;  ///< sent instead of `body` where not empty; outlives all
  std::vector<std::pair<std::string, std::string>> headers;
};

using HttpReply = std::function<void(HttpResponse&&)>;

}  // namespace hulan::gateways
