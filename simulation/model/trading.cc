// SPDX-License-Identifier: Apache-2.0
// Listings and auctions: who may bid what and when, what it freezes, when it ends and to whom.
#include <algorithm>
#include <cstring>
#include <set>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::LotRow;
using model::LotState;
using model::Method;
using model::Reject;
using model::Side;

namespace {

bool sells(const LotRow& lot) { return lot.side == Side::kSell; }

bool live(LotState state) {
  return state == LotState::kListed || state == LotState::kAnnounced ||
         state == LotState::kOpen || state == LotState::kExclusive ||
         state == LotState::kOpening;
}

Wide mean_of(const model::DayPriceRow& day) {
  return round_half_away(Wide{day.weighted}, Wide{day.weight});
}

/// R5.5: the last day's mean that was not thin and is not older than what the operator stated.
Wide reference_of(const Market& market, const LotRow& lot, std::int64_t now) {
  const std::uint32_t province = (lot.origin != 0 ? lot.origin : lot.place) / 10'000;
  const model::ProductId first = market.first_version(lot.product);
  for (const auto& [id, row] : market.references) {
    if (row.product != first || row.province != province || row.grade != lot.grade) continue;
    if (row.day_row == 0) return row.price.value;
    const model::DayPriceRow& day = market.day_prices.at(row.day_row);
    const bool thin = day.trades < 3 || day.buyers < 2;
    const bool over = day.day < market.local_day(now);
    const bool newer = row.stated == 0 || market.local_day(row.since) <= day.day;
    return over && !thin && newer ? mean_of(day) : Wide{row.price.value};
  }
  return 0;
}

Reject check_price(const Market& market, const LotRow& lot, Wide price, std::int64_t now) {
  const model::ProductRow& product = market.products.at(lot.product);
  if (price <= 0 || price > model::kMaxMagnitude) return Reject::price_not_positive;
  if (price % product.tick.value != 0) return Reject::price_off_tick;
  const Wide reference = reference_of(market, lot, now);
  if (product.band_bp == 0 || reference == 0) return Reject::ok;
  const Wide bp = product.band_bp;
  // On the tick, inside is inside: limits rounded inward exclude nothing more.
  const bool inside = price * 10'000 >= reference * (10'000 - bp) &&
                      price * 10'000 <= reference * (10'000 + bp);
  return inside ? Reject::ok : Reject::out_of_band;
}

Reject check_parties(const Market& market, const LotRow& lot, model::ParticipantId other) {
  if (lot.initiator == other) return Reject::own_lot;
  return check_apart(market, lot.initiator, other);
}

struct Bid {
  model::LotId lot = 0, goods = 0;
  Wide price = 0, quantity = 0;
  bool formed = false, has_quantity = false;
};

Bid read_bid(const model::Command& command) {
  Bid bid;
  if (command.header.version == 2) {
    model::PlaceReverseBid body;
    bid.formed = command.body.size() == sizeof(body) && model::read_body(command.body, body);
    if (bid.formed) bid.lot = body.lot, bid.goods = body.goods, bid.price = body.price;
  } else if (command.header.version == 3) {
    model::PlaceQuantityBid body;
    bid.formed = command.body.size() == sizeof(body) && model::read_body(command.body, body);
    if (bid.formed) {
      bid.lot = body.lot, bid.goods = body.goods, bid.price = body.price;
      bid.quantity = body.quantity, bid.has_quantity = true;
    }
  } else {
    model::PlaceBid body;
    bid.formed = command.body.size() == sizeof(body) && model::read_body(command.body, body);
    if (bid.formed) bid.lot = body.lot, bid.price = body.price;
  }
  return bid;
}

bool may_follow(LotState from, LotState to) {
  switch (to) {
    case LotState::kListed:
      return from == LotState::kDraft;
    case LotState::kAnnounced:
      return from == LotState::kDraft || from == LotState::kCarried;
    case LotState::kOpen:
      return from == LotState::kAnnounced;
    case LotState::kExclusive:
      return from == LotState::kOpen || from == LotState::kOpening;
    case LotState::kSold:
      return from == LotState::kListed || from == LotState::kOpen ||
             from == LotState::kExclusive || from == LotState::kDraft ||
             from == LotState::kOpening;
    case LotState::kUnsold:
      return from == LotState::kOpen || from == LotState::kExclusive ||
             from == LotState::kOpening;
    case LotState::kExpired:
      return from == LotState::kListed;
    case LotState::kWithdrawn:
      return from == LotState::kDraft || from == LotState::kCarried || live(from);
    case LotState::kCarried:
      return from == LotState::kOpen;
    case LotState::kOpening:
      return from == LotState::kOpen;
    case LotState::kDraft:
      return false;
  }
  return false;
}

/// What a posting froze (R6.4): the bond at the highest price that may be bid, or the listing's.
void check_posted_bonds(const Market& market, const LotRow& lot, std::int64_t now) {
  if (lot.method == Method::kNegotiation) {
    return require(lot.initiator_bond.value == 0 && lot.initiator_trading_bond.value == 0, "R5.2",
                   "a request for quotes froze money");
  }
  const model::ProductRow& product = market.products.at(lot.product);
  Wide price = lot.price.value;
  const Wide parts = lot.quantity / lot.minimum;
  const Wide spare = parts > 1 ? 2 * parts : 0;
  if (lot.state != LotState::kListed && sells(lot)) {
    const Wide reference = reference_of(market, lot, now);
    const bool band = product.band_bp != 0 && reference != 0;
    const Wide tick = product.tick.value;
    const Wide limit = reference * (10'000 + product.band_bp) / (10'000 * tick) * tick;
    if (lot.cap.value != 0) {
      price = band ? std::min<Wide>(lot.cap.value, limit) : Wide{lot.cap.value};
    } else {
      price = band ? limit : std::max<Wide>(lot.price.value, lot.reserve.value);
    }
  }
  const Bonds bonds = bonds_at(product, price, lot.quantity, lot.average_g);
  require(lot.initiator_bond.value == bonds.performance + spare, "R6.4", [&] {
    return lot_text(lot) + " froze " + std::to_string(lot.initiator_bond.value) + " instead of " +
           text_of(bonds.performance + spare);
  });
  const Wide trading = sells(lot) ? 0 : bonds.trading + spare;
  require(lot.initiator_trading_bond.value == trading, "R6.1", "the buyer's trading bond differs");
}

/// R5.7: after a strike the best of the others leads whose bond freezes, at its own price. Only
/// forward auctions: what goods would still do is not worked out here.
void check_next_leader(const Market& market, const LotRow& row) {
  if (!sells(row) || !live(row.state)) return;
  const auto history = market.bids.find(row.id);
  if (history == market.bids.end()) return;
  const model::ProductRow& product = market.products.at(row.product);
  std::map<model::ParticipantId, bool> seen;
  const auto& bids = history->second;
  for (auto bid = bids.rbegin(); bid != bids.rend() && seen.size() < model::kKeptBids; ++bid) {
    if (!seen.try_emplace(bid->bidder, true).second) continue;
    const Bonds bonds = bonds_at(product, bid->price.value, row.quantity, row.average_g);
    const Wide now_frozen = row.leader == bid->bidder ? bonds.performance + bonds.trading : 0;
    const Wide available = market.available(bid->bidder, product.currency) + now_frozen;
    if (!market.active(bid->bidder) || available < bonds.performance + bonds.trading) continue;
    require(row.leader == bid->bidder && row.best == bid->price, "R5.7", [&] {
      return "after a strike " + lot_text(row) + " should be led by " +
             std::to_string(bid->bidder) + " at " + std::to_string(bid->price.value);
    });
    return;
  }
  require(row.leader == 0, "R5.7", "after a strike somebody leads who cannot");
}

}  // namespace

void forget_passed_over(Market& market, const LotRow& row) {
  const auto history = market.bids.find(row.id);
  if (history == market.bids.end()) return;
  auto& bids = history->second;
  std::set<model::ParticipantId> passed_over;
  while (!bids.empty() &&
         (bids.back().bidder != row.leader || bids.back().price != row.best)) {
    passed_over.insert(bids.back().bidder);
    bids.pop_back();
  }
  std::erase_if(bids, [&](const auto& bid) { return passed_over.contains(bid.bidder); });
}

/// How far `a` is better for the initiator than `b`: reverse auctions mirror forward ones (R5.3).
Wide better(const LotRow& lot, Wide a, Wide b) { return sells(lot) ? a - b : b - a; }

Reject check_funds(const Market& market, const LotRow& lot, model::ParticipantId who, Wide price,
                   Wide quantity) {
  const model::ProductRow& product = market.products.at(lot.product);
  const Bonds bonds = bonds_at(product, price, quantity, lot.average_g);
  if (bonds.nominal > model::kMaxMagnitude) return Reject::overflow;
  return market.available(who, product.currency) < bonds.performance + bonds.trading
             ? Reject::no_funds
             : Reject::ok;
}

Reject check_trader(const Market& market, const model::Command& command) {
  const auto& header = command.header;
  const auto user = market.users.find(header.user);
  if (header.participant == 0 || user == market.users.end() ||
      (user->second.roles & model::kRoleTrader) == 0) {
    return Reject::wrong_role;
  }
  if (!market.admitted(header.participant)) return Reject::participant_not_active;
  return market.active(header.participant) ? Reject::ok : Reject::trading_stopped;
}

std::string lot_text(const LotRow& lot) {
  return "lot " + std::to_string(lot.id) + " (state " +
         std::to_string(static_cast<int>(lot.state)) + ", best " + std::to_string(lot.best.value) +
         ")";
}

Wide into_band(const Market& market, const LotRow& lot, Wide price, std::int64_t now) {
  const model::ProductRow& product = market.products.at(lot.product);
  const Wide reference = reference_of(market, lot, now);
  if (product.band_bp == 0 || reference == 0) return price;
  const Wide tick = product.tick.value;
  const Wide high = reference * (10'000 + product.band_bp) / (10'000 * tick) * tick;
  const Wide low = round_up(reference * (10'000 - Wide{product.band_bp}), 10'000 * tick) * tick;
  return std::clamp(price, low, high);
}

Reject check_bid_terms(const Market& market, const LotRow& lot, const BidTerms& bid,
                       std::int64_t now) {
  const bool auction = lot.method == Method::kAscending;
  if (!auction || (lot.state != LotState::kOpen && lot.state != LotState::kAnnounced)) {
    const bool over = auction && (lot.state == LotState::kExclusive ||
                                  lot.state == LotState::kSold || lot.state == LotState::kUnsold);
    return over ? Reject::auction_closed : Reject::wrong_lot_state;
  }
  const bool shared = shared_by(market, lot.id) != 0;
  if (shared ? lot.state == LotState::kAnnounced : now < lot.open_at) {
    return Reject::auction_not_open;
  }
  if (now >= close_of(market, lot)) return Reject::auction_closed;
  if (bid.proxy && market.divisible.contains(lot.id)) return Reject::proxy_on_divisible;
  if (const Reject r = check_parties(market, lot, bid.bidder); r != Reject::ok) return r;
  // The leader's own proxy is only checked for its price from here on.
  if (lot.leader == bid.bidder && !bid.own) return Reject::already_leading;
  if (!bid.own && !market.active(lot.initiator)) return Reject::participant_not_active;
  if (const Reject r = check_price(market, lot, bid.price, now); r != Reject::ok) return r;
  if (bid.quantity != 0) {
    if (bid.quantity < 0) return Reject::invalid_quantity;
    if (bid.quantity > lot.quantity) return Reject::above_remaining;
    if (bid.quantity < lot.minimum) return Reject::below_minimum;
  }
  const Wide step = sells(lot) ? Wide{lot.step.value} : -Wide{lot.step.value};
  Wide least = lot.leader == 0 ? Wide{lot.price.value} : Wide{lot.best.value} + step;
  if (bid.least != 0) least = bid.least;
  if (bid.own) least = lot.best.value;
  if (better(lot, bid.price, least) < 0) {
    return sells(lot) ? Reject::bid_too_low : Reject::bid_too_high;
  }
  if (lot.cap.value != 0 && better(lot, bid.price, lot.cap.value) > 0) return Reject::above_cap;
  return Reject::ok;
}

void check_lot(Market& market, Look& look, const LotRow& row) {
  const std::int64_t now = look.command.now.value;
  const auto by = look.command.header.type;
  const auto known = market.lots.find(row.id);
  if (known == market.lots.end()) {
    require(row.id == market.lots.size() + 1, "R4.2", "a lot's number is left out");
    require(row.state == LotState::kDraft && row.remaining == row.quantity && row.bids == 0,
            "R4.2", "a new lot is no draft");
    require(row.initiator == look.command.header.participant, "R4.2", "a lot for somebody else");
    return;
  }
  const LotRow& old = known->second;
  look.lots_before.try_emplace(row.id, old);
  require(row.initiator == old.initiator && row.quantity == old.quantity &&
              row.average_g == old.average_g && row.grade == old.grade && row.side == old.side &&
              row.terms == old.terms && row.origin == old.origin && row.sheet == old.sheet,
          "R4.2", [&] { return "the terms of " + lot_text(row) + " have changed"; });
  const bool clock = row.method == Method::kClock;
  const bool reentered = old.state == LotState::kCarried && row.state == LotState::kAnnounced;
  if (old.state != LotState::kDraft && !reentered) {
    require(row.price == old.price && row.step == old.step && row.reserve == old.reserve &&
                row.cap == old.cap && row.minimum == old.minimum && row.window_ns == old.window_ns &&
                row.product == old.product,
            "R5.3", [&] { return "the notice of " + lot_text(row) + " has changed"; });
  }
  require(row.remaining >= 0 && row.remaining <= old.remaining, "R5.1", "the rest has grown");
  check_times(market, look, old, row);
  const bool struck = look.struck.contains(row.id);
  if (struck && !market.divisible.contains(row.id)) {
    check_next_leader(market, row);
    const bool exclusive = row.state == LotState::kExclusive;
    const bool shared = !exclusive && shared_by(market, row.id) != 0;
    const std::int64_t ends = exclusive ? row.exclusive_until : row.close_at;
    const std::int64_t least = shared ? close_of(market, row) : now + row.window_ns;
    require(!live(row.state) || ends >= least, "R5.7",
            "less than the window remains after a strike");
  }
  const bool divisible = market.divisible.contains(row.id);
  const bool opening = row.state == LotState::kOpening;
  if (row.state == old.state) {
    require(!live(old.state) || struck || clock || (row.leader == old.leader &&
                                              (row.best == old.best || divisible || opening) &&
                                           row.leader_bond == old.leader_bond),
            "R5.7", [&] { return "the leader of " + lot_text(row) + " has changed"; });
    require(row.close_at >= old.close_at, "R5.3.2", "a close has moved forward");
    return;
  }
  const bool by_halt = ended_by_halt(market, old, now);
  const bool announced_ends =
      by_halt && old.state == LotState::kAnnounced && row.state == LotState::kUnsold;
  require(may_follow(old.state, row.state) || announced_ends, "R7.1", [&] {
    return lot_text(old) + " became " + std::to_string(static_cast<int>(row.state));
  });
  const bool goes_on = row.state != LotState::kWithdrawn && !struck && !clock && live(old.state);
  const std::int64_t due = old.state == LotState::kAnnounced    ? old.open_at
                           : old.state == LotState::kExclusive ? old.exclusive_until
                                                               : close_of(market, old);
  require(!goes_on || by_halt || !held(market, old.product, due), "R12.2", [&] {
    return lot_text(old) + " became " + std::to_string(static_cast<int>(row.state)) +
           " while trading was halted";
  });
  if (row.state == LotState::kListed || row.state == LotState::kAnnounced) {
    require(controlled(market, row.product, row.initiator, row.quantity, now) == Reject::ok,
            "R12.1", [&] { return lot_text(row) + " was posted against the limits"; });
    if (clock) {
      check_clock_notice(market, row, reentered, now);
    } else {
      check_posted_bonds(market, row, now);
    }
    require(row.state == LotState::kListed ? row.close_at > now : row.open_at > now, "R5.3",
            "posted with its end in the past");
    if (row.state == LotState::kAnnounced && !clock) {
      const model::ProductRow& product = market.products.at(row.product);
      const std::int64_t notice =
          product.notice_ns != 0 ? product.notice_ns : market.terms.notice_ns;
      require(row.open_at >= now + notice, "R5.3", "a notice shorter than it must be");
    }
    return;
  }
  if (row.state == LotState::kOpen) {
    require(now >= row.open_at, "R5.3.1", "opened early");
  }
  if (opening) {
    require(row.method == Method::kSealed && now >= old.close_at, "R5.3.4",
            [&] { return lot_text(old) + " closed early"; });
  }
  if (row.method == Method::kSealed) check_sealed_state(market, old, row);
  if (row.state == LotState::kCarried) {
    require(clock && now >= old.close_at, "R5.3.3", "carried over before its clock ran down");
  }
  const bool rest = clock && row.remaining < row.minimum;  // R5.3.3: unsold at once
  if ((row.state == LotState::kExclusive || row.state == LotState::kUnsold) && !rest && !by_halt) {
    require(old.state == LotState::kExclusive || now >= close_of(market, old), "R5.3.2",
            [&] { return lot_text(old) + " closed early"; });
  }
  if (row.state == LotState::kExclusive) {
    require(row.leader != 0 && row.reserve.value != 0 &&
                better(row, row.best.value, row.reserve.value) < 0,
            "R5.3.6", "an exclusive time without a bid below the reserve");
    require(row.exclusive_until == now + market.terms.exclusive_ns, "R5.3.6",
            "an exclusive time of another length");
  }
  if (row.state == LotState::kUnsold && old.state == LotState::kExclusive) {
    require(struck || now >= old.exclusive_until, "R5.3.6", "unsold within the exclusive time");
  }
  if (row.state == LotState::kUnsold && old.state == LotState::kOpen && !by_halt) {
    require(old.leader == 0 || struck, "R5.3.6", [&] { return lot_text(old) + " had a bid"; });
  }
  if (row.state == LotState::kExpired) {
    require(now >= old.close_at, "R5.1", "a listing expired early");
  }
  if (row.state == LotState::kWithdrawn && old.bids != 0 && old.state != LotState::kCarried) {
    require(by == model::CommandType::kApprove, "R5.8", "withdrawn after the first bid");
  }
  if (row.state == LotState::kSold && row.method != Method::kNone && row.used_by == 0) {
    require(row.remaining == 0 || row.method == Method::kNegotiation, "R5.1", "sold with a rest");
  }
  if (!live(row.state)) {
    require(row.initiator_bond.value == 0 && row.initiator_trading_bond.value == 0 &&
                row.leader_bond.value == 0 && row.leader_trading_bond.value == 0,
            "R6.2", [&] { return lot_text(row) + " ended with bonds frozen"; });
  }
}

void check_bid(Market& market, Look& look, const model::BidAccepted& event) {
  const std::int64_t now = look.command.now.value;
  const auto found = market.lots.find(event.lot);
  require(found != market.lots.end(), "R5.3", "a bid on no lot");
  LotRow& lot = found->second;
  require(!market.divisible.contains(event.lot), "R5.3.7", "a bid for the whole of a divisible lot");
  const Bid asked = read_bid(look.command);
  const auto type = look.command.header.type;
  require(type == model::CommandType::kSetProxy ||
              (type == model::CommandType::kPlaceBid && asked.formed && asked.lot == event.lot),
          "R5.3.1", "a bid that nobody made");
  if (look.bids.empty()) {
    const Reject control = controlled(market, lot.product, look.command.header.participant,
                                      lot.quantity, now);
    require(control == Reject::ok, "R12.1", "a bid that was to be refused before it counted");
    if (type == model::CommandType::kPlaceBid) {
      const Reject wrong =
          check_bid_terms(market, lot, {look.command.header.participant, asked.price}, now);
      require(wrong == Reject::ok, "R5.3.1", [&] {
        return "a bid of " + text_of(asked.price) + " on " + lot_text(lot) +
               " was accepted, but: " + std::string(model::reject_text(wrong).code);
      });
    } else {
      const Expected proxy = expected_of_proxy(market, look.command);
      // Its bonds may be frozen already: that nobody is below zero is seen at the end.
      require(proxy.reject == Reject::ok || proxy.reject == Reject::no_funds, "R5.3.5", [&] {
        return "a proxy on " + lot_text(lot) + " was accepted, but: " +
               std::string(model::reject_text(proxy.reject).code);
      });
    }
    look.expected_bids = bids_to_show(market, lot, look.command);
  }
  require(look.bids.size() < look.expected_bids.size(), "R5.3.5", "more bids than come about");
  const ShownBid& shown = look.expected_bids[look.bids.size()];
  require(shown.bidder == event.bidder && shown.price == event.price.value &&
              shown.outbid == event.outbid && shown.frozen == event.frozen.value,
          "R5.3.5", [&] {
            return "on " + lot_text(lot) + " a bid of " + std::to_string(event.price.value) +
                   " by " + std::to_string(event.bidder) + " freezing " +
                   std::to_string(event.frozen.value) + " instead of " + text_of(shown.price) +
                   " by " + std::to_string(shown.bidder) + " freezing " + text_of(shown.frozen);
          });
  require(check_trader(market, look.command) == Reject::ok, "R2.3", "a bid by who may not bid");
  const model::ProductRow& product = market.products.at(lot.product);
  const Bonds bonds = bonds_at(product, event.price.value, lot.quantity, lot.average_g);
  // Beaten by a proxy in the same breath, a bid freezes nothing.
  const bool beaten = shown.frozen == 0;
  const model::ParticipantId before = lot.leader;
  require(event.bids == lot.bids + 1, "R5.3", "bids are not counted");
  const std::int64_t close = close_after_bid(market, lot, now);
  require(event.close_at == close, "R5.3.2", [&] {
    return "the close of " + lot_text(lot) + " is " + std::to_string(event.close_at) +
           " instead of " + std::to_string(close);
  });
  look.lots_before.try_emplace(lot.id, lot);
  count_owed(market, look, lot, -1);
  lot.best = event.price;
  lot.leader = event.bidder;
  lot.leader_user = event.user;
  lot.leader_goods = event.goods;
  lot.leader_bond = model::Fen{beaten ? 0 : static_cast<std::int64_t>(bonds.performance)};
  lot.leader_trading_bond = model::Fen{beaten ? 0 : static_cast<std::int64_t>(bonds.trading)};
  lot.close_at = close;
  lot.bids = event.bids;
  count_owed(market, look, lot, 1);
  auto& history = market.bids[event.lot];
  const bool again = event.bidder == before || (!look.bids.empty() && look.bids[0].outbid == event.bidder);
  look.bids.push_back(event);
  if (again) {  // its bid has gone up: the one before is no longer there
    const auto last = std::find_if(history.rbegin(), history.rend(),
                                   [&](const auto& bid) { return bid.bidder == event.bidder; });
    if (last != history.rend()) history.erase(std::next(last).base());
  }
  history.push_back(event);
}

void check_struck(Market& market, Look& look, const model::BidStruck& struck) {
  if (market.divisible.contains(struck.lot)) return strike_part(market, look, struck);
  const auto lot = market.lots.find(struck.lot);
  const bool sealed = lot != market.lots.end() && lot->second.method == Method::kSealed;
  if (sealed && lot->second.state != LotState::kExclusive) {
    return check_struck_envelope(market, struck);
  }
  require(lot != market.lots.end() && lot->second.leader == struck.bidder &&
              lot->second.best == struck.price,
          "R5.7", "a bid was struck that did not lead");
  require(!market.active(struck.bidder), "R5.7", "the bid of an active participant was struck");
  look.struck[struck.lot] = true;
  // Of each bidder the latest bid counts: an earlier one does not come back.
  std::erase_if(market.bids[struck.lot],
                [&](const auto& bid) { return bid.bidder == struck.bidder; });
}

void check_closed(const Market& market, const Look& look, const model::LotClosed& closed) {
  const auto lot = market.lots.find(closed.lot);
  require(lot != market.lots.end() && live(lot->second.state), "R5.3.2", "closed twice");
  if (closed.contract == 0) return;
  const bool sold = std::any_of(look.trades.begin(), look.trades.end(), [&](const auto& trade) {
    return trade.contract == closed.contract && trade.lot == closed.lot;
  });
  require(sold, "R7.1", "closed with a contract that was not concluded");
}

void check_trade(Market& market, Look& look, const model::TradeConcluded& trade) {
  const std::int64_t now = look.command.now.value;
  const auto by = look.command.header.type;
  const LotRow& lot = market.lots.at(trade.lot);
  const model::ProductRow& product = market.products.at(lot.product);
  const Bonds bonds = bonds_at(product, trade.price.value, trade.quantity, lot.average_g);
  require(trade.nominal.value == bonds.nominal, "R6.1", "a nominal that differs");
  require(trade.weight == measure(product, trade.quantity, lot.average_g), "R11.2",
          "a weight that differs");
  require(trade.day == market.local_day(now), "R11.2", "a trade on another day");
  if (market.divisible.contains(lot.id)) {
    check_part_trade(market, lot, trade, now);
  } else if (lot.method == Method::kSealed && lot.state != LotState::kExclusive) {
    check_sealed_trade(market, trade, lot);
  } else if (lot.method == Method::kAscending || lot.method == Method::kSealed) {
    require(trade.quantity == lot.quantity && lot.leader != 0, "R5.3", "a part of a whole lot");
    const bool at_cap = lot.cap.value != 0 && trade.price == lot.cap;
    const bool closed = now >= close_of(market, lot) || lot.state == LotState::kExclusive;
    require(at_cap || closed, "R5.3.1",
            [&] { return lot_text(lot) + " was concluded before its close"; });
    const bool raised = by == model::CommandType::kRaiseToReserve &&
                        lot.state == LotState::kExclusive && trade.price == lot.reserve;
    const bool accepted = by == model::CommandType::kAcceptBelowReserve &&
                          lot.state == LotState::kExclusive && trade.price == lot.best;
    const bool met = trade.price == lot.best &&
                     (lot.reserve.value == 0 ||
                      better(lot, trade.price.value, lot.reserve.value) >= 0);
    // The command may be about another lot, while this one's time has come.
    model::AcceptBelowReserve asked{};
    static_cast<void>(model::read_body(look.command.body, asked));
    const bool about_this = asked.lot == lot.id;
    const model::ParticipantId asker = about_this ? look.command.header.participant : 0;
    require(!raised || asker == lot.leader, "R5.3.6", "raised by somebody else");
    require(!accepted || asker == lot.initiator, "R5.3.6", "accepted by somebody else");
    require(raised || accepted || met, "R5.3.6",
            [&] { return lot_text(lot) + " was concluded below its reserve"; });
    count_shared_trade(market, trade);
  } else if (lot.method == Method::kClock) {
    check_clock_trade(market, look, trade, lot);
  } else if (lot.method == Method::kNegotiation) {
    check_quote_trade(market, look, trade);
  } else {
    require(lot.method == Method::kListing && lot.state == LotState::kListed &&
                trade.price == lot.price && by == model::CommandType::kTake,
            "R5.1", "a listing was concluded otherwise than by a take");
    require(now < lot.close_at, "R5.1", "a listing was taken after its end");
    const Wide rest = Wide{lot.remaining} - trade.quantity;
    require(trade.quantity > 0 && trade.quantity >= lot.minimum &&
                (rest == 0 || rest >= lot.minimum),
            "R5.1", "a part that leaves less than the minimum");
  }
  model::Take asked{};  // a TakeClock has the same form
  if ((by == model::CommandType::kTake || by == model::CommandType::kTakeClock) &&
      model::read_body(look.command.body, asked) && asked.lot == lot.id) {
    const Reject control =
        controlled(market, lot.product, look.command.header.participant, asked.quantity, now);
    require(control == Reject::ok, "R12.1", "a take that was to be refused before it counted");
  }
  require(lot.method != Method::kClock || !halted(market, lot.product), "R12.2",
          "a clock was taken while trading was halted");
  note_trade(market, trade);
  look.trades.push_back(trade);
}

Expected expected_of_bid(const Market& market, const model::Command& command) {
  if (const Reject r = who_may_ask(market, command); r != Reject::ok) return {r};
  const Bid bid = read_bid(command);
  if (!bid.formed) return {Reject::malformed_body};
  if (const Reject r = check_trader(market, command); r != Reject::ok) return {r};
  const auto found = market.lots.find(bid.lot);
  if (found == market.lots.end()) return {Reject::unknown_lot};
  const LotRow& lot = found->second;
  const model::ParticipantId bidder = command.header.participant;
  const bool divisible = market.divisible.contains(lot.id);
  if (divisible != bid.has_quantity && (divisible || bid.quantity != lot.quantity)) {
    return {Reject::invalid_quantity};
  }
  const Wide quantity = bid.has_quantity ? bid.quantity : Wide{lot.quantity};
  const Reject control = controlled(market, lot.product, bidder, quantity, command.now.value);
  if (control != Reject::ok) return {control};
  if (divisible && bid.has_quantity) return expected_of_quantity_bid(market, command);
  const Reject terms = check_bid_terms(market, lot, {bidder, bid.price}, command.now.value);
  if (terms != Reject::ok) return {terms};
  if (sells(lot) && bid.goods != 0) return {Reject::malformed_body};
  if (!sells(lot) && bid.goods == 0) return {Reject::goods_required};
  const bool exact = sells(lot) && lot.terms == model::Terms::kDestination;
  return {check_funds(market, lot, bidder, bid.price, lot.quantity), exact};
}

Expected expected_of_take(const Market& market, const model::Command& command) {
  if (const Reject r = who_may_ask(market, command); r != Reject::ok) return {r};
  model::Take body;
  if (command.body.size() != sizeof(body) || !model::read_body(command.body, body)) {
    return {Reject::malformed_body};
  }
  if (const Reject r = check_trader(market, command); r != Reject::ok) return {r};
  const auto found = market.lots.find(body.lot);
  if (found == market.lots.end()) return {Reject::unknown_lot};
  const LotRow& lot = found->second;
  const model::ParticipantId taker = command.header.participant;
  const Reject control =
      controlled(market, lot.product, taker, body.quantity, command.now.value);
  if (control != Reject::ok) return {control};
  if (lot.state != LotState::kListed || lot.method != Method::kListing ||
      command.now.value >= lot.close_at) {
    return {Reject::wrong_lot_state};
  }
  if (const Reject r = check_parties(market, lot, taker); r != Reject::ok) return {r};
  if (!market.active(lot.initiator)) return {Reject::participant_not_active};
  if (body.price != lot.price.value) return {Reject::stale_price};
  if (body.quantity <= 0) return {Reject::invalid_quantity};
  if (body.quantity > lot.remaining) return {Reject::above_remaining};
  if (body.quantity < lot.minimum) return {Reject::below_minimum};
  const std::int64_t rest = lot.remaining - body.quantity;
  if (rest != 0 && rest < lot.minimum) return {Reject::rest_below_minimum};
  if (sells(lot) && body.goods != 0) return {Reject::malformed_body};
  if (!sells(lot) && body.goods == 0) return {Reject::goods_required};
  const bool exact = sells(lot) && lot.terms == model::Terms::kDestination;
  return {check_funds(market, lot, taker, body.price, body.quantity), exact};
}

void check_accepted_trade(const Market& market, const Look& look, const model::Replied& replied) {
  if (replied.command == model::CommandType::kPlaceBid) {
    if (look.quantity_bid != 0) {
      require(replied.id == look.quantity_bid && replied.frozen.value == look.quantity_bid_frozen,
              "R6.1", "the bidder is told another lot or sum");
      return;
    }
    require(!look.bids.empty() && look.bids.size() == look.expected_bids.size(), "R5.3.1",
            "an accepted bid that nobody was told of");
    require(replied.frozen == look.bids[0].frozen, "R6.1", "the bidder is told another sum");
    require(replied.id == look.bids[0].lot, "R5.3.1", "the bidder is told another lot");
    const LotRow& before = look.lots_before.at(replied.id);
    const bool cap = before.cap.value != 0 && look.bids.back().price == before.cap;
    require(cap == !look.trades.empty() || look.trades.size() > 1 ||
                (!look.trades.empty() && look.trades[0].lot != replied.id),
            "R5.3.1", "the first bid at the cap wins at once");
    return;
  }
  if (replied.command == model::CommandType::kSetProxy) {
    require(look.bids.size() == look.expected_bids.size(), "R5.3.5", "a proxy that does not bid");
    return;
  }
  require(look.bids.empty() && look.quantity_bid == 0, "R5.3.1", "a bid by another command");
  const bool on_clock = replied.command == model::CommandType::kTakeClock;
  if (replied.command != model::CommandType::kTake && !on_clock) return;
  model::Take body;  // a TakeClock has the same form
  static_assert(sizeof(model::TakeClock) == sizeof(model::Take));
  static_cast<void>(model::read_body(look.command.body, body));
  const auto made = std::find_if(look.trades.begin(), look.trades.end(), [&](const auto& trade) {
    return trade.contract == replied.id && trade.lot == body.lot;
  });
  require(made != look.trades.end() && made->quantity == body.quantity, "R5.1",
          "an accepted take without its contract");
  require(on_clock || made->price.value == body.price, "R5.1", "taken at a price that the taker did not see");
  const model::ContractRow& contract = market.contracts.at(replied.id);
  const LotRow& lot = market.lots.at(body.lot);
  const model::ParticipantId taker = look.command.header.participant;
  require(contract.seller == (sells(lot) ? lot.initiator : taker) &&
              contract.buyer == (sells(lot) ? taker : lot.initiator),
          "R5.1", "the contract has other parties");
}

}  // namespace hulan::auditor
