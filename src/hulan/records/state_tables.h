// SPDX-License-Identifier: Apache-2.0
// The market's rows as tables: docs/formats/export.md describes each column.
#pragma once

#include "engine/engine.h"
#include "hulan/records/sink.h"

namespace hulan::app {

/// Table `summary`: sequence, time, rules version and hashes, by name and value.
void write_summary(Sink& sink, engine::Engine& engine);

/// participants, accounts, market_accounts, products, lots, standing_bids, contracts, deliveries,
/// claims, disputes and approvals, each in order of its numbers.
void write_state(Sink& sink, const engine::State& state);

}  // namespace hulan::app
