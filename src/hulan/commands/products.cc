// SPDX-License-Identifier: Apache-2.0
// product, mark, places, market (R4, R5.5).
#include <fmt/format.h>

#include "hulan/commands/session.h"
#include "hulan/product_toml.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

/// Reads FILE and proves that it is a product definition.
std::string checked_definition(const std::string& file) {
  std::string text = read_file("FILE", file);
  const auto parsed = parse_product_toml(text);
  if (!parsed) {
    const auto& error = parsed.error();
    throw CommandFailed(2, fmt::format("{} line {}: {}{}{}", file, error.line, error.key,
                                       error.key.empty() ? "" : ": ", error.message));
  }
  return text;
}

void check_products(Session& session) {
  json::array right;
  for (const std::string& file : session.all("FILE")) {
    (void)checked_definition(file);
    right.push_back(json::object{{"file", file}, {"ok", true}});
    if (!session.json()) fmt::print("{}: ok\n", file);
  }
  if (session.json()) fmt::print("{}\n", json::serialize(right));
}

void add_products(Session& session) {
  std::vector<std::pair<std::string, std::string>> definitions;
  for (const std::string& file : session.all("FILE")) {
    definitions.emplace_back(file, checked_definition(file));
  }
  for (const auto& [file, text] : definitions) {
    session.print_answer(session.post_bytes("/v1/products", text, "application/toml"));
  }
}

/// PRODUCT is a number or a code.
void show_product(Session& session) {
  const auto wanted = number_or_text(session.text("PRODUCT"));
  if (wanted.is_number()) {
    return session.print_object(
        session.get(fmt::format("/v1/products/{}", wanted.to_number<std::uint32_t>())));
  }
  for (const auto& row : session.get_all("/v1/products")) {
    if (row.at("code") == wanted) return session.print_object(row);
  }
  bad_input("PRODUCT", session.text("PRODUCT"), "a product's number or code (hulan product list)");
}

}  // namespace

void add_product_commands(std::vector<Command>& commands) {
  const Argument product{"PRODUCT", "number or code", Kind::kNumberOrText, true, "product"};
  commands.push_back(list_command("product list", "all products", "/v1/products", {},
                                  {{"id", "id", Align::kRight},
                                   {"code", "code"},
                                   {"name", "name"},
                                   {"version", "version", Align::kRight},
                                   {"unit", "unit"},
                                   {"price", "price_unit"},
                                   {"tick", "tick", Align::kRight},
                                   {"methods", "methods"},
                                   {"required", "required"},
                                   {"effective", "effective_at"}}));
  commands.push_back({"product show",
                      "one product with its tables and rates",
                      {{"PRODUCT", "number or code", Kind::kText, true}},
                      show_product});
  commands.push_back(
      {"product check",
       "read definitions and name file, line and key of what is wrong; asks no server",
       {{"FILE", "product definitions in TOML", Kind::kMany, true}},
       check_products});
  commands.push_back({"product add",
                      "define a product or its next version; a second person approves",
                      {{"FILE", "product definitions in TOML", Kind::kMany, true}},
                      add_products});
  commands.push_back(
      post_command("product reference", "state a reference price (R5.5)", "/v1/references",
                   {product,
                    {"--grade", "the grade's code", Kind::kText, false, "grade"},
                    {"--province", "2 digits", Kind::kText, true, "province"},
                    {"--price", "in the product's price unit", Kind::kText, true, "price"}}));
  commands.push_back(list_command("product references", "reference prices (R5.5)", "/v1/references",
                                  {},
                                  {{"product", "product_code"},
                                   {"grade", "grade"},
                                   {"province", "province"},
                                   {"price", "price", Align::kRight},
                                   {"unit", "price_unit"},
                                   {"stated", "stated"},
                                   {"since", "since"}}));
  commands.push_back(post_command(
      "mark add", "register an origin mark or a brand (R4.2)", "/v1/marks",
      {{"--holder", "the participant that holds it", Kind::kNumber, true, "holder"},
       {"--product", "number or code", Kind::kNumberOrText, true, "product"},
       {"--place", "6-digit county code the goods come from", Kind::kText, false, "place"},
       {"--from", "valid from", Kind::kTime, true, "valid_from"},
       {"--until", "valid until", Kind::kTime, true, "valid_until"},
       {"--certificate", "its number", Kind::kText, true, "certificate"},
       {"--name", "name in Chinese", Kind::kText, true, "name.zh"},
       {"--name-en", "in English", Kind::kText, false, "name.en"},
       {"--name-ru", "in Russian", Kind::kText, false, "name.ru"}}));
  commands.push_back(list_command("mark list", "origin marks and brands", "/v1/marks", {},
                                  {{"id", "id", Align::kRight},
                                   {"name", "name"},
                                   {"holder", "holder.name"},
                                   {"product", "product", Align::kRight},
                                   {"place", "place"},
                                   {"certificate", "certificate"},
                                   {"until", "valid_until"}}));
  commands.push_back(post_command("mark grant", "let a farm carry the mark; by its holder",
                                  "/v1/marks/{MARK}/grants",
                                  {{"MARK", "the mark", Kind::kNumber, true},
                                   {"--farm", "the participant", Kind::kNumber, true, "farm"},
                                   {"--until", "valid until", Kind::kTime, true, "valid_until"}}));
  commands.push_back({"mark revoke",
                      "take a farm's grant back; by the mark's holder",
                      {{"MARK", "the mark", Kind::kNumber, true},
                       {"FARM", "the participant", Kind::kNumber, true}},
                      [](Session& session) {
                        session.print_answer(
                            session.remove(fill_path(session, "/v1/marks/{MARK}/grants/{FARM}")));
                      }});
  commands.push_back(
      list_command("places", "the market's places and their lots", "/v1/places", {},
                   {{"code", "code"}, {"name", "name"}, {"lots", "lots", Align::kRight}}));
  commands.push_back(show_command("market", "the market's name, time and rates", "/v1/market", {}));
  commands.push_back(list_command("prices", "a day's prices by region (R11.2)", "/v1/prices",
                                  {{"--product", "number or code", Kind::kText, false, "product"},
                                   {"--day", "like 2024-01-15", Kind::kText, false, "day"},
                                   {"--level", "province or county", Kind::kText, false, "level"}},
                                  {{"day", "day"},
                                   {"product", "product_code"},
                                   {"grade", "grade"},
                                   {"region", "region"},
                                   {"price", "price", Align::kRight},
                                   {"change", "change", Align::kRight},
                                   {"weight", "weight", Align::kRight},
                                   {"trades", "trades", Align::kRight},
                                   {"low", "low", Align::kRight},
                                   {"high", "high", Align::kRight},
                                   {"thin", "thin"}}));
  commands.push_back(list_command("trades", "concluded trades, without names", "/v1/trades",
                                  {{"--product", "number or code", Kind::kText, false, "product"},
                                   {"--day", "like 2024-01-15", Kind::kText, false, "day"}},
                                  {{"time", "time"},
                                   {"product", "product_code"},
                                   {"grade", "grade"},
                                   {"region", "region"},
                                   {"method", "method"},
                                   {"price", "price", Align::kRight},
                                   {"quantity", "quantity", Align::kRight},
                                   {"lot", "lot", Align::kRight}}));
}

}  // namespace hulan::app
