// SPDX-License-Identifier: Apache-2.0
// Lots, listings, auctions, bids.
#include <algorithm>

#include "simulation/workload/products.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {
namespace {

using model::LotRow;
using model::LotState;
using model::Method;
using model::Side;

constexpr std::uint32_t kCounties[] = {230111, 230113, 230124, 110101, 220182};

std::int64_t on_tick(std::int64_t price, const model::ProductRow& product) {
  return price / product.tick.value * product.tick.value;
}

/// The reference price of the lot's product, grade and province, about which its band lies.
std::int64_t reference(const engine::State& state, const LotRow& lot, std::int64_t otherwise) {
  const model::ProductId first = state.derived.first[lot.product];
  for (std::uint32_t id = 1; id < state.references.size(); ++id) {
    const model::ReferenceRow& row = state.references[id];
    if (row.product == first && row.grade == lot.grade &&
        row.province == (lot.origin == 0 ? lot.place : lot.origin) / 10'000 &&
        row.price.value > 0) {
      return row.price.value;
    }
  }
  return otherwise;
}

}  // namespace

Op Workload::new_lot(const engine::State& state, model::Time now) {
  if (state.products.size() < 2) return {};
  model::ProductId id =
      recent(state.products, 200, [](const model::ProductRow& p) { return p.exists != 0; });
  if (id == 0) id = 1;
  const model::ProductRow& product = state.products[id];
  const bool buys = random_.percent(25);
  model::CreateLot body{};
  body.product = id;
  const bool grams = product.unit == model::QuantityUnit::kGrams;
  body.quantity = grams ? random_.between(1, 900) * 100'000 + 900'000 : random_.between(10, 400);
  if (random_.once_in(40)) body.quantity = random_.between(0, 12);
  if (product.needs_average != 0) body.average_g = random_.between(85'000, 145'000);
  body.pickup_from = now.value + random_.between(0, 6) * model::kDay;
  body.pickup_until = body.pickup_from + random_.between(1, 10) * model::kDay;
  body.origin = buys && random_.percent(50) ? 0 : random_.pick(kCounties);
  body.place = random_.pick(kCounties);
  body.side = buys ? Side::kBuy : Side::kSell;
  body.terms = random_.percent(50) ? model::Terms::kDestination : model::Terms::kOrigin;
  body.grade = product.grade_count == 0
                   ? 0
                   : static_cast<std::uint8_t>(random_.between(1, product.grade_count));
  body.sheet = some_hash();
  if (!buys && random_.percent(10)) body.farm = some_farm();
  if (!buys && state.marks.size() > 1 && random_.percent(10)) {
    body.mark = static_cast<model::MarkId>(random_.between(1, state.marks.size() - 1));
  }
  return op(trader_of(buys ? some_buyer() : some_farm()), body);
}

/// The next thing a draft needs, until it is offered.
Op Workload::ready_lot(const engine::State& state, model::Time now) {
  const std::uint32_t id = recent(state.lots, 30, [](const LotRow& l) {
    return l.state == LotState::kDraft && l.used_by == 0;
  });
  if (id == 0) return {};
  const LotRow& lot = state.lots[id];
  const model::ProductRow& product = state.products[lot.product];
  const model::UserId user = trader_of(lot.initiator);
  const bool sells = lot.side == Side::kSell;
  if (sells && !random_.once_in(15)) {
    std::uint32_t papers = 0;
    for (std::uint32_t at = lot.first_document; at != 0; at = state.documents[at].next) {
      papers |= 1U << static_cast<unsigned>(state.documents[at].kind);
      if (random_.once_in(20)) {
        return op(kInspector, model::CheckDocument{id, at});
      }
    }
    for (std::size_t i = 0; i < product.required_count; ++i) {
      if ((papers >> product.required[i] & 1) != 0) continue;
      model::AttachDocument body{};
      body.lot = id;
      body.kind = static_cast<model::DocumentKind>(product.required[i]);
      body.issued_at = now.value - random_.between(0, 3) * model::kDay - 1;
      body.expires_at = now.value + random_.between(random_.once_in(20) ? -1 : 5, 40) * model::kDay;
      body.number = {'N', 'o', '1'};
      body.hash = some_hash();
      return op(user, body);
    }
    if (product.needs_tags != 0 && lot.tag_count < lot.quantity) {
      const auto count = static_cast<std::uint32_t>(lot.quantity - lot.tag_count);
      Op tags = op(user, model::AttachTags{id, 1});
      model::TagRange range{next_tag_, count};
      if (random_.once_in(25)) range.first -= std::min<std::uint64_t>(range.first, 50);
      if (random_.once_in(50)) range.first = 7;
      next_tag_ += count;
      append(tags, range);
      return tags;
    }
  }
  const std::int64_t middle = reference(state, lot, middle_of(product));
  const std::int64_t price = on_tick(
      middle * random_.between(random_.once_in(15) ? 90 : 97, 103) / 100, product);
  if (random_.once_in(30)) return op(user, model::WithdrawLot{id, some_hash()});
  if (sells && random_.percent(15)) return {};  // kept as goods for somebody's request
  if (random_.percent(20)) {
    Op entered = enter_clock(state, id);
    if (entered.type != model::CommandType{}) return entered;
  }
  if (random_.percent(20)) {
    Op asked = request_quote(state, id, now);
    if (asked.type != model::CommandType{}) return asked;
  }
  if (random_.percent(50)) {
    Op shut = announce_sealed(state, id, price, now);
    if (shut.type != model::CommandType{}) return shut;
  }
  if (random_.percent(45)) {
    const std::int64_t minimum =
        random_.percent(40) ? 0 : std::max<std::int64_t>(1, lot.quantity / random_.between(2, 6));
    return op(user, model::PostListing{id, price, minimum,
                                       now.value + random_.between(1, 72) * model::kHour});
  }
  model::AnnounceAuction body{};
  body.lot = id;
  const std::int64_t direction = sells ? 1 : -1;
  body.start = price;
  body.step = product.tick.value * random_.between(1, 4);
  if (random_.percent(50)) body.reserve = price + direction * body.step * random_.between(0, 6);
  if (random_.percent(35)) body.cap = price + direction * body.step * random_.between(3, 20);
  body.open_at = now.value + model::kMinute + random_.between(1, 120) * model::kSecond;
  body.close_at = body.open_at + random_.between(1, 60) * model::kMinute;
  body.window_ns = random_.percent(60) ? 0 : random_.between(1, 300) * model::kSecond;
  if (random_.percent(70)) return op(user, body);
  model::AnnounceDivisible parts{body.lot, body.start,   body.step,     body.reserve,
                                 body.cap, body.open_at, body.close_at, body.window_ns,
                                 0,        {},           {}};
  parts.minimum = std::max<std::int64_t>(1, lot.quantity / random_.between(1, 12));
  if (random_.once_in(30)) parts.minimum = random_.between(-1, 1);
  parts.award = random_.percent(50) ? model::Award::kUniform : model::Award::kPayAsBid;
  if (random_.once_in(30)) parts.award = static_cast<model::Award>(random_.between(0, 3));
  return op(user, parts);
}

/// A bid for a part: often what covers the lot just so, or leaves less than a part.
Op Workload::part_bid(const engine::State& state, const LotRow& lot, model::ParticipantId bidder,
                      model::LotId goods) {
  const model::ProductRow& product = state.products[lot.product];
  const model::DivisibleRow& row = state.divisible[lot.id];
  const std::int64_t direction = lot.side == Side::kSell ? 1 : -1;
  const std::int64_t least = row.marginal.value == 0
                                 ? lot.price.value
                                 : row.marginal.value + direction * lot.step.value;
  model::PlaceQuantityBid body{lot.id, 0, goods, 0};
  body.price = least + direction * product.tick.value * random_.between(0, 6);
  if (random_.once_in(3)) body.price = least;
  if (random_.once_in(15)) body.price = least - direction * product.tick.value;
  const std::int64_t rest = lot.quantity - row.covered;
  body.quantity = random_.between(lot.minimum, std::max(lot.minimum, lot.quantity / 2));
  if (random_.once_in(4)) body.quantity = lot.minimum;
  if (random_.once_in(6)) body.quantity = rest - lot.minimum + random_.between(0, 1);
  if (random_.once_in(8)) body.quantity = rest;
  if (random_.once_in(40)) body.quantity = random_.between(-1, lot.quantity + 1);
  return op(trader_of(bidder), body);
}

/// A proxy: near the standing price, near the cap, now and then the leader's own again.
Op Workload::proxy(const LotRow& lot, const model::ProductRow& product, std::int64_t least,
                   model::ParticipantId bidder, model::LotId goods) {
  const std::int64_t direction = lot.side == Side::kSell ? 1 : -1;
  model::SetProxy body{lot.id, goods, least};
  body.maximum += direction * product.tick.value * random_.between(0, random_.once_in(4) ? 60 : 8);
  if (random_.once_in(8) && lot.cap.value != 0) body.maximum = lot.cap.value;
  if (random_.once_in(8) && lot.reserve.value != 0) body.maximum = lot.reserve.value;
  if (random_.once_in(15)) body.maximum = least - direction * product.tick.value;
  if (lot.leader != 0 && random_.once_in(6)) {
    bidder = lot.leader;
    body.goods = lot.leader_goods;
  }
  return op(trader_of(bidder), body);
}

model::LotId Workload::goods_for(const engine::State& state, model::ParticipantId seller,
                                 const LotRow& lot) {
  const bool strict = random_.percent(95);
  return recent(state.lots, 120, [&](const LotRow& goods) {
    return !strict || (goods.side == Side::kSell && goods.state == LotState::kDraft &&
                       goods.initiator == seller && goods.grade == lot.grade &&
                       goods.used_by == 0);
  });
}

/// A lot that could stand behind a bid on, or a take of, this request.
Op Workload::goods_lot(const LotRow& request, model::ParticipantId seller, model::Time now) {
  model::CreateLot body{};
  body.product = request.product;
  body.quantity = request.quantity + (random_.percent(30) ? random_.between(0, 50) : 0);
  body.average_g = request.average_g;
  body.pickup_from = now.value + model::kDay;
  body.pickup_until = now.value + random_.between(3, 20) * model::kDay;
  body.origin = random_.pick(kCounties);
  body.place = random_.pick(kCounties);
  body.side = Side::kSell;
  body.terms = model::Terms::kDestination;
  body.grade = request.grade;
  body.sheet = some_hash();
  return op(trader_of(seller), body);
}

Op Workload::bid(const engine::State& state, model::Time now) {
  std::uint32_t id = recent(state.lots, 60, [](const LotRow& l) {
    return l.state == LotState::kOpen;
  });
  if (id == 0 && random_.once_in(10)) {
    id = recent(state.lots, 60, [](const LotRow& l) { return l.state == LotState::kAnnounced; });
  }
  if (id == 0) return {};
  const LotRow& lot = state.lots[id];
  const model::ProductRow& product = state.products[lot.product];
  const bool forward = lot.side == Side::kSell;
  const std::int64_t direction = forward ? 1 : -1;
  const std::int64_t least =
      lot.best.value == 0 ? lot.price.value : lot.best.value + direction * lot.step.value;
  std::int64_t price = least + direction * product.tick.value * random_.between(0, 3);
  if (random_.once_in(8)) price = least;
  if (random_.once_in(15)) price = least - direction * product.tick.value;
  if (random_.once_in(25) && lot.cap.value != 0) {
    price = lot.cap.value + direction * product.tick.value * random_.between(-1, 1);
  }
  if (random_.once_in(50) && lot.reserve.value != 0) price = lot.reserve.value;
  if (random_.once_in(60)) price += 1;
  if (random_.once_in(60)) price = price * random_.between(80, 120) / 100;
  if (forward) {
    auto bidder = some_buyer();
    for (int i = 0; i < 3 && bidder == lot.leader; ++i) bidder = some_buyer();
    if (random_.once_in(40)) bidder = some_participant();
    const bool parts = state.divisible.has(id) && state.divisible[id].award != model::Award::kWhole;
    if (parts && !random_.once_in(40)) return part_bid(state, lot, bidder, 0);
    if (random_.percent(15)) return proxy(lot, product, least, bidder, 0);
    return op(trader_of(bidder), model::PlaceBid{id, price});
  }
  const auto bidder = random_.once_in(40) ? some_participant() : some_farm();
  const model::LotId goods = goods_for(state, bidder, lot);
  if (goods == 0 && !random_.once_in(10)) return goods_lot(lot, bidder, now);
  const bool parts = state.divisible.has(id) && state.divisible[id].award != model::Award::kWhole;
  if (parts && !random_.once_in(40)) return part_bid(state, lot, bidder, goods);
  if (random_.percent(15)) return proxy(lot, product, least, bidder, goods);
  return op(trader_of(bidder), model::PlaceReverseBid{id, price, goods});
}

Op Workload::take(const engine::State& state, model::Time now) {
  const std::uint32_t id = recent(state.lots, 80, [](const LotRow& l) {
    return l.state == LotState::kListed;
  });
  if (id == 0) return {};
  const LotRow& lot = state.lots[id];
  if (random_.once_in(25)) {
    return op(random_.percent(80) ? trader_of(lot.initiator) : kOperator,
              model::WithdrawLot{id, some_hash()});
  }
  const bool sells = lot.side == Side::kSell;
  const model::ParticipantId who =
      random_.once_in(40) ? some_participant() : (sells ? some_buyer() : some_farm());
  model::Take body{id, 0, lot.price.value, lot.remaining};
  if (!sells) {
    body.goods = goods_for(state, who, lot);
    if (body.goods == 0 && !random_.once_in(10)) return goods_lot(lot, who, now);
  }
  if (lot.minimum != 0 && random_.percent(60)) {
    body.quantity = random_.one_of<std::int64_t>(
        {lot.minimum, lot.minimum - 1, lot.remaining - lot.minimum,
         lot.remaining - lot.minimum + 1, random_.between(1, lot.remaining)});
  }
  if (random_.once_in(30)) body.price += 10;
  if (random_.once_in(40)) body.quantity = lot.remaining + 1;
  return op(trader_of(who), body);
}

/// What the initiator or the best bidder does in the exclusive window, or the operator before.
Op Workload::after_close(const engine::State& state) {
  const std::uint32_t id = recent(state.lots, 80, [](const LotRow& l) {
    return l.state == LotState::kExclusive;
  });
  if (id == 0 || random_.once_in(6)) {
    const std::uint32_t open = recent(state.lots, 60, [](const LotRow& l) {
      return l.state == LotState::kOpen || l.state == LotState::kAnnounced;
    });
    if (open == 0) return {};
    return op(random_.percent(50) ? kOperator : trader_of(state.lots[open].initiator),
              model::WithdrawLot{open, some_hash()});
  }
  const LotRow& lot = state.lots[id];
  if (random_.percent(50)) {
    const auto who = random_.percent(90) ? lot.initiator : some_participant();
    return op(trader_of(who), model::AcceptBelowReserve{id});
  }
  return op(random_.percent(90) ? trader_of(lot.leader) : trader_of(some_participant()),
            model::RaiseToReserve{id});
}

}  // namespace hulan::simulation
