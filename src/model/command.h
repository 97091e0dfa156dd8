// SPDX-License-Identifier: Apache-2.0
// Everything that can be asked of the exchange. A body is written to the log as these bytes
// (little-endian, fields in order, 4-byte packing): docs/formats/command.md. Never renumber or
// change a struct; add a new type or version.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "model/enums.h"
#include "model/ids.h"
#include "model/limits.h"
#include "model/rows.h"

namespace hulan::model {

enum class CommandType : std::uint8_t {
  kTick = 1,
  kInitMarket,
  kRegisterUser,
  kApplyParticipant,
  kSetParticipantState,
  kRelateParticipants,
  kApprove = 10,
  kReject,
  kRecordDeposit = 20,
  kRequestWithdrawal,
  kPostManual,
  kReconcileBank,
  kPayClaim,
  kDefineProduct = 30,
  kStateReference,
  kRegisterMark,
  kGrantMark,
  kRevokeGrant,
  kCreateLot = 40,
  kAttachDocument,
  kAttachTags,
  kCheckDocument,
  kWithdrawLot,
  kPostListing = 50,
  kTake,
  kAnnounceAuction = 60,
  kPlaceBid,
  kAcceptBelowReserve,
  kRaiseToReserve,
  kSetProxy,
  kPay = 70,
  kSchedule,
  kLoad,
  kArrive,
  kWeigh,
  kAcceptWeighing,
  kAgreeAdjustment,
  kRefuseWeighing,
  kCancelContract,
  kOpenDispute,
  kEndDispute,
  kTopUp,
  kRecordResale,
  kRecordCover,
  kCloseContract,
  kFileClaim = 92,
  kAwardClaim,
  kWithdrawClaim,
  kGrantClaim,
  kPlaceOrder = 100,
  kCancelOrder,
  kReduceOrder,
  kReplaceOrder,
  kOpenBook,
  kHaltMarket = 120,
  kResumeMarket,
  kKillParticipant,
  kReviveParticipant,
  kBustTrade,
  kPermitTrading,
  kAnnounceSession = 140,
  kEnterClock,
  kTakeClock,
  kBondQuota,
  kEnterSharedClock,
  kRegisterSealKey = 150,
  kAnnounceSealed,
  kPlaceSealedBid,
  kRevealShare,
  kRequestQuote = 160,
  kQuote,
  kCounter,
  kAcceptQuote,
  kEndQuote,
  kGiveMandate = 170,
  kConfirmMandate,
  kRevokeMandate,
  kActFor
};

#pragma pack(push, 4)

/// Before every body in the log: 28 bytes. Sequence and time come from the batch.
struct RecordHeader {
  CommandType type;
  std::uint8_t version;
  std::uint16_t body_length;
  ParticipantId participant;  ///< on whose behalf; 0 for staff
  UserId user;                ///< who; 0 for the exchange's own tick
  ClientId client_id;
};
static_assert(sizeof(RecordHeader) == kRecordHeaderBytes);

struct Tick {
  static constexpr CommandType kType = CommandType::kTick;
  std::uint32_t reserved = 0;
};
struct InitMarket {  ///< the first record of every log; makes `administrator` the first user
  static constexpr CommandType kType = CommandType::kInitMarket;
  std::int64_t withdrawal_limit_fen, notice_ns, exclusive_ns, settle_after_ns, client_id_ns;
  std::int32_t utc_offset_s;
  std::uint32_t market_days, pay_minute, topup_minute, defaults_to_suspend;
  UserId administrator;
  DocumentHash name_document;
};
struct RegisterUser {  ///< by an administrator, who may not give money roles to themselves (R2.3)
  static constexpr CommandType kType = CommandType::kRegisterUser;
  UserId id;
  ParticipantId participant;
  std::uint16_t roles;
  std::uint8_t active, reserved;
};
struct ApplyParticipant {  ///< by operator; opens an admission that two people approve (R2.2)
  static constexpr CommandType kType = CommandType::kApplyParticipant;
  ParticipantId id;
  ParticipantKind kind;
  LegalForm form;
  VatStatus vat;
  std::uint8_t reserved;
  std::uint32_t region;
  DocumentHash name_hmac;
};
struct SetParticipantState {  ///< operator: active <-> suspended, closed (R2.2, R5.7)
  static constexpr CommandType kType = CommandType::kSetParticipantState;
  ParticipantId id;
  ParticipantState state;
  std::uint8_t reserved[3];
  DocumentHash reason;
};
struct RelateParticipants {  ///< R5.6
  static constexpr CommandType kType = CommandType::kRelateParticipants;
  ParticipantId a, b;
  std::uint32_t active;
};
struct Approve {  ///< R2.4: content must be that of the pending row
  static constexpr CommandType kType = CommandType::kApprove;
  PendingId pending;
  DocumentHash content;
};
struct RejectPending {
  static constexpr CommandType kType = CommandType::kReject;
  PendingId pending;
  DocumentHash reason;
};
struct RecordDeposit {  ///< settlement officer; takes effect when approved. The same reference
                        ///< twice is refused.
  static constexpr CommandType kType = CommandType::kRecordDeposit;
  ParticipantId id;
  std::uint32_t currency;
  std::int64_t amount_fen;
  DocumentHash bank_reference;
};
struct RequestWithdrawal {  ///< participant's finance user or settlement officer; money leaves
                            ///< `available` at once
  static constexpr CommandType kType = CommandType::kRequestWithdrawal;
  ParticipantId id;
  std::uint32_t currency;
  std::int64_t amount_fen;
  DocumentHash bank_account;
};
/// An account in a manual posting: participant != 0: bucket is a Bucket; else an OperatorAccount.
struct AccountRef {
  ParticipantId participant;
  std::uint32_t bucket;
};
struct PostManual {
  static constexpr CommandType kType = CommandType::kPostManual;
  AccountRef from, to;
  std::uint32_t currency;
  std::int64_t amount_fen;
  DocumentHash reason;
};
struct ReconcileBank {  ///< R3.4: the custodian's closing balance against the mirror
  static constexpr CommandType kType = CommandType::kReconcileBank;
  std::uint32_t currency;
  std::int64_t balance_fen;
};
struct PayClaim {
  static constexpr CommandType kType = CommandType::kPayClaim;
  ClaimId claim;
  std::int64_t amount_fen;
};
struct DefineProduct {  ///< new product or next version (same code); four eyes; effective_at >= now
  static constexpr CommandType kType = CommandType::kDefineProduct;
  ProductRow product;  ///< version, previous, exists are set by the engine
};
/// Version 2 of DefineProduct's body: with what a product says beyond its row, and any method.
struct DefineProductTerms {
  static constexpr CommandType kType = CommandType::kDefineProduct;
  static constexpr std::uint8_t kVersion = 2;
  ProductRow product;
  ProductTermsRow terms;  ///< exists is set by the engine
};
struct StateReference {  ///< operator states a reference price (R5.5)
  static constexpr CommandType kType = CommandType::kStateReference;
  ProductId product;
  std::uint32_t province, grade;
  std::int64_t price;
};
struct RegisterMark {
  static constexpr CommandType kType = CommandType::kRegisterMark;
  ParticipantId holder;
  ProductId product;
  std::uint32_t place;
  std::int64_t valid_from, valid_until;
  DocumentHash certificate;
};
struct GrantMark {  ///< by the holder
  static constexpr CommandType kType = CommandType::kGrantMark;
  MarkId mark;
  ParticipantId farm;
  std::int64_t valid_until;
};
struct RevokeGrant {
  static constexpr CommandType kType = CommandType::kRevokeGrant;
  MarkId mark;
  ParticipantId farm;
};
struct CreateLot {  ///< a draft; sell: named goods (R4.2); buy: what is wanted
  static constexpr CommandType kType = CommandType::kCreateLot;
  ProductId product;
  std::int64_t quantity, average_g;
  std::int64_t pickup_from, pickup_until;
  ParticipantId farm;  ///< 0 = the initiator
  MarkId mark;
  std::uint32_t origin, place, spot;
  Side side;
  Terms terms;
  std::uint8_t grade, reserved;
  DocumentHash sheet;
};
struct AttachDocument {
  static constexpr CommandType kType = CommandType::kAttachDocument;
  LotId lot;
  DocumentKind kind;
  std::uint8_t reserved[3];
  std::int64_t issued_at, expires_at;
  std::array<char, 24> number;
  DocumentHash hash;
};
struct TagRange {
  std::uint64_t first;
  std::uint32_t count;
};
struct AttachTags {  ///< followed by `ranges` x TagRange
  static constexpr CommandType kType = CommandType::kAttachTags;
  LotId lot;
  std::uint32_t ranges;
};
struct CheckDocument {  ///< an inspector has seen the paper
  static constexpr CommandType kType = CommandType::kCheckDocument;
  LotId lot;
  std::uint32_t document;
};
struct WithdrawLot {  ///< R5.1, R5.8
  static constexpr CommandType kType = CommandType::kWithdrawLot;
  LotId lot;
  DocumentHash reason;
};
struct PostListing {  ///< R5.1
  static constexpr CommandType kType = CommandType::kPostListing;
  LotId lot;
  std::int64_t price, minimum, expires_at;
};
struct Take {  ///< price is what the taker saw: another one is refused as stale
  static constexpr CommandType kType = CommandType::kTake;
  LotId lot;
  LotId goods;  ///< taking a request: the taker's own goods
  std::int64_t price, quantity;
};
struct AnnounceAuction {  ///< R5.3: the immutable notice
  static constexpr CommandType kType = CommandType::kAnnounceAuction;
  LotId lot;
  std::int64_t start, step, reserve, cap, open_at, close_at;
  std::int64_t window_ns;  ///< 0 = the product's
};
/// Version 2 of AnnounceAuction's body: the lot may go in parts (R5.3.7).
struct AnnounceDivisible {
  static constexpr CommandType kType = CommandType::kAnnounceAuction;
  static constexpr std::uint8_t kVersion = 2;
  LotId lot;
  std::int64_t start, step, reserve, cap, open_at, close_at;
  std::int64_t window_ns;  ///< 0 = the product's
  std::int64_t minimum;    ///< least part; 0 for a whole lot
  Award award;
  std::uint8_t reserved[3];
};
struct PlaceBid {
  static constexpr CommandType kType = CommandType::kPlaceBid;
  LotId lot;
  std::int64_t price;
};
/// Version 2 of PlaceBid's body: a bid in a reverse auction names the bidder's goods.
struct PlaceReverseBid {
  static constexpr CommandType kType = CommandType::kPlaceBid;
  static constexpr std::uint8_t kVersion = 2;
  LotId lot;
  std::int64_t price;
  LotId goods;
};
static_assert(kRecordHeaderBytes + sizeof(PlaceBid) == 40, "a bid is 40 bytes in the log");
/// Version 3 of PlaceBid's body: a price and a quantity. On a whole lot the quantity is the lot's.
struct PlaceQuantityBid {
  static constexpr CommandType kType = CommandType::kPlaceBid;
  static constexpr std::uint8_t kVersion = 3;
  LotId lot;
  std::int64_t price;
  LotId goods;
  std::int64_t quantity;
};
struct AcceptBelowReserve {  ///< R5.3.6, by the initiator
  static constexpr CommandType kType = CommandType::kAcceptBelowReserve;
  LotId lot;
};
struct RaiseToReserve {  ///< R5.3.6, by the best bidder
  static constexpr CommandType kType = CommandType::kRaiseToReserve;
  LotId lot;
};
struct SetProxy {  ///< R5.3.5: bids for its owner up to `maximum`; set again, it changes
  static constexpr CommandType kType = CommandType::kSetProxy;
  LotId lot;
  LotId goods;           ///< reverse: the bidder's goods, else 0
  std::int64_t maximum;  ///< reverse: the lowest price it goes to
};
struct Pay {
  static constexpr CommandType kType = CommandType::kPay;
  ContractId contract;
};
struct PlannedDelivery {
  std::int64_t quantity, planned_at;
};
struct Schedule {  ///< followed by `deliveries` x PlannedDelivery; quantities add up to the
                   ///< contract's
  static constexpr CommandType kType = CommandType::kSchedule;
  ContractId contract;
  std::uint32_t deliveries;
};
struct Load {
  static constexpr CommandType kType = CommandType::kLoad;
  ContractId contract;
  std::uint32_t delivery;  ///< 1.. within the contract
  ParticipantId carrier;
  std::int64_t quantity;  ///< loaded, in quantity units
  std::int64_t origin_g;  ///< weighed at the farm (origin terms), else 0
  std::int64_t certificate_issued, certificate_expires, vehicle_filed_until;
  DocumentKind certificate_form;
  std::uint8_t reserved[3];
  std::array<char, 16> vehicle;
  std::array<char, 24> certificate_number;
  DocumentHash certificate, driver;
};
struct Arrive {
  static constexpr CommandType kType = CommandType::kArrive;
  ContractId contract;
  std::uint32_t delivery;
};
struct TruckWeights {
  std::int64_t gross_g, tare_g;
};
struct WeighedGroup {
  std::int64_t head, net_g;
  std::uint8_t grade, single_class, reserved[2];
};
/// Followed by `trucks` x TruckWeights and `groups` x WeighedGroup. No group = one group of all at
/// the contract's grade. By count: no trucks, groups carry head only.
struct Weigh {
  static constexpr CommandType kType = CommandType::kWeigh;
  ContractId contract;
  std::uint32_t delivery;
  std::uint32_t dead;
  std::uint16_t trucks, groups;
};
struct AcceptWeighing {
  static constexpr CommandType kType = CommandType::kAcceptWeighing;
  ContractId contract;
};
struct AgreeAdjustment {  ///< R8.4: effective when both sides have named the same figure
  static constexpr CommandType kType = CommandType::kAgreeAdjustment;
  ContractId contract;
  std::int32_t adjust;
};
struct RefuseWeighing {  ///< by the buyer: average outside the bands (R8.4) or more than 5 % over
                         ///< weight (R8.8)
  static constexpr CommandType kType = CommandType::kRefuseWeighing;
  ContractId contract;
};
struct CancelContract {  ///< R7.4: takes both parties, or the operator with four eyes
  static constexpr CommandType kType = CommandType::kCancelContract;
  ContractId contract;
  DocumentHash reason;
};
struct OpenDispute {
  static constexpr CommandType kType = CommandType::kOpenDispute;
  ContractId contract;
  DocumentHash evidence;
};
struct EndDispute {  ///< settlement officer, four eyes: 1 settle, 2 cancel
  static constexpr CommandType kType = CommandType::kEndDispute;
  ContractId contract;
  std::uint32_t outcome;
  DocumentHash reason;
};
struct FileClaim {  ///< R8.6: by a side that does not accept the weighing
  static constexpr CommandType kType = CommandType::kFileClaim;
  ContractId contract;
  std::int64_t amount_fen;  ///< that the buyer would not pay, or the seller wants on top
  DocumentHash evidence;
};
struct AwardClaim {  ///< settlement officer, four eyes
  static constexpr CommandType kType = CommandType::kAwardClaim;
  ContractId contract;
  std::int64_t amount_fen;  ///< of what was claimed, 0 = nothing
  DocumentHash reason;
};
struct WithdrawClaim {  ///< by the claimant: nothing is awarded
  static constexpr CommandType kType = CommandType::kWithdrawClaim;
  ContractId contract;
};
struct GrantClaim {  ///< by the other side: all of it is awarded
  static constexpr CommandType kType = CommandType::kGrantClaim;
  ContractId contract;
};
struct TopUp {
  static constexpr CommandType kType = CommandType::kTopUp;
  ContractId contract;
};
struct RecordResale {  ///< R10.1, within 3 market days, by the operator
  static constexpr CommandType kType = CommandType::kRecordResale;
  ContractId contract;
  std::uint32_t days;  ///< of keeping
  std::int64_t price;
};
struct RecordCover {  ///< R10.2, by the operator on the buyer's evidence
  static constexpr CommandType kType = CommandType::kRecordCover;
  ContractId contract;
  std::int64_t price;
};
struct CloseContract {
  static constexpr CommandType kType = CommandType::kCloseContract;
  ContractId contract;
};
struct RegisterSealKey {  ///< R5.3.4: by an operator; two people of staff hold a share each
  static constexpr CommandType kType = CommandType::kRegisterSealKey;
  DocumentHash public_key;
  DocumentHash share_hashes[2];
  UserId holders[2];
};
struct AnnounceSealed {  ///< R5.3.4: the immutable notice, by the initiator
  static constexpr CommandType kType = CommandType::kAnnounceSealed;
  LotId lot;
  SealKeyId key;
  std::int64_t start, reserve, cap, minimum, open_at, close_at;
  SealedAward award;
  std::uint8_t reserved[3];
};
struct PlaceSealedBid {  ///< R5.3.4: one by each bidder
  static constexpr CommandType kType = CommandType::kPlaceSealedBid;
  LotId lot;
  LotId goods;  ///< reverse: the bidder's goods, else 0
  DocumentHash commitment;
  std::array<std::uint8_t, 80> box;
};
struct RevealShare {  ///< R5.3.4: by its holder, once every lot of the key has closed
  static constexpr CommandType kType = CommandType::kRevealShare;
  SealKeyId key;
  DocumentHash share;
};
struct AnnounceSession {  ///< R5.3: by an operator
  static constexpr CommandType kType = CommandType::kAnnounceSession;
  ProductId product;
  SessionKind kind;
  Side side;  ///< of the initiators
  UnsoldRule unsold;
  std::uint8_t reserved;
  std::int64_t opens_at;
  std::int64_t tick_ns;   ///< 0 = the product's
  std::int64_t pause_ns;  ///< between two lots
  DocumentHash seed;      ///< drawn by the door, not by who asks
  DocumentHash title;
};
struct EnterClock {  ///< R5.3.3: the notice of one lot; by its initiator
  static constexpr CommandType kType = CommandType::kEnterClock;
  SessionId session;
  LotId lot;
  std::int64_t start, step, floor;
  std::int64_t minimum;  ///< of a take; 0 = whole only
};
struct TakeClock {  ///< R5.3.3: stops the clock
  static constexpr CommandType kType = CommandType::kTakeClock;
  LotId lot;
  LotId goods;         ///< on a buyer's clock: the taker's own goods
  std::int64_t price;  ///< what the taker saw: the clock may stand better for it, not worse
  std::int64_t quantity;
};
struct EnterSharedClock {  ///< R5.3.2: the notice of one lot of the catalogue; by its initiator
  static constexpr CommandType kType = CommandType::kEnterSharedClock;
  SessionId session;
  LotId lot;
  std::int64_t start, step, reserve, cap;
};
struct BondQuota {  ///< R5.3.3: by a buyer, before the session opens
  static constexpr CommandType kType = CommandType::kBondQuota;
  SessionId session;
  std::int64_t quantity;
};
struct HaltMarket {  ///< R12.2, by the operator; a second one takes an announced resumption back
  static constexpr CommandType kType = CommandType::kHaltMarket;
  ProductId product;  ///< 0 = the whole market
  DocumentHash reason;
};
struct ResumeMarket {  ///< R12.2, at least 5 min ahead
  static constexpr CommandType kType = CommandType::kResumeMarket;
  ProductId product;
  std::int64_t resume_at;
};
struct KillParticipant {  ///< R12.2: the operator's kill switch
  static constexpr CommandType kType = CommandType::kKillParticipant;
  ParticipantId id;
  DocumentHash reason;
};
struct ReviveParticipant {
  static constexpr CommandType kType = CommandType::kReviveParticipant;
  ParticipantId id;
  DocumentHash reason;
};
struct BustTrade {  ///< R12.4: a party or the operator asks; others approve
  static constexpr CommandType kType = CommandType::kBustTrade;
  ContractId contract;
  DocumentHash reason;
};
struct PermitTrading {  ///< R12.1: whether a participant may trade a product
  static constexpr CommandType kType = CommandType::kPermitTrading;
  ParticipantId participant;
  ProductId product;
  std::uint32_t allowed;
  DocumentHash reason;
};
struct PlaceOrder {  ///< R5.4, by a trader
  static constexpr CommandType kType = CommandType::kPlaceOrder;
  BookId book;
  BookSide side;
  OrderKind kind;
  OrderLife life;
  SelfTrade self_trade;
  std::int64_t price;  ///< limit; 0 for a market order
  std::uint32_t quantity;
};
struct PlaceOrderTerms {  ///< version 2: stop, stop-limit, iceberg, good till a time
  static constexpr CommandType kType = CommandType::kPlaceOrder;
  static constexpr std::uint8_t kVersion = 2;
  PlaceOrder order;
  std::int64_t stop;        ///< price that triggers it, 0 = none
  std::int64_t expires_at;  ///< kGoodTill, else 0
  std::uint32_t display;    ///< iceberg: shown at a time, 0 = all
};
struct CancelOrder {
  static constexpr CommandType kType = CommandType::kCancelOrder;
  OrderId order;
};
struct ReduceOrder {  ///< keeps its place in time
  static constexpr CommandType kType = CommandType::kReduceOrder;
  OrderId order;
  std::uint32_t by;
};
struct ReplaceOrder {  ///< a new order in place of this one: a new id, the last in time
  static constexpr CommandType kType = CommandType::kReplaceOrder;
  OrderId order;
  std::int64_t price;
  std::uint32_t quantity;
  SelfTrade self_trade;
  std::uint8_t reserved[3];
};
struct OpenBook {  ///< R5.4, by the operator: a session of a product's book
  static constexpr CommandType kType = CommandType::kOpenBook;
  ProductId product;
  std::int64_t lot_quantity;   ///< one standard lot, in the product's unit
  std::int64_t lot_average_g;  ///< by head and weight: grams of one head, else 0
  std::int64_t reference;      ///< price for the first session, or after a thin one
  std::int64_t call_at, open_at, closing_call_at, close_at;
};
struct RequestQuote {  ///< R5.2: asks for quotes on a draft of the asker's own
  static constexpr CommandType kType = CommandType::kRequestQuote;
  LotId lot;
  std::uint32_t named_count;  ///< 0 = anybody may quote
  std::int64_t minimum;       ///< least quantity of a quote; 0 = whole only
  std::int64_t expires_at;
  std::array<ParticipantId, kMaxNamed> named;  ///< the others are 0
};
struct Quote {  ///< R5.2: a binding offer on a request
  static constexpr CommandType kType = CommandType::kQuote;
  LotId request;
  LotId goods;  ///< where the request buys: the maker's own goods
  std::int64_t price, quantity, expires_at;
};
struct Counter {  ///< R5.2: answers a standing number of the other side by one's own
  static constexpr CommandType kType = CommandType::kCounter;
  QuoteId quote;
  LotId goods;
  std::int64_t price, quantity, expires_at;
};
struct AcceptQuote {  ///< R5.2: concludes; price and quantity as seen
  static constexpr CommandType kType = CommandType::kAcceptQuote;
  QuoteId quote;
  LotId goods;
  std::int64_t price, quantity;
};
struct EndQuote {  ///< R5.2: its maker withdraws it, or the other side refuses it
  static constexpr CommandType kType = CommandType::kEndQuote;
  QuoteId quote;
};
struct GiveMandate {  ///< R2.5: by the principal; holds once its agent confirms it
  static constexpr CommandType kType = CommandType::kGiveMandate;
  ParticipantId agent;
  std::uint32_t sides;  ///< 1 sells, 2 buys, 3 both
  std::int64_t limit_fen;
  std::int64_t expires_at;
  std::array<ProductId, kMaxMandateProducts> products;  ///< none: all
};
struct ConfirmMandate {
  static constexpr CommandType kType = CommandType::kConfirmMandate;
  MandateId mandate;
};
struct RevokeMandate {  ///< by the principal, its agent or the operator
  static constexpr CommandType kType = CommandType::kRevokeMandate;
  MandateId mandate;
};
struct ActFor {  ///< R2.5: followed by the body of a command that the principal could send
  static constexpr CommandType kType = CommandType::kActFor;
  MandateId mandate;
  CommandType type;
  std::uint8_t version;
  std::uint16_t reserved;
};
#pragma pack(pop)

/// A client id may instead number a user's orders (R5.4): 8 bytes of 0xFF, then a big-endian number
/// above the last one of the user's that was accepted. Orders come fast: a number needs one look at
/// one counter, and is refused, not answered again, when it comes twice. For commands of orders.
[[nodiscard]] inline std::uint64_t order_number(const ClientId& id) {
  std::uint64_t mark = 0, number = 0;
  std::memcpy(&mark, id.data(), sizeof(mark));
  std::memcpy(&number, id.data() + sizeof(mark), sizeof(number));
  return mark == ~std::uint64_t{0} ? std::byteswap(number) : 0;
}
constexpr bool names_order(CommandType type) {
  return type >= CommandType::kPlaceOrder && type <= CommandType::kReplaceOrder;
}

/// R2.5: the steps of a contract that an agent takes for its principal. What gives something up (a
/// cancellation, a claim granted) is the principal's own.
constexpr bool is_step_of_agent(CommandType type) {
  switch (type) {
    case CommandType::kPay:
    case CommandType::kSchedule:
    case CommandType::kLoad:
    case CommandType::kArrive:
    case CommandType::kAcceptWeighing:
    case CommandType::kAgreeAdjustment:
    case CommandType::kRefuseWeighing:
    case CommandType::kOpenDispute:
    case CommandType::kTopUp:
    case CommandType::kFileClaim:
    case CommandType::kWithdrawClaim:
      return true;
    default:
      return false;
  }
}

/// The version of a record with this body: its kVersion, else 1.
template <class Body>
constexpr std::uint8_t body_version() {
  if constexpr (requires { Body::kVersion; }) {
    return Body::kVersion;
  } else {
    return 1;
  }
}

/// One command as the engine sees it: header fields, the stamp of the sequencer and the body's
/// bytes.
struct Command {
  RecordHeader header;
  Sequence sequence;
  Time now;
  std::span<const std::uint8_t> body;
};

/// Copies the fixed part of a body; false if it is shorter than T. Bytes after it are the caller's.
template <class T>
[[nodiscard]] bool read_body(std::span<const std::uint8_t> body, T& out) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (body.size() < sizeof(T)) return false;
  std::memcpy(&out, body.data(), sizeof(T));
  return true;
}

/// "PlaceBid" and so on, for `hulan log`; "unknown" for a number that no command has.
[[nodiscard]] std::string_view command_name(CommandType type);

}  // namespace hulan::model
