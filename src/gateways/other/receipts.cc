// SPDX-License-Identifier: Apache-2.0
// A participant's receipt for its own command, with everything that proves it (R13.2).
#include <charconv>
#include <memory>

#include "gateways/gateway.h"
#include "gateways/handlers.h"
#include "gateways/other/body.h"
#include "gateways/proofs.h"

namespace hulan::gateways {
namespace {

bool may_have(const Caller& caller, const Proofs::Receipt& receipt) {
  if (caller.has(model::kRoleAuditor)) return true;
  if (receipt.participant != 0) return caller.participant == receipt.participant;
  return receipt.user != 0 && caller.user == receipt.user;
}

}  // namespace

void get_receipt(Call& call, const HttpReply& reply) {
  const Proofs* proofs = call.services.proofs;
  std::uint64_t sequence = 0;
  const char* end = call.word.data() + call.word.size();
  const auto [stop, wrong] = std::from_chars(call.word.data(), end, sequence);
  if (proofs == nullptr || wrong != std::errc{} || stop != end || sequence == 0) {
    return reply_problem(call, reply, Problem(Fault::not_found));
  }
  if (sequence > proofs->size()) {
    Problem problem(Fault::not_proved_yet);
    problem.retry_after_s = 60;
    return reply_problem(call, reply, problem);
  }
  const auto found = std::make_shared<std::expected<Proofs::Receipt, std::string>>();
  const auto later = std::make_shared<HttpRequest>();  // the request is gone by then
  Gateway& gateway = call.gateway;
  const Language language = call.language;
  const Caller caller = call.caller;
  gateway.run_aside(
      [proofs, sequence, found] {
        *found = proofs->receipt(sequence);
        return found->has_value();
      },
      [&gateway, found, later, language, caller, reply](bool read) {
        Call answer{gateway,   *later, gateway.reader(), gateway.services(),
                    Query(""), caller, language,         {},
                    {},        {}};
        if (!read) return reply_problem(answer, reply, Problem(Fault::storage_failed));
        if (!may_have(caller, **found)) {
          return reply_problem(answer, reply, Problem(Fault::forbidden));
        }
        HttpResponse response;
        response.content_type = "application/json";
        response.body = std::move((*found)->json);
        reply(std::move(response));
      });
}

}  // namespace hulan::gateways
