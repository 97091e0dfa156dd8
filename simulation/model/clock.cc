// SPDX-License-Identifier: Apache-2.0
// Sessions and clocks (R5.3.3): the order, the price tick by tick, the mean, shares of the unsold.
#include <algorithm>
#include <cstring>

#include "base/sha256.h"
#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::ClockRow;
using model::LotRow;
using model::LotState;
using model::Reject;
using model::SessionRow;
using model::SessionState;
using model::Side;

namespace {

bool falls(const LotRow& lot) { return lot.side == Side::kSell; }

std::string session_text(model::SessionId id) { return "session " + std::to_string(id); }

/// One step further, not beyond the floor.
Wide step_on(const LotRow& lot, Wide price, Wide floor) {
  return falls(lot) ? std::max(floor, price - lot.step.value)
                    : std::min(floor, price + lot.step.value);
}

/// The clock as a clock hand goes: tick by tick from its start.
struct Hand {
  Wide price = 0;
  bool runs = false;  ///< false: waits, or has run down
  std::int64_t ends = 0;
};
Hand hand_at(const ClockRow& clock, const LotRow& lot, std::int64_t now) {
  Hand hand{clock.from.value, clock.started_at != 0 && now >= clock.started_at, 0};
  std::int64_t next = clock.started_at + clock.tick_ns;
  Wide price = hand.price;
  while (price != clock.floor.value) {
    price = step_on(lot, price, clock.floor.value);
    if (next <= now) hand.price = price;
    next += clock.tick_ns;
  }
  hand.ends = next;
  if (now >= next) hand.runs = false;
  return hand;
}

/// The lots of a session as they are drawn: by the first eight bytes of SHA-256(seed, lot).
std::vector<model::LotId> drawn(const SessionBook& book) {
  std::vector<std::pair<std::uint64_t, model::LotId>> keys;
  for (const model::LotId lot : book.entered) {
    const std::uint8_t number[] = {
        static_cast<std::uint8_t>(lot), static_cast<std::uint8_t>(lot >> 8),
        static_cast<std::uint8_t>(lot >> 16), static_cast<std::uint8_t>(lot >> 24)};
    const Sha256 hash = sha256_of({book.seed, number});
    std::uint64_t key = 0;
    for (int i = 7; i >= 0; --i) key = key << 8 | hash[static_cast<std::size_t>(i)];
    keys.emplace_back(key, lot);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<model::LotId> lots;
  for (const auto& [key, lot] : keys) lots.push_back(lot);
  return lots;
}

Wide notice_of(const Market& market, const model::ProductRow& product) {
  return product.notice_ns != 0 ? product.notice_ns : market.terms.notice_ns;
}

}  // namespace

void check_session(Market& market, const Look& look, model::SessionId id, const SessionRow& row) {
  const std::int64_t now = look.command.now.value;
  const auto known = market.sessions.find(id);
  if (known == market.sessions.end()) {
    model::AnnounceSession body{};
    require(look.command.header.type == body.kType && model::read_body(look.command.body, body),
            "R5.3", "a session that nobody announced");
    require(id == market.sessions.size() + 1 && row.state == SessionState::kAnnounced, "R5.3",
            "a new session is not announced");
    require(row.opens_at == body.opens_at && row.side == body.side && row.unsold == body.unsold,
            "R5.3", [&] { return session_text(id) + " is not as it was announced"; });
    const model::ProductRow& product = market.products.at(row.product);
    require(row.opens_at >= now + notice_of(market, product), "R5.3", "a notice that is too short");
    market.books[id].seed = body.seed;
    return;
  }
  const SessionRow& old = known->second;
  SessionBook& book = market.books.at(id);
  require(row.opens_at == old.opens_at && row.side == old.side && row.unsold == old.unsold &&
              row.product == old.product && row.tick_ns == old.tick_ns,
          "R5.3", [&] { return "the notice of " + session_text(id) + " has changed"; });
  require(row.lots == book.entered.size(), "R5.3", "a lot entered that is not counted");
  require(row.weighted == book.weighted && row.weight == book.weight, "R5.3.3",
          [&] { return "the mean of " + session_text(id) + " is of something else"; });
  require(row.seed == book.seed, "R5.3.3", "the seed was changed");
  const bool shared = row.kind == model::SessionKind::kSharedClock;
  if (shared) check_shared_session(market, look, id, old, row);
  if (row.state == old.state) return;
  require(!halted(market, row.product), "R12.2",
          [&] { return session_text(id) + " went on while trading was halted"; });
  require(row.state > old.state, "R5.3", [&] { return session_text(id) + " went back"; });
  require(now >= row.opens_at, "R5.3", [&] { return session_text(id) + " opened early"; });
  require(row.state != SessionState::kAllocating || row.unsold == model::UnsoldRule::kAllocate,
          "R5.3.3", "nothing is to be allocated");
  if (row.state != SessionState::kEnded) return;
  for (const model::LotId lot : book.entered) {
    const auto& of = market.clocks.at(lot);
    const LotState state = market.lots.at(lot).state;
    // Of a shared clock a lot may stand open a moment longer: a struck leader's, or without room.
    const bool open = state == LotState::kOpen && !shared;
    require(of.session != id || (state != LotState::kAnnounced && !open), "R5.3.3", [&] { return session_text(id) + " ended before lot " + std::to_string(lot); });
  }
  for (const auto& [number, quota] : market.quotas) {
    require(quota.session != id || (quota.bond.value == 0 && quota.trading_bond.value == 0),
            "R6.2", "a quota is frozen after its session");
  }
}

void check_clock(Market& market, const Look& look, model::LotId id, const ClockRow& row) {
  const std::int64_t now = look.command.now.value;
  const LotRow& lot = market.lots.at(id);
  SessionBook& book = market.books.at(row.session);
  const auto known = market.clocks.find(id);
  const auto by = look.command.header.type;
  const bool entering = (by == model::CommandType::kEnterClock ||
                         by == model::CommandType::kEnterSharedClock) &&
                        (known == market.clocks.end() || known->second.session != row.session);
  if (entering) {
    require(row.started_at == 0 && row.place == 0, "R5.3.3", "a clock runs before its session");
    book.entered.push_back(id);
    book.seed = sha256_of({book.seed, look.command.header.client_id});
    return;
  }
  require(known != market.clocks.end() && known->second.session == row.session &&
              row.floor == known->second.floor,
          "R5.3", "a lot's clock has changed");
  const ClockRow& old = known->second;
  if (row.place != old.place) {
    const auto order = drawn(book);
    require(old.place == 0 && row.place >= 1 && row.place <= order.size() &&
                order[row.place - 1] == id,
            "R5.3.3", [&] { return "lot " + std::to_string(id) + " was not drawn at its place"; });
    return;
  }
  if (row.started_at == old.started_at) return;
  const auto taken = std::find_if(look.trades.rbegin(), look.trades.rend(),
                                  [&](const auto& trade) { return trade.lot == id; });
  if (row.started_at == 0) {
    require(now >= hand_at(old, lot, now).ends, "R5.3.3", "a clock was stopped by nobody");
  } else if (old.started_at == 0) {
    require(row.started_at == now && row.from == lot.price &&
                row.tick_ns == market.sessions.at(row.session).tick_ns,
            "R5.3.3", "a clock starts otherwise than at its start");
    const auto order = drawn(book);
    for (std::uint32_t i = 0; i + 1 < row.place; ++i) {
      const LotState before = market.lots.at(order[i]).state;
      require(before != LotState::kAnnounced || market.clocks.at(order[i]).session != row.session,
              "R5.3.3", "a lot was passed over");
    }
  } else if (halted(market, lot.product)) {
    require(row.from == old.from && row.started_at == old.started_at + halted_span(market, lot),
            "R12.2", "a clock goes on at another price than where it stood");
  } else {
    require(taken != look.trades.rend() && row.from == taken->price &&
                row.started_at == now + row.tick_ns,
            "R5.3.3", "after a take the clock waits a full tick and resumes at the same price");
  }
}

void check_quota(const Market& market, const Look& look, model::QuotaId id,
                 const model::QuotaRow& row) {
  const auto known = market.quotas.find(id);
  if (known != market.quotas.end()) {
    require(row.left <= known->second.left && row.left >= 0 && row.buyer == known->second.buyer,
            "R5.3.3", "a quota has grown");
    return;
  }
  model::BondQuota body{};
  require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
              row.quantity == body.quantity && row.left == body.quantity &&
              row.buyer == look.command.header.participant,
          "R5.3.3", "a quota that nobody asked for");
  const SessionRow& session = market.sessions.at(row.session);
  require(session.state == SessionState::kAnnounced, "R5.3.3", "a quota after the opening");
  Wide start = 0, average = 0;
  for (const model::LotId lot : market.books.at(row.session).entered) {
    if (market.clocks.at(lot).session != row.session) continue;
    start = std::max<Wide>(start, market.lots.at(lot).price.value);
    average = std::max<Wide>(average, market.lots.at(lot).average_g);
  }
  const Bonds bonds =
      bonds_at(market.products.at(session.product), start, row.quantity, average);
  require(row.bond.value == bonds.performance && row.trading_bond.value == bonds.trading, "R6.1",
          "a quota's bonds differ");
}

namespace {

/// R5.3.3: the shares of what is left of the lot, the largest remainders first.
std::vector<Wide> shares_of(const Market& market, const LotRow& lot, const ClockRow& clock) {
  std::vector<Wide> wishes;
  Wide all = 0;
  for (const auto& [id, quota] : market.quotas) {
    if (quota.session != clock.session || quota.left == 0 || !market.active(quota.buyer) ||
        quota.buyer == lot.initiator || market.related(lot.initiator, quota.buyer)) {
      continue;
    }
    wishes.push_back(quota.left);
    all += quota.left;
  }
  const Wide given = std::min<Wide>(lot.remaining, all);
  std::vector<Wide> shares;
  std::vector<std::pair<Wide, std::size_t>> remainders;
  Wide left = given;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    shares.push_back(given * wishes[i] / all);
    remainders.emplace_back(-(given * wishes[i] % all), i);
    left -= shares.back();
  }
  std::sort(remainders.begin(), remainders.end());
  for (Wide i = 0; i < left; ++i) ++shares[remainders[static_cast<std::size_t>(i)].second];
  return shares;
}

void check_allocated(const Market& market, Look& look, const model::TradeConcluded& trade,
                     const LotRow& lot, const ClockRow& clock) {
  const SessionBook& book = market.books.at(clock.session);
  const Wide tick = market.products.at(lot.product).tick.value;
  require(book.weight > 0, "R5.3.3", "allocated without a mean");
  const Wide mean = round_half_away(book.weighted, book.weight * tick) * tick;
  require(trade.price.value == std::max<Wide>(mean, clock.floor.value), "R5.3.3",
          [&] { return "allocated at " + std::to_string(trade.price.value); });
  // Zones are not worked out here: where the lot is collected, a share may fall to others.
  if (lot.terms == model::Terms::kOrigin) return;
  const auto shares =
      look.shares.try_emplace(trade.lot, shares_of(market, lot, clock)).first;
  const auto found = std::find(shares->second.begin(), shares->second.end(), Wide{trade.quantity});
  require(found != shares->second.end(), "R5.3.3",
          [&] { return "a share of " + std::to_string(trade.quantity) + " is nobody's"; });
  shares->second.erase(found);
}

}  // namespace

void check_clock_trade(Market& market, Look& look, const model::TradeConcluded& trade,
                       const LotRow& lot) {
  const ClockRow& clock = market.clocks.at(trade.lot);
  SessionBook& book = market.books.at(clock.session);
  require(lot.state == LotState::kOpen, "R5.3.3", "a take of a lot that is not open");
  require(trade.quantity >= lot.minimum, "R5.3.3", "a part below the minimum");
  if (market.sessions.at(clock.session).state == SessionState::kAllocating) {
    return check_allocated(market, look, trade, lot, clock);
  }
  model::TakeClock body{};
  require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
              body.lot == trade.lot && body.quantity == trade.quantity,
          "R5.3.3", "a clock was stopped by another command");
  const Hand hand = hand_at(clock, lot, look.command.now.value);
  require(hand.runs && trade.price.value == hand.price, "R5.3.3", [&] {
    return "lot " + std::to_string(trade.lot) + " was taken at " +
           std::to_string(trade.price.value) + " while its clock shows " + text_of(hand.price);
  });
  book.weighted += Wide{trade.price.value} * trade.weight;
  book.weight += trade.weight;
}

void check_clock_notice(const Market& market, const LotRow& row, bool carried, std::int64_t now) {
  const model::ProductRow& product = market.products.at(row.product);
  require(carried || row.open_at >= now + notice_of(market, product), "R5.3",
          "a notice shorter than it must be");
  const Wide parts = row.remaining / row.minimum;
  const Wide spare = parts > 1 ? 2 * parts : 0;
  const Bonds bonds = bonds_at(product, std::max(row.price.value, row.reserve.value),
                               row.remaining, row.average_g);
  require(row.initiator_bond.value == bonds.performance + spare &&
              row.initiator_trading_bond.value == (falls(row) ? 0 : bonds.trading + spare),
          "R6.4", "a clock's notice froze another sum");
}

Expected expected_of_clock(const Market& market, const model::Command& command) {
  if (const Reject r = who_may_ask(market, command); r != Reject::ok) return {r};
  model::TakeClock body{};
  if (command.body.size() != sizeof(body) || !model::read_body(command.body, body)) {
    return {Reject::malformed_body};
  }
  if (const Reject r = check_trader(market, command); r != Reject::ok) return {r};
  const auto found = market.lots.find(body.lot);
  if (found == market.lots.end()) return {Reject::unknown_lot};
  const LotRow& lot = found->second;
  const auto clock = market.clocks.find(body.lot);
  if (lot.method != model::Method::kClock || clock == market.clocks.end()) {
    return {Reject::wrong_lot_state};
  }
  if (lot.state == LotState::kAnnounced) return {Reject::auction_not_open};
  if (lot.state != LotState::kOpen || clock->second.started_at == 0) return {Reject::auction_closed};
  const std::int64_t now = command.now.value;
  if (now < clock->second.started_at) return {Reject::clock_waits};
  const Hand hand = hand_at(clock->second, lot, now);
  if (!hand.runs) return {Reject::auction_closed};
  const model::ParticipantId taker = command.header.participant;
  const Reject control = controlled(market, lot.product, taker, body.quantity, now);
  if (control != Reject::ok) return {control};
  if (taker == lot.initiator) return {Reject::own_lot};
  if (const Reject r = check_apart(market, lot.initiator, taker); r != Reject::ok) return {r};
  if (!market.active(lot.initiator)) return {Reject::participant_not_active};
  if (body.price <= 0 || body.price > model::kMaxMagnitude) return {Reject::price_not_positive};
  if (falls(lot) ? hand.price > body.price : hand.price < body.price) return {Reject::stale_price};
  if (body.quantity <= 0) return {Reject::invalid_quantity};
  if (body.quantity > lot.remaining) return {Reject::above_remaining};
  if (body.quantity < lot.minimum) return {Reject::below_minimum};
  if (falls(lot) && body.goods != 0) return {Reject::malformed_body};
  if (!falls(lot) && body.goods == 0) return {Reject::goods_required};
  const bool exact = falls(lot) && lot.terms == model::Terms::kDestination;
  return {check_funds(market, lot, taker, hand.price, body.quantity), exact};
}

}  // namespace hulan::auditor
