// SPDX-License-Identifier: Apache-2.0
// The index and candles as anyone reads them (R11.1, R11.2).
#include "gateways/testing.h"

namespace hulan::gateways {
namespace {

using namespace testing;

constexpr std::uint8_t kLocal = 2;

class PriceDoors : public DoorsTest {
 protected:
  /// One trade a day in a county, as the engine tells it.
  static void add_day(Events& events, std::uint64_t row_id, std::int64_t days_ago,
                      std::int64_t price, std::int64_t grams) {
    const std::int64_t day = (kNow + 8 * model::kHour) / model::kDay - days_ago;
    model::TradeConcluded trade{};
    trade.price = model::Price{price};
    trade.weight = grams;
    trade.quantity = 10;
    trade.product = 1;
    trade.region = 230'113;
    trade.grade = kLocal;
    trade.day = static_cast<std::uint32_t>(day);
    model::DayPriceRow row{};
    row.weighted = static_cast<model::Int128>(price) * grams;
    row.weight = grams;
    row.quantity = 10;
    row.high = row.low = trade.price;
    row.day = day;
    row.product = 1;
    row.region = 230'113;
    row.grade = kLocal;
    row.trades = row.buyers = row.first_buyer = 1;
    events.add(trade).row<model::DayPriceChanged>(row_id, row);
  }

  void SetUp() override {
    Events events(2, kNow);
    add_day(events, 1, 9, 15'000, 1'000'000);
    add_day(events, 2, 3, 16'000, 2'000'000);
    add_day(events, 3, 0, 16'100, 1'000'000);
    view_->apply(events.bytes());
    start();
  }
};

constexpr const char* kIndex = "/v1/index?product=live-hog&grade=local&region=230113";

TEST_F(PriceDoors, R11_2_the_index_comes_newest_first_with_the_two_day_index_and_its_dates) {
  const auto all = get(kIndex).object();
  const auto& items = all.at("items").as_array();
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].at("price"), "16.100");
  EXPECT_EQ(items[0].at("two_day"), "16.033");  // 48.1 / 3
  EXPECT_EQ(items[0].at("previous_day"), items[1].at("day"));
  EXPECT_EQ(items[0].at("thin"), true);
  EXPECT_TRUE(items[2].at("two_day").is_null());
  EXPECT_TRUE(all.at("next").is_null());
}

TEST_F(PriceDoors, R11_2_the_index_is_paged_cut_by_days_and_the_same_under_its_older_name) {
  const auto first = get(std::string(kIndex) + "&limit=2").object();
  ASSERT_EQ(first.at("items").as_array().size(), 2u);
  const std::string next(first.at("next").as_string());
  const auto rest = get(std::string(kIndex) + "&limit=2&cursor=" + next).object();
  ASSERT_EQ(rest.at("items").as_array().size(), 1u);
  EXPECT_EQ(rest.at("items").at(0).at("price"), "15.000");
  EXPECT_TRUE(rest.at("next").is_null());
  const std::string day(first.at("items").at(1).at("day").as_string());
  const auto one = get(std::string(kIndex) + "&from=" + day + "&to=" + day).object();
  ASSERT_EQ(one.at("items").as_array().size(), 1u);
  EXPECT_EQ(one.at("items").at(0).at("two_day"), "15.667");  // 47 / 3
  const auto older = get("/v1/prices/history?product=1&grade=local&region=23").object();
  EXPECT_EQ(older.at("items").as_array().size(), 0u) << "the province has rows of its own";
}

TEST_F(PriceDoors, R11_2_the_index_can_be_had_as_csv) {
  const auto csv = ask({"GET", kIndex, "", "", "", "Accept: text/csv\r\n"});
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_TRUE(csv.body.starts_with(
      "day,index,two_day,previous_day,weight,head,trades,high,low,median,thin\r\n"));
  EXPECT_NE(csv.body.find(",16.100,16.033,"), std::string::npos) << csv.body;
  EXPECT_NE(csv.body.find(",15.000,,,1000.000,10,1,15.000,15.000,15.000,true\r\n"),
            std::string::npos)
      << csv.body;
}

TEST_F(PriceDoors, R11_1_candles_are_of_a_product_grade_region_and_interval) {
  const auto day = get("/v1/candles?product=live-hog&grade=local&region=2301").object();
  ASSERT_EQ(day.at("items").as_array().size(), 1u) << "all were concluded at one time";
  const auto& candle = day.at("items").at(0);
  EXPECT_EQ(candle.at("open"), "15.000");
  EXPECT_EQ(candle.at("high"), "16.100");
  EXPECT_EQ(candle.at("low"), "15.000");
  EXPECT_EQ(candle.at("close"), "16.100");
  EXPECT_EQ(candle.at("weight"), "4000.000");
  EXPECT_EQ(candle.at("head"), "30");
  EXPECT_EQ(candle.at("trades"), 3);
  const auto none = get("/v1/candles?product=1&interval=5m&region=44").object();
  EXPECT_TRUE(none.at("items").as_array().empty());
}

TEST_F(PriceDoors, name_the_parameter_that_is_wrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"/v1/index", "product"},
      {"/v1/index?product=cabbage-99&region=23", "product"},
      {"/v1/index?product=1", "region"},
      {"/v1/index?product=1&region=231", "region"},
      {"/v1/index?product=1&region=23&grade=gold", "grade"},
      {"/v1/index?product=1&region=23&from=yesterday", "from"},
      {"/v1/index?product=1&region=23&colour=red", "colour"},
      {"/v1/candles", "product"},
      {"/v1/candles?product=1&interval=2m", "interval"},
      {"/v1/candles?product=1&region=7", "region"},
      {"/v1/candles?product=1&from=2024-01-15", "from"},
      {"/v1/candles?product=1&limit=501", "limit"}};
  EXPECT_EQ(get("/v1/index?product=cabbage&region=23").text("expected"),
            "a product's code or number");
  for (const auto& [path, field] : cases) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 400u) << path;
    EXPECT_EQ(answer.text("field"), field) << path << answer.body;
  }
}

}  // namespace
}  // namespace hulan::gateways
