// SPDX-License-Identifier: Apache-2.0
// One request on its way through the doors: who asks, what for, and what goes to the market.
#pragma once

#include <array>
#include <cstring>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "gateways/fields.h"
#include "gateways/http.h"
#include "gateways/json_writer.h"
#include "gateways/problem.h"
#include "gateways/reader.h"
#include "gateways/services.h"

namespace hulan::gateways {

class Gateway;

/// The query of a target, percent-decoded. Each reader notes what it asked for; `finish` finds what
/// nobody asked for.
class Query {
 public:
  explicit Query(std::string_view query);

  [[nodiscard]] std::optional<std::string> text(std::string_view name);
  [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t otherwise,
                                     std::uint64_t most);
  [[nodiscard]] bool flag(std::string_view name);
  [[nodiscard]] std::uint32_t code(std::string_view name, std::size_t digits);
  [[nodiscard]] std::optional<std::int64_t> day(std::string_view name);
  [[nodiscard]] std::optional<std::int64_t> time(std::string_view name);
  template <class Enum>
  [[nodiscard]] Enum choice(std::string_view name, Enum otherwise) {
    const auto chosen = text(name);
    if (!chosen || chosen->empty()) return otherwise;
    if (const auto found = find_word<Enum>(*chosen)) return *found;
    fail(name, *chosen, one_of<Enum>());
    return otherwise;
  }
  /// limit and cursor of a list.
  struct Slice {
    std::uint64_t cursor = 0;
    std::size_t limit = 100;
  };
  [[nodiscard]] Slice slice();

  void fail(std::string_view name, std::string value, std::string expected);
  [[nodiscard]] std::optional<Problem> finish();

 private:
  std::vector<std::pair<std::string, std::string>> values_;
  std::vector<std::string> asked_;
  std::optional<Problem> first_;
};

/// A command ready for the market.
struct Submission {
  model::CommandType type{};
  std::uint8_t version = 1;
  std::vector<std::uint8_t> body;
  /// Called with the answer: `reply` is the open object of an acceptance, null for a refusal.
  std::function<void(const model::Replied&, JsonWriter* reply)> done;
};

/// R2.5: the same command for the principal of a mandate.
void act_under(Submission& submission, model::MandateId mandate);

/// A body, and what follows it.
template <class Body>
[[nodiscard]] Submission submission(const Body& body, std::span<const std::uint8_t> rest = {}) {
  static_assert(std::is_trivially_copyable_v<Body>);
  Submission made;
  made.type = Body::kType;
  made.version = model::body_version<Body>();
  made.body.resize(sizeof(Body) + rest.size());
  std::memcpy(made.body.data(), &body, sizeof(Body));
  if (!rest.empty()) std::memcpy(made.body.data() + sizeof(Body), rest.data(), rest.size());
  return made;
}

template <class Item>
[[nodiscard]] std::span<const std::uint8_t> bytes_of(const std::vector<Item>& items) {
  return {reinterpret_cast<const std::uint8_t*>(items.data()), items.size() * sizeof(Item)};
}

struct Call {
  Gateway& gateway;
  const HttpRequest& request;
  const Reader& reader;
  Services& services;
  Query query;
  Caller caller;
  Language language;
  model::ClientId client_id{};             ///< of a command
  std::array<std::uint32_t, 2> numbers{};  ///< {id}s of the path, in order
  std::string_view word;                   ///< {sha256} of the path

  [[nodiscard]] const projections::View& view() const { return reader.view; }
};

using ReadResult = std::expected<HttpResponse, Problem>;
using CommandResult = std::expected<Submission, Problem>;

/// A JSON answer that stands on the view's state: `write` adds the members.
[[nodiscard]] HttpResponse json_response(const Call& call,
                                         const std::function<void(JsonWriter&)>& write);
/// The same around one row: `write` writes an object, whose members sequence and time join.
[[nodiscard]] HttpResponse row_response(const Call& call,
                                        const std::function<void(JsonWriter&)>& write,
                                        const std::function<void(JsonWriter&)>& more = {});
/// A list: `write` adds the items. `next` 0: no more.
[[nodiscard]] HttpResponse list_response(const Call& call, std::uint64_t next,
                                         const std::function<void(JsonWriter&)>& write);

[[nodiscard]] inline std::unexpected<Problem> refused(Problem problem) {
  return std::unexpected(std::move(problem));
}
[[nodiscard]] inline std::unexpected<Problem> refused(model::Reject reject) {
  return std::unexpected(problem_of(reject, {}, 0));
}

}  // namespace hulan::gateways
