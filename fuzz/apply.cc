// SPDX-License-Identifier: Apache-2.0
// The engine: any stream of records over a market with lots and contracts in every state. Whatever
// comes, the books balance at the end, a refusal changes nothing, and the last event is the answer.
#include <array>
#include <optional>

#include "engine/contract/testing.h"
#include "fuzz/fuzz.h"

namespace hulan::fuzz {
namespace {

using namespace engine;
using namespace engine::testing;
using model::CommandType;

constexpr std::array kTypes{CommandType::kTick,
                            CommandType::kInitMarket,
                            CommandType::kRegisterUser,
                            CommandType::kApplyParticipant,
                            CommandType::kSetParticipantState,
                            CommandType::kRelateParticipants,
                            CommandType::kApprove,
                            CommandType::kReject,
                            CommandType::kRecordDeposit,
                            CommandType::kRequestWithdrawal,
                            CommandType::kPostManual,
                            CommandType::kReconcileBank,
                            CommandType::kPayClaim,
                            CommandType::kDefineProduct,
                            CommandType::kStateReference,
                            CommandType::kRegisterMark,
                            CommandType::kGrantMark,
                            CommandType::kRevokeGrant,
                            CommandType::kCreateLot,
                            CommandType::kAttachDocument,
                            CommandType::kAttachTags,
                            CommandType::kCheckDocument,
                            CommandType::kWithdrawLot,
                            CommandType::kPostListing,
                            CommandType::kTake,
                            CommandType::kAnnounceAuction,
                            CommandType::kPlaceBid,
                            CommandType::kAcceptBelowReserve,
                            CommandType::kRaiseToReserve,
                            CommandType::kSetProxy,
                            CommandType::kPay,
                            CommandType::kSchedule,
                            CommandType::kLoad,
                            CommandType::kArrive,
                            CommandType::kWeigh,
                            CommandType::kAcceptWeighing,
                            CommandType::kAgreeAdjustment,
                            CommandType::kRefuseWeighing,
                            CommandType::kCancelContract,
                            CommandType::kOpenDispute,
                            CommandType::kEndDispute,
                            CommandType::kTopUp,
                            CommandType::kRecordResale,
                            CommandType::kRecordCover,
                            CommandType::kCloseContract,
                            CommandType::kFileClaim,
                            CommandType::kAwardClaim,
                            CommandType::kWithdrawClaim,
                            CommandType::kGrantClaim,
                            CommandType::kPlaceOrder,
                            CommandType::kCancelOrder,
                            CommandType::kReduceOrder,
                            CommandType::kReplaceOrder,
                            CommandType::kOpenBook,
                            CommandType::kHaltMarket,
                            CommandType::kResumeMarket,
                            CommandType::kKillParticipant,
                            CommandType::kReviveParticipant,
                            CommandType::kBustTrade,
                            CommandType::kPermitTrading,
                            CommandType::kAnnounceSession,
                            CommandType::kEnterClock,
                            CommandType::kTakeClock,
                            CommandType::kBondQuota,
                            CommandType::kEnterSharedClock,
                            CommandType::kRegisterSealKey,
                            CommandType::kAnnounceSealed,
                            CommandType::kPlaceSealedBid,
                            CommandType::kRevealShare,
                            CommandType::kRequestQuote,
                            CommandType::kQuote,
                            CommandType::kCounter,
                            CommandType::kAcceptQuote,
                            CommandType::kEndQuote};

/// Lots and contracts in the states that commands are about.
void fill(ContractMarket& market) {
  market.ready_lot(kFarm);
  const auto listed = market.ready_lot(kFarm);
  market.send(trader(kFarm), market.listing(listed, 16'000, 10));
  const auto open = market.ready_lot(kFarm2);
  market.send(trader(kFarm2), market.notice(open, 15'000, 50, 15'500, 17'000));
  const auto request = market.send(trader(kBuyer), market.wanted()).id;
  market.send(trader(kBuyer), market.notice(request, 16'000, 50, 15'000));
  market.advance(model::kDay);
  market.bid(kBuyer, open, 15'000);
  market.concluded();
  market.paid();
  market.scheduled();
  const auto weighed = market.arrived({.quantity = 20}, 20);
  market.weigh(weighed, truck(2'300'000));
  market.arrived({.seller = kFarm2, .buyer = kBuyer2}, 10);
  const auto disputed = market.paid({.buyer = kBuyer3});
  market.send(trader(kBuyer3), model::OpenDispute{disputed, hash_of("evidence")});
}

class Bodies {
 public:
  Bodies(Input& input, const State& state, model::Time now)
      : input_(input), state_(state), now_(now.value) {}

  /// Of the last body made.
  [[nodiscard]] std::uint8_t version() const { return version_; }

  /// A body that could stand, with the input's choices in it.
  std::vector<std::uint8_t> make(CommandType type) {
    using namespace model;
    const auto h = hash_of("x");
    const auto any = [&](auto body) {
      version_ = body_version<decltype(body)>();
      return bytes(body);
    };
    switch (type) {
      case CommandType::kApprove:
        return any(Approve{id(state_.pending), pending_content()});
      case CommandType::kReject:
        return any(RejectPending{id(state_.pending), h});
      case CommandType::kRecordDeposit:
        return any(RecordDeposit{member(), 0, amount(), sha256(input_.bytes(1))});
      case CommandType::kRequestWithdrawal:
        return any(RequestWithdrawal{member(), 0, amount(), h});
      case CommandType::kPostManual:
        return any(
            PostManual{{member(), input_.below(6)}, {member(), input_.below(6)}, 0, amount(), h});
      case CommandType::kPayClaim:
        return any(PayClaim{id(state_.claims), amount()});
      case CommandType::kPlaceOrder:
        return any(PlaceOrderTerms{{1, static_cast<BookSide>(input_.below(3)),
                                    static_cast<OrderKind>(input_.below(4)),
                                    static_cast<OrderLife>(input_.below(7)),
                                    static_cast<SelfTrade>(input_.below(7)), price(),
                                    input_.below(30)},
                                   input_.below(2) * price(),
                                   input_.below(2) * later(),
                                   input_.below(5)});
      case CommandType::kCancelOrder:
        return any(CancelOrder{1 + input_.below(9)});
      case CommandType::kReduceOrder:
        return any(ReduceOrder{1 + input_.below(9), input_.below(9)});
      case CommandType::kReplaceOrder:
        return any(ReplaceOrder{1 + input_.below(9), price(), input_.below(30),
                                static_cast<SelfTrade>(input_.below(7)), {}});
      case CommandType::kOpenBook:
        return any(OpenBook{1 + input_.below(3), 1 + input_.below(3), input_.below(2) * 110'000,
                            price(), now_, now_ + kMinute, later(), later() + kMinute});
      case CommandType::kHaltMarket:
        return any(HaltMarket{input_.below(3), h});
      case CommandType::kResumeMarket:
        return any(ResumeMarket{input_.below(3), later()});
      case CommandType::kKillParticipant:
        return any(KillParticipant{member(), h});
      case CommandType::kReviveParticipant:
        return any(ReviveParticipant{member(), h});
      case CommandType::kBustTrade:
        return any(BustTrade{id(state_.contracts), h});
      case CommandType::kPermitTrading:
        return any(PermitTrading{member(), 1, input_.below(2), h});
      case CommandType::kAnnounceSession:
        return any(AnnounceSession{1, SessionKind::kCadran, Side::kSell,
                                   input_.below(2) == 0 ? UnsoldRule::kCarry : UnsoldRule::kAllocate,
                                   0, now_ + kDay + amount(), 0, 0, h, h});
      case CommandType::kEnterClock:
        return any(EnterClock{id(state_.sessions), id(state_.lots), price(), 50, price(), amount()});
      case CommandType::kTakeClock:
        return any(TakeClock{id(state_.lots), 0, price(), amount()});
      case CommandType::kBondQuota:
        return any(BondQuota{id(state_.sessions), amount()});
      case CommandType::kEnterSharedClock:
        return any(EnterSharedClock{id(state_.sessions), id(state_.lots), price(), 50, 0, 0});
      case CommandType::kRequestQuote:
        return any(RequestQuote{id(state_.lots), 0, amount(), later(), {}});
      case CommandType::kQuote:
        return any(Quote{id(state_.lots), id(state_.lots), price(), amount(), later()});
      case CommandType::kCounter:
        return any(Counter{id(state_.quotes), id(state_.lots), price(), amount(), later()});
      case CommandType::kAcceptQuote:
        return any(AcceptQuote{id(state_.quotes), id(state_.lots), price(), amount()});
      case CommandType::kEndQuote:
        return any(EndQuote{id(state_.quotes)});
      case CommandType::kRegisterSealKey:
        return any(RegisterSealKey{h, {h, sha256(h)}, {kOfficer, kOfficer2}});
      case CommandType::kAnnounceSealed:
        return any(AnnounceSealed{id(state_.lots), id(state_.seal_keys), price(), price(), price(),
                                  input_.below(200), now_ + kDay, now_ + kDay + kHour,
                                  static_cast<SealedAward>(input_.below(5)), {}});
      case CommandType::kPlaceSealedBid:
        return any(PlaceSealedBid{id(state_.lots), 0, h, {}});
      case CommandType::kRevealShare:
        return any(RevealShare{id(state_.seal_keys), h});
      case CommandType::kDefineProduct:
        return any(DefineProduct{hogs()});
      case CommandType::kStateReference:
        return any(StateReference{1, 23, 1 + input_.below(3), price()});
      case CommandType::kCreateLot:
        return any(lot());
      case CommandType::kAttachDocument:
        return any(AttachDocument{id(state_.lots),
                                  static_cast<DocumentKind>(input_.below(8)),
                                  {},
                                  now_ - kDay,
                                  now_ + input_.below(40) * kDay,
                                  {'1'},
                                  h});
      case CommandType::kAttachTags:
        return any(AttachTags{id(state_.lots), input_.below(4)});
      case CommandType::kCheckDocument:
        return any(CheckDocument{id(state_.lots), id(state_.documents)});
      case CommandType::kWithdrawLot:
        return any(WithdrawLot{id(state_.lots), h});
      case CommandType::kPostListing:
        return any(PostListing{id(state_.lots), price(), input_.below(200), later()});
      case CommandType::kTake:
        return any(Take{id(state_.lots), id(state_.lots), price(), input_.below(250)});
      case CommandType::kAnnounceAuction:
        if (input_.below(2) == 0) {
          return any(AnnounceDivisible{id(state_.lots), price(), 10 * input_.below(20), price(),
                                       price(), now_ + kDay, now_ + kDay + kHour, 0,
                                       input_.below(200), static_cast<Award>(input_.below(4)), {}});
        }
        return any(AnnounceAuction{id(state_.lots), price(), 10 * input_.below(20), price(),
                                   price(), now_ + kDay, now_ + kDay + kHour, 0});
      case CommandType::kPlaceBid:
        if (input_.below(2) == 0) {
          return any(PlaceQuantityBid{id(state_.lots), price(), id(state_.lots),
                                      input_.below(250)});
        }
        return any(PlaceBid{id(state_.lots), price()});
      case CommandType::kSetProxy:
        return any(SetProxy{id(state_.lots), id(state_.lots), price()});
      case CommandType::kSchedule:
        return any(Schedule{id(state_.contracts), input_.below(4)});
      case CommandType::kLoad:
        return any(loading());
      case CommandType::kWeigh:
        return any(Weigh{id(state_.contracts), input_.below(3), input_.below(4),
                         static_cast<std::uint16_t>(input_.below(3)),
                         static_cast<std::uint16_t>(input_.below(3))});
      case CommandType::kArrive:
        return any(Arrive{id(state_.contracts), input_.below(3)});
      case CommandType::kAgreeAdjustment:
        return any(AgreeAdjustment{id(state_.contracts),
                                   static_cast<std::int32_t>(input_.below(2000)) - 1000});
      case CommandType::kEndDispute:
        return any(EndDispute{id(state_.contracts), input_.below(4), h});
      case CommandType::kFileClaim:
        return any(FileClaim{id(state_.contracts), price(), h});
      case CommandType::kAwardClaim:
        return any(AwardClaim{id(state_.contracts), price(), h});
      case CommandType::kRecordResale:
        return any(RecordResale{id(state_.contracts), input_.below(10), price()});
      case CommandType::kRecordCover:
        return any(RecordCover{id(state_.contracts), price()});
      default:
        return bare(type);
    }
  }

 private:
  /// A number first, and zeros up to the length that the type has.
  std::vector<std::uint8_t> bare(CommandType type) {
    static const std::map<CommandType, std::size_t> kSizes{
        {CommandType::kTick, sizeof(model::Tick)},
        {CommandType::kInitMarket, sizeof(model::InitMarket)},
        {CommandType::kRegisterUser, sizeof(model::RegisterUser)},
        {CommandType::kApplyParticipant, sizeof(model::ApplyParticipant)},
        {CommandType::kSetParticipantState, sizeof(model::SetParticipantState)},
        {CommandType::kRelateParticipants, sizeof(model::RelateParticipants)},
        {CommandType::kReconcileBank, sizeof(model::ReconcileBank)},
        {CommandType::kRegisterMark, sizeof(model::RegisterMark)},
        {CommandType::kGrantMark, sizeof(model::GrantMark)},
        {CommandType::kRevokeGrant, sizeof(model::RevokeGrant)},
        {CommandType::kCancelContract, sizeof(model::CancelContract)},
        {CommandType::kOpenDispute, sizeof(model::OpenDispute)}};
    const auto found = kSizes.find(type);
    std::vector<std::uint8_t> body(found == kSizes.end() ? 4 : found->second);
    const std::uint32_t first = input_.below(10);
    std::memcpy(body.data(), &first, 4);
    return body;
  }
  template <class Body>
  static std::vector<std::uint8_t> bytes(const Body& body) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(&body);
    return {from, from + sizeof body};
  }
  template <class Table>
  std::uint32_t id(const Table& table) {
    return input_.below(static_cast<std::uint32_t>(table.size()) + 1);
  }
  model::ParticipantId member() { return input_.below(kMembers + 2); }
  std::int64_t price() { return 14'000 + 10 * std::int64_t{input_.below(400)}; }
  std::int64_t amount() { return std::int64_t{input_.number<std::uint32_t>()}; }
  std::int64_t later() { return now_ + input_.below(5000) * model::kMinute; }
  Sha256 pending_content() {
    const auto which = id(state_.pending);
    return state_.pending.has(which) ? state_.pending[which].content : Sha256{};
  }
  model::CreateLot lot() {
    model::CreateLot body{};
    body.product = 1;
    body.quantity = input_.below(400);
    body.average_g = 90'000 + 1'000 * input_.below(60);
    body.pickup_from = now_ + 3 * model::kDay;
    body.pickup_until = now_ + 10 * model::kDay;
    body.origin = body.place = kHulan;
    body.side = static_cast<model::Side>(input_.below(3));
    body.terms = static_cast<model::Terms>(input_.below(3));
    body.grade = static_cast<std::uint8_t>(input_.below(5));
    return body;
  }
  model::Load loading() {
    model::Load body{};
    body.contract = id(state_.contracts);
    body.delivery = 1;
    body.carrier = member();
    body.quantity = input_.below(30);
    body.certificate_issued = now_ - model::kMinute;
    body.certificate_expires = now_ + 2 * model::kDay;
    body.vehicle_filed_until = now_ + 100 * model::kDay;
    body.certificate_form = model::DocumentKind::kQuarantineB;
    body.vehicle = {'A'};
    body.certificate_number = {'2'};
    return body;
  }

  Input& input_;
  const State& state_;
  std::int64_t now_;
  std::uint8_t version_ = 1;
};

constexpr std::array<std::int64_t, 8> kPauses{
    0, 0, 0, 1, model::kSecond, model::kHour, model::kDay, 5 * model::kDay};

class Run {
 public:
  Run(Input input, Engine& engine) : input_(input), engine_(engine), now_(engine.now()) {}

  void all() {
    while (!input_.empty()) one();
    engine_.check_invariants();
  }

 private:
  void one() {
    const auto type = kTypes[input_.number<std::uint8_t>() % kTypes.size()];
    const auto how = input_.number<std::uint8_t>();
    now_ += model::Time{kPauses[how % 8]};
    const model::UserId user = some_user();
    Bodies bodies(input_, engine_.state(), now_);
    auto body = bodies.make(type);
    if ((how & 0x40) != 0) change(body);
    if ((how & 0x80) != 0) {
      const auto more = input_.bytes(input_.number<std::uint8_t>());
      body.insert(body.end(), more.begin(), more.end());
    }
    apply(header(type, user, static_cast<std::uint8_t>(how / 8 % 8 == 7 ? 2 : bodies.version()), body),
          body);
  }

  model::UserId some_user() {
    static constexpr std::array<model::UserId, 21> kUsers{
        0, 1, 2, 3, 4, 5, 6, 7, 8, 101, 102, 103, 104, 105, 101, 103, 201, 202, 203, 204, 999};
    return kUsers[input_.number<std::uint8_t>() % kUsers.size()];
  }

  void change(std::vector<std::uint8_t>& body) {
    const std::size_t at = input_.below(300);
    const auto bytes = input_.bytes(input_.number<std::uint8_t>() % 9);
    for (std::size_t i = 0; i < bytes.size() && at + i < body.size(); ++i) body[at + i] = bytes[i];
  }

  model::RecordHeader header(CommandType type, model::UserId user, std::uint8_t version,
                             Bytes body) {
    const auto& users = engine_.state().users;
    model::RecordHeader made{type,
                             version,
                             static_cast<std::uint16_t>(body.size()),
                             users.has(user) ? users[user].participant : 0,
                             user,
                             {}};
    if (user == 0) return made;
    const std::int64_t ms = now_.value / 1'000'000;
    for (int i = 0; i < 6; ++i) made.client_id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    ++ids_;
    std::memcpy(made.client_id.data() + 8, &ids_, sizeof ids_);
    return made;
  }

  void apply(const model::RecordHeader& head, Bytes body) {
    const bool quiet = !engine_.timer_due(now_);
    const Sha256 before = quiet ? engine_.business_hash() : Sha256{};
    events_.clear();
    engine_.apply({head, engine_.sequence() + 1, now_, body}, events_);
    const model::Replied reply = last_event();
    HULAN_ASSERT(reply.first_sequence == engine_.sequence() && reply.user == head.user);
    if (quiet && reply.reject != model::Reject::ok) HULAN_ASSERT(engine_.business_hash() == before);
    HULAN_ASSERT(!model::reject_text(reply.reject).code.empty() || reply.reject == Reject::ok);
  }

  model::Replied last_event() {
    const Bytes all = events_.bytes();
    model::EventHeader header;
    std::size_t at = 0, last = 0;
    for (; at < all.size(); at += header.size) {
      std::memcpy(&header, all.data() + at, sizeof header);
      HULAN_ASSERT(header.size >= sizeof header && header.size <= all.size() - at);
      last = at;
    }
    model::Replied reply;
    HULAN_ASSERT(header.type == model::EventType::kReplied && all.size() - last >= sizeof reply);
    std::memcpy(&reply, all.data() + last, sizeof reply);
    return reply;
  }

  static inline EventBuffer events_{2 * model::kMaxEventBytesPerCommand};
  Input input_;
  Engine& engine_;
  model::Time now_;
  std::uint64_t ids_ = 1u << 20;
};

}  // namespace
}  // namespace hulan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan::fuzz;
  static const Sections kStart = [] {
    ContractMarket market;
    fill(market);
    return market.engine.save();
  }();
  static Engine engine;  // kept, because making one maps all its tables
  HULAN_ASSERT(engine.load(kStart));
  Run(Input(data, size), engine).all();
  return 0;
}
