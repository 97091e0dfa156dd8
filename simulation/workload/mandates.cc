// SPDX-License-Identifier: Apache-2.0
// Agents (R2.5): mandates given, confirmed and revoked, and used.
#include "simulation/workload/workload.h"

namespace hulan::simulation {

using model::MandateRow;
using model::MandateState;

Op Workload::mandate(const engine::State& state, model::Time now) {
  if (state.participants.size() <= kAgent) return {};
  const model::UserId agent = trader_of(kAgent);
  const std::uint32_t given = recent(
      state.mandates, 12, [](const MandateRow& m) { return m.state == MandateState::kGiven; });
  if (given != 0 && random_.percent(80)) {
    return op(random_.percent(95) ? agent : trader_of(some_buyer()), model::ConfirmMandate{given});
  }
  const std::uint32_t active = recent(
      state.mandates, 20, [](const MandateRow& m) { return m.state == MandateState::kActive; });
  if (active != 0 && random_.once_in(4)) {
    const model::UserId by = random_.one_of({agent, kOperator, trader_of(some_participant()),
                                             trader_of(state.mandates[active].principal)});
    return op(by, model::RevokeMandate{active});
  }
  model::GiveMandate body{};
  body.agent = random_.once_in(20) ? some_participant() : kAgent;
  body.sides = static_cast<decltype(body.sides)>(random_.between(random_.once_in(20) ? 0 : 1, 3));
  body.limit_fen = random_.one_of<std::int64_t>({500'000'00, 5'000'000'00, 90'000'000'00, 0});
  body.expires_at = now.value + random_.one_of<std::int64_t>({model::kHour, 3 * model::kDay, 0});
  if (random_.once_in(3) && state.products.size() > 1) {
    body.products[0] =
        static_cast<model::ProductId>(random_.between(1, state.products.size() - 1));
  }
  return op(trader_of(random_.percent(50) ? some_buyer() : some_farm()), body);
}

Op Workload::by_agent(const engine::State& state, Op chosen) {
  if (chosen.participant == 0 || chosen.user != trader_of(chosen.participant)) return chosen;
  const std::uint32_t under = recent(state.mandates, 20, [&](const MandateRow& m) {
    return m.state == MandateState::kActive && m.principal == chosen.participant;
  });
  if (under == 0) return chosen;
  Op out = op(trader_of(kAgent), model::ActFor{under, chosen.type, chosen.version, 0});
  out.body.insert(out.body.end(), chosen.body.begin(), chosen.body.end());
  return out;
}

}  // namespace hulan::simulation
