// SPDX-License-Identifier: Apache-2.0
// Who is who, and what waits for whom.
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"

namespace hulan::gateways {

ReadResult get_me(Call& call) {
  const identity::User* user = call.services.identity.find_user(call.caller.user);
  if (user == nullptr) return refused(Problem(Fault::unauthorized));
  return json_response(call, [&](JsonWriter& json) {
    json.begin_object("user");
    json.field("id", user->id);
    json.field("login", user->login);
    json.field("name", user->name);
    roles_field(json, "roles", call.caller.roles);
    json.end_object();
    roles_field(json, "roles", call.caller.roles);
    const model::ParticipantId id = call.caller.participant;
    const model::ParticipantRow* row = id == 0 ? nullptr : call.view().participant(id);
    if (row == nullptr) {
      json.null_field("participant");
      json.null_field("account");
      return;
    }
    json.key("participant");
    write_participant(json, call.reader, id, *row, call.caller);
    json.key("account");
    write_account(json, call.reader, id, model::Currency::kCny);
  });
}

ReadResult get_users(Call& call) {
  if (!call.caller.has(model::kRoleAdministrator | model::kRoleAuditor)) {
    return refused(Problem(Fault::forbidden));
  }
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const identity::User* user : call.services.identity.users()) {
      json.begin_object();
      json.field("id", user->id);
      json.field("login", user->login);
      json.field("name", user->name);
      roles_field(json, "roles", user->roles);
      json.field("participant", user->participant);
      json.field("active", !user->disabled);
      json.end_object();
    }
  });
}

ReadResult get_participants(Call& call) {
  const auto slice = call.query.slice();
  const auto page = call.view().participants(slice.cursor, slice.limit);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& [id, row] : page.items) {
      write_participant(json, call.reader, id, *row, call.caller);
    }
  });
}

ReadResult get_participant(Call& call) {
  const model::ParticipantRow* row = call.view().participant(call.numbers[0]);
  if (row == nullptr) return refused(model::Reject::unknown_participant);
  return row_response(call, [&](JsonWriter& json) {
    write_participant(json, call.reader, call.numbers[0], *row, call.caller);
  });
}

ReadResult get_relations(Call& call) {
  if (!call.caller.staff()) return refused(Problem(Fault::forbidden));
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const auto& [id, row] : call.view().relations(true)) {
      json.begin_object();
      party_field(json, call.reader, "a", row->a);
      party_field(json, call.reader, "b", row->b);
      json.field("active", row->active != 0);
      json.end_object();
    }
  });
}

ReadResult get_approvals(Call& call) {
  projections::PendingQuery query;
  const auto state = call.query.text("state").value_or("open");
  if (state != "open" && state != "all") call.query.fail("state", state, "open or all");
  query.open_only = state == "open";
  const auto slice = call.query.slice();
  query.cursor = slice.cursor;
  query.limit = slice.limit;
  if (!call.caller.staff()) return refused(Problem(Fault::forbidden));
  const auto page = call.view().pendings(query);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& [id, row] : page.items) {
      write_pending(json, call.reader, id, *row, call.caller);
    }
  });
}

ReadResult get_claims(Call& call) {
  projections::ClaimQuery query;
  const auto slice = call.query.slice();
  query.cursor = slice.cursor;
  query.limit = slice.limit;
  if (!call.caller.sees_money()) {
    query.participant = call.caller.participant;
    if (query.participant == 0) return refused(Problem(Fault::forbidden));
  }
  const auto page = call.view().claims(query);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& [id, row] : page.items) write_claim(json, call.reader, id, *row);
  });
}

}  // namespace hulan::gateways
