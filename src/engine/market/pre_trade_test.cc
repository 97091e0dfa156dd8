// SPDX-License-Identifier: Apache-2.0
#include "engine/market/pre_trade.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;

struct PreTrade : ::testing::Test {
  TestMarket m;

  PreTrade() {
    auto row = hogs();
    row.code[0] = 'l';
    model::ProductTermsRow terms{};
    terms.order_quantity_max = 200;
    terms.day_quantity_max = 300;
    row.code[1] = 'x';
    m.send_approved(kOperator, model::DefineProductTerms{row, terms}, {kSupervisor});
    EXPECT_EQ(m.last_approval.reject, Reject::ok);
    m.product_id = m.engine.state().products.size() - 1;
  }
  model::LotId listed(model::ParticipantId seller, std::int64_t quantity) {
    const auto lot = m.ready_lot(seller, quantity);
    EXPECT_EQ(m.send(trader(seller), m.listing(lot, 16'000, 1)).reject, Reject::ok);
    return lot;
  }
  Reject take(model::ParticipantId buyer, model::LotId lot, std::int64_t quantity) {
    return m.send(trader(buyer), model::Take{lot, 0, 16'000, quantity}).reject;
  }
};

TEST_F(PreTrade, R12_1_an_order_is_for_no_more_than_the_most) {
  const auto most = m.ready_lot(kFarm, 200);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(most, 16'000)).reject, Reject::ok);
  const auto more = m.ready_lot(kFarm, 201);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(more, 16'000)).reject, Reject::order_too_large);
}

TEST_F(PreTrade, R12_1_a_participant_trades_no_more_than_the_most_on_one_day) {
  const auto first = listed(kFarm, 200), second = listed(kFarm2, 200);
  ASSERT_EQ(take(kBuyer, first, 200), Reject::ok);
  EXPECT_EQ(take(kBuyer, second, 101), Reject::day_limit_reached);
  EXPECT_EQ(take(kBuyer, second, 100), Reject::ok);
  EXPECT_EQ(take(kBuyer2, second, 100), Reject::ok) << "each has a day of its own";
  const auto third = listed(kFarm2, 100);
  EXPECT_EQ(take(kBuyer, third, 1), Reject::day_limit_reached);
  m.advance(16 * model::kHour);  // a new day in Shanghai
  EXPECT_EQ(take(kBuyer, third, 100), Reject::ok);
}

TEST_F(PreTrade, R12_1_who_is_barred_from_a_product_does_not_trade_it) {
  const auto lot = listed(kFarm, 200);
  const auto bar = [&](std::uint32_t allowed) {
    return m
        .send(kOperator, model::PermitTrading{kBuyer, m.product_id, allowed, hash_of("conditions")})
        .reject;
  };
  ASSERT_EQ(bar(0), Reject::ok);
  EXPECT_EQ(take(kBuyer, lot, 10), Reject::not_permitted);
  EXPECT_EQ(take(kBuyer2, lot, 10), Reject::ok);
  ASSERT_EQ(bar(1), Reject::ok);
  EXPECT_EQ(take(kBuyer, lot, 10), Reject::ok);
}

}  // namespace
}  // namespace hulan::engine
