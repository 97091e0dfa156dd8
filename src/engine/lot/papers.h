// SPDX-License-Identifier: Apache-2.0
// The documents of a lot (R4.3): hashes here, the papers in the document store. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// ok, missing_asf_test, missing_immunization, missing_document or document_expired; `detail` of
/// the context names the kind. One valid paper of each required kind is enough.
[[nodiscard]] model::Reject check_papers(Context& context, const model::LotRow& lot,
                                         const model::ProductRow& product);

}  // namespace hulan::engine
