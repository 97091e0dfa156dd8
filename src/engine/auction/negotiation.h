// SPDX-License-Identifier: Apache-2.0
// Negotiation (R5.2): one side asks for quotes on a lot of its own, of named participants or of
// all; each of them and the asker talk in numbers, of which at most one stands between the two. A
// number binds its maker until it expires, is countered, withdrawn or refused, and while it stands
// the maker's bonds are frozen. One acceptance concludes and ends the request with all its other
// numbers. A quote's own time runs on during a halt: nobody is bound longer than it said. Engine
// thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome request_quote(Context& context, const model::RequestQuote& body);
Outcome make_quote(Context& context, const model::Quote& body);
Outcome counter_quote(Context& context, const model::Counter& body);
Outcome accept_quote(Context& context, const model::AcceptQuote& body);
Outcome end_quote(Context& context, const model::EndQuote& body);

/// A quote's time may be over.
void on_quote_timer(Context& context, model::QuoteId id);

/// Ends all that stands on a lot's request and releases it; nothing if it asks for no quotes.
void end_quotes(Context& context, model::LotId lot);

/// R5.7: strikes what stands between the asker and this participant; how much that was.
int strike_quote(Context& context, model::LotId lot, model::ParticipantId participant);

/// How many numbers stand on a lot's request.
[[nodiscard]] int live_quotes(const State& state, model::LotId lot);

}  // namespace hulan::engine
