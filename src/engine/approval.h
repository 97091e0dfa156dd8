// SPDX-License-Identifier: Apache-2.0
// Four eyes (R2.4): a second, different person agrees or says no, and what then happens in
// whichever part of the market it concerns. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// A second person agrees; with the last one needed, what was proposed takes effect.
Outcome approve(Context& context, const model::Approve& body);
/// Anyone who may approve says no, or the proposer takes it back.
Outcome reject_pending(Context& context, const model::RejectPending& body);

}  // namespace hulan::engine
