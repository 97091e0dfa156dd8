// SPDX-License-Identifier: Apache-2.0
#include "simulation/people.h"

#include "base/assert.h"
#include "simulation/workload/cast.h"

namespace hulan::simulation {

std::vector<std::string> enrol(identity::Directory& directory, std::int64_t now_ns) {
  for (model::ParticipantId id = 1; id <= kParticipants; ++id) {
    identity::Participant participant;
    participant.id = id;
    participant.name_zh = "参与者" + std::to_string(id);
    participant.kind = kind_of(id);
    participant.place = 230111;
    HULAN_ASSERT(directory.upsert_participant(participant).has_value());
  }
  std::vector<std::string> tokens(1);
  for (model::UserId id = 1; id <= kUsers; ++id) {
    identity::NewUser user;
    const std::string login = "user" + std::to_string(id);
    user.login = user.name = login;
    user.roles = roles_of(id);
    user.participant = participant_of(id);
    const auto made = directory.create_user(user);
    HULAN_ASSERT(made.has_value() && made->id == id);
    const auto token = directory.issue_token(id, now_ns, 300 * model::kDay, "simulation");
    HULAN_ASSERT(token.has_value());
    tokens.push_back(token->token);
  }
  return tokens;
}

}  // namespace hulan::simulation
