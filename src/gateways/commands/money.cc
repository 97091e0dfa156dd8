// SPDX-License-Identifier: Apache-2.0
// Money in and out, and claims (R3, R10.5).
#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

std::uint32_t currency_of(Fields& fields) {
  return static_cast<std::uint32_t>(fields.choice<model::Currency>("currency"));
}

/// {participant, bucket} or {account}.
model::AccountRef account_of(Fields& fields, std::string_view name) {
  model::AccountRef account{};
  fields.object(name, [&](Fields& members) {
    account.participant = members.optional_id("participant");
    if (account.participant != 0) {
      account.bucket = static_cast<std::uint32_t>(members.choice<model::Bucket>("bucket"));
      if (members.has("account")) {
        members.fail(Fault::invalid_value, "account", "",
                     "either participant and bucket, or account");
      }
    } else {
      (void)members.has("bucket");
      account.bucket =
          static_cast<std::uint32_t>(members.choice<model::OperatorAccount>("account"));
    }
  });
  return account;
}

}  // namespace

CommandResult post_deposit(Call& call, Fields& fields) {
  model::RecordDeposit body{};
  body.id = fields.id("participant");
  body.currency = currency_of(fields);
  body.amount_fen = fields.decimal("amount", kMoneyDigits);
  const std::string reference = fields.text("bank_reference", 200);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto paper = store_reference(call, reference);
  if (!paper) return refused(paper.error());
  body.bank_reference = *paper;
  return submission(body);
}

CommandResult post_withdrawal(Call& call, Fields& fields) {
  model::RequestWithdrawal body{};
  body.id = fields.id("participant");
  body.currency = currency_of(fields);
  body.amount_fen = fields.decimal("amount", kMoneyDigits);
  const std::string account = fields.text("bank_account", 200);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto paper = store_personal(call, account);
  if (!paper) return refused(paper.error());
  body.bank_account = *paper;
  return submission(body);
}

CommandResult post_posting(Call& call, Fields& fields) {
  model::PostManual body{};
  body.from = account_of(fields, "from");
  body.to = account_of(fields, "to");
  body.currency = currency_of(fields);
  body.amount_fen = fields.decimal("amount", kMoneyDigits);
  const std::string reason = fields.text("reason", 2000);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto paper = store_reference(call, reason);
  if (!paper) return refused(paper.error());
  body.reason = *paper;
  return submission(body);
}

CommandResult post_bank_balance(Call&, Fields& fields) {
  model::ReconcileBank body{};
  body.currency = currency_of(fields);
  body.balance_fen = fields.decimal("balance", kMoneyDigits, true);
  return submission(body);
}

CommandResult post_claim_payment(Call& call, Fields& fields) {
  return submission(model::PayClaim{call.numbers[0], fields.decimal("amount", kMoneyDigits)});
}

}  // namespace hulan::gateways
