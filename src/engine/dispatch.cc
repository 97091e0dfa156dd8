// SPDX-License-Identifier: Apache-2.0
#include "engine/dispatch.h"

#include "engine/approval.h"
#include "engine/auction/ascending.h"
#include "engine/auction/clock.h"
#include "engine/auction/divisible.h"
#include "engine/auction/negotiation.h"
#include "engine/auction/proxy.h"
#include "engine/auction/sealed.h"
#include "engine/auction/session.h"
#include "engine/auction/shared_clock.h"
#include "engine/auction/strike.h"
#include "engine/auction/withdrawal.h"
#include "engine/book/book_session.h"
#include "engine/book/orders.h"
#include "engine/contract/contract.h"
#include "engine/control/bust.h"
#include "engine/control/halt.h"
#include "engine/control/kill.h"
#include "engine/listing/listing.h"
#include "engine/lot/lots.h"
#include "engine/lot/tags.h"
#include "engine/market/access.h"
#include "engine/market/cash.h"
#include "engine/market/halts.h"
#include "engine/market/mandates.h"
#include "engine/market/marks.h"
#include "engine/market/members.h"
#include "engine/market/pre_trade.h"
#include "engine/market/products.h"
#include "engine/market/references.h"

namespace hulan::engine {
namespace {

using model::CommandType;
using model::Reject;
using Bytes = std::span<const std::uint8_t>;

Reject check_user(const Context& context) {
  const auto& who = context.who;
  if (context.state.market[1].initialized == 0) return Reject::market_not_initialized;
  if (who.type == CommandType::kTick) return who.user == 0 ? Reject::ok : Reject::wrong_role;
  if (!context.state.users.has(who.user) || context.state.users[who.user].exists == 0) {
    return Reject::unknown_user;
  }
  const auto& user = context.state.users[who.user];
  if (user.active == 0) return Reject::user_inactive;
  return user.participant == who.participant ? Reject::ok : Reject::not_your_participant;
}

Outcome bid(Context& context, Bytes body) {
  if (context.who.version == model::PlaceQuantityBid::kVersion) {
    return handle<model::PlaceQuantityBid>(context, body, place_quantity_bid);
  }
  if (context.who.version == model::PlaceReverseBid::kVersion) {
    return handle<model::PlaceReverseBid>(context, body, [](Context& c, const auto& b) {
      return place_bid(c, b.lot, model::Price{b.price}, b.goods);
    });
  }
  return handle<model::PlaceBid>(context, body, [](Context& c, const auto& b) {
    return place_bid(c, b.lot, model::Price{b.price}, 0);
  });
}

Outcome dispatch_market(Context& context, Bytes body) {
  switch (context.who.type) {
    case CommandType::kTick:
      return handle<model::Tick>(context, body, [](Context&, const auto&) { return Outcome{}; });
    case CommandType::kInitMarket:
      return handle<model::InitMarket>(context, body, init_market);
    case CommandType::kRegisterUser:
      return handle<model::RegisterUser>(context, body, register_user);
    case CommandType::kApplyParticipant:
      return handle<model::ApplyParticipant>(context, body, apply_participant);
    case CommandType::kSetParticipantState:
      return handle<model::SetParticipantState>(context, body, set_participant_state);
    case CommandType::kRelateParticipants:
      return handle<model::RelateParticipants>(context, body, relate_participants);
    case CommandType::kApprove:
      return handle<model::Approve>(context, body, approve);
    case CommandType::kReject:
      return handle<model::RejectPending>(context, body, reject_pending);
    case CommandType::kDefineProduct:
      return context.who.version == model::DefineProductTerms::kVersion
                 ? handle<model::DefineProductTerms>(context, body, define_product_terms)
                 : handle<model::DefineProduct>(context, body, define_product);
    case CommandType::kStateReference:
      return handle<model::StateReference>(context, body, state_reference);
    case CommandType::kRegisterMark:
      return handle<model::RegisterMark>(context, body, register_mark);
    case CommandType::kGrantMark:
      return handle<model::GrantMark>(context, body, grant_mark);
    case CommandType::kRevokeGrant:
      return handle<model::RevokeGrant>(context, body, revoke_grant);
    default:
      return {Reject::unknown_command};
  }
}

Outcome dispatch_money(Context& context, Bytes body) {
  switch (context.who.type) {
    case CommandType::kRecordDeposit:
      return handle<model::RecordDeposit>(context, body, record_deposit);
    case CommandType::kRequestWithdrawal:
      return handle<model::RequestWithdrawal>(context, body, request_withdrawal);
    case CommandType::kPostManual:
      return handle<model::PostManual>(context, body, post_manual);
    case CommandType::kReconcileBank:
      return handle<model::ReconcileBank>(context, body, reconcile_bank);
    case CommandType::kPayClaim:
      return contract::apply(context, context.who.type, body);
    default:
      return {Reject::unknown_command};
  }
}

Outcome dispatch_book(Context& context, Bytes body) {
  switch (context.who.type) {
    case CommandType::kPlaceOrder:
      return context.who.version == model::PlaceOrderTerms::kVersion
                 ? handle<model::PlaceOrderTerms>(context, body, book::place_order_terms)
                 : handle<model::PlaceOrder>(context, body, book::place_order);
    case CommandType::kCancelOrder:
      return handle<model::CancelOrder>(context, body, book::cancel_order);
    case CommandType::kReduceOrder:
      return handle<model::ReduceOrder>(context, body, book::reduce_order);
    case CommandType::kReplaceOrder:
      return handle<model::ReplaceOrder>(context, body, book::replace_order);
    case CommandType::kOpenBook:
      return handle<model::OpenBook>(context, body, book::open_book);
    default:
      return {Reject::unknown_command};
  }
}

Outcome dispatch_control(Context& context, Bytes body) {
  switch (context.who.type) {
    case CommandType::kHaltMarket:
      return handle<model::HaltMarket>(context, body, halt_market);
    case CommandType::kResumeMarket:
      return handle<model::ResumeMarket>(context, body, resume_market);
    case CommandType::kKillParticipant:
      return handle<model::KillParticipant>(context, body, kill_participant);
    case CommandType::kReviveParticipant:
      return handle<model::ReviveParticipant>(context, body, revive_participant);
    case CommandType::kBustTrade:
      return handle<model::BustTrade>(context, body, bust_trade);
    case CommandType::kPermitTrading:
      return handle<model::PermitTrading>(context, body, permit_trading);
    default:
      return {Reject::unknown_command};
  }
}

Outcome dispatch_negotiation(Context& context, Bytes body) {
  switch (context.who.type) {
    case CommandType::kRequestQuote:
      return handle<model::RequestQuote>(context, body, request_quote);
    case CommandType::kQuote:
      return handle<model::Quote>(context, body, make_quote);
    case CommandType::kCounter:
      return handle<model::Counter>(context, body, counter_quote);
    case CommandType::kAcceptQuote:
      return handle<model::AcceptQuote>(context, body, accept_quote);
    case CommandType::kEndQuote:
      return handle<model::EndQuote>(context, body, end_quote);
    default:
      return {Reject::unknown_command};
  }
}

Outcome dispatch_trade(Context& context, Bytes body) {
  switch (context.who.type) {
    case CommandType::kCreateLot:
      return handle<model::CreateLot>(context, body, create_lot);
    case CommandType::kAttachDocument:
      return handle<model::AttachDocument>(context, body, attach_document);
    case CommandType::kAttachTags:
      return attach_tags(context, body);
    case CommandType::kCheckDocument:
      return handle<model::CheckDocument>(context, body, check_document);
    case CommandType::kWithdrawLot:
      return handle<model::WithdrawLot>(context, body, withdraw_lot);
    case CommandType::kPostListing:
      return handle<model::PostListing>(context, body, post_listing);
    case CommandType::kTake:
      return handle<model::Take>(context, body, take);
    case CommandType::kAnnounceAuction:
      return context.who.version == model::AnnounceDivisible::kVersion
                 ? handle<model::AnnounceDivisible>(context, body, announce_divisible)
                 : handle<model::AnnounceAuction>(context, body, announce_auction);
    case CommandType::kPlaceBid:
      return bid(context, body);
    case CommandType::kAcceptBelowReserve:
      return handle<model::AcceptBelowReserve>(context, body, accept_below_reserve);
    case CommandType::kRaiseToReserve:
      return handle<model::RaiseToReserve>(context, body, raise_to_reserve);
    case CommandType::kAnnounceSession:
      return handle<model::AnnounceSession>(context, body, announce_session);
    case CommandType::kEnterClock:
      return handle<model::EnterClock>(context, body, enter_clock);
    case CommandType::kTakeClock:
      return handle<model::TakeClock>(context, body, take_clock);
    case CommandType::kBondQuota:
      return handle<model::BondQuota>(context, body, bond_quota);
    case CommandType::kEnterSharedClock:
      return handle<model::EnterSharedClock>(context, body, enter_shared_clock);
    case CommandType::kRegisterSealKey:
      return handle<model::RegisterSealKey>(context, body, register_seal_key);
    case CommandType::kAnnounceSealed:
      return handle<model::AnnounceSealed>(context, body, announce_sealed);
    case CommandType::kPlaceSealedBid:
      return handle<model::PlaceSealedBid>(context, body, place_sealed_bid);
    case CommandType::kRevealShare:
      return handle<model::RevealShare>(context, body, reveal_share);
    case CommandType::kSetProxy:
      return handle<model::SetProxy>(context, body, set_proxy);
    default:
      return {Reject::unknown_command};
  }
}

bool version_known(const model::RecordHeader& header);

Outcome dispatch_act(Context& context, Bytes inner) {
  const CommandType type = context.who.type;
  if (model::names_order(type)) return dispatch_book(context, inner);
  if (model::is_step_of_agent(type)) return contract::apply(context, type, inner);
  return type >= CommandType::kRequestQuote ? dispatch_negotiation(context, inner)
                                            : dispatch_trade(context, inner);
}

/// R2.5: the inner command, as if a user of the principal had sent it.
Outcome act_for(Context& context, Bytes bytes) {
  model::ActFor body{};
  if (!model::read_body(bytes, body) || body.reserved != 0) return {Reject::malformed_body};
  const Bytes inner = bytes.subspan(sizeof(body));
  Act act;
  if (const Reject r = check_act(context, body, inner, act); r != Reject::ok) return {r};
  const model::RecordHeader who = context.who;
  const Bytes whole = context.body;
  context.who.participant = context.state.mandates[body.mandate].principal;
  context.who.type = body.type;
  context.who.version = body.version;
  context.body = inner;
  const bool known = version_known(context.who);
  const Outcome out = known ? dispatch_act(context, inner) : Outcome{Reject::unknown_command};
  context.who = who;
  context.body = whole;
  if (out.reject == Reject::ok) record_act(context, body.mandate, act, out);
  return out;
}

Outcome dispatch_mandates(Context& context, Bytes body) {
  switch (context.who.type) {
    case CommandType::kGiveMandate:
      return handle<model::GiveMandate>(context, body, give_mandate);
    case CommandType::kConfirmMandate:
      return handle<model::ConfirmMandate>(context, body, confirm_mandate);
    case CommandType::kRevokeMandate:
      return handle<model::RevokeMandate>(context, body, revoke_mandate);
    case CommandType::kActFor:
      return act_for(context, body);
    default:
      return {Reject::unknown_command};
  }
}

bool version_known(const model::RecordHeader& header) {
  const auto newest = [&]() -> std::uint8_t {
    switch (header.type) {
      case CommandType::kPlaceBid:
        return model::PlaceQuantityBid::kVersion;
      case CommandType::kAnnounceAuction:
        return model::AnnounceDivisible::kVersion;
      case CommandType::kDefineProduct:
        return model::DefineProductTerms::kVersion;
      case CommandType::kPlaceOrder:
        return model::PlaceOrderTerms::kVersion;
      default:
        return 1;
    }
  }();
  return header.version >= 1 && header.version <= newest;
}

}  // namespace

Outcome dispatch(Context& context, Bytes body) {
  const CommandType type = context.who.type;
  if (!version_known(context.who)) return {Reject::unknown_command};
  if (type != CommandType::kInitMarket) {
    if (const Reject r = check_user(context); r != Reject::ok) return {r};
  }
  if (type >= CommandType::kPlaceOrder && type <= CommandType::kOpenBook) {
    return dispatch_book(context, body);
  }
  if (type >= CommandType::kPay && type <= CommandType::kGrantClaim) {
    return contract::apply(context, type, body);
  }
  if (type >= CommandType::kHaltMarket && type <= CommandType::kPermitTrading) {
    return dispatch_control(context, body);
  }
  if (type >= CommandType::kRequestQuote && type <= CommandType::kEndQuote) {
    return dispatch_negotiation(context, body);
  }
  if (type >= CommandType::kGiveMandate && type <= CommandType::kActFor) {
    return dispatch_mandates(context, body);
  }
  if (type >= CommandType::kCreateLot) return dispatch_trade(context, body);
  if (type >= CommandType::kRecordDeposit && type <= CommandType::kPayClaim) {
    return dispatch_money(context, body);
  }
  return dispatch_market(context, body);
}

void fire_timers(Context& context) {
  Timers& timers = context.state.timers;
  for (std::size_t fired = 0; fired < model::kMaxTimersPerCommand; ++fired) {
    if (timers.next_due() > context.now) return;
    const Timer timer = timers.pop();
    switch (timer.kind) {
      case TimerKind::kLot:
        if (timer.cursor == lot_timer(context.state, timer.subject)) {
          on_lot_timer(context, timer.subject);
        }
        break;
      case TimerKind::kContract:
        contract::on_timer(context, timer.subject);
        break;
      case TimerKind::kSession:
        on_session_timer(context, timer.subject, timer.cursor);
        break;
      case TimerKind::kSealed:
        open_envelopes(context, timer.subject);
        break;
      case TimerKind::kNegotiation:
        on_quote_timer(context, timer.subject);
        break;
      case TimerKind::kHalt:
        on_halt_timer(context, timer.subject, timer.cursor);
        break;
      case TimerKind::kBook:
        book::on_book_timer(context, timer.subject, timer.cursor);
        break;
      case TimerKind::kOrder:
        book::on_order_timer(context, timer.subject, timer.cursor);
        break;
      case TimerKind::kOrderSweep:
        book::sweep_orders(context, timer.subject, timer.cursor);
        break;
      case TimerKind::kSweep:
        sweep(context, timer.subject, timer.cursor);
        break;
    }
  }
}

}  // namespace hulan::engine
