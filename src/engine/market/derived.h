// SPDX-License-Identifier: Apache-2.0
// The keys of the derived indexes, and making them again from the rows. Engine thread only.
#pragma once

#include "engine/state.h"

namespace hulan::engine {

[[nodiscard]] std::uint64_t relation_hash(model::ParticipantId a, model::ParticipantId b);
[[nodiscard]] std::uint64_t deposit_hash(const model::DocumentHash& reference);
[[nodiscard]] std::uint64_t reference_hash(model::ProductId first, std::uint32_t province,
                                           std::uint8_t grade);
[[nodiscard]] std::uint64_t grant_hash(model::MarkId mark, model::ParticipantId farm);
[[nodiscard]] std::uint64_t day_price_hash(model::ProductId first, std::uint32_t region,
                                           std::uint8_t grade, std::int64_t day);
[[nodiscard]] std::uint64_t trading_hash(model::ParticipantId participant, model::ProductId first);

/// True while a deposit's bank reference may not be recorded again.
[[nodiscard]] bool holds_bank_reference(const model::PendingRow& pending);

/// Fills every index of `state.derived` from the rows.
void rebuild_derived(State& state);

}  // namespace hulan::engine
