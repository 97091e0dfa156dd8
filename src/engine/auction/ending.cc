// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/ending.h"

#include <algorithm>

#include "engine/auction/divisible.h"
#include "engine/auction/negotiation.h"
#include "engine/auction/proxy.h"
#include "engine/auction/sealed.h"
#include "engine/ledger/ledger.h"
#include "engine/market/members.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::Fen;
using model::LotRow;
using model::LotState;

bool may_follow(LotState from, LotState to) {
  switch (to) {
    case LotState::kListed:
      return from == LotState::kDraft;
    case LotState::kAnnounced:
      return from == LotState::kDraft || from == LotState::kCarried;
    case LotState::kOpen:
      return from == LotState::kAnnounced;
    case LotState::kExclusive:
      return from == LotState::kOpen || from == LotState::kOpening;
    case LotState::kSold:
      return from == LotState::kDraft || from == LotState::kListed || from == LotState::kOpen ||
             from == LotState::kExclusive || from == LotState::kOpening;
    case LotState::kUnsold:
      return from == LotState::kAnnounced || from == LotState::kOpen ||
             from == LotState::kExclusive || from == LotState::kOpening;
    case LotState::kExpired:
      return from == LotState::kListed;
    case LotState::kWithdrawn:
      return from == LotState::kDraft || from == LotState::kCarried || is_live(from);
    case LotState::kCarried:
      return from == LotState::kOpen;
    case LotState::kOpening:
      return from == LotState::kOpen;
    case LotState::kDraft:
      break;
  }
  return false;
}

Subject subject_of(const Context& context, const LotRow& lot) {
  return {.lot = lot.id, .currency = context.state.products[lot.product].currency};
}

void release_initiator(Context& context, LotRow& lot, model::PostingReason reason) {
  release_bonds(context, lot.initiator, lot.initiator_bond, lot.initiator_trading_bond, reason,
                subject_of(context, lot));
  lot.initiator_bond = {};
  lot.initiator_trading_bond = {};
}

/// Where no highest price was known at the notice, or the band has moved since, the frozen bond can
/// be short of the contract's: the rest comes from what is available, as far as that goes.
Bonds draw_from_initiator(Context& context, LotRow& lot, const Bonds& needed) {
  const model::Currency currency = context.state.products[lot.product].currency;
  const Fen short_performance = std::max(Fen{}, needed.performance - lot.initiator_bond);
  const Fen short_trading = std::max(Fen{}, needed.trading - lot.initiator_trading_bond);
  const Fen available = context.state.accounts[account_index(lot.initiator, currency)]
                            .balance[static_cast<std::size_t>(model::Bucket::kAvailable)];
  const Fen more_performance = std::min(short_performance, available);
  const Fen more_trading = std::min(short_trading, available - more_performance);
  const Fen frozen_by_asker = context.frozen;
  freeze_bonds(context, lot.initiator, more_performance, more_trading, subject_of(context, lot));
  context.frozen = frozen_by_asker;
  lot.initiator_bond += more_performance;
  lot.initiator_trading_bond += more_trading;
  const Bonds drawn{std::min(needed.performance, lot.initiator_bond),
                    std::min(needed.trading, lot.initiator_trading_bond)};
  lot.initiator_bond -= drawn.performance;
  lot.initiator_trading_bond -= drawn.trading;
  return drawn;
}

contract::Conclusion conclusion_of(const Context& context, const LotRow& lot, const Part& part,
                                   const Bonds& initiator) {
  contract::Conclusion out;
  const bool sells = lot.side == model::Side::kSell;
  out.lot = lot.id;
  out.goods_lot = sells ? lot.id : part.goods;
  out.seller = sells ? lot.initiator : part.counterparty;
  out.buyer = sells ? part.counterparty : lot.initiator;
  out.price = part.price;
  out.quantity = part.quantity;
  const Bonds& seller = sells ? initiator : part.bonds;
  const Bonds& buyer = sells ? part.bonds : initiator;
  out.seller_bond = seller.performance;
  out.seller_trading_bond = seller.trading;
  out.buyer_bond = buyer.performance;
  out.buyer_trading_bond = buyer.trading;
  out.method = lot.method;
  out.related = check_parties(context.state, out.seller, out.buyer) != model::Reject::ok;
  return out;
}

/// The goods behind a request are gone with it.
void sell_goods(Context& context, model::LotId goods, model::LotId lot,
                model::ContractId contract) {
  LotRow& row = context.state.lots.edit(goods);
  enter_state(row, LotState::kSold);
  row.used_by = lot;
  row.remaining = 0;
  row.contracts = 1;
  row.last_contract = contract;
  context.emit_row<model::LotChanged>(goods, row);
}

}  // namespace

bool is_live(LotState state) {
  return state == LotState::kListed || state == LotState::kAnnounced || state == LotState::kOpen ||
         state == LotState::kExclusive || state == LotState::kOpening;
}

void enter_state(LotRow& lot, LotState state) {
  HULAN_ASSERT(may_follow(lot.state, state));
  lot.state = state;
}

void use_goods(Context& context, model::LotId goods, model::LotId lot) {
  if (goods == 0) return;
  LotRow& row = context.state.lots.edit(goods);
  row.used_by = lot;
  context.emit_row<model::LotChanged>(goods, row);
}

void release_leader(Context& context, LotRow& lot) {
  if (lot.leader == 0) return;
  end_proxy(context, lot, model::PostingReason::kBondReleased);
  release_bonds(context, lot.leader, lot.leader_bond, lot.leader_trading_bond,
                model::PostingReason::kBondReleased, subject_of(context, lot));
  use_goods(context, lot.leader_goods, 0);
  lot.leader = 0;
  lot.leader_user = 0;
  lot.leader_goods = 0;
  lot.leader_bond = {};
  lot.leader_trading_bond = {};
}

void end_lot(Context& context, model::LotId id, LotState state) {
  LotRow& lot = context.state.lots.edit(id);
  const bool live = is_live(lot.state);
  enter_state(lot, state);
  release_lot_bids(context, id);
  end_quotes(context, id);
  release_envelopes(context, id);
  release_leader(context, lot);
  release_initiator(context, lot, model::PostingReason::kBondReleased);
  if (live) context.emit(model::LotClosed{{}, lot.best, id, 0});
  context.emit_row<model::LotChanged>(id, lot);
}

model::ContractId conclude_part(Context& context, model::LotId id, const Part& part) {
  LotRow& lot = context.state.lots.edit(id);
  HULAN_ASSERT(part.quantity > 0 && part.quantity <= lot.remaining);
  const auto needed = bonds_at(lot, context.state.products[lot.product], part.price, part.quantity);
  HULAN_ASSERT(needed);
  Bonds own = *needed;
  if (lot.side == model::Side::kSell) own.trading = {};
  own = draw_from_initiator(context, lot, own);
  lot.remaining -= part.quantity;
  ++lot.contracts;
  const model::ContractId made =
      contract::conclude(context, conclusion_of(context, lot, part, own));
  lot.last_contract = made;
  if (part.goods != 0) sell_goods(context, part.goods, id, made);
  if (lot.remaining == 0) {
    release_initiator(context, lot, model::PostingReason::kBondTrimmed);
    enter_state(lot, LotState::kSold);
    context.emit(model::LotClosed{{}, part.price, id, made});
  }
  context.emit_row<model::LotChanged>(id, lot);
  return made;
}

std::optional<Bonds> bonds_at(const LotRow& lot, const model::ProductRow& product,
                              model::Price price, std::int64_t quantity) {
  const auto nominal = contract::nominal_of(product, price, quantity, lot.average_g);
  if (!nominal || nominal->value > model::kMaxMagnitude) return std::nullopt;
  return contract::bonds_of(product, *nominal);
}

bool covers_bonds(const State& state, model::ParticipantId participant, model::Currency currency,
                  const Bonds& bonds) {
  return covers(state, participant, currency, model::Bucket::kAvailable,
                bonds.performance + bonds.trading);
}

}  // namespace hulan::engine
