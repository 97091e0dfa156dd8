// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/negotiation.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::LotState;
using model::QuoteState;

// 200 hogs x 110 kg x 16.00 CNY/kg = 352 000.00 CNY; bonds of 5 % and 0.5 %.
constexpr std::int64_t kPrice = 16'000;
constexpr Fen kBond{1'760'000};
constexpr Fen kTrading{176'000};
// At 15.80: 347 600.00 CNY.
constexpr std::int64_t kLower = 15'800;
constexpr Fen kLowerBond{1'738'000};
constexpr Fen kLowerTrading{173'800};
constexpr Fen kAll{TestMarket::kMoney};

struct Negotiation : ::testing::Test {
  Negotiation() {
    model::ProductRow product = hogs();
    product.methods |= model::method_bit(model::Method::kNegotiation);
    const Replied proposed = m.send_approved(
        kOperator, model::DefineProductTerms{product, model::ProductTermsRow{}}, {kSupervisor});
    EXPECT_EQ(proposed.reject, Reject::ok);
    EXPECT_EQ(m.last_approval.reject, Reject::ok);
    m.product_id = m.engine.state().products.size() - 1;
  }
  TestMarket m;

  std::int64_t in(std::int64_t hours) const { return m.now.value + hours * model::kHour; }
  Replied ask(model::ParticipantId asker, model::LotId lot, std::int64_t minimum = 0,
              std::initializer_list<model::ParticipantId> named = {}) {
    model::RequestQuote body{lot, static_cast<std::uint32_t>(named.size()), minimum, in(24), {}};
    std::copy(named.begin(), named.end(), body.named.begin());
    return m.send(trader(asker), body);
  }
  model::LotId asked(std::int64_t minimum = 0,
                     std::initializer_list<model::ParticipantId> named = {}) {
    const auto lot = m.ready_lot(kFarm);
    EXPECT_EQ(ask(kFarm, lot, minimum, named).reject, Reject::ok);
    return lot;
  }
  model::LotId wanted(std::int64_t minimum = 0) {
    const Replied made = m.send(trader(kBuyer), m.wanted());
    EXPECT_EQ(ask(kBuyer, made.id, minimum).reject, Reject::ok);
    return made.id;
  }
  Replied quote(model::ParticipantId maker, model::LotId lot, std::int64_t price,
                std::int64_t quantity = 200, model::LotId goods = 0, std::int64_t hours = 2) {
    return m.send(trader(maker), model::Quote{lot, goods, price, quantity, in(hours)});
  }
  Replied counter(model::ParticipantId maker, model::QuoteId id, std::int64_t price,
                  std::int64_t quantity = 200, model::LotId goods = 0) {
    return m.send(trader(maker), model::Counter{id, goods, price, quantity, in(2)});
  }
  Replied accept(model::ParticipantId who, model::QuoteId id, std::int64_t price = kPrice,
                 std::int64_t quantity = 200, model::LotId goods = 0) {
    return m.send(trader(who), model::AcceptQuote{id, goods, price, quantity});
  }
  Replied end(model::ParticipantId who, model::QuoteId id) {
    return m.send(trader(who), model::EndQuote{id});
  }
  const model::QuoteRow& row(model::QuoteId id) { return m.engine.state().quotes[id]; }
};

TEST_F(Negotiation, R5_2_a_request_freezes_nothing_and_asks_until_its_end) {
  const auto lot = asked();
  EXPECT_EQ(m.lot(lot).state, LotState::kListed);
  EXPECT_EQ(m.lot(lot).method, model::Method::kNegotiation);
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
  m.advance(24 * model::kHour - 1);
  EXPECT_EQ(m.lot(lot).state, LotState::kListed);
  m.advance(1);
  EXPECT_EQ(m.lot(lot).state, LotState::kExpired);
  EXPECT_EQ(quote(kBuyer, lot, kPrice).reject, Reject::request_over);
}

TEST_F(Negotiation, R5_2_a_lot_that_asks_for_quotes_is_not_taken_as_a_listing_is) {
  const auto lot = asked(50);
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{lot, 0, 0, 50}).reject, Reject::wrong_lot_state);
}

TEST_F(Negotiation, R6_1_a_quote_freezes_both_bonds_of_its_maker_while_it_stands) {
  const auto lot = asked();
  const Replied made = quote(kBuyer, lot, kPrice);
  ASSERT_EQ(made.reject, Reject::ok);
  EXPECT_EQ(made.frozen, kBond + kTrading);
  EXPECT_EQ(m.balance(kBuyer, model::Bucket::kPerformanceBond), kBond);
  EXPECT_EQ(m.balance(kBuyer, model::Bucket::kTradingBond), kTrading);
  m.advance(2 * model::kHour - 1);
  EXPECT_EQ(row(made.id).state, QuoteState::kLive);
  m.advance(1);
  EXPECT_EQ(row(made.id).state, QuoteState::kExpired);
  EXPECT_EQ(m.available(kBuyer), kAll);
  EXPECT_EQ(accept(kFarm, made.id).reject, Reject::quote_over);
}

TEST_F(Negotiation, R5_2_one_acceptance_concludes_and_ends_the_request_with_all_its_quotes) {
  const auto lot = asked();
  const Replied first = quote(kBuyer, lot, kLower);
  const Replied second = quote(kBuyer2, lot, kPrice);
  EXPECT_EQ(m.frozen(kBuyer), kLowerBond + kLowerTrading);
  const Replied done = accept(kFarm, second.id);
  ASSERT_EQ(done.reject, Reject::ok);
  EXPECT_EQ(done.frozen, kBond) << "who asks posts what an initiator posts";
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(row(first.id).state, QuoteState::kEnded);
  EXPECT_EQ(row(second.id).state, QuoteState::kAccepted);
  EXPECT_EQ(row(second.id).contract, done.id);
  EXPECT_EQ(m.available(kBuyer), kAll);
  const auto& contract = m.contract(done.id);
  EXPECT_EQ(contract.method, model::Method::kNegotiation);
  EXPECT_EQ(contract.seller, kFarm);
  EXPECT_EQ(contract.buyer, kBuyer2);
  EXPECT_EQ(contract.price, Price{kPrice});
  EXPECT_EQ(contract.seller_bond, kBond);
  EXPECT_EQ(contract.seller_trading_bond, Fen{0});
  EXPECT_EQ(contract.buyer_bond, kBond);
  EXPECT_EQ(contract.buyer_trading_bond, kTrading);
  EXPECT_EQ(m.events<model::TradeConcluded>().size(), 1u);
  EXPECT_EQ(accept(kFarm, first.id, kLower).reject, Reject::quote_over);
}

TEST_F(Negotiation, R5_2_a_counter_binds_its_maker_and_frees_the_other_side) {
  const auto lot = asked();
  const Replied low = quote(kBuyer, lot, kLower);
  const Replied back = counter(kFarm, low.id, kPrice);
  ASSERT_EQ(back.reject, Reject::ok);
  EXPECT_EQ(row(low.id).state, QuoteState::kCountered);
  EXPECT_EQ(row(back.id).previous, low.id);
  EXPECT_EQ(m.frozen(kBuyer), Fen{0});
  EXPECT_EQ(m.frozen(kFarm), kBond);
  EXPECT_EQ(accept(kFarm, back.id).reject, Reject::own_quote);
  EXPECT_EQ(counter(kFarm, back.id, kPrice).reject, Reject::own_quote);
  EXPECT_EQ(accept(kBuyer2, back.id).reject, Reject::not_your_quote);
  EXPECT_EQ(quote(kBuyer, lot, kLower).reject, Reject::quote_stands);
  EXPECT_EQ(accept(kBuyer, back.id, kLower).reject, Reject::stale_price);
  EXPECT_EQ(accept(kBuyer, back.id, kPrice, 199).reject, Reject::stale_price);
  const Replied done = accept(kBuyer, back.id);
  ASSERT_EQ(done.reject, Reject::ok);
  EXPECT_EQ(done.frozen, kBond + kTrading);
  EXPECT_EQ(m.contract(done.id).seller_bond, kBond);
  EXPECT_EQ(m.contract(done.id).buyer_bond, kBond);
  EXPECT_EQ(m.frozen(kFarm), kBond);
}

TEST_F(Negotiation, R5_2_its_maker_withdraws_a_quote_and_the_other_side_refuses_it) {
  const auto lot = asked();
  const Replied first = quote(kBuyer, lot, kPrice);
  EXPECT_EQ(end(kBuyer2, first.id).reject, Reject::not_your_quote);
  EXPECT_EQ(end(kBuyer, first.id).reject, Reject::ok);
  EXPECT_EQ(row(first.id).state, QuoteState::kWithdrawn);
  EXPECT_EQ(m.available(kBuyer), kAll);
  const Replied second = quote(kBuyer, lot, kLower);
  EXPECT_EQ(end(kFarm, second.id).reject, Reject::ok);
  EXPECT_EQ(row(second.id).state, QuoteState::kRefused);
  EXPECT_EQ(end(kFarm, second.id).reject, Reject::quote_over);
  EXPECT_EQ(m.available(kBuyer), kAll);
  EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{lot, {}}).reject, Reject::ok);
  EXPECT_EQ(quote(kBuyer, lot, kPrice).reject, Reject::request_over);
}

TEST_F(Negotiation, R5_2_only_who_is_named_may_quote) {
  const auto lot = asked(0, {kBuyer, kBuyer3});
  EXPECT_EQ(quote(kBuyer2, lot, kPrice).reject, Reject::not_invited);
  EXPECT_EQ(quote(kBuyer3, lot, kPrice).reject, Reject::ok);
  const auto other = m.ready_lot(kFarm);
  EXPECT_EQ(ask(kFarm, other, 0, {kBuyer, kBuyer}).reject, Reject::invalid_named);
  EXPECT_EQ(ask(kFarm, other, 0, {kFarm}).reject, Reject::invalid_named);
  EXPECT_EQ(ask(kFarm, other, 0, {77}).reject, Reject::unknown_participant);
}

TEST_F(Negotiation, R5_2_a_part_is_at_least_the_minimum_and_the_rest_ends_with_the_request) {
  const auto lot = asked(50);
  EXPECT_EQ(quote(kBuyer, lot, kPrice, 49).reject, Reject::below_minimum);
  EXPECT_EQ(quote(kBuyer, lot, kPrice, 201).reject, Reject::above_remaining);
  EXPECT_EQ(quote(kBuyer, lot, kPrice, 0).reject, Reject::invalid_quantity);
  const Replied part = quote(kBuyer, lot, kPrice, 50);
  ASSERT_EQ(part.reject, Reject::ok);
  EXPECT_EQ(part.frozen, Fen{440'000 + 44'000});  // of 88 000.00 CNY
  const Replied done = accept(kFarm, part.id, kPrice, 50);
  ASSERT_EQ(done.reject, Reject::ok);
  EXPECT_EQ(m.contract(done.id).quantity, 50);
  EXPECT_EQ(m.lot(lot).state, LotState::kSold);
  EXPECT_EQ(m.lot(lot).remaining, 150);
  EXPECT_EQ(m.frozen(kFarm), Fen{440'000});
}

TEST_F(Negotiation, R5_2_a_seller_quotes_on_a_request_to_buy_with_its_goods) {
  const auto lot = wanted();
  EXPECT_EQ(quote(kFarm, lot, kPrice).reject, Reject::goods_required);
  const auto goods = m.ready_lot(kFarm);
  const Replied first = quote(kFarm, lot, kPrice, 200, goods);
  ASSERT_EQ(first.reject, Reject::ok);
  EXPECT_EQ(first.frozen, kBond + kTrading) << "a seller that bids posts both";
  EXPECT_EQ(m.lot(goods).used_by, lot);
  const Replied back = counter(kBuyer, first.id, kLower);
  ASSERT_EQ(back.reject, Reject::ok);
  EXPECT_EQ(back.frozen, kLowerBond + kLowerTrading);
  EXPECT_EQ(m.lot(goods).used_by, 0u) << "free while the buyer's number stands";
  EXPECT_EQ(accept(kFarm, back.id, kLower).reject, Reject::goods_required);
  const Replied done = accept(kFarm, back.id, kLower, 200, goods);
  ASSERT_EQ(done.reject, Reject::ok);
  EXPECT_EQ(m.contract(done.id).goods_lot, goods);
  EXPECT_EQ(m.contract(done.id).seller, kFarm);
  EXPECT_EQ(m.lot(goods).state, LotState::kSold);
}

TEST_F(Negotiation, R5_5_R5_6_a_quote_keeps_tick_band_and_parties) {
  const auto lot = asked();
  EXPECT_EQ(quote(kFarm, lot, kPrice).reject, Reject::own_lot);
  EXPECT_EQ(quote(kBuyer, lot, 16'005).reject, Reject::price_off_tick);
  EXPECT_EQ(quote(kBuyer, lot, 0).reject, Reject::price_not_positive);
  EXPECT_EQ(quote(kBuyer, lot, kPrice, 200, 0, 25).reject, Reject::invalid_window);
  EXPECT_EQ(quote(kBuyer, lot, kPrice, 200, 0, 0).reject, Reject::expiry_in_past);
  ASSERT_EQ(m.send(kOperator, model::StateReference{1, 23, 1, kPrice}).reject, Reject::ok);
  EXPECT_EQ(quote(kBuyer, lot, 16'810).reject, Reject::out_of_band);
  ASSERT_EQ(m.send(kOperator, model::RelateParticipants{kBuyer, kFarm, 1}).reject, Reject::ok);
  EXPECT_EQ(quote(kBuyer, lot, kPrice).reject, Reject::related_party);
}

TEST_F(Negotiation, R6_1_no_funds_no_quote_and_no_acceptance) {
  const auto lot = asked();
  const Replied made = quote(kBuyer, lot, kPrice);
  ASSERT_EQ(m.send(finance(kFarm), model::RequestWithdrawal{kFarm, 0, 98'240'001, {}}).reject,
            Reject::ok);
  EXPECT_EQ(accept(kFarm, made.id).reject, Reject::no_funds);
  EXPECT_EQ(counter(kFarm, made.id, kPrice).reject, Reject::no_funds);
  EXPECT_EQ(row(made.id).state, QuoteState::kLive) << "a refusal changes nothing";
}

TEST_F(Negotiation, R5_7_a_suspended_participants_numbers_are_struck) {
  const auto lot = asked();
  const Replied made = quote(kBuyer, lot, kPrice);
  const Replied other = quote(kBuyer2, lot, kPrice);
  ASSERT_EQ(m.send(kOperator,
                   model::SetParticipantState{kBuyer, model::ParticipantState::kSuspended, {}, {}})
                .reject,
            Reject::ok);
  EXPECT_EQ(row(made.id).state, QuoteState::kStruck);
  EXPECT_EQ(m.available(kBuyer), kAll);
  EXPECT_EQ(row(other.id).state, QuoteState::kLive);
  ASSERT_EQ(m.send(kOperator,
                   model::SetParticipantState{kFarm, model::ParticipantState::kSuspended, {}, {}})
                .reject,
            Reject::ok);
  EXPECT_EQ(row(other.id).state, QuoteState::kEnded);
  EXPECT_EQ(m.lot(lot).state, LotState::kWithdrawn);
  EXPECT_EQ(m.available(kBuyer2), kAll);
}

TEST_F(Negotiation, R12_2_a_halt_refuses_numbers_and_lets_them_be_taken_back) {
  const auto lot = asked();
  const Replied made = quote(kBuyer, lot, kPrice);
  ASSERT_EQ(m.send(kOperator, model::HaltMarket{0, hash_of("why")}).reject, Reject::ok);
  EXPECT_EQ(quote(kBuyer2, lot, kPrice).reject, Reject::trading_halted);
  EXPECT_EQ(accept(kFarm, made.id).reject, Reject::trading_halted);
  EXPECT_EQ(counter(kFarm, made.id, kPrice).reject, Reject::trading_halted);
  EXPECT_EQ(end(kBuyer, made.id).reject, Reject::ok);
}

TEST_F(Negotiation, R5_2_a_request_takes_no_more_numbers_than_there_is_room_for) {
  const auto lot = asked();
  for (std::size_t i = 0; i < model::kMaxTalkQuotes; ++i) {
    const Replied made = quote(kBuyer, lot, kPrice);
    ASSERT_EQ(made.reject, Reject::ok) << i;
    ASSERT_EQ(end(kBuyer, made.id).reject, Reject::ok);
  }
  EXPECT_EQ(quote(kBuyer, lot, kPrice).reject, Reject::quotes_full);
  EXPECT_EQ(quote(kBuyer2, lot, kPrice).reject, Reject::ok);
}

TEST_F(Negotiation, R4_1_a_product_that_does_not_trade_so_takes_no_request) {
  TestMarket plain;
  const auto lot = plain.ready_lot(kFarm);
  const model::RequestQuote body{lot, 0, 0, plain.now.value + model::kHour, {}};
  EXPECT_EQ(plain.send(trader(kFarm), body).reject, Reject::method_not_allowed);
}

}  // namespace
}  // namespace hulan::engine
