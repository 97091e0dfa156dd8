// SPDX-License-Identifier: Apache-2.0
#include "gateways/other/body.h"

#include "gateways/encode/encode.h"
#include "gateways/gateway.h"
#include "gateways/json_reader.h"

namespace hulan::gateways {

void reply_problem(const Call& call, const HttpReply& reply, const Problem& problem) {
  reply(call.gateway.problem_response(problem, call.language));
}

bool read_body(const Call& call, const HttpReply& reply, const std::function<void(Fields&)>& read) {
  const std::string_view body = call.request.body.empty() ? "{}" : call.request.body;
  const auto value = read_json(body);
  if (!value) {
    reply_problem(call, reply, value.error());
    return false;
  }
  if (!value->is_object()) {
    reply_problem(call, reply,
                  Problem(Fault::wrong_type, "", std::string(body.substr(0, 100)), "an object"));
    return false;
  }
  Fields fields(value->get_object());
  read(fields);
  if (const auto problem = fields.finish()) {
    reply_problem(call, reply, *problem);
    return false;
  }
  return true;
}

HttpResponse token_response(const Call& call, const std::string& token, std::int64_t expires_ns) {
  const auto caller = call.gateway.authenticate(token);
  if (!caller) return call.gateway.problem_response(caller.error(), call.language);
  const identity::User* user = call.services.identity.find_user(caller->user);
  return json_response(call, [&](JsonWriter& json) {
    json.field("token", token);
    json.time_field("expires_at", expires_ns);
    json.begin_object("user");
    json.field("id", user->id);
    json.field("login", user->login);
    json.field("name", user->name);
    roles_field(json, "roles", caller->roles);
    json.end_object();
    roles_field(json, "roles", caller->roles);
    if (caller->participant == 0) {
      json.null_field("participant");
    } else {
      party_field(json, call.reader, "participant", caller->participant);
    }
  });
}

}  // namespace hulan::gateways
