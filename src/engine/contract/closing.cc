// SPDX-License-Identifier: Apache-2.0
// R9: the settlement as one balanced set of postings, the shortage of R9.4, the parts of bonds
// that a short delivery costs (R10.2, R10.4), and what a claim leaves undisputed (R8.6).
#include <algorithm>

#include "engine/contract/steps.h"
#include "engine/market/calendar.h"

namespace hulan::engine::contract {

using model::Bucket;
using model::ContractId;
using model::ContractRow;
using model::ContractState;
using model::DefaultKind;
using model::Fen;
using model::LineKind;
using model::PostingReason;
using model::Reject;
using model::Terms;

namespace {

/// Where each fen of a settlement comes from and goes to.
struct Payment {
  Ending ending;
  // the buyer's side
  Fen owed{};  ///< for the goods
  Fen from_prepaid{};
  Fen frozen{};  ///< of the escrow, until the award
  Fen refund{};
  Fen from_available{};
  Fen from_trading_bond{};
  Fen from_performance_bond{};
  Fen goods{};      ///< paid to the seller
  Fen buyer_fee{};  ///< paid to the operator
  // the seller's side
  Fen from_seller_bond{};
  Fen disposal{};
  Fen seller_fee{};
};

/// R10.2 and R10.4. Where part was not delivered at all, that rest is reckoned without tolerance;
/// what is short of the delivered part joins it beyond the tolerance.
void forfeit(const State& state, const ContractRow& row, Payment& payment) {
  const model::ProductRow& product = product_of(state, row);
  const std::int64_t failed = failed_of(state, row);
  const std::int64_t planned = row.quantity - failed;
  const std::int64_t delivered = std::min(delivered_of(state, row), planned);
  const bool origin = row.terms == Terms::kOrigin;
  const bool tolerated =
      within_tolerance(product, row.quantity, row.quantity - (planned - delivered));
  const std::int64_t by_seller = (tolerated ? 0 : planned - delivered) + (origin ? 0 : failed);
  const std::int64_t by_buyer = origin ? failed : 0;
  if (by_seller > 0) {
    payment.ending.failure = DefaultKind::kSellerShort;
    payment.ending.seller_forfeits =
        rest_undelivered(row.seller_bond, row.quantity, by_seller).forfeited;
  }
  if (by_buyer > 0) {
    if (by_seller == 0) payment.ending.failure = DefaultKind::kBuyerDidNotCollect;
    payment.ending.buyer_forfeits =
        rest_undelivered(row.buyer_bond, row.quantity, by_buyer).forfeited;
  }
}

/// R9.4: escrow, then available, trading bond, performance bond. The seller is paid before the fee.
void pay_from_buyer(const ContractRow& row, Fen available, Payment& payment) {
  Fen due = payment.owed + row.fee_each;
  const auto take = [&due](Fen from) {
    const Fen taken = std::min(due, from);
    due -= taken;
    return taken;
  };
  const Fen escrow = row.prepaid - payment.frozen;
  payment.from_prepaid = take(escrow);
  payment.refund = escrow - payment.from_prepaid;
  payment.from_available = take(available);
  payment.from_trading_bond = take(row.buyer_trading_bond);
  payment.from_performance_bond = take(row.buyer_bond - payment.ending.buyer_forfeits);
  const Fen paid = payment.owed + row.fee_each - due;
  payment.goods = std::min(paid, payment.owed);
  payment.buyer_fee = paid - payment.goods;
  payment.ending.shortage = due;
}

/// R9.2: what the goods do not cover comes from the seller's bond.
void charge_seller(const ContractRow& row, Payment& payment) {
  const Fen costs = row.disposal + row.fee_each;
  const Fen missing = std::max(Fen{}, costs - payment.goods);
  payment.from_seller_bond = std::min(missing, row.seller_bond - payment.ending.seller_forfeits);
  const Fen paid = std::min(costs, payment.goods + payment.from_seller_bond);
  payment.disposal = std::min(paid, row.disposal);
  payment.seller_fee = paid - payment.disposal;
}

Payment plan_payment(const State& state, const ContractRow& row) {
  Payment payment;
  payment.owed = undisputed_of(state, row);
  payment.frozen = frozen_of(state, row);
  forfeit(state, row, payment);
  pay_from_buyer(row, available_of(state, row, row.buyer), payment);
  charge_seller(row, payment);
  return payment;
}

void add_buyer(const ContractRow& row, const Payment& payment, Legs& legs) {
  const Fen goods_from_prepaid = std::min(payment.from_prepaid, payment.goods);
  legs.participant(row.buyer, Bucket::kPrepaid, -goods_from_prepaid, PostingReason::kGoods);
  legs.participant(row.buyer, Bucket::kPrepaid, goods_from_prepaid - payment.from_prepaid,
                   PostingReason::kFee);
  legs.give_back(row.buyer, Bucket::kPrepaid, payment.refund, PostingReason::kPrepaidReturned);
  legs.participant(row.buyer, Bucket::kPrepaid, -payment.frozen, PostingReason::kDisputed);
  legs.participant(row.buyer, Bucket::kDisputed, payment.frozen, PostingReason::kDisputed);
  legs.participant(row.buyer, Bucket::kAvailable, -payment.from_available, PostingReason::kTopUp);
  legs.participant(row.buyer, Bucket::kTradingBond, -payment.from_trading_bond,
                   PostingReason::kTopUp);
  legs.participant(row.buyer, Bucket::kPerformanceBond, -payment.from_performance_bond,
                   PostingReason::kTopUp);
}

void add_seller(const ContractRow& row, const Payment& payment, Legs& legs) {
  legs.participant(row.seller, Bucket::kAvailable, payment.goods, PostingReason::kGoods);
  legs.give_back(row.seller, Bucket::kPerformanceBond, payment.from_seller_bond,
                 PostingReason::kBondReturned);
  legs.participant(row.seller, Bucket::kAvailable, -payment.seller_fee, PostingReason::kFee);
  legs.participant(row.seller, Bucket::kAvailable, -payment.disposal, PostingReason::kDisposal);
}

void add_trading_bonds(const ContractRow& row, const Payment& payment, Legs& legs) {
  legs.give_back(row.seller, Bucket::kTradingBond, row.seller_trading_bond,
                 PostingReason::kBondReturned);
  legs.give_back(row.buyer, Bucket::kTradingBond,
                 row.buyer_trading_bond - payment.from_trading_bond, PostingReason::kBondReturned);
}

void post(Context& context, const ContractRow& row, const Payment& payment) {
  const model::ProductRow& product = product_of(context.state, row);
  Legs legs;
  add_buyer(row, payment, legs);
  add_seller(row, payment, legs);
  legs.fee(product, payment.buyer_fee);
  legs.fee(product, payment.seller_fee);
  legs.operators(model::OperatorAccount::kDisposalPayable, payment.disposal,
                 PostingReason::kDisposal);
  add_trading_bonds(row, payment, legs);
  if (!has_claim(context.state, row.id)) {
    add_performance_bonds(row, payment.ending, payment.from_seller_bond,
                          payment.from_performance_bond, legs);
  }
  legs.post(context, subject_of(context.state, row));
}

void register_claims(Context& context, const ContractRow& row, const Payment& payment) {
  using model::ClaimGround;
  add_claim(context, row, row.seller, row.buyer, payment.owed - payment.goods,
            ClaimGround::kSettlementShortage);
  add_claim(context, row, 0, row.buyer, row.fee_each - payment.buyer_fee,
            ClaimGround::kSettlementShortage);
  add_claim(context, row, 0, row.seller, row.disposal - payment.disposal,
            ClaimGround::kSellerNegative);
  add_claim(context, row, 0, row.seller, row.fee_each - payment.seller_fee,
            ClaimGround::kSettlementShortage);
}

/// The sheet, line by line, each as it was rounded (R1.4).
void emit_lines(Context& context, const ContractRow& row) {
  const State& state = context.state;
  const model::ProductRow& product = product_of(state, row);
  const bool by_count = product.basis == model::PriceBasis::kByCount;
  Sheet sheet;
  read_sheet(state, row, sheet);
  for (std::size_t i = 0; i < sheet.count; ++i) {
    const model::GroupRow& group = state.groups[sheet.rows[i]];
    emit_line(context, row.id, LineKind::kGoods, group.amount,
              by_count ? group.head : group.settled_g, group.price, sheet.rows[i]);
  }
  const model::Price rate{by_count ? product.fee_fen_per_head.value : product.fee_fen_per_t};
  emit_line(context, row.id, LineKind::kFeeBuyer, row.fee_each, row.settled_g, rate, 0);
  emit_line(context, row.id, LineKind::kFeeSeller, row.fee_each, row.settled_g, rate, 0);
  if (row.disposal != Fen{}) {
    emit_line(context, row.id, LineKind::kDisposal, row.disposal, row.dead_head,
              model::Price{product.disposal_fen_per_head.value}, 0);
  }
}

/// What the lines come to.
void emit_totals(Context& context, const ContractRow& row) {
  const auto if_any = [&](LineKind kind, Fen amount) {
    if (amount != Fen{}) emit_line(context, row.id, kind, amount, 0, {}, 0);
  };
  if_any(LineKind::kForfeit, row.forfeited);
  if_any(LineKind::kRefund, row.buyer_refund);
  if_any(LineKind::kTopUp, row.buyer_topup);
  if_any(LineKind::kVatMemo, row.seller_vat);
  if_any(LineKind::kDeductionMemo, row.buyer_deduction);
}

void enter_settled(Context& context, ContractId id, const Ending& ending) {
  ContractRow& row = context.state.contracts.edit(id);
  row.state = ContractState::kSettled;
  row.settled_at = context.now.value;
  row.default_kind = ending.failure;
  row.shortage = ending.shortage;
  row.prepaid = row.buyer_bond = row.buyer_trading_bond = Fen{};
  row.seller_bond = row.seller_trading_bond = Fen{};
  // The buyer's cover is recorded before the contract closes (R10.2).
  const model::Time close = context.now + model::Time{kCloseNs};
  set_deadline(context, id,
               ending.failure == DefaultKind::kSellerShort
                   ? std::max(close, resale_deadline(context))
                   : close);
  emit_contract(context, id);
  context.emit(model::Settled{{}, row.goods, row.buyer_pays, row.seller_receives, id, 0});
}

void record_failure(Context& context, ContractId id, const Ending& ending) {
  if (ending.failure == DefaultKind::kNone) return;
  const ContractRow& row = context.state.contracts[id];
  const bool seller = ending.failure == DefaultKind::kSellerShort;
  context.emit(
      model::Defaulted{{}, row.forfeited, id, seller ? row.seller : row.buyer, ending.failure, {}});
  count_default(context, seller ? row.seller : row.buyer);
  if (seller && ending.buyer_forfeits != Fen{}) count_default(context, row.buyer);
}

/// R8.6: the undisputed part is settled. The claimed part of the escrow and the performance bonds
/// wait for the award.
void enter_disputed(Context& context, ContractId id, const Payment& payment) {
  ContractRow& row = context.state.contracts.edit(id);
  model::DisputeRow& dispute = context.state.disputes.edit(id);
  emit_line(context, id, LineKind::kDisputed, dispute.claimed, 0, {}, 0);
  dispute.frozen = payment.frozen;
  dispute.weighed = row.goods;
  dispute.failure = payment.ending.failure;
  dispute.seller_forfeits = payment.ending.seller_forfeits;
  dispute.buyer_forfeits = payment.ending.buyer_forfeits;
  dispute.state = model::DisputeState::kOpen;
  row.before = ContractState::kWeighed;
  row.state = ContractState::kDisputed;
  row.shortage = payment.ending.shortage;
  row.prepaid = row.buyer_trading_bond = row.seller_trading_bond = Fen{};
  row.buyer_bond -= payment.from_performance_bond;
  row.seller_bond -= payment.from_seller_bond;
  set_deadline(context, id, {});
  context.emit_row<model::DisputeChanged>(id, dispute);
  emit_contract(context, id);
}

/// R9.4: until 12:00 of the next market day.
void wait_for_topup(Context& context, ContractId id, Fen shortage) {
  ContractRow& row = context.state.contracts.edit(id);
  const model::MarketRow& market = context.state.market[1];
  row.state = ContractState::kTopUp;
  row.shortage = shortage;
  const std::int64_t day = next_market_day(market, local_day(market, context.now));
  set_deadline(context, id, at_minute(market, day, market.topup_minute));
  emit_contract(context, id);
}

}  // namespace

void add_performance_bonds(const ContractRow& row, const Ending& ending, Fen from_seller,
                           Fen from_buyer, Legs& legs) {
  legs.participant(row.seller, Bucket::kPerformanceBond, -ending.seller_forfeits,
                   PostingReason::kForfeit);
  legs.participant(row.buyer, Bucket::kAvailable, ending.seller_forfeits, PostingReason::kForfeit);
  legs.participant(row.buyer, Bucket::kPerformanceBond, -ending.buyer_forfeits,
                   PostingReason::kForfeit);
  legs.participant(row.seller, Bucket::kAvailable, ending.buyer_forfeits, PostingReason::kForfeit);
  legs.give_back(row.seller, Bucket::kPerformanceBond,
                 row.seller_bond - ending.seller_forfeits - from_seller,
                 PostingReason::kBondReturned);
  legs.give_back(row.buyer, Bucket::kPerformanceBond,
                 row.buyer_bond - ending.buyer_forfeits - from_buyer, PostingReason::kBondReturned);
}

void emit_line(Context& context, ContractId id, LineKind kind, Fen amount, std::int64_t quantity,
               model::Price price, std::uint32_t group) {
  context.emit(model::SettlementLine{{}, price, quantity, amount, id, group, kind, {}});
}

void finish_settlement(Context& context, ContractId id, const Ending& ending) {
  ContractRow& row = context.state.contracts.edit(id);
  row.forfeited = ending.seller_forfeits + ending.buyer_forfeits;
  emit_totals(context, row);
  enter_settled(context, id, ending);
  record_failure(context, id, ending);
}

void settle_now(Context& context, ContractId id, bool forced) {
  const ContractRow& row = context.state.contracts[id];
  const State& state = context.state;
  const Fen escrow = row.prepaid - frozen_of(state, row);
  const Fen shortage = undisputed_of(state, row) + row.fee_each - escrow;
  if (!forced && shortage > available_of(state, row, row.buyer)) {
    return wait_for_topup(context, id, shortage);
  }
  const Payment payment = plan_payment(context.state, row);
  emit_lines(context, row);
  post(context, row, payment);
  register_claims(context, row, payment);
  if (has_claim(context.state, id)) return enter_disputed(context, id, payment);
  finish_settlement(context, id, payment.ending);
}

Outcome top_up(Context& context, const model::TopUp& body) {
  const Reject actor =
      check_actor(context, body.contract, kBuyer, model::kRoleTrader | model::kRoleFinance, 0);
  if (actor != Reject::ok) return {actor};
  const ContractRow& row = context.state.contracts[body.contract];
  if (row.state != ContractState::kTopUp) return {Reject::wrong_contract_state};
  if (context.now.value > row.deadline) return {Reject::deadline_passed};
  if (row.shortage > available_of(context.state, row, row.buyer)) return {Reject::no_funds};
  if (!claims_room(context.state)) return {Reject::claims_full};
  settle_now(context, body.contract, false);
  return {Reject::ok, body.contract};
}

}  // namespace hulan::engine::contract
