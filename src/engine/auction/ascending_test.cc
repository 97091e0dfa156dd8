// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/ascending.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::LotState;

constexpr Fen kAll{TestMarket::kMoney};

/// Bonds on 200 hogs of 110 kg at a price: 22 000 kg; 5.5 % in all, whole fen for these prices.
constexpr Fen bonds(std::int64_t price_li) { return Fen{price_li * 2'200 * 55 / 1000}; }
constexpr Fen performance(std::int64_t price_li) { return Fen{price_li * 2'200 * 5 / 100}; }

struct Auction : ::testing::Test {
  TestMarket m;

  model::LotId announce(std::int64_t start, std::int64_t step, std::int64_t reserve = 0,
                        std::int64_t cap = 0) {
    const auto lot = m.ready_lot(kFarm);
    EXPECT_EQ(m.send(trader(kFarm), m.notice(lot, start, step, reserve, cap)).reject, Reject::ok);
    return lot;
  }
  model::LotId open(std::int64_t start, std::int64_t step, std::int64_t reserve = 0,
                    std::int64_t cap = 0) {
    const auto lot = announce(start, step, reserve, cap);
    m.advance(model::kDay);
    EXPECT_EQ(m.lot(lot).state, LotState::kOpen);
    return lot;
  }
  void close(model::LotId lot) { m.advance(m.lot(lot).close_at - m.now.value); }
};

TEST_F(Auction, R5_3_the_notice_is_published_at_least_the_notice_period_before) {
  const auto lot = m.ready_lot(kFarm);
  auto body = m.notice(lot, 16'000, 100);
  body.open_at -= 1;
  EXPECT_EQ(m.send(trader(kFarm), body).reject, Reject::notice_too_short);
  body.open_at += 1;
  EXPECT_EQ(m.send(trader(kFarm), body).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kAnnounced);
}

TEST_F(Auction, R5_3_1_terms_that_contradict_each_other_are_refused) {
  const auto lot = m.ready_lot(kFarm);
  const auto announce = [&](std::int64_t start, std::int64_t step, std::int64_t reserve,
                            std::int64_t cap) {
    return m.send(trader(kFarm), m.notice(lot, start, step, reserve, cap)).reject;
  };
  EXPECT_EQ(announce(16'001, 100, 0, 0), Reject::price_off_tick);
  EXPECT_EQ(announce(0, 100, 0, 0), Reject::price_not_positive);
  EXPECT_EQ(announce(16'000, 0, 0, 0), Reject::invalid_auction_terms);
  EXPECT_EQ(announce(16'000, 105, 0, 0), Reject::invalid_auction_terms);
  EXPECT_EQ(announce(16'000, 100, 15'900, 0), Reject::invalid_auction_terms);
  EXPECT_EQ(announce(16'000, 100, 0, 15'900), Reject::invalid_auction_terms);
  EXPECT_EQ(announce(16'000, 100, 16'500, 16'400), Reject::invalid_auction_terms);
  EXPECT_EQ(announce(16'000, 100, 0, 16'405), Reject::price_off_tick);
  auto body = m.notice(lot, 16'000, 100);
  body.close_at = body.open_at;
  EXPECT_EQ(m.send(trader(kFarm), body).reject, Reject::invalid_auction_terms);
  body.close_at = m.lot(lot).pickup_until;
  EXPECT_EQ(m.send(trader(kFarm), body).reject, Reject::invalid_window);
  EXPECT_EQ(announce(16'000, 100, 16'500, 17'000), Reject::ok);
}

TEST_F(Auction, R6_4_the_initiator_freezes_its_bond_at_the_highest_allowed_price) {
  announce(16'000, 100, 0, 17'000);
  EXPECT_EQ(m.frozen(kFarm), performance(17'000)) << "the cap";
  ASSERT_EQ(m.send(kOperator, model::StateReference{m.product_id, 23, 1, 16'000}).reject,
            Reject::ok);
  const auto lot = m.ready_lot(kFarm2);
  ASSERT_EQ(m.send(trader(kFarm2), m.notice(lot, 16'000, 100)).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kFarm2), performance(16'800)) << "the band's upper limit";
}

TEST_F(Auction, R5_3_1_a_bid_is_at_least_the_start_then_best_plus_step) {
  const auto lot = open(16'000, 100);
  EXPECT_EQ(m.bid(kBuyer, lot, 15'990).reject, Reject::bid_too_low);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'005).reject, Reject::price_off_tick);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::ok);
  EXPECT_EQ(m.bid(kBuyer2, lot, 16'090).reject, Reject::bid_too_low);
  EXPECT_EQ(m.bid(kBuyer2, lot, 16'100).reject, Reject::ok);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'300).reject, Reject::ok);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'500).reject, Reject::already_leading);
  EXPECT_EQ(m.lot(lot).bids, 3u);
  EXPECT_EQ(m.lot(lot).best, Price{16'300});
}

TEST_F(Auction, R6_2_the_outbid_are_released_by_the_bid_that_beats_them) {
  const auto lot = open(16'000, 100);
  const Replied first = m.bid(kBuyer, lot, 16'000);
  EXPECT_EQ(first.frozen, bonds(16'000));
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'000));
  m.bid(kBuyer2, lot, 16'100);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
  EXPECT_EQ(m.frozen(kBuyer2), bonds(16'100));
  const auto accepted = m.events<model::BidAccepted>();
  ASSERT_EQ(accepted.size(), 1u);
  EXPECT_EQ(accepted[0].outbid, kBuyer);
  EXPECT_EQ(accepted[0].bidder, kBuyer2);
  EXPECT_EQ(accepted[0].bids, 2u);
  EXPECT_TRUE(m.events<model::LotChanged>().empty());
}

TEST_F(Auction, R5_3_1_before_the_opening_and_from_the_close_on_no_bid_counts) {
  const auto lot = announce(16'000, 100);
  m.advance(model::kDay - 1);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::auction_not_open);
  m.now += Time{1};
  EXPECT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::ok);
  m.now = Time{m.lot(lot).close_at};
  EXPECT_EQ(m.bid(kBuyer2, lot, 16'100).reject, Reject::auction_closed);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold) << "the timer fired before the bid";
}

TEST_F(Auction, R5_3_2_a_bid_within_the_window_extends_the_close) {
  const auto lot = open(16'000, 100);
  const std::int64_t close = m.lot(lot).close_at;
  m.now = Time{close - 120 * model::kSecond - 1};
  m.bid(kBuyer, lot, 16'000);
  EXPECT_EQ(m.lot(lot).close_at, close) << "a nanosecond before the window";
  m.now = Time{close - 120 * model::kSecond};
  m.bid(kBuyer2, lot, 16'100);
  EXPECT_EQ(m.lot(lot).close_at, close) << "max(close, t + W) is the same moment";
  m.now = Time{close - 1};
  m.bid(kBuyer, lot, 16'200);
  EXPECT_EQ(m.lot(lot).close_at, close - 1 + 120 * model::kSecond);
  EXPECT_EQ(m.events<model::BidAccepted>()[0].close_at, m.lot(lot).close_at);
  m.now = Time{close + 60 * model::kSecond};
  EXPECT_EQ(m.bid(kBuyer2, lot, 16'300).reject, Reject::ok) << "after the first close";
  m.now = Time{m.lot(lot).close_at};
  EXPECT_EQ(m.bid(kBuyer, lot, 16'400).reject, Reject::auction_closed);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.contract(1).buyer, kBuyer2);
  EXPECT_EQ(m.contract(1).price, Price{16'300});
}

TEST_F(Auction, R6_3_the_winners_bonds_become_the_contracts_and_the_initiators_is_trimmed) {
  const auto lot = open(16'000, 100, 0, 20'000);
  EXPECT_EQ(m.frozen(kFarm), performance(20'000));
  m.bid(kBuyer, lot, 16'000);
  m.bid(kBuyer2, lot, 17'000);
  close(lot);
  ASSERT_EQ(m.lot(lot).state, LotState::kSold);
  const auto& contract = m.contract(1);
  EXPECT_EQ(contract.buyer, kBuyer2);
  EXPECT_EQ(contract.buyer_bond + contract.buyer_trading_bond, bonds(17'000));
  EXPECT_EQ(contract.seller_bond, performance(17'000));
  EXPECT_EQ(contract.seller_trading_bond, Fen{0});
  EXPECT_EQ(m.frozen(kFarm), performance(17'000));
  EXPECT_EQ(m.available(kFarm), kAll - performance(17'000));
  EXPECT_EQ(m.available(kBuyer), kAll);
}

TEST_F(Auction, R5_3_1_at_the_cap_the_first_bid_wins_at_once) {
  const auto lot = open(16'000, 100, 0, 16'500);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'510).reject, Reject::above_cap);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'500).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.contract(1).price, Price{16'500});
  EXPECT_EQ(m.bid(kBuyer2, lot, 16'500).reject, Reject::auction_closed);
}

TEST_F(Auction, R5_5_a_bid_outside_the_band_is_refused) {
  ASSERT_EQ(m.send(kOperator, model::StateReference{m.product_id, 23, 1, 16'000}).reject,
            Reject::ok);
  const auto lot = open(15'200, 100);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'810).reject, Reject::out_of_band);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'800).reject, Reject::ok);
}

TEST_F(Auction, R6_1_no_funds_no_bid) {
  const auto lot = open(16'000, 100);
  const Fen left = bonds(16'000) - Fen{1};
  ASSERT_EQ(
      m.send(finance(kBuyer), model::RequestWithdrawal{kBuyer, 0, (kAll - left).value, {}}).reject,
      Reject::ok);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::no_funds);
  EXPECT_EQ(m.lot(lot).leader, 0u);
}

TEST_F(Auction, R5_6_the_initiator_and_its_related_parties_do_not_bid) {
  const auto lot = open(16'000, 100);
  EXPECT_EQ(m.bid(kFarm, lot, 16'000).reject, Reject::own_lot);
  ASSERT_EQ(m.send(kOperator, model::RelateParticipants{kFarm, kBuyer, 1}).reject, Reject::ok);
  EXPECT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::related_party);
  EXPECT_EQ(m.send(finance(kBuyer2), model::PlaceBid{lot, 16'000}).reject, Reject::wrong_role);
}

TEST_F(Auction, R6_2_unsold_without_a_bid_releases_the_bond_by_the_command_that_closes) {
  const auto lot = open(16'000, 100);
  close(lot);
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
  const auto closed = m.events<model::LotClosed>();
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].contract, 0u);
}

struct Reserve : Auction {
  model::LotId below() {
    const auto lot = open(16'000, 100, 17'000);
    EXPECT_EQ(m.bid(kBuyer, lot, 16'500).reject, Reject::ok);
    close(lot);
    EXPECT_EQ(m.lot(lot).state, LotState::kExclusive);
    EXPECT_EQ(m.frozen(kBuyer), bonds(16'500)) << "bonds stay frozen";
    return lot;
  }
};

TEST_F(Reserve, R5_3_6_at_the_reserve_the_lot_is_sold) {
  const auto lot = open(16'000, 100, 17'000);
  ASSERT_EQ(m.bid(kBuyer, lot, 17'000).reject, Reject::ok);
  close(lot);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
}

TEST_F(Reserve, R5_3_6_the_initiator_may_accept_below_the_reserve) {
  const auto lot = below();
  EXPECT_EQ(m.bid(kBuyer2, lot, 17'000).reject, Reject::auction_closed);
  EXPECT_EQ(m.send(trader(kBuyer), model::AcceptBelowReserve{lot}).reject, Reject::not_lot_owner);
  const Replied accepted = m.send(trader(kFarm), model::AcceptBelowReserve{lot});
  ASSERT_EQ(accepted.reject, Reject::ok);
  EXPECT_EQ(m.contract(accepted.id).price, Price{16'500});
}

TEST_F(Reserve, R5_3_6_the_best_bidder_may_raise_to_the_reserve) {
  const auto lot = below();
  EXPECT_EQ(m.send(trader(kBuyer2), model::RaiseToReserve{lot}).reject, Reject::not_leader);
  const Replied raised = m.send(trader(kBuyer), model::RaiseToReserve{lot});
  ASSERT_EQ(raised.reject, Reject::ok);
  EXPECT_EQ(m.contract(raised.id).price, Price{17'000});
  EXPECT_EQ(m.frozen(kBuyer), bonds(17'000));
}

TEST_F(Reserve, R5_3_6_raising_needs_the_money_for_it) {
  const auto lot = below();
  const Fen free = m.available(kBuyer);
  ASSERT_EQ(m.send(finance(kBuyer), model::RequestWithdrawal{kBuyer, 0, free.value, {}}).reject,
            Reject::ok);
  EXPECT_EQ(m.send(trader(kBuyer), model::RaiseToReserve{lot}).reject, Reject::no_funds);
}

TEST_F(Reserve, R5_3_6_after_the_exclusive_hour_it_is_unsold_and_all_bonds_are_released) {
  const auto lot = below();
  m.advance(model::kHour);
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
  EXPECT_EQ(m.send(trader(kFarm), model::AcceptBelowReserve{lot}).reject, Reject::wrong_lot_state);
}

struct Withdrawal : Auction {};

TEST_F(Withdrawal, R5_8_before_the_first_bid_the_initiator_withdraws) {
  const auto lot = open(16'000, 100);
  EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{lot, {}}).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kWithdrawn);
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
  EXPECT_EQ(m.bid(kBuyer, lot, 16'000).reject, Reject::wrong_lot_state);
}

TEST_F(Withdrawal, R5_8_afterwards_only_the_operator_with_four_eyes_and_a_reason) {
  const auto lot = open(16'000, 100);
  m.bid(kBuyer, lot, 16'000);
  EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{lot, {}}).reject, Reject::lot_has_bids);
  EXPECT_EQ(m.send(kOperator, model::WithdrawLot{lot, {}}).reject, Reject::malformed_body);
  const model::WithdrawLot body{lot, hash_of("the farm is in a disease zone")};
  EXPECT_EQ(m.send(kOfficer, body).reject, Reject::wrong_role);
  const Replied proposed = m.send(kOperator, body);
  ASSERT_EQ(proposed.reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kOpen) << "nothing before the second person";
  const Sha256 content = sha256(m.last_body);
  EXPECT_EQ(m.send(kOperator, model::Approve{proposed.id, content}).reject, Reject::own_approval);
  EXPECT_EQ(m.send(kSupervisor, model::Approve{proposed.id, content}).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kWithdrawn);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
}

struct Reverse : Auction {
  model::LotId goods[3] = {m.ready_lot(kFarm), m.ready_lot(kFarm2), m.ready_lot(kFarm)};

  model::LotId wanted(std::int64_t start, std::int64_t step, std::int64_t reserve = 0,
                      std::int64_t cap = 0) {
    const Replied made = m.send(trader(kBuyer), m.wanted());
    EXPECT_EQ(m.send(trader(kBuyer), m.notice(made.id, start, step, reserve, cap)).reject,
              Reject::ok);
    m.advance(model::kDay);
    return made.id;
  }
};

TEST_F(Reverse, R5_3_prices_fall_from_the_start_by_the_step) {
  const auto lot = wanted(16'000, 100);
  EXPECT_EQ(m.frozen(kBuyer), bonds(16'000)) << "the start is the highest price";
  EXPECT_EQ(m.bid_with(kFarm, lot, 16'010, goods[0]).reject, Reject::bid_too_high);
  EXPECT_EQ(m.bid_with(kFarm, lot, 16'000, goods[0]).reject, Reject::ok);
  EXPECT_EQ(m.bid_with(kFarm2, lot, 15'910, goods[1]).reject, Reject::bid_too_high);
  EXPECT_EQ(m.bid_with(kFarm2, lot, 15'900, goods[1]).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
  EXPECT_EQ(m.frozen(kFarm2), bonds(15'900)) << "a seller that bids posts both";
  close(lot);
  ASSERT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.contract(1).seller, kFarm2);
  EXPECT_EQ(m.contract(1).price, Price{15'900});
  EXPECT_EQ(m.frozen(kBuyer), bonds(15'900)) << "trimmed";
  EXPECT_EQ(m.lot(goods[1]).state, LotState::kSold);
}

TEST_F(Reverse, R5_3_a_bid_names_goods_which_are_free_again_when_outbid) {
  const auto lot = wanted(16'000, 100);
  EXPECT_EQ(m.bid(kFarm, lot, 16'000).reject, Reject::goods_required);
  ASSERT_EQ(m.bid_with(kFarm, lot, 16'000, goods[0]).reject, Reject::ok);
  EXPECT_EQ(m.lot(goods[0]).used_by, lot);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(goods[0], 16'000)).reject, Reject::wrong_lot_state);
  EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{goods[0], {}}).reject,
            Reject::wrong_lot_state);
  ASSERT_EQ(m.bid_with(kFarm2, lot, 15'900, goods[1]).reject, Reject::ok);
  EXPECT_EQ(m.lot(goods[0]).used_by, 0u);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(goods[0], 16'000)).reject, Reject::ok);
}

TEST_F(Reverse, R5_3_6_the_reserve_is_the_highest_price_that_is_accepted) {
  const auto lot = wanted(16'000, 100, 15'500);
  ASSERT_EQ(m.bid_with(kFarm, lot, 15'800, goods[0]).reject, Reject::ok);
  close(lot);
  ASSERT_EQ(m.lot(lot).state, LotState::kExclusive);
  const Replied raised = m.send(trader(kFarm), model::RaiseToReserve{lot});
  ASSERT_EQ(raised.reject, Reject::ok);
  EXPECT_EQ(m.contract(raised.id).price, Price{15'500});
  EXPECT_EQ(m.frozen(kFarm), bonds(15'500));
}

TEST_F(Reverse, R5_3_1_the_cap_is_a_floor_at_which_the_first_bid_wins) {
  const auto lot = wanted(16'000, 100, 0, 15'000);
  EXPECT_EQ(m.bid_with(kFarm, lot, 14'990, goods[0]).reject, Reject::above_cap);
  EXPECT_EQ(m.bid_with(kFarm, lot, 15'000, goods[0]).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
}

TEST_F(Auction, R6_4_without_band_or_cap_the_initiators_bond_follows_the_price_at_conclusion) {
  const auto lot = open(16'000, 100);
  EXPECT_EQ(m.frozen(kFarm), performance(16'000));
  ASSERT_EQ(m.bid(kBuyer, lot, 40'000).reject, Reject::ok);
  close(lot);
  EXPECT_EQ(m.contract(1).seller_bond, performance(40'000));
}

TEST_F(Auction, R6_4_a_poor_initiators_bond_is_what_it_has) {
  const auto lot = open(16'000, 100);
  const Fen rest = m.available(kFarm) - Fen{1'000};
  ASSERT_EQ(m.send(finance(kFarm), model::RequestWithdrawal{kFarm, 0, rest.value, {}}).reject,
            Reject::ok);
  ASSERT_EQ(m.bid(kBuyer, lot, 40'000).reject, Reject::ok);
  close(lot);
  EXPECT_EQ(m.contract(1).seller_bond, performance(16'000) + Fen{1'000});
  EXPECT_EQ(m.available(kFarm), Fen{0});
}

}  // namespace
}  // namespace hulan::engine
