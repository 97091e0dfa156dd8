// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "base/sha256.h"
#include "gateways/words.h"
#include "hulan/default_files.h"
#include "hulan/product_toml.h"
#include "hulan/scenario/steps.h"

namespace hulan::app {
namespace {

template <class Enum>
Enum word_of(std::string_view what, std::string_view text) {
  const auto value = gateways::find_word<Enum>(text);
  if (!value)
    throw BadLine(fmt::format("{} '{}': expected {}", what, text, gateways::one_of<Enum>()));
  return *value;
}

void add_participant(World& world, const Match& line) {
  world.add_participant(line.text("name"),
                        word_of<model::ParticipantKind>("kind", line.text("kind")),
                        static_cast<std::uint32_t>(World::number(line.text("region"))));
}

void add_money(World& world, const Match& line) {
  const auto currency = line.has("currency")
                            ? word_of<model::Currency>("currency", line.text("currency"))
                            : model::Currency::kCny;
  const std::string reference = fmt::format("bank credit {}", world.engine.sequence());
  world.must_approve(world.user("officer"),
                     model::RecordDeposit{world.participant(line.text("name")),
                                          static_cast<std::uint32_t>(currency),
                                          World::money(line.text("amount")), sha256(reference)});
}

gateways::ParsedProduct shipped(std::string_view code) {
  const auto files = default_files();
  const auto found = std::ranges::find(files, fmt::format("{}.toml", code), &DefaultFile::name);
  if (found == files.end()) throw BadLine(fmt::format("there is no products/{}.toml", code));
  auto parsed = parse_product_toml(found->text);
  if (!parsed) throw BadLine(fmt::format("products/{}.toml: {}", code, parsed.error().message));
  return std::move(*parsed);
}

std::vector<std::string> grade_codes(const std::string& document) {
  std::vector<std::string> codes;
  const auto value = boost::json::parse(document);
  for (const auto& grade : value.at("grades").as_array()) {
    codes.emplace_back(grade.at("code").as_string());
  }
  return codes;
}

/// A shipped definition; where a scenario needs it, with a method that the default does not carry
/// and the permit for it.
void add_product(World& world, const Match& line) {
  gateways::ParsedProduct product = shipped(line.text("code"));
  if (line.has("method")) {
    product.row.methods |= model::method_bit(word_of<model::Method>("method", line.text("method")));
  }
  if (line.has("permit")) {
    const auto copy = [](std::string_view text, std::span<char> field) {
      std::copy_n(text.begin(), std::min(text.size(), field.size() - 1), field.begin());
    };
    copy("sandbox", product.terms.permit_authority);
    copy(line.text("permit"), product.terms.permit_number);
    product.terms.permit_date = world.now.value;
  }
  world.add_product(product.row, product.terms, grade_codes(product.document));
}

void state_reference(World& world, const Match& line) {
  const auto id = world.product(line.text("product"));
  const auto& product = world.state().products[id];
  world.must_send(
      world.user("operator"),
      model::StateReference{id, static_cast<std::uint32_t>(World::number(line.text("province"))),
                            world.grade(product, line.text("grade")),
                            world.price(product, line.text("price"))});
}

void relate(World& world, const Match& line) {
  world.must_send(world.user("operator"),
                  model::RelateParticipants{world.participant(line.text("a")),
                                            world.participant(line.text("b")), 1});
}

constexpr Step kSteps[] = {
    {"participant {name} {kind} {region}", add_participant},
    {"money {name} {amount} [{currency}]", add_money},
    {"product {code} [that may also use {method}] [by permit {permit}]", add_product},
    {"reference price of {product} {grade} in {province} is {price}", state_reference},
    {"{a} and {b} are related", relate},
};

}  // namespace

std::span<const Step> setup_steps() { return kSteps; }

}  // namespace hulan::app
