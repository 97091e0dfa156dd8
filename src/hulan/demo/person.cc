// SPDX-License-Identifier: Apache-2.0
#include "hulan/demo/person.h"

#include <fmt/format.h>

namespace hulan::app::demo {
namespace {

json::value or_throw(const std::string& path, ClientResult<json::value> result) {
  if (!result) {
    throw Refused{result.error().code(), fmt::format("{} at {}", result.error().message, path)};
  }
  return std::move(*result);
}

}  // namespace

Person::Person(const std::string& url, std::string token) : client_(url, std::move(token)) {}

json::value Person::get(const std::string& path) { return or_throw(path, client_.get(path)); }

json::value Person::post(const std::string& path, const json::value& body) {
  return or_throw(path, client_.post(path, body));
}

json::value Person::post_bytes(const std::string& path, std::string_view bytes,
                               std::string_view content_type) {
  return or_throw(path, client_.post_bytes(path, bytes, content_type));
}

}  // namespace hulan::app::demo
