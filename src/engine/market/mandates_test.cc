// SPDX-License-Identifier: Apache-2.0
#include "engine/market/mandates.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::LotState;

constexpr model::ParticipantId kAgent = 6;
// 200 hogs x 110 kg x 16.00 CNY/kg = 352 000.00 CNY; bonds of 5 % and 0.5 %.
constexpr std::int64_t kPrice = 16'000;
constexpr std::int64_t kNominal = 35'200'000;
constexpr Fen kBonds{1'760'000 + 176'000};

struct Mandates : ::testing::Test {
  Mandates() { m.add_agent(kAgent); }
  TestMarket m;

  Replied give(model::ParticipantId principal, std::uint32_t sides = 3,
               std::int64_t limit = 2 * kNominal, model::ProductId product = 0,
               std::int64_t days = 5) {
    return m.send(
        trader(principal),
        model::GiveMandate{kAgent, sides, limit, m.now.value + days * model::kDay, {product}});
  }
  model::MandateId given(model::ParticipantId principal, std::uint32_t sides = 3,
                         std::int64_t limit = 2 * kNominal) {
    const Replied made = give(principal, sides, limit);
    EXPECT_EQ(made.reject, Reject::ok);
    EXPECT_EQ(m.send(trader(kAgent), model::ConfirmMandate{made.id}).reject, Reject::ok);
    return made.id;
  }
  template <class Body>
  Replied act(model::MandateId mandate, const Body& body, model::ParticipantId by = kAgent) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&body);
    return m.send(trader(by), model::ActFor{mandate, Body::kType, model::body_version<Body>(), 0},
                  {bytes, sizeof(body)});
  }
  model::LotId listed(model::ParticipantId seller = kFarm) {
    const auto lot = m.ready_lot(seller);
    EXPECT_EQ(m.send(trader(seller), m.listing(lot, kPrice, 50)).reject, Reject::ok);
    return lot;
  }
  const model::MandateRow& row(model::MandateId id) { return m.engine.state().mandates[id]; }
};

TEST_F(Mandates, R2_5_the_principal_is_the_party_and_posts_the_bonds) {
  const auto mandate = given(kBuyer);
  const auto lot = listed();
  const Replied taken = act(mandate, model::Take{lot, 0, kPrice, 200});
  ASSERT_EQ(taken.reject, Reject::ok);
  EXPECT_EQ(taken.command, model::CommandType::kActFor);
  EXPECT_EQ(m.contract(taken.id).buyer, kBuyer);
  EXPECT_EQ(m.frozen(kBuyer), kBonds);
  EXPECT_EQ(m.frozen(kAgent), Fen{0});
  EXPECT_EQ(row(mandate).used, Fen{kNominal});
}

TEST_F(Mandates, R2_5_an_agent_takes_its_principals_steps_of_a_contract_and_gives_nothing_up) {
  const auto buys = given(kBuyer, 2);
  const auto lot = listed();
  const Replied taken = m.send(trader(kBuyer), model::Take{lot, 0, kPrice, 200});
  ASSERT_EQ(taken.reject, Reject::ok);
  EXPECT_EQ(act(given(kFarm, 2), model::Pay{taken.id}).reject, Reject::outside_mandate)
      << "a mandate to buy is none for the seller's side";
  ASSERT_EQ(act(buys, model::Pay{taken.id}).reject, Reject::ok);
  EXPECT_EQ(m.contract(taken.id).state, model::ContractState::kPaid);
  EXPECT_GT(m.balance(kBuyer, model::Bucket::kPrepaid), Fen{0});
  EXPECT_EQ(row(buys).used, Fen{0}) << "concluded by the principal";
  EXPECT_EQ(act(buys, model::CancelContract{taken.id, {}}).reject, Reject::outside_mandate);
  EXPECT_EQ(act(given(kBuyer2, 2), model::Pay{taken.id}).reject, Reject::not_contract_party);
  EXPECT_EQ(act(given(kFarm, 1), model::AcceptWeighing{taken.id}).reject, Reject::agent_other_side);
}

TEST_F(Mandates, R2_5_an_agent_sells_for_its_principal_from_the_draft_on) {
  const auto mandate = given(kFarm, 1);
  const auto draft = m.draft();
  const Replied made = act(mandate, draft);
  ASSERT_EQ(made.reject, Reject::ok);
  EXPECT_EQ(m.lot(made.id).initiator, kFarm);
  EXPECT_EQ(m.lot(made.id).farm, kFarm);
  const auto lot = m.ready_lot(kFarm);
  EXPECT_EQ(act(mandate, m.listing(lot, kPrice)).reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).state, LotState::kListed);
  EXPECT_EQ(m.balance(kFarm, model::Bucket::kPerformanceBond), Fen{1'760'000});
}

TEST_F(Mandates, R2_5_a_mandate_holds_once_its_agent_confirms_it_until_it_ends_or_is_revoked) {
  const auto lot = listed();
  const Replied made = give(kBuyer);
  const model::Take take{lot, 0, kPrice, 50};
  EXPECT_EQ(act(made.id, take).reject, Reject::mandate_over);
  EXPECT_EQ(m.send(trader(kBuyer), model::ConfirmMandate{made.id}).reject,
            Reject::not_your_participant);
  ASSERT_EQ(m.send(trader(kAgent), model::ConfirmMandate{made.id}).reject, Reject::ok);
  EXPECT_EQ(m.send(trader(kAgent), model::ConfirmMandate{made.id}).reject, Reject::mandate_over);
  EXPECT_EQ(act(made.id, take, kBuyer2).reject, Reject::not_your_participant);
  EXPECT_EQ(act(made.id, take).reject, Reject::ok);
  EXPECT_EQ(m.send(trader(kBuyer2), model::RevokeMandate{made.id}).reject,
            Reject::not_your_participant);
  ASSERT_EQ(m.send(trader(kBuyer), model::RevokeMandate{made.id}).reject, Reject::ok);
  EXPECT_EQ(act(made.id, take).reject, Reject::mandate_over);
  const auto second = given(kBuyer);
  m.advance(5 * model::kDay);
  EXPECT_EQ(act(second, take).reject, Reject::mandate_over);
}

TEST_F(Mandates, R2_5_a_mandate_covers_its_products_and_sides) {
  auto other = hogs();
  other.code = {"other"};
  const auto hog = m.product_id;
  const auto strange = m.define(other);
  const Replied made = give(kBuyer, 2, 2 * kNominal, strange);
  ASSERT_EQ(m.send(trader(kAgent), model::ConfirmMandate{made.id}).reject, Reject::ok);
  m.product_id = hog;
  const auto lot = listed();
  EXPECT_EQ(act(made.id, model::Take{lot, 0, kPrice, 200}).reject, Reject::outside_mandate);
  const auto sells = given(kBuyer, 1);
  EXPECT_EQ(act(sells, model::Take{lot, 0, kPrice, 200}).reject, Reject::outside_mandate);
  EXPECT_EQ(act(sells, model::Pay{1}).reject, Reject::unknown_contract);
}

TEST_F(Mandates, R2_5_the_sum_counts_each_lot_once_at_its_highest) {
  const auto mandate = given(kBuyer, 2, kNominal + 1'100'000);
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.notice(lot, kPrice - 1000, 50)).reject, Reject::ok);
  m.advance(model::kDay);
  ASSERT_EQ(act(mandate, model::PlaceBid{lot, kPrice}).reject, Reject::ok);
  EXPECT_EQ(row(mandate).used, Fen{kNominal});
  ASSERT_EQ(m.bid(kBuyer2, lot, kPrice + 50).reject, Reject::ok);
  // 200 x 110 kg x 0.10 = 2 200.00
  ASSERT_EQ(act(mandate, model::PlaceBid{lot, kPrice + 100}).reject, Reject::ok);
  EXPECT_EQ(row(mandate).used, Fen{kNominal + 220'000});
  const auto second = listed();
  EXPECT_EQ(act(mandate, model::Take{second, 0, kPrice, 50}).reject, Reject::mandate_exceeded);
  EXPECT_EQ(row(mandate).used, Fen{kNominal + 220'000}) << "a refusal counts nothing";
}

TEST_F(Mandates, R2_5_a_sealed_bid_counts_at_the_highest_price_that_the_notice_allows) {
  model::ProductRow sealed_hogs = hogs();
  sealed_hogs.methods |= model::method_bit(model::Method::kSealed);
  const model::DefineProductTerms product{sealed_hogs, {}};
  ASSERT_EQ(m.send_approved(kOperator, product, {kSupervisor}).reject, Reject::ok);
  model::RegisterSealKey key{};
  key.public_key.fill(1);
  key.share_hashes[0].fill(2);
  key.share_hashes[1].fill(3);
  key.holders[0] = kOperator;
  key.holders[1] = kOperator2;
  const auto registered = m.send(kOperator, key);
  ASSERT_EQ(registered.reject, Reject::ok);
  const auto lot = m.ready_lot(kFarm);
  model::AnnounceSealed notice{};
  notice.lot = lot;
  notice.key = registered.id;
  notice.start = kPrice - 1'000;
  notice.cap = kPrice;
  notice.open_at = m.now.value + model::kDay;
  notice.close_at = notice.open_at + model::kHour;
  notice.award = model::SealedAward::kFirstPrice;
  ASSERT_EQ(m.send(trader(kFarm), notice).reject, Reject::ok);
  const auto enough = given(kBuyer, 2, kNominal);
  const auto short_of_it = given(kBuyer2, 2, kNominal - 1);
  m.advance(model::kDay);
  model::PlaceSealedBid bid{};
  bid.lot = lot;
  bid.commitment.fill(7);
  EXPECT_NE(act(short_of_it, bid).reject, Reject::ok);
  EXPECT_EQ(act(enough, bid).reject, Reject::ok);
  EXPECT_EQ(row(enough).used, Fen{kNominal});
  EXPECT_EQ(m.frozen(kBuyer), kBonds);
}

TEST_F(Mandates,
       R2_5_an_agent_enters_a_shared_clock_for_its_principal_and_counts_the_dearest_named) {
  model::AnnounceSession session{};
  session.product = m.product_id;
  session.kind = model::SessionKind::kSharedClock;
  session.side = model::Side::kSell;
  session.unsold = model::UnsoldRule::kEnd;
  session.opens_at = m.now.value + model::kDay;
  const auto id = m.send(kOperator, session).id;
  const auto mandate = given(kFarm, 1, 2 * kNominal);
  const auto lot = m.ready_lot(kFarm);
  const auto entered = act(mandate, model::EnterSharedClock{id, lot, kPrice - 1000, 50, kPrice, 0});
  ASSERT_EQ(entered.reject, Reject::ok);
  EXPECT_EQ(m.lot(lot).initiator, kFarm);
  EXPECT_EQ(row(mandate).used, Fen{kNominal}) << "at the reserve";
}

TEST_F(Mandates, R5_6_two_principals_of_one_agent_do_not_trade_with_each_other) {
  const auto buys = given(kBuyer);
  const auto lot = listed();
  static_cast<void>(given(kFarm));
  EXPECT_EQ(act(buys, model::Take{lot, 0, kPrice, 200}).reject, Reject::common_agent);
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{lot, 0, kPrice, 200}).reject, Reject::common_agent);
  EXPECT_EQ(m.send(trader(kBuyer2), model::Take{lot, 0, kPrice, 200}).reject, Reject::ok);
}

TEST_F(Mandates, R2_5_on_one_lot_an_agent_stands_on_one_side_only) {
  const auto sells = given(kFarm, 1);
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(act(sells, m.listing(lot, kPrice, 50)).reject, Reject::ok);
  ASSERT_EQ(m.send(trader(kFarm), model::RevokeMandate{sells}).reject, Reject::ok);
  const auto buys = given(kBuyer, 2);
  EXPECT_EQ(act(buys, model::Take{lot, 0, kPrice, 50}).reject, Reject::agent_other_side);
}

TEST_F(Mandates, R2_5_only_another_participant_that_is_an_agent_is_given_one) {
  const auto give_to = [&](model::ParticipantId agent) {
    return m
        .send(trader(kBuyer), model::GiveMandate{agent, 3, kNominal, m.now.value + model::kDay, {}})
        .reject;
  };
  EXPECT_EQ(give_to(kBuyer), Reject::not_an_agent);
  EXPECT_EQ(give_to(kBuyer2), Reject::not_an_agent);
  EXPECT_EQ(give_to(99), Reject::not_an_agent);
  EXPECT_EQ(give(kBuyer, 0).reject, Reject::invalid_terms);
  EXPECT_EQ(give(kBuyer, 4).reject, Reject::invalid_terms);
  EXPECT_EQ(give(kBuyer, 3, 0).reject, Reject::invalid_amount);
  EXPECT_EQ(give(kBuyer, 3, kNominal, 0, 0).reject, Reject::expiry_in_past);
  EXPECT_EQ(give(kBuyer, 3, kNominal, 77).reject, Reject::unknown_product);
}

}  // namespace
}  // namespace hulan::engine
