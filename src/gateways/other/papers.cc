// SPDX-License-Identifier: Apache-2.0
// Bodies that are not JSON: documents and product definitions.
#include <fmt/format.h>

#include "base/sha256.h"
#include "gateways/gateway.h"
#include "gateways/handlers.h"
#include "gateways/other/body.h"

namespace hulan::gateways {
namespace {

/// What says no more than a row goes as it always has.
Submission definition(const ParsedProduct& product) {
  static constexpr model::ProductTermsRow kNone{};
  constexpr std::uint32_t kFirstMethods =
      model::method_bit(model::Method::kListing) | model::method_bit(model::Method::kAscending);
  if (std::memcmp(&product.terms, &kNone, sizeof(kNone)) == 0 &&
      (product.row.methods & ~kFirstMethods) == 0) {
    return submission(model::DefineProduct{product.row});
  }
  return submission(model::DefineProductTerms{product.row, product.terms});
}

/// What a fault of a definition says it should be; the whole of it is the problem's detail.
std::string expected_in(std::string_view message) {
  static constexpr std::string_view kExpected = "expected ", kOneOf = "is not one of ";
  if (message == "is missing") return "a value";
  if (const auto at = message.find(kExpected); at != message.npos) {
    return std::string(message.substr(at + kExpected.size()));
  }
  if (const auto at = message.find(kOneOf); at != message.npos) {
    return "one of " + std::string(message.substr(at + kOneOf.size()));
  }
  return {};
}

}  // namespace

void post_document(Call& call, const HttpReply& reply) {
  std::string_view type = call.request.content_type;
  if (type.starts_with("application/octet-stream")) type = {};  // find out
  if (!call.gateway.takes_new_work()) {
    return reply_problem(call, reply, Problem(Fault::storage_nearly_full));
  }
  const std::string_view body = call.request.body;
  const auto hash = call.services.documents.put(
      {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()}, type);
  if (!hash) return reply_problem(call, reply, problem_of(hash.error()));
  reply(json_response(call, [&](JsonWriter& json) {
    json.field("sha256", to_hex(*hash));
    json.field("size", body.size());
  }));
}

void post_product(Call& call, const HttpReply& reply) {
  if (!call.services.parse_product) return reply_problem(call, reply, Problem(Fault::not_found));
  const std::string_view type = call.request.content_type;
  if (!type.starts_with("application/toml") && !type.starts_with("text/plain")) {
    return reply_problem(call, reply,
                         Problem(Fault::unsupported_media_type, "Content-Type", std::string(type),
                                 "application/toml"));
  }
  // A definition is stored before the market decides, so the doors look who sends it.
  if (!call.caller.has(model::kRoleOperator)) {
    return reply_problem(call, reply, problem_of(model::Reject::wrong_role, {}, 0));
  }
  auto parsed = call.services.parse_product(call.request.body);
  if (!parsed) {
    const ProductError& error = parsed.error();
    Problem problem(Fault::invalid_product, error.key, "", expected_in(error.message));
    problem.detail =
        error.line == 0 ? error.message : fmt::format("line {}: {}", error.line, error.message);
    return reply_problem(call, reply, problem);
  }
  const auto document = call.services.documents.put(parsed->document, "application/json");
  if (!document) return reply_problem(call, reply, problem_of(document.error()));
  parsed->row.document = *document;
  call.gateway.submit(call, definition(*parsed), reply);
}

}  // namespace hulan::gateways
