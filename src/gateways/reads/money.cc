// SPDX-License-Identifier: Apache-2.0
// Accounts and statements (R3).
#include <fmt/format.h>

#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"
#include "gateways/moment.h"

namespace hulan::gateways {
namespace {

using projections::StatementLine;

bool may_see_account(const Call& call) {
  return call.caller.is(call.numbers[0]) || call.caller.sees_money();
}

/// Calls `each(line, bucket, delta, balance)` for every account that a line moved.
template <class Each>
void each_movement(const projections::Statement& statement, Each each) {
  for (const StatementLine& line : statement.lines) {
    for (std::size_t at = 0; at < model::kBuckets; ++at) {
      if (line.delta[at].value == 0) continue;
      each(line, word(static_cast<model::Bucket>(at)), line.delta[at], line.balance[at]);
    }
  }
}

HttpResponse statement_csv(const projections::Statement& statement) {
  HttpResponse response;
  response.content_type = "text/csv; charset=utf-8";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"statement.csv\"");
  std::string& out = response.body;
  out = "sequence,time,reason,account,amount,balance,lot,contract\r\n";
  const auto total = [&](std::string_view reason, const projections::Balances& balances) {
    for (std::size_t at = 0; at < model::kBuckets; ++at) {
      out += fmt::format(",,{},{},,{},,\r\n", reason, word(static_cast<model::Bucket>(at)),
                         decimal(balances[at].value, kMoneyDigits));
    }
  };
  total("opening", statement.opening);
  each_movement(statement, [&](const StatementLine& line, std::string_view bucket, model::Fen delta,
                               model::Fen balance) {
    out += fmt::format("{},{},{},{},{},{},{},{}\r\n", line.sequence, time_text(line.time),
                       word(line.reason), bucket, decimal(delta.value, kMoneyDigits),
                       decimal(balance.value, kMoneyDigits), line.lot, line.contract);
  });
  total("closing", statement.closing);
  return response;
}

void write_movement(JsonWriter& json, const StatementLine& line, std::string_view bucket,
                    model::Fen delta, model::Fen balance) {
  json.begin_object();
  json.field("sequence", line.sequence);
  json.time_field("time", line.time);
  json.field("reason", word(line.reason));
  json.field("bucket", bucket);
  json.money_field("amount", delta);
  json.money_field("balance", balance);
  const auto number = [&](std::string_view name, std::uint32_t id) {
    if (id == 0) return json.null_field(name);
    json.field(name, id);
  };
  number("lot", line.lot);
  number("contract", line.contract);
  json.end_object();
}

}  // namespace

ReadResult get_account(Call& call) {
  const auto currency = call.query.choice<model::Currency>("currency", model::Currency::kCny);
  if (!may_see_account(call)) return refused(Problem(Fault::forbidden));
  if (call.view().participant(call.numbers[0]) == nullptr) {
    return refused(model::Reject::unknown_participant);
  }
  return json_response(call, [&](JsonWriter& json) {
    json.field("participant", call.numbers[0]);
    json.field("currency", word(currency));
    add_balances(json, call.view().balances(call.numbers[0], currency));
  });
}

ReadResult get_statement(Call& call) {
  const auto currency = call.query.choice<model::Currency>("currency", model::Currency::kCny);
  const auto from = call.query.time("from").value_or(0);
  const auto to = call.query.time("to").value_or(model::kNever.value);
  if (!may_see_account(call)) return refused(Problem(Fault::forbidden));
  if (call.view().participant(call.numbers[0]) == nullptr) {
    return refused(model::Reject::unknown_participant);
  }
  const auto statement =
      call.view().statement(call.numbers[0], currency, model::Time{from}, model::Time{to});
  if (call.request.accept.starts_with("text/csv")) return statement_csv(statement);
  return json_response(call, [&](JsonWriter& json) {
    json.field("participant", call.numbers[0]);
    json.text_field("name", call.reader.name_of(call.numbers[0]));
    json.field("currency", word(currency));
    json.time_field("from", from);
    json.time_field("to", to);
    json.begin_object("opening");
    add_balances(json, statement.opening);
    json.end_object();
    json.begin_array("lines");
    each_movement(statement, [&](auto&&... parts) { write_movement(json, parts...); });
    json.end_array();
    json.begin_object("closing");
    add_balances(json, statement.closing);
    json.end_object();
    json.field("truncated", statement.truncated);
  });
}

ReadResult get_operator_accounts(Call& call) {
  const auto currency = call.query.choice<model::Currency>("currency", model::Currency::kCny);
  if (!call.caller.sees_money()) return refused(Problem(Fault::forbidden));
  return json_response(call, [&](JsonWriter& json) {
    json.field("currency", word(currency));
    for (std::size_t at = 0; at < model::kOperatorAccounts; ++at) {
      const auto account = static_cast<model::OperatorAccount>(at);
      json.money_field(word(account), call.view().operator_balance(account, currency));
    }
    const auto reconciled = call.view().reconciliation(currency);
    if (!reconciled) return json.null_field("reconciliation");
    json.begin_object("reconciliation");
    json.field("sequence", reconciled->sequence);
    json.time_field("time", reconciled->time);
    json.money_field("mirror", reconciled->mirror);
    json.money_field("difference", reconciled->difference);
    json.end_object();
  });
}

}  // namespace hulan::gateways
