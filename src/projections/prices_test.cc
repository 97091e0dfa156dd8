// SPDX-License-Identifier: Apache-2.0
#include "projections/testing.h"

namespace hulan::projections {
namespace {

using namespace testing;

constexpr std::int64_t kToday = 20'000;

struct Prices : ViewTest {
  Prices() {
    model::MarketRow market{};
    market.utc_offset_s = 28'800;
    apply(Events(1, at(kToday - 5))
              .row<model::MarketChanged>(1, market)
              .row<model::ProductChanged>(1, hog()));
  }

  // 12 o'clock of a Shanghai day.
  static std::int64_t at(std::int64_t day) { return day * model::kDay + 4 * model::kHour; }

  struct Sale {
    std::int64_t price;
    std::int64_t grams;
    model::ParticipantId buyer;
  };

  // One day's sales in a county, as the engine tells them: trades, the county's and the province's
  // row.
  void day(std::int64_t day, const std::vector<Sale>& sales) {
    Events run(++sequence_, at(day));
    model::DayPriceRow row{};
    row.product = 1;
    row.day = day;
    row.region = 230'111;
    for (const Sale& sale : sales) {
      model::TradeConcluded trade{};
      trade.price = model::Price{sale.price};
      trade.weight = sale.grams;
      trade.product = 1;
      trade.region = 230'111;
      trade.day = static_cast<std::uint32_t>(day);
      run.add(trade);
      row.weighted += static_cast<model::Int128>(sale.price) * sale.grams;
      row.weight += sale.grams;
      row.high = model::Price{std::max(row.high.value, sale.price)};
      row.low = row.trades == 0 ? trade.price : std::min(row.low, trade.price);
      row.buyers = row.trades == 0 || row.first_buyer == sale.buyer ? std::max(row.buyers, 1u) : 2;
      if (row.trades == 0) row.first_buyer = sale.buyer;
      if (row.trades == 0) begin_day(run);
      ++row.trades;
      run.row<model::DayPriceChanged>(2 * next_row_, row);
      model::DayPriceRow province = row;
      province.region = 230'000;
      run.row<model::DayPriceChanged>(2 * next_row_ + 1, province);
    }
    ++next_row_;
    apply(run);
  }

  // The engine makes the day before the reference when a new day begins.
  void begin_day(Events& run) {
    reference_.product = 1;
    reference_.province = 23;
    reference_.day_row = static_cast<std::uint32_t>(2 * next_row_ + 1);
    const model::Price before = view_->reference(1, 0, 23).price;
    if (before != reference_.price) {
      reference_.price = before;
      reference_.since = view_->now().value;
      reference_.stated = 0;
    }
    run.row<model::ReferenceChanged>(1, reference_);
  }

  void state(std::int64_t day, std::int64_t price) {
    reference_.product = 1;
    reference_.province = 23;
    reference_.price = model::Price{price};
    reference_.since = at(day);
    reference_.stated = 1;
    apply(Events(++sequence_, at(day)).row<model::ReferenceChanged>(1, reference_));
  }

  model::ReferenceRow reference_{};
  model::Sequence sequence_ = 1;
  std::uint64_t next_row_ = 1;
};

TEST_F(Prices, R11_2_a_day_has_weighted_mean_extremes_median_and_change) {
  day(kToday - 3, {{15'000, 1'000, 1}});
  day(kToday - 1, {{16'000, 1'000, 1}, {16'010, 2'000, 2}, {16'100, 1'000, 1}, {15'000, 1, 3}});
  const auto rows = view_->prices(1, kToday - 1, RegionLevel::kCounty);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].region, 230'111u);
  EXPECT_EQ(rows[0].price.value, 16'030);  // 64 135 000 / 4 001 = 16 029.74
  EXPECT_EQ(rows[0].trades, 4u);
  EXPECT_EQ(rows[0].high.value, 16'100);
  EXPECT_EQ(rows[0].low.value, 15'000);
  EXPECT_EQ(rows[0].median.value, 16'005);
  EXPECT_FALSE(rows[0].thin);
  EXPECT_EQ(rows[0].change, 1'030);
  EXPECT_EQ(rows[0].previous_day, kToday - 3);
  const auto province = view_->prices(1, kToday - 1, RegionLevel::kProvince);
  ASSERT_EQ(province.size(), 1u);
  EXPECT_EQ(province[0].region, 23u);
  EXPECT_EQ(province[0].weight, 4'001);
  EXPECT_EQ(province[0].median.value, 16'005);
  EXPECT_EQ(view_->prices(1, kToday - 1, RegionLevel::kCity).at(0).region, 2'301u);
}

TEST_F(Prices, R11_2_fewer_than_three_trades_or_two_buyers_is_thin_and_a_day_without_has_no_row) {
  day(kToday - 3, {{16'000, 1'000, 1}, {16'000, 1'000, 2}});
  day(kToday - 2, {{16'000, 1'000, 1}, {16'000, 1'000, 1}, {16'000, 1'000, 1}});
  EXPECT_TRUE(view_->prices(1, kToday - 3, RegionLevel::kProvince).at(0).thin);
  EXPECT_TRUE(view_->prices(1, kToday - 2, RegionLevel::kProvince).at(0).thin);
  EXPECT_TRUE(view_->prices(1, kToday - 1, RegionLevel::kProvince).empty());
  EXPECT_EQ(view_->latest_price_day(1, kToday), kToday - 2);
  EXPECT_EQ(view_->latest_price_day(1, kToday - 4), std::nullopt);
  const auto history = view_->price_history({.product = 1, .region = 23});
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].day, kToday - 2);
  EXPECT_EQ(history[0].change, 0);
  EXPECT_FALSE(history[1].change.has_value());
}

TEST_F(Prices, R11_2_the_two_day_index_is_over_the_latest_two_days_with_trades_also_over_a_gap) {
  day(kToday - 9, {{15'000, 1'000, 1}});
  day(kToday - 4, {{16'000, 2'000, 1}, {16'003, 1'000, 2}});
  day(kToday - 1, {{17'000, 1'000, 3}});
  const auto rows = view_->price_history({.product = 1, .region = 230'111});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].two_day, model::Price{16'251});  // 65 003 000 / 4 000 = 16 250.75
  EXPECT_EQ(rows[0].previous_day, kToday - 4);
  EXPECT_EQ(rows[1].two_day, model::Price{15'751});  // 63 003 / 4 = 15 750.75
  EXPECT_FALSE(rows[2].two_day.has_value()) << "one day is not two";
  EXPECT_EQ(view_->prices(1, kToday - 1, RegionLevel::kProvince).at(0).two_day,
            model::Price{16'251});
  const auto middle = view_->price_history(
      {.product = 1, .region = 2'301, .from = kToday - 4, .until = kToday - 2});
  ASSERT_EQ(middle.size(), 1u);
  EXPECT_EQ(middle[0].two_day, model::Price{15'751}) << "the day before `from` counts all the same";
}

TEST_F(Prices, R5_5_the_reference_is_the_last_session_that_was_not_thin_else_the_stated_price) {
  EXPECT_EQ(view_->reference(1, 0, 23).price.value, 0);
  state(kToday - 5, 14'000);
  EXPECT_EQ(view_->reference(1, 0, 23).price.value, 14'000);
  day(kToday - 3, {{15'000, 1, 1}, {15'000, 1, 2}, {15'001, 1, 1}});
  EXPECT_EQ(view_->reference(1, 0, 23).price.value, 14'000) << "today is not an earlier session";
  apply(Events(++sequence_, at(kToday - 2)).add(posted(1, 1)));
  EXPECT_EQ(view_->reference(1, 0, 23).price.value, 15'000);
  EXPECT_EQ(view_->reference(1, 0, 23).day, kToday - 3);
  day(kToday - 2, {{19'000, 1, 1}});
  apply(Events(++sequence_, at(kToday - 1)).add(posted(1, 1)));
  const Reference reference = view_->reference(1, 0, 23);
  EXPECT_EQ(reference.price.value, 15'000) << "a thin session is no reference";
  EXPECT_FALSE(reference.stated);
  EXPECT_EQ(reference.day, kToday - 3);
  state(kToday - 1, 14'500);
  EXPECT_EQ(view_->reference(1, 0, 23).price.value, 14'500) << "stated after the session";
}

TEST_F(Prices, R5_5_the_band_is_rounded_inward_to_the_tick_and_R6_1_bonds_are_ceilings) {
  state(kToday, 14'170);
  apply(Events(++sequence_, at(kToday)).row<model::LotChanged>(1, hog_lot(1)));
  const auto band = view_->band(*view_->lot(1));
  ASSERT_TRUE(band.has_value());
  EXPECT_EQ(band->low.value, 13'470);   // 13 461.5
  EXPECT_EQ(band->high.value, 14'870);  // 14 878.5
  NextBid next = view_->next_bid(*view_->lot(1));
  EXPECT_EQ(next.price.value, 14'000);
  EXPECT_EQ(next.performance_bond.value, 1'540'000);  // 5 % of 308 000.00
  EXPECT_EQ(next.trading_bond.value, 154'000);
  apply(Events(++sequence_, at(kToday)).add(bid(1, 8, 14'870, 1)));
  EXPECT_EQ(view_->next_bid(*view_->lot(1)).price.value, 0) << "the next step leaves the band";
}

TEST_F(Prices, R11_1_trades_are_listed_newest_first_by_product_and_day) {
  day(kToday - 2, {{16'000, 1, 1}, {16'010, 1, 2}});
  day(kToday - 1, {{16'020, 1, 1}});
  EXPECT_EQ(view_->trades({}).items.size(), 3u);
  EXPECT_EQ(view_->trades({.product = 1}).items.at(0).price.value, 16'020);
  const auto first = view_->trades({.product = 1, .day = kToday - 2, .limit = 1});
  ASSERT_EQ(first.items.size(), 1u);
  EXPECT_EQ(first.items[0].price.value, 16'010);
  const auto rest =
      view_->trades({.product = 1, .day = kToday - 2, .cursor = first.next, .limit = 1});
  ASSERT_EQ(rest.items.size(), 1u);
  EXPECT_EQ(rest.items[0].price.value, 16'000);
  EXPECT_EQ(rest.next, 0u);
  EXPECT_EQ(view_->trades({.day = kToday - 2}).items.size(), 2u);
  EXPECT_TRUE(view_->trades({.product = 2}).items.empty());
}

}  // namespace
}  // namespace hulan::projections
