// SPDX-License-Identifier: Apache-2.0
// Halts, kill switches and permits (R12).
#include "projections/parts.h"

namespace hulan::projections {
namespace {

bool stands(const model::HaltRow* row) {
  return row != nullptr && row->state != model::HaltState::kTrading;
}

/// Rows of the table that fit, by number.
template <class Row, class Fits>
std::vector<Numbered<Row>> rows_that(const Table<Row>& table, Fits fits) {
  std::vector<Numbered<Row>> rows;
  for (std::uint64_t id = 1; id < table.size(); ++id) {
    const Row* row = table.find(id);
    if (row != nullptr && fits(*row)) rows.push_back({id, row});
  }
  return rows;
}

}  // namespace

const model::HaltRow* View::halt(model::ProductId product) const {
  if (const model::HaltRow* all = parts_->halts.find(1); stands(all)) return all;
  if (product == 0) return nullptr;
  const model::HaltRow* row = parts_->halts.find(parts_->root(product) + 1);
  return stands(row) ? row : nullptr;
}

std::vector<const model::HaltRow*> View::halts() const {
  std::vector<const model::HaltRow*> standing;
  for (std::uint64_t row = 1; row < parts_->halts.size(); ++row) {
    if (const model::HaltRow* halt = parts_->halts.find(row); stands(halt))
      standing.push_back(halt);
  }
  return standing;
}

std::vector<Numbered<model::KillRow>> View::kills() const {
  return rows_that(parts_->kills, [](const model::KillRow& row) { return row.active != 0; });
}

bool View::is_killed(model::ParticipantId id) const {
  const model::KillRow* row = parts_->kills.find(id);
  return row != nullptr && row->active != 0;
}

std::vector<Numbered<model::TradingRow>> View::bars() const {
  return rows_that(parts_->trading, [](const model::TradingRow& row) { return row.barred != 0; });
}

}  // namespace hulan::projections
