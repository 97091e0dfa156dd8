// SPDX-License-Identifier: Apache-2.0
// login, participant, user, approve (R2).
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "gateways/words.h"
#include "hulan/commands/csv.h"
#include "hulan/commands/progress.h"
#include "hulan/commands/session.h"
#include "io/linux/system.h"
#include "model/region.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

std::string first_line(std::string text) { return text.substr(0, text.find_first_of("\r\n")); }

std::string password_of(const Session& session, const std::string& login) {
  if (session.has("--password-file")) {
    return first_line(read_file("--password-file", session.text("--password-file")));
  }
  if (isatty(STDIN_FILENO) == 1) {
    // getpass is obsolete by POSIX, but the C library's own way to read without echo.
    const char* typed = getpass(fmt::format("password of {}: ", login).c_str());
    return typed == nullptr ? std::string() : std::string(typed);
  }
  std::array<char, 512> line{};
  if (std::fgets(line.data(), line.size(), stdin) == nullptr) return {};
  return first_line(line.data());
}

void login(Session& session) {
  const std::string name = session.text("LOGIN");
  const std::string password = password_of(session, name);
  if (password.empty()) bad_input("password", "", "a password: typed, on standard input or a file");
  const auto answer =
      session.post("/v1/sessions", json::object{{"login", name}, {"password", password}});
  if (session.json()) return session.print_answer(answer);
  // Alone on its line, so that HULAN_TOKEN=$(hulan login NAME) works.
  fmt::print("{}\n", std::string_view(answer.at("token").as_string()));
}

/// 100 bits of chance in letters and digits that are not mistaken for one another.
std::string new_password() {
  static constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz234567899";
  std::array<std::uint8_t, 20> bytes{};
  io::system_entropy().fill(bytes);
  std::string password;
  for (const std::uint8_t byte : bytes) password += kLetters[byte % 32];
  return password;
}

const std::vector<Argument>& user_arguments() {
  static const std::vector<Argument> kArguments = {
      {"--login", "what the person types to sign in", Kind::kText, true, "login"},
      {"--name", "the person's name", Kind::kText, true, "name"},
      {"--roles",
       "operator, settlement_officer, inspector, supervisor, auditor, administrator, trader, "
       "finance, viewer; several with commas",
       Kind::kList, true, "roles"},
      {"--participant", "whom the person acts for; not for staff", Kind::kNumber, false,
       "participant"},
      {"--password-file", "file with the password; without it one is made and printed"}};
  return kArguments;
}

void add_user(Session& session) {
  auto body = body_of(session, user_arguments());
  const bool made = !session.has("--password-file");
  const std::string password =
      made ? new_password()
           : first_line(read_file("--password-file", session.text("--password-file")));
  body["password"] = password;
  auto answer = session.post("/v1/users", body);
  if (session.json()) {
    if (made) answer.as_object()["password"] = password;
    return session.print_answer(answer);
  }
  session.print_answer(answer);
  if (made) fmt::print("password of {}: {}\n", session.text("--login"), password);
}

const std::vector<Argument>& participant_arguments() {
  static const std::vector<Argument> kArguments = {
      {"--name", "name in Chinese", Kind::kText, true, "name.zh"},
      {"--name-en", "name in English", Kind::kText, false, "name.en"},
      {"--name-ru", "name in Russian", Kind::kText, false, "name.ru"},
      {"--kind", "producer, trader, slaughterhouse, processor, carrier, warehouse, agent",
       Kind::kText, true, "kind"},
      {"--form", "legal_person, natural_person, individual_business, cooperative", Kind::kText,
       true, "form"},
      {"--vat", "exempt_producer, general, small_scale (R9.3)", Kind::kText, true, "vat"},
      {"--region", "6-digit county code", Kind::kText, true, "region"},
      {"--phone", "", Kind::kText, false, "phone"},
      {"--address", "", Kind::kText, false, "address"},
      {"--contact", "", Kind::kText, false, "contact"},
      {"--tax-number", "", Kind::kText, false, "tax_number"}};
  return kArguments;
}

template <class Enum>
std::string choice_cell(const CsvRow& row, std::string_view column) {
  const std::string& value = row.cell(column);
  if (!gateways::find_word<Enum>(value)) row.fail(column, gateways::one_of<Enum>());
  return value;
}

json::object participant_of(const CsvRow& row) {
  if (row.cell("name").empty()) row.fail("name", "a name");
  json::object name{{"zh", row.cell("name")}};
  if (!row.cell("name_en").empty()) name["en"] = row.cell("name_en");
  if (!row.cell("name_ru").empty()) name["ru"] = row.cell("name_ru");
  json::object body{{"name", name},
                    {"kind", choice_cell<model::ParticipantKind>(row, "kind")},
                    {"form", choice_cell<model::LegalForm>(row, "form")},
                    {"vat", choice_cell<model::VatStatus>(row, "vat")}};
  const auto region = number_or_text(row.cell("region"));
  if (!region.is_number() || !model::is_region(region.to_number<std::uint32_t>())) {
    row.fail("region", "a 6-digit county code");
  }
  body["region"] = row.cell("region");
  for (const char* column : {"phone", "address", "contact", "tax_number"}) {
    if (!row.cell(column).empty()) body[column] = row.cell(column);
  }
  return body;
}

void import_participants(Session& session) {
  const std::string file = session.text("FILE");
  const Csv csv = parse_csv(file, read_file("FILE", file));
  csv.require({"name", "kind", "form", "vat", "region"});
  csv.allow({"name", "name_en", "name_ru", "kind", "form", "vat", "region", "phone", "address",
             "contact", "tax_number"});
  std::vector<std::pair<std::size_t, json::object>> bodies;
  for (const CsvRow& row : csv.rows) bodies.emplace_back(row.line, participant_of(row));
  if (session.has("--dry-run")) {
    fmt::print("{}: {} participants, every line is right\n", file, bodies.size());
    return;
  }
  json::array made;
  {
    Progress progress("import", bodies.size());
    for (const auto& [line, body] : bodies) {
      try {
        const auto answer = session.post("/v1/participants", body);
        made.push_back(json::object{{"line", line},
                                    {"participant", answer.at("participant")},
                                    {"approval", answer.at("id")}});
      } catch (const CommandFailed& failed) {
        throw CommandFailed(failed.status, fmt::format("{} line {}: {} ({} taken before it)", file,
                                                       line, failed.what(), made.size()));
      }
      progress.show(made.size());
    }
  }
  session.print_rows(made, {{"line", "line", Align::kRight},
                            {"participant", "participant", Align::kRight},
                            {"approval", "approval", Align::kRight}});
}

void list_participants(Session& session) {
  auto rows = session.get_all("/v1/participants");
  if (session.has("--state")) {
    const std::string state = session.text("--state");
    if (!gateways::find_word<model::ParticipantState>(state)) {
      bad_input("--state", state, gateways::one_of<model::ParticipantState>());
    }
    json::array some;
    for (auto& row : rows) {
      if (row.at("state").as_string() == state) some.push_back(std::move(row));
    }
    rows = std::move(some);
  }
  session.print_rows(rows, {{"id", "id", Align::kRight},
                            {"name", "name"},
                            {"kind", "kind"},
                            {"state", "state"},
                            {"region", "region"},
                            {"vat", "vat"},
                            {"clean trades", "standing.clean_trades", Align::kRight},
                            {"defaults", "standing.defaults", Align::kRight}});
}

void approve_row(Session& session, const json::value& row) {
  session.print_answer(
      session.post(fmt::format("/v1/approvals/{}/approve", row.at("id").to_number<std::uint32_t>()),
                   json::object{{"content", row.at("content")}}));
}

void approve_participant(Session& session) {
  const auto id = session.number("ID");
  for (const auto& row : session.get_all("/v1/approvals?state=open")) {
    if (row.at("kind").as_string() == "admission" &&
        row.at("subject").to_number<std::uint32_t>() == id) {
      return approve_row(session, row);
    }
  }
  throw CommandFailed(1, fmt::format("participant {} does not wait for an approval", id));
}

void approve(Session& session) {
  const std::string id = session.text("ID");
  if (id.empty() || id == "list") {
    return session.print_rows(session.get_all(session.has("--all") ? "/v1/approvals?state=all"
                                                                   : "/v1/approvals?state=open"),
                              {{"id", "id", Align::kRight},
                               {"kind", "kind"},
                               {"state", "state"},
                               {"subject", "subject", Align::kRight},
                               {"name", "subject_name"},
                               {"amount", "amount", Align::kRight},
                               {"currency", "currency"},
                               {"approvals", "approvals", Align::kRight},
                               {"needed", "needed", Align::kRight},
                               {"proposer", "proposer.name"},
                               {"reason", "reason"},
                               {"created", "created_at"}});
  }
  const auto number = session.number("ID");
  if (session.has("--reject")) {
    return session.print_answer(session.post(fmt::format("/v1/approvals/{}/reject", number),
                                             json::object{{"reason", session.text("--reject")}}));
  }
  // What is signed is the content as the market lists it.
  for (const auto& row : session.get_all("/v1/approvals?state=all")) {
    if (row.at("id").to_number<std::uint32_t>() == number) return approve_row(session, row);
  }
  throw CommandFailed(1, fmt::format("nothing waits under number {}", number));
}

}  // namespace

void add_people_commands(std::vector<Command>& commands) {
  commands.push_back({"login",
                      "sign in and print a token",
                      {{"LOGIN", "your login", Kind::kText, true},
                       {"--password-file", "file with the password; else it is asked for"}},
                      login});
  commands.push_back(show_command("me", "who the token speaks for", "/v1/me", {}));
  commands.push_back(post_command("participant add", "propose a participant; two people approve",
                                  "/v1/participants", participant_arguments()));
  commands.push_back({"participant import",
                      "propose every line of a table; a wrong line is named and nothing is taken",
                      {{"FILE",
                        "CSV with name, kind, form, vat, region and, if you have them, name_en, "
                        "name_ru, phone, address, contact, tax_number",
                        Kind::kText, true},
                       {"--dry-run", "check every line and send nothing", Kind::kFlag}},
                      import_participants});
  commands.push_back({"participant list",
                      "all participants",
                      {{"--state", "applied, active, suspended or closed"}},
                      list_participants});
  commands.push_back(show_command("participant show", "one participant", "/v1/participants/{ID}",
                                  {{"ID", "the participant", Kind::kNumber, true}}));
  commands.push_back({"participant approve",
                      "approve an admission (R2.2); two people do",
                      {{"ID", "the participant", Kind::kNumber, true}},
                      approve_participant});
  commands.push_back(post_command(
      "participant state", "suspend, bring back or close (R2.2)", "/v1/participants/{ID}/state",
      {{"ID", "the participant", Kind::kNumber, true},
       {"STATE", "active, suspended or closed", Kind::kText, true, "state"},
       {"--reason", "why", Kind::kText, true, "reason"}}));
  commands.push_back({"participant relate",
                      "record that two participants belong together (R5.6)",
                      {{"A", "a participant", Kind::kNumber, true},
                       {"B", "the other", Kind::kNumber, true},
                       {"--end", "they no longer do", Kind::kFlag}},
                      [](Session& session) {
                        session.print_answer(session.post(
                            "/v1/relations", json::object{{"a", session.number("A")},
                                                          {"b", session.number("B")},
                                                          {"active", !session.has("--end")}}));
                      }});
  commands.push_back({"user add", "make a user", user_arguments(), add_user});
  commands.push_back(list_command("user list", "all users", "/v1/users", {},
                                  {{"id", "id", Align::kRight},
                                   {"login", "login"},
                                   {"name", "name"},
                                   {"roles", "roles"},
                                   {"participant", "participant", Align::kRight},
                                   {"active", "active"}}));
  commands.push_back(post_command(
      "user token", "make a token for programs; it is printed once", "/v1/users/{ID}/tokens",
      {{"ID", "the user", Kind::kNumber, true},
       {"--label", "what it is for", Kind::kText, true, "label"},
       {"--days", "how long it holds", Kind::kNumber, false, "days", "90"}}));
  const auto switch_user = [](bool active) {
    return [active](Session& session) {
      session.print_answer(session.post(fmt::format("/v1/users/{}/state", session.number("ID")),
                                        json::object{{"active", active}}));
    };
  };
  commands.push_back({"user off",
                      "switch a user off; the user's tokens end at once",
                      {{"ID", "the user", Kind::kNumber, true}},
                      switch_user(false)});
  commands.push_back({"user on",
                      "let a user in again, who signs in anew",
                      {{"ID", "the user", Kind::kNumber, true}},
                      switch_user(true)});
  commands.push_back({"approve",
                      "list what waits for a second person (R2.4), or approve ID",
                      {{"ID", "what to approve; `list` or nothing lists"},
                       {"--reject", "reject ID instead, for this reason"},
                       {"--all", "list what is decided, too", Kind::kFlag}},
                      approve});
}

}  // namespace hulan::app
