// SPDX-License-Identifier: Apache-2.0
#include "engine/suspension.h"

#include "engine/auction/strike.h"
#include "engine/book/orders.h"
#include "engine/market/access.h"
#include "engine/market/members.h"

namespace hulan::engine {

void suspend_participant(Context& context, model::ParticipantId id) {
  if (!is_admitted(context.state, id)) return;
  enter_state(context, id, model::ParticipantState::kSuspended);
  sweep(context, id, 1);
  book::sweep_orders(context, id, 1);
}

}  // namespace hulan::engine
