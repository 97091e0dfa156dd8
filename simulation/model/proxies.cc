// SPDX-License-Identifier: Apache-2.0
// Proxies (R5.3.5): which bids a bid or a proxy brings about, and what stays frozen for them.
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::LotRow;
using model::ProxyRow;
using model::Reject;

namespace {

const ProxyRow* live_proxy(const Market& market, model::LotId lot) {
  const auto found = market.proxies.find(lot);
  return found == market.proxies.end() || found->second.bidder == 0 ? nullptr : &found->second;
}

Bonds on(const Market& market, const LotRow& lot, Wide price) {
  return bonds_at(market.products.at(lot.product), price, lot.quantity, lot.average_g);
}

Wide both(const Bonds& bonds) { return bonds.performance + bonds.trading; }

Wide one_step_more(const LotRow& lot, Wide price) {
  return lot.side == model::Side::kSell ? price + lot.step.value : price - lot.step.value;
}

/// The one that is worse for the initiator.
Wide worse(const LotRow& lot, Wide a, Wide b) { return better(lot, a, b) < 0 ? a : b; }

/// "or the reserve once its maximum reaches it"
Wide or_the_reserve(const LotRow& lot, Wide maximum, Wide bid) {
  const Wide reserve = lot.reserve.value;
  const bool reaches = reserve != 0 && better(lot, maximum, reserve) >= 0;
  return reaches && better(lot, bid, reserve) < 0 ? reserve : bid;
}

struct Asked {
  model::LotId lot = 0, goods = 0;
  Wide price = 0;
  bool proxy = false;
};

Asked asked_of(const model::Command& command) {
  Asked asked;
  asked.proxy = command.header.type == model::CommandType::kSetProxy;
  model::SetProxy proxy{};
  model::PlaceBid bid{};  // the versions after the first begin with it
  if (asked.proxy && model::read_body(command.body, proxy)) {
    asked.lot = proxy.lot, asked.goods = proxy.goods, asked.price = proxy.maximum;
  } else if (!asked.proxy && model::read_body(command.body, bid)) {
    asked.lot = bid.lot, asked.price = bid.price;
  }
  return asked;
}

/// What a proxy that beats everybody bids: it has `best` before it, 0 = nobody.
Wide winning_bid(const Market& market, const LotRow& lot, Wide maximum, Wide best,
                 std::int64_t now) {
  const Wide least =
      best == 0 ? Wide{lot.price.value} : worse(lot, maximum, one_step_more(lot, best));
  return into_band(market, lot, or_the_reserve(lot, maximum, least), now);
}

Wide own_bid(const Market& market, const LotRow& lot, Wide maximum, std::int64_t now) {
  const Wide bid = or_the_reserve(lot, maximum, lot.best.value);
  return bid == lot.best.value ? bid : into_band(market, lot, bid, now);
}

}  // namespace

std::vector<ShownBid> bids_to_show(const Market& market, const LotRow& lot,
                                   const model::Command& command) {
  const Asked asked = asked_of(command);
  const model::ParticipantId asker = command.header.participant;
  const std::int64_t now = command.now.value;
  const ProxyRow* rival = live_proxy(market, lot.id);
  const auto frozen = [&](Wide price) { return both(on(market, lot, price)); };
  if (asked.proxy && lot.leader == asker) {
    const Wide bid = own_bid(market, lot, asked.price, now);
    if (bid == lot.best.value) return {};
    return {{asker, 0, bid, frozen(bid)}};
  }
  if (rival != nullptr && better(lot, rival->maximum.value, asked.price) >= 0) {
    const Wide answer = into_band(
        market, lot, worse(lot, rival->maximum.value, one_step_more(lot, asked.price)), now);
    return {{asker, lot.leader, asked.price, 0}, {lot.leader, asker, answer, frozen(answer)}};
  }
  if (!asked.proxy) return {{asker, lot.leader, asked.price, frozen(asked.price)}};
  std::vector<ShownBid> shown;
  Wide best = lot.leader == 0 ? 0 : Wide{lot.best.value};
  if (rival != nullptr) {
    const Wide last = into_band(market, lot, rival->maximum.value, now);
    if (better(lot, last, best) > 0 && better(lot, rival->maximum.value, last) >= 0) {
      shown.push_back({lot.leader, 0, last, frozen(last)});
      best = last;
    }
  }
  const Wide bid = winning_bid(market, lot, asked.price, best, now);
  shown.push_back({asker, lot.leader, bid, frozen(bid)});
  return shown;
}

void check_proxies(const Market& market, const Look& look) {
  for (const auto& [id, changed] : look.proxies) {
    const ProxyRow* row = live_proxy(market, id);
    if (row == nullptr) continue;
    const LotRow& lot = market.lots.at(id);
    require(row->bidder == lot.leader && lot.state == model::LotState::kOpen, "R5.3.5",
            [&] { return "a proxy lives on " + lot_text(lot) + " that does not lead it"; });
    const Bonds most = on(market, lot, row->maximum.value);
    const Bonds own = on(market, lot, lot.best.value);
    require(row->performance.value == std::max<Wide>(0, most.performance - own.performance) &&
                row->trading.value == std::max<Wide>(0, most.trading - own.trading),
            "R5.3.5", "a proxy's bonds are not those on its maximum");
    require(better(lot, row->maximum.value, lot.best.value) >= 0, "R5.3.5",
            "a proxy has bid beyond its maximum");
    const Asked asked = asked_of(look.command);
    const bool its_own = asked.proxy && asked.lot == id &&
                         look.command.header.participant == row->bidder;
    require(!its_own || row->maximum.value == asked.price, "R5.3.5",
            "a proxy with another maximum than was asked for");
  }
}

Expected expected_of_proxy(const Market& market, const model::Command& command) {
  if (const Reject r = who_may_ask(market, command); r != Reject::ok) return {r};
  if (command.body.size() != sizeof(model::SetProxy)) return {Reject::malformed_body};
  if (const Reject r = check_trader(market, command); r != Reject::ok) return {r};
  const Asked asked = asked_of(command);
  const auto found = market.lots.find(asked.lot);
  if (found == market.lots.end()) return {Reject::unknown_lot};
  const LotRow& lot = found->second;
  const model::ParticipantId who = command.header.participant;
  const std::int64_t now = command.now.value;
  const bool own = lot.leader == who;
  const Reject control = controlled(market, lot.product, who, lot.quantity, now);
  if (control != Reject::ok) return {control};
  BidTerms terms{who, asked.price};
  terms.own = own;
  terms.proxy = true;
  if (const Reject r = check_bid_terms(market, lot, terms, now); r != Reject::ok) return {r};
  if (own && asked.goods != lot.leader_goods) return {Reject::goods_unsuitable};
  const bool sells = lot.side == model::Side::kSell;
  if (!own && sells && asked.goods != 0) return {Reject::malformed_body};
  if (!own && !sells && asked.goods == 0) return {Reject::goods_required};
  const bool exact = own || (sells && lot.terms == model::Terms::kDestination);
  const Wide bid = own ? own_bid(market, lot, asked.price, now)
                       : winning_bid(market, lot, asked.price,
                                     lot.leader == 0 ? 0 : Wide{lot.best.value}, now);
  const Bonds most = on(market, lot, asked.price);
  const Bonds at_bid = on(market, lot, bid);
  if (most.nominal > model::kMaxMagnitude || at_bid.nominal > model::kMaxMagnitude) {
    return {Reject::overflow, exact};
  }
  Wide performance = std::max(most.performance, at_bid.performance);
  Wide trading = std::max(most.trading, at_bid.trading);
  if (own) {
    const ProxyRow* old = live_proxy(market, lot.id);
    performance -= lot.leader_bond.value + (old != nullptr ? old->performance.value : 0);
    trading -= lot.leader_trading_bond.value + (old != nullptr ? old->trading.value : 0);
  }
  const Wide needed = std::max<Wide>(0, performance) + std::max<Wide>(0, trading);
  const auto currency = market.products.at(lot.product).currency;
  return {market.available(who, currency) < needed ? Reject::no_funds : Reject::ok, exact};
}

}  // namespace hulan::auditor
