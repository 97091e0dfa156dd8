// SPDX-License-Identifier: Apache-2.0
// Divisible lots (R5.3.7): who gets what by price and sequence, who is released, and what the close
// must conclude.
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::LotRow;
using model::Reject;

namespace {

/// What each of the bids gets, the best first; as many figures as bids.
std::vector<Wide> shares(const LotRow& lot, const std::vector<PartBid>& bids) {
  std::vector<Wide> out(bids.size(), 0);
  Wide left = lot.quantity;
  for (std::size_t i = 0; i < bids.size(); ++i) {
    if (bids[i].quantity <= left) {
      out[i] = bids[i].quantity;
      left -= bids[i].quantity;
      continue;
    }
    if (left >= lot.minimum) out[i] = left;
    break;
  }
  return out;
}

Wide sum(const std::vector<Wide>& values) {
  Wide all = 0;
  for (const Wide value : values) all += value;
  return all;
}

/// Nobody else could get anything.
bool covered(const LotRow& lot, const std::vector<PartBid>& bids) {
  return lot.quantity - sum(shares(lot, bids)) < lot.minimum;
}

/// What a bid must reach: the start, once the lot is covered a step more than the worst.
Wide least_bid(const LotRow& lot, const std::vector<PartBid>& bids) {
  if (!covered(lot, bids)) return lot.price.value;
  const Wide step = lot.side == model::Side::kSell ? Wide{lot.step.value} : -Wide{lot.step.value};
  return bids.back().price + step;
}

void put(const LotRow& lot, std::vector<PartBid>& bids, const PartBid& bid) {
  const auto place = std::find_if(bids.begin(), bids.end(), [&](const PartBid& other) {
    const Wide ahead = better(lot, other.price, bid.price);
    return ahead < 0 || (ahead == 0 && other.order > bid.order);
  });
  bids.insert(place, bid);
}

/// Who gets nothing is out, and remembered.
void drop_losers(const LotRow& lot, PartBids& bids) {
  const auto got = shares(lot, bids.live);
  while (!bids.live.empty() && got[bids.live.size() - 1] == 0) {
    bids.outbid.insert(bids.outbid.begin(), bids.live.back());
    bids.live.pop_back();
  }
  if (bids.outbid.size() > model::kKeptBids) bids.outbid.resize(model::kKeptBids);
}

/// Where all get one price and prices fall, a seller is bonded at the start.
Wide bond_price(const Market& market, const LotRow& lot, Wide price) {
  const bool uniform = market.divisible.at(lot.id).award == model::Award::kUniform;
  return uniform && lot.side == model::Side::kBuy ? Wide{lot.price.value} : price;
}

Bonds bonds_of(const Market& market, const LotRow& lot, Wide price, Wide quantity) {
  return bonds_at(market.products.at(lot.product), bond_price(market, lot, price), quantity,
                  lot.average_g);
}

void award(const Market& market, const LotRow& lot, PartBids& bids) {
  std::vector<PartBid> meeting;
  for (const PartBid& bid : bids.live) {
    const bool meets = lot.reserve.value == 0 || better(lot, bid.price, lot.reserve.value) >= 0;
    if (meets) meeting.push_back(bid);
  }
  const auto got = shares(lot, meeting);
  const bool uniform = market.divisible.at(lot.id).award == model::Award::kUniform;
  Wide lowest = 0;
  for (std::size_t i = 0; i < meeting.size(); ++i) {
    if (got[i] != 0) lowest = meeting[i].price;
  }
  for (std::size_t i = 0; i < meeting.size(); ++i) {
    if (got[i] == 0) continue;
    bids.awards.push_back({uniform ? lowest : meeting[i].price, got[i], meeting[i].bidder});
  }
  bids.awarded = true;
}

std::vector<PartBid> told(const Market& market, model::LotId lot) {
  std::vector<PartBid> bids;
  for (const auto& [id, row] : market.lot_bids) {
    if (row.lot != lot || row.state != model::LotBidState::kLive) continue;
    bids.push_back({row.price.value, row.quantity, row.order, row.bidder});
  }
  return bids;
}

/// After a strike: the live bids are as they were without the struck, and those of the remembered
/// that came back. Who did not come back while there was room could not.
void check_after_strike(const Market& market, const LotRow& lot, PartBids& bids,
                        const std::vector<PartBid>& now_live) {
  const auto holds = [](const std::vector<PartBid>& all, const PartBid& bid) {
    return std::find(all.begin(), all.end(), bid) != all.end();
  };
  for (const PartBid& bid : now_live) {
    require(holds(bids.live, bid) || holds(bids.outbid, bid), "R5.7", "a bid came from nowhere");
    require(market.active(bid.bidder) || holds(bids.live, bid), "R5.7",
            "who may not trade came back");
  }
  std::vector<PartBid> sorted;
  for (const PartBid& bid : now_live) put(lot, sorted, bid);
  for (const PartBid& bid : bids.live) {
    require(holds(now_live, bid) || covered(lot, sorted), "R5.7", "a bid is gone that was not struck");
  }
  const auto currency = market.products.at(lot.product).currency;
  for (const PartBid& bid : bids.outbid) {
    if (holds(now_live, bid) || lot.side == model::Side::kBuy || !market.active(bid.bidder)) continue;
    const Bonds bonds = bonds_of(market, lot, bid.price, bid.quantity);
    const bool pays = market.available(bid.bidder, currency) >= bonds.performance + bonds.trading;
    require(!pays || covered(lot, sorted), "R5.7", "a remembered bid did not come back");
  }
  std::vector<PartBid> kept;
  for (const auto& [id, row] : market.lot_bids) {
    if (row.lot != lot.id || row.state != model::LotBidState::kOutbid) continue;
    const PartBid bid{row.price.value, row.quantity, row.order, row.bidder};
    require(holds(bids.outbid, bid) || holds(bids.live, bid), "R5.7", "remembered from nowhere");
  }
  for (std::uint32_t id = market.divisible.at(lot.id).first_outbid; id != 0;) {
    const auto& row = market.lot_bids.at(id);
    kept.push_back({row.price.value, row.quantity, row.order, row.bidder});
    id = row.next;
  }
  bids.live = sorted;
  bids.outbid = kept;
}

}  // namespace

Expected expected_of_quantity_bid(const Market& market, const model::Command& command) {
  model::PlaceQuantityBid body;
  if (command.body.size() != sizeof(body) || !model::read_body(command.body, body)) {
    return {Reject::malformed_body};
  }
  const LotRow& lot = market.lots.at(body.lot);
  const auto known = market.part_bids.find(lot.id);
  static const PartBids kNone{};
  const auto& live = (known == market.part_bids.end() ? kNone : known->second).live;
  BidTerms terms{command.header.participant, body.price};
  terms.least = least_bid(lot, live);
  terms.quantity = body.quantity;
  if (body.quantity == 0) terms.quantity = -1;
  const Reject wrong = check_bid_terms(market, lot, terms, command.now.value);
  if (wrong != Reject::ok) return {wrong};
  const bool sells = lot.side == model::Side::kSell;
  if (sells && body.goods != 0) return {Reject::malformed_body};
  if (!sells && body.goods == 0) return {Reject::goods_required};
  const bool exact = sells && lot.terms == model::Terms::kDestination;
  const Bonds bonds = bonds_of(market, lot, body.price, body.quantity);
  if (bonds.nominal > model::kMaxMagnitude) return {Reject::overflow, exact};
  const auto currency = market.products.at(lot.product).currency;
  const Wide needed = bonds.performance + bonds.trading;
  const bool pays = market.available(command.header.participant, currency) >= needed;
  return {pays ? Reject::ok : Reject::no_funds, exact};
}

void check_quantity_bid(Market& market, Look& look, const model::QuantityBidAccepted& event) {
  const std::int64_t now = look.command.now.value;
  const LotRow& lot = market.lots.at(event.lot);
  model::PlaceQuantityBid body{};
  require(look.quantity_bid == 0 && look.command.header.type == model::CommandType::kPlaceBid &&
              look.command.header.version == 3 && model::read_body(look.command.body, body) &&
              body.lot == event.lot && body.price == event.price.value &&
              body.quantity == event.quantity && body.goods == event.goods &&
              look.command.header.participant == event.bidder,
          "R5.3.7", "a bid that nobody made");
  require(market.divisible.contains(event.lot), "R5.3.7", "a bid for a part of a whole lot");
  require(check_trader(market, look.command) == Reject::ok, "R2.3", "a bid by who may not bid");
  // The bonds are frozen already: what was available before is what is now and what they took.
  const Bonds bonds = bonds_of(market, lot, body.price, body.quantity);
  require(event.frozen.value == bonds.performance + bonds.trading, "R6.1", "other bonds are frozen");
  require(controlled(market, lot.product, event.bidder, event.quantity, now) == Reject::ok, "R12.1",
          "a bid that was to be refused before it counted");
  const Expected expected = expected_of_quantity_bid(market, look.command);
  require(expected.reject == Reject::ok || expected.reject == Reject::no_funds, "R5.3.7", [&] {
    return "a bid on " + lot_text(lot) + " was accepted, but: " +
           std::string(model::reject_text(expected.reject).code);
  });
  require(event.bids == lot.bids + 1, "R5.3", "bids are not counted");
  const std::int64_t close = now >= lot.close_at - lot.window_ns
                                 ? std::max(lot.close_at, now + lot.window_ns)
                                 : lot.close_at;
  require(event.close_at == close, "R5.3.2", "another close");
  PartBids& bids = market.part_bids[event.lot];
  std::erase_if(bids.outbid, [&](const PartBid& bid) { return bid.bidder == event.bidder; });
  put(lot, bids.live, {body.price, body.quantity, look.command.sequence, event.bidder});
  drop_losers(lot, bids);
  look.quantity_bid = event.lot;
  look.quantity_bid_frozen = event.frozen.value;
  look.parts[event.lot] = true;
}

void strike_part(Market& market, Look& look, const model::BidStruck& struck) {
  require(!market.active(struck.bidder), "R5.7", "the bid of an active participant was struck");
  auto& live = market.part_bids[struck.lot].live;
  const auto found = std::find_if(live.begin(), live.end(), [&](const PartBid& bid) {
    return bid.bidder == struck.bidder && bid.price == struck.price.value;
  });
  require(found != live.end(), "R5.7", "a bid was struck that did not live");
  live.erase(found);
  look.struck[struck.lot] = true;
  look.parts[struck.lot] = true;
}

void check_part_trade(Market& market, const LotRow& lot, const model::TradeConcluded& trade,
                      std::int64_t now) {
  require(now >= lot.close_at, "R5.3.7", "a part was concluded before the close");
  PartBids& bids = market.part_bids[lot.id];
  if (!bids.awarded) award(market, lot, bids);
  require(!bids.awards.empty(), "R5.3.7", "more parts than the rules award");
  const PartAward next = bids.awards.front();
  bids.awards.erase(bids.awards.begin());
  require(trade.price.value == next.price && trade.quantity == next.quantity, "R5.3.7", [&] {
    return "a part of " + lot_text(lot) + ": " + std::to_string(trade.quantity) + " at " +
           std::to_string(trade.price.value) + " instead of " + text_of(next.quantity) + " at " +
           text_of(next.price);
  });
  market.part_winners[trade.contract] = next.bidder;
  const auto first = std::find_if(bids.live.begin(), bids.live.end(), [&](const PartBid& bid) {
    return bid.bidder == next.bidder && bid.quantity >= next.quantity;
  });
  require(first != bids.live.end(), "R5.3.7", "a part without its bid");
  bids.live.erase(first);
}

void check_parts(Market& market, const Look& look) {
  for (const auto& [id, changed] : look.parts) {
    const LotRow& lot = market.lots.at(id);
    const auto row = market.divisible.find(id);
    if (row == market.divisible.end()) continue;
    PartBids& bids = market.part_bids[id];
    const bool over = lot.state != model::LotState::kOpen &&
                      lot.state != model::LotState::kAnnounced;
    std::vector<PartBid> live = told(market, id);
    if (over || row->second.closing != 0) {
      if (row->second.closing != 0 && !bids.awarded) award(market, lot, bids);
      require(!over || live.empty(), "R6.2", [&] { return lot_text(lot) + " ended with live bids"; });
      require(!over || lot.state == model::LotState::kWithdrawn || bids.awards.empty(), "R5.3.7",
              [&] { return lot_text(lot) + " ended with parts that nobody got"; });
      continue;
    }
    if (look.struck.contains(id)) {
      check_after_strike(market, lot, bids, live);
      continue;
    }
    std::vector<PartBid> sorted;
    for (const PartBid& bid : live) put(lot, sorted, bid);
    require(sorted == bids.live, "R5.3.7", [&] {
      return "on " + lot_text(lot) + " live " + std::to_string(sorted.size()) +
             " bids, by the rules " + std::to_string(bids.live.size());
    });
    require(row->second.covered == sum(shares(lot, bids.live)), "R5.3.7", "covered by another sum");
    const Wide marginal = covered(lot, bids.live) ? bids.live.back().price : 0;
    require(row->second.marginal.value == marginal, "R5.3.7", "another marginal price");
  }
}

}  // namespace hulan::auditor
