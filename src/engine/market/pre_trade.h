// SPDX-License-Identifier: Apache-2.0
// R12.1: what is asked before an order, a bid, a take or a posting counts, beside bonds and band.
// Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// ok, trading_halted (R12.2), not_permitted, order_too_large, day_limit_reached or trading_full:
/// whether `participant` may now ask for `quantity` (quantity units) of the product version.
[[nodiscard]] model::Reject check_pre_trade(const State& state, model::ProductId product,
                                            model::ParticipantId participant,
                                            std::int64_t quantity);

/// R12.1: false where the participant is barred from the product.
[[nodiscard]] bool may_trade(const State& state, model::ProductId product,
                             model::ParticipantId participant);

/// Counts a concluded quantity into the participant's day, where the version has a limit for it.
void count_trade(Context& context, model::ProductId product, model::ParticipantId participant,
                 std::int64_t quantity);

/// By the operator: bars a participant from a product, or permits it again.
Outcome permit_trading(Context& context, const model::PermitTrading& body);

}  // namespace hulan::engine
