// SPDX-License-Identifier: Apache-2.0
// The stream over real sockets.
#include "gateways/testing.h"

namespace hulan::gateways {
namespace {

using namespace testing;  // NOLINT: the fixture's words

class Stream : public DoorsTest {
 protected:
  explicit Stream(Options options = {}) : DoorsTest(options) {}
  std::string token_op(model::UserId user) {
    return R"({"op":"token","token":")" + tokens_[user] + "\"}";
  }
  static model::BidAccepted bid(std::int64_t price, model::ParticipantId bidder,
                                model::ParticipantId outbid, std::uint32_t bids) {
    model::BidAccepted event{};
    event.price = {price};
    event.close_at = kNow + model::kHour;
    event.lot = kAuction;
    event.bidder = bidder;
    event.outbid = outbid;
    event.bids = bids;
    return event;
  }
};

TEST_F(Stream, answers_a_bid_with_what_the_market_said) {
  start();
  sink_.react = [](const Submitted&, Events&, model::Replied& reply) {
    reply.frozen = {1'792'505};
    reply.salt.fill(0x5a);
    reply.leaf.fill(0x1f);
  };
  StreamClient client(server_->port(), "?token=" + tokens_[kBuyer]);
  ASSERT_EQ(client.upgrade.status, 101);
  client.send(R"({"op":"bid","ref":1700000000123,"lot":1,"price":"14.170"})");
  const auto reply = client.next("reply");
  EXPECT_EQ(reply.at("ref").as_int64(), 1700000000123);
  EXPECT_TRUE(reply.at("ok").as_bool());
  EXPECT_EQ(reply.at("sequence").as_int64(), 101);
  EXPECT_EQ(reply.at("frozen").as_string(), "17925.05");
  EXPECT_EQ(reply.at("salt").as_string(), "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
  EXPECT_EQ(reply.at("leaf").as_string(),
            "1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f");
  EXPECT_EQ(reply.at("time").as_string(), "2024-01-15T09:00:00.000Z");
  EXPECT_EQ(+sink_.last().as<model::PlaceBid>().price, 14'170);
  EXPECT_EQ(sink_.last().header.participant, kSlaughterhouse);
}

TEST_F(Stream, a_frame_of_many_is_answered_in_one_frame) {
  start();
  StreamClient client(server_->port());
  std::string frame = "[" + token_op(kBuyer);
  for (int ref = 1; ref <= 32; ++ref) {
    frame += R"(,{"op":"bid","ref":)" + std::to_string(ref) + R"(,"lot":1,"price":"14.170"})";
  }
  client.send(frame + "]");
  const auto answers = client.next();
  ASSERT_EQ(answers.size(), 32);
  for (int ref = 1; ref <= 32; ++ref) {
    EXPECT_EQ(answers[static_cast<std::size_t>(ref - 1)].at("ref").as_int64(), ref);
  }
  const auto seen = sink_.seen();
  EXPECT_EQ(seen.size(), 32);
  EXPECT_NE(seen[0].header.client_id, seen[1].header.client_id);
}

TEST_F(Stream, every_object_of_a_frame_counts_towards_the_message_rate) {
  options_.messages_per_second = 8;
  start();
  StreamClient client(server_->port(), "?token=" + tokens_[kBuyer]);
  std::string frame;
  for (int ref = 1; ref <= 20; ++ref) {
    frame += (ref == 1 ? "[" : ",");
    frame += R"({"op":"post","ref":)" + std::to_string(ref) + R"(,"path":"/v1/nowhere"})";
  }
  client.send(frame + "]");
  const auto answers = client.next();
  ASSERT_EQ(answers.size(), 20);
  for (std::size_t at = 0; at < 20; ++at) {
    EXPECT_EQ(answers[at].at("ref").as_int64(), static_cast<std::int64_t>(at + 1));
    EXPECT_EQ(answers[at].at("problem").at("code").as_string(),
              at < 8 ? "not_found" : "rate_limited");
  }
}

TEST_F(Stream, takes_and_reverse_bids_and_client_ids_reach_the_market_whole) {
  start();
  StreamClient client(server_->port(), "?token=" + tokens_[kBuyer]);
  client.send(R"({"op":"take","ref":1,"lot":3,"price":"14","quantity":"200","goods":2,)"
              R"("client_id":"018d0c1f2a00aabbccddeeff00112233"})");
  EXPECT_TRUE(client.next("reply").at("ok").as_bool());
  const auto take = sink_.last().as<model::Take>();
  EXPECT_EQ(take.lot, kListing);
  EXPECT_EQ(take.goods, 2);
  EXPECT_EQ(take.price, 14'000);
  EXPECT_EQ(take.quantity, 200);
  EXPECT_EQ(sink_.last().header.client_id[0], 0x01);
  EXPECT_EQ(sink_.last().header.client_id[15], 0x33);
  client.send(R"({"op":"bid","ref":2,"lot":1,"price":"14","goods":2})");
  EXPECT_TRUE(client.next("reply").at("ok").as_bool());
  EXPECT_EQ(sink_.last().header.version, 2);
  EXPECT_EQ(sink_.last().as<model::PlaceReverseBid>().goods, 2);
}

TEST_F(Stream, says_what_is_wrong_and_goes_on) {
  start();
  StreamClient client(server_->port());
  const auto code = [&](const std::string& frame) {
    client.send(frame);
    const auto items = client.next();
    if (items.empty()) return std::string("nothing");
    const auto& problem = items[0].at("problem").as_object();
    return std::string(problem.at("code").as_string());
  };
  EXPECT_EQ(code(R"({"op":"bid","ref":1,"lot":1,"price":"14.17"})"), "unauthorized");
  EXPECT_EQ(code(R"({"op":"token","token":"hl_nobody"})"), "unauthorized");
  client.send(token_op(kBuyer));
  EXPECT_EQ(code("not JSON"), "bad_json");
  EXPECT_EQ(code(R"({"op":"dance"})"), "invalid_value");
  EXPECT_EQ(code(R"({"ref":1})"), "missing_field");
  EXPECT_EQ(code("[1]"), "wrong_type");
  EXPECT_EQ(code(R"({"op":"bid","ref":1,"lot":1})"), "missing_field");
  EXPECT_EQ(code(R"({"op":"bid","ref":1,"lot":1,"price":"14.17","x":1})"), "unknown_field");
  EXPECT_EQ(code(R"({"op":"bid","ref":1,"lot":1,"price":"14.1777"})"), "too_many_decimals");
  EXPECT_EQ(code(R"({"op":"bid","ref":1,"lot":1,"price":"-1"})"), "negative");
  EXPECT_EQ(code(R"({"op":"bid","ref":1,"lot":99,"price":"14.17"})"), "unknown_lot");
  EXPECT_EQ(code(R"({"op":"bid","ref":-1,"lot":1,"price":"14.17"})"), "wrong_type");
  EXPECT_EQ(code(R"({"op":"subscribe","channel":"weather"})"), "invalid_value");
  EXPECT_EQ(code(R"({"op":"subscribe","channel":"lot:99"})"), "not_found");
  EXPECT_EQ(code(R"({"op":"subscribe","channel":"lot:2"})"), "not_found") << "another's draft";
  EXPECT_EQ(code(R"({"op":"subscribe","channel":"account:1"})"), "forbidden");
  EXPECT_EQ(code(R"({"op":"subscribe","channel":"contracts:1"})"), "forbidden");
  sink_.full = true;
  EXPECT_EQ(code(R"({"op":"bid","ref":1,"lot":1,"price":"14.17"})"), "busy");
  EXPECT_TRUE(sink_.seen().empty());
  client.send(R"({"op":"ping"})");
  EXPECT_EQ(client.next("pong").at("time").as_string(), "2024-01-15T09:00:00.000Z");
}

TEST_F(Stream, a_lots_channel_gives_a_snapshot_then_events_in_order_and_resumes) {
  start();
  StreamClient client(server_->port(), "?token=" + tokens_[kBuyer]);
  client.send(R"({"op":"subscribe","channel":"lot:1"})");
  const auto snapshot = client.next("snapshot");
  EXPECT_EQ(snapshot.at("data").at("id").as_int64(), 1);
  EXPECT_EQ(snapshot.at("data").at("mine").as_bool(), false);
  const std::int64_t before = snapshot.at("number").as_int64();
  deliver(Events(50, kNow).add(bid(14'000, kSlaughterhouse, 0, 1)));
  deliver(Events(51, kNow).add(bid(14'100, kFarm, kSlaughterhouse, 2)));
  const auto first = client.next("event");
  EXPECT_EQ(first.at("number").as_int64(), 50 * 4096);
  EXPECT_GT(first.at("number").as_int64(), before);
  EXPECT_EQ(first.at("type").as_string(), "bid");
  EXPECT_EQ(first.at("data").at("price").as_string(), "14.000");
  EXPECT_EQ(first.at("data").at("bidder").as_string(), "A");
  EXPECT_TRUE(first.at("data").at("leading").as_bool());
  const auto second = client.next("event");
  EXPECT_EQ(second.at("data").at("bidder").as_string(), "B");
  EXPECT_FALSE(second.at("data").at("leading").as_bool());
  EXPECT_TRUE(second.at("data").at("outbid").as_bool());

  StreamClient again(server_->port());
  again.send(R"({"op":"subscribe","channel":"lot:1","after":)" +
             std::to_string(first.at("number").as_int64()) + "}");
  const auto missed = again.next("event");
  EXPECT_EQ(missed.at("number"), second.at("number"));
  EXPECT_FALSE(missed.at("data").at("outbid").as_bool()) << "a stranger's eyes";
  again.send(R"([{"op":"unsubscribe","channel":"lot:1"},)"
             R"({"op":"subscribe","channel":"lot:1","after":5}])");
  EXPECT_EQ(again.next().at(0).at("op").as_string(), "snapshot") << "5 is long gone";
}

TEST_F(Stream, the_market_channel_tells_of_lots_but_not_of_drafts) {
  start();
  StreamClient client(server_->port());
  client.send(R"({"op":"subscribe","channel":"market"})");
  EXPECT_EQ(client.next("snapshot").at("data").at("lots").as_array().size(), 2);
  Events events(50, kNow);
  events.row<model::LotChanged>(4, lot_row(4, model::Method::kNone, model::LotState::kDraft))
      .row<model::LotChanged>(5, lot_row(5, model::Method::kListing, model::LotState::kListed));
  deliver(events);
  while (true) {
    const auto event = client.next("event");
    ASSERT_FALSE(event.empty());
    if (event.at("type").as_string() == "tick") continue;
    EXPECT_EQ(event.at("type").as_string(), "lot");
    EXPECT_EQ(event.at("data").at("id").as_int64(), 5);
    EXPECT_EQ(event.at("number").as_int64(), 50 * 4096 + 2049);
    break;
  }
}

TEST_F(Stream, money_and_contracts_are_told_to_their_owner_only) {
  start();
  StreamClient client(server_->port(), "?token=" + tokens_[kBuyer]);
  client.send(R"([{"op":"subscribe","channel":"account:2"},)"
              R"({"op":"subscribe","channel":"contracts:2"}])");
  EXPECT_EQ(client.next("snapshot").at("data").at("accounts").at(0).at("available").as_string(),
            "1000000.00");
  EXPECT_EQ(client.next("snapshot").at("data").at("items").as_array().size(), 1);
  model::Posted posted{};
  posted.participant = kSlaughterhouse;
  posted.delta = {model::Fen{-100}, model::Fen{100}};
  posted.reason = model::PostingReason::kBondFrozen;
  model::ContractRow contract{};
  on_network([&] { contract = *view_->contract(kContract); });
  contract.state = model::ContractState::kPaid;
  Events events(60, kNow);
  events.add(posted).row<model::ContractChanged>(kContract, contract);
  deliver(events);
  const auto money = client.next("event");
  EXPECT_EQ(money.at("type").as_string(), "account");
  EXPECT_EQ(money.at("data").at("available").as_string(), "999999.00");
  EXPECT_EQ(money.at("data").at("line").at("delta").at("performance_bond").as_string(), "1.00");
  const auto paid = client.next("event");
  EXPECT_EQ(paid.at("type").as_string(), "contract");
  EXPECT_EQ(paid.at("data").at("state").as_string(), "paid");
  EXPECT_EQ(paid.at("data").at("my_side").as_string(), "buyer");
  // Another person on the same line hears no more of it.
  client.send("[" + token_op(kFarmer) + R"(,{"op":"ping"}])");
  (void)client.next("pong");
  posted.delta = {model::Fen{-1}, model::Fen{1}};
  deliver(Events(61, kNow).add(posted));
  client.send(R"({"op":"ping"})");
  EXPECT_EQ(client.next().at(0).at("op").as_string(), "pong");
}

TEST_F(Stream, a_token_that_is_revoked_loses_its_rights_on_an_open_stream) {
  start();
  StreamClient client(server_->port(), "?token=" + tokens_[kBuyer]);
  client.send(R"({"op":"ping"})");
  (void)client.next("pong");
  on_network([&] { EXPECT_TRUE(identity_->revoke_token(tokens_[kBuyer]).has_value()); });
  client.send(R"({"op":"bid","ref":1,"lot":1,"price":"14.17"})");
  EXPECT_FALSE(client.next("token").at("ok").as_bool());
  EXPECT_EQ(client.next("reply").at("problem").at("code").as_string(), "unauthorized");
  EXPECT_TRUE(sink_.seen().empty());
}

TEST_F(Stream, an_answer_for_someone_who_has_gone_reaches_nobody_else) {
  start();
  sink_.silent = true;
  {
    StreamClient gone(server_->port(), "?token=" + tokens_[kBuyer]);
    gone.send(R"({"op":"bid","ref":1,"lot":1,"price":"14.17"})");
    while (sink_.seen().empty()) std::this_thread::yield();
  }
  const std::uint64_t origin = sink_.last().origin;
  while (get("/v1/market").status != 200) {
  }
  StreamClient next(server_->port());
  model::Replied reply{};
  reply.origin = origin;
  deliver(Events(70, kNow).add(reply));
  next.send(R"({"op":"ping"})");
  EXPECT_EQ(next.next().at(0).at("op").as_string(), "pong");
}

TEST_F(Stream, is_told_to_go_away_when_the_server_stops) {
  start();
  StreamClient client(server_->port());
  client.send(R"({"op":"ping"})");
  (void)client.next("pong");
  server_->stop();
  EXPECT_EQ(client.next().at(0).at("close").as_int64(), 1001);
  thread_.join();
}

TEST_F(Stream, takes_no_binary_and_no_oversized_frames) {
  start();
  StreamClient client(server_->port());
  client.send(std::string(65'000, ' '));
  EXPECT_EQ(client.next("problem").at("problem").at("code").as_string(), "bad_json");
}

// The operator may hear every participant's contracts.
TEST_F(Stream, takes_256_subscriptions_and_refuses_one_more_by_name) {
  start();
  StreamClient client(server_->port(), "?token=" + tokens_[kOperator]);
  const auto subscribe = [&](std::size_t number) {
    client.send(R"({"op":"subscribe","channel":"contracts:)" + std::to_string(number) + "\"}");
    const auto items = client.next();
    return items.empty() ? boost::json::object{} : items[0];
  };
  for (std::size_t at = 1; at <= Session::kMostSubscriptions; ++at) {
    ASSERT_EQ(subscribe(at).at("op").as_string(), "snapshot") << at;
  }
  const auto refused = subscribe(Session::kMostSubscriptions + 1);
  EXPECT_EQ(refused.at("problem").at("code").as_string(), "too_many_subscriptions");
  EXPECT_EQ(subscribe(1).at("op").as_string(), "snapshot") << "one that it has, again";
}

TEST_F(Stream, every_limit_of_streams_and_requests_is_told) {
  start();
  sink_.silent = true;
  StreamClient client(server_->port(), "?token=" + tokens_[kBuyer]);
  client.send(R"({"op":"subscribe","channel":"market"})");
  ASSERT_FALSE(client.next("snapshot").empty());
  std::string frame = "[";
  for (int ref = 1; ref <= 7; ++ref) {
    frame += (ref == 1 ? "" : ",");
    frame += R"({"op":"bid","ref":)" + std::to_string(ref) + R"(,"lot":1,"price":"14.170"})";
  }
  client.send(frame + "]");
  client.send(R"({"op":"ping"})");
  ASSERT_FALSE(client.next("pong").empty());
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>, std::less<>> limits;
  on_network([&] {
    server_->for_each_limit([&](std::string_view name, std::uint64_t used, std::uint64_t end) {
      limits[std::string(name)] = {used, end};
    });
  });
  using Limit = std::pair<std::uint64_t, std::uint64_t>;
  EXPECT_EQ(limits.at("connections"), Limit(1, options_.max_connections));
  EXPECT_EQ(limits.at("streams"), Limit(1, 65536));
  EXPECT_EQ(limits.at("stream_subscriptions"), Limit(1, 256));
  EXPECT_EQ(limits.at("stream_commands_in_flight"), Limit(7, 65536));
  EXPECT_EQ(limits.at("message_bytes"), Limit(frame.size() + 1, options_.max_body_bytes));
  EXPECT_EQ(limits.at("stream_messages_per_second").second, options_.messages_per_second);
  EXPECT_GE(limits.at("stream_messages_per_second").first, 1U);
  EXPECT_EQ(limits.at("stream_unsent_bytes").second, options_.max_unsent_bytes);
  EXPECT_EQ(limits.size(), 7U);
}

class SlowStream : public Stream {
 protected:
  static Options narrow() {
    Options options;
    options.slow_reader_bytes = 64 * 1024;
    options.max_unsent_bytes = 1 << 20;
    return options;
  }
  SlowStream() : Stream(narrow()) {}
};

TEST_F(SlowStream, misses_public_events_and_gets_a_snapshot_when_it_has_caught_up) {
  start();
  StreamClient client(server_->port());
  client.send(R"({"op":"subscribe","channel":"lot:1"})");
  const auto number = client.next("snapshot").at("number").as_int64();
  constexpr std::uint32_t kBids = 60'000;  // more than the sockets' buffers hold
  for (std::uint32_t at = 0; at < kBids; at += 1000) {
    Events run(1000 + at, kNow);
    for (std::uint32_t more = 0; more < 1000; ++more) {
      run.at(1000 + at + more, kNow).add(bid(14'000 + at + more, kFarm, 0, at + more + 1));
    }
    deliver(run);
  }
  std::int64_t last = number;
  std::uint32_t heard = 0;
  while (true) {
    const auto frame = client.next();
    ASSERT_FALSE(frame.empty());
    bool caught_up = false;
    for (const auto& item : frame) {
      ASSERT_GT(item.at("number").as_int64(), last) << "in order, nothing twice";
      last = item.at("number").as_int64();
      if (item.at("op").as_string() == "snapshot") {
        // Each time the sockets drain there is one; the last has everything.
        caught_up = item.at("data").at("bids").as_int64() == kBids;
      } else {
        ++heard;
      }
    }
    if (caught_up) break;
  }
  EXPECT_LT(heard, kBids) << "the reader was slow";
}

TEST_F(SlowStream, is_closed_when_even_its_own_answers_pile_up) {
  start();
  sink_.silent = true;
  StreamClient client(server_->port(), "?token=" + tokens_[kBuyer]);
  client.send(R"({"op":"bid","ref":1,"lot":1,"price":"14.17"})");
  client.send(R"({"op":"subscribe","channel":"account:2"})");
  (void)client.next("snapshot");
  model::Posted posted{};
  posted.participant = kSlaughterhouse;
  posted.delta = {model::Fen{-1}, model::Fen{1}};
  posted.reason = model::PostingReason::kBondFrozen;
  for (model::Sequence sequence = 1000; sequence < 61'000; sequence += 1000) {
    Events run(sequence, kNow);
    for (model::Sequence more = 0; more < 1000; ++more) run.at(sequence + more, kNow).add(posted);
    deliver(run);
  }
  json::array frame;
  do {
    frame = client.next();
    ASSERT_FALSE(frame.empty());
  } while (!frame[0].as_object().contains("close"));
  EXPECT_EQ(frame[0].at("close").as_int64(), 1008);
}

}  // namespace
}  // namespace hulan::gateways
