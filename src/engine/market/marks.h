// SPDX-License-Identifier: Apache-2.0
// Origin marks and brands, and who may carry them (R4.2). Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome register_mark(Context& context, const model::RegisterMark& body);
Outcome grant_mark(Context& context, const model::GrantMark& body);
Outcome revoke_grant(Context& context, const model::RevokeGrant& body);

/// Whether goods of `product` from `farm` in `origin` may carry `mark` at this time: ok,
/// unknown_mark, mark_wrong_product, mark_expired or mark_not_granted. The holder's own farm needs
/// no grant.
[[nodiscard]] model::Reject check_mark(const State& state, model::MarkId mark,
                                       model::ProductId product, model::ParticipantId farm,
                                       std::uint32_t origin, model::Time now);

}  // namespace hulan::engine
