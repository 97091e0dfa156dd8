// SPDX-License-Identifier: Apache-2.0
// What must be true of the whole state after every command. Reads all of it: for snapshots and
// tests. The cheap part is asserted where balances and states change.
#include <vector>

#include "engine/auction/ending.h"
#include "engine/book/orders.h"
#include "engine/contract/contract.h"
#include "engine/engine.h"
#include "engine/lot/tags.h"

namespace hulan::engine {
namespace {

using model::Bucket;
using model::Fen;
using model::OperatorAccount;

/// What each participant owes to open lots and contracts, by account row.
struct Owed {
  Fen performance{};
  Fen trading{};
  Fen prepaid{};
  Fen disputed{};
};
using Obligations = std::vector<Owed>;

void add(Obligations& owed, model::ParticipantId participant, model::Currency currency,
         const Owed& more) {
  if (participant == 0) return;
  Owed& row = owed.at(account_index(participant, currency));
  row.performance += more.performance;
  row.trading += more.trading;
  row.prepaid += more.prepaid;
  row.disputed += more.disputed;
}

void check_lot(const model::LotRow& lot) {
  const bool live = is_live(lot.state);
  const bool bonds = lot.initiator_bond != Fen{} || lot.initiator_trading_bond != Fen{} ||
                     lot.leader_bond != Fen{} || lot.leader_trading_bond != Fen{};
  HULAN_ASSERT(live || !bonds);
  HULAN_ASSERT(lot.remaining >= 0 && lot.remaining <= lot.quantity);
  HULAN_ASSERT(lot.remaining > 0 || lot.state == model::LotState::kSold);
  HULAN_ASSERT(lot.leader != 0 || (lot.leader_bond == Fen{} && lot.leader_trading_bond == Fen{}));
}

Obligations obligations_of(const State& state) {
  Obligations owed(state.accounts.size());
  for (model::LotId id = 1; id < state.lots.size(); ++id) {
    const auto& lot = state.lots[id];
    check_lot(lot);
    const model::Currency currency = state.products[lot.product].currency;
    add(owed, lot.initiator, currency, {lot.initiator_bond, lot.initiator_trading_bond, {}, {}});
    add(owed, lot.leader, currency, {lot.leader_bond, lot.leader_trading_bond, {}, {}});
  }
  for (model::QuotaId id = 1; id < state.quotas.size(); ++id) {
    const auto& quota = state.quotas[id];
    const auto& product = state.products[state.sessions[quota.session].product];
    add(owed, quota.buyer, product.currency, {quota.bond, quota.trading_bond, {}, {}});
  }
  for (model::LotId id = 1; id < state.proxies.size(); ++id) {
    const auto& row = state.proxies[id];
    const model::Currency currency = state.products[state.lots[id].product].currency;
    HULAN_ASSERT(row.bidder == 0 || row.bidder == state.lots[id].leader);
    add(owed, row.bidder, currency, {row.performance, row.trading, {}, {}});
  }
  for (std::uint32_t id = 1; id < state.lot_bids.size(); ++id) {
    const auto& row = state.lot_bids[id];
    const model::Currency currency = state.products[state.lots[row.lot].product].currency;
    add(owed, row.bidder, currency, {row.performance, row.trading, {}, {}});
  }
  for (model::QuoteId id = 1; id < state.quotes.size(); ++id) {
    const auto& row = state.quotes[id];
    const bool live = row.state == model::QuoteState::kLive;
    HULAN_ASSERT(live || (row.performance == Fen{} && row.trading == Fen{}));
    const model::Currency currency = state.products[state.lots[row.request].product].currency;
    add(owed, row.maker, currency, {row.performance, row.trading, {}, {}});
  }
  for (std::uint32_t id = 1; id < state.sealed_bids.size(); ++id) {
    const auto& row = state.sealed_bids[id];
    const model::Currency currency = state.products[state.lots[row.lot].product].currency;
    HULAN_ASSERT(is_live(state.lots[row.lot].state) ||
                 (row.performance == Fen{} && row.trading == Fen{}));
    add(owed, row.bidder, currency, {row.performance, row.trading, {}, {}});
  }
  for (model::ContractId id = 1; id < state.contracts.size(); ++id) {
    const auto& row = state.contracts[id];
    const model::Currency currency = state.products[row.product].currency;
    const contract::Held seller = contract::held_by_seller(row);
    const contract::Held buyer = contract::held_by_buyer(row);
    add(owed, row.seller, currency, {seller.performance, seller.trading, {}, {}});
    add(owed, row.buyer, currency,
        {buyer.performance, buyer.trading, buyer.prepaid, contract::disputed_of(state, id)});
  }
  for (std::uint32_t id = 1; id < state.positions.size(); ++id) {
    const auto& row = state.positions[id];
    add(owed, row.participant, state.book_rows[row.book].currency,
        {row.performance, row.trading, {}, {}});
  }
  for (std::uint32_t slot = 1; slot < state.books.slots(); ++slot) {
    if (state.books.slot(slot).quantity == 0) continue;
    const auto& row = state.positions[state.books.slot(slot).position];
    const contract::Bonds bonds = book::bonds_of(state, slot);
    add(owed, row.participant, state.book_rows[row.book].currency,
        {bonds.performance, bonds.trading, {}, {}});
  }
  return owed;
}

/// Frozen money is owed, to the fen, and nothing else is frozen.
void check_accounts(const State& state) {
  const Obligations owed = obligations_of(state);
  for (std::size_t i = 0; i < state.accounts.size(); ++i) {
    const auto& balance = state.accounts[i].balance;
    for (const Fen amount : balance) HULAN_ASSERT(amount >= Fen{});
    HULAN_ASSERT(balance[static_cast<std::size_t>(Bucket::kPerformanceBond)] ==
                 owed[i].performance);
    HULAN_ASSERT(balance[static_cast<std::size_t>(Bucket::kTradingBond)] == owed[i].trading);
    HULAN_ASSERT(balance[static_cast<std::size_t>(Bucket::kPrepaid)] == owed[i].prepaid);
    HULAN_ASSERT(balance[static_cast<std::size_t>(Bucket::kDisputed)] == owed[i].disputed);
  }
}

/// R3.4: all accounts of a currency add up to nothing, the bank's mirror among them.
void check_conservation(const State& state, model::Currency currency) {
  model::Int128 sum = 0;
  for (std::size_t i = static_cast<std::size_t>(currency); i < state.accounts.size();
       i += model::kCurrencies) {
    for (const Fen amount : state.accounts[i].balance) sum += amount.value;
  }
  const auto& own = state.operator_accounts[1].balance[static_cast<std::size_t>(currency)];
  for (const Fen amount : own) sum += amount.value;
  HULAN_ASSERT(sum == 0);
  HULAN_ASSERT(own[static_cast<std::size_t>(OperatorAccount::kBank)] <= Fen{});
}

void check_transit(const State& state, model::Currency currency) {
  Fen open{};
  for (model::PendingId id = 1; id < state.pending.size(); ++id) {
    const auto& row = state.pending[id];
    if (row.kind == model::PendingKind::kWithdrawal && row.state == model::PendingState::kOpen &&
        row.detail == static_cast<std::uint32_t>(currency)) {
      open += row.amount;
    }
  }
  const auto& own = state.operator_accounts[1].balance[static_cast<std::size_t>(currency)];
  HULAN_ASSERT(own[static_cast<std::size_t>(OperatorAccount::kPayoutsInTransit)] == open);
}

}  // namespace

void Engine::check_invariants() const {
  const State& state = *state_;
  check_accounts(state);
  for (const auto currency : {model::Currency::kCny, model::Currency::kRub}) {
    check_conservation(state, currency);
    check_transit(state, currency);
  }
  state.books.check();
  check_tags(state);
  state.timers.check();
}

}  // namespace hulan::engine
