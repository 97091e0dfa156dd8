// SPDX-License-Identifier: Apache-2.0
// Four eyes (R2.4): what is proposed and waits for a second, different person. What becomes of it:
// engine/approval.h. Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// What is proposed; the content that approvers sign is the SHA-256 of the command's body.
struct Proposal {
  model::PendingKind kind = {};
  std::uint8_t needed = 1;  ///< approvals
  std::uint32_t subject = 0;
  std::uint32_t detail = 0;
  std::uint32_t detail2 = 0;
  model::Fen amount = {};
  model::DocumentHash reference = {};
};

/// Opens an approval for the command that runs; its id is the outcome's. The caller has checked
/// that `pending` is not full. Emits PendingChanged.
Outcome open_pending(Context& context, const Proposal& proposal);

}  // namespace hulan::engine
