// SPDX-License-Identifier: Apache-2.0
#include "model/command.h"

namespace hulan::model {

std::string_view command_name(CommandType type) {
  // clang-format off
  switch (type) {
#define NAME(x) case CommandType::k##x: return #x;
    NAME(Tick)
    NAME(InitMarket)
    NAME(RegisterUser)
    NAME(ApplyParticipant)
    NAME(SetParticipantState)
    NAME(RelateParticipants)
    NAME(Approve)
    NAME(Reject)
    NAME(RecordDeposit)
    NAME(RequestWithdrawal)
    NAME(PostManual)
    NAME(ReconcileBank)
    NAME(PayClaim)
    NAME(DefineProduct)
    NAME(StateReference)
    NAME(RegisterMark)
    NAME(GrantMark)
    NAME(RevokeGrant)
    NAME(CreateLot)
    NAME(AttachDocument)
    NAME(AttachTags)
    NAME(CheckDocument)
    NAME(WithdrawLot)
    NAME(PostListing)
    NAME(Take)
    NAME(AnnounceAuction)
    NAME(PlaceBid)
    NAME(AcceptBelowReserve)
    NAME(RaiseToReserve)
    NAME(SetProxy)
    NAME(Pay)
    NAME(Schedule)
    NAME(Load)
    NAME(Arrive)
    NAME(Weigh)
    NAME(AcceptWeighing)
    NAME(AgreeAdjustment)
    NAME(RefuseWeighing)
    NAME(CancelContract)
    NAME(OpenDispute)
    NAME(EndDispute)
    NAME(TopUp)
    NAME(RecordResale)
    NAME(RecordCover)
    NAME(CloseContract)
    NAME(PlaceOrder)
    NAME(CancelOrder)
    NAME(ReduceOrder)
    NAME(ReplaceOrder)
    NAME(OpenBook)
    NAME(HaltMarket)
    NAME(ResumeMarket)
    NAME(KillParticipant)
    NAME(ReviveParticipant)
    NAME(BustTrade)
    NAME(PermitTrading)
    NAME(AnnounceSession)
    NAME(EnterClock)
    NAME(TakeClock)
    NAME(BondQuota)
    NAME(RequestQuote)
    NAME(Quote)
    NAME(Counter)
    NAME(AcceptQuote)
    NAME(EndQuote)
#undef NAME
  }
  // clang-format on
  return "unknown";
}

}  // namespace hulan::model
