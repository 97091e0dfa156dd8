// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/record_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>
#include <utility>
#include <vector>

#include "model/command.h"

namespace hulan::app {
namespace {

namespace json = boost::json;
using namespace model;

/// A record in bytes with a body of the given size, every byte of it `fill`.
std::vector<std::uint8_t> record_of(CommandType type, const std::vector<std::uint8_t>& body,
                                    std::uint8_t version = 1) {
  RecordHeader header{};
  header.type = type;
  header.version = version;
  header.body_length = static_cast<std::uint16_t>(body.size());
  header.participant = 5;
  header.user = 7;
  header.client_id[0] = 0xAB;
  std::vector<std::uint8_t> bytes(sizeof(header) + body.size());
  std::memcpy(bytes.data(), &header, sizeof(header));
  std::copy(body.begin(), body.end(), bytes.begin() + sizeof(header));
  return bytes;
}

template <class T>
std::vector<std::uint8_t> bytes_of(const T& value) {
  std::vector<std::uint8_t> bytes(sizeof(T));
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

journal::RecordView view_of(const std::vector<std::uint8_t>& bytes) {
  return *journal::Records(42, 1'705'309'200'000'000'000, bytes).begin();
}

std::string json_of(const std::vector<std::uint8_t>& bytes) {
  std::string out;
  append_record_json(out, view_of(bytes));
  return out;
}

std::string text_of(const std::vector<std::uint8_t>& bytes) {
  std::string out;
  append_record_text(out, view_of(bytes));
  return out;
}

/// Every type with the body it has in the log, all bytes 0.
template <class... Bodies>
std::vector<std::pair<CommandType, std::size_t>> sizes() {
  return {{Bodies::kType, sizeof(Bodies)}...};
}

const auto kSizes =
    sizes<Tick, InitMarket, RegisterUser, ApplyParticipant, SetParticipantState, RelateParticipants,
          Approve, RejectPending, RecordDeposit, RequestWithdrawal, PostManual, ReconcileBank,
          PayClaim, DefineProduct, StateReference, RegisterMark, GrantMark, RevokeGrant, CreateLot,
          AttachDocument, AttachTags, CheckDocument, WithdrawLot, PostListing, Take,
          AnnounceAuction, PlaceBid, AcceptBelowReserve, RaiseToReserve, SetProxy, Pay, Schedule,
          Load, Arrive, Weigh, AcceptWeighing, AgreeAdjustment, RefuseWeighing, CancelContract,
          OpenDispute, EndDispute, TopUp, RecordResale, RecordCover, CloseContract, FileClaim,
          AwardClaim, WithdrawClaim, GrantClaim, PlaceOrder, CancelOrder, ReduceOrder, ReplaceOrder,
          OpenBook, HaltMarket, ResumeMarket, KillParticipant, ReviveParticipant, BustTrade,
          PermitTrading, AnnounceSession, EnterClock, TakeClock, BondQuota, EnterSharedClock,
          RegisterSealKey, AnnounceSealed, PlaceSealedBid, RevealShare, RequestQuote, Quote,
          Counter, AcceptQuote, EndQuote, GiveMandate, ConfirmMandate, RevokeMandate, ActFor>();

TEST(RecordText, every_command_that_has_a_name_is_read_by_its_fields) {
  std::size_t named = 0;
  for (unsigned number = 0; number < 256; ++number) {
    const auto type = static_cast<CommandType>(number);
    if (command_name(type) == "unknown") continue;
    ++named;
    std::size_t size = SIZE_MAX;
    for (const auto& [known, bytes] : kSizes) {
      if (known == type) size = bytes;
    }
    ASSERT_NE(size, SIZE_MAX) << command_name(type) << " is missing in this test";
    const auto record = record_of(type, std::vector<std::uint8_t>(size));
    const auto value = json::parse(json_of(record));
    EXPECT_EQ(value.at("command").as_string(), std::string(command_name(type)));
    EXPECT_TRUE(value.at("body").is_object()) << command_name(type);
    EXPECT_EQ(text_of(record).find("body="), std::string::npos) << command_name(type);
  }
  EXPECT_EQ(named, kSizes.size());
}

TEST(RecordText, the_header_is_there_in_both_forms) {
  const auto record = record_of(CommandType::kPlaceBid, bytes_of(PlaceBid{12, 14'170}));
  EXPECT_EQ(json_of(record),
            R"({"sequence":42,"time":"2024-01-15T09:00:00.000Z","command":"PlaceBid","version":1,)"
            R"("user":7,"participant":5,"client_id":"ab000000000000000000000000000000",)"
            R"("body":{"lot":12,"price":14170}})");
  EXPECT_EQ(text_of(record),
            "42 2024-01-15T09:00:00.000Z PlaceBid user=7 participant=5 "
            "client_id=ab000000000000000000000000000000 lot=12 price=14170");
}

TEST(RecordText, a_bid_in_a_reverse_auction_names_its_goods) {
  const auto record =
      record_of(CommandType::kPlaceBid, bytes_of(PlaceReverseBid{12, 14'170, 9}), 2);
  EXPECT_EQ(json::parse(json_of(record)).at("body").at("goods").to_number<int>(), 9);
}

TEST(RecordText, lists_after_a_fixed_part_are_read_to_their_end) {
  auto body = bytes_of(Weigh{3, 1, 1, 2, 1});
  for (const auto& tail : {bytes_of(TruckWeights{36'120'000, 14'260'000}),
                           bytes_of(TruckWeights{30'000'000, 14'000'000}),
                           bytes_of(WeighedGroup{199, 37'860'000, 1, 0, {}})}) {
    body.insert(body.end(), tail.begin(), tail.end());
  }
  const auto value = json::parse(json_of(record_of(CommandType::kWeigh, body))).at("body");
  EXPECT_EQ(value.at("dead").to_number<int>(), 1);
  EXPECT_EQ(value.at("trucks").as_array().size(), 2u);
  EXPECT_EQ(value.at("trucks").at(1).at("tare_g").to_number<int>(), 14'000'000);
  EXPECT_EQ(value.at("groups").at(0).at("head").to_number<int>(), 199);
}

TEST(RecordText, a_list_shorter_than_it_says_is_shown_in_hexadecimal) {
  const auto record = record_of(CommandType::kWeigh, bytes_of(Weigh{3, 1, 0, 2, 0}));
  EXPECT_EQ(json::parse(json_of(record)).at("body").as_string(),
            "030000000100000000000000"
            "02000000");
  EXPECT_NE(text_of(record).find(" version=1 body=0300"), std::string::npos);
}

TEST(RecordText, an_unknown_type_is_shown_in_hexadecimal) {
  const auto record = record_of(static_cast<CommandType>(200), {0xDE, 0xAD});
  const auto value = json::parse(json_of(record));
  EXPECT_EQ(value.at("command").as_string(), "unknown");
  EXPECT_EQ(value.at("body").as_string(), "dead");
}

TEST(RecordText, a_short_reference_is_shown_as_its_text_and_a_hash_as_digits) {
  RecordDeposit deposit{};
  deposit.id = 1;
  deposit.amount_fen = 2'000'000;
  std::memcpy(deposit.bank_reference.data(), "20240115-0031", 13);
  auto value = json::parse(json_of(record_of(CommandType::kRecordDeposit, bytes_of(deposit))));
  EXPECT_EQ(value.at("body").at("bank_reference").as_string(), "20240115-0031");
  EXPECT_EQ(value.at("body").at("currency").as_string(), "CNY");
  deposit.bank_reference.fill(0xFF);
  value = json::parse(json_of(record_of(CommandType::kRecordDeposit, bytes_of(deposit))));
  EXPECT_EQ(value.at("body").at("bank_reference").as_string(), std::string(64, 'f'));
}

TEST(RecordText, bytes_that_are_no_text_still_give_valid_json) {
  Load load{};
  load.vehicle.fill('\xFF');
  std::memcpy(load.certificate_number.data(), "A\"\n\\B", 5);
  const auto value = json::parse(json_of(record_of(CommandType::kLoad, bytes_of(load))));
  EXPECT_EQ(value.at("body").at("certificate_number").as_string(), "A\"\n\\B");
}

}  // namespace
}  // namespace hulan::app
