// SPDX-License-Identifier: Apache-2.0
// Requests for quotes and the talks about them (R5.2); mandates (R2.5).
#include <algorithm>

#include "projections/parts.h"

namespace hulan::projections {

const model::RequestRow* View::request(model::LotId lot) const {
  const model::RequestRow* row = lot == 0 ? nullptr : parts_->requests.find(lot);
  return row == nullptr || row->lot == 0 ? nullptr : row;
}

const model::QuoteRow* View::quote(model::QuoteId id) const {
  const model::QuoteRow* row = id == 0 ? nullptr : parts_->quotes.find(id);
  return row == nullptr || row->request == 0 ? nullptr : row;
}

std::vector<Numbered<model::QuoteRow>> View::talk(model::LotId lot) const {
  std::vector<Numbered<model::QuoteRow>> rows;
  const model::RequestRow* row = request(lot);
  for (model::QuoteId id = row == nullptr ? 0 : row->first; id != 0;) {
    const model::QuoteRow* number = quote(id);
    if (number == nullptr) break;
    rows.push_back({id, number});
    id = number->next;
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

Page<Numbered<model::QuoteRow>> View::quotes_of(model::ParticipantId id, std::uint64_t cursor,
                                                std::size_t limit) const {
  Page<Numbered<model::QuoteRow>> page;
  const Ids* ids = parts_->indices.quotes_by_participant.find(id);
  if (ids == nullptr) return page;
  auto at = cursor == 0
                ? ids->end()
                : std::lower_bound(
                      ids->begin(), ids->end(),
                      static_cast<std::uint32_t>(std::min<std::uint64_t>(cursor, UINT32_MAX)));
  while (at != ids->begin()) {
    if (page.items.size() == limit) {
      page.next = *at;
      break;
    }
    --at;
    page.items.push_back({*at, quote(*at)});
  }
  return page;
}

bool View::is_asked(model::LotId lot, model::ParticipantId id) const {
  const model::RequestRow* row = request(lot);
  if (row == nullptr || row->named_count == 0) return true;
  const auto end = row->named.begin() + row->named_count;
  return id != 0 && std::find(row->named.begin(), end, id) != end;
}

std::vector<Numbered<model::MandateRow>> View::mandates(model::ParticipantId id) const {
  std::vector<Numbered<model::MandateRow>> rows;
  for (std::uint64_t at = parts_->mandates.size(); at-- > 1;) {
    const model::MandateRow& row = *parts_->mandates.find(at);
    if (id == 0 || row.agent == id || row.principal == id) rows.push_back({at, &row});
  }
  return rows;
}

void View::Parts::on(const model::QuoteChanged& event) {
  const auto id = static_cast<model::QuoteId>(event.id);
  quotes.touch(id) = event.row;
  insert_sorted(indices.quotes_by_participant.touch(event.row.counterparty), id);
  const model::ParticipantId asker = lots.touch(event.row.request).initiator;
  insert_sorted(indices.quotes_by_participant.touch(asker), id);
  model::RequestRow& request = requests.touch(event.row.request);
  if (request.first < id) request.first = id;  // its own row follows
}

}  // namespace hulan::projections
