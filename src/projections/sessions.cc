// SPDX-License-Identifier: Apache-2.0
// Trading sessions and their catalogues (R5.3.3).
#include <algorithm>

#include "projections/parts.h"

namespace hulan::projections {

const model::SessionRow* View::session(model::SessionId id) const {
  const model::SessionRow* row = id == 0 ? nullptr : parts_->sessions.find(id);
  return row == nullptr || row->state == model::SessionState{} ? nullptr : row;
}

const model::ClockRow* View::clock(model::LotId lot) const {
  const model::ClockRow* row = lot == 0 ? nullptr : parts_->clocks.find(lot);
  return row == nullptr || row->session == 0 ? nullptr : row;
}

const model::SessionRow* View::shared_session(const model::LotRow& lot) const {
  const model::ClockRow* row = lot.method == model::Method::kAscending ? clock(lot.id) : nullptr;
  const model::SessionRow* found = row == nullptr ? nullptr : session(row->session);
  const bool shared = found != nullptr && found->kind == model::SessionKind::kSharedClock;
  return shared ? found : nullptr;
}

Page<Numbered<model::SessionRow>> View::sessions(model::SessionState state, std::uint64_t cursor,
                                                 std::size_t limit) const {
  Page<Numbered<model::SessionRow>> page;
  std::uint64_t id = parts_->sessions.size();
  if (cursor != 0) id = std::min(id, cursor);
  while (id-- > 1) {
    const model::SessionRow& row = *parts_->sessions.find(id);
    if (state != model::SessionState{} && row.state != state) continue;
    if (page.items.size() == limit) {
      page.next = id + 1;
      break;
    }
    page.items.push_back({id, &row});
  }
  return page;
}

const OrderBooks& View::order_books() const { return parts_->order_books; }

std::vector<model::LotId> View::session_lots(model::SessionId id) const {
  std::vector<model::LotId> lots;
  const auto found = parts_->indices.lots_by_session.find(id);
  if (found == parts_->indices.lots_by_session.end()) return lots;
  lots.assign(found->second.begin(), found->second.end());
  std::stable_sort(lots.begin(), lots.end(), [&](model::LotId a, model::LotId b) {
    const auto place = [&](model::LotId lot) {
      const model::ClockRow& clock = *parts_->clocks.find(lot);
      return clock.session == id && clock.place != 0 ? clock.place : ~std::uint32_t{0};
    };
    return place(a) < place(b);
  });
  return lots;
}

std::vector<LotPart> View::parts_of(model::LotId lot) const {
  std::vector<LotPart> parts;
  for (const model::ContractId id : contracts_of(lot)) {
    const model::ContractRow* row = contract(id);
    if (row == nullptr) continue;
    const auto times = timeline(id);
    parts.push_back(
        {times.empty() ? 0 : times.front().sequence, row->concluded_at, row->price, row->quantity});
  }
  std::sort(parts.begin(), parts.end(),
            [](const LotPart& a, const LotPart& b) { return a.sequence < b.sequence; });
  return parts;
}

void View::Parts::on(const model::ClockChanged& event) {
  const auto lot = static_cast<model::LotId>(event.id);
  clocks.touch(lot) = event.row;
  insert_sorted(indices.lots_by_session[event.row.session], lot);
}

}  // namespace hulan::projections
