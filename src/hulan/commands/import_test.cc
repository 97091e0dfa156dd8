// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hulan/commands/csv.h"
#include "hulan/commands/lots_plan.h"
#include "hulan/commands/provinces.h"
#include "hulan/commands/session.h"
#include "hulan/commands/table.h"
#include "model/region.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

ImportProduct hogs() {
  return ImportProduct::from_json(json::parse(R"({
    "id": 1, "code": "live-hog", "basis": "by_weight", "unit": "head", "tick": "0.010",
    "lot_minimum": "10", "needs_average": true, "needs_tags": true, "required": ["asf_test"],
    "grades": [{"code": "outer-three-way", "name": {"zh": "外三元", "en": "imported", "ru": ""}},
               {"code": "inner-three-way", "name": {"zh": "内三元", "en": "local", "ru": ""}}]})"));
}

ImportSources day_of_prices() {
  ImportSources sources;
  sources.columns = {
      {"grade", "grade"}, {"province", "province"}, {"price", "today"}, {"reference", "yesterday"}};
  sources.constants = {{"quantity", "100"},
                       {"average", "110"},
                       {"terms", "destination"},
                       {"place", "230111"},
                       {"pickup_from", "2024-01-16T00:00:00Z"},
                       {"pickup_until", "2024-01-23T00:00:00Z"}};
  sources.spelled = {{"average", "--average"}};
  return sources;
}

constexpr std::string_view kHead = "grade,province,today,yesterday\n";

/// The line of the error; empty if there is none.
std::string error_of(const std::string& rows, const ImportSources& sources) {
  try {
    (void)plan_lots(parse_csv("day.csv", std::string(kHead) + rows), hogs(), sources);
    return {};
  } catch (const CommandFailed& failed) {
    EXPECT_EQ(failed.status, 2);
    return failed.what();
  }
}

TEST(LotsImport, a_line_becomes_a_lot_with_grade_and_county_by_name) {
  const auto lots =
      plan_lots(parse_csv("day.csv", std::string(kHead) + "外三元,黑龙江,16.12,16.13\n"
                                                          "local,广西壮族自治区,15.4,15.40\n"),
                hogs(), day_of_prices());
  ASSERT_EQ(lots.size(), 2u);
  EXPECT_EQ(lots[0].line, 2u);
  EXPECT_EQ(lots[0].grade, "outer-three-way");
  EXPECT_EQ(lots[0].body.at("origin").as_string(), "230100");
  EXPECT_EQ(lots[0].body.at("place").as_string(), "230111");
  EXPECT_EQ(lots[0].body.at("average_kg").as_string(), "110.000");
  EXPECT_EQ(lots[0].price, "16.120");
  EXPECT_EQ(lots[0].reference, "16.130");
  EXPECT_EQ(lots[0].count, 100);
  EXPECT_EQ(lots[1].grade, "inner-three-way");
  EXPECT_EQ(lots[1].province, 45u);
}

TEST(LotsImport, a_broken_line_17_is_named_with_column_value_and_what_was_expected) {
  std::string rows;
  for (int line = 2; line < 17; ++line) rows += "外三元,黑龙江,16.12,16.13\n";
  EXPECT_EQ(error_of(rows, day_of_prices()), "");
  EXPECT_EQ(
      error_of(rows + "外三元,吉林省,\"16,45\",16.40\n", day_of_prices()),
      "day.csv line 17, column today '16,45': expected a number above 0 with at most 3 digits "
      "after the point, like 16.120");
}

TEST(LotsImport, every_kind_of_wrong_cell_is_refused) {
  const auto error = [](const std::string& row) { return error_of(row, day_of_prices()); };
  EXPECT_NE(error("五花,黑龙江,16.12,16.13\n")
                .find("column grade '五花': expected one of "
                      "outer-three-way (外三元)"),
            std::string::npos);
  EXPECT_NE(error("外三元,黑河,16.12,16.13\n").find("column province '黑河'"), std::string::npos);
  EXPECT_NE(error("外三元,黑龙江,16.125,16.13\n").find("a multiple of the tick 0.010"),
            std::string::npos);
  EXPECT_NE(error("外三元,黑龙江,-1,16.13\n").find("column today '-1'"), std::string::npos);
  EXPECT_NE(error("外三元,黑龙江,16.12\n").find("line 2: expected 4 cells"), std::string::npos);
  EXPECT_NE(error("外三元,黑龙江,16.12,16.13\n外三元,黑龙江省,16.12,16.14\n")
                .find("line 3, column yesterday '16.14': expected 16.130 as line 2 states"),
            std::string::npos);
  EXPECT_NE(error("").find("at least one line"), std::string::npos);
}

TEST(LotsImport, a_wrong_constant_is_called_by_its_option) {
  auto sources = day_of_prices();
  sources.constants["average"] = "heavy";
  EXPECT_NE(error_of("外三元,黑龙江,16.12,16.13\n", sources).find("line 2, --average 'heavy'"),
            std::string::npos);
  sources = day_of_prices();
  sources.constants.erase("terms");
  EXPECT_NE(error_of("外三元,黑龙江,16.12,16.13\n", sources).find("--map terms=COLUMN"),
            std::string::npos);
}

TEST(Csv, quotes_ends_of_line_and_a_byte_order_mark_are_understood) {
  const Csv csv = parse_csv("t.csv",
                            "\xEF\xBB\xBFname,note\r\n\"a, \"\"b\"\"\",\"two\nlines\"\r\n"
                            "\r\n c ,d");
  ASSERT_EQ(csv.rows.size(), 2u);
  EXPECT_EQ(csv.rows[0].cell("name"), "a, \"b\"");
  EXPECT_EQ(csv.rows[0].cell("note"), "two\nlines");
  EXPECT_EQ(csv.rows[1].cell("name"), "c");
  EXPECT_EQ(csv.rows[1].line, 5u);
}

TEST(Csv, an_open_quote_and_a_column_twice_are_refused_with_their_line) {
  EXPECT_THROW((void)parse_csv("t.csv", "a,b\n1,\"2\n"), CommandFailed);
  EXPECT_THROW((void)parse_csv("t.csv", "a,a\n1,2\n"), CommandFailed);
  EXPECT_THROW((void)parse_csv("t.csv", ""), CommandFailed);
}

TEST(Provinces, are_found_by_every_usual_name) {
  EXPECT_EQ(province_by_name("黑龙江"), 23u);
  EXPECT_EQ(province_by_name("黑龙江省"), 23u);
  EXPECT_EQ(province_by_name("北京市"), 11u);
  EXPECT_EQ(province_by_name("内蒙古"), 15u);
  EXPECT_EQ(province_by_name("新疆维吾尔自治区"), 65u);
  EXPECT_EQ(province_by_name("inner mongolia"), 15u);
  EXPECT_EQ(province_by_name("45"), 45u);
  EXPECT_EQ(province_by_name(""), 0u);
  EXPECT_EQ(province_by_name("哈尔滨市"), 0u);
  for (const std::uint32_t code : model::kProvinces) {
    EXPECT_EQ(province_by_name(std::to_string(code)), code);
  }
}

TEST(Table, columns_stand_under_each_other_though_chinese_takes_two_cells) {
  Table table{{{"name"}, {"head", Align::kRight}}, {{"外三元", "200"}, {"pigs", "7"}}};
  EXPECT_EQ(table.text(),
            "name    head\n"
            "外三元   200\n"
            "pigs       7\n");
}

}  // namespace
}  // namespace hulan::app
