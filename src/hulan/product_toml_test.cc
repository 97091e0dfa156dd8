// SPDX-License-Identifier: Apache-2.0
#include "hulan/product_toml.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/sha256.h"
#include "engine/market/products.h"
#include "gateways/words.h"
#include "hulan/default_files.h"

namespace hulan::app {
namespace {

std::string shipped(std::string_view name) {
  for (const DefaultFile& file : default_files()) {
    if (file.name == name) return std::string(file.text);
  }
  ADD_FAILURE() << name << " is not shipped";
  return {};
}

/// The definition of live hogs with one piece of text replaced.
std::string hogs(std::string_view from, std::string_view to) {
  std::string text = shipped("live-hog.toml");
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

int line_of(const std::string& text, std::string_view piece) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(text.find(piece));
  return 1 + static_cast<int>(std::count(text.begin(), end, '\n'));
}

/// Expects a refusal at this key, on the line where `piece` stands.
void expect_refused(const std::string& text, std::string_view key, std::string_view piece,
                    std::string_view message) {
  const auto product = parse_product_toml(text);
  ASSERT_FALSE(product.has_value());
  EXPECT_EQ(product.error().key, key);
  EXPECT_EQ(product.error().line, line_of(text, piece)) << product.error().message;
  EXPECT_NE(product.error().message.find(message), std::string::npos) << product.error().message;
}

TEST(ProductToml, R4_1_every_shipped_definition_is_accepted) {
  const std::string_view codes[] = {"beef",         "live-hog", "maize", "native-hog-small-lot",
                                    "piglet",       "raw-milk", "rice",  "vegetables",
                                    "woodcut-print"};
  for (const std::string_view code : codes) {
    const auto product = parse_product_toml(shipped(std::string(code) + ".toml"));
    ASSERT_TRUE(product.has_value()) << code << ":" << product.error().line << " "
                                     << product.error().key << " " << product.error().message;
    EXPECT_STREQ(product->row.code.data(), std::string(code).c_str());
    EXPECT_EQ(product->row.document, sha256(product->document));
    EXPECT_EQ(engine::check_product(product->row, product->terms), model::Reject::ok);
  }
}

TEST(ProductToml, R4_1_live_hogs_carry_the_rulebooks_values) {
  const auto product = parse_product_toml(shipped("live-hog.toml"));
  ASSERT_TRUE(product.has_value());
  const model::ProductRow& row = product->row;
  EXPECT_EQ(row.tick.value, 10);
  EXPECT_EQ(row.lot_minimum, 10);
  EXPECT_EQ(row.grade_count, 3);
  EXPECT_EQ(row.grade_adjust[1], -300);
  EXPECT_EQ(row.grade_adjust[2], -600);
  EXPECT_EQ(row.single_adjust[0], -1000);
  EXPECT_EQ(row.band_count, 4);
  EXPECT_EQ(row.bands[0].low_g, 90'000);
  EXPECT_EQ(row.bands[0].high_open, 1);
  EXPECT_EQ(row.bands[2].adjust, -200);
  EXPECT_EQ(row.bands[2].low_open, 1);
  EXPECT_EQ(row.bond_bp, 500u);
  EXPECT_EQ(row.trading_bond_bp, 50u);
  EXPECT_EQ(row.shrink_bp, 150u);
  EXPECT_EQ(row.fee_fen_per_t, 1000);
  EXPECT_EQ(row.fee_vat_bp, 600u);
  EXPECT_EQ(row.disposal_fen_per_head.value, 8000);
  EXPECT_EQ(row.keeping_fen_per_head_day.value, 600);
  EXPECT_EQ(row.close_window_ns, 120 * model::kSecond);
  EXPECT_EQ(row.required_count, 2);
  EXPECT_EQ(row.needs_average + row.needs_tags + row.needs_quarantine + row.needs_vehicle, 4);
}

TEST(ProductToml, R4_3_a_zone_table_opens_only_the_provinces_it_names) {
  const auto text = hogs("[zones]", "[zones]\n\"23\" = [\"23\", \"22\"]");
  const auto product = parse_product_toml(text);
  ASSERT_TRUE(product.has_value()) << product.error().message;
  // 21, 22, 23 are slots 5, 6, 7.
  EXPECT_EQ(product->row.zone_to[7], (1u << 6) | (1u << 7));
  EXPECT_EQ(product->row.zone_to[5] >> 7 & 1, 1u);
}

TEST(ProductToml, R4_1_the_same_definition_in_other_order_gives_the_same_document) {
  const auto one = parse_product_toml(shipped("live-hog.toml"));
  const auto other = parse_product_toml(
      hogs("tick = \"0.010\"\nlot_minimum = \"10\"", "lot_minimum = 10\ntick = \"0.010\""));
  ASSERT_TRUE(one.has_value());
  ASSERT_TRUE(other.has_value()) << other.error().message;
  EXPECT_EQ(one->document, other->document);
}

TEST(ProductToml, A_key_nobody_knows_is_named_with_its_line) {
  expect_refused(hogs("tick =", "tack = 1\ntick ="), "tack", "tack =", "not a key");
  expect_refused(hogs("low = \"100\"", "low = \"100\"\nmiddle = 1"), "bands[2].middle", "middle",
                 "not a key");
}

TEST(ProductToml, A_missing_key_is_named) {
  expect_refused(hogs("tick = \"0.010\"", ""), "tick", "# ", "missing");
  expect_refused(hogs("bond = { value = \"5\",", "bond = {"), "rates.bond.value", "bond = {",
                 "missing");
}

TEST(ProductToml, A_wrong_type_is_named_with_its_line) {
  expect_refused(hogs("tick = \"0.010\"", "tick = 0.010"), "tick", "tick =", "decimal in quotes");
  expect_refused(
      hogs("methods = [\"listing\", \"ascending\", \"clock\", \"sealed\", \"negotiation\"]",
           "methods = 3"),
      "methods", "methods =", "list of strings");
}

TEST(ProductToml, A_value_out_of_range_is_named_with_its_line) {
  expect_refused(hogs("tick = \"0.010\"", "tick = \"0\""), "tick", "tick =", "out of range");
  expect_refused(hogs("tick = \"0.010\"", "tick = \"0.0001\""), "tick", "tick =", "more digits");
  expect_refused(hogs("value = \"1.5\"", "value = \"150\""), "rates.shrink.value",
                 "shrink =", "out of range");
  expect_refused(hogs("close_window = \"120 s\"", "close_window = \"2 d\""), "close_window",
                 "close_window", "out of range");
}

TEST(ProductToml, R8_4_a_weight_in_two_bands_is_refused) {
  expect_refused(
      hogs("low = \"120\"\nhigh = \"130\"\nlow_open = true", "low = \"120\"\nhigh = \"130\""),
      "bands[3].low", "low = \"120\"\nhigh = \"130\"", "two bands");
}

TEST(ProductToml, R4_1_contradictory_definitions_are_refused) {
  expect_refused(hogs("\"average\", ", ""), "needs", "needs =", "contradicts");
  expect_refused(hogs("unit = \"head\"", "unit = \"kg\""), "needs", "needs =", "contradicts");
  expect_refused(
      hogs("fee_per_t = ", "fee_per_head = { value = \"1\", source = \"x\" }\nfee_per_t = "),
      "rates.fee_per_head", "fee_per_head =", "contradicts");
}

TEST(ProductToml, R5_4_an_order_book_without_a_permit_is_refused) {
  expect_refused(hogs("\"negotiation\"]", "\"order_book\"]"), "methods", "methods =", "permit");
}

TEST(ProductToml, R5_4_with_a_permit_of_its_own_a_product_may_name_the_order_book) {
  const std::string text =
      hogs("\"negotiation\"]", "\"order_book\"]") +
      "\n[permit]\nauthority = \"哈尔滨新区沙盒\"\nnumber = \"S-1\"\n"
      "date = 2024-01-02T00:00:00+08:00\n[limits]\norder_quantity_max = \"500\"\n";
  const auto product = parse_product_toml(text);
  ASSERT_TRUE(product.has_value()) << product.error().message;
  EXPECT_STREQ(product->terms.permit_number.data(), "S-1");
  EXPECT_EQ(product->terms.order_quantity_max, 500);
  EXPECT_NE(product->row.methods & model::method_bit(model::Method::kOrderBook), 0u);
}

TEST(ProductToml, Broken_syntax_names_its_line) {
  const auto text = hogs("tick = \"0.010\"", "tick = ");
  const auto product = parse_product_toml(text);
  ASSERT_FALSE(product.has_value());
  EXPECT_EQ(product.error().line, line_of(text, "tick ="));
}

}  // namespace
}  // namespace hulan::app
