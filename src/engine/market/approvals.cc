// SPDX-License-Identifier: Apache-2.0
#include "engine/market/approvals.h"

namespace hulan::engine {

Outcome open_pending(Context& context, const Proposal& proposal) {
  const model::PendingId id = context.state.pending.add();
  model::PendingRow& row = context.state.pending.edit(id);
  row.content = sha256(context.body);
  row.created_at = context.now.value;
  row.amount = proposal.amount;
  row.kind = proposal.kind;
  row.state = model::PendingState::kOpen;
  row.needed = proposal.needed;
  row.proposer = context.who.user;
  row.subject = proposal.subject;
  row.detail = proposal.detail;
  row.detail2 = proposal.detail2;
  row.reference = proposal.reference;
  context.emit_row<model::PendingChanged>(id, row);
  return {model::Reject::ok, id};
}

}  // namespace hulan::engine
