// SPDX-License-Identifier: Apache-2.0
// Sessions, clocks, quotas.
#include <algorithm>

#include "engine/auction/clock.h"
#include "simulation/workload/products.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {
namespace {

using model::LotRow;
using model::LotState;
using model::SessionRow;
using model::SessionState;
using model::Side;

}  // namespace

/// A session now and then, quotas for it, a re-entry of what was carried over, mostly takes.
Op Workload::clock(const engine::State& state, model::Time now) {
  const std::uint32_t open = recent(state.lots, 60, [](const LotRow& l) {
    return l.state == LotState::kOpen && l.method == model::Method::kClock;
  });
  if (open != 0 && random_.percent(80)) return take_clock(state, open, now);
  const std::uint32_t carried =
      recent(state.lots, 80, [](const LotRow& l) { return l.state == LotState::kCarried; });
  if (carried != 0 && random_.percent(40)) {
    if (random_.once_in(20)) {
      return op(trader_of(state.lots[carried].initiator),
                model::WithdrawLot{carried, some_hash()});
    }
    Op entered = enter_clock(state, carried);
    if (entered.type != model::CommandType{}) return entered;
  }
  const std::uint32_t announced = recent(state.sessions, 6, [](const SessionRow& s) {
    return s.state == SessionState::kAnnounced;
  });
  if (announced != 0 && random_.percent(50)) {
    return op(trader_of(some_buyer()),
              model::BondQuota{announced, random_.percent(90) ? random_.between(1, 300)
                                                              : random_.between(-1, 1)});
  }
  if (announced != 0 && random_.percent(70)) return {};
  model::AnnounceSession body{};
  if (state.products.size() < 2) return {};
  body.product = static_cast<model::ProductId>(random_.between(1, state.products.size() - 1));
  body.side = random_.percent(80) ? Side::kSell : Side::kBuy;
  body.opens_at = now.value + model::kMinute + random_.between(-1, 600) * model::kSecond;
  if (random_.percent(40)) {
    body.kind = model::SessionKind::kSharedClock;
    body.unsold = model::UnsoldRule::kEnd;
  } else {
    body.kind = model::SessionKind::kCadran;
    body.unsold = random_.one_of({model::UnsoldRule::kCarry, model::UnsoldRule::kAllocate});
    body.tick_ns =
        random_.one_of<std::int64_t>({0, 100'000'000, 5 * model::kSecond, model::kMinute});
    body.pause_ns = random_.between(0, 3) * model::kSecond;
  }
  body.seed = some_hash();
  body.title = some_hash();
  return op(kOperator, body);
}

Op Workload::enter_clock(const engine::State& state, model::LotId id) {
  const LotRow& lot = state.lots[id];
  const model::ProductId first = state.derived.first[lot.product];
  const bool any = random_.once_in(30);
  const std::uint32_t session = recent(state.sessions, 8, [&](const SessionRow& s) {
    return any || (s.state == SessionState::kAnnounced && s.product == first && s.side == lot.side);
  });
  if (session == 0) return {};
  const model::ProductRow& product = state.products[lot.product];
  const bool falls = lot.side == Side::kSell;
  const std::int64_t tick = product.tick.value;
  const std::int64_t middle = middle_of(product);
  const std::int64_t start = middle / tick * tick + random_.between(-3, 10) * tick;
  const std::int64_t way = random_.between(random_.once_in(20) ? -1 : 0, 25) * tick;
  if (state.sessions[session].kind == model::SessionKind::kSharedClock) {
    const std::int64_t towards = falls ? 1 : -1;
    const std::int64_t reserve = random_.percent(40) ? start + towards * way : 0;
    const std::int64_t cap = random_.once_in(4) ? start + towards * 40 * tick : 0;
    return op(trader_of(lot.initiator),
              model::EnterSharedClock{session, id, start, tick * random_.between(1, 4), reserve, cap});
  }
  model::EnterClock body{session, id, start, tick * random_.between(1, 4),
                         falls ? start - way : start + way, 0};
  if (random_.percent(70)) {
    body.minimum = std::max<std::int64_t>(1, lot.remaining / random_.between(1, 6));
  }
  return op(trader_of(lot.initiator), body);
}

Op Workload::take_clock(const engine::State& state, model::LotId id, model::Time now) {
  const LotRow& lot = state.lots[id];
  const auto shown = engine::clock_price(state.clocks[id], lot, now);
  const bool falls = lot.side == Side::kSell;
  const std::int64_t towards = falls ? 1 : -1;
  std::int64_t price = shown ? shown->value : lot.price.value;
  price += towards * lot.step.value * random_.between(random_.once_in(10) ? -1 : 0, 1);
  const model::ParticipantId who =
      random_.once_in(40) ? some_participant() : (falls ? some_buyer() : some_farm());
  model::TakeClock body{id, 0, price, lot.remaining};
  if (!falls) {
    body.goods = goods_for(state, who, lot);
    if (body.goods == 0 && !random_.once_in(10)) return goods_lot(lot, who, now);
  }
  if (random_.percent(60)) {
    body.quantity = random_.one_of<std::int64_t>(
        {lot.minimum, lot.minimum - 1, lot.remaining - lot.minimum,
         lot.remaining - lot.minimum + 1, random_.between(1, lot.remaining)});
  }
  if (random_.once_in(40)) body.quantity = lot.remaining + 1;
  return op(trader_of(who), body);
}

}  // namespace hulan::simulation
