// SPDX-License-Identifier: Apache-2.0
#include "engine/contract/testing.h"

namespace hulan::engine::testing {
namespace {

class Contract : public ::testing::Test {
 protected:
  ContractMarket market_;
  Replied cancel(model::UserId user, ContractId id) {
    return market_.send(user, model::CancelContract{id, hash_of("storm")});
  }
};

TEST_F(Contract, R7_1_a_conclusion_states_terms_and_deadline_and_publishes_the_trade) {
  const ContractId id = market_.concluded();
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.state, ContractState::kConcluded);
  EXPECT_EQ(row.nominal.value, 1'853'800);
  EXPECT_EQ(row.concluded_at, market_.now.value);
  // 8 January 08:00; the next day 17:00.
  EXPECT_EQ(row.deadline, kStart.value + 33 * model::kHour);
  const auto trades = market_.events<model::TradeConcluded>();
  ASSERT_EQ(trades.size(), 1u);
  EXPECT_EQ(trades[0].weight, 1'150'000);
  EXPECT_EQ(trades[0].nominal.value, 1'853'800);
  EXPECT_EQ(trades[0].region, kHulan);
  EXPECT_EQ(trades[0].day, 19'730u);
  EXPECT_EQ(market_.events<model::DayPriceChanged>().size(), 2u);
}

TEST_F(Contract, R7_2_the_buyer_pays_the_nominal_into_escrow) {
  const ContractId id = market_.concluded();
  const Fen before = market_.available(kBuyer);
  EXPECT_EQ(market_.send(trader(kFarm), model::Pay{id}).reject, Reject::not_the_actor);
  EXPECT_EQ(market_.send(trader(kBuyer2), model::Pay{id}).reject, Reject::not_contract_party);
  EXPECT_EQ(market_.send(kOfficer, model::Pay{id}).reject, Reject::wrong_role);
  EXPECT_EQ(market_.send(trader(kBuyer), model::Pay{id + 1}).reject, Reject::unknown_contract);
  EXPECT_EQ(market_.send(finance(kBuyer), model::Pay{id}).reject, Reject::ok);
  EXPECT_EQ(before - market_.available(kBuyer), market_.contract(id).nominal);
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kPrepaid), market_.contract(id).nominal);
  EXPECT_EQ(market_.contract(id).state, ContractState::kPaid);
  EXPECT_EQ(market_.pay(id), Reject::wrong_contract_state);
}

TEST_F(Contract, R7_2_payment_needs_the_whole_nominal_available) {
  const ContractId id = market_.concluded();
  market_.leave(kBuyer, market_.contract(id).nominal.value - 1);
  EXPECT_EQ(market_.pay(id), Reject::no_funds);
  market_.deposit(kBuyer, 1);
  EXPECT_EQ(market_.pay(id), Reject::ok);
  EXPECT_EQ(market_.available(kBuyer), Fen{});
}

TEST_F(Contract, R7_2_the_deadline_itself_is_too_late) {
  const ContractId id = market_.concluded();
  market_.now = Time{market_.contract(id).deadline - 1};
  market_.tick();
  EXPECT_EQ(market_.contract(id).state, ContractState::kConcluded);
  market_.now = Time{market_.contract(id).deadline};
  EXPECT_EQ(market_.pay(id), Reject::wrong_contract_state) << "the default came first";
  EXPECT_EQ(market_.contract(id).state, ContractState::kDefaulted);
}

TEST_F(Contract, R7_4_both_sides_cancel_and_everything_returns) {
  const Fen seller = market_.available(kFarm);
  const Fen buyer = market_.available(kBuyer);
  const ContractId id = market_.paid();
  EXPECT_EQ(cancel(trader(kBuyer2), id).reject, Reject::not_contract_party);
  EXPECT_EQ(cancel(trader(kBuyer), id).reject, Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kPaid);
  EXPECT_EQ(cancel(trader(kBuyer), id).reject, Reject::already_accepted);
  EXPECT_EQ(cancel(trader(kFarm), id).reject, Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kCancelled);
  EXPECT_EQ(market_.available(kFarm), seller);
  EXPECT_EQ(market_.available(kBuyer), buyer);
  EXPECT_EQ(market_.operator_balance(OperatorAccount::kFeeIncome), Fen{});
  EXPECT_EQ(cancel(trader(kFarm), id).reject, Reject::wrong_contract_state);
  market_.advance(30 * model::kDay);
  EXPECT_EQ(market_.contract(id).state, ContractState::kCancelled);
}

TEST_F(Contract, R7_4_the_operator_cancels_with_four_eyes) {
  const ContractId id = market_.paid();
  const model::CancelContract body{id, hash_of("plague")};
  EXPECT_EQ(market_.send(kInspector, body).reject, Reject::wrong_role);
  market_.send_approved(kOperator, body, {kOperator});
  EXPECT_EQ(market_.last_approval.reject, Reject::own_approval);
  EXPECT_EQ(market_.contract(id).state, ContractState::kPaid);
  market_.send_approved(kOperator, body, {kSupervisor});
  EXPECT_EQ(market_.last_approval.reject, Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kCancelled);
  EXPECT_EQ(market_.balance(kBuyer, Bucket::kPrepaid), Fen{});
}

TEST_F(Contract, R7_4_an_approval_that_comes_after_the_settlement_is_refused) {
  const ContractId id = market_.arrived({}, 10);
  ASSERT_EQ(market_.weigh(id, truck(1'150'000)), Reject::ok);
  const Replied asked = cancel(kOperator, id);
  const auto content = sha256(market_.last_body);
  market_.accept(id);
  EXPECT_EQ(market_.send(kSupervisor, model::Approve{asked.id, content}).reject,
            Reject::wrong_contract_state);
  EXPECT_EQ(market_.contract(id).state, ContractState::kSettled);
}

TEST_F(Contract, R7_4_a_wish_to_cancel_ends_with_the_next_step) {
  const ContractId id = market_.concluded();
  EXPECT_EQ(cancel(trader(kFarm), id).reject, Reject::ok);
  EXPECT_EQ(market_.pay(id), Reject::ok);
  EXPECT_EQ(cancel(trader(kBuyer), id).reject, Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kPaid)
      << "the farm's was before the payment";
  EXPECT_EQ(market_.schedule(id, {10}), Reject::ok);
  EXPECT_EQ(cancel(trader(kFarm), id).reject, Reject::ok);
  EXPECT_EQ(market_.load(market_.loading(id, 10)), Reject::ok);
  EXPECT_EQ(market_.arrive(id), Reject::ok);
  EXPECT_EQ(market_.weigh(id, truck(1'150'000)), Reject::ok);
  EXPECT_EQ(cancel(trader(kBuyer), id).reject, Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kWeighed) << "the farm has delivered since";
  EXPECT_EQ(cancel(trader(kFarm), id).reject, Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kCancelled);
}

class Dispute : public Contract {
 protected:
  ContractId disputed() {
    const ContractId id = market_.arrived({}, 10);
    EXPECT_EQ(market_.send(trader(kBuyer), model::OpenDispute{id, hash_of("photo")}).reject,
              Reject::wrong_contract_state);
    EXPECT_EQ(market_.weigh(id, truck(1'150'000)), Reject::ok);
    EXPECT_EQ(market_.send(trader(kBuyer), model::OpenDispute{id, {}}).reject,
              Reject::invalid_document);
    EXPECT_EQ(market_.send(trader(kBuyer), model::OpenDispute{id, hash_of("photo")}).reject,
              Reject::ok);
    return id;
  }
  Reject end(ContractId id, std::uint32_t outcome) {
    const model::EndDispute body{id, outcome, hash_of("award")};
    const Reject proposed = market_.send_approved(kOfficer, body, {kSupervisor}).reject;
    return proposed == Reject::ok ? market_.last_approval.reject : proposed;
  }
};

TEST_F(Dispute, R7_4_stops_the_settlement_until_it_ends_settled) {
  const ContractId id = disputed();
  market_.advance(60 * model::kDay);
  EXPECT_EQ(market_.contract(id).state, ContractState::kDisputed);
  EXPECT_EQ(market_.send(trader(kBuyer), model::AcceptWeighing{id}).reject,
            Reject::wrong_contract_state);
  EXPECT_EQ(market_.send(kOperator, model::EndDispute{id, 1, {}}).reject, Reject::wrong_role);
  EXPECT_EQ(end(id, 3), Reject::malformed_body);
  const model::EndDispute other{id, 2, hash_of("award")};
  const Replied second = market_.send(kOfficer, other);
  const auto content = sha256(market_.last_body);
  EXPECT_EQ(end(id, 1), Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kSettled);
  EXPECT_EQ(market_.send(kSupervisor, model::Approve{second.id, content}).reject,
            Reject::wrong_contract_state);
}

TEST_F(Dispute, R7_4_ends_cancelled) {
  const ContractId id = disputed();
  EXPECT_EQ(end(id, 2), Reject::ok);
  EXPECT_EQ(market_.contract(id).state, ContractState::kCancelled);
  EXPECT_EQ(market_.available(kFarm).value, TestMarket::kMoney);
  EXPECT_EQ(market_.available(kBuyer).value, TestMarket::kMoney);
}

}  // namespace
}  // namespace hulan::engine::testing
