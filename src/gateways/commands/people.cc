// SPDX-License-Identifier: Apache-2.0
// Users, participants, relations and the second pair of eyes (R2).
#include "gateways/commands/papers.h"
#include "gateways/gateway.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

std::uint16_t roles_of(Fields& fields) {
  std::uint16_t roles = 0;
  for (const std::string& name : fields.texts("roles", 1, 9)) {
    const auto found = std::find_if(std::begin(kRoleWords), std::end(kRoleWords),
                                    [&](const auto& entry) { return entry.second == name; });
    if (found == std::end(kRoleWords)) {
      std::string expected = "one of";
      for (const auto& [role, role_word] : kRoleWords) expected.append(" ").append(role_word);
      fields.fail(Fault::invalid_value, "roles", name, expected);
    } else {
      roles = static_cast<std::uint16_t>(roles | found->first);
    }
  }
  return roles;
}

/// Makes the user, unless this very command made it before.
std::expected<model::UserId, Problem> make_user(const Call& call, const identity::NewUser& user) {
  const auto made = call.gateway.remembered(call);
  if (!made) return std::unexpected(problem_of(made.error()));
  if (*made) return Gateway::as_number(**made);
  const auto created = call.services.identity.create_user(user);
  if (!created) return std::unexpected(problem_of(created.error()));
  const auto noted = call.gateway.remember(call, Gateway::as_hash(created->id));
  if (!noted) return std::unexpected(problem_of(noted.error()));
  return created->id;
}

std::expected<model::ParticipantId, Problem> make_participant(const Call& call,
                                                              const identity::Participant& person) {
  const auto made = call.gateway.remembered(call);
  if (!made) return std::unexpected(problem_of(made.error()));
  if (*made) return Gateway::as_number(**made);
  const auto id = call.services.identity.upsert_participant(person);
  if (!id) return std::unexpected(problem_of(id.error()));
  const auto noted = call.gateway.remember(call, Gateway::as_hash(*id));
  if (!noted) return std::unexpected(problem_of(noted.error()));
  return *id;
}

}  // namespace

CommandResult post_user(Call& call, Fields& fields) {
  const std::string login = fields.text("login", 64);
  const std::string name = fields.text("name", 200);
  const std::string password = fields.optional_text("password", 128);
  const std::uint16_t roles = roles_of(fields);
  const model::ParticipantId participant = fields.optional_id("participant");
  // Somebody becomes known before the market decides, so the doors look first.
  if (!call.caller.has(model::kRoleAdministrator)) return refused(model::Reject::wrong_role);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto id = make_user(call, {login, password, name, roles, participant});
  if (!id) return refused(id.error());
  Submission made = submission(model::RegisterUser{*id, participant, roles, 1, 0});
  made.done = [&identity = call.services.identity, user = *id](const model::Replied&,
                                                               JsonWriter* reply) {
    if (reply != nullptr) return reply->field("user", user);
    (void)identity.set_disabled(user, true);
  };
  return made;
}

CommandResult post_participant(Call& call, Fields& fields) {
  const Text name = fields.words("name", 200);
  identity::Participant person;
  person.name_zh = name.zh;
  person.name_en = name.en;
  person.name_ru = name.ru;
  person.kind = fields.choice<model::ParticipantKind>("kind");
  const auto form = fields.choice<model::LegalForm>("form");
  const auto vat = fields.choice<model::VatStatus>("vat");
  person.place = fields.code("region", 6);
  person.phone = fields.optional_text("phone", 64);
  person.address = fields.optional_text("address", 400);
  person.contact = fields.optional_text("contact", 200);
  person.tax_number = fields.optional_text("tax_number", 20);
  if (!call.caller.has(model::kRoleOperator)) return refused(model::Reject::wrong_role);
  if (const auto problem = fields.finish()) return refused(*problem);
  auto& identity = call.services.identity;
  const auto id = make_participant(call, person);
  if (!id) return refused(id.error());
  const auto hmac = identity.name_hmac(*id);
  if (!hmac) return refused(problem_of(hmac.error()));
  Submission made =
      submission(model::ApplyParticipant{*id, person.kind, form, vat, 0, person.place, *hmac});
  made.done = [&identity, participant = *id](const model::Replied&, JsonWriter* reply) {
    if (reply != nullptr) return reply->field("participant", participant);
    (void)identity.erase_participant(participant);
  };
  return made;
}

CommandResult post_participant_state(Call& call, Fields& fields) {
  model::SetParticipantState body{};
  body.id = call.numbers[0];
  body.state = fields.choice<model::ParticipantState>("state");
  const std::string reason = fields.text("reason", 2000);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto paper = store_reference(call, reason);
  if (!paper) return refused(paper.error());
  body.reason = *paper;
  return submission(body);
}

CommandResult post_relation(Call&, Fields& fields) {
  model::RelateParticipants body{};
  body.a = fields.id("a");
  body.b = fields.id("b");
  body.active = fields.boolean("active") ? 1 : 0;
  return submission(body);
}

CommandResult post_approve(Call& call, Fields& fields) {
  return submission(model::Approve{call.numbers[0], fields.hash("content")});
}

CommandResult post_reject(Call& call, Fields& fields) {
  const std::string reason = fields.text("reason", 2000);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto paper = store_reference(call, reason);
  if (!paper) return refused(paper.error());
  return submission(model::RejectPending{call.numbers[0], *paper});
}

}  // namespace hulan::gateways
