// SPDX-License-Identifier: Apache-2.0
// mandate (R2.5). Any command is sent for a principal with --for.
#include "hulan/commands/session.h"

namespace hulan::app {

void add_mandate_commands(std::vector<Command>& commands) {
  const Argument mandate{"MANDATE", "the mandate", Kind::kNumber, true};
  commands.push_back(post_command(
      "mandate give", "let an agent trade in your name; it holds once the agent confirms it (R2.5)",
      "/v1/mandates",
      {{"--agent", "participant that is an agent", Kind::kNumber, true, "agent"},
       {"--limit", "most that it may commit, yuan", Kind::kText, true, "limit"},
       {"--until", "when it ends: a time, or +30d", Kind::kTime, true, "expires_at"},
       {"--side", "sell or buy; nothing: both", Kind::kText, false, "side"}}));
  commands.push_back(post_command("mandate confirm", "take a mandate on; by the agent",
                                  "/v1/mandates/{MANDATE}/confirm", {mandate}));
  commands.push_back(post_command("mandate revoke", "end a mandate; by either side or the operator",
                                  "/v1/mandates/{MANDATE}/revoke", {mandate}));
  commands.push_back(list_command("mandate list", "mandates that you gave or hold", "/v1/mandates",
                                  {},
                                  {{"id", "id", Align::kRight},
                                   {"principal", "principal.name"},
                                   {"agent", "agent.name"},
                                   {"state", "state"},
                                   {"sides", "sides"},
                                   {"limit", "limit", Align::kRight},
                                   {"left", "left", Align::kRight},
                                   {"until", "expires_at"}}));
}

}  // namespace hulan::app
