// SPDX-License-Identifier: Apache-2.0
// Taking a lot back (R5.1, R5.8). Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

/// R5.1, R5.8: by the initiator before the first bid; else by the operator, which opens an
/// approval.
Outcome withdraw_lot(Context& context, const model::WithdrawLot& body);

}  // namespace hulan::engine
