// SPDX-License-Identifier: Apache-2.0
// A record's whole receipt, asked of the market, as verify-receipt reads it (R13.2).
#include <fmt/format.h>

#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

void receipt(Session& session) {
  const std::string sequence = session.text("SEQUENCE");
  if (sequence.empty() || sequence.find_first_not_of("0123456789") != std::string::npos) {
    bad_input("SEQUENCE", sequence, "the whole number that the market's answer carried");
  }
  fmt::print("{}\n", session.get_text("/v1/receipts/" + sequence, "application/json"));
}

}  // namespace

void add_receipt_commands(std::vector<Command>& commands) {
  commands.push_back({"receipt",
                      "the receipt of a record of yours, for verify-receipt (R13.2)",
                      {{"SEQUENCE", "from the market's answer", Kind::kText, true}},
                      receipt});
}

}  // namespace hulan::app
