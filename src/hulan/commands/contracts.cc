// SPDX-License-Identifier: Apache-2.0
// contract, pay, load, arrive, weigh, accept (R7 to R10).
#include <fmt/format.h>

#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

const Argument kContract{"CONTRACT", "the contract", Kind::kNumber, true};
const Argument kDelivery{"--delivery", "which delivery; 1 if there is one", Kind::kNumber, false,
                         "delivery"};

std::string path_of(const Session& session, std::string_view step) {
  return fmt::format("/v1/contracts/{}/{}", session.number("CONTRACT"), step);
}

/// "200@2024-01-16T08:00:00+08:00".
void schedule(Session& session) {
  json::array deliveries;
  for (const std::string& given : session.all("--delivery")) {
    const auto at = given.find('@');
    if (at == std::string::npos) bad_input("--delivery", given, "QUANTITY@TIME");
    deliveries.push_back(
        json::object{{"quantity", given.substr(0, at)},
                     {"planned_at", session.time_of("--delivery", given.substr(at + 1))}});
  }
  session.print_answer(
      session.post(path_of(session, "schedule"), json::object{{"deliveries", deliveries}}));
}

const std::vector<Argument>& load_arguments() {
  static const std::vector<Argument> kArguments = {
      kContract,
      kDelivery,
      {"--quantity", "how much is loaded", Kind::kText, true, "quantity"},
      {"--carrier", "the carrier, if not the seller", Kind::kNumber, false, "carrier"},
      {"--origin-kg", "weight at the farm (origin terms)", Kind::kText, false, "origin_kg"},
      {"--vehicle", "plate", Kind::kText, false, "vehicle"},
      {"--vehicle-filed-until", "filing of the vehicle", Kind::kTime, false, "vehicle_filed_until"},
      {"--driver", "name and telephone; kept apart from the journal", Kind::kText, false, "driver"},
      {"--form", "quarantine certificate: A or B (R4.3)", Kind::kText, false, "certificate.form"},
      {"--certificate", "its number", Kind::kText, false, "certificate.number"},
      {"--issued", "when it was issued", Kind::kTime, false, "certificate.issued_at"},
      {"--expires", "until when it holds", Kind::kTime, false, "certificate.expires_at"},
      {"--paper", "file of the certificate", Kind::kFile, false, "certificate.sha256"}};
  return kArguments;
}

/// "36120.000/14260.000": gross and tare.
json::array trucks_of(const Session& session) {
  json::array trucks;
  for (const std::string& given : session.all("--truck")) {
    const auto slash = given.find('/');
    if (slash == std::string::npos) bad_input("--truck", given, "GROSS/TARE in kilograms");
    trucks.push_back(
        json::object{{"gross_kg", given.substr(0, slash)}, {"tare_kg", given.substr(slash + 1)}});
  }
  return trucks;
}

/// "head=100,net_kg=11500.000,grade=inner-three-way".
json::array groups_of(const Session& session) {
  json::array groups;
  for (const std::string& given : session.all("--group")) {
    json::object group;
    for (std::string_view rest = given; !rest.empty();) {
      const auto comma = rest.find(',');
      const std::string_view pair = rest.substr(0, comma);
      const auto equals = pair.find('=');
      const std::string_view name = pair.substr(0, equals);
      if (equals == std::string_view::npos ||
          (name != "head" && name != "net_kg" && name != "grade" && name != "single_class")) {
        bad_input("--group", given, "head=N,net_kg=KG,grade=CODE,single_class=CODE");
      }
      const std::string value(pair.substr(equals + 1));
      group[name] = name == "head" ? number_or_text(value) : json::value(value);
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

void weigh(Session& session) {
  json::object body{{"dead", session.number("--dead")}};
  if (session.has("--delivery")) body["delivery"] = session.number("--delivery");
  if (auto trucks = trucks_of(session); !trucks.empty()) body["trucks"] = std::move(trucks);
  if (auto groups = groups_of(session); !groups.empty()) body["groups"] = std::move(groups);
  session.print_answer(session.post(path_of(session, "weigh"), body));
}

void add_endings(std::vector<Command>& commands) {
  const Argument price{"--price", "in the product's price unit", Kind::kText, true, "price"};
  const Argument reason{"--reason", "why", Kind::kText, true, "reason"};
  commands.push_back(
      post_command("contract adjust", "agree on an average outside the bands (R8.4); both sides",
                   "/v1/contracts/{CONTRACT}/adjustment",
                   {kContract,
                    {"--adjust", "yuan per kg; a discount is below zero: --adjust=-0.500",
                     Kind::kText, true, "adjust"}}));
  commands.push_back(post_command("contract refuse", "refuse the goods; by the buyer (R8.4, R8.8)",
                                  "/v1/contracts/{CONTRACT}/refuse", {kContract}));
  commands.push_back(post_command("contract cancel",
                                  "cancel; both sides, or the operator with a second person (R7.4)",
                                  "/v1/contracts/{CONTRACT}/cancel", {kContract, reason}));
  commands.push_back(post_command(
      "contract dispute", "open a dispute before settlement (R7.4)",
      "/v1/contracts/{CONTRACT}/dispute",
      {kContract,
       {"--evidence", "words, or the SHA-256 of a document", Kind::kText, true, "evidence"}}));
  commands.push_back(post_command(
      "contract end-dispute", "end a dispute; a second person approves",
      "/v1/contracts/{CONTRACT}/dispute/end",
      {kContract, {"--outcome", "settle or cancel", Kind::kText, true, "outcome"}, reason}));
  commands.push_back(post_command(
      "contract claim", "claim of the weighed goods; what is undisputed settles at once (R8.6)",
      "/v1/contracts/{CONTRACT}/claim",
      {kContract,
       {"--amount", "yuan: less to pay, by the buyer; more to get, by the seller", Kind::kText,
        true, "amount"},
       {"--evidence", "words, or the SHA-256 of a document", Kind::kText, true, "evidence"}}));
  commands.push_back(post_command(
      "contract award", "decide a claim; a second person approves (R8.6)",
      "/v1/contracts/{CONTRACT}/award",
      {kContract,
       {"--amount", "yuan to the claimant, 0.00 to what was claimed", Kind::kText, true, "amount"},
       reason}));
  commands.push_back(post_command("contract withdraw-claim", "withdraw your own claim (R8.6)",
                                  "/v1/contracts/{CONTRACT}/claim/withdraw", {kContract}));
  commands.push_back(post_command("contract grant-claim", "grant the other side's claim (R8.6)",
                                  "/v1/contracts/{CONTRACT}/claim/grant", {kContract}));
  commands.push_back(post_command("contract topup", "pay what the escrow lacks (R9.4)",
                                  "/v1/contracts/{CONTRACT}/topup", {kContract}));
  commands.push_back(
      post_command("contract resale", "record a resale after the buyer's default (R10.1)",
                   "/v1/contracts/{CONTRACT}/resale",
                   {kContract, price, {"--days", "days of keeping", Kind::kNumber, true, "days"}}));
  commands.push_back(post_command("contract cover", "record what the buyer paid elsewhere (R10.2)",
                                  "/v1/contracts/{CONTRACT}/cover", {kContract, price}));
  commands.push_back(post_command("contract close", "close a contract that is done",
                                  "/v1/contracts/{CONTRACT}/close", {kContract}));
}

}  // namespace

void add_contract_commands(std::vector<Command>& commands) {
  commands.push_back(list_command(
      "contract list", "contracts that you may see", "/v1/contracts",
      {{"--state", "concluded, paid, scheduled, loaded, arrived, weighed, topup, settled, ...",
        Kind::kText, false, "state"}},
      {{"id", "id", Align::kRight},
       {"state", "state"},
       {"product", "product_code"},
       {"seller", "seller.name"},
       {"buyer", "buyer.name"},
       {"quantity", "quantity", Align::kRight},
       {"price", "price", Align::kRight},
       {"nominal", "nominal", Align::kRight},
       {"next", "step.next"},
       {"by", "step.actor"},
       {"deadline", "step.deadline"}}));
  commands.push_back(show_command("contract show", "one contract with every line of its settlement",
                                  "/v1/contracts/{CONTRACT}", {kContract}));
  commands.push_back(show_command("contract document", "the contract's text and its SHA-256",
                                  "/v1/contracts/{CONTRACT}/document", {kContract}));
  commands.push_back(
      {"contract schedule",
       "plan the deliveries (R8.1)",
       {kContract, {"--delivery", "QUANTITY@TIME; may be given several times", Kind::kMany, true}},
       schedule});
  commands.push_back(post_command("pay", "pay a contract into escrow (R7.2); by the buyer",
                                  "/v1/contracts/{CONTRACT}/pay", {kContract}));
  commands.push_back(post_command("load", "load a delivery (R8.1)", "/v1/contracts/{CONTRACT}/load",
                                  load_arguments()));
  commands.push_back(post_command("arrive", "a delivery has arrived",
                                  "/v1/contracts/{CONTRACT}/arrive", {kContract, kDelivery}));
  commands.push_back({"weigh",
                      "enter the weighing (R8.2); by an inspector",
                      {kContract,
                       kDelivery,
                       {"--truck", "GROSS/TARE in kg; once for each truck", Kind::kMany},
                       {"--group", "head=N,net_kg=KG,grade=CODE,single_class=CODE", Kind::kMany},
                       {"--dead", "dead on arrival", Kind::kNumber, false, "", "0"}},
                      weigh});
  commands.push_back(post_command("accept", "accept the weighing (R8.6)",
                                  "/v1/contracts/{CONTRACT}/accept", {kContract}));
  add_endings(commands);
}

}  // namespace hulan::app
