// SPDX-License-Identifier: Apache-2.0
#include "engine/listing/listing.h"

#include <gtest/gtest.h>

#include "engine/testing.h"
#include "model/region.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::LotState;

// 200 hogs x 110 kg x 16.00 CNY/kg = 352 000.00 CNY; bonds of 5 % and 0.5 %.
constexpr std::int64_t kPrice = 16'000;
constexpr Fen kBond{1'760'000};
constexpr Fen kTrading{176'000};
constexpr Fen kAll{TestMarket::kMoney};

struct Listing : ::testing::Test {
  TestMarket m;

  model::LotId listed(std::int64_t minimum = 0) {
    const auto lot = m.ready_lot(kFarm);
    EXPECT_EQ(m.send(trader(kFarm), m.listing(lot, kPrice, minimum)).reject, Reject::ok);
    return lot;
  }
  Replied take(model::ParticipantId taker, model::LotId lot, std::int64_t quantity,
               model::LotId goods = 0, std::int64_t price = kPrice) {
    return m.send(trader(taker), model::Take{lot, goods, price, quantity});
  }
};

TEST_F(Listing, R6_4_the_initiator_freezes_its_bond_when_it_posts) {
  const auto lot = listed();
  EXPECT_EQ(m.balance(kFarm, model::Bucket::kPerformanceBond), kBond);
  EXPECT_EQ(m.balance(kFarm, model::Bucket::kTradingBond), Fen{0}) << "only when it takes or bids";
  EXPECT_EQ(m.available(kFarm), kAll - kBond);
  EXPECT_EQ(m.events<Replied>().back().frozen, kBond);
  EXPECT_EQ(m.lot(lot).state, LotState::kListed);
}

TEST_F(Listing, R5_1_a_take_of_all_makes_a_contract_with_both_sides_bonds) {
  const auto lot = listed();
  const Replied taken = take(kBuyer, lot, 200);
  ASSERT_EQ(taken.reject, Reject::ok);
  EXPECT_EQ(taken.frozen, kBond + kTrading);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  const auto& contract = m.contract(taken.id);
  EXPECT_EQ(contract.seller, kFarm);
  EXPECT_EQ(contract.buyer, kBuyer);
  EXPECT_EQ(contract.quantity, 200);
  EXPECT_EQ(contract.seller_bond, kBond);
  EXPECT_EQ(contract.buyer_bond, kBond);
  EXPECT_EQ(contract.buyer_trading_bond, kTrading);
  EXPECT_EQ(contract.seller_trading_bond, Fen{0});
  EXPECT_EQ(m.available(kBuyer), kAll - kBond - kTrading);
}

TEST_F(Listing, R5_1_parts_leave_nothing_or_at_least_the_minimum) {
  const auto lot = listed(60);
  EXPECT_EQ(take(kBuyer, lot, 0).reject, Reject::invalid_quantity);
  EXPECT_EQ(take(kBuyer, lot, -5).reject, Reject::invalid_quantity);
  EXPECT_EQ(take(kBuyer, lot, 59).reject, Reject::below_minimum);
  EXPECT_EQ(take(kBuyer, lot, 141).reject, Reject::rest_below_minimum);
  EXPECT_EQ(take(kBuyer, lot, 201).reject, Reject::above_remaining);
  EXPECT_EQ(take(kBuyer, lot, 140).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).remaining, 60);
  EXPECT_EQ(m.lot(lot).state, LotState::kListed);
  EXPECT_EQ(take(kBuyer2, lot, 61).reject, Reject::above_remaining);
  EXPECT_EQ(take(kBuyer2, lot, 60).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(take(kBuyer3, lot, 60).reject, Reject::wrong_lot_state) << "first in sequence wins";
}

TEST_F(Listing, R6_4_a_divisible_posting_holds_two_fen_for_each_part_and_releases_them_at_the_end) {
  // 7 hogs of 111 111 g at 13.33 CNY/kg make ceilings that do not add up.
  auto body = m.draft(30);
  body.average_g = 111'111;
  const auto lot = m.ready_lot(kFarm, body);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(lot, 13'330, 7)).reject, Reject::ok);
  // 30 x 111 111 g = 3 333 330 g x 13 330 li = 4 443 328.89 fen -> 4 443 329; 5 % = 222 166.45.
  // 30 / 7 = 4 parts: 8 fen.
  EXPECT_EQ(m.lot(lot).part_count, 4u);
  EXPECT_EQ(m.frozen(kFarm), Fen{222'167 + 8});
  // 7 x 111 111 g x 13 330 li = 1 036 776.74 -> 1 036 777 fen; 5 % = 51 838.85 -> 51 839.
  for (int i = 0; i < 3; ++i) {
    const Replied taken = take(kBuyer, lot, 7, 0, 13'330);
    ASSERT_EQ(taken.reject, Reject::ok);
    EXPECT_EQ(m.contract(taken.id).seller_bond, Fen{51'839});
  }
  // 9 hogs: 1 332 998.67 -> 1 332 999 fen; 5 % = 66 649.95 -> 66 650.
  const Replied last = take(kBuyer, lot, 9, 0, 13'330);
  ASSERT_EQ(last.reject, Reject::ok);
  EXPECT_EQ(m.contract(last.id).seller_bond, Fen{66'650});
  EXPECT_EQ(m.frozen(kFarm), Fen{3 * 51'839 + 66'650}) << "what is not needed is released";
  EXPECT_EQ(m.available(kFarm), kAll - m.frozen(kFarm));
}

TEST_F(Listing, R5_1_the_rest_expires_at_the_stated_time_and_its_bond_is_released) {
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(lot, kPrice, 50, 1)).reject, Reject::ok);
  ASSERT_EQ(take(kBuyer, lot, 50).reject, Reject::ok);
  m.advance(model::kDay - 1);
  EXPECT_EQ(m.lot(lot).state, LotState::kListed);
  m.advance(1);
  EXPECT_EQ(m.lot(lot).state, LotState::kExpired);
  EXPECT_EQ(m.events<model::LotClosed>().size(), 1u);
  // 50 hogs: 88 000.00 CNY, 5 % = 4 400.00: the contract's, and nothing else.
  EXPECT_EQ(m.frozen(kFarm), Fen{440'000});
}

TEST_F(Listing, R5_1_the_untaken_rest_may_be_withdrawn_by_its_initiator) {
  const auto lot = listed(50);
  ASSERT_EQ(take(kBuyer, lot, 50).reject, Reject::ok);
  EXPECT_EQ(m.send(trader(kFarm2), model::WithdrawLot{lot, {}}).reject, Reject::not_lot_owner);
  EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{lot, {}}).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kWithdrawn);
  EXPECT_EQ(m.frozen(kFarm), Fen{440'000});
  EXPECT_EQ(take(kBuyer, lot, 50).reject, Reject::wrong_lot_state);
}

TEST_F(Listing, R5_1_a_take_at_another_price_than_seen_is_stale) {
  const auto lot = listed();
  EXPECT_EQ(take(kBuyer, lot, 200, 0, kPrice - 10).reject, Reject::stale_price);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
}

TEST_F(Listing, R6_1_no_funds_no_take_and_no_posting) {
  const auto lot = listed();
  // 98.1 of 100 million go away; 1.9 are less than the bonds of 1.936.
  ASSERT_EQ(m.send(finance(kBuyer), model::RequestWithdrawal{kBuyer, 0, 98'100'000, {}}).reject,
            Reject::ok);
  EXPECT_EQ(take(kBuyer, lot, 200).reject, Reject::no_funds);
  ASSERT_EQ(m.send(finance(kFarm2), model::RequestWithdrawal{kFarm2, 0, 98'240'001, {}}).reject,
            Reject::ok);
  const auto other = m.ready_lot(kFarm2);
  EXPECT_EQ(m.send(trader(kFarm2), m.listing(other, kPrice)).reject, Reject::no_funds);
}

TEST_F(Listing, R5_6_nobody_takes_its_own_or_a_related_partys_lot) {
  const auto lot = listed();
  EXPECT_EQ(take(kFarm, lot, 200).reject, Reject::own_lot);
  ASSERT_EQ(m.send(kOperator, model::RelateParticipants{kBuyer, kFarm, 1}).reject, Reject::ok);
  EXPECT_EQ(take(kBuyer, lot, 200).reject, Reject::related_party);
  ASSERT_EQ(m.send(kOperator, model::RelateParticipants{kFarm, kBuyer, 0}).reject, Reject::ok);
  EXPECT_EQ(take(kBuyer, lot, 200).reject, Reject::ok);
}

TEST_F(Listing, R4_3_who_collects_needs_an_open_zone_to_its_own_province) {
  auto product = hogs();
  // Heilongjiang may send to Heilongjiang alone.
  product.zone_to.fill(0);
  const int home = model::province_slot(23);
  product.zone_to[static_cast<std::size_t>(home)] = std::uint64_t{1} << home;
  m.product_id = m.define(product);
  auto application = TestMarket::application(9);
  application.region = kBeijing;
  ASSERT_EQ(m.send_approved(kOperator, application, {kSupervisor, kOperator2}).reject, Reject::ok);
  m.add_user(trader(9), 9, model::kRoleTrader);
  m.deposit(9, TestMarket::kMoney);

  auto body = m.draft();
  body.terms = model::Terms::kOrigin;
  const auto lot = m.ready_lot(kFarm, body);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(lot, kPrice)).reject, Reject::ok);
  EXPECT_EQ(take(9, lot, 200).reject, Reject::zone_closed);
  EXPECT_EQ(take(kBuyer, lot, 200).reject, Reject::ok);

  body.terms = model::Terms::kDestination;
  body.place = kBeijing;
  const auto far = m.ready_lot(kFarm, body);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(far, kPrice)).reject, Reject::zone_closed);
}

TEST_F(Listing, R5_1_a_listing_states_a_price_a_minimum_and_an_end_that_make_sense) {
  const auto lot = m.ready_lot(kFarm);
  const auto post = [&](std::int64_t price, std::int64_t minimum, std::int64_t days) {
    return m.send(trader(kFarm), m.listing(lot, price, minimum, days)).reject;
  };
  EXPECT_EQ(post(0, 0, 2), Reject::price_not_positive);
  EXPECT_EQ(post(-16'000, 0, 2), Reject::price_not_positive);
  EXPECT_EQ(post(model::kMaxMagnitude + 10, 0, 2), Reject::price_not_positive);
  EXPECT_EQ(post(16'005, 0, 2), Reject::price_off_tick);
  EXPECT_EQ(post(kPrice, -1, 2), Reject::invalid_quantity);
  EXPECT_EQ(post(kPrice, 201, 2), Reject::invalid_quantity);
  EXPECT_EQ(post(kPrice, 0, 0), Reject::expiry_in_past);
  EXPECT_EQ(post(kPrice, 0, 11), Reject::invalid_window) << "after the last day of delivery";
  EXPECT_EQ(post(model::kMaxMagnitude, 0, 2), Reject::overflow);
  EXPECT_EQ(post(kPrice, 0, 2), Reject::ok);
  EXPECT_EQ(post(kPrice, 0, 2), Reject::wrong_lot_state) << "posted already";
}

struct Request : Listing {
  model::LotId wanted(std::int64_t minimum = 0) {
    const Replied made = m.send(trader(kBuyer), m.wanted());
    EXPECT_EQ(made.reject, Reject::ok);
    EXPECT_EQ(m.send(trader(kBuyer), m.listing(made.id, kPrice, minimum)).reject, Reject::ok);
    return made.id;
  }
};

TEST_F(Request, R6_1_a_buyer_that_asks_posts_both_bonds) {
  wanted();
  EXPECT_EQ(m.balance(kBuyer, model::Bucket::kPerformanceBond), kBond);
  EXPECT_EQ(m.balance(kBuyer, model::Bucket::kTradingBond), kTrading);
}

TEST_F(Request, R6_4_a_divisible_request_holds_two_fen_a_part_for_each_of_its_bonds) {
  wanted(50);
  EXPECT_EQ(m.balance(kBuyer, model::Bucket::kPerformanceBond), kBond + Fen{8});
  EXPECT_EQ(m.balance(kBuyer, model::Bucket::kTradingBond), kTrading + Fen{8});
}

TEST_F(Request, R5_1_a_seller_takes_a_request_with_its_own_goods_and_both_bonds) {
  const auto lot = wanted();
  const auto goods = m.ready_lot(kFarm);
  const Replied taken = take(kFarm, lot, 200, goods);
  ASSERT_EQ(taken.reject, Reject::ok);
  EXPECT_EQ(taken.frozen, kBond + kTrading);
  const auto& contract = m.contract(taken.id);
  EXPECT_EQ(contract.seller, kFarm);
  EXPECT_EQ(contract.buyer, kBuyer);
  EXPECT_EQ(contract.goods_lot, goods);
  EXPECT_EQ(contract.seller_trading_bond, kTrading);
  EXPECT_EQ(contract.buyer_trading_bond, kTrading);
  EXPECT_EQ(m.lot(goods).state, LotState::kSold);
  EXPECT_EQ(m.lot(goods).used_by, lot);
}

TEST_F(Request, R4_3_the_goods_are_the_takers_own_of_that_kind_with_their_papers) {
  const auto lot = wanted();
  EXPECT_EQ(take(kFarm, lot, 200).reject, Reject::goods_required);
  EXPECT_EQ(take(kFarm, lot, 200, 999).reject, Reject::unknown_lot);
  const auto other = m.ready_lot(kFarm2);
  EXPECT_EQ(take(kFarm, lot, 200, other).reject, Reject::not_lot_owner);
  const auto few = m.ready_lot(kFarm, 150);
  EXPECT_EQ(take(kFarm, lot, 200, few).reject, Reject::goods_unsuitable);
  auto body = m.draft();
  body.grade = 2;
  EXPECT_EQ(take(kFarm, lot, 200, m.ready_lot(kFarm, body)).reject, Reject::goods_unsuitable);
  body = m.draft();
  body.average_g = 115'501;  // more than 5 % above the 110 000 asked for
  EXPECT_EQ(take(kFarm, lot, 200, m.ready_lot(kFarm, body)).reject, Reject::goods_unsuitable);
  const Replied bare = m.send(trader(kFarm), m.draft());
  EXPECT_EQ(take(kFarm, lot, 200, bare.id).reject, Reject::missing_asf_test);
  const auto on_offer = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(on_offer, kPrice)).reject, Reject::ok);
  EXPECT_EQ(take(kFarm, lot, 200, on_offer).reject, Reject::goods_unsuitable) << "listed already";
  const auto good = m.ready_lot(kFarm);
  EXPECT_EQ(take(kFarm, lot, 200, good).reject, Reject::ok);
}

}  // namespace
}  // namespace hulan::engine
