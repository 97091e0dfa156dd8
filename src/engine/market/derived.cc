// SPDX-License-Identifier: Apache-2.0
#include "engine/market/derived.h"

#include <algorithm>
#include <cstring>

namespace hulan::engine {
namespace {

std::uint64_t pair_hash(std::uint32_t a, std::uint32_t b) {
  return spread(static_cast<std::uint64_t>(a) << 32 | b);
}

void rebuild_products(State& state) {
  auto& derived = state.derived;
  derived.first.fill(0);
  derived.next.fill(0);
  for (model::ProductId id = 1; id < state.products.size(); ++id) {
    const auto& product = state.products[id];
    if (product.exists == 0) continue;
    if (product.previous != 0) derived.next[product.previous] = id;
    model::ProductId first = id;
    while (state.products[first].previous != 0) first = state.products[first].previous;
    derived.first[id] = first;
  }
}

}  // namespace

std::uint64_t relation_hash(model::ParticipantId a, model::ParticipantId b) {
  return pair_hash(std::min(a, b), std::max(a, b));
}

std::uint64_t deposit_hash(const model::DocumentHash& reference) {
  std::uint64_t words[4];
  std::memcpy(words, reference.data(), sizeof(words));
  return spread(words[0] ^ spread(words[1] ^ spread(words[2] ^ spread(words[3]))));
}

std::uint64_t reference_hash(model::ProductId first, std::uint32_t province, std::uint8_t grade) {
  return pair_hash(first, province * 256 + grade);
}

std::uint64_t grant_hash(model::MarkId mark, model::ParticipantId farm) {
  return pair_hash(mark, farm);
}

std::uint64_t day_price_hash(model::ProductId first, std::uint32_t region, std::uint8_t grade,
                             std::int64_t day) {
  return spread(pair_hash(first, region) ^
                (static_cast<std::uint64_t>(day) * 256 + static_cast<std::uint64_t>(grade)));
}

std::uint64_t trading_hash(model::ParticipantId participant, model::ProductId first) {
  return pair_hash(participant, first);
}

bool holds_bank_reference(const model::PendingRow& pending) {
  return pending.kind == model::PendingKind::kDeposit &&
         pending.state != model::PendingState::kRejected;
}

void rebuild_derived(State& state) {
  auto& derived = state.derived;
  for (HashIndex* index : {&derived.relations, &derived.deposits, &derived.references,
                           &derived.grants, &derived.day_prices, &derived.trading}) {
    index->clear();
  }
  for (std::uint32_t id = 1; id < state.relations.size(); ++id) {
    const auto& row = state.relations[id];
    derived.relations.insert(relation_hash(row.a, row.b), id);
  }
  for (std::uint32_t id = 1; id < state.pending.size(); ++id) {
    const auto& row = state.pending[id];
    if (holds_bank_reference(row)) derived.deposits.insert(deposit_hash(row.reference), id);
  }
  for (std::uint32_t id = 1; id < state.references.size(); ++id) {
    const auto& row = state.references[id];
    derived.references.insert(reference_hash(row.product, row.province, row.grade), id);
  }
  for (std::uint32_t id = 1; id < state.grants.size(); ++id) {
    const auto& row = state.grants[id];
    derived.grants.insert(grant_hash(row.mark, row.farm), id);
  }
  for (std::uint32_t id = 1; id < state.day_prices.size(); ++id) {
    const auto& row = state.day_prices[id];
    derived.day_prices.insert(day_price_hash(row.product, row.region, row.grade, row.day), id);
  }
  for (std::uint32_t id = 1; id < state.trading.size(); ++id) {
    const auto& row = state.trading[id];
    derived.trading.insert(trading_hash(row.participant, row.product), id);
  }
  for (std::uint32_t id = 1; id < state.positions.size(); ++id) {
    const auto& row = state.positions[id];
    derived.positions.insert(row.participant, row.book, id);
  }
  rebuild_products(state);
}

}  // namespace hulan::engine
