// SPDX-License-Identifier: Apache-2.0
#include "engine/auction/withdrawal.h"

#include "engine/auction/ending.h"
#include "engine/market/access.h"
#include "engine/market/approvals.h"

namespace hulan::engine {

using model::LotRow;
using model::LotState;
using model::Reject;

Outcome withdraw_lot(Context& context, const model::WithdrawLot& body) {
  State& state = context.state;
  if (!state.lots.has(body.lot)) return {Reject::unknown_lot};
  const LotRow& lot = state.lots[body.lot];
  const bool staff = context.who.participant == 0;
  if (staff) {
    if (const Reject r = require_staff(context, model::kRoleOperator); r != Reject::ok) return {r};
    if (!is_live(lot.state)) return {Reject::wrong_lot_state};
    if (body.reason == model::DocumentHash{}) return {Reject::malformed_body};
    if (state.pending.full()) return {Reject::pending_full};
    return open_pending(context, {.kind = model::PendingKind::kLotWithdrawal,
                                  .subject = body.lot,
                                  .reference = body.reason});
  }
  // A suspended initiator may still take its goods back.
  if (!has_role(context, model::kRoleTrader)) return {Reject::wrong_role};
  if (lot.initiator != context.who.participant) return {Reject::not_lot_owner};
  const bool draft = lot.state == LotState::kDraft && lot.used_by == 0;
  const bool carried = lot.state == LotState::kCarried;
  if (!draft && !carried && !is_live(lot.state)) return {Reject::wrong_lot_state};
  if (!carried && lot.bids > 0) return {Reject::lot_has_bids};
  end_lot(context, body.lot, LotState::kWithdrawn);
  return {Reject::ok, body.lot};
}

}  // namespace hulan::engine
