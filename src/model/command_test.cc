// SPDX-License-Identifier: Apache-2.0
#include "model/command.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>

namespace hulan::model {
namespace {

struct Form {
  int number;
  std::size_t bytes;
};

template <class Body>
void add(std::map<std::string, Form>& forms) {
  forms[std::string(command_name(Body::kType))] = {static_cast<int>(Body::kType), sizeof(Body)};
}

std::map<std::string, Form> forms_in_code() {
  std::map<std::string, Form> forms;
  const auto add_all = [&]<class... Bodies>(std::tuple<Bodies...>*) { (add<Bodies>(forms), ...); };
  add_all(
      static_cast<std::tuple<
          Tick, InitMarket, RegisterUser, ApplyParticipant, SetParticipantState, RelateParticipants,
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
          Counter, AcceptQuote, EndQuote, GiveMandate, ConfirmMandate, RevokeMandate, ActFor>*>(
          nullptr));
  return forms;
}

TEST(Command, the_format_page_states_every_type_its_number_and_its_length) {
  std::ifstream page("docs/formats/command.md");
  ASSERT_TRUE(page) << "run from the repository's root";
  std::map<std::string, Form> stated;
  const std::regex heading("### (\\d+) (\\w+): (\\d+) bytes");
  for (std::string line; std::getline(page, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, heading)) continue;
    stated[match[2]] = {std::stoi(match[1]), std::stoul(match[3])};
  }
  const auto forms = forms_in_code();
  EXPECT_EQ(stated.size(), forms.size());
  for (const auto& [name, form] : forms) {
    ASSERT_TRUE(stated.contains(name)) << name;
    EXPECT_EQ(stated[name].number, form.number) << name;
    EXPECT_EQ(stated[name].bytes, form.bytes) << name;
  }
}

TEST(Command, a_body_shorter_than_its_form_is_not_read) {
  const std::uint8_t bytes[12] = {1, 0, 0, 0, 0x80, 0x3e};
  PlaceBid bid;
  EXPECT_FALSE(read_body({bytes, 11}, bid));
  ASSERT_TRUE(read_body({bytes, 12}, bid));
  EXPECT_EQ(bid.lot, 1u);
  const std::int64_t price = bid.price;
  EXPECT_EQ(price, 16'000);
}

TEST(Command, every_body_fits_its_record) {
  for (const auto& [name, form] : forms_in_code()) EXPECT_LE(form.bytes, kMaxBodyBytes) << name;
  EXPECT_EQ(command_name(static_cast<CommandType>(99)), "unknown");
}

}  // namespace
}  // namespace hulan::model
