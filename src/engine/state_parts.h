// SPDX-License-Identifier: Apache-2.0
// The state's parts by name and in order: for hashes and snapshots. Names are part of the
// snapshot's format.
#pragma once

#include <string_view>

#include "engine/state.h"

namespace hulan::engine {

/// Calls visit(name, table) for each part of the business state. `S` is State or const State.
template <class S, class Visit>
void for_each_business_part(S& state, Visit visit) {
  visit(std::string_view("market"), state.market);
  visit(std::string_view("users"), state.users);
  visit(std::string_view("participants"), state.participants);
  visit(std::string_view("accounts"), state.accounts);
  visit(std::string_view("operator_accounts"), state.operator_accounts);
  visit(std::string_view("relations"), state.relations);
  visit(std::string_view("pending"), state.pending);
  visit(std::string_view("products"), state.products);
  visit(std::string_view("references"), state.references);
  visit(std::string_view("marks"), state.marks);
  visit(std::string_view("grants"), state.grants);
  visit(std::string_view("lots"), state.lots);
  visit(std::string_view("bid_stacks"), state.bid_stacks);
  visit(std::string_view("documents"), state.documents);
  visit(std::string_view("tags"), state.tags);
  visit(std::string_view("roots"), state.roots);
  visit(std::string_view("contracts"), state.contracts);
  visit(std::string_view("deliveries"), state.deliveries);
  visit(std::string_view("trucks"), state.trucks);
  visit(std::string_view("groups"), state.groups);
  visit(std::string_view("claims"), state.claims);
  visit(std::string_view("day_prices"), state.day_prices);
  visit(std::string_view("timers"), state.timers);
}

/// The parts that came after the first logs were written, in the order in which they came. A part
/// without rows is in no hash and no snapshot, so that a log that never uses it keeps its hashes.
template <class S, class Visit>
void for_each_later_part(S& state, Visit visit) {
  visit(std::string_view("product_terms"), state.product_terms);
  visit(std::string_view("sessions"), state.sessions);
  visit(std::string_view("clocks"), state.clocks);
  visit(std::string_view("quotas"), state.quotas);
  visit(std::string_view("proxies"), state.proxies);
  visit(std::string_view("divisible"), state.divisible);
  visit(std::string_view("lot_bids"), state.lot_bids);
  visit(std::string_view("halts"), state.halts);
  visit(std::string_view("lot_clocks"), state.lot_clocks);
  visit(std::string_view("kills"), state.kills);
  visit(std::string_view("trading"), state.trading);
  visit(std::string_view("books"), state.book_rows);
  visit(std::string_view("orders"), state.books.orders());
  visit(std::string_view("order_terms"), state.books.order_terms());
  visit(std::string_view("positions"), state.positions);
  visit(std::string_view("order_numbers"), state.order_numbers);
  visit(std::string_view("requests"), state.requests);
  visit(std::string_view("quotes"), state.quotes);
  visit(std::string_view("mandates"), state.mandates);
  visit(std::string_view("acts"), state.acts);
  visit(std::string_view("principals"), state.principals);
  visit(std::string_view("lot_acts"), state.lot_acts);
  visit(std::string_view("seal_keys"), state.seal_keys);
  visit(std::string_view("sealed"), state.sealed);
  visit(std::string_view("sealed_bids"), state.sealed_bids);
  visit(std::string_view("disputes"), state.disputes);
}

/// True once a later part holds a row.
template <class Part>
[[nodiscard]] bool is_used(const Part& part) {
  return part.size() > 1;
}

}  // namespace hulan::engine
