// SPDX-License-Identifier: Apache-2.0
// Keys, sealed auctions and their envelopes (R5.3.4).
#include "projections/parts.h"

namespace hulan::projections {

const model::SealedRow* View::sealed(model::LotId lot) const {
  const model::SealedRow* row = lot == 0 ? nullptr : parts_->sealed.find(lot);
  return row == nullptr || row->lot == 0 ? nullptr : row;
}

const model::SealKeyRow* View::seal_key(model::SealKeyId id) const {
  return id == 0 ? nullptr : parts_->seal_keys.find(id);
}

std::vector<Numbered<model::SealKeyRow>> View::seal_keys() const {
  std::vector<Numbered<model::SealKeyRow>> rows;
  for (std::uint64_t id = parts_->seal_keys.size(); id-- > 1;) {
    rows.push_back({id, parts_->seal_keys.find(id)});
  }
  return rows;
}

std::vector<Numbered<model::SealedBidRow>> View::envelopes(model::LotId lot) const {
  std::vector<Numbered<model::SealedBidRow>> rows;
  const model::SealedRow* row = sealed(lot);
  for (std::uint32_t id = row == nullptr ? 0 : row->first; id != 0;) {
    const model::SealedBidRow* bid = parts_->sealed_bids.find(id);
    if (bid == nullptr) break;
    rows.push_back({id, bid});
    id = bid->next;
  }
  return rows;
}

}  // namespace hulan::projections
