// SPDX-License-Identifier: Apache-2.0
// Halts, kill switches, permits, busted trades (R12).
#include "simulation/workload/workload.h"

namespace hulan::simulation {

using model::HaltState;

/// Mostly asks for a trade to be busted; now and then halts, stops somebody, or bars them.
Op Workload::control(const engine::State& state, model::Time now) {
  const model::UserId who = random_.once_in(30) ? kSupervisor : kOperator;
  switch (random_.below(8)) {
    case 0: {
      model::HaltMarket body{0, some_hash()};
      if (random_.percent(60) && state.products.size() > 1) {
        body.product =
            static_cast<model::ProductId>(random_.between(1, state.products.size() - 1));
      }
      return op(who, body);
    }
    case 1:
      return op(who, model::KillParticipant{some_participant(), some_hash()});
    case 2: {
      if (state.products.size() < 2) return {};
      const auto product =
          static_cast<model::ProductId>(random_.between(1, state.products.size() - 1));
      return op(who, model::PermitTrading{some_participant(), product,
                                          random_.percent(50) ? 1U : 0U, some_hash()});
    }
    default: {
      const std::uint32_t id = recent(state.contracts, 12, [&](const model::ContractRow& c) {
        return c.state == model::ContractState::kConcluded &&
               now.value < c.concluded_at + 61 * model::kMinute;
      });
      if (id == 0) return {};
      const auto& contract = state.contracts[id];
      return op(random_.one_of({kOperator, trader_of(contract.buyer), trader_of(contract.seller)}),
                model::BustTrade{id, some_hash()});
    }
  }
}

/// What was halted, stopped or barred goes on after a while; an empty op if nothing is.
Op Workload::let_go_on(const engine::State& state, model::Time now) {
  for (std::uint32_t row = 1; row < state.halts.size(); ++row) {
    const model::HaltRow& halt = state.halts[row];
    if (halt.state != HaltState::kHalted) continue;
    if (halt.resume_at != 0) {
      if (random_.once_in(10)) return op(kOperator, model::HaltMarket{halt.product, some_hash()});
      continue;
    }
    return op(kOperator,
              model::ResumeMarket{halt.product, now.value + random_.between(299, 900) *
                                                                model::kSecond});
  }
  for (model::ParticipantId id = 1; id < state.kills.size(); ++id) {
    if (state.kills[id].active == 0) continue;
    return op(kOperator2, model::ReviveParticipant{id, some_hash()});
  }
  for (std::uint32_t id = 1; id < state.trading.size(); ++id) {
    const model::TradingRow& row = state.trading[id];
    if (row.barred == 0 || random_.percent(50)) continue;
    return op(kOperator2, model::PermitTrading{row.participant, row.product, 1, some_hash()});
  }
  return {};
}

}  // namespace hulan::simulation
