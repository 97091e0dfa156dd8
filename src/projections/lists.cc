// SPDX-License-Identifier: Apache-2.0
// Lists, newest first: the shortest index that fits is walked downwards from the cursor and the
// rest of the filter applied to each row.
#include <algorithm>
#include <iterator>

#include "projections/parts.h"

namespace hulan::projections {
namespace {

constexpr std::size_t kMostLooked = 1 << 16;  // rows that one query looks at
constexpr std::size_t kMostItems = 500;

// What ids a list runs over: those of a vector or a set, or all below `end`.
struct Source {
  const Ids* ids = nullptr;
  const std::set<std::uint32_t>* set = nullptr;
  std::uint64_t end = 1;

  [[nodiscard]] std::size_t size() const {
    if (ids != nullptr) return ids->size();
    return set != nullptr ? set->size() : end;
  }
};

template <class Container, class Iterator>
std::uint64_t below(const Container& ids, Iterator at) {
  return at == ids.begin() ? 0 : *std::prev(at);
}

// The greatest id of the source below `id`; 0 = none.
std::uint64_t next_below(const Source& source, std::uint64_t id) {
  const auto key = static_cast<std::uint32_t>(std::min<std::uint64_t>(id, UINT32_MAX));
  if (source.ids != nullptr) {
    return below(*source.ids, std::lower_bound(source.ids->begin(), source.ids->end(), key));
  }
  if (source.set != nullptr) return below(*source.set, source.set->lower_bound(key));
  return std::min(id, source.end) - 1;
}

template <class Row, class Matches>
Page<Numbered<Row>> walk(const Source& source, const Table<Row>& table, std::uint64_t cursor,
                         std::size_t limit, Matches matches) {
  Page<Numbered<Row>> page;
  limit = std::clamp<std::size_t>(limit, 1, kMostItems);
  std::uint64_t id = next_below(source, cursor == 0 ? UINT32_MAX : cursor);
  for (std::size_t looked = 0; id != 0; ++looked) {
    if (page.items.size() == limit || looked == kMostLooked) {
      page.next = id + 1;
      return page;
    }
    const Row* row = table.find(id);
    if (row != nullptr && matches(*row)) page.items.push_back({id, row});
    id = next_below(source, id);
  }
  return page;
}

const Ids kNoIds;

void narrow(Source& source, const Ids* ids) {
  if (ids == nullptr) ids = &kNoIds;
  if (ids->size() < source.size()) source = {ids, nullptr, 0};
}

template <class Row>
std::vector<Numbered<Row>> all(const Table<Row>& table, auto keep) {
  std::vector<Numbered<Row>> rows;
  for (std::uint64_t id = 1; id < table.size(); ++id) {
    const Row* row = table.find(id);
    if (keep(*row)) rows.push_back({id, row});
  }
  return rows;
}

template <class Row>
Source all_of(const Table<Row>& table) {
  return {nullptr, nullptr, std::max<std::uint64_t>(table.size(), 1)};
}

}  // namespace

Page<Numbered<model::LotRow>> View::lots(const LotQuery& query) const {
  const Indices& by = parts_->indices;
  const model::ProductId product = query.product == 0 ? 0 : parts_->root(query.product);
  Source source = all_of(parts_->lots);
  if ((query.states & ~kLiveLots) == 0 && by.live_lots.size() < source.size()) {
    source = {nullptr, &by.live_lots, 0};
  }
  if (query.farm != 0) narrow(source, by.lots_by_participant.find(query.farm));
  if (query.initiator != 0) narrow(source, by.lots_by_participant.find(query.initiator));
  if (product != 0) narrow(source, by.lots_by_product.find(product));
  if (query.place != 0) {
    const auto at = by.lots_by_place.find(query.place);
    narrow(source, at == by.lots_by_place.end() ? nullptr : &at->second);
  }
  return walk(source, parts_->lots, query.cursor, query.limit, [&](const model::LotRow& lot) {
    return lot.id != 0 && in(query.states, lot.state) &&
           (product == 0 || parts_->root(lot.product) == product) &&
           (query.province == 0 || price_region(lot) / 10'000 == query.province) &&
           (query.place == 0 || lot.origin == query.place || lot.place == query.place) &&
           (query.farm == 0 || lot.farm == query.farm) &&
           (query.initiator == 0 || lot.initiator == query.initiator) &&
           (query.method == model::Method::kNone || lot.method == query.method) &&
           (query.side == 0 || static_cast<std::uint8_t>(lot.side) == query.side);
  });
}

Page<Numbered<model::ContractRow>> View::contracts(const ContractQuery& query) const {
  const Indices& by = parts_->indices;
  Source source = all_of(parts_->contracts);
  if ((query.states & kEndedContracts) == 0 && by.open_contracts.size() < source.size()) {
    source = {nullptr, &by.open_contracts, 0};
  }
  if (query.participant != 0) narrow(source, by.contracts_by_participant.find(query.participant));
  return walk(source, parts_->contracts, query.cursor, query.limit,
              [&](const model::ContractRow& contract) {
                return contract.id != 0 && in(query.states, contract.state) &&
                       (query.participant == 0 || contract.seller == query.participant ||
                        contract.buyer == query.participant);
              });
}

Page<Numbered<model::PendingRow>> View::pendings(const PendingQuery& query) const {
  Source source = all_of(parts_->pendings);
  if (query.open_only) source = {nullptr, &parts_->indices.open_pendings, 0};
  return walk(source, parts_->pendings, query.cursor, query.limit,
              [](const model::PendingRow& row) { return row.state != model::PendingState{}; });
}

Page<Numbered<model::ClaimRow>> View::claims(const ClaimQuery& query) const {
  return walk(all_of(parts_->claims), parts_->claims, query.cursor, query.limit,
              [&](const model::ClaimRow& claim) {
                return claim.sequence != 0 &&
                       (query.participant == 0 || claim.creditor == query.participant ||
                        claim.debtor == query.participant);
              });
}

Page<Numbered<model::ParticipantRow>> View::participants(std::uint64_t cursor,
                                                         std::size_t limit) const {
  return walk(
      all_of(parts_->participants), parts_->participants, cursor, limit,
      [](const model::ParticipantRow& row) { return row.state != model::ParticipantState{}; });
}

std::vector<Numbered<model::MarkRow>> View::marks() const {
  return all(parts_->marks, [](const model::MarkRow& row) { return row.exists != 0; });
}

std::vector<Numbered<model::GrantRow>> View::grants(model::MarkId mark) const {
  std::vector<Numbered<model::GrantRow>> rows;
  const Ids* ids = parts_->indices.grants_by_mark.find(mark);
  if (ids == nullptr) return rows;
  for (const std::uint32_t id : *ids) rows.push_back({id, parts_->grants.find(id)});
  return rows;
}

std::vector<Numbered<model::RelationRow>> View::relations(bool active_only) const {
  return all(parts_->relations, [active_only](const model::RelationRow& row) {
    return row.a != 0 && (!active_only || row.active != 0);
  });
}

std::vector<Numbered<model::ReferenceRow>> View::references() const {
  return all(parts_->references, [](const model::ReferenceRow& row) { return row.product != 0; });
}

std::vector<Numbered<model::ProductRow>> View::products() const {
  std::vector<Numbered<model::ProductRow>> rows;
  for (const auto& [code, versions] : parts_->indices.products_by_code) {
    const model::ProductId in_force = product_by_code(code, parts_->now);
    const std::uint32_t id = in_force == 0 ? versions.front() : in_force;
    rows.push_back({id, parts_->products.find(id)});
  }
  return rows;
}

}  // namespace hulan::projections
