// SPDX-License-Identifier: Apache-2.0
#include "engine/contract/testing.h"

namespace hulan::engine::testing {
namespace {

class Closing : public ::testing::Test {
 protected:
  ContractMarket market_;

  /// Settling needs 80 600 + 50 more than the escrow; the buyer has only `left` available.
  ContractId short_of_money(std::int64_t left) {
    const ContractId id = market_.arrived({}, 10);
    EXPECT_EQ(market_.weigh(id, truck(1'200'000)), Reject::ok);
    market_.leave(kBuyer, left);
    market_.accept(id);
    return id;
  }
  static constexpr std::int64_t kShortage = 1'934'400 + 1'200 - 1'853'800;  // 81 800
};

TEST_F(Closing, R8_6_settlement_runs_48_hours_after_the_weighing) {
  const ContractId id = market_.arrived({}, 10);
  ASSERT_EQ(market_.weigh(id, truck(1'150'000)), Reject::ok);
  EXPECT_EQ(market_.contract(id).deadline, market_.now.value + 48 * model::kHour);
  market_.advance(48 * model::kHour - 1);
  EXPECT_EQ(market_.contract(id).state, ContractState::kWeighed);
  market_.advance(1);
  EXPECT_EQ(market_.contract(id).state, ContractState::kSettled);
}

TEST_F(Closing, R8_6_one_side_alone_does_not_settle) {
  const ContractId id = market_.arrived({}, 10);
  ASSERT_EQ(market_.weigh(id, truck(1'150'000)), Reject::ok);
  EXPECT_EQ(market_.send(trader(kFarm), model::AcceptWeighing{id}).reject, Reject::ok);
  EXPECT_EQ(market_.send(trader(kFarm), model::AcceptWeighing{id}).reject,
            Reject::already_accepted);
  EXPECT_EQ(market_.contract(id).state, ContractState::kWeighed);
}

TEST_F(Closing, R9_1_each_line_of_the_sheet_is_published_in_order) {
  const ContractId id = market_.arrived({}, 10);
  ASSERT_EQ(
      market_.weigh(id, truck(1'035'000), {{4, 460'000, 1, 0, {}}, {5, 575'000, 2, 0, {}}}, 1),
      Reject::ok);
  market_.accept(id);
  using Kind = model::LineKind;
  std::vector<std::pair<Kind, std::int64_t>> lines;
  for (const auto& line : market_.events<model::SettlementLine>()) {
    lines.emplace_back(line.kind, line.amount.value);
  }
  const std::vector<std::pair<Kind, std::int64_t>> expected = {
      {Kind::kGoods, 741'520},        {Kind::kGoods, 909'650},  {Kind::kFeeBuyer, 1'035},
      {Kind::kFeeSeller, 1'035},      {Kind::kDisposal, 8'000}, {Kind::kRefund, 201'595},
      {Kind::kDeductionMemo, 148'605}};
  EXPECT_EQ(lines, expected);
  const auto settled = market_.events<model::Settled>();
  ASSERT_EQ(settled.size(), 1u);
  EXPECT_EQ(settled[0].seller_receives.value, 1'651'170 - 1'035 - 8'000);
}

TEST_F(Closing, R9_4_a_shortage_is_taken_from_available_at_once) {
  const ContractId id = short_of_money(kShortage);
  EXPECT_EQ(market_.contract(id).state, ContractState::kSettled);
  EXPECT_EQ(market_.contract(id).buyer_topup.value, kShortage);
  EXPECT_EQ(market_.available(kBuyer).value, 92'690 + 9'269) << "the bonds are back";
}

TEST_F(Closing, R9_4_else_the_buyer_tops_up_by_noon_of_the_next_market_day) {
  const ContractId id = short_of_money(kShortage - 1);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.state, ContractState::kTopUp);
  EXPECT_EQ(row.shortage.value, kShortage);
  EXPECT_EQ(row.deadline, kStart.value + 28 * model::kHour);  // Tuesday 12:00
  EXPECT_EQ(market_.send(trader(kBuyer), model::TopUp{id}).reject, Reject::no_funds);
  EXPECT_EQ(market_.send(trader(kFarm), model::TopUp{id}).reject, Reject::not_the_actor);
  market_.deposit(kBuyer, 1);
  EXPECT_EQ(market_.send(finance(kBuyer), model::TopUp{id}).reject, Reject::ok);
  EXPECT_EQ(row.state, ContractState::kSettled);
  EXPECT_EQ(row.shortage, Fen{});
  EXPECT_EQ(market_.claims(), 0u);
}

TEST_F(Closing, R9_4_on_Friday_the_top_up_is_due_on_Monday) {
  market_.now += Time{4 * model::kDay};
  const ContractId id = short_of_money(0);
  EXPECT_EQ(market_.contract(id).deadline, kStart.value + (7 * 24 + 4) * model::kHour);
}

TEST_F(Closing, R9_4_then_the_trading_bond_and_the_performance_bond_pay) {
  const ContractId id = short_of_money(0);
  const Fen seller = market_.available(kFarm);
  market_.reach(market_.contract(id).deadline);
  EXPECT_EQ(market_.contract(id).state, ContractState::kSettled);
  EXPECT_EQ(market_.available(kBuyer).value, 9'269 + 92'690 - kShortage);
  EXPECT_EQ((market_.available(kFarm) - seller).value, 1'934'400 - 1'200 + 92'690);
  EXPECT_EQ(market_.claims(), 0u);
}

TEST_F(Closing, R9_4_the_seller_is_paid_before_the_fee_and_the_rest_is_claimed) {
  const ContractId id = market_.arrived({}, 10);
  ASSERT_EQ(market_.weigh(id, truck(1'200'000), {{10, 1'200'000, 1, 0, {}}}), Reject::ok);
  market_.leave(kBuyer, 0);
  market_.accept(id);
  const ContractId heavy = market_.arrived({.buyer = kBuyer2, .average_g = 100'000}, 10);
  ASSERT_EQ(market_.weigh(heavy, truck(1'200'000)), Reject::ok);
  market_.leave(kBuyer2, 0);
  market_.accept(heavy);
  market_.reach(market_.contract(heavy).deadline);
  // Needed 1 935 600; escrow 1 612 000, bonds 8 060 + 80 600: 234 940 short, all of the fee in it.
  EXPECT_EQ(market_.contract(heavy).state, ContractState::kSettled);
  EXPECT_EQ(market_.available(kBuyer2), Fen{});
  ASSERT_EQ(market_.claims(), 2u);
  EXPECT_EQ(market_.claim(1).amount.value, 1'934'400 - 1'700'660);
  EXPECT_EQ(market_.claim(1).creditor, kFarm);
  EXPECT_EQ(market_.claim(1).debtor, kBuyer2);
  EXPECT_EQ(market_.claim(2).amount.value, 1'200);
  EXPECT_EQ(market_.claim(2).creditor, 0u);

  const Fen income = market_.operator_balance(OperatorAccount::kFeeIncome);
  const Fen farm = market_.available(kFarm);
  market_.deposit(kBuyer2, 300'000);
  ASSERT_EQ(market_.send(finance(kBuyer2), model::PayClaim{1, 233'740}).reject, Reject::ok);
  ASSERT_EQ(market_.send(finance(kBuyer2), model::PayClaim{2, 1'200}).reject, Reject::ok);
  EXPECT_EQ((market_.available(kFarm) - farm).value, 233'740);
  EXPECT_EQ((market_.operator_balance(OperatorAccount::kFeeIncome) - income).value, 1'200 - 68);
}

TEST_F(Closing, R7_1_a_settled_contract_closes_after_a_day_and_counts_as_clean) {
  const ContractId id = market_.arrived({}, 10);
  ASSERT_EQ(market_.weigh(id, truck(1'150'000)), Reject::ok);
  market_.accept(id);
  EXPECT_EQ(market_.member(kFarm).clean_trades, 0u);
  market_.advance(24 * model::kHour);
  EXPECT_EQ(market_.contract(id).state, ContractState::kClosed);
  EXPECT_EQ(market_.member(kFarm).clean_trades, 1u);
  EXPECT_EQ(market_.member(kBuyer).clean_trades, 1u);
}

TEST_F(Closing, R7_1_staff_may_close_earlier) {
  const ContractId id = market_.arrived({}, 10);
  EXPECT_EQ(market_.send(kOperator, model::CloseContract{id}).reject, Reject::wrong_contract_state);
  ASSERT_EQ(market_.weigh(id, truck(1'150'000)), Reject::ok);
  market_.accept(id);
  EXPECT_EQ(market_.send(trader(kFarm), model::CloseContract{id}).reject, Reject::wrong_role);
  EXPECT_EQ(market_.send(kOfficer, model::CloseContract{id}).reject, Reject::ok);
  market_.advance(48 * model::kHour);
  EXPECT_EQ(market_.member(kFarm).clean_trades, 1u) << "once";
}

TEST_F(Closing, R10_2_within_two_per_cent_short_nothing_follows) {
  const ContractId id = market_.arrived({.quantity = 100}, 98);
  ASSERT_EQ(market_.weigh(id, truck(98 * 115'000)), Reject::ok);
  market_.accept(id);
  EXPECT_EQ(market_.contract(id).default_kind, DefaultKind::kNone);
  EXPECT_EQ(market_.contract(id).forfeited, Fen{});
  EXPECT_EQ(market_.member(kFarm).defaults, 0u);
}

/// Goods without head: by weight alone.
model::ProductRow maize() {
  model::ProductRow p = hogs();
  p.code = {};
  std::memcpy(p.code.data(), "maize", 5);
  p.unit = model::QuantityUnit::kGrams;
  p.grade_count = p.single_count = p.band_count = p.required_count = 0;
  p.grade_adjust = {};
  p.single_adjust = {};
  p.bands = {};
  p.required = {};
  p.needs_average = p.needs_tags = p.needs_quarantine = p.needs_vehicle = 0;
  p.disposal_fen_per_head = p.keeping_fen_per_head_day = Fen{};
  p.head_tolerance_bp = 0;
  return p;
}

/// Priced by the head.
model::ProductRow piglets() {
  model::ProductRow p = maize();
  p.code = {};
  std::memcpy(p.code.data(), "piglet", 6);
  p.unit = model::QuantityUnit::kHead;
  p.basis = model::PriceBasis::kByCount;
  p.fee_fen_per_t = 0;
  p.fee_fen_per_head = Fen{106};
  p.disposal_fen_per_head = Fen{2'000};
  p.shrink_bp = p.over_weight_bp = 0;
  return p;
}

/// A contract for a product without papers, weighed.
ContractId plain_arrived(ContractMarket& market, std::int64_t quantity, std::int64_t price,
                         std::int64_t loaded, Terms terms, std::int64_t origin_g) {
  model::CreateLot body = market.draft(quantity);
  body.terms = terms;
  const model::LotId lot = market.send(trader(kFarm), body).id;
  EXPECT_EQ(market.send(trader(kFarm), market.listing(lot, price)).reject, Reject::ok);
  const ContractId id = market.send(trader(kBuyer), model::Take{lot, 0, price, quantity}).id;
  EXPECT_EQ(market.pay(id), Reject::ok);
  EXPECT_EQ(market.schedule(id, {quantity}), Reject::ok);
  EXPECT_EQ(market.load(market.loading(id, loaded, origin_g)), Reject::ok);
  EXPECT_EQ(market.arrive(id), Reject::ok);
  return id;
}

TEST(ClosingByWeight, R10_2_without_head_the_shortage_is_by_weight) {
  ContractMarket market(maize());
  const ContractId id =
      plain_arrived(market, 50'000'000, 2'400, 50'000'000, Terms::kDestination, 0);
  ASSERT_EQ(market.weigh(id, truck(45'000'000)), Reject::ok);
  market.accept(id);
  const auto& row = market.contract(id);
  EXPECT_EQ(row.goods.value, 10'800'000);
  EXPECT_EQ(row.default_kind, DefaultKind::kSellerShort);
  EXPECT_EQ(row.forfeited.value, 60'000);  // 600 000 x 5 t / 50 t
  EXPECT_EQ(row.average_live_g, 0);
  EXPECT_EQ(market.available(kFarm).value, TestMarket::kMoney + 10'800'000 - 45'000 - 60'000);
}

TEST(ClosingByWeight, R8_3_maize_at_the_farm_gate_shrinks_too) {
  ContractMarket market(maize());
  const ContractId id =
      plain_arrived(market, 50'000'000, 2'400, 50'000'000, Terms::kOrigin, 50'000'000);
  ASSERT_EQ(
      market.weigh(id, truck(49'000'000), {{0, 30'000'000, 0, 0, {}}, {0, 20'000'000, 0, 0, {}}}),
      Reject::ok);
  EXPECT_EQ(market.contract(id).settled_g, 49'750'000);
  EXPECT_EQ(market.engine.state().groups[1].settled_g, 29'850'000);
  EXPECT_EQ(market.engine.state().groups[2].settled_g, 19'900'000);
}

TEST(ClosingByCount, R9_1_a_line_is_price_by_head_and_the_fee_is_per_head) {
  ContractMarket market(piglets());
  const ContractId id = plain_arrived(market, 100, 55'000, 100, Terms::kDestination, 0);
  EXPECT_EQ(market.weigh(id, truck(1)), Reject::invalid_weight) << "nothing is weighed";
  EXPECT_EQ(market.weigh(id, {}, {{98, 1, 0, 0, {}}}, 2), Reject::groups_do_not_add_up);
  ASSERT_EQ(market.weigh(id, {}, {}, 2), Reject::ok);
  market.accept(id);
  const auto& row = market.contract(id);
  EXPECT_EQ(row.settled_g, 98);
  EXPECT_EQ(row.goods.value, 98 * 55'000);
  EXPECT_EQ(row.fee_each.value, 98 * 106);
  EXPECT_EQ(row.disposal.value, 4'000);
  EXPECT_EQ(market.available(kFarm).value, TestMarket::kMoney + 98 * 55'000 - 98 * 106 - 4'000);
  EXPECT_EQ(market.operator_balance(OperatorAccount::kVatPayable).value, 2 * 98 * 6);
}

TEST(ClosingByCount, R8_5_at_the_farm_gate_the_dead_are_the_buyers_loss) {
  ContractMarket market(piglets());
  const ContractId id = plain_arrived(market, 100, 55'000, 100, Terms::kOrigin, 0);
  ASSERT_EQ(market.weigh(id, {}, {}, 2), Reject::ok);
  EXPECT_EQ(market.contract(id).goods.value, 100 * 55'000);
  EXPECT_EQ(market.contract(id).disposal, Fen{});
}

}  // namespace
}  // namespace hulan::engine::testing
