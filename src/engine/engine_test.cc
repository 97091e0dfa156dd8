// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/state_copy.h"
#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;

/// Some of everything: a listing in parts, an auction with outbid bidders, a request, a suspension.
void trade(TestMarket& m) {
  const auto listed = m.ready_lot(kFarm, 200);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(listed, 16'000, 50)).reject, Reject::ok);
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{listed, 0, 16'000, 60}).reject, Reject::ok);
  const auto lot = m.ready_lot(kFarm2, 100);
  EXPECT_EQ(m.send(trader(kFarm2), m.notice(lot, 15'000, 100)).reject, Reject::ok);
  m.advance(model::kDay);
  EXPECT_EQ(m.bid(kBuyer, lot, 15'000).reject, Reject::ok);
  EXPECT_EQ(m.bid(kBuyer2, lot, 15'100).reject, Reject::ok);
  EXPECT_EQ(m.bid(kBuyer3, lot, 15'100).reject, Reject::bid_too_low);
  EXPECT_EQ(m.bid(kBuyer3, lot, 15'300).reject, Reject::ok);
  EXPECT_EQ(m.send(kOperator,
                   model::SetParticipantState{kBuyer3, model::ParticipantState::kSuspended, {}, {}})
                .reject,
            Reject::ok);
  EXPECT_EQ(m.lot(lot).leader, kBuyer2);
  m.advance(2 * model::kHour);
  EXPECT_EQ(m.lot(lot).state, model::LotState::kSold);
}

/// A part of a listing changes hands: may be done again and again.
void go_on(TestMarket& m) {
  const auto listed = m.ready_lot(kFarm, 200);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(listed, 16'000, 50)).reject, Reject::ok);
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{listed, 0, 16'000, 60}).reject, Reject::ok);
}

// What `copy` holds, in the form of Engine::save().
Sections saved(const StateCopy& copy) {
  Sections sections;
  for (const SectionView& section : copy.sections()) {
    auto& [name, bytes] = sections.emplace_back(section.name, std::vector<std::uint8_t>{});
    for (const auto part : section.parts) bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return sections;
}

TEST(Engine, R13_1_a_copy_made_while_the_market_trades_on_is_the_state_of_the_moment_it_began) {
  TestMarket m;
  trade(m);
  const Sha256 hash = m.engine.state_hash();
  const Sections before = m.engine.save();
  m.engine.begin_copy();
  go_on(m);  // every page that changes is copied first
  bool done = m.engine.copy_some(4096);
  EXPECT_FALSE(done);
  EXPECT_NE(m.engine.state_hash(), hash);
  while (!done) {
    m.advance(model::kMinute);
    done = m.engine.copy_some(3 * 4096);
  }
  const StateCopy copy = m.engine.take_copy();
  go_on(m);
  EXPECT_EQ(copy.state_hash(), hash);
  EXPECT_EQ(saved(copy), before);
  Engine other;
  ASSERT_TRUE(other.load(saved(copy)));
  EXPECT_EQ(other.state_hash(), hash);
  EXPECT_EQ(other.sequence(), copy.sequence);
}

TEST(Engine, R13_1_a_second_copy_drops_the_one_under_way) {
  TestMarket m;
  m.engine.begin_copy();
  static_cast<void>(m.engine.copy_some(4096));
  trade(m);
  const Sha256 hash = m.engine.state_hash();
  m.engine.begin_copy();
  go_on(m);
  while (!m.engine.copy_some(1u << 20)) {
  }
  EXPECT_EQ(m.engine.take_copy().state_hash(), hash);
}

TEST(Engine, R13_1_the_same_commands_give_the_same_hashes) {
  TestMarket a;
  TestMarket b;
  EXPECT_EQ(a.engine.state_hash(), b.engine.state_hash());
  trade(a);
  trade(b);
  EXPECT_EQ(a.engine.state_hash(), b.engine.state_hash());
  EXPECT_EQ(a.engine.business_hash(), b.engine.business_hash());
  a.tick();
  EXPECT_NE(a.engine.state_hash(), b.engine.state_hash());
  EXPECT_EQ(a.engine.business_hash(), b.engine.business_hash());
}

TEST(Engine, a_refusal_leaves_the_business_hash_unchanged) {
  TestMarket m;
  const auto lot = m.ready_lot(kFarm);
  const Sha256 business = m.engine.business_hash();
  const Sha256 whole = m.engine.state_hash();
  EXPECT_EQ(m.send(trader(kFarm2), m.listing(lot, 16'000)).reject, Reject::not_lot_owner);
  EXPECT_EQ(m.send(kAuditor, model::WithdrawLot{lot, {}}).reject, Reject::wrong_role);
  EXPECT_EQ(m.send(777, model::Take{lot, 0, 1, 1}).reject, Reject::unknown_user);
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{99, 0, 1, 1}).reject, Reject::unknown_lot);
  EXPECT_EQ(m.engine.business_hash(), business);
  EXPECT_NE(m.engine.state_hash(), whole);
}

TEST(Engine, a_saved_state_is_loaded_to_the_same_hash_and_goes_on_alike) {
  TestMarket a;
  trade(a);
  const auto open = a.ready_lot(kFarm2);
  EXPECT_EQ(a.send(trader(kFarm2), a.notice(open, 15'000, 100)).reject, Reject::ok);
  const Sections saved = a.engine.save();

  TestMarket b(TestMarket::Empty{});
  ASSERT_TRUE(b.engine.load(saved));
  EXPECT_EQ(b.engine.state_hash(), a.engine.state_hash());
  b.engine.check_invariants();

  // The derived indexes are there again: the same commands get the same answers.
  const auto go_on = [&](Engine& engine) {
    EventBuffer events(2 * model::kMaxEventBytesPerCommand);
    const Time now = a.now + Time{model::kDay};
    model::RecordHeader header{model::CommandType::kPlaceBid, 1, 12, kBuyer, trader(kBuyer), {}};
    const std::int64_t ms = now.value / 1'000'000;
    for (int i = 0; i < 6; ++i) header.client_id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    const model::PlaceBid bid{open, 15'000};
    engine.apply({header,
                  engine.sequence() + 1,
                  now,
                  {reinterpret_cast<const std::uint8_t*>(&bid), sizeof(bid)}},
                 events);
    engine.check_invariants();
    EXPECT_EQ(engine.state().lots[open].leader, kBuyer);
    return engine.state_hash();
  };
  EXPECT_EQ(go_on(b.engine), go_on(a.engine));
}

TEST(Engine, a_snapshot_without_a_section_is_not_taken) {
  TestMarket a;
  Sections saved = a.engine.save();
  for (std::size_t leave_out = 0; leave_out < saved.size(); ++leave_out) {
    Sections rest = saved;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(leave_out));
    TestMarket b(TestMarket::Empty{});
    EXPECT_FALSE(b.engine.load(rest)) << saved[leave_out].first;
  }
}

TEST(Engine, every_command_gets_exactly_one_reply_and_it_comes_last) {
  TestMarket m;
  const auto lot = m.ready_lot(kFarm);
  EventBuffer events(2 * model::kMaxEventBytesPerCommand);
  const auto body = m.listing(lot, 16'000);
  const auto header = m.header(trader(kFarm), model::CommandType::kPostListing);
  m.engine.apply({header,
                  m.engine.sequence() + 1,
                  m.now,
                  {reinterpret_cast<const std::uint8_t*>(&body), sizeof(body)}},
                 events);
  std::vector<model::EventType> types;
  const auto bytes = events.bytes();
  for (std::size_t at = 0; at < bytes.size();) {
    model::EventHeader event;
    std::memcpy(&event, bytes.data() + at, sizeof(event));
    EXPECT_EQ(event.size % 16, 0u);
    EXPECT_EQ(event.sequence, m.engine.sequence());
    EXPECT_EQ(event.time, m.now);
    types.push_back(event.type);
    at += event.size;
  }
  EXPECT_EQ(types.back(), model::EventType::kReplied);
  EXPECT_EQ(std::count(types.begin(), types.end(), model::EventType::kReplied), 1);
  events.set_origin(42);
  model::Replied reply;
  std::memcpy(&reply, bytes.data() + bytes.size() - sizeof(reply), sizeof(reply));
  EXPECT_EQ(reply.origin, 42u);
  EXPECT_EQ(reply.user, trader(kFarm));
}

TEST(Engine, describes_every_row_of_its_state_in_chunks) {
  TestMarket m;
  trade(m);
  std::map<model::EventType, int> seen;
  EventBuffer chunk(8192);
  int flushes = 0;
  m.engine.describe(chunk, [&] {
    ++flushes;
    const auto bytes = chunk.bytes();
    for (std::size_t at = 0; at < bytes.size();) {
      model::EventHeader event;
      std::memcpy(&event, bytes.data() + at, sizeof(event));
      ++seen[event.type];
      at += event.size;
    }
    chunk.clear();
  });
  const State& state = m.engine.state();
  EXPECT_GT(flushes, 1);
  EXPECT_EQ(seen[model::EventType::kMarketChanged], 1);
  EXPECT_EQ(seen[model::EventType::kParticipantChanged], 5);
  EXPECT_EQ(seen[model::EventType::kLotChanged], static_cast<int>(state.lots.size()) - 1);
  EXPECT_EQ(seen[model::EventType::kContractChanged], static_cast<int>(state.contracts.size()) - 1);
  EXPECT_EQ(seen[model::EventType::kAccountChanged], 5) << "roubles are empty";
}

TEST(Engine, timers_fire_in_bounded_numbers_and_none_is_lost) {
  TestMarket m;
  constexpr int kLots = 80;
  std::vector<model::LotId> lots;
  for (int i = 0; i < kLots; ++i) {
    lots.push_back(m.ready_lot(kFarm, 10));
    EXPECT_EQ(m.send(trader(kFarm), m.listing(lots.back(), 16'000)).reject, Reject::ok);
  }
  m.now += Time{3 * model::kDay};
  const auto expired = [&] {
    return std::count_if(lots.begin(), lots.end(), [&](model::LotId id) {
      return m.lot(id).state == model::LotState::kExpired;
    });
  };
  m.tick();
  EXPECT_EQ(expired(), static_cast<long>(model::kMaxTimersPerCommand));
  // A listing whose time is over takes nothing, even if its timer has not fired yet.
  EXPECT_TRUE(m.engine.timer_due(m.now));
  EXPECT_EQ(m.send(trader(kBuyer), model::Take{lots.back(), 0, 16'000, 10}).reject,
            Reject::wrong_lot_state);
  m.tick();
  m.tick();
  EXPECT_EQ(expired(), kLots);
  EXPECT_FALSE(m.engine.timer_due(m.now));
  EXPECT_EQ(m.frozen(kFarm), Fen{0});
}

TEST(Engine, nothing_is_accepted_before_the_market_is_set_up_and_it_is_set_up_once) {
  TestMarket m(TestMarket::Empty{});
  EXPECT_EQ(m.tick().reject, Reject::market_not_initialized);
  EXPECT_EQ(m.send(kAdmin, model::WithdrawLot{1, {}}).reject, Reject::market_not_initialized);
  auto terms = TestMarket::market_terms();
  terms.market_days = 0;
  EXPECT_EQ(m.send(0, terms).reject, Reject::malformed_body);
  m.init();
  EXPECT_EQ(m.send(0, TestMarket::market_terms()).reject, Reject::market_already_initialized);
}

TEST(Engine, a_body_of_the_wrong_length_an_unknown_type_or_version_is_refused) {
  TestMarket m;
  const std::vector<std::uint8_t> bytes(11);
  auto header = m.header(trader(kBuyer), model::CommandType::kPlaceBid);
  EXPECT_EQ(m.send_bytes(header, bytes).reject, Reject::malformed_body);
  header = m.header(trader(kBuyer), model::CommandType::kPlaceBid, 4);
  EXPECT_EQ(m.send_bytes(header, bytes).reject, Reject::unknown_command);
  header = m.header(trader(kBuyer), model::CommandType::kTake, 0);
  EXPECT_EQ(m.send_bytes(header, bytes).reject, Reject::unknown_command);
  for (const int type : {0, 7, 12, 29, 39, 46, 52, 65, 90, 255}) {
    header = m.header(trader(kBuyer), static_cast<model::CommandType>(type));
    EXPECT_EQ(m.send_bytes(header, bytes).reject, Reject::unknown_command) << type;
  }
}

TEST(Engine, R2_3_a_user_acts_for_its_own_participant_only) {
  TestMarket m;
  const model::PlaceBid body{1, 1};
  auto header = m.header(trader(kBuyer), model::CommandType::kPlaceBid);
  header.participant = kBuyer2;
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(&body),
                                            sizeof(body));
  EXPECT_EQ(m.send_bytes(header, bytes).reject, Reject::not_your_participant);
  EXPECT_EQ(
      m.send(kAdmin, model::RegisterUser{trader(kBuyer), kBuyer, model::kRoleTrader, 0, 0}).reject,
      Reject::ok);
  header = m.header(trader(kBuyer), model::CommandType::kPlaceBid);
  EXPECT_EQ(m.send_bytes(header, bytes).reject, Reject::user_inactive);
}

}  // namespace
}  // namespace hulan::engine
