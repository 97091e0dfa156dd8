// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/allocation.h"

#include <algorithm>
#include <array>

#include "engine/auction/ending.h"
#include "engine/auction/session.h"
#include "engine/ledger/ledger.h"
#include "engine/lot/lots.h"
#include "engine/market/access.h"
#include "engine/market/members.h"
#include "model/day_index.h"

namespace hulan::engine {
namespace {

using contract::Bonds;
using model::Fen;
using model::LotRow;
using model::Price;
using model::QuotaId;
using model::QuotaRow;
using model::Reject;

/// The quotas of a session that may have a part of the lot, the earliest first.
struct Takers {
  std::array<QuotaId, model::kMaxSessionQuotas> quotas;
  std::array<std::int64_t, model::kMaxSessionQuotas> wishes;
  std::array<std::int64_t, model::kMaxSessionQuotas> shares;
  std::size_t count = 0;
};

bool may_take(const State& state, const LotRow& lot, const QuotaRow& quota) {
  return quota.left > 0 && is_active(state, quota.buyer) &&
         check_parties(state, lot.initiator, quota.buyer) == Reject::ok &&
         check_buyer_zone(state, lot, quota.buyer) == Reject::ok;
}

Takers takers_of(const State& state, const model::SessionRow& session, const LotRow& lot) {
  Takers takers;
  for (QuotaId id = session.first_quota; id != 0; id = state.quotas[id].next) {
    if (may_take(state, lot, state.quotas[id])) takers.quotas[takers.count++] = id;
  }
  std::reverse(takers.quotas.begin(),
               takers.quotas.begin() + static_cast<std::ptrdiff_t>(takers.count));
  for (std::size_t i = 0; i < takers.count; ++i) {
    takers.wishes[i] = state.quotas[takers.quotas[i]].left;
  }
  share_pro_rata(lot.remaining, {takers.wishes.data(), takers.count},
                 {takers.shares.data(), takers.count});
  return takers;
}

/// Makes the quota's bonds fit the part: what is missing is frozen now, if it is there.
bool cover_part(Context& context, QuotaRow& quota, const Bonds& needed, const LotRow& lot) {
  const auto currency = context.state.products[lot.product].currency;
  const Bonds more{std::max(Fen{}, needed.performance - quota.bond),
                   std::max(Fen{}, needed.trading - quota.trading_bond)};
  if (!covers_bonds(context.state, quota.buyer, currency, more)) return false;
  freeze_bonds(context, quota.buyer, more.performance, more.trading,
               {.lot = lot.id, .currency = currency});
  quota.bond += more.performance - needed.performance;
  quota.trading_bond += more.trading - needed.trading;
  return true;
}

void conclude_share(Context& context, model::LotId id, QuotaId quota_id, Price price,
                    std::int64_t share) {
  State& state = context.state;
  const LotRow& lot = state.lots[id];
  const auto bonds = bonds_at(lot, state.products[lot.product], price, share);
  if (!bonds) return;
  QuotaRow& quota = state.quotas.edit(quota_id);
  if (!cover_part(context, quota, *bonds, lot)) return;
  quota.left -= share;
  state.lots.edit(id).best = price;
  static_cast<void>(conclude_part(context, id,
                                  {.counterparty = quota.buyer,
                                   .goods = 0,
                                   .price = price,
                                   .quantity = share,
                                   .bonds = *bonds}));
  context.emit_row<model::QuotaChanged>(quota_id, quota);
}

}  // namespace

void share_pro_rata(std::int64_t quantity, std::span<const std::int64_t> wishes,
                    std::span<std::int64_t> shares) {
  model::Int128 wished = 0;
  for (const std::int64_t wish : wishes) wished += wish;
  std::fill(shares.begin(), shares.end(), 0);
  if (wished == 0) return;
  const model::Int128 given = std::min<model::Int128>(quantity, wished);
  std::array<model::Int128, model::kMaxSessionQuotas> remainders;
  model::Int128 left = given;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    shares[i] = static_cast<std::int64_t>(given * wishes[i] / wished);
    remainders[i] = given * wishes[i] % wished;
    left -= shares[i];
  }
  for (; left > 0; --left) {
    const auto end = remainders.begin() + static_cast<std::ptrdiff_t>(wishes.size());
    const auto most = std::max_element(remainders.begin(), end);
    ++shares[static_cast<std::size_t>(most - remainders.begin())];
    *most = -1;
  }
}

std::optional<Price> allocation_price(const State& state, const model::SessionRow& session,
                                      const LotRow& lot) {
  if (session.weight <= 0) return std::nullopt;
  const auto mean =
      model::to_unit(session.weighted, session.weight, state.products[lot.product].tick.value);
  if (!mean) return std::nullopt;
  return std::max(Price{*mean}, lot.reserve);
}

bool allocate_to_quotas(Context& context, model::SessionId session_id, model::LotId id) {
  State& state = context.state;
  const model::SessionRow session = state.sessions[session_id];
  const auto price = allocation_price(state, session, state.lots[id]);
  if (!price || !is_active(state, state.lots[id].initiator)) return true;
  const Takers takers = takers_of(state, session, state.lots[id]);
  const std::int64_t minimum = state.lots[id].minimum;
  for (std::size_t i = 0; i < takers.count; ++i) {
    if (takers.shares[i] < minimum) continue;
    if (!contract::can_conclude(state)) return false;
    conclude_share(context, id, takers.quotas[i], *price, takers.shares[i]);
  }
  const LotRow& lot = state.lots[id];
  if (lot.remaining > 0 && lot.remaining < minimum) end_lot(context, id, model::LotState::kUnsold);
  return true;
}

}  // namespace hulan::engine
