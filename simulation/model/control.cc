// SPDX-License-Identifier: Apache-2.0
// Halts, kills, permits, limits and busted trades (R12), and the day prices they leave (R11.2).
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::CommandType;
using model::HaltRow;
using model::HaltState;
using model::LotRow;
using model::LotState;
using model::Reject;

namespace {

constexpr std::uint32_t kWholeMarket = 1;
constexpr std::int64_t kAhead = 5 * model::kMinute;
constexpr std::int64_t kBustWithin = 60 * model::kMinute;

std::uint32_t row_of(const Market& market, model::ProductId product) {
  return product == 0 ? kWholeMarket : market.first_version(product) + 1;
}

/// The halt in this row that stands now; nullptr = none.
const HaltRow* standing(const Market& market, std::uint32_t id) {
  const auto found = market.halts.find(id);
  return found == market.halts.end() || found->second.state == HaltState::kTrading
             ? nullptr
             : &found->second;
}

std::int64_t end_of(const LotRow& lot) {
  return lot.state == LotState::kExclusive ? lot.exclusive_until : lot.close_at;
}

bool own_times(const Market& market, const LotRow& lot) {
  if (lot.state != LotState::kExclusive && shared_by(market, lot.id) != 0) return false;
  const bool live = lot.state == LotState::kListed || lot.state == LotState::kAnnounced ||
                    lot.state == LotState::kOpen || lot.state == LotState::kExclusive;
  return live &&
         (lot.method == model::Method::kListing || lot.method == model::Method::kAscending ||
          lot.method == model::Method::kNegotiation || lot.method == model::Method::kSealed);
}

std::uint32_t other_of(const Market& market, std::uint32_t id, model::ProductId product) {
  return id == kWholeMarket ? row_of(market, product) : kWholeMarket;
}

/// The time that this halt alone held the product.
std::int64_t span_of(const Market& market, std::uint32_t id, model::ProductId product) {
  const HaltRow& row = market.halts.at(id);
  const HaltRow* other = standing(market, other_of(market, id, product));
  const std::int64_t until =
      other == nullptr ? row.resume_at : std::min(row.resume_at, other->since);
  return std::max<std::int64_t>(0, until - row.since);
}

/// The halt that is giving this lot its time back; 0 = none.
std::uint32_t resuming(const Market& market, model::ProductId product, std::int64_t end) {
  for (const std::uint32_t id : {kWholeMarket, row_of(market, product)}) {
    const HaltRow* row = standing(market, id);
    if (row != nullptr && row->state == HaltState::kResuming && row->since < end) return id;
  }
  return 0;
}

/// R12.2: the halted time is added and, where trading goes on now, at least W is left.
std::int64_t end_after(const Market& market, std::uint32_t id, const LotRow& lot,
                       std::int64_t now) {
  std::int64_t end = end_of(lot) + span_of(market, id, lot.product);
  const HaltRow* other = standing(market, other_of(market, id, lot.product));
  if (other == nullptr || other->since >= end) end = std::max(end, now + lot.window_ns);
  return lot.state == LotState::kListed ? std::min(end, lot.pickup_until) : end;
}

void check_begun(const Market& market, const Look& look, const HaltRow& row) {
  model::HaltMarket body{};
  require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
              row.reason == body.reason && body.reason != model::DocumentHash{},
          "R12.2", "a halt that nobody gave a reason for");
  const std::int64_t now = look.command.now.value;
  require((market.users.at(look.command.header.user).roles & model::kRoleOperator) != 0, "R12.2",
          "halted by who may not");
  require(row.since == now && row.sequence == look.command.sequence && row.resume_at == 0 &&
              row.day_end == market.at_minute(market.local_day(now) + 1, 0),
          "R12.2", "a halt that began at another time");
  require(row.product == (body.product == 0 ? 0 : market.first_version(body.product)), "R12.2",
          "a halt of another product");
}

/// Every lot that this halt covers, as it stands.
template <class Visit>
void for_each_covered(const Market& market, std::uint32_t id, Visit visit) {
  const std::int64_t since = market.halts.at(id).since;
  for (const auto& [number, lot] : market.lots) {
    const bool covered = id == kWholeMarket || row_of(market, lot.product) == id;
    if (covered && own_times(market, lot) && end_of(lot) > since) visit(lot);
  }
}

void check_still_halted(const Market& market, const Look& look, std::uint32_t id,
                        const HaltRow& old, const HaltRow& row) {
  const std::int64_t now = look.command.now.value;
  require(row.since == old.since && row.sequence == old.sequence, "R12.2",
          "a halt has another beginning");
  if (row.resume_at != old.resume_at && row.resume_at == 0) {
    require(look.command.header.type == CommandType::kHaltMarket, "R12.2",
            "an announced resumption was taken back by nobody");
  } else if (row.resume_at != old.resume_at) {
    model::ResumeMarket body{};
    require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
                row.resume_at == body.resume_at && old.resume_at == 0 &&
                row.resume_at >= now + kAhead,
            "R12.2", "a resumption that was not announced 5 minutes ahead");
  }
  if (row.day_end == old.day_end) return;
  require(now >= old.day_end && row.day_end == old.day_end + model::kDay, "R12.2",
          "a day in a halt ended at another time");
  for_each_covered(market, id, [&](const LotRow& lot) {
    require(end_of(lot) > old.day_end, "R12.2",
            [&] { return lot_text(lot) + " outlived the day in which it should have ended"; });
  });
}

}  // namespace

bool halted(const Market& market, model::ProductId product) {
  return standing(market, kWholeMarket) != nullptr ||
         standing(market, row_of(market, product)) != nullptr;
}

bool held(const Market& market, model::ProductId product, std::int64_t due) {
  for (const std::uint32_t id : {kWholeMarket, row_of(market, product)}) {
    const HaltRow* row = standing(market, id);
    if (row != nullptr && row->since < due) return true;
  }
  return false;
}

Reject controlled(const Market& market, model::ProductId product, model::ParticipantId who,
                  Wide quantity, std::int64_t now) {
  if (halted(market, product)) return Reject::trading_halted;
  const std::pair pair{who, market.first_version(product)};
  if (market.barred.contains(pair)) return Reject::not_permitted;
  const auto terms = market.product_terms.find(product);
  if (terms == market.product_terms.end()) return Reject::ok;
  const Wide most = terms->second.order_quantity_max;
  if (most != 0 && quantity > most) return Reject::order_too_large;
  const Wide of_day = terms->second.day_quantity_max;
  if (of_day == 0) return Reject::ok;
  const auto traded = market.traded.find(pair);
  const bool today =
      traded != market.traded.end() && traded->second.first == market.local_day(now);
  return quantity + (today ? traded->second.second : 0) > of_day ? Reject::day_limit_reached
                                                                  : Reject::ok;
}

void check_halt(Market& market, const Look& look, std::uint32_t id, const HaltRow& row) {
  const auto known = market.halts.find(id);
  const HaltRow old = known == market.halts.end() ? HaltRow{} : known->second;
  require(id == row_of(market, row.product), "R12.2", "a halt of something else");
  if (row.state == HaltState::kHalted && old.state == HaltState::kHalted) {
    return check_still_halted(market, look, id, old, row);
  }
  switch (row.state) {
    case HaltState::kHalted:
      require(old.state == HaltState::kTrading, "R12.2", "halted again while resuming");
      return check_begun(market, look, row);
    case HaltState::kResuming:
      require(old.state == HaltState::kHalted && old.resume_at != 0 &&
                  row.resume_at == old.resume_at && look.command.now.value >= old.resume_at,
              "R12.2", "resumed otherwise than was announced");
      market.moved[id].clear();
      market.struck_while_moved[id].clear();
      return;
    case HaltState::kTrading:
      require(old.state == HaltState::kResuming, "R12.2", "trading goes on by itself");
      for_each_covered(market, id, [&](const LotRow& lot) {
        const bool none = span_of(market, id, lot.product) == 0 ||
                          end_after(market, id, lot, lot.close_at) == lot.close_at;
        const bool struck = market.struck_while_moved[id].contains(lot.id);
        require(none || struck || market.moved[id].contains(lot.id), "R12.2", [&] { return lot_text(lot) + " did not get the halted time back"; });
      });
      check_shared_moved(market, old);
  }
}

void check_times(Market& market, const Look& look, const LotRow& old, const LotRow& row) {
  const std::uint32_t id =
      own_times(market, old) ? resuming(market, old.product, end_of(old)) : std::uint32_t{0};
  if (look.struck.contains(row.id)) {
    if (id != 0) market.struck_while_moved[id].insert(row.id);
    return;
  }
  const bool same = row.open_at == old.open_at && end_of(row) == end_of(old);
  if (id == 0) {
    const bool notice = old.state == LotState::kDraft || old.state == LotState::kCarried;
    require(row.open_at == old.open_at || notice, "R5.3",
            [&] { return "the opening of " + lot_text(row) + " has changed"; });
    return;
  }
  if (row.state != old.state || same) return;
  const bool first = market.moved[id].insert(row.id).second;
  require(first || market.struck_while_moved[id].contains(row.id), "R12.2",
          [&] { return lot_text(row) + " got the halted time twice"; });
  const std::int64_t opens =
      old.open_at + (old.state == LotState::kAnnounced ? span_of(market, id, old.product) : 0);
  const std::int64_t ends = end_after(market, id, old, look.command.now.value);
  require(row.open_at == opens && end_of(row) == ends, "R12.2", [&] {
    return lot_text(row) + " now ends at " + std::to_string(end_of(row)) + " instead of " +
           std::to_string(ends);
  });
}

bool ended_by_halt(const Market& market, const LotRow& old, std::int64_t now) {
  const bool on_shared = old.state == LotState::kOpen && shared_by(market, old.id) != 0;
  if (!on_shared && !own_times(market, old)) return false;
  const std::int64_t end = on_shared ? close_of(market, old) : end_of(old);
  for (const std::uint32_t id : {kWholeMarket, row_of(market, old.product)}) {
    const HaltRow* row = standing(market, id);
    if (row == nullptr || end <= row->since) continue;
    if (row->state == HaltState::kHalted && now >= row->day_end && end <= row->day_end) {
      return true;
    }
    if (on_shared) continue;
    if (row->state == HaltState::kResuming && old.state != LotState::kListed &&
        end_after(market, id, old, now) >= old.pickup_until) {
      return true;
    }
  }
  return false;
}

std::int64_t halted_span(const Market& market, const LotRow& lot) {
  for (const std::uint32_t id : {kWholeMarket, row_of(market, lot.product)}) {
    const HaltRow* row = standing(market, id);
    if (row != nullptr && row->state == HaltState::kResuming) {
      return span_of(market, id, lot.product);
    }
  }
  return 0;
}

HaltedSpan halted_span_of(const Market& market, model::ProductId product, std::int64_t due) {
  const std::uint32_t id = resuming(market, product, due);
  require(id != 0, "R12.2", "a clock moved without a resumption");
  const std::int64_t span = span_of(market, id, product);
  const HaltRow* other = standing(market, other_of(market, id, product));
  return {span, other != nullptr && other->since < due + span, market.halts.at(id).sequence};
}

void check_kill(const Market& market, const Look& look, model::ParticipantId id,
                const model::KillRow& row) {
  const auto known = market.kills.find(id);
  const bool before = known != market.kills.end() && known->second.active != 0;
  const CommandType by = look.command.header.type;
  require(row.active == (before ? 0U : 1U) &&
              by == (before ? CommandType::kReviveParticipant : CommandType::kKillParticipant),
          "R12.2", "a kill switch turned by itself");
  const auto roles = market.users.at(look.command.header.user).roles;
  require((roles & (model::kRoleOperator | model::kRoleSupervisor)) != 0, "R12.2",
          "a kill switch turned by who may not");
  require(before || (row.since == look.command.now.value &&
                     row.sequence == look.command.sequence && row.by == look.command.header.user),
          "R12.2", "a kill switch turned at another time");
}

void check_trading(Market& market, Look& look, const model::TradingRow& row) {
  const std::pair pair{row.participant, row.product};
  const bool barred = market.barred.contains(pair);
  if ((row.barred != 0) != barred) {
    model::PermitTrading body{};
    require(look.command.header.type == body.kType && model::read_body(look.command.body, body) &&
                body.participant == row.participant && body.allowed == 1 - row.barred &&
                market.first_version(body.product) == row.product,
            "R12.1", "a permit that nobody changed");
    if (row.barred != 0) {
      market.barred.insert(pair);
    } else {
      market.barred.erase(pair);
    }
  }
  look.trading[pair] = row;
}

void count_traded(Market& market, const model::ContractRow& contract) {
  const auto terms = market.product_terms.find(contract.product);
  if (terms == market.product_terms.end() || terms->second.day_quantity_max == 0) return;
  const std::int64_t day = market.local_day(contract.concluded_at);
  for (const model::ParticipantId who : {contract.seller, contract.buyer}) {
    auto& traded = market.traded[{who, market.first_version(contract.product)}];
    if (traded.first != day) traded = {day, 0};
    traded.second += contract.quantity;
  }
}

void check_traded(const Market& market, const Look& look) {
  for (const auto& [pair, row] : look.trading) {
    const auto traded = market.traded.find(pair);
    const bool none = traded == market.traded.end();
    require(none ? row.quantity == 0
                 : row.day == traded->second.first && row.quantity == traded->second.second,
            "R12.1", [&] {
              return "participant " + std::to_string(pair.first) + " has traded " +
                     std::to_string(row.quantity) + " today by the market's count";
            });
  }
}

void check_bust_asked(const Market& market, const Look& look, const model::PendingRow& row) {
  const model::ContractRow& contract = market.contracts.at(row.subject);
  require(contract.state == model::ContractState::kConcluded &&
              look.command.now.value < contract.concluded_at + kBustWithin,
          "R12.4", "a bust that was asked for too late");
  const auto who = look.command.header.participant;
  require(who == 0 || who == contract.seller || who == contract.buyer, "R12.4",
          "a bust that was asked for by a stranger");
}

void note_trade(Market& market, const model::TradeConcluded& trade) {
  market.concluded[trade.contract] = trade;
  if (trade.related != 0) return;
  market.days[{market.first_version(trade.product), trade.grade, trade.day}].insert(
      trade.contract);
}

void check_busted(Market& market, const model::TradeBusted& busted) {
  const model::TradeConcluded& trade = market.concluded.at(busted.contract);
  require(busted.price == trade.price && busted.quantity == trade.quantity &&
              busted.weight == trade.weight && busted.lot == trade.lot &&
              busted.region == trade.region && busted.grade == trade.grade &&
              busted.day == trade.day && busted.method == trade.method,
          "R12.4", "another trade was busted than was concluded");
  require(busted.related == trade.related, "R11.2",
          "a busted trade is taken out of prices that it never entered, or stays in them");
  market.days[{market.first_version(trade.product), trade.grade, trade.day}].erase(busted.contract);
}

void check_day_price(const Market& market, const model::DayPriceRow& row) {
  const auto day = market.days.find(
      {row.product, row.grade, static_cast<std::uint32_t>(row.day)});
  Wide weighted = 0, weight = 0, quantity = 0, high = 0, low = 0;
  std::uint32_t trades = 0;
  for (const model::ContractId id :
       day == market.days.end() ? std::set<model::ContractId>{} : day->second) {
    const model::TradeConcluded& trade = market.concluded.at(id);
    const bool whole = row.region % 10'000 == 0;
    if (whole ? trade.region / 10'000 != row.region / 10'000 : trade.region != row.region) continue;
    weighted += Wide{trade.weight} * trade.price.value;
    weight += trade.weight;
    quantity += trade.quantity;
    high = trades == 0 ? trade.price.value : std::max<Wide>(high, trade.price.value);
    low = trades == 0 ? trade.price.value : std::min<Wide>(low, trade.price.value);
    ++trades;
  }
  require(row.trades == trades && Wide{row.weighted} == weighted && row.weight == weight &&
              row.quantity == quantity,
          "R11.2", "a day's sums are not those of its trades");
  require(trades == 0 || (row.high.value == high && row.low.value == low), "R11.2",
          "a day's high and low are not those of its trades");
}

}  // namespace hulan::auditor
