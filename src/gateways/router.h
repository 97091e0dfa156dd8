// SPDX-License-Identifier: Apache-2.0
// Every path of the doors and who answers it: one table, the same as openapi.json.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "gateways/call.h"

namespace hulan::gateways {

using ReadHandler = ReadResult (*)(Call&);
using CommandHandler = CommandResult (*)(Call&, Fields&);
/// Answers by itself, perhaps later.
using OtherHandler = void (*)(Call&, const HttpReply&);

struct Route {
  HttpMethod method;
  std::string_view path;  ///< "/v1/lots/{id}/bids"
  bool needs_user;
  std::variant<ReadHandler, CommandHandler, OtherHandler> handler;
};

[[nodiscard]] std::span<const Route> all_routes();

struct Match {
  const Route* route = nullptr;  ///< null: no such path, or not with this method
  bool path_known = false;
  std::array<std::uint32_t, 2> numbers{};
  std::string_view word;
};

/// `{id}` and other names in braces take a number from 1; `{sha256}` any segment.
[[nodiscard]] Match match_route(HttpMethod method, std::string_view path);

}  // namespace hulan::gateways
