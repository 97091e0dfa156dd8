// SPDX-License-Identifier: Apache-2.0
// What happened, for those who watch. Events are not in the log (replay makes them again); they
// travel in one process as these structs, each with its header, in the order in which the engine
// made them. An event whose name ends in Changed carries the whole row as it is after the change;
// the others are facts.
#pragma once

#include <array>
#include <cstdint>

#include "model/command.h"
#include "model/enums.h"
#include "model/ids.h"
#include "model/reject.h"
#include "model/rows.h"
#include "model/units.h"

namespace hulan::model {

enum class EventType : std::uint16_t {
  kReplied = 1,
  kSnapshotTaken,
  kMarketChanged = 10,
  kUserChanged,
  kParticipantChanged,
  kRelationChanged,
  kPendingChanged,
  kProductChanged,
  kReferenceChanged,
  kMarkChanged,
  kGrantChanged,
  kClaimChanged,
  kDayPriceChanged,
  kAccountChanged,
  kOperatorAccountsChanged,
  kProductTermsChanged,
  kLotChanged = 30,
  kDocumentChanged,
  kTagsAdded,
  kContractChanged = 40,
  kDeliveryChanged,
  kTruckAdded,
  kGroupChanged,
  kPosted = 60,
  kOperatorPosted,
  kBidAccepted,
  kBidStruck,
  kLotClosed,
  kTradeConcluded,
  kSettlementLine,
  kSettled,
  kDefaulted,
  kBankReconciled,
  kBookChanged = 100,
  kPositionChanged,
  kOrderTermsChanged,
  kOrderStands,
  kOrderAccepted,
  kOrderTraded,
  kOrderOut,
  kBookIndicated,
  kHaltChanged = 120,
  kKillChanged,
  kTradingChanged,
  kTradeBusted,
  kSessionChanged = 130,
  kClockChanged,
  kQuotaChanged,
  kSealKeyChanged = 140,
  kSealedChanged,
  kSealedBidChanged,
  kProxyChanged = 150,
  kDivisibleChanged,
  kLotBidChanged,
  kQuantityBidAccepted,
  kRequestChanged = 160,
  kQuoteChanged,
  kMandateChanged = 170,
  kDisputeChanged = 175
};

struct EventHeader {
  EventType type;
  std::uint16_t reserved;
  std::uint32_t size;  ///< of the whole event in bytes, a multiple of 16
  Sequence sequence;   ///< of the command (or of the command before which a timer fired)
  Time time;           ///< the market's time
};
static_assert(sizeof(EventHeader) == 24);

/// The answer to one command. Sent for every command, last of its events. Salt and leaf are of the
/// record `header.sequence` (R13.2); the sequencer sets them for what came through a door, else 0.
struct Replied {
  static constexpr EventType kType = EventType::kReplied;
  EventHeader header;
  std::uint64_t origin;     ///< the gateway's own token; set by the sequencer, 0 on replay
  Sequence first_sequence;  ///< where the outcome was decided: differs from header.sequence for a
                            ///< repeated client id
  Fen frozen;               ///< by this command
  ClientId client_id;
  UserId user;
  std::uint32_t id;  ///< of what was made: lot, contract, pending, ...
  Reject reject;
  CommandType command;
  std::uint8_t repeated;  ///< 1: the outcome of an earlier command with the same client id
  std::uint32_t detail;   ///< for a refusal: the document kind, lot, ... that it names; 0 = none
  std::array<std::uint8_t, 16> salt;
  std::array<std::uint8_t, 32> leaf;
};

/// An after-image: `id` is the row's index in its table.
template <EventType type, class RowType>
struct RowChanged {
  static constexpr EventType kType = type;
  EventHeader header;
  std::uint64_t id;
  RowType row;
};
using MarketChanged = RowChanged<EventType::kMarketChanged, MarketRow>;
using UserChanged = RowChanged<EventType::kUserChanged, UserRow>;
using ParticipantChanged = RowChanged<EventType::kParticipantChanged, ParticipantRow>;
using RelationChanged = RowChanged<EventType::kRelationChanged, RelationRow>;
using PendingChanged = RowChanged<EventType::kPendingChanged, PendingRow>;
using ProductChanged = RowChanged<EventType::kProductChanged, ProductRow>;
using ProductTermsChanged = RowChanged<EventType::kProductTermsChanged, ProductTermsRow>;
using ReferenceChanged = RowChanged<EventType::kReferenceChanged, ReferenceRow>;
using MarkChanged = RowChanged<EventType::kMarkChanged, MarkRow>;
using GrantChanged = RowChanged<EventType::kGrantChanged, GrantRow>;
using ClaimChanged = RowChanged<EventType::kClaimChanged, ClaimRow>;
using LotChanged = RowChanged<EventType::kLotChanged, LotRow>;
using SealKeyChanged = RowChanged<EventType::kSealKeyChanged, SealKeyRow>;
using SealedChanged = RowChanged<EventType::kSealedChanged, SealedRow>;
using SealedBidChanged = RowChanged<EventType::kSealedBidChanged, SealedBidRow>;
using ProxyChanged = RowChanged<EventType::kProxyChanged, ProxyRow>;
using DivisibleChanged = RowChanged<EventType::kDivisibleChanged, DivisibleRow>;
using LotBidChanged = RowChanged<EventType::kLotBidChanged, LotBidRow>;
using DocumentChanged = RowChanged<EventType::kDocumentChanged, LotDocumentRow>;
using TagsAdded = RowChanged<EventType::kTagsAdded, TagRangeRow>;
using ContractChanged = RowChanged<EventType::kContractChanged, ContractRow>;
using DeliveryChanged = RowChanged<EventType::kDeliveryChanged, DeliveryRow>;
using TruckAdded = RowChanged<EventType::kTruckAdded, TruckRow>;
using GroupChanged = RowChanged<EventType::kGroupChanged, GroupRow>;
using DayPriceChanged = RowChanged<EventType::kDayPriceChanged, DayPriceRow>;
using BookChanged = RowChanged<EventType::kBookChanged, BookRow>;
using PositionChanged = RowChanged<EventType::kPositionChanged, PositionRow>;
using OrderTermsChanged = RowChanged<EventType::kOrderTermsChanged, OrderTermsRow>;
using OrderStands = RowChanged<EventType::kOrderStands, OrderSlot>;  ///< from a snapshot
using HaltChanged = RowChanged<EventType::kHaltChanged, HaltRow>;
using KillChanged = RowChanged<EventType::kKillChanged, KillRow>;
using TradingChanged = RowChanged<EventType::kTradingChanged, TradingRow>;
/// Only where the whole state is described (after a snapshot); otherwise balances move by Posted.
/// `id` is the account_index() of the engine: participant x kCurrencies + currency.
using AccountChanged = RowChanged<EventType::kAccountChanged, AccountRow>;
using OperatorAccountsChanged =
    RowChanged<EventType::kOperatorAccountsChanged, OperatorAccountsRow>;

using SessionChanged = RowChanged<EventType::kSessionChanged, SessionRow>;
using ClockChanged = RowChanged<EventType::kClockChanged, ClockRow>;
using QuotaChanged = RowChanged<EventType::kQuotaChanged, QuotaRow>;
using RequestChanged = RowChanged<EventType::kRequestChanged, RequestRow>;
using MandateChanged = RowChanged<EventType::kMandateChanged, MandateRow>;
using DisputeChanged = RowChanged<EventType::kDisputeChanged, DisputeRow>;
using QuoteChanged = RowChanged<EventType::kQuoteChanged, QuoteRow>;

/// A participant's side of a balanced set of postings: what each of its accounts gained or lost.
struct Posted {
  static constexpr EventType kType = EventType::kPosted;
  EventHeader header;
  std::array<Fen, kBuckets> delta;
  ParticipantId participant;
  LotId lot;
  ContractId contract;
  Currency currency;
  PostingReason reason;
  std::uint16_t reserved;
};

/// The operator's side.
struct OperatorPosted {
  static constexpr EventType kType = EventType::kOperatorPosted;
  EventHeader header;
  Fen delta;
  ParticipantId counterparty;
  ContractId contract;
  OperatorAccount account;
  Currency currency;
  PostingReason reason;
  std::uint8_t reserved;
  std::uint32_t reserved2;
};

/// The only change to a lot by a bid: best, leader, close, count. No LotChanged follows.
struct BidAccepted {
  static constexpr EventType kType = EventType::kBidAccepted;
  EventHeader header;
  Price price;
  std::int64_t close_at;
  Fen frozen;  ///< both bonds
  LotId lot;
  ParticipantId bidder;
  UserId user;
  ParticipantId outbid;  ///< released; 0 = none
  LotId goods;
  std::uint32_t bids;
};

/// A bid for a part of a divisible lot (R5.3.7). The rows follow: LotBidChanged for each bid that
/// it changed, DivisibleChanged, LotChanged.
struct QuantityBidAccepted {
  static constexpr EventType kType = EventType::kQuantityBidAccepted;
  EventHeader header;
  Price price;
  std::int64_t quantity;
  std::int64_t close_at;
  Fen frozen;  ///< both bonds
  LotId lot;
  ParticipantId bidder;
  UserId user;
  LotId goods;
  std::uint32_t bids;
  std::uint32_t reserved;
};

struct BidStruck {  ///< R5.7
  static constexpr EventType kType = EventType::kBidStruck;
  EventHeader header;
  Price price;
  LotId lot;
  ParticipantId bidder;
};

struct LotClosed {  ///< an auction or listing ended; the row follows in LotChanged
  static constexpr EventType kType = EventType::kLotClosed;
  EventHeader header;
  Price price;
  LotId lot;
  ContractId contract;  ///< 0 = unsold
};

struct TradeConcluded {
  static constexpr EventType kType = EventType::kTradeConcluded;
  EventHeader header;
  Price price;
  std::int64_t quantity;  ///< quantity units
  std::int64_t weight;    ///< grams, or count by count
  Fen nominal;
  ContractId contract;
  LotId lot;
  ProductId product;
  std::uint32_t region;  ///< county code of origin
  std::uint32_t day;     ///< local days since 1970
  std::uint8_t grade;
  Method method;
  std::uint8_t related;  ///< excluded from the index
  std::uint8_t reserved;
};

/// R12.4: a trade that was concluded counts no more.
struct TradeBusted {
  static constexpr EventType kType = EventType::kTradeBusted;
  EventHeader header;
  Price price;
  std::int64_t quantity;
  std::int64_t weight;  ///< as in TradeConcluded
  std::int64_t concluded_at;
  ContractId contract;
  LotId lot;
  ProductId product;
  std::uint32_t region;
  std::uint32_t day;
  std::uint8_t grade;
  Method method;
  std::uint8_t related;  ///< was never counted
  std::uint8_t reserved;
};

/// One rounded line of a settlement, in the order of the sheet (R9.1).
enum class LineKind : std::uint8_t {
  kGoods = 1,
  kFeeBuyer,
  kFeeSeller,
  kDisposal,
  kForfeit,
  kRefund,
  kTopUp,
  kVatMemo,
  kDeductionMemo,
  kDisputed /* R8.6: claimed */,
  kAward /* what it changed in the goods */
};
struct SettlementLine {
  static constexpr EventType kType = EventType::kSettlementLine;
  EventHeader header;
  Price price;            ///< price + adjustments, or the rate
  std::int64_t quantity;  ///< grams or head
  Fen amount;
  ContractId contract;
  std::uint32_t group;  ///< row of the group, 0 = none
  LineKind kind;
  std::uint8_t reserved[7];
};

struct Settled {
  static constexpr EventType kType = EventType::kSettled;
  EventHeader header;
  Fen goods;
  Fen buyer_pays;
  Fen seller_receives;
  ContractId contract;
  std::uint32_t reserved;
};

struct Defaulted {
  static constexpr EventType kType = EventType::kDefaulted;
  EventHeader header;
  Fen forfeited;
  ContractId contract;
  ParticipantId defaulter;
  DefaultKind kind;
  std::uint8_t reserved[7];
};

struct BankReconciled {  ///< R3.4: difference = bank - mirror
  static constexpr EventType kType = EventType::kBankReconciled;
  EventHeader header;
  Fen mirror;
  Fen difference;
  Currency currency;
  std::uint8_t reserved[7];
};

// --- the order book, R5.4. Books and positions follow from these: their rows are told only when a
// phase begins, and in order of the book's time. ---

/// An order came in: what traded of it is told before, by OrderTraded of the same sequence.
struct OrderAccepted {
  static constexpr EventType kType = EventType::kOrderAccepted;
  EventHeader header;
  OrderId id;        ///< 0: nothing rests
  OrderId replaces;  ///< the order whose place it takes, or the stop order that was triggered
  Price price;       ///< limit, or the trigger of a stop order that waits; 0 = market
  std::uint32_t quantity;
  std::uint32_t traded;
  std::uint32_t shown;  ///< rests, for all to see
  std::uint32_t hidden;
  std::uint32_t cancelled;  ///< by its life, by self-trade prevention, or after kMaxOrdersMet
  std::uint32_t position;
  ParticipantId participant;
  UserId user;
  std::uint16_t book;  ///< BookId - 1
  std::uint8_t queue;  ///< as OrderSlot
  OrderKind kind;
  OrderLife life;
  SelfTrade self_trade;
  std::uint8_t reserved[2];
};

struct OrderTraded {
  static constexpr EventType kType = EventType::kOrderTraded;
  EventHeader header;
  std::int64_t number;  ///< of the session's trades, from 1
  Price price;
  OrderId buy;  ///< 0: came in just now, and may not rest
  OrderId sell;
  std::uint32_t quantity;
  std::uint32_t buyer;  ///< position
  std::uint32_t seller;
  std::uint16_t book;
  std::uint8_t taker;  ///< BookSide of who came in; 2: both rested, a call auction
  std::uint8_t
      refilled;  ///< BookSide + 1 of an iceberg that showed its next part, the last in time
};

/// An order, or a part of it, left the book without a trade.
struct OrderOut {
  static constexpr EventType kType = EventType::kOrderOut;
  EventHeader header;
  OrderId id;
  Price price;
  std::uint32_t quantity;  ///< that left
  std::uint32_t left;      ///< that stays, shown
  std::uint32_t position;
  std::uint16_t book;
  std::uint8_t queue;
  OrderOutReason reason;
};

/// What a call auction would give now.
struct BookIndicated {
  static constexpr EventType kType = EventType::kBookIndicated;
  EventHeader header;
  Price price;  ///< 0 = nothing would trade
  std::int64_t quantity;
  std::int64_t imbalance;
  std::uint32_t book;
  std::uint32_t reserved;
};

/// Between engine thread and view: everything up to here is in the snapshot of this sequence.
struct SnapshotTaken {
  static constexpr EventType kType = EventType::kSnapshotTaken;
  EventHeader header;
  Sequence sequence;
};

}  // namespace hulan::model
