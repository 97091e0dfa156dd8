// SPDX-License-Identifier: Apache-2.0
// Signing in and out, tokens, switching users off, and a visitor's one-click persons.
#include <memory>

#include "gateways/gateway.h"
#include "gateways/handlers.h"
#include "gateways/other/body.h"

namespace hulan::gateways {
namespace {

constexpr std::int64_t kDayNs = 24LL * 3600 * 1'000'000'000;

/// A sign-in while its password is checked aside.
struct SignIn {
  identity::PasswordCheck check;
  std::string password;
};

}  // namespace

void post_session(Call& call, const HttpReply& reply) {
  std::string login, password;
  if (!read_body(call, reply, [&](Fields& fields) {
        login = fields.text("login", 64);
        password = fields.text("password", 128);
      })) {
    return;
  }
  auto& identity = call.services.identity;
  auto check = identity.begin_sign_in(login, call.services.clock.now_ns());
  if (!check) return reply_problem(call, reply, problem_of(check.error()));
  const auto sign_in = std::make_shared<SignIn>(SignIn{std::move(*check), std::move(password)});
  // The request is gone when the check is done; what the answer needs is kept.
  const auto later = std::make_shared<HttpRequest>();
  Gateway& gateway = call.gateway;
  const Language language = call.language;
  gateway.run_aside(
      [sign_in] { return sign_in->check.run(sign_in->password); },
      [&gateway, sign_in, later, language, reply](bool right) {
        Services& services = gateway.services();
        Call answer{gateway, *later, gateway.reader(), services, Query(""), Caller{}, language, {},
                    {},      {}};
        const auto issued =
            services.identity.finish_sign_in(sign_in->check, right, services.clock.now_ns());
        if (!issued) return reply_problem(answer, reply, problem_of(issued.error()));
        reply(token_response(answer, issued->token, issued->info.expires_ns));
      });
}

void delete_session(Call& call, const HttpReply& reply) {
  const std::string_view token =
      call.request.authorization.substr(std::string_view("Bearer ").size());
  const auto revoked = call.services.identity.revoke_token(token);
  if (!revoked) return reply_problem(call, reply, problem_of(revoked.error()));
  reply(json_response(call, [](JsonWriter&) {}));
}

void post_token(Call& call, const HttpReply& reply) {
  std::string label;
  std::uint32_t days = 0;
  if (!read_body(call, reply, [&](Fields& fields) {
        label = fields.text("label", 100);
        days = fields.number("days", 1, 3660);
      })) {
    return;
  }
  const model::UserId user = call.numbers[0];
  if (user != call.caller.user && !call.caller.has(model::kRoleAdministrator)) {
    return reply_problem(call, reply, Problem(Fault::forbidden));
  }
  const auto issued =
      call.services.identity.issue_token(user, call.services.clock.now_ns(), days * kDayNs, label);
  if (!issued) return reply_problem(call, reply, problem_of(issued.error()));
  reply(token_response(call, issued->token, issued->info.expires_ns));
}

void post_user_state(Call& call, const HttpReply& reply) {
  bool active = false;
  if (!read_body(call, reply, [&](Fields& fields) { active = fields.boolean("active"); })) return;
  const model::UserId user = call.numbers[0];
  if (!call.caller.has(model::kRoleAdministrator)) {
    return reply_problem(call, reply, Problem(Fault::forbidden));
  }
  // Nobody switches themselves off: a market without an administrator has nobody to undo it.
  if (user == call.caller.user) return reply_problem(call, reply, Problem(Fault::conflict));
  const auto set = call.services.identity.set_disabled(user, !active);
  if (!set) return reply_problem(call, reply, problem_of(set.error()));
  reply(json_response(call, [&](JsonWriter& json) {
    json.field("user", user);
    json.field("active", active);
  }));
}

void post_become(Call& call, const HttpReply& reply) {
  if (!call.services.become) return reply_problem(call, reply, Problem(Fault::not_found));
  std::string role;
  if (!read_body(call, reply, [&](Fields& fields) { role = fields.text("role", 32); })) return;
  const auto token = call.services.become(role);
  if (!token) {
    return reply_problem(call, reply, Problem(Fault::invalid_value, "role", role, token.error()));
  }
  reply(token_response(call, *token, 0));
}

void post_next(Call& call, const HttpReply& reply) {
  if (!call.services.next_step) return reply_problem(call, reply, Problem(Fault::not_found));
  model::ContractId contract = 0;
  model::LotId lot = 0;
  if (!read_body(call, reply, [&](Fields& fields) {
        contract = fields.optional_id("contract");
        lot = fields.optional_id("lot");
        if ((contract == 0) == (lot == 0)) {
          fields.fail(Fault::missing_field, "contract", "", "either contract or lot");
        }
      })) {
    return;
  }
  const auto done = call.services.next_step(contract, lot);
  if (!done) return reply_problem(call, reply, Problem::because(Fault::conflict, done.error()));
  reply(json_response(call, [](JsonWriter&) {}));
}

}  // namespace hulan::gateways
