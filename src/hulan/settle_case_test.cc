// SPDX-License-Identifier: Apache-2.0
#include "hulan/settle_case.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace hulan::app {
namespace {

namespace fs = std::filesystem;

/// Every case file of a folder, in order of name.
std::vector<std::string> cases_in(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct Ran {
  int status;
  std::string out;
  std::string err;
};

Ran run(const std::vector<std::string>& files, bool check) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = settle_command(files, check, out, err);
  return {status, out.str(), err.str()};
}

TEST(SettleCase, the_worked_cases_of_the_rulebook_hold_to_the_fen) {
  const fs::path folder = "../shared/domain/cases";
  if (!fs::exists(folder)) GTEST_SKIP() << "the shared cases are not beside this project";
  const auto files = cases_in(folder);
  ASSERT_EQ(files.size(), 5u);
  const Ran result = run(files, true);
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 5);
}

TEST(SettleCase, the_cases_at_the_rules_edges_hold_to_the_fen) {
  const auto files = cases_in("src/hulan/cases");
  ASSERT_GE(files.size(), 20u);
  const Ran result = run(files, true);
  EXPECT_EQ(result.status, 0) << result.out << result.err;
}

/// The sound cases that the tests below spoil, key by key.
constexpr std::string_view kSound =
    R"("kind":"settlement","price_li":16120,"heads":10,"average_g":115000,"terms":"destination",)"
    R"("trucks":[[11150000,10000000]],"dead":0,"seller_vat":"exempt_producer")";
constexpr std::string_view kOrigin =
    R"("kind":"settlement","price_li":16120,"heads":10,"average_g":115000,"terms":"origin",)"
    R"("origin_g":1150000,"destination_g":1140000,"shrink_allowance_bp":150,"dead":0,)"
    R"("seller_vat":"exempt_producer")";
constexpr std::string_view kDefault =
    R"("kind":"buyer_default","price_li":16120,"heads":10,"average_g":115000,)"
    R"("resale_price_li":15740,"keeping_fen":144000)";
constexpr std::string_view kShort =
    R"("kind":"seller_short","price_li":16120,"heads":10,"average_g":115000,"terms":"destination",)"
    R"("delivered_heads":8,"trucks":[[10920000,10000000]],"dead":0,"seller_vat":"general_9",)"
    R"("cover_price_li":16400)";

std::string given(std::string_view members) {
  return R"({"given":{)" + std::string(members) + "}}";
}

/// `members` with the first `from` replaced by `to`.
std::string with(std::string_view members, std::string_view from, std::string_view to) {
  std::string text(members);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return given(text.replace(at, from.size(), to));
}

TEST(SettleCase, the_sound_cases_of_these_tests_are_sound) {
  for (const auto members : {kSound, kOrigin, kDefault, kShort}) {
    const auto result = settle_case(given(members));
    EXPECT_TRUE(result) << result.error();
  }
}

struct Bad {
  std::string document;
  std::string_view field;
};

void expect_refused(const std::vector<Bad>& cases) {
  for (const Bad& bad : cases) {
    const auto result = settle_case(bad.document);
    ASSERT_FALSE(result) << bad.document;
    EXPECT_EQ(result.error().substr(0, bad.field.size() + 1), std::string(bad.field) + ":")
        << bad.document << "\n"
        << result.error();
    EXPECT_EQ(result.error().find('\n'), std::string::npos);
    EXPECT_NE(result.error().find("expected"), std::string::npos) << result.error();
  }
}

TEST(SettleCase, a_missing_key_is_named) {
  expect_refused({
      {"{}", "given"},
      {with(kSound, R"("kind":"settlement",)", ""), "kind"},
      {with(kSound, R"("price_li":16120,)", ""), "price_li"},
      {with(kSound, R"("heads":10,)", ""), "heads"},
      {with(kSound, R"("average_g":115000,)", ""), "average_g"},
      {with(kSound, R"("terms":"destination",)", ""), "terms"},
      {with(kSound, R"("trucks":[[11150000,10000000]],)", ""), "trucks"},
      {with(kSound, R"("dead":0,)", ""), "dead"},
      {with(kSound, R"(,"seller_vat":"exempt_producer")", ""), "seller_vat"},
      {with(kOrigin, R"("origin_g":1150000,)", ""), "origin_g"},
      {with(kOrigin, R"("destination_g":1140000,)", ""), "destination_g"},
      {with(kOrigin, R"("shrink_allowance_bp":150,)", ""), "shrink_allowance_bp"},
      {with(kDefault, R"("resale_price_li":15740,)", ""), "resale_price_li"},
      {with(kDefault, R"(,"keeping_fen":144000)", ""), "keeping_fen"},
      {with(kShort, R"("delivered_heads":8,)", ""), "delivered_heads"},
      {with(kShort, R"(,"cover_price_li":16400)", ""), "cover_price_li"},
  });
}

TEST(SettleCase, a_key_that_the_kind_or_the_terms_do_not_use_is_named) {
  expect_refused({
      {R"({"given":{},"wanted":{}})", "wanted"},
      {with(kSound, R"("dead":0)", R"("dead":0,"colour":1)"), "colour"},
      {with(kSound, R"("dead":0)", R"("dead":0,"origin_g":1)"), "origin_g"},
      {with(kSound, R"("dead":0)", R"("dead":0,"shrink_allowance_bp":1)"), "shrink_allowance_bp"},
      {with(kSound, R"("dead":0)", R"("dead":0,"delivered_heads":1)"), "delivered_heads"},
      {with(kOrigin, R"("dead":0)", R"("dead":0,"trucks":[])"), "trucks"},
      {with(kDefault, R"("heads":10)", R"("heads":10,"dead":1)"), "dead"},
      {with(kShort, R"("dead":0)", R"("dead":0,"keeping_fen":1)"), "keeping_fen"},
      {with(kSound, R"("dead":0)", R"("dead":0,"rules":{"fee":1})"), "rules.fee"},
      {with(kSound, R"("dead":0)", R"("dead":0,"groups":[{"head":1}])"), "groups[0].head"},
  });
}

TEST(SettleCase, a_value_of_the_wrong_form_is_named) {
  expect_refused({
      {"{", "case"},
      {"[]", "case"},
      {R"({"given":7})", "given"},
      {with(kSound, R"("settlement")", R"("sale")"), "kind"},
      {with(kSound, R"("settlement")", "1"), "kind"},
      {with(kSound, R"("destination")", R"("harbour")"), "terms"},
      {with(kSound, R"("exempt_producer")", R"("none")"), "seller_vat"},
      {with(kSound, "16120", "16120.5"), "price_li"},
      {with(kSound, "16120", "1e4"), "price_li"},
      {with(kSound, "16120", R"("16120")"), "price_li"},
      {with(kSound, "16120", "null"), "price_li"},
      {with(kSound, "16120", "0"), "price_li"},
      {with(kSound, "16120", "-1"), "price_li"},
      {with(kSound, R"("heads":10)", R"("heads":0)"), "heads"},
      {with(kSound, R"("heads":10)", R"("heads":true)"), "heads"},
      {with(kSound, "115000", "-115000"), "average_g"},
      {with(kSound, R"("dead":0)", R"("dead":-1)"), "dead"},
      {with(kSound, R"("dead":0)", R"("dead":11)"), "dead"},
      {with(kSound, "[[11150000,10000000]]", "7"), "trucks"},
      {with(kSound, "[[11150000,10000000]]", "[]"), "trucks"},
      {with(kSound, "[[11150000,10000000]]", "[[11150000]]"), "trucks[0]"},
      {with(kSound, "[[11150000,10000000]]", "[[11150000,10000000],[1,2]]"), "trucks[1]"},
      {with(kSound, "[[11150000,10000000]]", "[[10000000,10000000]]"), "trucks[0]"},
      {with(kSound, "[[11150000,10000000]]", "[[11150000,-1]]"), "trucks[0]"},
      {with(kSound, R"("dead":0)", R"("dead":0,"groups":{})"), "groups"},
      {with(kSound, R"("dead":0)", R"("dead":0,"groups":[5])"), "groups[0]"},
      {with(kSound, R"("dead":0)", R"("dead":0,"rules":[])"), "rules"},
      {with(kSound, R"("dead":0)", R"("dead":0,"rules":{"bond_bp":-1})"), "rules.bond_bp"},
      {with(kOrigin, R"(bp":150)", R"(bp":10001)"), "shrink_allowance_bp"},
      {with(kOrigin, R"("origin_g":1150000)", R"("origin_g":0)"), "origin_g"},
      {with(kDefault, "144000", "-1"), "keeping_fen"},
      {with(kDefault, "15740", "0"), "resale_price_li"},
      {with(kShort, R"("delivered_heads":8)", R"("delivered_heads":11)"), "delivered_heads"},
      {with(kShort, R"("delivered_heads":8)", R"("delivered_heads":-1)"), "delivered_heads"},
  });
}

TEST(SettleCase, R1_3_what_does_not_fit_64_bits_is_refused_by_name) {
  expect_refused({
      {with(kSound, "16120", "9223372036854775808"), "price_li"},
      {with(kSound, "16120", "99999999999999999999"), "price_li"},
      {with(kSound, "16120", "9223372036854775807"), "price_li"},
      {with(kSound, R"("heads":10)", R"("heads":9223372036854775807)"), "heads"},
      {with(kSound, "[[11150000,10000000]]", "[[9223372036854775807,1],[9223372036854775807,1]]"),
       "trucks"},
      {with(kDefault, "144000", "9223372036854775807"), "keeping_fen"},
      {with(kShort, "16400", "9223372036854775807"), "cover_price_li"},
      {with(kSound, R"("dead":0)", R"("dead":0,"rules":{"fee_fen_per_t":9223372036854775807})"),
       "fee_fen_per_t"},
  });
}

TEST(SettleCase, R8_2_groups_that_do_not_add_up_are_refused) {
  const auto groups = [](std::string_view list) {
    return with(kSound, R"("dead":0)", R"("dead":0,"groups":)" + std::string(list));
  };
  expect_refused({
      {groups("[]"), "groups"},
      {groups(R"([{"heads":9,"net_g":1150000,"adjust_li":0}])"), "groups"},
      {groups(R"([{"heads":10,"net_g":1149999,"adjust_li":0}])"), "groups"},
      {groups(R"([{"heads":10,"net_g":1150000}])"), "groups[0].adjust_li"},
      {groups(
           R"([{"heads":11,"net_g":1150000,"adjust_li":0},{"heads":-1,"net_g":0,"adjust_li":0}])"),
       "groups[1].heads"},
  });
}

TEST(SettleCase, R8_4_an_average_outside_the_bands_is_refused) {
  expect_refused({
      {with(kSound, "11150000", "10899994"), "average_live_g"},
      {with(kSound, "11150000", "11400005"), "average_live_g"},
      {with(kOrigin, "1150000", "899990"), "average_live_g"},
  });
}

class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("hulan-settle-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

 private:
  fs::path folder_;
};

const std::string kNothingKept =
    R"("expect":{"nominal":1853800,"bond":92690,"trading_bond":9269,"bond_to_seller":92690,)"
    R"("fees_from_trading_bond":2300,"trading_bond_returned":6969,"loss":187700,"claim":95010})";

TEST_F(Files, check_stops_with_1_at_the_first_difference) {
  const std::string head = R"({"given":{)" + std::string(kDefault) + "},";
  const auto right = file("right.json", head + kNothingKept + "}");
  const auto wrong = file("wrong.json", head + R"("expect":{"nominal":1}})");
  const Ran result = run({right, wrong, right}, true);
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, right + ": ok\n" + wrong + ": nominal: expected 1, got 1853800\n");
}

TEST_F(Files, check_finds_a_key_that_should_not_be_there) {
  std::string expect = kNothingKept;
  expect.back() = ',';
  const auto path =
      file("a.json", R"({"given":{)" + std::string(kDefault) + "}," + expect + R"("goods":5}})");
  const Ran result = run({path}, true);
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, path + ": goods: expected 5, got nothing\n");
}

TEST_F(Files, bad_input_ends_with_2_and_one_line) {
  const auto bad = file("bad.json", with(kSound, "16120", "-3"));
  const Ran result = run({bad}, false);
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, bad + ": price_li: -3: expected a whole number of at least 1\n");
  EXPECT_EQ(run({"no/such/file.json"}, false).status, 2);
  EXPECT_EQ(run({file("x.json", given(kSound))}, true).status, 2) << "nothing to compare with";
}

TEST_F(Files, the_result_has_exactly_the_keys_of_its_kind_and_ignores_expect) {
  const auto path = file("a.json", R"({"given":{)" + std::string(kDefault) + R"(},"expect":9})");
  const Ran result = run({path}, false);
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out,
            R"({"nominal":1853800,"bond":92690,"trading_bond":9269,"bond_to_seller":92690,)"
            R"("fees_from_trading_bond":2300,"trading_bond_returned":6969,"loss":187700,)"
            "\"claim\":95010}\n");
}

}  // namespace
}  // namespace hulan::app
