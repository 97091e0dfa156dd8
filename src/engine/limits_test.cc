// SPDX-License-Identifier: Apache-2.0
// What happens at the end of each table: the last row is taken, one more is refused by name, the
// refusal changes nothing (R13.1), and what needs no new row goes on.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "engine/contract/testing.h"
#include "engine/market/day_price.h"

namespace hulan::engine {
namespace {

using namespace testing;

/// Rows that a test market uses of a table before anything is done with it.
std::size_t used_at_first(std::string_view table) {
  const TestMarket m;
  std::size_t found = 0;
  m.engine.for_each_limit([&](std::string_view name, std::uint64_t used, std::uint64_t) {
    if (name == table) found = used;
  });
  return found;
}

/// A market in which `table` has room for `more` rows than it uses at first.
TestMarket market_with(std::size_t Capacities::* table, std::string_view name, std::size_t more) {
  Capacities capacities;
  capacities.*table = used_at_first(name) + more;
  return TestMarket(hogs(), capacities);
}

/// `add()` succeeds `times`, then is refused as `full` without a trace.
template <class Add>
void expect_full_after(TestMarket& m, std::size_t times, Reject full, Add add) {
  for (std::size_t i = 0; i < times; ++i) ASSERT_EQ(add(i).reject, Reject::ok) << i;
  const Sha256 before = m.engine.business_hash();
  EXPECT_EQ(add(times).reject, full);
  EXPECT_EQ(m.engine.business_hash(), before);
}

TEST(Limits, R13_1_every_table_tells_what_it_holds_and_how_much_it_could) {
  TestMarket m;
  std::map<std::string_view, std::pair<std::uint64_t, std::uint64_t>> limits;
  m.engine.for_each_limit([&](std::string_view name, std::uint64_t used, std::uint64_t capacity) {
    EXPECT_TRUE(limits.emplace(name, std::pair(used, capacity)).second) << name;
    EXPECT_LE(used, capacity) << name;
  });
  EXPECT_EQ(limits.size(), 31u);
  EXPECT_EQ(limits.at("lots"), std::pair(std::uint64_t{0}, std::uint64_t{model::kMaxLots}));
  EXPECT_EQ(limits.at("participants").first, kMembers);
  EXPECT_EQ(limits.at("client_ids").second, model::kMaxClientIds);
  static_cast<void>(m.ready_lot(kFarm));
  m.engine.for_each_limit([](std::string_view name, std::uint64_t used, std::uint64_t) {
    if (name == "lots") {
      EXPECT_EQ(used, 1u);
    }
    if (name == "documents") {
      EXPECT_EQ(used, 2u);
    }
  });
}

TEST(Limits, R4_2_lots) {
  auto m = market_with(&Capacities::lots, "lots", 2);
  expect_full_after(m, 2, Reject::lots_full,
                    [&](std::size_t) { return m.send(trader(kFarm), m.draft()); });
}

TEST(Limits, R2_3_users) {
  auto m = market_with(&Capacities::users, "users", 1);
  const auto capacity = static_cast<model::UserId>(m.engine.state().users.capacity());
  expect_full_after(m, 1, Reject::users_full, [&](std::size_t more) {
    return m.send(kAdmin, model::RegisterUser{capacity + static_cast<model::UserId>(more), 0,
                                              model::kRoleInspector, 1, 0});
  });
}

TEST(Limits, R2_2_participants) {
  auto m = market_with(&Capacities::participants, "participants", 2);
  expect_full_after(m, 1, Reject::participants_full, [&](std::size_t more) {
    auto next = m.application(static_cast<model::ParticipantId>(kMembers + 1 + more));
    return m.send(kOperator, next);
  });
}

TEST(Limits, R2_4_open_approvals) {
  auto m = market_with(&Capacities::pending, "pending", 2);
  expect_full_after(m, 2, Reject::pending_full, [&](std::size_t number) {
    return m.send(kOfficer, model::RecordDeposit{kFarm, 0, 100, hash_of(std::to_string(number))});
  });
}

TEST(Limits, R4_1_products) {
  auto m = market_with(&Capacities::products, "products", 1);
  expect_full_after(m, 1, Reject::products_full, [&](std::size_t number) {
    auto product = hogs();
    product.code[0] = static_cast<char>('a' + number);
    return m.send(kOperator, model::DefineProduct{product});
  });
}

TEST(Limits, R5_5_reference_prices) {
  auto m = market_with(&Capacities::references, "references", 2);
  expect_full_after(m, 2, Reject::references_full, [&](std::size_t number) {
    return m.send(kOperator, model::StateReference{m.product_id, 23,
                                                   static_cast<std::uint32_t>(number + 1), 15'000});
  });
}

TEST(Limits, R5_6_related_parties) {
  auto m = market_with(&Capacities::relations, "relations", 1);
  expect_full_after(m, 1, Reject::relations_full, [&](std::size_t number) {
    return m.send(kOperator, model::RelateParticipants{
                                 kFarm, static_cast<model::ParticipantId>(kBuyer + number), 1});
  });
}

model::RegisterMark mark_of(const TestMarket& m, model::ParticipantId holder) {
  return {holder, m.product_id, 230'111, m.now.value, m.now.value + model::kDay, {{1}}};
}

TEST(Limits, R4_4_marks) {
  auto m = market_with(&Capacities::marks, "marks", 2);
  expect_full_after(m, 2, Reject::marks_full,
                    [&](std::size_t) { return m.send(kOperator, mark_of(m, kFarm)); });
}

TEST(Limits, R4_4_grants_of_a_mark_of_which_a_known_one_can_be_prolonged) {
  auto m = market_with(&Capacities::grants, "grants", 1);
  const auto mark = m.send(kOperator, mark_of(m, kFarm)).id;
  const auto grant = [&](std::size_t number) {
    return m.send(trader(kFarm), model::GrantMark{static_cast<model::MarkId>(mark),
                                                  static_cast<model::ParticipantId>(number + 2),
                                                  m.now.value + model::kDay});
  };
  expect_full_after(m, 1, Reject::marks_full, grant);
  EXPECT_EQ(grant(0).reject, Reject::ok);
}

TEST(Limits, R4_3_papers) {
  auto m = market_with(&Capacities::documents, "documents", 3);
  const auto lot = m.send(trader(kFarm), m.draft()).id;
  expect_full_after(m, 3, Reject::documents_full, [&](std::size_t) {
    return m.send(trader(kFarm), m.paper(lot, model::DocumentKind::kPhoto));
  });
}

TEST(Limits, R4_3_ear_tags) {
  auto m = market_with(&Capacities::tags, "tags", 2);
  const auto lot = m.send(trader(kFarm), m.draft()).id;
  expect_full_after(m, 2, Reject::tags_full, [&](std::size_t number) {
    return m.attach_tags(trader(kFarm), lot, {{123'011'100'000'001ull + number * 100, 10}});
  });
}

TEST(Limits, R7_1_contracts_and_a_listing_that_stays_open) {
  auto m = market_with(&Capacities::contracts, "contracts", 1);
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(lot, 16'000, 10)).reject, Reject::ok);
  expect_full_after(m, 1, Reject::contracts_full, [&](std::size_t) {
    return m.send(trader(kBuyer), model::Take{lot, 0, 16'000, 20});
  });
  EXPECT_EQ(m.lot(lot).state, model::LotState::kListed);
  EXPECT_EQ(m.send(finance(kBuyer), model::Pay{1}).reject, Reject::ok) << "what is there goes on";
}

TEST(Limits, R7_1_deliveries_leave_room_for_all_parts_of_a_contract) {
  auto m = market_with(&Capacities::deliveries, "deliveries", model::kMaxDeliveriesPerContract);
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(lot, 16'000, 10)).reject, Reject::ok);
  EXPECT_NE(m.send(trader(kBuyer), model::Take{lot, 0, 16'000, 20}).reject, Reject::contracts_full);
  auto none =
      market_with(&Capacities::deliveries, "deliveries", model::kMaxDeliveriesPerContract - 1);
  const auto other = none.ready_lot(kFarm);
  ASSERT_EQ(none.send(trader(kFarm), none.listing(other, 16'000, 10)).reject, Reject::ok);
  expect_full_after(none, 0, Reject::contracts_full, [&](std::size_t) {
    return none.send(trader(kBuyer), model::Take{other, 0, 16'000, 20});
  });
}

Capacities with(std::size_t Capacities::* table, std::size_t rows) {
  Capacities capacities;
  capacities.*table = rows;
  return capacities;
}

/// Contract 1 has two deliveries at the scale.
void bring_two_deliveries(ContractMarket& m) {
  const auto id = m.paid();
  EXPECT_EQ(m.schedule(id, {5, 5}), Reject::ok);
  for (std::uint32_t delivery = 1; delivery <= 2; ++delivery) {
    EXPECT_EQ(m.load(m.loading(id, 5, 0, delivery)), Reject::ok);
    EXPECT_EQ(m.arrive(id, delivery), Reject::ok);
  }
}

TEST(Limits, R8_2_trucks) {
  ContractMarket m(hogs(), with(&Capacities::trucks, 2));
  bring_two_deliveries(m);
  const Trucks one = {{13'000'000, 12'712'500}},
               two = {{13'000'000, 12'712'500}, {9'287'500, 9'000'000}};
  EXPECT_EQ(m.weigh(1, two, {}, 0, 1), Reject::ok);
  const Sha256 before = m.engine.business_hash();
  EXPECT_EQ(m.weigh(1, one, {}, 0, 2), Reject::contracts_full);
  EXPECT_EQ(m.engine.business_hash(), before);
}

TEST(Limits, R8_2_graded_groups) {
  ContractMarket m(hogs(), with(&Capacities::groups, 2));
  bring_two_deliveries(m);
  EXPECT_EQ(m.weigh(1, truck(575'000), {{3, 345'000, 1, 0, {}}, {2, 230'000, 2, 0, {}}}, 0, 1),
            Reject::ok);
  const Sha256 before = m.engine.business_hash();
  EXPECT_EQ(m.weigh(1, truck(575'000), {{5, 575'000, 1, 0, {}}}, 0, 2), Reject::contracts_full);
  EXPECT_EQ(m.engine.business_hash(), before);
}

// The end of a contract may leave four claims: with room for three it does not begin.
TEST(Limits, R8_6_claims_leave_room_for_what_one_ending_may_add) {
  for (const std::size_t room : {4, 3}) {
    ContractMarket m(hogs(), with(&Capacities::claims, room));
    const auto id = m.arrived({}, 10);
    ASSERT_EQ(m.weigh(id, truck(1'150'000)), Reject::ok);
    const Sha256 before = m.engine.business_hash();
    const Reject answer = m.send(trader(kFarm), model::AcceptWeighing{id}).reject;
    EXPECT_EQ(answer, room == 4 ? Reject::ok : Reject::claims_full);
    EXPECT_EQ(m.engine.business_hash() == before, room != 4);
  }
}

// No trade fails for want of a line in the statistics; a known line goes on, a new one is left out.
TEST(Limits, R11_2_a_full_table_of_day_prices_stops_no_trade) {
  ContractMarket m(hogs(), with(&Capacities::day_prices, 2));  // one county and its province
  EXPECT_NE(m.concluded(), 0u);
  const auto& prices = m.engine.state().day_prices;
  ASSERT_EQ(prices.size(), 3u);
  EXPECT_EQ(prices[2].trades, 1u);
  EXPECT_NE(m.concluded(), 0u) << "the same day";
  EXPECT_EQ(prices[2].trades, 2u);
  static_cast<void>(m.advance(model::kDay));
  EXPECT_NE(m.concluded(), 0u) << "another day";
  EXPECT_EQ(prices.size(), 3u);
  EXPECT_EQ(prices[2].trades, 2u);
}

TEST(Limits, R5_1_timers) {
  auto m = market_with(&Capacities::timers, "timers", 2);
  std::vector<model::LotId> lots;
  for (int i = 0; i < 3; ++i) lots.push_back(m.ready_lot(kFarm));
  expect_full_after(m, 2, Reject::timers_full, [&](std::size_t number) {
    return m.send(trader(kFarm), m.listing(lots[number], 16'000));
  });
}

TEST(Limits, R13_1_client_ids_are_forgotten_after_their_day_and_make_room) {
  auto m = market_with(&Capacities::client_ids, "client_ids", 2);
  for (int i = 0; i < 2; ++i) ASSERT_EQ(m.send(trader(kFarm), m.draft()).reject, Reject::ok);
  const Sha256 before = m.engine.business_hash();
  EXPECT_EQ(m.send(trader(kFarm), m.draft()).reject, Reject::client_id_table_full);
  EXPECT_EQ(m.engine.business_hash(), before);
  static_cast<void>(m.advance(2 * model::kDay));
  EXPECT_EQ(m.send(trader(kFarm), m.draft()).reject, Reject::ok);
}

}  // namespace
}  // namespace hulan::engine
