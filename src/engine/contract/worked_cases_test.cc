// SPDX-License-Identifier: Apache-2.0
// The rulebook's five worked cases through the whole market: listed, taken, paid, loaded, weighed,
// settled; figures and balances to the fen. TestMarket checks every invariant after each command.
#include "engine/contract/testing.h"

namespace hulan::engine::testing {
namespace {

struct Balances {
  Fen seller;
  Fen buyer;
};

class WorkedCases : public ::testing::Test {
 protected:
  static model::ProductRow product() {
    model::ProductRow p = hogs();
    p.keeping_fen_per_head_day = Fen{600};
    return p;
  }

  void remember(const Deal& deal) {
    deal_ = deal;
    before_ = {market_.available(deal.seller), market_.available(deal.buyer)};
  }
  /// Nothing stays frozen; the difference is what was received and paid.
  void expect_balances(std::int64_t seller_gains, std::int64_t buyer_pays, std::int64_t fee_income,
                       std::int64_t vat, std::int64_t disposal) {
    EXPECT_EQ((market_.available(deal_.seller) - before_.seller).value, seller_gains);
    EXPECT_EQ((before_.buyer - market_.available(deal_.buyer)).value, buyer_pays);
    for (const auto id : {deal_.seller, deal_.buyer}) {
      EXPECT_EQ(market_.frozen(id), Fen{});
      EXPECT_EQ(market_.balance(id, Bucket::kPrepaid), Fen{});
    }
    EXPECT_EQ(market_.operator_balance(OperatorAccount::kFeeIncome).value, fee_income);
    EXPECT_EQ(market_.operator_balance(OperatorAccount::kVatPayable).value, vat);
    EXPECT_EQ(market_.operator_balance(OperatorAccount::kDisposalPayable).value, disposal);
  }
  std::vector<std::int64_t> goods_lines() {
    std::vector<std::int64_t> lines;
    for (const auto& line : market_.events<model::SettlementLine>()) {
      if (line.kind == model::LineKind::kGoods) lines.push_back(line.amount.value);
    }
    return lines;
  }

  ContractMarket market_{product()};
  Deal deal_;
  Balances before_{};
};

using Lines = std::vector<std::int64_t>;

TEST_F(WorkedCases, case_1_destination_weight_with_two_dead) {
  remember({.quantity = 200});
  const ContractId id = market_.arrived(deal_, 200);
  EXPECT_EQ(market_.contract(id).nominal.value, 37'076'000);
  EXPECT_EQ(market_.contract(id).buyer_bond.value, 1'853'800);
  EXPECT_EQ(market_.contract(id).seller_bond.value, 1'853'800);
  EXPECT_EQ(market_.contract(id).buyer_trading_bond.value, 185'380);
  ASSERT_EQ(market_.weigh(
                id, {{31'460'000, 19'980'000}, {31'322'500, 20'140'000}},
                {{187, 21'249'500, 1, 0, {}}, {5, 552'000, 2, 0, {}}, {6, 861'000, 1, 1, {}}}, 2),
            Reject::ok);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.average_live_g, 114'457);
  EXPECT_EQ(row.band, 0);
  EXPECT_EQ(row.live_head, 198u);
  market_.accept(id);
  EXPECT_EQ(row.state, ContractState::kSettled);
  EXPECT_EQ(goods_lines(), (Lines{34'254'194, 873'264, 1'301'832}));
  EXPECT_EQ(row.settled_g, 22'662'500);
  EXPECT_EQ(row.goods.value, 36'429'290);
  EXPECT_EQ(row.fee_each.value, 22'663);
  EXPECT_EQ(row.disposal.value, 16'000);
  EXPECT_EQ(row.buyer_refund.value, 624'047);
  EXPECT_EQ(row.seller_vat.value, 0);
  EXPECT_EQ(row.buyer_deduction.value, 3'278'636);
  expect_balances(36'390'627, 36'451'953, 2 * (22'663 - 1'283), 2 * 1'283, 16'000);
}

TEST_F(WorkedCases, case_2_origin_weight_shrinks_beyond_the_allowance) {
  remember({.price = 16'300, .quantity = 120, .terms = Terms::kOrigin});
  const ContractId id = market_.arrived(deal_, 120, 13'920'000);
  EXPECT_EQ(market_.contract(id).nominal.value, 22'494'000);
  ASSERT_EQ(market_.weigh(id, truck(13'640'000)), Reject::ok);
  market_.accept(id);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.state, ContractState::kSettled);
  EXPECT_EQ(row.settled_g, 13'848'800);
  EXPECT_EQ(row.average_live_g, 116'000);
  EXPECT_EQ(goods_lines(), (Lines{22'573'544}));
  EXPECT_EQ(row.fee_each.value, 13'849);
  EXPECT_EQ(row.buyer_topup.value, 93'393);
  EXPECT_EQ(row.buyer_deduction.value, 2'031'619);
  expect_balances(22'559'695, 22'587'393, 2 * (13'849 - 784), 2 * 784, 0);
}

TEST_F(WorkedCases, case_3_the_buyer_does_not_pay) {
  remember({.quantity = 80});
  const ContractId id = market_.concluded(deal_);
  market_.reach(market_.contract(id).deadline);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.state, ContractState::kDefaulted);
  EXPECT_EQ(row.default_kind, DefaultKind::kBuyerDidNotPay);
  EXPECT_EQ(row.forfeited.value, 741'520);
  const std::int64_t vat = 1'042;  // 18 400 x 6 / 106 = 1 041.5
  expect_balances(741'520, 741'520 + 18'400, 18'400 - vat, vat, 0);
  ASSERT_EQ(market_.send(kOperator, model::RecordResale{id, 3, 15'740}).reject, Reject::ok);
  EXPECT_EQ(row.keeping_fen, 144'000);
  EXPECT_EQ(market_.claims(), 0u) << "a loss of 493 600 lies below the bond";
  EXPECT_EQ(row.claim_registered, 1);
}

TEST_F(WorkedCases, case_4_a_trader_short_of_head) {
  remember({.seller = kBuyer2, .price = 15'900, .quantity = 120});  // a general payer sells
  const ContractId id = market_.arrived(deal_, 100);
  ASSERT_EQ(market_.weigh(id, {{32'345'600, 20'000'000}}), Reject::ok);
  market_.accept(id);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.average_live_g, 123'456);
  EXPECT_EQ(row.band, -200);
  EXPECT_EQ(goods_lines(), (Lines{19'382'592}));
  EXPECT_EQ(row.fee_each.value, 12'346);
  EXPECT_EQ(row.default_kind, DefaultKind::kSellerShort);
  EXPECT_EQ(row.forfeited.value, 182'850);
  EXPECT_EQ(row.seller_vat.value, 1'600'398);
  EXPECT_EQ(row.buyer_deduction.value, 0);
  expect_balances(19'370'246 - 182'850, 19'394'938 - 182'850, 2 * (12'346 - 699), 2 * 699, 0);
  EXPECT_EQ(market_.member(kBuyer2).defaults, 1u);
  ASSERT_EQ(market_.send(kOperator, model::RecordCover{id, 16'400}).reject, Reject::ok);
  EXPECT_EQ(market_.claims(), 0u) << "a cover of 115 000 lies below the forfeited part";
}

TEST_F(WorkedCases, case_5_a_farm_with_a_fraction_of_a_fen) {
  remember({.price = 15'900, .quantity = 80});
  const ContractId id = market_.arrived(deal_, 80);
  ASSERT_EQ(market_.weigh(id, {{28'690'370, 20'000'000}}, {}, 1), Reject::ok);
  market_.accept(id);
  const auto& row = market_.contract(id);
  EXPECT_EQ(row.average_live_g, 110'005);
  EXPECT_EQ(goods_lines(), (Lines{13'817'688}));
  EXPECT_EQ(row.buyer_refund.value, 801'622);
  EXPECT_EQ(row.buyer_deduction.value, 1'243'592);
  expect_balances(13'800'998, 13'826'378, 2 * (8'690 - 492), 2 * 492, 8'000);
}

}  // namespace
}  // namespace hulan::engine::testing
