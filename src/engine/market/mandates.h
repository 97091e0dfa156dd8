// SPDX-License-Identifier: Apache-2.0
// Agents (R2.5): a principal gives a mandate, its agent confirms it, and then the agent's users may
// trade in the principal's name within it. The principal is the party, posts the bonds and is
// invoiced. What is asked on a lot counts once towards the sum, at its highest nominal, and is not
// given back. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome give_mandate(Context& context, const model::GiveMandate& body);
Outcome confirm_mandate(Context& context, const model::ConfirmMandate& body);
Outcome revoke_mandate(Context& context, const model::RevokeMandate& body);

/// What an agent asks in its principal's name.
struct Act {
  model::LotId lot = 0;          ///< 0: a new one
  model::ProductId product = 0;  ///< any version
  model::Side side{};            ///< on which the principal stands
  model::Fen nominal{};          ///< that it commits; 0 = none
  bool in_book = false;          ///< an order: of no lot, each counts
};

/// ok, unknown_mandate, not_your_participant, mandate_over, outside_mandate, agent_other_side,
/// mandate_exceeded or mandates_full: whether `inner`, a command of this type and version, may be
/// asked under the mandate.
[[nodiscard]] model::Reject check_act(const Context& context, const model::ActFor& body,
                                      std::span<const std::uint8_t> inner, Act& act);

/// It was done; `made`: the command's outcome.
void record_act(Context& context, model::MandateId mandate, Act act, const Outcome& made);

/// R5.6: whether the two have an agent in common.
[[nodiscard]] bool share_agent(const State& state, model::ParticipantId a, model::ParticipantId b);

}  // namespace hulan::engine
