// SPDX-License-Identifier: Apache-2.0
// Sealed bids: keys, notices, envelopes (some of them void), shares.
#include <algorithm>

#include "engine/market/halts.h"
#include "simulation/workload/workload.h"

namespace hulan::simulation {
namespace {

using model::LotRow;
using model::LotState;
using model::SealKeyRow;
using model::Side;

constexpr std::uint32_t kLotsOfKey = 4;

bool all_closed(const engine::State& state, const SealKeyRow& key, model::Time now) {
  if (key.lots == 0) return false;
  for (model::LotId id = key.first_lot; id != 0; id = state.sealed[id].next) {
    if (now.value < state.lots[id].close_at) return false;
  }
  return true;
}

}  // namespace

/// One of the lots of the latest keys that take bids now; 0 = none.
model::LotId Workload::open_lot(const engine::State& state, model::Time now) {
  std::vector<model::LotId> open;
  const std::uint32_t keys = state.seal_keys.size();
  for (std::uint32_t key = keys > 6 ? keys - 6 : 1; key < keys; ++key) {
    for (model::LotId id = state.seal_keys[key].first_lot; id != 0; id = state.sealed[id].next) {
      const LotRow& lot = state.lots[id];
      const bool takes = lot.state == LotState::kAnnounced || lot.state == LotState::kOpen;
      if (takes && now.value >= lot.open_at && now.value < lot.close_at) open.push_back(id);
    }
  }
  return open.empty() ? 0 : open[random_.below(open.size())];
}

Op Workload::sealed(const engine::State& state, model::Time now) {
  if (random_.percent(40)) {
    Op share = reveal_share(state, now);
    if (share.type != model::CommandType{}) return share;
  }
  const model::LotId open = open_lot(state, now);
  if (open != 0 && random_.percent(85)) return bid_sealed(state, open, now);
  const std::uint32_t free = recent(state.seal_keys, 3, [](const SealKeyRow& key) {
    return key.revealed == 0 && key.lots < kLotsOfKey;
  });
  if (free == 0 || random_.once_in(100)) return register_key();
  const std::uint32_t any = recent(state.lots, 60, [](const LotRow& l) {
    return l.method == model::Method::kSealed && l.state != LotState::kDraft;
  });
  return any != 0 && random_.once_in(4) ? bid_sealed(state, any, now) : Op{};
}

Op Workload::register_key() {
  const std::array shares{some_hash(), some_hash()};
  model::RegisterSealKey body{};
  body.public_key = public_seal_key(join_shares(shares[0], shares[1]));
  body.share_hashes[0] = sha256(shares[0]);
  body.share_hashes[1] = sha256(shares[1]);
  body.holders[0] = random_.once_in(20) ? trader_of(1) : kOfficer;
  body.holders[1] = random_.once_in(20) ? kOfficer : kInspector;
  if (random_.once_in(60)) body.public_key = some_hash();  // a key that its shares do not make
  shares_[body.public_key] = shares;
  return op(random_.once_in(20) ? kOfficer : kOperator, body);
}

Op Workload::reveal_share(const engine::State& state, model::Time now) {
  const bool early = random_.once_in(10);
  const std::uint32_t id = recent(state.seal_keys, 12, [&](const SealKeyRow& key) {
    return key.revealed != 3 && (early || all_closed(state, key, now));
  });
  if (id == 0) return {};
  const SealKeyRow& key = state.seal_keys[id];
  const auto known = shares_.find(key.public_key);
  if (known == shares_.end()) return {};
  const std::size_t which = (key.revealed & 1) != 0 || random_.percent(40) ? 1 : 0;
  model::RevealShare body{id, known->second[which]};
  if (random_.once_in(20)) body.share = some_hash();
  return op(random_.once_in(30) ? kOperator : key.holders[which], body);
}

Op Workload::announce_sealed(const engine::State& state, model::LotId id, std::int64_t price,
                             model::Time now) {
  const std::uint32_t key = recent(state.seal_keys, 3, [&](const SealKeyRow& row) {
    return row.revealed == 0 && (row.lots < kLotsOfKey || random_.once_in(30));
  });
  if (key == 0) return {};
  const LotRow& lot = state.lots[id];
  const bool allowed = (state.products[lot.product].methods &
                        model::method_bit(model::Method::kSealed)) != 0 &&
                       !engine::is_halted(state, lot.product);
  if (!allowed && !random_.once_in(30)) return {};
  const std::int64_t tick = state.products[lot.product].tick.value;
  const std::int64_t direction = lot.side == Side::kSell ? 1 : -1;
  model::AnnounceSealed body{};
  body.lot = id;
  body.key = key;
  body.start = price;
  if (random_.percent(50)) body.reserve = price + direction * tick * random_.between(0, 12);
  if (random_.percent(70)) body.cap = price + direction * tick * random_.between(8, 30);
  body.open_at = now.value + model::kMinute + random_.between(1, 120) * model::kSecond;
  body.close_at = body.open_at + random_.between(2, 90) * model::kMinute;
  body.award = static_cast<model::SealedAward>(random_.between(1, 4));
  const bool parts = body.award >= model::SealedAward::kPayAsBid;
  if (parts) body.minimum = std::max<std::int64_t>(1, lot.quantity / random_.between(1, 12));
  if (random_.once_in(30)) body.minimum = random_.between(-1, 1);
  if (random_.once_in(30)) body.award = static_cast<model::SealedAward>(random_.between(0, 5));
  return op(trader_of(lot.initiator), body);
}

/// Near the start and near each other, often alike; now and then outside the notice.
Opening Workload::some_opening(const engine::State& state, const LotRow& lot) {
  const std::int64_t tick = state.products[lot.product].tick.value;
  const std::int64_t direction = lot.side == Side::kSell ? 1 : -1;
  Opening opening;
  opening.price = lot.price.value + direction * tick * random_.between(0, 10);
  if (random_.once_in(12)) opening.price = lot.price.value - direction * tick;
  if (random_.once_in(12) && lot.cap.value != 0) {
    opening.price = lot.cap.value + direction * tick * random_.between(0, 1);
  }
  if (random_.once_in(8) && lot.reserve.value != 0) opening.price = lot.reserve.value;
  if (random_.once_in(30)) opening.price += 1;
  if (random_.once_in(40)) opening.price = random_.one_of<std::int64_t>({0, -1, INT64_MAX});
  opening.quantity = lot.quantity;
  if (lot.minimum != lot.quantity) {
    opening.quantity = random_.between(lot.minimum, std::max(lot.minimum, lot.quantity / 2));
    if (random_.once_in(4)) opening.quantity = lot.minimum;
  }
  if (random_.once_in(20)) opening.quantity = lot.quantity;
  if (random_.once_in(30)) {
    opening.quantity =
        random_.one_of<std::int64_t>({0, lot.minimum - 1, lot.quantity + 1, INT64_MIN});
  }
  random_.fill(opening.salt);
  return opening;
}

Op Workload::bid_sealed(const engine::State& state, model::LotId id, model::Time now) {
  const LotRow& lot = state.lots[id];
  const bool sells = lot.side == Side::kSell;
  const model::ParticipantId who =
      random_.once_in(40) ? some_participant() : (sells ? some_buyer() : some_farm());
  model::PlaceSealedBid body{};
  body.lot = id;
  if (!sells) {
    body.goods = goods_for(state, who, lot);
    if (body.goods == 0 && !random_.once_in(10)) return goods_lot(lot, who, now);
  }
  const bool known = state.sealed.has(id) && state.seal_keys.has(state.sealed[id].key);
  const Opening opening = some_opening(state, lot);
  body.commitment = commitment_of(opening);
  if (known) {
    const model::DocumentHash key = state.seal_keys[state.sealed[id].key].public_key;
    body.box = seal_box(opening, key, some_hash());
  }
  if (random_.once_in(15)) body.commitment = some_hash();  // void at the opening
  if (random_.once_in(25)) body.box[random_.below(body.box.size())] ^= 1;
  if (random_.once_in(40) && known && state.sealed[id].last != 0) {
    body.commitment = state.sealed_bids[state.sealed[id].last].commitment;
  }
  return op(trader_of(who), body);
}

}  // namespace hulan::simulation
