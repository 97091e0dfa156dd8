// SPDX-License-Identifier: Apache-2.0
// Catalogues on one shared clock (R5.3.2): opened together, restarted by each bid, closed together.
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::LotRow;
using model::LotState;
using model::SessionRow;
using model::SessionState;

namespace {

constexpr Wide kSecond = 1'000'000'000;

std::string session_text(model::SessionId id) { return "session " + std::to_string(id); }

/// R5.3.2: 60 s, ten less for each 300 s since it began, never under 20 s.
std::int64_t length(const SessionBook& book, std::int64_t now) {
  Wide seconds = 60;
  for (Wide at = book.began + 300 * kSecond; at <= now && seconds > 20; at += 300 * kSecond) {
    seconds -= 10;
  }
  return static_cast<std::int64_t>(seconds * kSecond);
}

bool bids(model::CommandType type) {
  return type == model::CommandType::kPlaceBid || type == model::CommandType::kSetProxy;
}

void check_moved(Market& market, const Look& look, model::SessionId id, const SessionRow& row) {
  SessionBook& book = market.books.at(id);
  const std::int64_t now = look.command.now.value;
  if (halted(market, row.product)) {
    const HaltedSpan span = halted_span_of(market, row.product, book.due);
    book.began += span.ns;
    book.due += span.ns;
    if (!span.held) book.due = std::max(book.due, now + length(book, now));
    book.moved_in = span.sequence;
    require(row.due == book.due, "R12.2",
            [&] { return session_text(id) + " got another time back than was halted"; });
    return;
  }
  const bool by_strike = std::any_of(look.struck.begin(), look.struck.end(), [&](const auto& each) {
    return shared_by(market, each.first) == id;
  });
  require(bids(look.command.header.type) || by_strike, "R5.3.2",
          [&] { return "the clock of " + session_text(id) + " was restarted by nobody"; });
  require(now < book.due && row.due == now + length(book, now) && row.due > book.due, "R5.3.2",
          [&] { return "the clock of " + session_text(id) + " was restarted to another length"; });
  book.due = row.due;
}

}  // namespace

model::SessionId shared_by(const Market& market, model::LotId lot) {
  const auto clock = market.clocks.find(lot);
  if (clock == market.clocks.end()) return 0;
  const auto session = market.sessions.find(clock->second.session);
  const bool shared = session != market.sessions.end() &&
                      session->second.kind == model::SessionKind::kSharedClock;
  return shared ? session->first : 0;
}

std::int64_t close_of(const Market& market, const LotRow& lot) {
  const model::SessionId id = shared_by(market, lot.id);
  const bool its_own = id == 0 || lot.state != LotState::kOpen;
  return its_own ? lot.close_at : market.books.at(id).due;
}

std::int64_t close_after_bid(const Market& market, const LotRow& lot, std::int64_t now) {
  if (const model::SessionId id = shared_by(market, lot.id); id != 0) {
    const SessionBook& book = market.books.at(id);
    return std::max(book.due, now + length(book, now));
  }
  return now >= lot.close_at - lot.window_ns ? std::max(lot.close_at, now + lot.window_ns)
                                             : lot.close_at;
}

void check_shared_session(Market& market, const Look& look, model::SessionId id,
                          const SessionRow& old, const SessionRow& row) {
  const std::int64_t now = look.command.now.value;
  SessionBook& book = market.books.at(id);
  require(row.state != SessionState::kAllocating, "R5.3.2", "a shared clock allocates nothing");
  if (old.state == SessionState::kAnnounced && row.state == SessionState::kRunning) {
    book.began = now;
    book.due = now + length(book, now);
    require(row.due == book.due, "R5.3.2", "a shared clock opens with another length");
  } else if (row.state == SessionState::kRunning &&
             (row.due != old.due || halted(market, row.product))) {
    check_moved(market, look, id, row);
  } else if (row.state == SessionState::kEnded && old.state == SessionState::kRunning) {
    require(now >= book.due, "R5.3.2", [&] { return session_text(id) + " closed early"; });
  }
  if (row.state == SessionState::kRunning) {
    require(row.began_at == book.began, "R5.3.2", "the shared clock's beginning has changed");
  }
}

void count_shared_trade(Market& market, const model::TradeConcluded& trade) {
  const model::SessionId id = shared_by(market, trade.lot);
  if (id == 0 || market.sessions.at(id).state != SessionState::kRunning) return;
  market.books.at(id).weighted += Wide{trade.price.value} * trade.weight;
  market.books.at(id).weight += trade.weight;
}

void check_shared_moved(const Market& market, const model::HaltRow& halt) {
  for (const auto& [id, session] : market.sessions) {
    const bool running = session.kind == model::SessionKind::kSharedClock &&
                         session.state == SessionState::kRunning;
    const bool covered = halt.product == 0 || session.product == halt.product;
    if (!running || !covered || market.books.at(id).due <= halt.since) continue;
    require(market.books.at(id).moved_in == halt.sequence, "R12.2",
            [&] { return session_text(id) + " did not get the halted time back"; });
  }
}

}  // namespace hulan::auditor
