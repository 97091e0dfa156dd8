// SPDX-License-Identifier: Apache-2.0
// Listing (R5.1): one side posts terms, the other takes all or part. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome post_listing(Context& context, const model::PostListing& body);
Outcome take(Context& context, const model::Take& body);

}  // namespace hulan::engine
