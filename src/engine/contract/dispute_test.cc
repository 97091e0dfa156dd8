// SPDX-License-Identifier: Apache-2.0
// Expected sums are worked out by hand from 16.12 CNY/kg and a fee of 10 CNY/t.
#include "engine/contract/testing.h"

namespace hulan::engine::testing {
namespace {

using model::DisputeState;

class Claim : public ::testing::Test {
 protected:
  ContractMarket market_;

  ContractId weighed(std::int64_t net_g, std::int64_t head = 10) {
    const ContractId id = market_.arrived({}, head);
    EXPECT_EQ(market_.weigh(id, truck(net_g)), Reject::ok);
    return id;
  }
  Reject file(model::UserId user, ContractId id, std::int64_t fen) {
    return market_.send(user, model::FileClaim{id, fen, hash_of("photo")}).reject;
  }
  Reject award(ContractId id, std::int64_t fen) {
    const model::AwardClaim body{id, fen, hash_of("award")};
    const Reject proposed = market_.send_approved(kOfficer, body, {kSupervisor}).reject;
    return proposed == Reject::ok ? market_.last_approval.reject : proposed;
  }
  Reject withdraw(model::UserId user, ContractId id) {
    return market_.send(user, model::WithdrawClaim{id}).reject;
  }
  Reject grant(model::UserId user, ContractId id) {
    return market_.send(user, model::GrantClaim{id}).reject;
  }
  [[nodiscard]] const model::DisputeRow& dispute(ContractId id) const {
    return market_.engine.state().disputes[id];
  }
  [[nodiscard]] std::int64_t gained(model::ParticipantId who) const {
    return market_.available(who).value - TestMarket::kMoney;
  }
};

// 1 140 kg: goods 1 837 680, fee 1 140; in escrow 1 853 800.

TEST_F(Claim, R8_6_of_a_buyers_claim_the_undisputed_part_settles_at_once) {
  const ContractId id = weighed(1'140'000);
  const Fen seller_bond = market_.contract(id).seller_bond;
  const Fen buyer_bond = market_.contract(id).buyer_bond;
  ASSERT_EQ(file(trader(kBuyer), id, 100'000), Reject::ok);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.state, ContractState::kDisputed);
  EXPECT_EQ(row.deadline, 0);
  EXPECT_EQ(gained(kFarm), 1'737'680 - 1'140 - seller_bond.value);
  EXPECT_EQ(gained(kBuyer), -1'737'680 - 1'140 - 100'000 - buyer_bond.value);
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kDisputed).value, 100'000);
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kPrepaid), Fen{});
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kTradingBond), Fen{});
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kPerformanceBond), buyer_bond);
  EXPECT_EQ(market_.balance(kFarm, Bucket::kPerformanceBond), seller_bond);
  EXPECT_TRUE(market_.events<model::Settled>().empty());
}

TEST_F(Claim, R8_6_an_award_by_two_people_is_a_second_balanced_set_of_postings) {
  const ContractId id = weighed(1'140'000);
  ASSERT_EQ(file(trader(kBuyer), id, 100'000), Reject::ok);
  market_.advance(60 * model::kDay);
  EXPECT_EQ(market_.contract(id).state, ContractState::kDisputed);
  market_.send_approved(kOfficer, model::AwardClaim{id, 40'000, hash_of("award")}, {kOfficer});
  EXPECT_EQ(market_.last_approval.reject, Reject::own_approval);
  EXPECT_EQ(market_.contract(id).state, ContractState::kDisputed);
  ASSERT_EQ(award(id, 40'000), Reject::ok);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.state, ContractState::kSettled);
  EXPECT_EQ(row.goods.value, 1'797'680);
  EXPECT_EQ(row.buyer_pays.value, 1'798'820);
  EXPECT_EQ(row.buyer_refund.value, 54'980);
  EXPECT_EQ(row.seller_receives.value, 1'796'540);
  EXPECT_EQ(row.buyer_deduction.value, 161'791);  // 161 791.2
  EXPECT_EQ(gained(kFarm), 1'796'540);
  EXPECT_EQ(gained(kBuyer), -1'798'820);
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kDisputed), Fen{});
  EXPECT_EQ(market_.balance(kFarm, Bucket::kPerformanceBond), Fen{});
  EXPECT_EQ(dispute(id).state, DisputeState::kAwarded);
  EXPECT_EQ(dispute(id).awarded.value, 40'000);
  ASSERT_EQ(market_.events<model::Settled>().size(), 1u);
}

TEST_F(Claim, R8_6_a_claim_is_withdrawn_by_the_claimant_or_granted_by_the_other_side) {
  const ContractId first = weighed(1'140'000);
  ASSERT_EQ(file(trader(kBuyer), first, 100'000), Reject::ok);
  EXPECT_EQ(withdraw(trader(kFarm), first), Reject::not_the_actor);
  EXPECT_EQ(grant(trader(kBuyer), first), Reject::not_the_actor);
  EXPECT_EQ(withdraw(trader(kBuyer2), first), Reject::not_contract_party);
  EXPECT_EQ(withdraw(kOfficer, first), Reject::wrong_role);
  EXPECT_EQ(withdraw(trader(kBuyer), first), Reject::ok);
  EXPECT_EQ(market_.contract(first).goods.value, 1'837'680);
  EXPECT_EQ(gained(kFarm), 1'837'680 - 1'140);
  EXPECT_EQ(withdraw(trader(kBuyer), first), Reject::wrong_contract_state);
  const ContractId second = weighed(1'140'000);
  ASSERT_EQ(file(trader(kBuyer), second, 100'000), Reject::ok);
  EXPECT_EQ(grant(trader(kFarm), second), Reject::ok);
  EXPECT_EQ(market_.contract(second).goods.value, 1'737'680);
  EXPECT_EQ(gained(kBuyer), -(1'837'680 + 1'737'680 + 2 * 1'140));
  EXPECT_EQ(dispute(second).state, DisputeState::kGranted);
}

// 1 100 kg: goods 1 773 200, fee 1 100; 80 600 of the escrow are left.

TEST_F(Claim, R8_6_a_sellers_claim_freezes_what_is_left_of_the_escrow) {
  const ContractId id = weighed(1'100'000);
  const Fen seller_bond = market_.contract(id).seller_bond;
  ASSERT_EQ(file(trader(kFarm), id, 60'000), Reject::ok);
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kDisputed).value, 60'000);
  EXPECT_EQ(gained(kFarm), 1'773'200 - 1'100 - seller_bond.value);
  ASSERT_EQ(award(id, 25'000), Reject::ok);
  EXPECT_EQ(market_.contract(id).goods.value, 1'798'200);
  EXPECT_EQ(gained(kFarm), 1'798'200 - 1'100);
  EXPECT_EQ(gained(kBuyer), -(1'798'200 + 1'100));
}

TEST_F(Claim, R8_6_an_award_beyond_the_escrow_comes_from_money_then_bond_then_the_register) {
  const ContractId id = weighed(1'150'000);  // the whole nominal; the fee from available money
  const Fen bond = market_.contract(id).buyer_bond;
  ASSERT_EQ(file(trader(kFarm), id, 500'000), Reject::ok);
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kDisputed), Fen{});
  market_.leave(kBuyer, 10'000);
  ASSERT_EQ(award(id, 500'000), Reject::ok);
  EXPECT_EQ(market_.available(kBuyer), Fen{});
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kPerformanceBond), Fen{});
  ASSERT_EQ(market_.claims(), 1u);
  const std::int64_t missing = 500'000 - 10'000 - bond.value;
  EXPECT_EQ(market_.claim(1).amount.value, missing);
  EXPECT_EQ(market_.claim(1).creditor, kFarm);
  EXPECT_EQ(market_.claim(1).debtor, kBuyer);
  EXPECT_EQ(market_.contract(id).shortage.value, missing);
  EXPECT_EQ(gained(kFarm), 1'853'800 - 1'150 + 10'000 + bond.value);
}

TEST_F(Claim, R9_4_an_undisputed_part_that_the_escrow_does_not_cover_waits_for_the_top_up) {
  const ContractId id = weighed(1'200'000);  // goods 1 934 400, fee 1 200
  market_.leave(kBuyer, 71'799);
  ASSERT_EQ(file(trader(kBuyer), id, 10'000), Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kTopUp);
  EXPECT_EQ(market_.contract(id).shortage.value, 1'924'400 + 1'200 - 1'853'800);
  EXPECT_EQ(dispute(id).state, DisputeState::kFiled);
  EXPECT_EQ(withdraw(trader(kBuyer), id), Reject::wrong_contract_state);
  EXPECT_EQ(market_.send(trader(kBuyer), model::TopUp{id}).reject, Reject::no_funds);
  market_.deposit(kBuyer, 1);
  EXPECT_EQ(market_.send(trader(kBuyer), model::TopUp{id}).reject, Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kDisputed);
  EXPECT_EQ(dispute(id).state, DisputeState::kOpen);
  EXPECT_EQ(dispute(id).frozen, Fen{}) << "nothing of the escrow is left";
}

TEST_F(Claim, R10_2_what_a_short_delivery_costs_is_posted_with_the_award) {
  const ContractId id = weighed(920'000, 8);  // goods 1 483 040, fee 920
  const Fen bond = market_.contract(id).seller_bond;
  const Fen part{bond.value / 5};
  ASSERT_EQ(file(trader(kBuyer), id, 83'040), Reject::ok);
  EXPECT_EQ(market_.balance(kFarm, Bucket::kPerformanceBond), bond);
  EXPECT_EQ(market_.member(kFarm).defaults, 0u);
  ASSERT_EQ(award(id, 83'040), Reject::ok);
  EXPECT_EQ(market_.contract(id).forfeited, part);
  EXPECT_EQ(market_.contract(id).default_kind, DefaultKind::kSellerShort);
  EXPECT_EQ(market_.member(kFarm).defaults, 1u);
  EXPECT_EQ(gained(kFarm), 1'400'000 - 920 - part.value);
  EXPECT_EQ(gained(kBuyer), -1'400'000 - 920 + part.value);
}

TEST_F(Claim, R8_6_refuses_a_claim_that_is_late_accepted_unproved_or_too_high) {
  const ContractId id = market_.arrived({}, 10);
  EXPECT_EQ(file(trader(kBuyer), id, 1), Reject::wrong_contract_state) << "not weighed yet";
  ASSERT_EQ(market_.weigh(id, truck(1'140'000)), Reject::ok);
  EXPECT_EQ(file(trader(kBuyer2), id, 1), Reject::not_contract_party);
  EXPECT_EQ(file(kOfficer, id, 1), Reject::wrong_role);
  EXPECT_EQ(market_.send(trader(kBuyer), model::FileClaim{id, 1, {}}).reject,
            Reject::invalid_document);
  EXPECT_EQ(file(trader(kBuyer), id, 0), Reject::invalid_amount);
  EXPECT_EQ(file(trader(kBuyer), id, 1'837'681), Reject::claim_too_high);
  EXPECT_EQ(file(trader(kFarm), id, 1'853'801), Reject::claim_too_high);
  EXPECT_EQ(file(trader(kBuyer), id + 1, 1), Reject::unknown_contract);
  EXPECT_EQ(market_.send(trader(kFarm), model::AcceptWeighing{id}).reject, Reject::ok);
  EXPECT_EQ(file(trader(kFarm), id, 1), Reject::already_accepted);
  market_.advance(48 * model::kHour);
  EXPECT_EQ(file(trader(kBuyer), id, 1), Reject::wrong_contract_state) << "it has settled";
}

TEST_F(Claim, R8_6_a_claim_of_all_the_goods_pays_nothing_before_the_award) {
  const ContractId id = weighed(1'140'000);
  const Fen bond = market_.contract(id).seller_bond;
  ASSERT_EQ(file(trader(kBuyer), id, 1'837'680), Reject::ok);
  EXPECT_EQ(gained(kFarm), -bond.value) << "the fee came from the bond (R9.2)";
  EXPECT_EQ(market_.contract(id).seller_bond.value, bond.value - 1'140);
  ASSERT_EQ(award(id, 0), Reject::ok);
  EXPECT_EQ(gained(kFarm), 1'837'680 - 1'140);
  EXPECT_EQ(gained(kBuyer), -1'837'680 - 1'140);
}

TEST_F(Claim, R8_6_an_award_needs_an_officer_a_reason_and_an_open_claim) {
  const ContractId id = weighed(1'140'000);
  EXPECT_EQ(award(id, 0), Reject::wrong_contract_state);
  ASSERT_EQ(file(trader(kBuyer), id, 100'000), Reject::ok);
  const Reject by_party =
      market_.send(trader(kBuyer), model::AwardClaim{id, 1, hash_of("award")}).reject;
  EXPECT_EQ(by_party, Reject::wrong_role);
  EXPECT_EQ(market_.send(kOperator, model::AwardClaim{id, 1, hash_of("award")}).reject,
            Reject::wrong_role);
  EXPECT_EQ(market_.send(kOfficer, model::AwardClaim{id, 1, {}}).reject, Reject::invalid_document);
  EXPECT_EQ(award(id, -1), Reject::invalid_amount);
  EXPECT_EQ(award(id, 100'001), Reject::award_too_high);
  const Replied other = market_.send(kOfficer, model::AwardClaim{id, 1, hash_of("award")});
  const auto content = sha256(market_.last_body);
  EXPECT_EQ(market_.send(kOfficer, model::EndDispute{id, 2, hash_of("x")}).reject,
            Reject::wrong_contract_state);
  EXPECT_EQ(market_.send(trader(kBuyer), model::CancelContract{id, hash_of("x")}).reject,
            Reject::wrong_contract_state);
  ASSERT_EQ(award(id, 100'000), Reject::ok);
  EXPECT_EQ(market_.send(kSupervisor, model::Approve{other.id, content}).reject,
            Reject::wrong_contract_state)
      << "decided already";
}

}  // namespace
}  // namespace hulan::engine::testing
