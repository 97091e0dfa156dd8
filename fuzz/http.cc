// SPDX-License-Identifier: Apache-2.0
// Requests: one digit (who asks), the method, a space, the target, an end of line, the body. Each
// gets one answer; JSON is JSON, and what fails is a problem with a known status.
#include "fuzz/doors.h"

namespace hulan::fuzz {
namespace {

using gateways::HttpMethod;
using gateways::HttpResponse;

HttpMethod method_of(std::string_view word) {
  if (word == "GET") return HttpMethod::kGet;
  if (word == "POST") return HttpMethod::kPost;
  if (word == "DELETE") return HttpMethod::kDelete;
  return word == "HEAD" ? HttpMethod::kHead : HttpMethod::kOther;
}

std::string_view take_until(std::string_view& rest, char end) {
  const auto at = rest.find(end);
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return taken;
}

void check(const HttpResponse& response) {
  HULAN_ASSERT(response.status >= 200 && response.status < 600 && response.status != 500);
  HULAN_ASSERT(response.status < 400 || response.content_type == "application/problem+json");
  const bool json = response.content_type.find("json") != std::string::npos;
  if (json && response.status != 304 && response.status != 204) {
    check_json(response.file.empty() ? std::string_view(response.body) : text_of(response.file));
  }
  for (const auto& [name, value] : response.headers) {
    HULAN_ASSERT((name + value).find_first_of("\r\n") == std::string::npos);
  }
}

}  // namespace
}  // namespace hulan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan::fuzz;
  Doors& market = doors();
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const std::string_view who = take_until(rest, ' ');
  hulan::gateways::HttpRequest request;
  request.method = method_of(take_until(rest, ' '));
  request.target = take_until(rest, '\n');
  request.body = rest;
  const std::string bearer = "Bearer " + market.token(who.empty() ? 0 : who[0] - '0' + 6u);
  if (bearer.size() > 8) request.authorization = bearer;
  if (who.size() > 1 && who[1] == 't') request.content_type = "application/toml";
  if (who.size() > 1 && who[1] == 'd') request.content_type = "text/plain";
  if (who.size() > 1 && who[1] == 'k') request.idempotency_key = who.substr(2);
  if (who.size() > 1 && who[1] == 'a') request.authorization = who.substr(2);
  if (who.size() > 1 && who[1] == 'l') request.accept_language = who.substr(2);
  int answers = 0;
  market.gateway().handle(request, [&](HttpResponse&& response) {
    ++answers;
    check(response);
  });
  Input decide(data, size);
  market.answer(decide);
  HULAN_ASSERT(answers == 1);
  return 0;
}
