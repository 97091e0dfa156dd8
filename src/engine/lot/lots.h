// SPDX-License-Identifier: Apache-2.0
// Lots: drafts, their papers, and what must be true before goods are offered (R4.2, R4.3). Engine
// thread only.
#pragma once

#include "engine/context.h"
#include "engine/market/references.h"

namespace hulan::engine {

Outcome create_lot(Context& context, const model::CreateLot& body);
Outcome attach_document(Context& context, const model::AttachDocument& body);
Outcome check_document(Context& context, const model::CheckDocument& body);

/// ok, or why the asker may not change this lot: role, unknown_lot, not_lot_owner, wrong_lot_state.
[[nodiscard]] model::Reject check_own_draft(const Context& context, model::LotId lot);

/// ok, or why goods may not be offered now: documents, tags, mark, window. `detail` of the context
/// names the document kind. `product` is the version in force.
[[nodiscard]] model::Reject check_goods(Context& context, const model::LotRow& lot,
                                        model::ProductId product);

/// R4.3: ok or zone_closed for goods of a product sent between two regions.
[[nodiscard]] model::Reject check_zone(const model::ProductRow& product, std::uint32_t from_region,
                                       std::uint32_t to_region);

/// Where the price of a lot is looked up (R5.5): its origin, or the place of a request.
[[nodiscard]] inline std::uint32_t price_region(const model::LotRow& lot) {
  return lot.origin != 0 ? lot.origin : lot.place;
}

/// What both ways of offering ask of a draft before they look at their own terms.
struct Offer {
  model::Reject reject = model::Reject::ok;
  model::ProductId product = 0;  ///< version in force
};
[[nodiscard]] Offer check_offer(Context& context, model::LotId lot, model::Method method);

/// R4.3 for whoever sells into a request: ok, goods_required or goods_unsuitable, a missing paper,
/// zone_closed.
[[nodiscard]] model::Reject check_offered_goods(Context& context, const model::LotRow& request,
                                                model::ParticipantId seller, model::LotId goods,
                                                std::int64_t quantity);

/// R4.3 for whoever buys from a lot that sells: where the buyer collects, its region is the
/// destination.
[[nodiscard]] model::Reject check_buyer_zone(const State& state, const model::LotRow& lot,
                                             model::ParticipantId buyer);

}  // namespace hulan::engine
