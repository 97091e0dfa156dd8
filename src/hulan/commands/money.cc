// SPDX-License-Identifier: Apache-2.0
// deposit, withdraw, account, statement, claims, reconcile (R3, R10.5).
#include <fmt/format.h>

#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

const Argument kCurrency{"--currency", "CNY or RUB", Kind::kText, false, "currency", "CNY"};

/// The participant that was named, or the one that the token speaks for.
std::int64_t whose(Session& session) {
  if (session.has("PARTICIPANT")) return session.number("PARTICIPANT");
  const auto me = session.get("/v1/me");
  const auto* own = me.at("participant").if_object();
  if (own == nullptr)
    bad_input("PARTICIPANT", "", "a participant's number: staff have none of their own");
  return own->at("id").to_number<std::int64_t>();
}

void statement(Session& session) {
  std::string path = fmt::format("/v1/accounts/{}/statement?currency={}", whose(session),
                                 url_encoded(session.text("--currency")));
  for (const char* name : {"--from", "--to"}) {
    if (!session.has(name)) continue;
    path += fmt::format("&{}={}", name + 2, url_encoded(session.time(name)));
  }
  if (session.has("--csv")) {
    fmt::print("{}", session.get_text(path, "text/csv"));
    return;
  }
  const auto answer = session.get(path);
  if (session.json()) return session.print_object(answer);
  const auto balances = [&](const char* name) {
    std::string line = fmt::format("{:<8}", name);
    for (const auto& [bucket, amount] : answer.at(name).as_object()) {
      line += fmt::format("  {} {}", std::string_view(bucket), session.cell(amount));
    }
    fmt::print("{}\n", line);
  };
  fmt::print("{} {}, {}\n", session.cell(answer.at("participant")), session.cell(answer.at("name")),
             session.cell(answer.at("currency")));
  balances("opening");
  session.print_rows(answer.at("lines").as_array(), {{"sequence", "sequence", Align::kRight},
                                                     {"time", "time"},
                                                     {"reason", "reason"},
                                                     {"account", "bucket"},
                                                     {"amount", "amount", Align::kRight},
                                                     {"balance", "balance", Align::kRight},
                                                     {"lot", "lot", Align::kRight},
                                                     {"contract", "contract", Align::kRight}});
  balances("closing");
  const auto* truncated = answer.as_object().if_contains("truncated");
  if (truncated != nullptr && truncated->is_bool() && truncated->as_bool()) {
    fmt::print("there are more lines: ask for less with --from and --to\n");
  }
}

void account(Session& session) {
  session.print_object(session.get(fmt::format("/v1/accounts/{}?currency={}", whose(session),
                                               url_encoded(session.text("--currency")))));
}

/// "5/available" is a participant's account, "suspense" one of the market's.
json::object account_of(const Session& session, const std::string& name) {
  const std::string given = session.text(name);
  const auto slash = given.find('/');
  if (slash == std::string::npos) return {{"account", given}};
  const auto id = number_or_text(given.substr(0, slash));
  if (!id.is_number()) bad_input(name, given, "PARTICIPANT/BUCKET or one of the market's accounts");
  return {{"participant", id}, {"bucket", given.substr(slash + 1)}};
}

void reconcile(Session& session) {
  const std::string currency = session.text("--currency");
  (void)session.post("/v1/bank-balances",
                     json::object{{"currency", currency}, {"balance", session.text("--balance")}});
  const auto accounts = session.get("/v1/operator/accounts?currency=" + url_encoded(currency));
  session.print_object(accounts.at("reconciliation"));
}

void post_manual(Session& session) {
  session.print_answer(
      session.post("/v1/postings", json::object{{"from", account_of(session, "--from")},
                                                {"to", account_of(session, "--to")},
                                                {"currency", session.text("--currency")},
                                                {"amount", session.text("--amount")},
                                                {"reason", session.text("--reason")}}));
}

}  // namespace

void add_money_commands(std::vector<Command>& commands) {
  const Argument participant{"--participant", "whose money", Kind::kNumber, true, "participant"};
  const Argument amount{"--amount", "yuan, like 20000.00", Kind::kText, true, "amount"};
  commands.push_back(post_command(
      "deposit", "record money that came in (R3.2); a second person approves", "/v1/deposits",
      {participant,
       kCurrency,
       amount,
       {"--reference", "the bank's reference", Kind::kText, true, "bank_reference"}}));
  commands.push_back(
      post_command("withdraw", "pay money out (R3.2); it leaves the available balance at once",
                   "/v1/withdrawals",
                   {participant,
                    kCurrency,
                    amount,
                    {"--account", "bank account to pay to", Kind::kText, true, "bank_account"}}));
  commands.push_back({"post",
                      "a manual posting (R3.4); a second person approves",
                      {{"--from",
                        "PARTICIPANT/BUCKET, or bank, fee_income, vat_payable, "
                        "disposal_payable, suspense, payouts_in_transit",
                        Kind::kText, true},
                       {"--to", "the same", Kind::kText, true},
                       kCurrency,
                       amount,
                       {"--reason", "why", Kind::kText, true}},
                      post_manual});
  commands.push_back({"reconcile",
                      "enter the custodian's closing balance; prints the difference (R3.4)",
                      {kCurrency, {"--balance", "what the bank shows", Kind::kText, true}},
                      reconcile});
  commands.push_back({"account",
                      "a participant's five balances (R3.1)",
                      {{"PARTICIPANT", "whose; nothing: your own", Kind::kNumber}, kCurrency},
                      account});
  commands.push_back({"statement",
                      "opening, every posting, closing (R3.3)",
                      {{"PARTICIPANT", "whose; nothing: your own", Kind::kNumber},
                       kCurrency,
                       {"--from", "a day or time", Kind::kTime},
                       {"--to", "a day or time, itself not included", Kind::kTime},
                       {"--csv", "as a table for spreadsheets", Kind::kFlag}},
                      statement});
  commands.push_back(show_command("operator accounts", "bank mirror and the rest (R3.4)",
                                  "/v1/operator/accounts", {}));
  commands.push_back(list_command("claims", "register of claims (R10.5)", "/v1/claims", {},
                                  {{"id", "id", Align::kRight},
                                   {"ground", "ground"},
                                   {"contract", "contract", Align::kRight},
                                   {"debtor", "debtor.name"},
                                   {"creditor", "creditor.name"},
                                   {"amount", "amount", Align::kRight},
                                   {"paid", "paid", Align::kRight},
                                   {"left", "left", Align::kRight},
                                   {"currency", "currency"},
                                   {"since", "created_at"}}));
  commands.push_back(post_command("claim pay", "pay a claim, or a part of it",
                                  "/v1/claims/{ID}/pay",
                                  {{"ID", "the claim", Kind::kNumber, true}, amount}));
}

}  // namespace hulan::app
