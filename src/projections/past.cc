// SPDX-License-Identifier: Apache-2.0
// History by lot and contract, and the trades.
#include <algorithm>

#include "projections/parts.h"

namespace hulan::projections {
namespace {

Trade trade_of(std::uint64_t number, const TradeRecord& record) {
  return {number,        record.sequence, record.time,     record.price,  record.quantity,
          record.weight, record.nominal,  record.contract, record.lot,    record.product,
          record.region, record.day,      record.grade,    record.method, record.related != 0};
}

Bid bid_of(const BidRecord& record) {
  return {record.sequence, record.time,  record.price,  record.frozen, record.bidder,
          record.user,     record.goods, record.number, record.alias,  false};
}

// A chain from its newest record, oldest first.
template <class Item, class Record>
std::vector<Item> oldest_first(const History<Record>& history, std::uint64_t head, auto item_of) {
  std::vector<Item> items;
  for (std::uint64_t at = head; at != 0; at = history.at(at).previous) {
    items.push_back(item_of(history.at(at)));
  }
  std::reverse(items.begin(), items.end());
  return items;
}

}  // namespace

std::vector<Line> View::lines(model::ContractId id) const {
  const ContractHeads* heads = parts_->heads.contracts.find(id);
  return oldest_first<Line>(
      parts_->histories.lines, heads == nullptr ? 0 : heads->lines, [](const LineRecord& record) {
        return Line{record.sequence, record.time,  record.price, record.quantity,
                    record.amount,   record.group, record.kind};
      });
}

std::vector<TimelineEntry> View::timeline(model::ContractId id) const {
  const ContractHeads* heads = parts_->heads.contracts.find(id);
  return oldest_first<TimelineEntry>(
      parts_->histories.timeline, heads == nullptr ? 0 : heads->timeline,
      [](const StateRecord& record) {
        return TimelineEntry{record.state, record.time, record.sequence};
      });
}

std::vector<Closing> View::closings(model::LotId id) const {
  const LotHeads* heads = parts_->heads.lots.find(id);
  return oldest_first<Closing>(parts_->histories.closings, heads == nullptr ? 0 : heads->closings,
                               [](const ClosingRecord& record) {
                                 return Closing{record.sequence, record.time, record.price,
                                                record.contract};
                               });
}

std::optional<std::uint32_t> View::alias(model::LotId lot, model::ParticipantId bidder) const {
  return parts_->indices.aliases.find(lot, bidder);
}

Page<Bid> View::bids(model::LotId id, std::uint64_t cursor, std::size_t limit) const {
  Page<Bid> page;
  const LotHeads* heads = parts_->heads.lots.find(id);
  const History<BidRecord>& history = parts_->histories.bids;
  std::vector<std::pair<model::ParticipantId, model::Price>> strikes;
  // Strikes are newer than what they strike, so the walk starts at the head even for a later page.
  for (std::uint64_t at = heads == nullptr ? 0 : heads->bids; at != 0;) {
    const BidRecord& record = history.at(at);
    const std::pair key{record.bidder, record.price};
    if (record.number == 0) {
      strikes.push_back(key);
    } else {
      const auto strike = std::find(strikes.begin(), strikes.end(), key);
      const bool struck = strike != strikes.end();
      if (struck) strikes.erase(strike);
      if (cursor == 0 || record.number < cursor) {
        if (page.items.size() == limit) {
          page.next = record.number + 1;
          return page;
        }
        page.items.push_back(bid_of(record));
        page.items.back().struck = struck;
      }
    }
    at = record.previous;
  }
  return page;
}

Page<Trade> View::trades(const TradeQuery& query) const {
  Page<Trade> page;
  const History<TradeRecord>& history = parts_->histories.trades;
  const model::ProductId product = query.product == 0 ? 0 : parts_->root(query.product);
  std::uint64_t at = query.cursor;
  if (at > history.count()) return page;
  if (at == 0 && product == 0) {
    at = history.count();
  } else if (at == 0 && query.day) {
    const auto head = parts_->heads.day_trades.find(trade_day_key(product, *query.day));
    at = head == parts_->heads.day_trades.end() ? 0 : head->second;
  } else if (at == 0) {
    const std::uint64_t* head = parts_->heads.product_trades.find(product);
    at = head == nullptr ? 0 : *head;
  }
  while (at != 0) {
    const TradeRecord& record = history.at(at);
    // A day lies together: before it there is nothing more of it.
    if (query.day && record.day < *query.day) break;
    if (page.items.size() == std::max<std::size_t>(query.limit, 1)) {
      page.next = at;
      break;
    }
    if ((product == 0 || record.product == product) && (!query.day || record.day == *query.day)) {
      page.items.push_back(trade_of(at, record));
      page.items.back().busted = parts_->is_busted(record.contract);
    }
    if (product == 0) {
      --at;
    } else {
      at = query.day ? record.previous_of_day : record.previous_of_product;
    }
  }
  return page;
}

}  // namespace hulan::projections
