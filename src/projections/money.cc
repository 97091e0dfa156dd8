// SPDX-License-Identifier: Apache-2.0
// Balances and statements (R3). A statement is worked backwards from the balance of today, so that
// opening and closing are the same sum seen from its two ends.
#include <algorithm>

#include "projections/parts.h"

namespace hulan::projections {
namespace {

void add(Balances& balances, const Balances& delta) {
  for (std::size_t i = 0; i < model::kBuckets; ++i) balances[i] += delta[i];
}
void subtract(Balances& balances, const Balances& delta) {
  for (std::size_t i = 0; i < model::kBuckets; ++i) balances[i] -= delta[i];
}
void add(model::Fen& balance, model::Fen delta) { balance += delta; }
void subtract(model::Fen& balance, model::Fen delta) { balance -= delta; }

StatementLine line_of(const PostingRecord& record) {
  return {record.sequence, record.time, record.reason, record.lot, record.contract,
          record.delta,    {}};
}
OperatorLine line_of(const OperatorRecord& record) {
  return {record.sequence, record.time, record.reason, record.counterparty, record.contract,
          record.delta,    {}};
}

// `balance` is that after record `head`, the newest of the chain.
template <class Result, class Record, class Balance>
Result make_statement(const History<Record>& history, std::uint64_t head, Balance balance,
                      model::Time from, model::Time to, std::size_t max_lines) {
  Result statement;
  std::uint64_t at = head;
  for (; at != 0 && history.at(at).time >= to.value; at = history.at(at).previous) {
    subtract(balance, history.at(at).delta);
  }
  statement.closing = balance;
  for (; at != 0 && history.at(at).time >= from.value; at = history.at(at).previous) {
    if (statement.lines.size() == max_lines) {
      statement.truncated = true;
      break;
    }
    statement.lines.push_back(line_of(history.at(at)));
    subtract(balance, history.at(at).delta);
  }
  statement.opening = balance;
  std::reverse(statement.lines.begin(), statement.lines.end());
  for (auto& line : statement.lines) {
    add(balance, line.delta);
    line.balance = balance;
  }
  return statement;
}

bool is_account(model::OperatorAccount account, model::Currency currency) {
  return static_cast<std::size_t>(currency) < model::kCurrencies &&
         static_cast<std::size_t>(account) < model::kOperatorAccounts;
}

}  // namespace

Balances View::balances(model::ParticipantId id, model::Currency currency) const {
  if (static_cast<std::size_t>(currency) >= model::kCurrencies) return {};
  const model::AccountRow* row = parts_->accounts.find(account_index(id, currency));
  return row == nullptr ? Balances{} : row->balance;
}

model::Fen View::operator_balance(model::OperatorAccount account, model::Currency currency) const {
  if (!is_account(account, currency)) return {};
  return parts_->operators
      .balance[static_cast<std::size_t>(currency)][static_cast<std::size_t>(account)];
}

Statement View::statement(model::ParticipantId id, model::Currency currency, model::Time from,
                          model::Time to, std::size_t max_lines) const {
  if (static_cast<std::size_t>(currency) >= model::kCurrencies) return {};
  const std::uint64_t* head = parts_->heads.accounts.find(account_index(id, currency));
  return make_statement<Statement>(parts_->histories.postings, head == nullptr ? 0 : *head,
                                   balances(id, currency), from, to, max_lines);
}

OperatorStatement View::operator_statement(model::OperatorAccount account, model::Currency currency,
                                           model::Time from, model::Time to,
                                           std::size_t max_lines) const {
  if (!is_account(account, currency)) return {};
  const std::uint64_t head = parts_->heads.operators[operator_index(account, currency)];
  return make_statement<OperatorStatement>(
      parts_->histories.operators, head, operator_balance(account, currency), from, to, max_lines);
}

std::optional<Reconciliation> View::reconciliation(model::Currency currency) const {
  if (static_cast<std::size_t>(currency) >= model::kCurrencies) return std::nullopt;
  const std::uint64_t head = parts_->heads.bank[static_cast<std::size_t>(currency)];
  if (head == 0) return std::nullopt;
  const ReconciliationRecord& record = parts_->histories.bank.at(head);
  return Reconciliation{record.sequence, record.time, record.mirror, record.difference};
}

}  // namespace hulan::projections
