// SPDX-License-Identifier: Apache-2.0
// R12.4: a trade that was an obvious error is undone, with four eyes. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// By a party or the operator, within 60 minutes of the conclusion and before payment: opens an
/// approval, of one further person of staff where the operator asks, of two where a party does.
Outcome bust_trade(Context& context, const model::BustTrade& body);

/// ok, or wrong_contract_state: whether an approval of kBust can still take effect. A payment made
/// since it was asked for is no hindrance: it returns.
[[nodiscard]] model::Reject check_bust(const State& state, const model::PendingRow& pending);

/// A second person approved: everything that the trade froze or paid in returns in one balanced
/// set, without fees, and the trade leaves day prices and index (R11.2). The lot keeps its state,
/// as after a cancellation; its owner may offer the goods again as a new lot.
void on_bust(Context& context, const model::PendingRow& pending);

}  // namespace hulan::engine
