// SPDX-License-Identifier: Apache-2.0
#include "engine/market/members.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::ParticipantState;

struct Members : ::testing::Test {
  TestMarket m;

  Reject user(model::UserId by, model::UserId id, model::ParticipantId participant,
              unsigned roles) {
    return m.send(by, model::RegisterUser{id, participant, static_cast<std::uint16_t>(roles), 1, 0})
        .reject;
  }
  ParticipantState state_of(model::ParticipantId id) {
    return m.engine.state().participants[id].state;
  }
  Reject set_state(model::ParticipantId id, ParticipantState to) {
    return m.send(kOperator, model::SetParticipantState{id, to, {}, {}}).reject;
  }
};

TEST_F(Members, R2_3_an_administrator_never_has_money_in_hand) {
  EXPECT_EQ(user(kAdmin, kAdmin, 0, model::kRoleAdministrator | model::kRoleSettlementOfficer),
            Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, kAdmin, 0, model::kRoleSupervisor), Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, 50, 0, model::kRoleAdministrator | model::kRoleSupervisor),
            Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, 50, 0, model::kRoleSettlementOfficer), Reject::ok);
}

TEST_F(Members, R2_3_staff_and_participants_roles_do_not_mix) {
  EXPECT_EQ(user(kAdmin, 50, 0, model::kRoleTrader), Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, 50, kFarm, model::kRoleOperator), Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, 50, kFarm, model::kRoleTrader | model::kRoleInspector),
            Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, 50, 0, model::kRoleAuditor | model::kRoleOperator), Reject::wrong_role)
      << "an auditor changes nothing";
  EXPECT_EQ(user(kAdmin, 50, 0, 0), Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, 50, 0, 1 << 9), Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, 50, kFarm, model::kRoleTrader | model::kRoleFinance), Reject::ok);
  EXPECT_EQ(user(kAdmin, 50, kFarm2, model::kRoleTrader), Reject::not_your_participant);
}

TEST_F(Members, R2_3_only_an_administrator_registers_users) {
  EXPECT_EQ(user(kOperator, 50, 0, model::kRoleInspector), Reject::wrong_role);
  EXPECT_EQ(user(kAdmin, 0, 0, model::kRoleInspector), Reject::malformed_body);
  EXPECT_EQ(user(kAdmin, 50, 77, model::kRoleTrader), Reject::unknown_participant);
  EXPECT_EQ(user(kAdmin, model::kMaxUsers + 1, 0, model::kRoleInspector), Reject::users_full);
  EXPECT_EQ(user(kAdmin, model::kMaxUsers, 0, model::kRoleInspector), Reject::ok);
}

TEST_F(Members, R2_2_two_people_admit_an_applicant) {
  const Replied applied = m.send(kOperator, TestMarket::application(20));
  ASSERT_EQ(applied.reject, Reject::ok);
  const Sha256 content = sha256(m.last_body);
  const auto approve = [&](model::UserId by) {
    return m.send(by, model::Approve{applied.id, content}).reject;
  };
  EXPECT_EQ(state_of(20), ParticipantState::kApplied);
  EXPECT_EQ(approve(kOperator), Reject::own_approval);
  EXPECT_EQ(approve(kOfficer), Reject::wrong_role);
  EXPECT_EQ(approve(kSupervisor), Reject::ok);
  EXPECT_EQ(state_of(20), ParticipantState::kApplied) << "one is not enough";
  EXPECT_EQ(approve(kSupervisor), Reject::own_approval) << "the same person twice";
  EXPECT_EQ(approve(kOperator2), Reject::ok);
  EXPECT_EQ(state_of(20), ParticipantState::kActive);
  EXPECT_EQ(approve(kOperator2), Reject::pending_decided);
}

TEST_F(Members, R2_4_an_approval_names_the_content_that_was_proposed) {
  const Replied applied = m.send(kOperator, TestMarket::application(20));
  EXPECT_EQ(m.send(kSupervisor, model::Approve{applied.id, hash_of("other")}).reject,
            Reject::content_differs);
  EXPECT_EQ(m.send(kSupervisor, model::Approve{999, {}}).reject, Reject::unknown_pending);
  EXPECT_EQ(m.engine.state().pending[applied.id].approvals, 0);
}

TEST_F(Members, R2_2_a_rejected_applicant_stays_out) {
  const Replied applied = m.send(kOperator, TestMarket::application(20));
  EXPECT_EQ(m.send(kSupervisor, model::RejectPending{applied.id, {}}).reject, Reject::ok);
  EXPECT_EQ(state_of(20), ParticipantState::kClosed);
}

TEST_F(Members, R2_1_kind_form_vat_and_region_are_of_the_lists) {
  auto body = TestMarket::application(20);
  body.kind = static_cast<model::ParticipantKind>(8);
  EXPECT_EQ(m.send(kOperator, body).reject, Reject::invalid_kind);
  body = TestMarket::application(20);
  body.vat = static_cast<model::VatStatus>(0);
  EXPECT_EQ(m.send(kOperator, body).reject, Reject::invalid_kind);
  body = TestMarket::application(20);
  body.region = 123;
  EXPECT_EQ(m.send(kOperator, body).reject, Reject::invalid_region);
  EXPECT_EQ(m.send(kOperator, TestMarket::application(kFarm)).reject, Reject::participant_exists);
  EXPECT_EQ(m.send(kOperator, TestMarket::application(model::kMaxParticipants)).reject,
            Reject::participants_full);
  EXPECT_EQ(m.send(kOperator, TestMarket::application(model::kMaxParticipants - 1)).reject,
            Reject::ok);
}

TEST_F(Members, R2_2_states_follow_their_order) {
  EXPECT_EQ(set_state(kFarm, ParticipantState::kActive), Reject::wrong_participant_state);
  EXPECT_EQ(set_state(kFarm, ParticipantState::kClosed), Reject::participant_has_obligations);
  EXPECT_EQ(set_state(kFarm, ParticipantState::kSuspended), Reject::ok);
  EXPECT_EQ(m.send(trader(kFarm), m.draft()).reject, Reject::participant_not_active);
  EXPECT_EQ(set_state(kFarm, ParticipantState::kActive), Reject::ok);
  EXPECT_EQ(set_state(99, ParticipantState::kSuspended), Reject::unknown_participant);
  ASSERT_EQ(m.send_approved(kOfficer, model::RequestWithdrawal{kFarm, 0, TestMarket::kMoney, {}},
                            {kOfficer2, kSupervisor})
                .reject,
            Reject::ok);
  EXPECT_EQ(set_state(kFarm, ParticipantState::kClosed), Reject::ok);
  EXPECT_EQ(set_state(kFarm, ParticipantState::kActive), Reject::wrong_participant_state);
}

TEST_F(Members, R5_6_a_relation_is_between_two_known_participants) {
  EXPECT_EQ(m.send(kOperator, model::RelateParticipants{kFarm, kFarm, 1}).reject,
            Reject::malformed_body);
  EXPECT_EQ(m.send(kOperator, model::RelateParticipants{kFarm, 99, 1}).reject,
            Reject::unknown_participant);
  EXPECT_EQ(m.send(trader(kFarm), model::RelateParticipants{kFarm, kBuyer, 1}).reject,
            Reject::wrong_role);
}

}  // namespace
}  // namespace hulan::engine
