// SPDX-License-Identifier: Apache-2.0
// Negotiation (R5.2): who may name what number to whom, what it freezes, and how it ends.
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::CommandType;
using model::LotRow;
using model::LotState;
using model::QuoteRow;
using model::QuoteState;
using model::Reject;
using model::RequestRow;

namespace {

bool sells(const LotRow& lot) { return lot.side == model::Side::kSell; }

/// R6.1: both bonds; who asked and sells posts what an initiator posts.
Bonds bonds_of(const Market& market, const LotRow& lot, model::ParticipantId maker, Wide price,
               Wide quantity) {
  Bonds bonds = bonds_at(market.products.at(lot.product), price, quantity, lot.average_g);
  if (maker == lot.initiator && sells(lot)) bonds.trading = 0;
  return bonds;
}

/// A number as a command asks for it, with what it answers.
struct Asked {
  model::LotId request = 0, goods = 0;
  model::QuoteId answers = 0;
  model::ParticipantId maker = 0, counterparty = 0;
  Wide price = 0, quantity = 0;
  std::int64_t expires_at = 0;
};

bool alive(const QuoteRow& row, std::int64_t now) {
  return row.state == QuoteState::kLive && now < row.expires_at;
}

/// The first thing wrong with touching a quote; `other`: it must be the other side's.
Reject check_touch(const Market& market, model::QuoteId id, model::ParticipantId who,
                   std::int64_t now, bool other) {
  const auto found = market.quotes.find(id);
  if (found == market.quotes.end()) return Reject::unknown_quote;
  const QuoteRow& row = found->second;
  const LotRow& lot = market.lots.at(row.request);
  if (who != row.counterparty && who != lot.initiator) return Reject::not_your_quote;
  if (!alive(row, now)) return Reject::quote_over;
  if (!other) return Reject::ok;
  if (row.maker == who) return Reject::own_quote;
  return lot.state == LotState::kListed && now < lot.close_at ? Reject::ok : Reject::request_over;
}

Reject check_two(const Market& market, const LotRow& lot, model::ParticipantId who,
                 model::ParticipantId counterparty, Wide quantity, std::int64_t now) {
  const Reject control = controlled(market, lot.product, who, quantity, now);
  if (control != Reject::ok) return control;
  if (lot.initiator == counterparty) return Reject::own_lot;
  if (const Reject r = check_apart(market, lot.initiator, counterparty); r != Reject::ok) return r;
  const auto other = who == counterparty ? lot.initiator : counterparty;
  return market.active(other) ? Reject::ok : Reject::participant_not_active;
}

Reject check_numbers(const Market& market, const LotRow& lot, const Asked& asked,
                     std::int64_t now) {
  const model::ProductRow& product = market.products.at(lot.product);
  if (asked.price <= 0 || asked.price > model::kMaxMagnitude) return Reject::price_not_positive;
  if (asked.price % product.tick.value != 0) return Reject::price_off_tick;
  if (into_band(market, lot, asked.price, now) != asked.price) return Reject::out_of_band;
  if (asked.quantity <= 0) return Reject::invalid_quantity;
  if (asked.quantity > lot.quantity) return Reject::above_remaining;
  if (asked.quantity < lot.minimum) return Reject::below_minimum;
  if (asked.expires_at <= now) return Reject::expiry_in_past;
  return asked.expires_at <= lot.close_at ? Reject::ok : Reject::invalid_window;
}

/// Whether another number fits: one stands between two, and there are only so many.
Reject check_count(const Market& market, const Asked& asked) {
  std::size_t all = 0, between = 0, standing = 0;
  for (const model::QuoteId id : market.talks.at(asked.request)) {
    const QuoteRow& row = market.quotes.at(id);
    ++all;
    const bool live = row.state == QuoteState::kLive;
    if (live) ++standing;
    if (row.counterparty != asked.counterparty) continue;
    ++between;
    if (live && id != asked.answers) return Reject::quote_stands;
  }
  const bool full = all >= model::kMaxRequestQuotes || between >= model::kMaxTalkQuotes ||
                    (asked.answers == 0 && standing >= model::kMaxLiveQuotes);
  return full ? Reject::quotes_full : Reject::ok;
}

Asked read_number(const Market& market, const model::Command& command) {
  Asked asked;
  asked.maker = command.header.participant;
  model::Quote quote{};
  model::Counter counter{};
  if (command.header.type == CommandType::kQuote && model::read_body(command.body, quote)) {
    asked.request = quote.request, asked.goods = quote.goods;
    asked.price = quote.price, asked.quantity = quote.quantity;
    asked.expires_at = quote.expires_at;
    asked.counterparty = asked.maker;
  } else if (model::read_body(command.body, counter)) {
    asked.answers = counter.quote, asked.goods = counter.goods;
    asked.price = counter.price, asked.quantity = counter.quantity;
    asked.expires_at = counter.expires_at;
    const auto answered = market.quotes.find(counter.quote);
    if (answered != market.quotes.end()) {
      asked.request = answered->second.request;
      asked.counterparty = answered->second.counterparty;
    }
  }
  return asked;
}

/// Everything but goods, zones and money.
Reject check_number(const Market& market, const model::Command& command, const Asked& asked) {
  const std::int64_t now = command.now.value;
  if (const Reject r = check_trader(market, command); r != Reject::ok) return r;
  if (command.header.type == CommandType::kQuote) {
    const auto lot = market.lots.find(asked.request);
    if (lot == market.lots.end()) return Reject::unknown_lot;
    const auto request = market.requests.find(asked.request);
    if (request == market.requests.end()) return Reject::unknown_request;
    const RequestRow& row = request->second;
    const auto end = row.named.begin() + row.named_count;
    const bool named = std::find(row.named.begin(), end, asked.maker) != end;
    if (row.named_count != 0 && !named && lot->second.initiator != asked.maker) {
      return Reject::not_invited;
    }
    if (lot->second.state != LotState::kListed || now >= lot->second.close_at) {
      return Reject::request_over;
    }
  } else if (const Reject r = check_touch(market, asked.answers, asked.maker, now, true);
             r != Reject::ok) {
    return r;
  }
  const LotRow& lot = market.lots.at(asked.request);
  const Reject two = check_two(market, lot, asked.maker, asked.counterparty, asked.quantity, now);
  if (two != Reject::ok) return two;
  return check_numbers(market, lot, asked, now);
}

/// Whether goods or zones may refuse what the rules here allow.
bool depends_on_goods(const LotRow& lot, model::ParticipantId who) {
  if (who == lot.initiator) return false;
  return !sells(lot) || lot.terms == model::Terms::kOrigin;
}

Reject check_money(const Market& market, const LotRow& lot, model::ParticipantId who, Wide price,
                   Wide quantity) {
  const Bonds bonds = bonds_of(market, lot, who, price, quantity);
  if (bonds.nominal > model::kMaxMagnitude) return Reject::overflow;
  const auto currency = market.products.at(lot.product).currency;
  return market.available(who, currency) < bonds.performance + bonds.trading ? Reject::no_funds
                                                                             : Reject::ok;
}

Expected expected_of_number(const Market& market, const model::Command& command) {
  const Asked asked = read_number(market, command);
  if (const Reject r = check_number(market, command, asked); r != Reject::ok) return {r};
  const LotRow& lot = market.lots.at(asked.request);
  if (asked.maker == lot.initiator && asked.goods != 0) return {Reject::malformed_body};
  if (sells(lot) && asked.goods != 0) return {Reject::malformed_body};
  const bool exact = !depends_on_goods(lot, asked.maker);
  if (const Reject r = check_count(market, asked); r != Reject::ok) return {r, exact};
  return {check_money(market, lot, asked.maker, asked.price, asked.quantity), exact};
}

Expected expected_of_accept(const Market& market, const model::Command& command) {
  model::AcceptQuote body{};
  static_cast<void>(model::read_body(command.body, body));
  const auto who = command.header.participant;
  if (const Reject r = check_trader(market, command); r != Reject::ok) return {r};
  const Reject touch = check_touch(market, body.quote, who, command.now.value, true);
  if (touch != Reject::ok) return {touch};
  const QuoteRow& row = market.quotes.at(body.quote);
  const LotRow& lot = market.lots.at(row.request);
  const Reject two = check_two(market, lot, who, row.counterparty, row.quantity, command.now.value);
  if (two != Reject::ok) return {two};
  if (body.price != row.price.value || body.quantity != row.quantity) return {Reject::stale_price};
  if ((who == lot.initiator || sells(lot)) && body.goods != 0) return {Reject::malformed_body};
  return {check_money(market, lot, who, row.price.value, row.quantity),
          !depends_on_goods(lot, who)};
}

Expected expected_of_end(const Market& market, const model::Command& command) {
  model::EndQuote body{};
  static_cast<void>(model::read_body(command.body, body));
  const auto user = market.users.find(command.header.user);
  if (command.header.participant == 0 || (user->second.roles & model::kRoleTrader) == 0) {
    return {Reject::wrong_role};
  }
  return {check_touch(market, body.quote, command.header.participant, command.now.value, false)};
}

void check_new_quote(Market& market, const Look& look, model::QuoteId id, const QuoteRow& row) {
  const model::Command& command = look.command;
  const bool asked_for =
      command.header.type == CommandType::kQuote || command.header.type == CommandType::kCounter;
  require(asked_for && id == market.quotes.size() + 1, "R5.2", "a quote that nobody made");
  const Asked asked = read_number(market, command);
  require(row.state == QuoteState::kLive && row.request == asked.request &&
              row.price.value == asked.price && row.quantity == asked.quantity &&
              row.expires_at == asked.expires_at && row.maker == asked.maker &&
              row.counterparty == asked.counterparty && row.previous == asked.answers &&
              row.goods == asked.goods,
          "R5.2", "a quote that is not as it was asked");
  const LotRow& lot = market.lots.at(row.request);
  const Reject two = check_two(market, lot, row.maker, row.counterparty, row.quantity,
                               look.command.now.value);
  const Reject numbers = check_numbers(market, lot, asked, command.now.value);
  require(two == Reject::ok && numbers == Reject::ok &&
              check_trader(market, command) == Reject::ok,
          "R5.2", [&] {
            return "a number was accepted, but: " +
                   std::string(model::reject_text(two == Reject::ok ? numbers : two).code);
          });
  require(check_count(market, asked) == Reject::ok, "R5.2", "two numbers stand between two");
  const Bonds bonds = bonds_of(market, lot, row.maker, row.price.value, row.quantity);
  require(row.performance.value == bonds.performance && row.trading.value == bonds.trading, "R6.1",
          "a quote's bonds differ");
  market.talks[row.request].push_back(id);
}

void check_ended_quote(const Market& market, const Look& look, model::QuoteId id,
                       const QuoteRow& old, const QuoteRow& row) {
  const model::Command& command = look.command;
  const auto who = command.header.participant;
  model::EndQuote named{};  // each command about a quote begins with its number
  static_cast<void>(model::read_body(command.body, named));
  const bool about = named.quote == id && alive(old, command.now.value);
  const auto by = command.header.type;
  const bool other = who != old.maker;
  switch (row.state) {
    case QuoteState::kCountered:
      return require(about && other && by == CommandType::kCounter, "R5.2", "countered by nobody");
    case QuoteState::kAccepted:
      require(about && other && by == CommandType::kAcceptQuote, "R5.2", "accepted by nobody");
      return require(!look.trades.empty() && look.trades.back().contract == row.contract &&
                         look.trades.back().lot == row.request,
                     "R5.2", "accepted without a contract");
    case QuoteState::kRefused:
      return require(about && other && by == CommandType::kEndQuote, "R5.2", "refused by nobody");
    case QuoteState::kWithdrawn:
      return require(about && !other && by == CommandType::kEndQuote, "R5.2",
                     "withdrawn by nobody");
    case QuoteState::kExpired:
      return require(command.now.value >= old.expires_at, "R5.2", "a quote expired early");
    case QuoteState::kStruck:
      return require(!market.active(old.counterparty), "R5.7", "the number of an active one");
    case QuoteState::kEnded:  // whether the request has ended is seen when all is done
      return;
    case QuoteState::kLive:
      break;
  }
  require(false, "R5.2", "a quote stands again");
}

}  // namespace

void check_request(Market& market, const Look& look, model::LotId id, const RequestRow& row) {
  const auto known = market.requests.find(id);
  if (known == market.requests.end()) {
    model::RequestQuote body{};
    require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
                body.lot == id && row.named == body.named && row.named_count == body.named_count,
            "R5.2", "a request that nobody made");
    market.talks[id];
    return;
  }
  require(row.named == known->second.named && row.named_count == known->second.named_count,
          "R5.2", "a request names others now");
  const auto& talk = market.talks.at(id);
  const auto live = std::count_if(talk.begin(), talk.end(), [&](model::QuoteId quote) {
    return market.quotes.at(quote).state == QuoteState::kLive;
  });
  require(row.quotes == talk.size() && row.live == live, "R5.2", "quotes are not counted");
}

void check_quote(Market& market, Look& look, model::QuoteId id, const QuoteRow& row) {
  look.requests[row.request] = true;
  const auto known = market.quotes.find(id);
  if (known == market.quotes.end()) return check_new_quote(market, look, id, row);
  const QuoteRow& old = known->second;
  require(row.price == old.price && row.quantity == old.quantity && row.maker == old.maker &&
              row.expires_at == old.expires_at && row.counterparty == old.counterparty &&
              row.request == old.request,
          "R5.2", "a quote has changed");
  require(old.state == QuoteState::kLive && row.performance.value == 0 && row.trading.value == 0,
          "R6.2", "a quote ended with bonds frozen");
  check_ended_quote(market, look, id, old, row);
}

void check_requests(const Market& market, const Look& look) {
  for (const auto& [id, touched] : look.requests) {
    const bool runs = market.lots.at(id).state == LotState::kListed;
    for (const model::QuoteId quote : market.talks.at(id)) {
      const QuoteState state = market.quotes.at(quote).state;
      require(runs ? state != QuoteState::kEnded : state != QuoteState::kLive, "R5.2",
              [&] { return "quote " + std::to_string(quote) + " does not go with its request"; });
    }
  }
}

void check_quote_trade(const Market& market, const Look& look,
                       const model::TradeConcluded& trade) {
  model::AcceptQuote body{};
  require(look.command.header.type == body.kType && model::read_body(look.command.body, body),
          "R5.2", "a negotiation was concluded otherwise than by acceptance");
  const QuoteRow& row = market.quotes.at(body.quote);
  const LotRow& lot = market.lots.at(trade.lot);
  const auto who = look.command.header.participant;
  require(row.request == trade.lot && alive(row, look.command.now.value) &&
              trade.price == row.price && trade.quantity == row.quantity &&
              trade.price.value == body.price && trade.quantity == body.quantity,
          "R5.2", "concluded at other figures than were accepted");
  require(who != row.maker && (who == row.counterparty || who == lot.initiator), "R5.2",
          "accepted by somebody else");
  require(lot.state == LotState::kListed && look.command.now.value < lot.close_at, "R5.2",
          "accepted after the request's end");
}

Expected expected_of_quote(const Market& market, const model::Command& command) {
  if (const Reject r = who_may_ask(market, command); r != Reject::ok) return {r};
  const auto size = command.body.size();
  switch (command.header.type) {
    case CommandType::kQuote:
    case CommandType::kCounter:
      static_assert(sizeof(model::Quote) == sizeof(model::Counter));
      if (size != sizeof(model::Quote)) return {Reject::malformed_body};
      return expected_of_number(market, command);
    case CommandType::kAcceptQuote:
      if (size != sizeof(model::AcceptQuote)) return {Reject::malformed_body};
      return expected_of_accept(market, command);
    case CommandType::kEndQuote:
      if (size != sizeof(model::EndQuote)) return {Reject::malformed_body};
      return expected_of_end(market, command);
    default:
      return {Reject::ok, false};
  }
}

}  // namespace hulan::auditor
