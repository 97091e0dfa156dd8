// SPDX-License-Identifier: Apache-2.0
// R10.1 to R10.4: bonds of a contract that fails as a whole, the defaulter's record, and the losses
// that exceed a bond.
#include <algorithm>

#include "engine/contract/steps.h"
#include "engine/market/access.h"
#include "engine/market/calendar.h"
#include "engine/market/members.h"
#include "engine/market/products.h"
#include "engine/market/references.h"
#include "model/region.h"

namespace hulan::engine::contract {

using model::Bucket;
using model::ContractId;
using model::ContractRow;
using model::ContractState;
using model::DefaultKind;
using model::Fen;
using model::PostingReason;
using model::Price;
using model::Reject;

namespace {

bool is_buyer_default(DefaultKind kind) {
  return kind == DefaultKind::kBuyerDidNotPay || kind == DefaultKind::kBuyerDidNotCollect;
}

/// Everything of the contract's money is moved; the row says so.
void end_defaulted(Context& context, ContractId id, DefaultKind kind, Fen forfeited) {
  ContractRow& row = context.state.contracts.edit(id);
  row.prepaid = row.buyer_bond = row.buyer_trading_bond = Fen{};
  row.seller_bond = row.seller_trading_bond = Fen{};
  row.state = ContractState::kDefaulted;
  row.default_kind = kind;
  row.forfeited = forfeited;
  row.settled_at = context.now.value;
  set_deadline(context, id, resale_deadline(context));
  emit_contract(context, id);
  const model::ParticipantId defaulter = is_buyer_default(kind) ? row.buyer : row.seller;
  context.emit(model::Defaulted{{}, forfeited, id, defaulter, kind, {}});
  count_default(context, defaulter);
}

std::int64_t contract_measure(const State& state, const ContractRow& row) {
  const auto measure = measure_of(product_of(state, row), row.quantity, row.average_g);
  HULAN_ASSERT(measure);
  return *measure;
}

/// R10.1: product rate x head x days; nullopt if it does not fit. Goods without head cost nothing
/// to keep.
std::optional<Fen> keeping_of(const State& state, const ContractRow& row, std::int64_t days) {
  const model::ProductRow& product = product_of(state, row);
  if (product.unit != model::QuantityUnit::kHead) return Fen{};
  const model::Int128 rate =
      static_cast<model::Int128>(product.keeping_fen_per_head_day.value) * row.quantity;
  if (rate > INT64_MAX || rate * days > INT64_MAX) return std::nullopt;
  return Fen{static_cast<std::int64_t>(rate * days)};
}

void register_loss(Context& context, ContractId id, Price price, Fen keeping, Fen claim) {
  ContractRow& row = context.state.contracts.edit(id);
  row.resale_price = price.value;
  row.keeping_fen = keeping.value;
  row.claim_registered = 1;
  if (row.state == ContractState::kDefaulted) set_deadline(context, id, {});
  const bool buyer = is_buyer_default(row.default_kind);
  add_claim(context, row, buyer ? row.seller : row.buyer, buyer ? row.buyer : row.seller, claim,
            buyer ? model::ClaimGround::kResaleLoss : model::ClaimGround::kCoverCost);
  emit_contract(context, id);
}

/// ok, or why no loss may be recorded now.
Reject check_record(const Context& context, ContractId id, std::int64_t price) {
  const Reject actor = check_actor(context, id, 0, 0, model::kRoleOperator);
  if (actor != Reject::ok) return actor == Reject::not_the_actor ? Reject::wrong_role : actor;
  if (!is_magnitude(price)) return Reject::price_not_positive;
  return claims_room(context.state) ? Reject::ok : Reject::claims_full;
}

Reject check_time(const Context& context, const ContractRow& row) {
  const bool late =
      row.claim_registered != 0 || row.deadline == 0 || context.now.value > row.deadline;
  return late ? Reject::too_late : Reject::ok;
}

}  // namespace

void default_buyer(Context& context, ContractId id, DefaultKind kind) {
  const ContractRow& row = context.state.contracts[id];
  const model::ProductRow& product = product_of(context.state, row);
  const auto result = buyer_default(product, {row.buyer_bond, row.buyer_trading_bond},
                                    contract_measure(context.state, row));
  // Only an absurd fee rate does not fit; then the whole trading bond is less than the fees.
  const BuyerDefault parts =
      result.value_or(BuyerDefault{row.buyer_bond, row.buyer_trading_bond, Fen{}});
  Legs legs;
  legs.participant(row.buyer, Bucket::kPerformanceBond, -parts.bond_to_seller,
                   PostingReason::kForfeit);
  legs.participant(row.seller, Bucket::kAvailable, parts.bond_to_seller, PostingReason::kForfeit);
  legs.participant(row.buyer, Bucket::kTradingBond, -parts.fees, PostingReason::kFee);
  legs.fee(product, parts.fees);
  legs.give_back(row.buyer, Bucket::kTradingBond, parts.trading_bond_returned,
                 PostingReason::kBondReturned);
  legs.give_back(row.buyer, Bucket::kPrepaid, row.prepaid, PostingReason::kPrepaidReturned);
  legs.give_back(row.seller, Bucket::kPerformanceBond, row.seller_bond,
                 PostingReason::kBondReturned);
  legs.give_back(row.seller, Bucket::kTradingBond, row.seller_trading_bond,
                 PostingReason::kBondReturned);
  legs.post(context, subject_of(context.state, row));
  end_defaulted(context, id, kind, parts.bond_to_seller);
}

void default_seller(Context& context, ContractId id, DefaultKind kind) {
  const ContractRow& row = context.state.contracts[id];
  const Fen forfeited = row.seller_bond;
  Legs legs;
  legs.participant(row.seller, Bucket::kPerformanceBond, -forfeited, PostingReason::kForfeit);
  legs.participant(row.buyer, Bucket::kAvailable, forfeited, PostingReason::kForfeit);
  legs.give_back(row.seller, Bucket::kTradingBond, row.seller_trading_bond,
                 PostingReason::kBondReturned);
  legs.give_back(row.buyer, Bucket::kPrepaid, row.prepaid, PostingReason::kPrepaidReturned);
  legs.give_back(row.buyer, Bucket::kPerformanceBond, row.buyer_bond, PostingReason::kBondReturned);
  legs.give_back(row.buyer, Bucket::kTradingBond, row.buyer_trading_bond,
                 PostingReason::kBondReturned);
  legs.post(context, subject_of(context.state, row));
  end_defaulted(context, id, kind, forfeited);
}

void count_default(Context& context, model::ParticipantId id) {
  model::ParticipantRow& row = context.state.participants.edit(id);
  ++row.defaults;
  auto& times = row.default_times;
  times = {context.now.value, times[0], times[1]};
  context.emit_row<model::ParticipantChanged>(id, row);
  const std::uint32_t many = context.state.market[1].defaults_to_suspend;
  if (many == 0 || many > times.size()) return;
  const std::int64_t oldest = times[many - 1];
  if (oldest != 0 && context.now.value - oldest <= kDefaultsWithinNs) {
    suspend_participant(context, id);
  }
}

Outcome record_resale(Context& context, const model::RecordResale& body) {
  const Reject checked = check_record(context, body.contract, body.price);
  if (checked != Reject::ok) return {checked};
  const ContractRow& row = context.state.contracts[body.contract];
  if (row.state != ContractState::kDefaulted || !is_buyer_default(row.default_kind)) {
    return {Reject::wrong_contract_default};
  }
  if (const Reject r = check_time(context, row); r != Reject::ok) return {r};
  const auto keeping = keeping_of(context.state, row, body.days);
  if (!keeping) return {Reject::overflow};
  const auto loss = resale_loss(product_of(context.state, row), row.price, Price{body.price},
                                contract_measure(context.state, row), *keeping, row.forfeited);
  if (!loss) return {loss.error().reject};
  register_loss(context, body.contract, Price{body.price}, *keeping, loss->claim);
  return {Reject::ok, body.contract};
}

Outcome record_cover(Context& context, const model::RecordCover& body) {
  const Reject checked = check_record(context, body.contract, body.price);
  if (checked != Reject::ok) return {checked};
  const ContractRow& row = context.state.contracts[body.contract];
  const bool failed = row.default_kind == DefaultKind::kSellerShort ||
                      row.default_kind == DefaultKind::kSellerDidNotDeliver;
  if (!failed) return {Reject::wrong_contract_default};
  if (const Reject r = check_time(context, row); r != Reject::ok) return {r};
  // What was refused or never came is missing as a whole.
  const std::int64_t delivered =
      row.state == ContractState::kDefaulted ? 0 : delivered_of(context.state, row);
  const model::ProductRow& product = product_of(context.state, row);
  const auto missing =
      measure_of(product, std::max<std::int64_t>(0, row.quantity - delivered), row.average_g);
  HULAN_ASSERT(missing);
  const auto loss = cover_loss(product, row.price, Price{body.price}, *missing, row.forfeited);
  if (!loss) return {loss.error().reject};
  register_loss(context, body.contract, Price{body.price}, Fen{}, loss->claim);
  return {Reject::ok, body.contract};
}

void resale_by_reference(Context& context, ContractId id) {
  const ContractRow& row = context.state.contracts[id];
  if (row.claim_registered != 0 || !is_buyer_default(row.default_kind)) {
    set_deadline(context, id, {});
    return emit_contract(context, id);
  }
  const Price reference = reference_price(context.state, first_version(context.state, row.product),
                                          model::province_of(row.origin), row.grade, context.now);
  const Price price = reference == Price{} ? row.price : reference;
  const model::MarketRow& market = context.state.market[1];
  const std::int64_t days =
      local_day(market, model::Time{row.deadline}) - local_day(market, model::Time{row.settled_at});
  const Fen keeping = keeping_of(context.state, row, days).value_or(Fen{});
  const auto loss = resale_loss(product_of(context.state, row), row.price, price,
                                contract_measure(context.state, row), keeping, row.forfeited);
  register_loss(context, id, price, keeping, loss ? loss->claim : Fen{});
}

}  // namespace hulan::engine::contract
