// SPDX-License-Identifier: Apache-2.0
#include "engine/client_ids.h"

#include <gtest/gtest.h>

#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;

model::ClientId id_of(std::uint64_t number) {
  model::ClientId id{};
  std::memcpy(id.data() + 8, &number, sizeof(number));
  return id;
}

ClientOutcome outcome(std::uint64_t number, std::int64_t time, model::UserId user = 1) {
  ClientOutcome row{};
  row.client_id = id_of(number);
  row.user = user;
  row.time = time;
  row.sequence = number;
  return row;
}

TEST(ClientIds, a_ring_that_wraps_forgets_the_oldest_and_finds_the_rest) {
  ClientIds ids(100);
  std::uint64_t next = 1;
  for (std::int64_t time = 1; time <= 1000; ++time) {
    ids.expire(model::Time{time - 50});
    ids.add(outcome(next++, time));
  }
  EXPECT_LE(ids.size(), 60u);
  EXPECT_EQ(ids.find(1, id_of(900)), nullptr);
  for (std::uint64_t number = 960; number <= 1000; ++number) {
    const ClientOutcome* found = ids.find(1, id_of(number));
    ASSERT_NE(found, nullptr) << number;
    EXPECT_EQ(found->sequence, number);
  }
  EXPECT_EQ(ids.find(2, id_of(1000)), nullptr) << "another user's id is another id";
}

TEST(ClientIds, a_full_table_says_so_and_a_restored_one_has_the_same_hash) {
  ClientIds ids(8);
  for (std::uint64_t i = 1; i <= 12; ++i) {
    if (ids.full()) ids.expire(model::Time{static_cast<std::int64_t>(i) - 7});
    ids.add(outcome(i, static_cast<std::int64_t>(i)));
  }
  std::vector<std::uint8_t> bytes;
  for (const auto part : ids.parts()) bytes.insert(bytes.end(), part.begin(), part.end());
  ClientIds restored(8);
  ASSERT_TRUE(restored.restore(read_from(bytes)));
  EXPECT_EQ(ids.hash(), restored.hash());
  EXPECT_EQ(ids.full(), restored.full());
  for (std::uint64_t i = 1; i <= 12; ++i) {
    EXPECT_EQ(ids.find(1, id_of(i)) == nullptr, restored.find(1, id_of(i)) == nullptr) << i;
  }
  bytes.pop_back();
  EXPECT_FALSE(restored.restore(read_from(bytes)));
}

struct Idempotency : ::testing::Test {
  TestMarket market;
  model::RegisterUser body{500, 0, model::kRoleInspector, 1, 0};
  model::RecordHeader header = market.header(kAdmin, model::CommandType::kRegisterUser);

  Replied send() {
    return market.send_bytes(header, {reinterpret_cast<const std::uint8_t*>(&body), sizeof(body)});
  }
};

TEST_F(Idempotency, a_repeated_client_id_gives_the_first_outcome_and_changes_nothing) {
  const Replied first = send();
  EXPECT_EQ(first.reject, Reject::ok);
  EXPECT_EQ(first.repeated, 0);
  const Sha256 before = market.engine.business_hash();
  const Replied again = send();
  EXPECT_EQ(again.reject, Reject::ok);
  EXPECT_EQ(again.repeated, 1);
  EXPECT_EQ(again.first_sequence, first.header.sequence);
  EXPECT_EQ(again.id, first.id);
  EXPECT_TRUE(market.events<model::UserChanged>().empty());
  EXPECT_EQ(market.engine.business_hash(), before);
}

TEST_F(Idempotency, a_refusal_is_remembered_too) {
  body.roles = model::kRoleInspector | model::kRoleTrader;
  const Replied first = send();
  EXPECT_EQ(first.reject, Reject::wrong_role);
  const Replied again = send();
  EXPECT_EQ(again.reject, Reject::wrong_role);
  EXPECT_EQ(again.repeated, 1);
}

TEST_F(Idempotency, the_same_id_for_another_command_is_refused) {
  EXPECT_EQ(send().reject, Reject::ok);
  body.id = 501;
  EXPECT_EQ(send().reject, Reject::client_id_reused);
  EXPECT_EQ(market.engine.state().users.has(501), false);
}

TEST_F(Idempotency, an_id_is_accepted_for_24_hours_and_then_expired) {
  market.now += Time{model::kDay};
  EXPECT_EQ(send().reject, Reject::ok) << "exactly 24 hours old";
  header.client_id[15] ^= 1;
  market.now += Time{1'000'000};
  EXPECT_EQ(send().reject, Reject::client_id_expired);
}

TEST_F(Idempotency, an_outcome_is_kept_until_its_id_has_expired) {
  market.now -= Time{10 * model::kMinute};  // the client's clock ran ten minutes ahead
  market.now = std::max(market.now, market.engine.now());
  EXPECT_EQ(send().reject, Reject::ok);
  market.now = kStart + Time{model::kDay};
  for (int i = 0; i < 50; ++i) market.add_user(900, 0, model::kRoleInspector);
  EXPECT_EQ(send().repeated, 1);
}

TEST_F(Idempotency, an_id_far_in_the_future_is_refused) {
  header.client_id[3] = static_cast<std::uint8_t>(header.client_id[3] + 1);  // 2^16 ms = 65 s
  EXPECT_EQ(send().reject, Reject::ok);
  header.client_id[2] = static_cast<std::uint8_t>(header.client_id[2] + 1);  // 2^24 ms = 4.6 h
  EXPECT_EQ(send().reject, Reject::client_id_ahead);
}

TEST_F(Idempotency, only_the_exchange_itself_goes_without_an_id) {
  header.client_id = {};
  EXPECT_EQ(send().reject, Reject::malformed_body);
  EXPECT_EQ(market.tick().reject, Reject::ok);
}

}  // namespace
}  // namespace hulan::engine
