// SPDX-License-Identifier: Apache-2.0
// openapi.json says what the router does, no less and no more.
#include "gateways/openapi.h"

#include <boost/json/parse.hpp>
#include <set>

#include "gateways/router.h"
#include "gateways/testing.h"

namespace hulan::gateways {
namespace {

namespace json = boost::json;

const json::object& document() {
  static const json::value whole = json::parse(openapi_document());
  return whole.as_object();
}

const char* method_name(HttpMethod method) {
  return method == HttpMethod::kGet ? "get" : method == HttpMethod::kPost ? "post" : "delete";
}

TEST(OpenApi, has_the_same_paths_and_methods_as_the_router) {
  std::set<std::string> described, routed;
  for (const auto& [path, methods] : document().at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      described.insert(std::string(method) + " " + std::string(path));
    }
  }
  for (const Route& route : all_routes()) {
    routed.insert(std::string(method_name(route.method)) + " " + std::string(route.path));
  }
  EXPECT_EQ(described, routed);
}

TEST(OpenApi, asks_for_a_token_where_the_router_does) {
  const auto paths = document().at("paths").as_object();
  for (const Route& route : all_routes()) {
    const auto& operation = paths.at(json::string_view(route.path.data(), route.path.size()))
                                .at(method_name(route.method));
    const auto& security = operation.at("security").as_array();
    const bool needed = security.size() == 1;
    EXPECT_EQ(needed, route.needs_user) << route.path;
  }
}

std::string filled(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto open = path.find('{');
    out += path.substr(0, open);
    if (open == std::string_view::npos) break;
    out += '1';
    path.remove_prefix(path.find('}') + 1);
  }
  return out;
}

class OpenApiBodies : public testing::DoorsTest {};

TEST_F(OpenApiBodies, have_the_fields_that_the_doors_read) {
  start();
  for (const Route& route : all_routes()) {
    if (!std::holds_alternative<CommandHandler>(route.handler)) continue;
    if (route.method != HttpMethod::kPost) continue;
    // An unknown field is answered with all the known ones.
    const model::UserId user =
        route.path == "/v1/users" ? testing::kAdministrator : testing::kOperator;
    const auto answer = post(filled(route.path), R"({"no_such_field":1})", user);
    ASSERT_EQ(answer.text("code"), "unknown_field") << route.path << answer.body;
    std::set<std::string> read;
    std::string names = answer.text("expected");
    for (std::size_t at = 0; names != "no fields" && at < names.size();) {
      const auto end = std::min(names.find(", ", at), names.size());
      read.insert(names.substr(at, end - at));
      at = end + 2;
    }
    std::set<std::string> described;
    const auto& schema = document()
                             .at("paths")
                             .at(json::string_view(route.path.data(), route.path.size()))
                             .at("post")
                             .at("requestBody")
                             .at("content")
                             .at("application/json")
                             .at("schema");
    for (const auto& [name, type] : schema.at("properties").as_object()) {
      described.insert(std::string(name));
    }
    EXPECT_EQ(read, described) << route.path;
  }
}

}  // namespace
}  // namespace hulan::gateways
