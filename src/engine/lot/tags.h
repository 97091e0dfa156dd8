// SPDX-License-Identifier: Apache-2.0
// Ear tags (R4.3): 15 digits = species 1 + county 6 + serial 8, each on one live lot at most. All
// ranges stand in one tree, ordered by number and never overlapping (a treap whose priorities come
// from the row's id, so that its shape follows from the log). Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// Body: AttachTags, then its ranges. By the owner of a draft.
Outcome attach_tags(Context& context, std::span<const std::uint8_t> bytes);

/// True if every tag of the range has the form of R4.3.
[[nodiscard]] bool is_tag_range(const model::TagRange& range);

/// Asserts that the tree is in order and holds no tag twice.
void check_tags(const State& state);

}  // namespace hulan::engine
