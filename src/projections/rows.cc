// SPDX-License-Identifier: Apache-2.0
// Rows by number, and what hangs on a product, lot or contract.
#include <algorithm>

#include "projections/parts.h"

namespace hulan::projections {
namespace {

template <class Row>
const Row* existing(const Table<Row>& table, std::uint64_t id, auto exists) {
  const Row* row = id == 0 ? nullptr : table.find(id);
  return row != nullptr && exists(*row) ? row : nullptr;
}

// Follows `next` links of rows that belong together.
template <class Row>
std::vector<Numbered<Row>> chain(const Table<Row>& table, std::uint32_t first) {
  std::vector<Numbered<Row>> rows;
  for (std::uint32_t id = first; id != 0;) {
    const Row* row = table.find(id);
    if (row == nullptr) break;
    rows.push_back({id, row});
    id = row->next;
  }
  return rows;
}

// The engine links the newest row first or last; a sheet shows the order of entry.
template <class Row>
std::vector<Numbered<Row>> by_entry(std::vector<Numbered<Row>> rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return rows;
}

}  // namespace

const model::MarketRow& View::market() const { return parts_->market; }

const model::UserRow* View::user(model::UserId id) const {
  return existing(parts_->users, id, [](const model::UserRow& row) { return row.exists != 0; });
}

const model::ParticipantRow* View::participant(model::ParticipantId id) const {
  return existing(parts_->participants, id, [](const model::ParticipantRow& row) {
    return row.state != model::ParticipantState{};
  });
}

const model::PendingRow* View::pending(model::PendingId id) const {
  return existing(parts_->pendings, id,
                  [](const model::PendingRow& row) { return row.state != model::PendingState{}; });
}

const model::ProductRow* View::product(model::ProductId id) const {
  return existing(parts_->products, id,
                  [](const model::ProductRow& row) { return row.exists != 0; });
}

const model::ProductTermsRow& View::product_terms(model::ProductId id) const {
  static constexpr model::ProductTermsRow kNone{};
  const auto* row = id == 0 ? nullptr : parts_->product_terms.find(id);
  return row == nullptr ? kNone : *row;
}

const model::ProxyRow* View::proxy(model::LotId lot) const {
  return existing(parts_->proxies, lot, [](const model::ProxyRow& row) { return row.bidder != 0; });
}

const model::DivisibleRow* View::divisible(model::LotId lot) const {
  return existing(parts_->divisible, lot,
                  [](const model::DivisibleRow& row) { return row.award != model::Award::kWhole; });
}

std::vector<Numbered<model::LotBidRow>> View::part_bids(model::LotId lot) const {
  std::vector<Numbered<model::LotBidRow>> bids;
  const model::DivisibleRow* parts = divisible(lot);
  for (std::uint32_t id = parts == nullptr ? 0 : parts->first; id != 0;) {
    const model::LotBidRow* row = parts_->lot_bids.find(id);
    if (row == nullptr) break;
    bids.push_back({id, row});
    id = row->next;
  }
  return bids;
}

const model::MarkRow* View::mark(model::MarkId id) const {
  return existing(parts_->marks, id, [](const model::MarkRow& row) { return row.exists != 0; });
}

const model::LotRow* View::lot(model::LotId id) const {
  return existing(parts_->lots, id, [](const model::LotRow& row) { return row.id != 0; });
}

const model::ContractRow* View::contract(model::ContractId id) const {
  return existing(parts_->contracts, id, [](const model::ContractRow& row) { return row.id != 0; });
}

const model::DeliveryRow* View::delivery(model::DeliveryId id) const {
  return existing(parts_->deliveries, id,
                  [](const model::DeliveryRow& row) { return row.contract != 0; });
}

const model::GroupRow* View::group(std::uint32_t id) const {
  return existing(parts_->groups, id, [](const model::GroupRow& row) { return row.delivery != 0; });
}

const model::ClaimRow* View::claim(model::ClaimId id) const {
  return existing(parts_->claims, id, [](const model::ClaimRow& row) { return row.sequence != 0; });
}

const model::DisputeRow* View::dispute(model::ContractId contract) const {
  return existing(parts_->disputes, contract,
                  [](const model::DisputeRow& row) { return row.claimant != 0; });
}

model::ProductId View::Parts::root(model::ProductId any_version) const {
  model::ProductId id = any_version;
  for (const model::ProductRow* row = products.find(id); row != nullptr && row->previous != 0;
       row = products.find(id)) {
    id = row->previous;
  }
  return id;
}

model::ProductId View::first_version(model::ProductId any_version) const {
  return parts_->root(any_version);
}

std::vector<model::ProductId> View::product_versions(std::string_view code) const {
  const auto at = parts_->indices.products_by_code.find(code);
  if (at == parts_->indices.products_by_code.end()) return {};
  return at->second;
}

model::ProductId View::product_by_code(std::string_view code, model::Time at) const {
  const auto found = parts_->indices.products_by_code.find(code);
  if (found == parts_->indices.products_by_code.end()) return 0;
  model::ProductId best = 0;
  for (const std::uint32_t id : found->second) {
    const model::ProductRow* row = parts_->products.find(id);
    if (row->effective_at > at.value) continue;
    if (best == 0 || row->version > parts_->products.find(best)->version) best = id;
  }
  return best;
}

std::vector<Numbered<model::LotDocumentRow>> View::documents(model::LotId id) const {
  const model::LotRow* row = lot(id);
  return row == nullptr ? std::vector<Numbered<model::LotDocumentRow>>{}
                        : by_entry(chain(parts_->documents, row->first_document));
}

std::vector<Numbered<model::TagRangeRow>> View::tags(model::LotId id) const {
  const model::LotRow* row = lot(id);
  return row == nullptr ? std::vector<Numbered<model::TagRangeRow>>{}
                        : by_entry(chain(parts_->tags, row->first_tags));
}

std::vector<model::ContractId> View::contracts_of(model::LotId id) const {
  std::vector<model::ContractId> ids;
  const model::ContractId* newest = parts_->indices.contract_of_lot.find(id);
  for (model::ContractId at = newest == nullptr ? 0 : *newest; at != 0;
       at = *parts_->indices.contract_before.find(at)) {
    ids.push_back(at);
  }
  std::reverse(ids.begin(), ids.end());
  return ids;
}

std::vector<Numbered<model::DeliveryRow>> View::deliveries(model::ContractId id) const {
  const model::ContractRow* row = contract(id);
  auto rows = row == nullptr ? std::vector<Numbered<model::DeliveryRow>>{}
                             : chain(parts_->deliveries, row->first_delivery);
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.row->index < b.row->index; });
  return rows;
}

std::vector<Numbered<model::TruckRow>> View::trucks(model::DeliveryId id) const {
  const model::DeliveryRow* row = delivery(id);
  return row == nullptr ? std::vector<Numbered<model::TruckRow>>{}
                        : by_entry(chain(parts_->trucks, row->first_truck));
}

std::vector<Numbered<model::GroupRow>> View::groups(model::DeliveryId id) const {
  const model::DeliveryRow* row = delivery(id);
  return row == nullptr ? std::vector<Numbered<model::GroupRow>>{}
                        : by_entry(chain(parts_->groups, row->first_group));
}

std::size_t View::live_lots_at(std::uint32_t county) const {
  const auto at = parts_->indices.live_by_place.find(county);
  return at == parts_->indices.live_by_place.end() ? 0 : at->second;
}

std::vector<DocumentUse> View::document_uses(const model::DocumentHash& hash) const {
  std::vector<DocumentUse> uses;
  if (hash == model::DocumentHash{}) return uses;
  const auto [begin, end] = parts_->indices.documents.equal_range(hash);
  for (auto at = begin; at != end; ++at) uses.push_back(at->second);
  return uses;
}

Standing View::standing(model::ParticipantId id) const {
  const model::ParticipantRow* row = participant(id);
  if (row == nullptr) return {};
  return {row->clean_trades, row->defaults, row->default_times};
}

}  // namespace hulan::projections
