// SPDX-License-Identifier: Apache-2.0
#include "projections/testing.h"

namespace hulan::projections {
namespace {

using namespace testing;

constexpr std::int64_t kNine = 20'000 * model::kDay + model::kHour;  // 9:00 of a Shanghai day

struct Candles : ViewTest {
  Candles() { apply(head(1)); }

  static Events head(model::Sequence sequence) {
    model::MarketRow market{};
    market.utc_offset_s = 28'800;
    Events events(sequence, kNine);
    return events.row<model::MarketChanged>(1, market).row<model::ProductChanged>(1, hog());
  }

  void trade(std::int64_t time, std::int64_t price, std::uint32_t region = 230'111,
             std::uint8_t grade = 1, bool related = false) {
    model::TradeConcluded trade{};
    trade.price = model::Price{price};
    trade.weight = 1'000;
    trade.quantity = 10;
    trade.product = 1;
    trade.region = region;
    trade.grade = grade;
    trade.related = related ? 1 : 0;
    trade.day = static_cast<std::uint32_t>(view_->day_of(model::Time{time}));
    apply(Events(++sequence_, time).add(trade));
  }

  model::Sequence sequence_ = 1;
};

TEST_F(Candles, R11_1_a_candle_opens_with_the_first_trade_and_closes_with_the_last) {
  trade(kNine, 16'000);
  trade(kNine + 10 * model::kSecond, 16'300);
  trade(kNine + 20 * model::kSecond, 15'900);
  trade(kNine + 59 * model::kSecond, 16'100);
  trade(kNine + model::kMinute, 17'000);
  const auto page = view_->candles({.product = 1, .interval = CandleInterval::kMinute});
  ASSERT_EQ(page.items.size(), 2u);
  const Candle& first = page.items[1];
  EXPECT_EQ(first.start, kNine);
  EXPECT_EQ(first.open.value, 16'000);
  EXPECT_EQ(first.high.value, 16'300);
  EXPECT_EQ(first.low.value, 15'900);
  EXPECT_EQ(first.close.value, 16'100);
  EXPECT_EQ(first.weight, 4'000);
  EXPECT_EQ(first.quantity, 40);
  EXPECT_EQ(first.trades, 4u);
  EXPECT_EQ(page.items[0].open.value, 17'000);
  EXPECT_EQ(page.next, 0u);
}

TEST_F(Candles, R11_1_intervals_lie_on_the_markets_clock_and_one_without_trades_has_no_candle) {
  trade(kNine - model::kHour - 1,
        15'000);  // 7:59:59.999999999 in Shanghai: still the day before in UTC
  trade(kNine + 14 * model::kMinute, 16'000);
  trade(kNine + 16 * model::kMinute, 16'200);
  trade(kNine + 15 * model::kHour, 16'400);  // 0:00 of the next day in Shanghai
  const auto starts = [&](CandleInterval interval) {
    std::vector<std::int64_t> minutes;
    for (const Candle& candle : view_->candles({.product = 1, .interval = interval}).items) {
      minutes.push_back((candle.start - kNine) / model::kMinute);
    }
    return minutes;
  };
  using Minutes = std::vector<std::int64_t>;
  EXPECT_EQ(starts(CandleInterval::kFiveMinutes), (Minutes{900, 15, 10, -65}));
  EXPECT_EQ(starts(CandleInterval::kQuarter), (Minutes{900, 15, 0, -75}));
  EXPECT_EQ(starts(CandleInterval::kHour), (Minutes{900, 0, -120}));
  EXPECT_EQ(starts(CandleInterval::kDay), (Minutes{900, -540}));
}

TEST_F(Candles, R11_1_are_of_a_grade_and_region_if_asked_and_never_of_related_parties) {
  trade(kNine, 16'000, 230'111, 1);
  trade(kNine + 1, 17'000, 230'102, 2);
  trade(kNine + 2, 18'000, 220'101, 1);
  trade(kNine + 3, 99'000, 230'111, 1, true);
  const auto highest = [&](CandleQuery query) {
    query.product = 1;
    return view_->candles(query).items.at(0).high.value;
  };
  EXPECT_EQ(highest({}), 18'000);
  EXPECT_EQ(highest({.region = 23}), 17'000);
  EXPECT_EQ(highest({.region = 2'301}), 17'000);
  EXPECT_EQ(highest({.region = 230'111}), 16'000);
  EXPECT_EQ(highest({.grade = 2}), 17'000);
  EXPECT_TRUE(view_->candles({.product = 1, .region = 44}).items.empty());
  EXPECT_TRUE(view_->candles({.product = 2}).items.empty());
}

TEST_F(Candles, R11_1_pages_part_between_candles_and_a_span_cuts_them) {
  for (int minute = 0; minute < 7; ++minute) {
    trade(kNine + minute * model::kMinute, 16'000 + minute);
    trade(kNine + minute * model::kMinute + 1, 16'100 + minute);
  }
  CandleQuery query{.product = 1, .interval = CandleInterval::kMinute, .limit = 3};
  std::vector<Candle> all;
  for (int pages = 0; pages < 9; ++pages) {
    const auto page = view_->candles(query);
    all.insert(all.end(), page.items.begin(), page.items.end());
    query.cursor = page.next;
    if (page.next == 0) break;
  }
  ASSERT_EQ(all.size(), 7u);
  for (const Candle& candle : all) EXPECT_EQ(candle.trades, 2u);
  const auto span = view_->candles({.product = 1,
                                    .interval = CandleInterval::kMinute,
                                    .from = kNine + 2 * model::kMinute,
                                    .until = kNine + 4 * model::kMinute});
  ASSERT_EQ(span.items.size(), 2u);
  EXPECT_EQ(span.items[1].open.value, 16'002);
  EXPECT_EQ(span.items[0].close.value, 16'103);
}

TEST_F(Candles, R13_1_are_the_same_after_a_restart) {
  trade(kNine, 16'000);
  trade(kNine + 1, 16'500);
  model::SnapshotTaken taken{};
  taken.sequence = sequence_;
  apply(Events(sequence_, kNine + 1).add(taken));
  view_->finish_saving();
  reopen(sequence_);
  view_->begin_describe();
  apply(head(sequence_));
  view_->end_describe();
  trade(kNine + 2, 16'200);
  const auto page = view_->candles({.product = 1});
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].open.value, 16'000);
  EXPECT_EQ(page.items[0].high.value, 16'500);
  EXPECT_EQ(page.items[0].close.value, 16'200);
  EXPECT_EQ(page.items[0].trades, 3u);
}

}  // namespace
}  // namespace hulan::projections
