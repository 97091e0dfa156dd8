// SPDX-License-Identifier: Apache-2.0
// The order book (R5.4) as plainly as it can be said: lists of orders by price. What the market
// tells of it is held against them: who is first in line, at what price, how much, what is bonded.
#include <algorithm>
#include <cstring>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::BookPhase;
using model::BookRow;
using model::BookSide;
using model::OrderKind;
using model::OrderLife;
using model::OrderOutReason;
using model::Reject;
using model::SelfTrade;

namespace {

constexpr std::size_t kBuy = 0, kSell = 1;

std::string order_text(model::OrderId id) {
  return "order " + std::to_string(id & 0xFFFFFFFF) + "/" + std::to_string(id >> 32);
}

Bonds bonds_of(const BookRow& row, Wide price, Wide lots) {
  const Wide measured = lots * row.lot_measure;
  const Wide nominal = row.basis == model::PriceBasis::kByCount
                           ? price * measured
                           : round_half_away(price * measured, 10'000);
  return {nominal, round_up(nominal * row.bond_bp, 10'000),
          round_up(nominal * row.trading_bond_bp, 10'000)};
}
Bonds difference(const Bonds& a, const Bonds& b) {
  return {a.nominal - b.nominal, a.performance - b.performance, a.trading - b.trading};
}
/// What an order's bonds give up as `before` lots become `after`.
Bonds share(const BookRow& row, Wide price, Wide before, Wide after) {
  return difference(bonds_of(row, price, before), bonds_of(row, price, after));
}

void owe(Market& market, Look& look, std::uint32_t position, const BookRow& row,
         const Bonds& bonds, int sign) {
  const Account account{market.positions.at(position).participant, row.currency};
  market.owed[account][static_cast<std::size_t>(model::Bucket::kPerformanceBond)] +=
      bonds.performance * sign;
  market.owed[account][static_cast<std::size_t>(model::Bucket::kTradingBond)] +=
      bonds.trading * sign;
  look.touched[account] = true;
}

void hold(Market& market, Look& look, std::uint32_t position, const BookRow& row,
          const Bonds& bonds) {
  PlainPosition& owner = market.positions.at(position);
  owner.performance += bonds.performance;
  owner.trading += bonds.trading;
  owe(market, look, position, row, bonds, 1);
}

/// The price at the front of a queue, and whether there is one.
using Level = std::pair<const Wide, std::list<PlainOrder>>;
Level* front(PlainBook& book, std::size_t queue) {
  auto& levels = book.queues[queue];
  if (levels.empty()) return nullptr;
  return queue == kBuy || queue == 3 ? &*levels.rbegin() : &*levels.begin();
}
const Level* front(const PlainBook& book, std::size_t queue) {
  return front(const_cast<PlainBook&>(book), queue);
}

bool reaches(std::size_t side, Wide limit, Wide price) {
  return side == kBuy ? price <= limit : price >= limit;
}

bool crossed(const PlainBook& book) {
  const Level* bid = front(book, kBuy);
  const Level* ask = front(book, kSell);
  return bid != nullptr && ask != nullptr && bid->first >= ask->first;
}

/// Takes lots off what an order shows; its next part, if it hides one, is the last in line.
bool lower(PlainBook& book, std::size_t queue, Wide price, Wide quantity) {
  auto& line = book.queues[queue].at(price);
  PlainOrder& order = line.front();
  order.shown -= quantity;
  if (order.shown > 0) return false;
  if (order.hidden == 0) {
    line.pop_front();
    if (line.empty()) book.queues[queue].erase(price);
    return false;
  }
  order.shown = std::min(order.display, order.hidden);
  order.hidden -= order.shown;
  line.splice(line.end(), line, line.begin());
  return true;
}

struct Place {
  std::list<PlainOrder>* line = nullptr;
  std::list<PlainOrder>::iterator order;
};
Place find(PlainBook& book, std::size_t queue, Wide price, model::OrderId id) {
  const auto level = book.queues[queue].find(price);
  if (level == book.queues[queue].end()) return {};
  const auto found = std::find_if(level->second.begin(), level->second.end(),
                                  [id](const PlainOrder& order) { return order.id == id; });
  if (found == level->second.end()) return {};
  return {&level->second, found};
}

bool own(const Market& market, std::uint32_t a, std::uint32_t b) {
  if (a == b) return true;
  return check_apart(market, market.positions.at(a).participant,
                     market.positions.at(b).participant) != model::Reject::ok;
}

Wide lots_at(const PlainBook& book, std::size_t queue, Wide low, Wide high) {
  Wide sum = 0;
  for (const auto& [price, line] : book.queues[queue]) {
    if (price < low || price > high) continue;
    for (const PlainOrder& order : line) sum += order.open();
  }
  return sum;
}

Wide magnitude(Wide value) { return value < 0 ? -value : value; }

/// The auction's price, by trying every tick between the best two; 0 = nothing would trade.
Wide auction_price(const PlainBook& book) {
  if (!crossed(book)) return 0;
  const Wide low = front(book, kSell)->first, high = front(book, kBuy)->first;
  Wide best = 0, most = 0, least = 0;
  for (Wide price = low; price <= high; price += book.row.tick.value) {
    const Wide bought = lots_at(book, kBuy, price, high);
    const Wide sold = lots_at(book, kSell, low, price);
    const Wide quantity = std::min(bought, sold), left = magnitude(bought - sold);
    const bool nearer = magnitude(price - book.row.anchor.value) <
                        magnitude(best - book.row.anchor.value);
    if (best == 0 || quantity > most || (quantity == most && left < least) ||
        (quantity == most && left == least && nearer)) {
      best = price;
      most = quantity;
      least = left;
    }
  }
  return best;
}

void count_trade(Market& market, PlainBook& book, std::uint32_t buyer, std::uint32_t seller,
                 Wide price, Wide quantity) {
  const Wide nominal = bonds_of(book.row, price, quantity).nominal;
  for (const auto& [position, sign] : {std::pair(buyer, 1), std::pair(seller, -1)}) {
    PlainPosition& owner = market.positions.at(position);
    owner.net += quantity * sign;
    owner.paid += nominal * sign;
    owner.traded += quantity;
  }
  ++book.trades;
  book.traded += quantity;
  book.weighted += price * quantity;
  book.last = price;
}

bool is_call(BookPhase phase) {
  return phase == BookPhase::kOpeningCall || phase == BookPhase::kVolatilityCall ||
         phase == BookPhase::kClosingCall;
}

bool may_follow(BookPhase from, BookPhase to) {
  switch (to) {
    case BookPhase::kClosed:
      return from == BookPhase::kClosing;
    case BookPhase::kOpeningCall:
      return from == BookPhase::kClosed;
    case BookPhase::kContinuous:
      return from == BookPhase::kOpeningCall || from == BookPhase::kVolatilityCall;
    case BookPhase::kVolatilityCall:
    case BookPhase::kClosingCall:
      return from == BookPhase::kContinuous;
    case BookPhase::kClosing:
      return from == BookPhase::kClosingCall;
    case BookPhase::kUncrossing:
      return false;
  }
  return false;
}

void check_new_session(const Market& market, const Look& look, const PlainBook& before,
                       const BookRow& row) {
  model::OpenBook body{};
  require(look.command.header.type == body.kType && model::read_body(look.command.body, body),
          "R5.4", "a session of a book that nobody opened");
  const auto terms = market.product_terms.find(row.product);
  require(terms != market.product_terms.end() && terms->second.permit_authority[0] != 0 &&
              terms->second.permit_number[0] != 0 && terms->second.permit_date != 0,
          "R5.4", "a book without a permit");
  require(row.call_at >= look.command.now.value && row.open_at >= row.call_at &&
              row.closing_call_at > row.open_at && row.close_at >= row.closing_call_at,
          "R5.4", "the times of a session are out of order");
  const bool thin = before.row.trades < 3 || before.row.buyers < 2;
  const Wide reference =
      thin ? Wide{body.reference} : round_half_away(before.weighted, before.traded);
  require(row.reference.value == reference, "R5.5", "a book's reference is of something else");
  const model::ProductRow& product = market.products.at(row.product);
  const Wide tick = product.tick.value;
  require(row.tick.value == tick && row.bond_bp == product.bond_bp, "R5.4",
          "a book does not follow its product");
  if (product.band_bp == 0) return;
  const Wide high = reference * (10'000 + product.band_bp) / (10'000 * tick) * tick;
  const Wide low = round_up(reference * (10'000 - Wide{product.band_bp}), 10'000 * tick) * tick;
  require(row.band_low.value == low && row.band_high.value == high, "R5.5",
          "a book's band is another");
}

void check_phase_change(const Market& market, const PlainBook& book, const BookRow& row,
                        std::int64_t now) {
  // R12.2: not resumed by the session's end, it closes as it stands.
  const bool ends_halted = row.phase == BookPhase::kClosing && now >= row.close_at &&
                           halted(market, row.product);
  if (ends_halted) return;
  require(may_follow(book.row.phase, row.phase), "R5.4", "a book's phase has jumped");
  switch (row.phase) {
    case BookPhase::kOpeningCall:
      require(now >= row.call_at, "R5.4", "the opening call began early");
      break;
    case BookPhase::kContinuous:
      require(now >= row.open_at && row.opened != 0, "R5.4", "trading without an opening record");
      require(!crossed(book), "R5.4", "an auction left trades unmade");
      require(book.auction_trades == 0 || row.anchor.value == book.auction, "R5.4",
              "the anchor is not the auction's price");
      break;
    case BookPhase::kClosingCall:
      require(now >= row.closing_call_at, "R5.4", "the closing call began early");
      break;
    case BookPhase::kClosing:
      require(now >= row.close_at && !crossed(book), "R5.4", "the book closed early");
      break;
    case BookPhase::kClosed:
      for (const auto& queue : book.queues) {
        require(queue.empty(), "R5.4", "an order outlives its session");
      }
      break;
    case BookPhase::kVolatilityCall:
    case BookPhase::kUncrossing:
      break;
  }
}

/// The taker of the fills so far is known: nothing better was left, everyone was first in line.
void check_fills(const Market& market, const Look& look, const PlainBook& book,
                 const model::OrderAccepted& order, Wide limit, bool stop) {
  Wide traded = 0, prevented = 0;
  const std::size_t side = order.queue & 1;
  for (std::size_t i = 0; i < look.order_fills.size(); ++i) {
    const OrderFill& fill = look.order_fills[i];
    const bool is_own = own(market, fill.maker, order.position);
    require(fill.prevented ? is_own : fill.taker == order.position, "R5.6",
            "an order met what another one should have");
    require(fill.prevented || !is_own || order.self_trade == SelfTrade::kAllow, "R5.6",
            [&] { return order_text(order.id) + " trades with its own"; });
    require(reaches(side, limit, fill.price), "R5.4", "an order traded beyond its limit");
    (fill.prevented ? prevented : traded) += fill.quantity;
    const bool last = i + 1 == look.order_fills.size();
    const bool takes_all = fill.quantity >= fill.shown;
    const Wide left = Wide{order.quantity} - order.traded - order.cancelled;
    require(takes_all || (last && left == 0), "R5.4", "an order took less than it could");
  }
  require(traded == order.traded && order.traded <= order.quantity, "R5.4",
          [&] { return order_text(order.id) + " traded another quantity than was told"; });
  require(order.life != OrderLife::kPostOnly || traded + prevented == 0, "R5.4",
          "a post-only order traded");
  require(order.life != OrderLife::kFillOrKill || order.traded == order.quantity, "R5.4",
          "a fill-or-kill order was not filled");
  const bool cut = look.order_fills.size() >= model::kMaxOrdersMet ||
                   (order.cancelled != 0 && (order.self_trade == SelfTrade::kCancelNewest ||
                                             order.self_trade == SelfTrade::kCancelBoth));
  if (stop || is_call(book.row.phase) || cut || order.traded + prevented >= order.quantity) return;
  const Level* facing = front(book, 1 - side);
  const Wide corridor =
      Wide{side == kBuy ? book.row.free_high : book.row.free_low} * book.row.tick.value;
  const Wide furthest = side == kBuy ? std::min(limit, corridor) : std::max(limit, corridor);
  require(facing == nullptr || !reaches(side, furthest, facing->first), "R5.4",
          [&] { return order_text(order.id) + " left a better order standing"; });
}

void check_as_asked(const Market& market, const Look& look, const BookRow& row,
                    const model::OrderAccepted& order) {
  const auto& command = look.command;
  // A replacing order may itself set off stops.
  const bool replaced =
      command.header.type == model::CommandType::kReplaceOrder && look.orders == 0;
  if (order.replaces != 0 && !replaced) {
    require(std::ranges::find(look.triggered, order.replaces) != look.triggered.end(), "R5.4",
            "an order came from nowhere");
    return;
  }
  require(look.orders == 0 && order.user == command.header.user, "R5.4",
          "an order that its user did not send");
  if (command.header.type == model::CommandType::kReplaceOrder) {
    model::ReplaceOrder body{};
    require(model::read_body(command.body, body) && body.order == order.replaces &&
                body.price == (order.queue < 2 ? order.price.value : 0) &&
                body.quantity == order.quantity,
            "R5.4", "a replacement is not as it was asked for");
    return;
  }
  model::PlaceOrder body{};
  require(command.header.type == body.kType && model::read_body(command.body, body) &&
              body.book == order.book + 1u && body.quantity == order.quantity &&
              static_cast<std::uint8_t>(body.side) == (order.queue & 1) &&
              body.life == order.life && body.self_trade == order.self_trade &&
              (order.queue >= 2 || body.price == order.price.value),
          "R5.4", "an order is not as it was asked for");
  const model::ParticipantId who = market.positions.at(order.position).participant;
  require(who == command.header.participant && market.active(who), "R2.3",
          "an order of somebody else");
  require(!halted(market, row.product), "R12.2", "an order while trading was halted");
  require(order.price.value == 0 || (order.price.value >= row.band_low.value &&
                                     order.price.value <= row.band_high.value &&
                                     order.price.value % row.tick.value == 0),
          "R5.5", "an order outside the band or off the tick");
}

}  // namespace

void check_book(Market& market, Look& look, model::BookId id, const BookRow& row) {
  PlainBook& book = market.order_books[id];
  const std::int64_t now = look.command.now.value;
  look.order_books[id] = true;
  if (row.session != book.row.session) {
    require(book.row.phase == BookPhase::kClosed || book.row.session == 0, "R5.4",
            "a session began within another");
    check_new_session(market, look, book, row);
    book.trades = book.traded = book.weighted = book.last = 0;
  } else if (row.phase != book.row.phase) {
    check_phase_change(market, book, row, now);
  }
  require(row.trades == book.trades && row.traded == book.traded &&
              row.weighted == book.weighted && row.last.value == book.last,
          "R5.4", "a book's figures are not those of its trades");
  book.auction = book.auction_trades = 0;
  book.row = row;
}

void check_order(Market& market, Look& look, const model::OrderAccepted& order) {
  const model::BookId id = order.book + 1u;
  PlainBook& book = market.order_books.at(id);
  look.order_books[id] = true;
  const auto [known, first] = market.positions.try_emplace(order.position);
  if (first) known->second = {.participant = order.participant, .book = id};
  require(known->second.participant == order.participant && known->second.book == id, "R5.4",
          "a position of somebody else");
  require(book.row.phase == BookPhase::kContinuous || is_call(book.row.phase), "R5.4",
          "an order in a closed book");
  check_as_asked(market, look, book.row, order);
  const bool stop = order.queue >= 2;
  const std::size_t side = order.queue & 1;
  const bool market_order = order.kind == OrderKind::kMarket;
  const Wide no_limit = side == kBuy ? Wide{INT64_MAX} : Wide{0};
  check_fills(market, look, book, order, market_order ? no_limit : Wide{order.price.value}, stop);
  const Wide open = Wide{order.shown} + order.hidden;
  require(order.traded + order.cancelled + open == order.quantity, "R5.4",
          "a part of an order is lost");
  require((order.id != 0) == (open != 0), "R5.4", "an id without an order");
  if (open != 0) {
    require(stop || (order.life != OrderLife::kImmediate && order.life != OrderLife::kFillOrKill),
            "R5.4", "an immediate order rests");
    const auto terms = look.order_terms.find(static_cast<std::uint32_t>(order.id));
    const bool has_terms = terms != look.order_terms.end();
    const Wide limit = has_terms && stop && terms->second.limit != 0
                           ? Wide{terms->second.limit} * book.row.tick.value
                           : Wide{order.price.value};
    book.queues[order.queue][order.price.value].push_back(
        {.id = order.id,
         .position = order.position,
         .shown = order.shown,
         .hidden = order.hidden,
         .display = has_terms ? terms->second.display : 0,
         .bonded_at = limit,
         .expires_at = has_terms ? terms->second.expires_at : 0});
    owe(market, look, order.position, book.row, bonds_of(book.row, limit, open), 1);
  }
  look.order_fills.clear();
  ++look.orders;
}

namespace {

void trade_in_auction(Market& market, Look& look, PlainBook& book,
                      const model::OrderTraded& trade) {
  require(is_call(book.row.phase), "R5.4", "an auction outside of a call");
  if (book.auction == 0) book.auction = auction_price(book);
  require(trade.price.value == book.auction, "R5.4", [&] {
    return "an auction at " + text_of(trade.price.value) + " instead of " + text_of(book.auction);
  });
  const Level* bid = front(book, kBuy);
  const Level* ask = front(book, kSell);
  require(bid != nullptr && ask != nullptr && bid->first >= book.auction &&
              ask->first <= book.auction,
          "R5.4", "an auction trades what does not cross");
  const PlainOrder buy = bid->second.front(), sell = ask->second.front();
  require(buy.id == trade.buy && sell.id == trade.sell &&
              trade.quantity == std::min(buy.shown, sell.shown) &&
              buy.position == trade.buyer && sell.position == trade.seller,
          "R5.4", "an auction passes over who is first in line");
  require(book.row.self_trades != 0 || !own(market, trade.buyer, trade.seller), "R5.6",
          "an auction lets one trade with oneself");
  const Wide buy_price = bid->first, sell_price = ask->first;
  const Bonds bought = share(book.row, buy_price, buy.open(), buy.open() - trade.quantity);
  const Bonds sold = share(book.row, sell_price, sell.open(), sell.open() - trade.quantity);
  const Bonds at_price = bonds_of(book.row, book.auction, trade.quantity);
  lower(book, kBuy, buy_price, trade.quantity);
  lower(book, kSell, sell_price, trade.quantity);
  owe(market, look, trade.buyer, book.row, bought, -1);
  owe(market, look, trade.seller, book.row, sold, -1);
  hold(market, look, trade.buyer, book.row,
       {0, std::min(bought.performance, at_price.performance),
        std::min(bought.trading, at_price.trading)});
  hold(market, look, trade.seller, book.row, sold);
}

void trade_at_once(Market& market, Look& look, PlainBook& book, const model::OrderTraded& trade) {
  require(book.row.phase == BookPhase::kContinuous && book.row.opened != 0, "R5.4",
          "a trade outside of continuous trading");
  const std::size_t facing = 1 - trade.taker;
  const Level* level = front(book, facing);
  const model::OrderId maker_id = facing == kBuy ? trade.buy : trade.sell;
  require(level != nullptr && level->first == trade.price.value &&
              level->second.front().id == maker_id,
          "R5.4", "a trade passes over who is first in line");
  const PlainOrder maker = level->second.front();
  const std::uint32_t maker_position = facing == kBuy ? trade.buyer : trade.seller;
  const std::uint32_t taker = facing == kBuy ? trade.seller : trade.buyer;
  require(maker.position == maker_position && trade.quantity <= maker.shown && trade.quantity > 0,
          "R5.4", "a trade of more than was shown");
  // Who takes may have its first order here.
  const auto [known, first] = market.positions.try_emplace(taker);
  if (first) known->second = {look.command.header.participant, trade.book + 1u};
  const Wide price = trade.price.value;
  Wide before = 0;  // lots of this taker at this price so far
  for (const OrderFill& fill : look.order_fills) {
    if (fill.price == price && !fill.prevented) before += fill.quantity;
  }
  look.order_fills.push_back({trade.book + 1u, price, trade.quantity, maker.shown, taker,
                              maker_position, false});
  const Bonds given = share(book.row, price, maker.open(), maker.open() - trade.quantity);
  const bool refilled = lower(book, facing, price, trade.quantity);
  require((trade.refilled != 0) == refilled, "R5.4", "an iceberg shows another part than it should");
  owe(market, look, maker_position, book.row, given, -1);
  hold(market, look, maker_position, book.row, given);
  hold(market, look, taker, book.row, share(book.row, price, before + trade.quantity, before));
}

void check_reason(const Market& market, const Look& look, const PlainBook& book,
                  const model::OrderOut& out, const PlainOrder& order) {
  const auto& command = look.command;
  const model::ParticipantId owner = market.positions.at(order.position).participant;
  const auto asked = [&](model::CommandType type) {
    model::OrderId named = 0;
    return command.header.type == type && model::read_body(command.body, named) &&
           named == out.id && command.header.participant == owner;
  };
  switch (out.reason) {
    case OrderOutReason::kCancelled:
      return require(asked(model::CommandType::kCancelOrder), "R5.4", "cancelled by nobody");
    case OrderOutReason::kReduced:
      return require(asked(model::CommandType::kReduceOrder), "R5.4", "reduced by nobody");
    case OrderOutReason::kReplaced:
      return require(asked(model::CommandType::kReplaceOrder), "R5.4", "replaced by nobody");
    case OrderOutReason::kExpired:
      return require(order.expires_at != 0 && order.expires_at <= command.now.value, "R5.4",
                     "an order expired early");
    case OrderOutReason::kSessionEnd:
      return require(book.row.phase == BookPhase::kClosing, "R5.4", "an order went out early");
    case OrderOutReason::kStopped:
      return require(!market.active(owner), "R5.7", "an active participant's order was stopped");
    case OrderOutReason::kTriggered:
    case OrderOutReason::kRefused:
      return require(out.queue >= 2 && book.last != 0 &&
                         (out.queue == 2 ? book.last >= out.price.value
                                         : book.last <= out.price.value),
                     "R5.4", "a stop order was triggered by no trade");
    case OrderOutReason::kSelfTrade:
      return;
  }
}

}  // namespace

void check_order_trade(Market& market, Look& look, const model::OrderTraded& trade) {
  PlainBook& book = market.order_books.at(trade.book + 1u);
  look.order_books[trade.book + 1u] = true;
  require(trade.number == book.trades + 1, "R5.4", "a trade's number is left out");
  if (trade.taker == 2) {
    trade_in_auction(market, look, book, trade);
    ++book.auction_trades;
  } else {
    trade_at_once(market, look, book, trade);
  }
  count_trade(market, book, trade.buyer, trade.seller, trade.price.value, trade.quantity);
}

void check_order_out(Market& market, Look& look, const model::OrderOut& out) {
  PlainBook& book = market.order_books.at(out.book + 1u);
  look.order_books[out.book + 1u] = true;
  const Place place = find(book, out.queue, out.price.value, out.id);
  require(place.line != nullptr, "R5.4", [&] { return order_text(out.id) + " was not there"; });
  const PlainOrder order = *place.order;
  require(order.position == out.position, "R5.4", "an order of another position");
  check_reason(market, look, book, out, order);
  if (out.reason == OrderOutReason::kTriggered) look.triggered.push_back(out.id);
  if (out.reason == OrderOutReason::kSelfTrade && book.row.phase == BookPhase::kContinuous) {
    const Level* first = front(book, out.queue);
    require(first->first == out.price.value && first->second.front().id == out.id, "R5.4",
            "self-trade prevention passes over who is first in line");
    look.order_fills.push_back({out.book + 1u, out.price.value, out.quantity, order.shown, 0,
                                order.position, true});
  } else if (out.reason == OrderOutReason::kSelfTrade && book.auction == 0) {
    book.auction = auction_price(book);
  }
  Wide open = order.open() - out.quantity;
  require(open >= 0 && (out.left == 0) == (open == 0), "R5.4", "more went out than there was");
  owe(market, look, order.position, book.row,
      share(book.row, order.bonded_at, order.open(), open), -1);
  if (open == 0) {
    place.line->erase(place.order);
    if (place.line->empty()) book.queues[out.queue].erase(out.price.value);
    return;
  }
  if (out.reason == OrderOutReason::kReduced) {
    const Wide hidden = std::min<Wide>(out.quantity, order.hidden);
    place.order->hidden -= hidden;
    place.order->shown -= out.quantity - hidden;
  } else {
    lower(book, out.queue, out.price.value, out.quantity);
  }
}

void check_order_books(const Market& market, const Look& look) {
  require(look.order_fills.empty(), "R5.4", "an order traded that was not accepted");
  for (const auto& [id, changed] : look.order_books) {
    const PlainBook& book = market.order_books.at(id);
    require(book.row.phase != BookPhase::kContinuous || !crossed(book), "R5.4",
            [&] { return "book " + std::to_string(id) + " is crossed and does not trade"; });
  }
}

namespace {

Reject expected_of_named(const Market& market, const model::Command& command) {
  model::OrderId id = 0;
  if (!model::read_body(command.body, id)) return Reject::malformed_body;
  for (const auto& [number, book] : market.order_books) {
    for (const auto& queue : book.queues) {
      for (const auto& [price, line] : queue) {
        for (const PlainOrder& order : line) {
          if (order.id != id) continue;
          const auto owner = market.positions.at(order.position).participant;
          return owner == command.header.participant ? Reject::ok : Reject::not_your_order;
        }
      }
    }
  }
  return Reject::unknown_order;
}

Expected expected_of_place(const Market& market, const model::PlaceOrder& order,
                           model::ParticipantId who) {
  const auto found = market.order_books.find(order.book);
  if (found == market.order_books.end()) return {Reject::unknown_book, true};
  const PlainBook& book = found->second;
  const bool plain = order.side <= BookSide::kSell && order.kind == OrderKind::kLimit &&
                     (order.life == OrderLife::kSession || order.life == OrderLife::kPostOnly) &&
                     order.self_trade >= SelfTrade::kCancelOldest &&
                     order.self_trade < SelfTrade::kAllow && order.quantity >= 1 &&
                     order.quantity <= model::kMaxOrderLots;
  if (!plain) return {Reject::ok, false};
  if (book.row.phase == BookPhase::kClosed || book.row.phase == BookPhase::kClosing) {
    return {Reject::book_closed, true};
  }
  if (halted(market, book.row.product)) return {Reject::trading_halted, true};
  if (book.auction != 0) return {Reject::ok, false};  // it is being made
  if (is_call(book.row.phase) && order.life == OrderLife::kPostOnly) {
    return {Reject::not_in_call, true};
  }
  if (market.barred.contains({who, market.first_version(book.row.product)})) {
    return {Reject::not_permitted, true};
  }
  if (order.price <= 0 || order.price > model::kMaxMagnitude) {
    return {Reject::price_not_positive, true};
  }
  if (order.price % book.row.tick.value != 0) return {Reject::price_off_tick, true};
  if (order.price < book.row.band_low.value || order.price > book.row.band_high.value) {
    return {Reject::out_of_band, true};
  }
  return {Reject::ok, false};
}

}  // namespace

Expected expected_of_order(const Market& market, const model::Command& command) {
  const Reject trader = check_trader(market, command);
  if (command.header.type == model::CommandType::kCancelOrder) {
    if (trader == Reject::wrong_role) return {Reject::ok, false};
    const Reject expected = command.body.size() == sizeof(model::CancelOrder)
                                ? expected_of_named(market, command)
                                : Reject::malformed_body;
    return {expected, expected != Reject::ok};
  }
  model::PlaceOrder order{};
  if (command.header.type != model::CommandType::kPlaceOrder || command.header.version != 1 ||
      command.body.size() != sizeof(order) || !model::read_body(command.body, order)) {
    return {Reject::ok, false};
  }
  if (trader != Reject::ok) return {trader, true};
  return expected_of_place(market, order, command.header.participant);
}

void compare_book(const Market& market, model::BookId id, const BookRow& row) {
  const PlainBook& book = market.order_books.at(id);
  const bool same_phase = row.phase == book.row.phase ||
                          (row.phase == BookPhase::kUncrossing && is_call(book.row.phase));
  require(same_phase && row.trades == book.trades && row.traded == book.traded &&
              row.weighted == book.weighted && row.last.value == book.last,
          "R13.1", [&] { return "book " + std::to_string(id) + " is not as it was told"; });
}

void compare_position(const Market& market, std::uint32_t id, const model::PositionRow& row) {
  const PlainPosition& position = market.positions.at(id);
  require(row.participant == position.participant && row.book == position.book &&
              row.net == position.net && row.paid.value == position.paid &&
              row.traded == position.traded && row.performance.value == position.performance &&
              row.trading.value == position.trading,
          "R13.1", [&] { return "position " + std::to_string(id) + " is not as it was told"; });
}

void compare_order(const Market& market, std::uint32_t slot, const model::OrderSlot& row) {
  PlainBook book = market.order_books.at(row.book + 1u);
  const model::OrderId id = model::OrderId{row.used} << 32 | slot;
  const Place place = find(book, row.queue, Wide{row.tick} * book.row.tick.value, id);
  require(place.line != nullptr && place.order->shown == row.quantity &&
              place.order->position == row.position,
          "R13.1", [&] { return order_text(id) + " is not as it was told"; });
}

}  // namespace hulan::auditor
