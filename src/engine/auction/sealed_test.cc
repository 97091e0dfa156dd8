// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/sealed.h"

#include <gtest/gtest.h>

#include "base/sealed_box.h"
#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::EnvelopeState;
using model::LotState;
using model::SealedAward;

constexpr Fen kAll{TestMarket::kMoney};
/// Performance and trading bond on hogs of 110 kg.
constexpr Fen performance(std::int64_t price, std::int64_t head) {
  return Fen{price * head * 11 * 50 / 1000};
}
constexpr Fen trading(std::int64_t price, std::int64_t head) {
  return Fen{price * head * 11 * 5 / 1000};
}
constexpr Fen bonds(std::int64_t price, std::int64_t head) {
  return performance(price, head) + trading(price, head);
}

/// 200 hogs, sealed bids from 15.000 to 18.000; the officers hold a share each.
struct Sealed : ::testing::Test {
  Sealed() {
    model::ProductRow row = hogs();
    row.methods |= model::method_bit(model::Method::kSealed);
    const auto reply =
        m.send_approved(kOperator, model::DefineProductTerms{row, {}}, {kSupervisor});
    EXPECT_EQ(reply.reject, Reject::ok);
    secret_ = {7};
    for (std::size_t i = 0; i < 32; ++i) shares_[0][i] = static_cast<std::uint8_t>(3 * i + 1);
    shares_[1] = join_shares(shares_[0], secret_);
    public_ = public_seal_key(secret_);
    const model::RegisterSealKey body{
        public_, {sha256(shares_[0]), sha256(shares_[1])}, {kOfficer, kOfficer2}};
    const Replied made = m.send(kOperator, body);
    EXPECT_EQ(made.reject, Reject::ok);
    key = made.id;
  }

  model::AnnounceSealed notice(model::LotId lot, SealedAward award, std::int64_t reserve = 0,
                               std::int64_t minimum = 0) const {
    const std::int64_t open = m.now.value + model::kDay;
    return {lot, key, 15'000, reserve, 18'000, minimum, open, open + model::kHour, award, {}};
  }
  model::LotId open(SealedAward award, std::int64_t reserve = 0, std::int64_t minimum = 0) {
    const auto lot = m.ready_lot(kFarm);
    EXPECT_EQ(m.send(trader(kFarm), notice(lot, award, reserve, minimum)).reject, Reject::ok);
    m.advance(model::kDay);
    return lot;
  }
  Opening says(std::int64_t price, std::int64_t quantity = 200) {
    Opening out{price, quantity, {}};
    out.salt[0] = ++salts_;
    return out;
  }
  Reject bid(model::ParticipantId who, model::LotId lot, const Opening& opening,
             model::LotId goods = 0) {
    return m
        .send(trader(who),
              model::PlaceSealedBid{lot, goods, commitment_of(opening), seal_box(opening, public_)})
        .reject;
  }
  void bid_ok(model::ParticipantId who, model::LotId lot, std::int64_t price,
              std::int64_t quantity = 200) {
    EXPECT_EQ(bid(who, lot, says(price, quantity)), Reject::ok);
  }
  void close(model::LotId lot) { m.advance(m.lot(lot).close_at - m.now.value); }
  Reject reveal(int which) {
    return m.send(which == 0 ? kOfficer : kOfficer2, model::RevealShare{key, shares_[which]})
        .reject;
  }
  void open_all(model::LotId lot) {
    close(lot);
    EXPECT_EQ(reveal(0), Reject::ok);
    EXPECT_EQ(reveal(1), Reject::ok);
    for (int i = 0; i < 8; ++i) m.tick();
  }
  const model::SealedBidRow& envelope(std::uint32_t number) {
    return m.engine.state().sealed_bids[number];
  }

  TestMarket m;
  model::SealKeyId key = 0;
  std::uint8_t salts_ = 0;
  SealKeyBytes secret_{};
  SealKeyBytes public_{};
  std::array<SealKeyBytes, 2> shares_{};
};

TEST_F(Sealed, R5_3_4_bonds_are_frozen_for_the_whole_lot_at_the_highest_allowed_price) {
  const auto lot = open(SealedAward::kUniform, 0, 20);
  EXPECT_EQ(m.frozen(kFarm), performance(18'000, 200) + Fen{20});
  bid_ok(kBuyer, lot, 15'000, 20);
  bid_ok(kBuyer2, lot, 17'990, 200);
  EXPECT_EQ(m.frozen(kBuyer), bonds(18'000, 200));
  EXPECT_EQ(m.frozen(kBuyer2), bonds(18'000, 200)) << "a hold by price would tell it";
  EXPECT_EQ(envelope(1).price, Price{});
  EXPECT_EQ(m.lot(lot).best, Price{});
}

TEST_F(Sealed, R5_3_4_first_price_the_best_pays_its_own_price_and_the_others_are_released) {
  const auto lot = open(SealedAward::kFirstPrice, 15'500);
  bid_ok(kBuyer, lot, 16'000);
  bid_ok(kBuyer2, lot, 16'500);
  bid_ok(kBuyer3, lot, 15'200);
  open_all(lot);
  ASSERT_EQ(m.lot(lot).state, LotState::kSold);
  const auto& made = m.contract(m.lot(lot).last_contract);
  EXPECT_EQ(made.price, Price{16'500});
  EXPECT_EQ(made.buyer, kBuyer2);
  EXPECT_EQ(m.frozen(kBuyer2), bonds(16'500, 200));
  EXPECT_EQ(m.frozen(kFarm), performance(16'500, 200));
  EXPECT_EQ(m.available(kBuyer), kAll);
  EXPECT_EQ(m.available(kBuyer3), kAll);
  EXPECT_EQ(envelope(1).price, Price{16'000}) << "opened for everybody to check";
  EXPECT_EQ(envelope(1).state, EnvelopeState::kLost);
  EXPECT_EQ(envelope(2).state, EnvelopeState::kWon);
}

TEST_F(Sealed, R5_3_4_second_price_is_the_second_bid_or_the_reserve_if_that_is_more) {
  const auto first = open(SealedAward::kSecondPrice, 15'500);
  bid_ok(kBuyer, first, 16'000);
  bid_ok(kBuyer2, first, 17'000);
  open_all(first);
  EXPECT_EQ(m.contract(m.lot(first).last_contract).price, Price{16'000});
}

TEST_F(Sealed, R5_3_4_second_price_below_the_reserve_the_winner_pays_the_reserve) {
  const auto lot = open(SealedAward::kSecondPrice, 15'500);
  bid_ok(kBuyer, lot, 15'100);
  bid_ok(kBuyer2, lot, 17'000);
  open_all(lot);
  EXPECT_EQ(m.contract(m.lot(lot).last_contract).price, Price{15'500});
}

TEST_F(Sealed, R5_3_4_a_sole_bid_pays_the_reserve) {
  const auto lot = open(SealedAward::kSecondPrice, 15'500);
  bid_ok(kBuyer, lot, 17'000);
  open_all(lot);
  EXPECT_EQ(m.contract(m.lot(lot).last_contract).price, Price{15'500});
}

TEST_F(Sealed, R5_3_4_a_sole_bid_without_a_reserve_pays_the_start) {
  const auto lot = open(SealedAward::kSecondPrice);
  bid_ok(kBuyer, lot, 17'000);
  open_all(lot);
  EXPECT_EQ(m.contract(m.lot(lot).last_contract).price, Price{15'000});
}

TEST_F(Sealed, R5_3_7_at_equal_prices_the_earlier_commitment_wins) {
  const auto lot = open(SealedAward::kFirstPrice);
  bid_ok(kBuyer2, lot, 16'000);
  bid_ok(kBuyer, lot, 16'000);
  open_all(lot);
  EXPECT_EQ(m.contract(m.lot(lot).last_contract).buyer, kBuyer2);
}

TEST_F(Sealed, R5_3_4_uniform_all_winners_pay_the_lowest_accepted_price) {
  const auto lot = open(SealedAward::kUniform, 15'100, 20);
  bid_ok(kBuyer, lot, 17'000, 100);
  bid_ok(kBuyer2, lot, 16'000, 80);
  bid_ok(kBuyer3, lot, 16'000, 50);  // later: gets the rest of 20
  open_all(lot);
  ASSERT_EQ(m.lot(lot).contracts, 3u);
  for (model::ContractId id = 1; id <= 3; ++id) EXPECT_EQ(m.contract(id).price, Price{16'000});
  EXPECT_EQ(m.contract(3).quantity, 20);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.frozen(kBuyer3), bonds(16'000, 20)) << "trimmed to what it got";
}

TEST_F(Sealed, R5_3_4_pay_as_bid_and_a_rest_below_the_minimum_is_unsold) {
  const auto lot = open(SealedAward::kPayAsBid, 0, 20);
  bid_ok(kBuyer, lot, 17'000, 100);
  bid_ok(kBuyer2, lot, 16'000, 90);
  bid_ok(kBuyer3, lot, 15'500, 50);
  open_all(lot);
  ASSERT_EQ(m.lot(lot).contracts, 2u);
  EXPECT_EQ(m.contract(1).price, Price{17'000});
  EXPECT_EQ(m.contract(2).price, Price{16'000});
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.lot(lot).remaining, 10);
  EXPECT_EQ(m.available(kBuyer3), kAll);
  EXPECT_EQ(m.frozen(kFarm), performance(17'000, 100) + performance(16'000, 90));
}

TEST_F(Sealed, R5_3_7_bids_beyond_the_reserve_fail) {
  const auto lot = open(SealedAward::kUniform, 16'000, 20);
  bid_ok(kBuyer, lot, 15'990, 100);
  open_all(lot);
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.available(kBuyer), kAll);
  EXPECT_EQ(m.frozen(kFarm), Fen{});
}

TEST_F(Sealed, R5_3_4_an_opening_that_does_not_fit_its_hash_is_void_and_its_trading_bond_goes) {
  const auto lot = open(SealedAward::kFirstPrice);
  const Opening said = says(15'000);
  EXPECT_EQ(m.send(trader(kBuyer), model::PlaceSealedBid{lot, 0, commitment_of(said),
                                                         seal_box(says(18'000), public_)})
                .reject,
            Reject::ok);
  model::PlaceSealedBid rubbish{lot, 0, commitment_of(says(1)), {}};
  EXPECT_EQ(m.send(trader(kBuyer3), rubbish).reject, Reject::ok);
  bid_ok(kBuyer2, lot, 15'500);
  const Fen before = m.available(kFarm);
  open_all(lot);
  EXPECT_EQ(m.available(kBuyer), kAll - trading(18'000, 200));
  EXPECT_EQ(m.available(kBuyer3), kAll - trading(18'000, 200));
  EXPECT_EQ(m.frozen(kBuyer), Fen{}) << "the performance bond came back";
  EXPECT_EQ(m.available(kFarm), before + trading(18'000, 200) + trading(18'000, 200) +
                                    performance(18'000, 200) - performance(15'500, 200));
  EXPECT_EQ(m.contract(m.lot(lot).last_contract).buyer, kBuyer2);
  EXPECT_EQ(envelope(1).state, EnvelopeState::kVoid);
}

TEST_F(Sealed, R5_3_4_an_opening_outside_the_limits_fails_and_keeps_its_bonds) {
  const auto lot = open(SealedAward::kFirstPrice);
  bid_ok(kBuyer, lot, 18'010);
  bid_ok(kBuyer2, lot, 15'005);
  bid_ok(kBuyer3, lot, 16'000, 199);
  open_all(lot);
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  for (const auto who : {kBuyer, kBuyer2, kBuyer3}) EXPECT_EQ(m.available(who), kAll);
  EXPECT_EQ(envelope(1).state, EnvelopeState::kInvalid);
}

TEST_F(Sealed, R5_3_4_no_share_is_taken_before_every_lot_of_the_key_has_closed) {
  const auto lot = open(SealedAward::kFirstPrice);
  bid_ok(kBuyer, lot, 16'000);
  EXPECT_EQ(reveal(0), Reject::bids_still_sealed);
  close(lot);
  EXPECT_EQ(m.send(kOperator, model::RevealShare{key, shares_[0]}).reject,
            Reject::not_share_holder);
  EXPECT_EQ(m.send(kOfficer, model::RevealShare{key, shares_[1]}).reject, Reject::wrong_share);
  EXPECT_EQ(reveal(0), Reject::ok);
  EXPECT_EQ(reveal(0), Reject::share_known);
  m.tick();
  EXPECT_EQ(m.lot(lot).state, LotState::kOpening) << "one share reads nothing";
  EXPECT_EQ(envelope(1).price, Price{});
  const auto later = m.ready_lot(kFarm2);
  EXPECT_EQ(m.send(trader(kFarm2), notice(later, SealedAward::kFirstPrice)).reject,
            Reject::seal_key_spent);
  EXPECT_EQ(reveal(1), Reject::ok);
}

TEST_F(Sealed, R5_7_one_binding_bid_for_each_bidder_and_none_copied) {
  const auto lot = open(SealedAward::kFirstPrice);
  const Opening opening = says(16'000);
  EXPECT_EQ(bid(kFarm, lot, opening), Reject::own_lot);
  EXPECT_EQ(bid(kBuyer, lot, opening), Reject::ok);
  EXPECT_EQ(bid(kBuyer, lot, says(17'000)), Reject::already_bid);
  EXPECT_EQ(bid(kBuyer2, lot, opening), Reject::commitment_known);
  close(lot);
  EXPECT_EQ(bid(kBuyer2, lot, says(17'000)), Reject::auction_closed);
}

TEST_F(Sealed, R5_7_a_suspended_bidders_envelope_is_struck) {
  const auto lot = open(SealedAward::kFirstPrice);
  bid_ok(kBuyer, lot, 17'000);
  bid_ok(kBuyer2, lot, 16'000);
  ASSERT_EQ(m.send(kOperator,
                   model::SetParticipantState{kBuyer, model::ParticipantState::kSuspended, {}, {}})
                .reject,
            Reject::ok);
  m.tick();
  EXPECT_EQ(m.available(kBuyer), kAll);
  open_all(lot);
  EXPECT_EQ(m.contract(m.lot(lot).last_contract).buyer, kBuyer2);
}

TEST_F(Sealed, R5_3_6_below_the_reserve_the_best_may_raise_or_the_initiator_accept) {
  const auto lot = open(SealedAward::kFirstPrice, 17'000);
  bid_ok(kBuyer, lot, 16'000);
  bid_ok(kBuyer2, lot, 16'500);
  open_all(lot);
  ASSERT_EQ(m.lot(lot).state, LotState::kExclusive);
  EXPECT_EQ(m.frozen(kBuyer2), bonds(16'500, 200));
  EXPECT_EQ(m.available(kBuyer), kAll);
  EXPECT_EQ(m.send(trader(kBuyer2), model::RaiseToReserve{lot}).reject, Reject::ok);
  EXPECT_EQ(m.contract(m.lot(lot).last_contract).price, Price{17'000});
}

TEST_F(Sealed, R5_3_6_after_the_exclusive_time_the_lot_is_unsold) {
  const auto lot = open(SealedAward::kSecondPrice, 17'000);
  bid_ok(kBuyer, lot, 16'000);
  open_all(lot);
  m.advance(model::kHour);
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.available(kBuyer), kAll);
}

TEST_F(Sealed, R5_8_without_the_key_the_operator_withdraws_with_four_eyes) {
  const auto lot = open(SealedAward::kFirstPrice);
  bid_ok(kBuyer, lot, 16'000);
  close(lot);
  EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{lot, {}}).reject, Reject::lot_has_bids);
  const auto asked =
      m.send_approved(kOperator, model::WithdrawLot{lot, hash_of("key lost")}, {kSupervisor});
  EXPECT_EQ(asked.reject, Reject::ok);
  EXPECT_EQ(m.last_approval.reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kWithdrawn);
  EXPECT_EQ(m.available(kBuyer), kAll);
  EXPECT_EQ(m.frozen(kFarm), Fen{});
}

TEST_F(Sealed, R5_3_4_a_lot_without_a_bid_is_unsold_at_its_close) {
  const auto lot = open(SealedAward::kFirstPrice);
  close(lot);
  EXPECT_EQ(m.lot(lot).state, LotState::kUnsold);
  EXPECT_EQ(m.frozen(kFarm), Fen{});
}

TEST_F(Sealed, R5_3_a_buyers_sealed_auction_is_the_mirror) {
  const auto made = m.send(trader(kBuyer), m.wanted());
  ASSERT_EQ(made.reject, Reject::ok);
  const model::LotId lot = made.id;
  auto body = notice(lot, SealedAward::kSecondPrice, 16'500);
  body.start = 17'000;
  body.cap = 0;
  ASSERT_EQ(m.send(trader(kBuyer), body).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kBuyer), bonds(17'000, 200));
  const auto goods = m.ready_lot(kFarm);
  const auto goods2 = m.ready_lot(kFarm2);
  m.advance(model::kDay);
  EXPECT_EQ(bid(kFarm, lot, says(16'000), goods), Reject::ok);
  EXPECT_EQ(bid(kFarm2, lot, says(15'000), goods2), Reject::ok);
  EXPECT_EQ(m.frozen(kFarm), bonds(17'000, 200));
  open_all(lot);
  const auto& contract = m.contract(m.lot(lot).last_contract);
  EXPECT_EQ(contract.price, Price{16'000}) << "min(reserve, second)";
  EXPECT_EQ(contract.seller, kFarm2);
  EXPECT_EQ(m.available(kFarm), kAll);
}

TEST_F(Sealed, R5_3_4_many_lots_and_envelopes_are_opened_a_bounded_number_at_a_time) {
  std::vector<model::LotId> lots;
  for (int i = 0; i < 5; ++i) {
    lots.push_back(m.ready_lot(i % 2 == 0 ? kFarm : kFarm2, 20));
    ASSERT_EQ(
        m.send(trader(i % 2 == 0 ? kFarm : kFarm2), notice(lots.back(), SealedAward::kFirstPrice))
            .reject,
        Reject::ok);
  }
  m.advance(model::kDay);
  for (const auto lot : lots) {
    bid_ok(kBuyer, lot, 15'500, 20);
    bid_ok(kBuyer2, lot, 15'600, 20);
  }
  open_all(lots.back());
  for (const auto lot : lots) EXPECT_EQ(m.lot(lot).state, LotState::kSold);
}

}  // namespace
}  // namespace hulan::engine
