// SPDX-License-Identifier: Apache-2.0
// Money in and out, and postings by hand (R3.2, R3.4, R2.4). Engine thread only.
#pragma once

#include "engine/context.h"

namespace hulan::engine {

Outcome record_deposit(Context& context, const model::RecordDeposit& body);
Outcome request_withdrawal(Context& context, const model::RequestWithdrawal& body);
Outcome post_manual(Context& context, const model::PostManual& body);
Outcome reconcile_bank(Context& context, const model::ReconcileBank& body);

/// Whether an approved deposit or posting can still be made.
[[nodiscard]] model::Reject check_deposit(const State& state, const model::PendingRow& row);
[[nodiscard]] model::Reject check_manual(const State& state, const model::PendingRow& row);

/// What an approval or a rejection does. They cannot fail after the checks above.
void credit_deposit(Context& context, const model::PendingRow& row);
void pay_withdrawal(Context& context, const model::PendingRow& row);
void return_withdrawal(Context& context, const model::PendingRow& row);
void post_approved(Context& context, const model::PendingRow& row);

}  // namespace hulan::engine
