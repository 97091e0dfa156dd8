// SPDX-License-Identifier: Apache-2.0
// An invented person of the demo, who does everything through the same doors as a real one.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "hulan/client.h"

namespace hulan::app::demo {

namespace json = boost::json;

/// What the doors refused: the problem's code.
struct Refused {
  std::string code;
  std::string text;
};

/// One connection, one token. The demo's thread only.
class Person {
 public:
  Person(const std::string& url, std::string token);

  /// Throws Refused for a problem, or if the door is shut.
  json::value get(const std::string& path);
  json::value post(const std::string& path, const json::value& body = json::object());
  /// Raw bytes (documents, TOML).
  json::value post_bytes(const std::string& path, std::string_view bytes,
                         std::string_view content_type);

 private:
  Client client_;
};

/// Number of what a command made.
inline std::uint32_t id_of(const json::value& answer) {
  return static_cast<std::uint32_t>(answer.at("id").to_number<std::uint64_t>());
}

}  // namespace hulan::app::demo
