// SPDX-License-Identifier: Apache-2.0
#include "projections/surveillance.h"

#include <gtest/gtest.h>

namespace hulan::projections {
namespace {

/// Tells events by hand: what was planted is what must be found.
struct Surveils : ::testing::Test {
  Surveillance surveillance;
  model::Sequence sequence = 0;
  std::int64_t now = model::kDay;
  model::ContractId contracts = 0;

  Surveils() {
    model::ProductChanged product{};
    product.id = 1;
    product.row.band_bp = 500;
    tell(product);
  }
  template <class Event>
  model::Sequence tell(Event event) {
    event.header.type = Event::kType;
    event.header.size = sizeof(event);
    event.header.sequence = ++sequence;
    event.header.time = model::Time{now += model::kSecond};
    surveillance.on_event(event.header);
    return sequence;
  }
  model::Sequence sale(model::ParticipantId seller, model::ParticipantId buyer,
                       std::int64_t price = 16'000, std::int64_t quantity = 100) {
    model::ContractChanged event{};
    event.row.id = ++contracts;
    event.id = contracts;
    event.row.state = model::ContractState::kConcluded;
    event.row.seller = seller;
    event.row.buyer = buyer;
    event.row.price = model::Price{price};
    event.row.quantity = quantity;
    event.row.product = 1;
    return tell(event);
  }
  void lot(model::LotId id, model::ParticipantId initiator) {
    model::LotChanged event{};
    event.id = event.row.id = id;
    event.row.initiator = initiator;
    event.row.product = 1;
    tell(event);
  }
  model::Sequence bid(model::LotId on, model::ParticipantId bidder, model::ParticipantId outbid) {
    model::BidAccepted event{};
    event.lot = on;
    event.bidder = bidder;
    event.outbid = outbid;
    return tell(event);
  }
  std::vector<Suspicion> of(Pattern pattern) {
    auto found = surveillance.findings();
    std::erase_if(found, [&](const Suspicion& one) { return one.pattern != pattern; });
    return found;
  }
  using Evidence = std::vector<model::Sequence>;
};

TEST_F(Surveils, R12_3_a_clean_market_gives_no_finding) {
  for (model::ParticipantId i = 0; i < 12; ++i) {
    lot(i + 1, i % 4 + 1);
    bid(i + 1, 10 + i % 3, 0);
    bid(i + 1, 10 + (i + 1) % 3, 10 + i % 3);
    sale(i % 4 + 1, 10 + (i + 1) % 3, 16'000 + 10 * i);
  }
  EXPECT_TRUE(surveillance.findings().empty());
}

TEST_F(Surveils, R12_3_a_sale_back_and_a_ring_of_three_are_found_by_their_sequences) {
  const auto there = sale(1, 2), back = sale(2, 1, 16'000, 90);
  ASSERT_EQ(of(Pattern::kCircular).size(), 1u);
  EXPECT_EQ(of(Pattern::kCircular)[0].evidence, (Evidence{there, back}));
  const auto a = sale(4, 5), b = sale(5, 6), c = sale(6, 4);
  ASSERT_EQ(of(Pattern::kCircular).size(), 2u);
  EXPECT_EQ(of(Pattern::kCircular)[1].evidence, (Evidence{a, b, c}));
}

TEST_F(Surveils, R12_3_a_sale_back_of_much_less_or_much_later_is_none) {
  sale(1, 2);
  sale(2, 1, 16'000, 10);
  now += 6 * model::kDay;
  sale(2, 1);
  EXPECT_TRUE(of(Pattern::kCircular).empty());
}

TEST_F(Surveils, R12_3_a_bid_of_a_related_participant_is_found) {
  model::RelationChanged relation{};
  relation.id = 1;
  relation.row = {1, 10, 1};
  tell(relation);
  lot(1, 1);
  const auto planted = bid(1, 10, 0);
  bid(1, 11, 10);
  ASSERT_EQ(of(Pattern::kRelatedBid).size(), 1u);
  EXPECT_EQ(of(Pattern::kRelatedBid)[0].evidence, Evidence{planted});
}

TEST_F(Surveils, R12_3_who_is_always_second_with_one_initiator_is_found) {
  for (model::LotId id = 1; id <= 5; ++id) {
    lot(id, 1);
    bid(id, 10, 0);
    bid(id, 11, 10);
  }
  ASSERT_EQ(of(Pattern::kAlwaysSecond).size(), 1u);
  EXPECT_EQ(of(Pattern::kAlwaysSecond)[0].participants, (std::vector<model::ParticipantId>{10, 1}));
  EXPECT_EQ(of(Pattern::kAlwaysSecond)[0].evidence.size(), 5u);
  sale(1, 10);
  EXPECT_TRUE(of(Pattern::kAlwaysSecond).empty()) << "it bought one";
}

TEST_F(Surveils, R12_3_a_move_beyond_half_the_band_is_found_and_half_is_none) {
  const auto before = sale(1, 10, 16'000);
  sale(2, 11, 16'400);  // 2.5 % of a band of 5 %
  EXPECT_TRUE(of(Pattern::kPriceMove).empty());
  const auto jump = sale(3, 12, 15'900);
  ASSERT_EQ(of(Pattern::kPriceMove).size(), 1u);
  EXPECT_EQ(of(Pattern::kPriceMove)[0].evidence, (Evidence{before + 1, jump}));
}

TEST_F(Surveils, R12_3_more_than_four_tenths_of_a_side_of_a_day_is_found) {
  for (model::ParticipantId seller = 1; seller <= 5; ++seller) {
    sale(seller, seller <= 3 ? 10 : 10 + seller);
  }
  ASSERT_EQ(of(Pattern::kConcentration).size(), 1u);
  EXPECT_EQ(of(Pattern::kConcentration)[0].participants, std::vector<model::ParticipantId>{10});
  EXPECT_EQ(of(Pattern::kConcentration)[0].value, 6'000);
}

TEST_F(Surveils, R12_3_a_trade_with_oneself_in_a_book_is_found) {
  for (const std::uint32_t position : {1u, 2u}) {
    model::PositionChanged row{};
    row.id = position;
    row.row.participant = 7;
    tell(row);
  }
  model::OrderTraded trade{};
  trade.buyer = 1;
  trade.seller = 2;
  trade.quantity = 3;
  const auto planted = tell(trade);
  ASSERT_EQ(of(Pattern::kSelfTrade).size(), 1u);
  EXPECT_EQ(of(Pattern::kSelfTrade)[0].evidence, Evidence{planted});
}

TEST_F(Surveils, R12_3_who_cancels_nearly_everything_is_found) {
  for (std::uint32_t i = 0; i < 20; ++i) {
    model::OrderAccepted order{};
    order.id = i + 1;
    order.position = 1;
    order.participant = 7;
    tell(order);
    model::OrderOut out{};
    out.id = i + 1;
    out.position = 1;
    out.reason = model::OrderOutReason::kCancelled;
    if (i != 0) tell(out);
  }
  ASSERT_EQ(of(Pattern::kCancelRatio).size(), 1u);
  EXPECT_EQ(of(Pattern::kCancelRatio)[0].value, 9'500);
}

}  // namespace
}  // namespace hulan::projections
