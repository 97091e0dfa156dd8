// SPDX-License-Identifier: Apache-2.0
// Events that are facts: each appends one record of history and moves the head of its chain.
#include "base/assert.h"
#include "projections/parts.h"

namespace hulan::projections {

void View::Parts::on(const model::Posted& event) {
  const std::uint64_t index = account_index(event.participant, event.currency);
  model::AccountRow& account = accounts.touch(index);
  for (std::size_t i = 0; i < model::kBuckets; ++i) account.balance[i] += event.delta[i];
  std::uint64_t& head = heads.accounts.touch(index);
  head = histories.postings.append({event.header.sequence, event.header.time.value, head,
                                    event.delta, event.participant, event.lot, event.contract,
                                    event.currency, event.reason, 0});
}

void View::Parts::on(const model::OperatorPosted& event) {
  HULAN_ASSERT(static_cast<std::size_t>(event.currency) < model::kCurrencies &&
               static_cast<std::size_t>(event.account) < model::kOperatorAccounts);
  model::Fen& balance = operators.balance[static_cast<std::size_t>(event.currency)]
                                         [static_cast<std::size_t>(event.account)];
  balance += event.delta;
  std::uint64_t& head = heads.operators[operator_index(event.account, event.currency)];
  head = histories.operators.append({event.header.sequence,
                                     event.header.time.value,
                                     head,
                                     event.delta,
                                     event.counterparty,
                                     event.contract,
                                     event.account,
                                     event.currency,
                                     event.reason,
                                     {}});
}

void View::Parts::add_bid(const BidRecord& bid) {
  LotHeads& head = heads.lots.touch(bid.lot);
  std::optional<std::uint32_t> alias = indices.aliases.find(bid.lot, bid.bidder);
  if (!alias) {
    alias = head.bidders++;
    indices.aliases.insert(bid.lot, bid.bidder, *alias,
                           [this](model::LotId id) { return is_live(id); });
  }
  BidRecord record = bid;
  record.previous = head.bids;
  record.alias = *alias;
  head.bids = histories.bids.append(record);
}

void View::Parts::on(const model::BidAccepted& event) {
  model::LotRow& lot = lots.touch(event.lot);
  lot.best = event.price;
  lot.leader = event.bidder;
  lot.leader_user = event.user;
  lot.leader_goods = event.goods;
  lot.bids = event.bids;
  lot.close_at = event.close_at;
  add_bid({event.header.sequence, event.header.time.value, 0, event.price, event.frozen, event.lot,
           event.bidder, event.user, event.goods, event.bids, 0});
}

void View::Parts::on(const model::QuantityBidAccepted& event) {
  add_bid({event.header.sequence, event.header.time.value, 0, event.price, event.frozen, event.lot,
           event.bidder, event.user, event.goods, event.bids, 0});
}

void View::Parts::on(const model::BidStruck& event) {
  LotHeads& head = heads.lots.touch(event.lot);
  head.bids = histories.bids.append({event.header.sequence,
                                     event.header.time.value,
                                     head.bids,
                                     event.price,
                                     {},
                                     event.lot,
                                     event.bidder,
                                     0,
                                     0,
                                     0,
                                     0});
}

void View::Parts::on(const model::LotClosed& event) {
  LotHeads& head = heads.lots.touch(event.lot);
  head.closings =
      histories.closings.append({event.header.sequence, event.header.time.value, head.closings,
                                 event.price, event.lot, event.contract});
}

void View::Parts::on(const model::TradeConcluded& event) {
  const model::ProductId product = root(event.product);
  std::uint64_t& of_day = heads.day_trades[trade_day_key(product, event.day)];
  std::uint64_t& of_product = heads.product_trades.touch(product);
  of_day = histories.trades.append({event.header.sequence, event.header.time.value, of_day,
                                    of_product, event.price, event.quantity, event.weight,
                                    event.nominal, event.contract, event.lot, product, event.region,
                                    event.day, event.grade, event.method, event.related, 0});
  of_product = of_day;
}

void View::Parts::on(const model::SettlementLine& event) {
  std::uint64_t& head = heads.contracts.touch(event.contract).lines;
  head = histories.lines.append({event.header.sequence,
                                 event.header.time.value,
                                 head,
                                 event.price,
                                 event.quantity,
                                 event.amount,
                                 event.contract,
                                 event.group,
                                 event.kind,
                                 {}});
}

void View::Parts::on(const model::BankReconciled& event) {
  HULAN_ASSERT(static_cast<std::size_t>(event.currency) < model::kCurrencies);
  std::uint64_t& head = heads.bank[static_cast<std::size_t>(event.currency)];
  head = histories.bank.append({event.header.sequence,
                                event.header.time.value,
                                head,
                                event.mirror,
                                event.difference,
                                event.currency,
                                {}});
}

void View::Parts::rebuild_aliases() {
  const auto live = [this](model::LotId id) { return is_live(id); };
  for (const model::LotId lot : indices.live_lots) {
    const LotHeads* head = heads.lots.find(lot);
    for (std::uint64_t at = head->bids; at != 0; at = histories.bids.at(at).previous) {
      const BidRecord& bid = histories.bids.at(at);
      if (bid.number == 0 || indices.aliases.find(lot, bid.bidder)) continue;
      indices.aliases.insert(lot, bid.bidder, bid.alias, live);
    }
  }
}

}  // namespace hulan::projections
