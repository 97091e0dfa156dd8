// SPDX-License-Identifier: Apache-2.0
// The sealed auction (R5.3.4): commitments and boxes until the close, then the two shares of the
// key, then every envelope is opened and the awards are made by the engine itself. Engine thread
// only.
#pragma once

#include <array>
#include <span>

#include "engine/context.h"

namespace hulan::engine {

Outcome register_seal_key(Context& context, const model::RegisterSealKey& body);
Outcome announce_sealed(Context& context, const model::AnnounceSealed& body);
Outcome place_sealed_bid(Context& context, const model::PlaceSealedBid& body);
Outcome reveal_share(Context& context, const model::RevealShare& body);

[[nodiscard]] bool is_sealed(const State& state, model::LotId lot);
/// Sealed bids on a lot; 0 on a lot that is not sealed.
[[nodiscard]] std::uint32_t envelope_count(const State& state, model::LotId lot);

/// The lot's close has come: without a bid it is unsold, else it waits for the key.
void close_envelopes(Context& context, model::LotId lot);

/// Both shares of the key are known: opens envelopes, awards and concludes lot after lot, a bounded
/// part at a time; the rest goes on by the key's timer.
void open_envelopes(Context& context, model::SealKeyId key);

/// Strikes the bid of `participant` (R5.7) as long as no award is made; true if there was one.
bool strike_envelope(Context& context, model::LotId lot, model::ParticipantId participant);

/// The lot ends without (further) sale: what its envelopes still hold frozen is released.
void release_envelopes(Context& context, model::LotId lot);

/// Releases one envelope's bonds and goods and puts it into `state`.
void release_envelope(Context& context, std::uint32_t row, model::EnvelopeState state,
                      model::PostingReason reason);

/// Makes the awards of a lot whose envelopes are all open; true once the lot has ended or only
/// conclusions are left.
void make_sealed_awards(Context& context, model::LotId lot);
/// The first winner that has no contract yet gets it.
void conclude_envelope(Context& context, model::LotId lot);

}  // namespace hulan::engine
