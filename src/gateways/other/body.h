// SPDX-License-Identifier: Apache-2.0
// For what is answered without the market: reading the body, saying no.
#pragma once

#include "gateways/call.h"

namespace hulan::gateways {

void reply_problem(const Call& call, const HttpReply& reply, const Problem& problem);

/// Reads a JSON object and lets `read` take its members; false: a problem was answered.
[[nodiscard]] bool read_body(const Call& call, const HttpReply& reply,
                             const std::function<void(Fields&)>& read);

/// {"token", "user", "participant", "roles", "expires_at"} for a token that was just made.
[[nodiscard]] HttpResponse token_response(const Call& call, const std::string& token,
                                          std::int64_t expires_ns);

}  // namespace hulan::gateways
