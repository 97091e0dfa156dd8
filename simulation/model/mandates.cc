// SPDX-License-Identifier: Apache-2.0
// Agents (R2.5): who may act for whom, on which side of a lot, up to which sum.
#include <algorithm>

#include "simulation/model/parts.h"

namespace hulan::auditor {

using model::CommandType;
using model::MandateRow;
using model::MandateState;
using model::Side;

namespace {

std::string mandate_text(model::MandateId id) { return "mandate " + std::to_string(id); }

/// Lot, price and quantity that a command commits its sender to; a quantity of 0 is the whole lot.
struct Asked {
  model::LotId lot = 0;
  Wide price = 0;
  Wide quantity = 0;
  bool known = false;  ///< false: of this type the sum is not worked out here
};

template <class Body>
bool read_whole(const model::Command& command, Body& body) {
  return command.body.size() == sizeof(body) && model::read_body(command.body, body);
}

Asked asked_by(const model::Command& command) {
  switch (command.header.type) {
    case CommandType::kPlaceBid: {
      model::PlaceBid bid{};
      model::PlaceReverseBid reverse{};
      if (command.header.version == 1 && read_whole(command, bid)) return {bid.lot, bid.price, 0, true};
      if (command.header.version == model::PlaceReverseBid::kVersion && read_whole(command, reverse)) {
        return {reverse.lot, reverse.price, 0, true};
      }
      model::LotId lot = 0;
      static_cast<void>(model::read_body(command.body, lot));
      return {lot};
    }
    case CommandType::kSetProxy: {
      model::SetProxy body{};
      if (read_whole(command, body)) return {body.lot, body.maximum, 0, true};
      return {};
    }
    case CommandType::kTake:
    case CommandType::kTakeClock: {
      model::Take body{};  // a TakeClock has the same form
      if (read_whole(command, body)) return {body.lot, body.price, body.quantity, true};
      return {};
    }
    case CommandType::kPostListing: {
      model::PostListing body{};
      if (read_whole(command, body)) return {body.lot, body.price, 0, true};
      return {};
    }
    case CommandType::kEnterClock: {
      model::EnterClock body{};
      if (!read_whole(command, body)) return {};
      return {body.lot, std::max(body.start, body.floor), 0, true};
    }
    case CommandType::kEnterSharedClock: {
      model::EnterSharedClock body{};
      if (!read_whole(command, body)) return {};
      return {body.lot, std::max(body.start, body.reserve), 0, true};
    }
    default:
      return {};
  }
}

bool covers(const Market& market, const MandateRow& row, model::ProductId product) {
  return row.products[0] == 0 || std::ranges::count(row.products, market.first_version(product)) != 0;
}

}  // namespace

namespace {

/// Side and product are given, and on this lot the agent stands nowhere else.
void check_stand(Market& market, const MandateRow& row, const model::LotRow& lot,
                 model::ProductId product, Side side) {
  require((row.sides & (side == Side::kSell ? 1 : 2)) != 0, "R2.5", "a side that is not given");
  require(covers(market, row, product), "R2.5", "a product that is not given");
  const auto stood = market.agent_sides.try_emplace({lot.id, row.agent}, side).first;
  require(stood->second == side, "R2.5",
          [&] { return "an agent on both sides of " + lot_text(lot); });
}

/// An order in a book counts when it is placed, at its limit or at the highest allowed price.
void check_order(const Market& market, const Look& look, const model::ActFor& body,
                 const MandateRow& row) {
  const Wide counted = row.used.value - look.used_before;
  model::PlaceOrder order{};
  if (body.type == CommandType::kReplaceOrder) {
    model::ReplaceOrder replaced{};
    require(model::read_body(look.command.body, replaced) && look.order_books.size() == 1, "R2.5",
            "an order of no book was replaced");
    order.book = look.order_books.begin()->first;
    order.price = replaced.price;
    order.quantity = replaced.quantity;
  } else if (body.type == CommandType::kPlaceOrder) {
    require(model::read_body(look.command.body, order), "R2.5", "an order of no form");
    require((row.sides & (order.side == model::BookSide::kSell ? 1 : 2)) != 0, "R2.5",
            "a side that is not given");
  } else {
    return require(counted == 0, "R2.5", "what commits to nothing counted towards the sum");
  }
  const model::BookRow& book = market.order_books.at(order.book).row;
  require(covers(market, row, book.product), "R2.5", "a product that is not given");
  const Wide price = order.price == 0 ? Wide{book.band_high.value} : Wide{order.price};
  const Wide measured = Wide{order.quantity} * book.lot_measure;
  const Wide nominal = book.basis == model::PriceBasis::kByCount
                           ? price * measured
                           : round_half_away(price * measured, 10'000);
  require(counted == nominal, "R2.5", "an order counts another sum towards its mandate");
}

/// A step of a contract: of its principal's, and nothing is given up.
void check_step(Market& market, const Look& look, const model::ActFor& body,
                const MandateRow& row) {
  constexpr CommandType kOwn[] = {
      CommandType::kWeigh,          CommandType::kCancelContract, CommandType::kEndDispute,
      CommandType::kRecordResale,   CommandType::kRecordCover,    CommandType::kCloseContract,
      CommandType::kAwardClaim,     CommandType::kGrantClaim};
  require(std::ranges::count(kOwn, body.type) == 0, "R2.5", "an agent took its principal's own step");
  model::ContractId id = 0;
  require(model::read_body(look.command.body, id), "R2.5", "a step of no contract");
  const model::ContractRow& contract = market.contracts.at(id);
  require(row.principal == contract.seller || row.principal == contract.buyer, "R2.5",
          "a step of a contract that is not the principal's");
  const Side side = row.principal == contract.seller ? Side::kSell : Side::kBuy;
  check_stand(market, row, market.lots.at(contract.lot), contract.product, side);
  require(row.used.value == look.used_before, "R2.5", "a step counted towards the sum");
}

}  // namespace

std::optional<model::Command> acting(const Market& market, const model::Command& command) {
  model::ActFor body{};
  if (command.header.type != CommandType::kActFor || !model::read_body(command.body, body)) {
    return std::nullopt;
  }
  const auto found = market.mandates.find(body.mandate);
  if (found == market.mandates.end() || found->second.agent != command.header.participant ||
      !runs(market, found->second)) {
    return std::nullopt;
  }
  model::Command inner = command;
  inner.header.type = body.type;
  inner.header.version = body.version;
  inner.header.participant = found->second.principal;
  inner.body = command.body.subspan(sizeof(body));
  return inner;
}

bool runs(const Market& market, const MandateRow& row) {
  return row.state == MandateState::kActive && market.now < row.expires_at;
}

bool share_agent(const Market& market, model::ParticipantId a, model::ParticipantId b) {
  for (const auto& [one, first] : market.mandates) {
    if (first.principal != a || !runs(market, first)) continue;
    for (const auto& [two, second] : market.mandates) {
      if (second.principal == b && second.agent == first.agent && runs(market, second)) return true;
    }
  }
  return false;
}

model::Reject check_apart(const Market& market, model::ParticipantId a, model::ParticipantId b) {
  if (share_agent(market, a, b)) return model::Reject::common_agent;
  return market.related(a, b) ? model::Reject::related_party : model::Reject::ok;
}

void check_mandate(const Market& market, const Look& look, model::MandateId id,
                   const MandateRow& row) {
  const auto& command = look.asked;
  const auto known = market.mandates.find(id);
  if (known == market.mandates.end()) {
    model::GiveMandate body{};
    require(command.header.type == body.kType && model::read_body(command.body, body) &&
                row.principal == command.header.participant && row.agent == body.agent &&
                row.limit.value == body.limit_fen && row.expires_at == body.expires_at &&
                row.sides == body.sides,
            "R2.5", "a mandate that nobody gave");
    require(row.agent != row.principal && market.active(row.agent) &&
                market.participants.at(row.agent).kind == model::ParticipantKind::kAgent,
            "R2.5", "a mandate for who is no agent");
    require(row.state == MandateState::kGiven && row.used.value == 0 &&
                row.expires_at > command.now.value,
            "R2.5", [&] { return mandate_text(id) + " begins otherwise than given"; });
    return;
  }
  const MandateRow& old = known->second;
  require(row.agent == old.agent && row.principal == old.principal && row.limit == old.limit &&
              row.expires_at == old.expires_at && row.sides == old.sides &&
              row.products == old.products,
          "R2.5", [&] { return "the terms of " + mandate_text(id) + " have changed"; });
  if (row.state != old.state) {
    const bool confirmed = row.state == MandateState::kActive &&
                           old.state == MandateState::kGiven &&
                           command.header.type == CommandType::kConfirmMandate &&
                           command.header.participant == row.agent &&
                           command.now.value < row.expires_at;
    const model::ParticipantId by = command.header.participant;
    const bool revoked = row.state == MandateState::kRevoked &&
                         command.header.type == CommandType::kRevokeMandate &&
                         (by == 0 || by == row.agent || by == row.principal);
    require(confirmed || revoked, "R2.5",
            [&] { return mandate_text(id) + " changed by who may not"; });
  }
  require(row.used == old.used || (command.header.type == CommandType::kActFor && row.used > old.used),
          "R2.5", [&] { return "the sum of " + mandate_text(id) + " changed by itself"; });
  require(row.used <= row.limit, "R2.5", [&] { return mandate_text(id) + " is exceeded"; });
}

void check_act(Market& market, const Look& look, const model::Replied& replied) {
  model::ActFor body{};
  require(look.is_act && model::read_body(look.asked.body, body), "R2.5",
          "an agent acted without a mandate");
  const MandateRow& row = market.mandates.at(body.mandate);
  if (body.type >= CommandType::kPlaceOrder && body.type <= CommandType::kOpenBook) {
    return check_order(market, look, body, row);
  }
  if (body.type >= CommandType::kPay && body.type <= CommandType::kGrantClaim) {
    return check_step(market, look, body, row);
  }
  model::LotId lot = 0;
  if (body.type == CommandType::kCreateLot) {
    lot = replied.id;
  } else if (body.type < CommandType::kQuote || body.type > CommandType::kEndQuote) {
    // The others name their lot first, or after their session.
    const bool after = body.type == CommandType::kEnterClock ||
                       body.type == CommandType::kEnterSharedClock;
    require(model::read_body(look.command.body.subspan(after ? 4 : 0), lot), "R2.5",
            "an act on no lot");
  } else {
    return;  // a talk: its lot is its request's; the sum is bounded above
  }
  const model::LotRow& about = market.lots.at(lot);
  const Side other = about.side == Side::kSell ? Side::kBuy : Side::kSell;
  const Side side = about.initiator == row.principal ? about.side : other;
  check_stand(market, row, about, about.product, side);
  const Asked asked = asked_by(look.command);
  if (!asked.known) return;
  const Wide quantity = asked.quantity > 0 ? asked.quantity : Wide{about.quantity};
  const auto& product = market.products.at(about.product);
  const Wide nominal = bonds_at(product, asked.price, quantity, about.average_g).nominal;
  Wide& counted = market.acts[{lot, body.mandate}];
  require(row.used.value - look.used_before == std::max<Wide>(0, nominal - counted), "R2.5",
          [&] { return mandate_text(body.mandate) + " counts another sum"; });
  counted = std::max(counted, nominal);
}

}  // namespace hulan::auditor
