// SPDX-License-Identifier: Apache-2.0
// The engine's state, row by row: trivially copyable, without padding, so that a page of rows can
// be hashed, written to a snapshot and sent in an event as it is. Rows hold numbers and hashes;
// names live in identity, texts and pictures in the document store (R13.3). All times UTC
// nanoseconds; 0 = not set.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "model/enums.h"
#include "model/ids.h"
#include "model/limits.h"
#include "model/units.h"

namespace hulan::model {

template <class T>
concept Row = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>;

/// The market itself: one row. Values are configuration with the rulebook's defaults.
struct MarketRow {
  Fen withdrawal_limit_fen;   ///< above it a withdrawal needs the second pair of eyes (R2.4)
  std::int64_t notice_ns;     ///< least time between notice and opening of an auction (R5.3)
  std::int64_t exclusive_ns;  ///< R5.3.6
  std::int64_t
      settle_after_ns;  ///< R8.6: settlement runs so long after the weighing if nobody objects
  std::int64_t client_id_ns;  ///< how long outcomes are kept (24 h)
  std::int32_t utc_offset_s;  ///< the market's zone (R1.1); Shanghai 28800
  std::uint32_t market_days;  ///< bit 0 Monday ... bit 6 Sunday
  std::uint32_t pay_minute;   ///< minute of the day D+1 by which the buyer prepays (R7.2): 1020
  std::uint32_t
      topup_minute;  ///< minute of the next market day by which a shortage is topped up (R9.4): 720
  std::uint32_t defaults_to_suspend;  ///< R10.3: 3 in 12 months
  std::uint32_t initialized;          ///< 1 once InitMarket was applied
  DocumentHash name_document;
};
static_assert(Row<MarketRow>);

struct UserRow {
  ParticipantId participant;  ///< 0 for staff
  std::uint16_t roles;        ///< Role bits
  std::uint8_t active;
  std::uint8_t exists;
};
static_assert(Row<UserRow>);

struct ParticipantRow {
  ParticipantKind kind;
  LegalForm form;
  VatStatus vat;
  ParticipantState state;                     ///< 0 = no such participant
  std::uint32_t region;                       ///< 6-digit county code
  std::uint32_t defaults;                     ///< R10.3, all time
  std::uint32_t clean_trades;                 ///< contracts closed without a default
  std::array<std::int64_t, 3> default_times;  ///< the latest three, R10.3
  DocumentHash name_hmac;                     ///< R13.3
};
static_assert(Row<ParticipantRow>);

/// R3.1: one participant's money in one currency.
struct AccountRow {
  std::array<Fen, kBuckets> balance;  ///< by Bucket; never negative (R1.5)
};
static_assert(Row<AccountRow>);

struct OperatorAccountsRow {
  std::array<std::array<Fen, kOperatorAccounts>, kCurrencies>
      balance;  ///< bank is <= 0, payouts etc. >= 0
};
static_assert(Row<OperatorAccountsRow>);

/// R8.4: an average weight in (low, high] and so on, with what it does to the price.
struct WeightBand {
  std::int64_t low_g;
  std::int64_t high_g;
  std::int32_t adjust;     ///< price units
  std::uint8_t low_open;   ///< 1: low itself is outside
  std::uint8_t high_open;  ///< 1: high itself is outside
  std::uint16_t reserved;
};

/// One version of a product definition, R4.1. Names and texts: the definition document by its hash.
struct ProductRow {
  DocumentHash document;      ///< canonical JSON of the definition, with names in three languages
  std::array<char, 24> code;  ///< "live-hog", zero-padded ASCII
  std::int64_t effective_at;
  Price tick;
  std::int64_t lot_minimum;      ///< in quantity units
  std::int64_t fee_fen_per_t;    ///< R9.1, by weight
  Fen fee_fen_per_head;          ///< by count
  Fen disposal_fen_per_head;     ///< R8.5
  Fen keeping_fen_per_head_day;  ///< R10.1
  std::int64_t close_window_ns;  ///< default W of the soft close, R5.3.2
  std::int64_t notice_ns;        ///< 0: the market's
  std::uint32_t version;         ///< of this product, from 1
  ProductId previous;            ///< row of the version before, 0 = first
  std::uint32_t methods;         ///< method_bit()s
  std::uint32_t band_bp;         ///< R5.5; 0 = no band
  std::uint32_t bond_bp;         ///< R6.1
  std::uint32_t trading_bond_bp;
  std::uint32_t shrink_bp;              ///< R8.3
  std::uint32_t head_tolerance_bp;      ///< R8.5
  std::uint32_t short_tolerance_bp;     ///< R10.2: 200
  std::uint32_t over_weight_bp;         ///< R8.8: 500
  std::uint32_t fee_vat_bp;             ///< R9.1: 600
  std::uint32_t purchase_deduction_bp;  ///< R9.3: 900
  std::uint32_t vat_general_bp;         ///< R9.3: 900
  std::uint32_t vat_small_bp;           ///< R9.3: 100
  std::uint32_t vat_exempt_bp;          ///< 0, for processed goods sold by producers it may differ
  PriceBasis basis;
  QuantityUnit unit;
  Currency currency;
  std::uint8_t exists;
  std::uint8_t grade_count;  ///< grades are 1..grade_count; 0: the product has none (grade 0)
  std::uint8_t single_count;
  std::uint8_t band_count;
  std::uint8_t required_count;
  std::uint8_t needs_average;     ///< 1: by weight, quantity in head, lots state an average weight
  std::uint8_t needs_tags;        ///< R4.3: 15-digit ear tags
  std::uint8_t needs_quarantine;  ///< R4.3: form A or B at loading
  std::uint8_t needs_vehicle;     ///< R4.3: filed vehicle at loading
  std::array<std::int32_t, kMaxGrades> grade_adjust;          ///< price units, index grade - 1
  std::array<std::int32_t, kMaxSingleClasses> single_adjust;  ///< index class - 1
  std::array<WeightBand, kMaxWeightBands> bands;
  std::array<std::uint8_t, kMaxRequiredDocuments>
      required;  ///< DocumentKind to be valid before listing
  std::array<std::uint64_t, kMaxZones + 6>
      zone_to;  ///< R4.3: [from province slot] bit mask of destinations; all ones = free
};
static_assert(Row<ProductRow>);

/// What a version of a product says beyond its ProductRow; in the row of the same number. A version
/// that says nothing of this has none. Quantities in the product's quantity unit; 0 = none.
struct ProductTermsRow {
  std::array<char, 64> permit_authority;  ///< R5.4: who permits an order book; UTF-8, zero-padded
  std::array<char, 32> permit_number;
  std::int64_t permit_date;         ///< the day on it, 0:00 of the market's zone
  std::int64_t order_quantity_max;  ///< R12.1: of one order, bid or take
  std::int64_t day_quantity_max;    ///< R12.1: of one participant on one market day
  std::int64_t clock_tick_ns;       ///< R5.3.3; 0 = the default of 500 ms
  std::int64_t call_auction_ns;     ///< R5.4: how long the book's opening and closing auctions last
  std::uint32_t volatility_bp;      ///< R5.4: a move of this much calls a volatility auction
  std::uint8_t self_trades;         ///< 1: the book may let one trade with oneself (sandbox)
  std::uint8_t exists;
  std::uint16_t reserved;
};
static_assert(Row<ProductTermsRow>);

/// R5.5: the reference price of a product (by code of its first version), grade and province.
struct ReferenceRow {
  Price price;
  std::int64_t since;
  ProductId product;       ///< first version's row
  std::uint32_t province;  ///< 2 digits
  std::uint8_t grade;
  std::uint8_t stated;  ///< 1: stated by the operator, 0: from a session
  std::uint16_t reserved;
  std::uint32_t day_row;  ///< latest day of trades in the province, 0 = none
};
static_assert(Row<ReferenceRow>);

/// An origin mark (生态原产地保护产品) or a brand, R4.2.
struct MarkRow {
  DocumentHash certificate;
  std::int64_t valid_from;
  std::int64_t valid_until;
  ParticipantId holder;
  ProductId product;    ///< first version's row
  std::uint32_t place;  ///< county code the goods must come from, 0 = any
  std::uint32_t exists;
};
static_assert(Row<MarkRow>);

struct GrantRow {
  std::int64_t valid_until;
  MarkId mark;
  ParticipantId farm;
  std::uint32_t revoked;
  std::uint32_t reserved;
};
static_assert(Row<GrantRow>);

struct RelationRow {  // R5.6
  ParticipantId a;
  ParticipantId b;
  std::uint32_t active;
};
static_assert(Row<RelationRow>);

/// Something that waits for a second person, R2.4.
struct PendingRow {
  DocumentHash content;  ///< SHA-256 of the proposed command's body: what the approver signs
  std::int64_t created_at;
  Fen amount;
  PendingKind kind;
  PendingState state;
  std::uint8_t approvals;  ///< so far
  std::uint8_t needed;
  UserId proposer;
  UserId first_approver;
  std::uint32_t subject;   ///< participant, product row, lot or contract, by kind
  std::uint32_t detail;    ///< currency; manual posting: + slot of `from` << 8 + slot of `to` << 16
  std::uint32_t detail2;   ///< manual posting: participant of `to` (`subject` is that of `from`)
  DocumentHash reference;  ///< bank reference, reason or account: a hash or 32 bytes of text
};
static_assert(Row<PendingRow>);

struct LotRow {
  Price price;  ///< listing price or auction start
  Price step;
  Price reserve;           ///< secret: never leaves the engine towards the public; 0 = none
  Price cap;               ///< 0 = none
  Price best;              ///< standing best bid, 0 = none
  std::int64_t quantity;   ///< in the product's quantity unit
  std::int64_t remaining;  ///< untaken
  std::int64_t minimum;    ///< least part of a take
  std::int64_t average_g;  ///< needs_average products
  std::int64_t created_at;
  std::int64_t open_at;
  std::int64_t close_at;   ///< of the auction; a listing's expiry
  std::int64_t window_ns;  ///< soft close W
  std::int64_t exclusive_until;
  std::int64_t pickup_from;  ///< delivery or pick-up window
  std::int64_t pickup_until;
  Fen initiator_bond;          ///< frozen performance bond of the initiator, still on this lot
  Fen initiator_trading_bond;  ///< the same of a buyer that asks (R6.1)
  Fen leader_bond;             ///< performance bond of the standing best
  Fen leader_trading_bond;
  LotId id;
  ProductId product;  ///< row of the version in force when posted
  ParticipantId initiator;
  ParticipantId farm;  ///< who raised or grew it; the initiator unless said otherwise
  ParticipantId leader;
  UserId leader_user;
  LotId leader_goods;  ///< reverse: the goods the leader offers
  LotId used_by;       ///< these goods stand behind a take or bid on that lot
  MarkId mark;
  std::uint32_t origin;  ///< 6-digit county code
  std::uint32_t place;   ///< county code of pick-up (origin terms) or delivery (destination terms)
  std::uint32_t spot;    ///< place of the market's own list (yard, berth, terminal), 0 = none
  std::uint32_t bids;
  std::uint32_t first_document;  ///< newest first, 0 = none
  std::uint32_t first_tags;
  std::uint32_t tag_count;
  std::uint32_t contracts;
  std::uint32_t part_count;  ///< parts possible, for the 2 fen of R6.4
  std::uint32_t bid_stack;   ///< row of the bids that were outbid, 0 = none
  ContractId last_contract;
  Side side;
  Method method;
  LotState state;
  Terms terms;
  std::uint8_t grade;  ///< 1..grade_count or 0
  std::uint8_t withdrawn_reason;
  std::uint16_t reserved;
  DocumentHash sheet;  ///< JSON document: title, description, photos
};
static_assert(Row<LotRow>);

/// A bid that was outbid: it leads again, if its bonds freeze, when all better ones are struck
/// (R5.7).
struct OutbidRow {
  Price price;
  ParticipantId bidder;
  UserId user;
  LotId goods;
  std::uint32_t reserved;
};
/// The latest outbid bids of one auction, a bidder's best only, oldest first; beyond kKeptBids the
/// oldest is forgotten.
struct BidStackRow {
  std::array<OutbidRow, kKeptBids> bids;
  LotId lot;
  std::uint32_t count;
};
static_assert(Row<BidStackRow>);

/// A catalogue of lots of one product and side that runs by itself (R5.3).
struct SessionRow {
  Int128 weighted;        ///< of what it concluded: sum(weight x price)
  std::int64_t weight;    ///< grams, or count by count
  std::int64_t opens_at;  ///< announced for; the first clock starts no earlier
  std::int64_t ended_at;
  std::int64_t due;       ///< when it goes on by itself, the shared clock's end; 0 = ended
  std::int64_t tick_ns;   ///< R5.3.3
  std::int64_t pause_ns;  ///< between two lots
  ProductId product;      ///< first version's row
  std::uint32_t lots;     ///< entered
  std::uint32_t begun;    ///< lots that have had their turn
  LotId first_lot;        ///< by entry, once running in the order drawn; ClockRow::next goes on
  LotId current;          ///< on the clock, or the last that was; 0 = none yet
  LotId next;             ///< whose turn comes then; of a shared clock, whose close
  QuotaId first_quota;    ///< newest first
  std::uint32_t quotas;
  std::uint32_t timer;  ///< number of the timer that counts; older ones are stale
  SessionKind kind;
  SessionState state;
  UnsoldRule unsold;
  Side side;
  std::int64_t began_at;  ///< R5.3.2: the shared clock's length counts from here; 0 = none
  DocumentHash seed;      ///< R5.3.3: of the order; each entry's client id is hashed into it
  DocumentHash title;     ///< JSON document: names in three languages
};
static_assert(Row<SessionRow>);

/// A lot's clock (R5.3.3); in the row of the lot's number.
struct ClockRow {
  std::int64_t started_at;  ///< of this run at `from`; 0 = not running
  Price from;
  Price floor;           ///< where it ends; of a buyer's clock, which rises, the ceiling
  std::int64_t tick_ns;  ///< one step each
  SessionId session;
  LotId next;           ///< in the session
  std::uint32_t place;  ///< 1.. in the order drawn, 0 = not drawn yet
  std::uint32_t reserved;
};
static_assert(Row<ClockRow>);

/// R5.3.3: what a buyer takes of the unsold, at the session's mean; bonded beforehand.
struct QuotaRow {
  Fen bond;  ///< still frozen
  Fen trading_bond;
  std::int64_t quantity;
  std::int64_t left;  ///< not allocated yet
  SessionId session;
  ParticipantId buyer;
  UserId user;
  QuotaId next;  ///< of the same session
};
static_assert(Row<QuotaRow>);
/// R5.3.5: the standing best's proxy, by the lot's number; all zero: none. Others are beaten
/// already.
struct ProxyRow {
  Price maximum;    ///< secret; where prices fall the lowest it goes to
  Fen performance;  ///< frozen beyond the leader's own bonds, up to those at the maximum
  Fen trading;
  ParticipantId bidder;
  UserId user;
};
static_assert(Row<ProxyRow>);

/// R5.3.7: what a divisible auction has beyond its lot's row, by the lot's number.
struct DivisibleRow {
  Price marginal;        ///< the worst bid that gets something; 0 while the lot is not covered
  Price clearing;        ///< at the close: the worst accepted price, 0 = none
  std::int64_t covered;  ///< quantity that live bids get
  LotId lot;
  std::uint32_t first;         ///< live bids by rank, LotBidRow
  std::uint32_t first_outbid;  ///< remembered ones, best first
  std::uint32_t live;
  Award award;           ///< kWhole: the lot is not divisible
  std::uint8_t closing;  ///< 1: the close is being worked through
  std::uint16_t reserved;
  std::uint32_t accepted;  ///< then: so many of the live bids are still to be concluded
};
static_assert(Row<DivisibleRow>);

/// A bid for a part. In the unused row 0, `next` begins the list of free rows.
struct LotBidRow {
  Price price;
  std::int64_t quantity;
  Fen performance;  ///< frozen for the whole quantity
  Fen trading;
  std::uint64_t order;  ///< sequence of the bid
  LotId lot;
  ParticipantId bidder;
  UserId user;
  LotId goods;
  std::uint32_t next;
  LotBidState state;
  std::uint8_t reserved0;
  std::uint16_t reserved1;
};
static_assert(Row<LotBidRow>);

/// R5.2: a request for quotes, by its lot's number. Its life is the lot's.
struct RequestRow {
  LotId lot;
  QuoteId first;         ///< newest; QuoteRow::next goes on
  std::uint32_t quotes;  ///< numbers so far
  std::uint32_t live;
  std::uint32_t named_count;  ///< 0 = open to all
  std::array<ParticipantId, kMaxNamed> named;
};
static_assert(Row<RequestRow>);

/// R5.2: one number in the conversation between who asked and one other participant.
struct QuoteRow {
  Price price;
  std::int64_t quantity;
  std::int64_t made_at;
  std::int64_t expires_at;
  Fen performance;  ///< of its maker, frozen while it stands
  Fen trading;
  LotId request;
  LotId goods;                 ///< of a maker that sells into a request
  ParticipantId counterparty;  ///< with whom the asker talks
  ParticipantId maker;         ///< one of the two
  UserId user;
  QuoteId previous;  ///< what it answers, 0 = the first number
  QuoteId next;      ///< of the same request, older
  ContractId contract;
  QuoteState state;
  std::uint8_t reserved0;
  std::uint16_t reserved1;
  std::uint32_t reserved2;
};
static_assert(Row<QuoteRow>);

/// R2.5: what an agent may do in its principal's name.
struct MandateRow {
  Fen limit;  ///< of the nominals that it commits
  Fen used;
  std::int64_t made_at;
  std::int64_t expires_at;
  ParticipantId agent;
  ParticipantId principal;
  MandateId next;                                       ///< of the same principal
  std::array<ProductId, kMaxMandateProducts> products;  ///< first versions; none: all
  MandateState state;
  std::uint8_t sides;  ///< 1 sells, 2 buys
  std::uint16_t reserved;
};
static_assert(Row<MandateRow>);

/// What was done on one lot under a mandate.
struct ActRow {
  Fen nominal;  ///< the highest asked; counted in the mandate's sum
  LotId lot;
  MandateId mandate;
  std::uint32_t next;  ///< of the same lot
  Side side;           ///< of the principal
  std::uint8_t reserved0;
  std::uint16_t reserved1;
};
static_assert(Row<ActRow>);

/// Where a chain of rows begins.
struct HeadRow {
  std::uint32_t first;
};
static_assert(Row<HeadRow>);

/// R5.3.4: the key of a sealed session, in two shares with two people of staff.
struct SealKeyRow {
  DocumentHash public_key;                 ///< X25519
  std::array<DocumentHash, 2> share_hash;  ///< SHA-256 of each share
  std::array<DocumentHash, 2> share;       ///< zero until revealed; secret = share 1 xor share 2
  std::array<UserId, 2> holders;
  std::int64_t closes_at;  ///< latest close of its lots: no share before
  LotId first_lot;         ///< by announcement; SealedRow::next goes on
  LotId last_lot;
  std::uint32_t lots;
  std::uint32_t revealed;  ///< bit mask of the shares
};
static_assert(Row<SealKeyRow>);

/// R5.3.4: what a sealed auction has beyond its lot's row, by the lot's number.
struct SealedRow {
  Price low;  ///< lowest and highest price that the notice allows; bonds are at the highest
  Price high;
  Price clearing;  ///< after the opening: worst accepted price, or what the winner pays; 0 = none
  LotId lot;       ///< 0: no sealed auction
  SealKeyId key;
  LotId next;           ///< of the same key
  std::uint32_t first;  ///< envelopes by sequence
  std::uint32_t last;
  std::uint32_t envelopes;
  std::uint32_t at;           ///< the next one to open
  std::uint32_t to_conclude;  ///< winners that have no contract yet
  SealedAward award;
  SealedPhase phase;
  std::uint16_t reserved0;
  std::uint32_t reserved1;
};
static_assert(Row<SealedRow>);

/// One sealed bid. Price, quantity and salt are known from the opening on.
struct SealedBidRow {
  Price price;
  std::int64_t quantity;
  std::int64_t awarded;
  Fen performance;  ///< still frozen
  Fen trading;
  std::uint64_t order;  ///< sequence of the commitment
  LotId lot;
  ParticipantId bidder;
  UserId user;
  LotId goods;
  std::uint32_t next;
  EnvelopeState state;
  std::uint8_t reserved0;
  std::uint16_t reserved1;
  DocumentHash commitment;
  std::array<std::uint8_t, 80> box;
  std::array<std::uint8_t, 16> salt;
};
static_assert(Row<SealedBidRow>);

struct LotDocumentRow {
  DocumentHash hash;
  std::array<char, 24> number;  ///< as printed on the paper
  std::int64_t issued_at;
  std::int64_t expires_at;  ///< kNever if it does not
  LotId lot;
  std::uint32_t next;
  UserId attached_by;
  DocumentKind kind;
  std::uint8_t checked;  ///< 1: an inspector confirmed it
  std::uint16_t reserved;
};
static_assert(Row<LotDocumentRow>);

struct TagRangeRow {  // R4.3: consecutive 15-digit ear tags
  std::uint64_t first;
  std::uint32_t count;
  LotId lot;
  std::uint32_t next;   ///< of the same lot
  std::uint32_t left;   ///< tree of all ranges by number, for "tag in use"
  std::uint32_t right;  ///< the same
  std::uint32_t reserved;
};
static_assert(Row<TagRangeRow>);

/// Single numbers of the state that have no table of their own.
struct RootsRow {
  std::uint32_t tags;  ///< root of the tree of ear tags
  std::uint32_t reserved;
};
static_assert(Row<RootsRow>);

struct ContractRow {
  Price price;
  std::int64_t quantity;
  std::int64_t average_g;
  Fen nominal;
  Fen seller_bond;  ///< performance, still frozen
  Fen buyer_bond;
  Fen seller_trading_bond;
  Fen buyer_trading_bond;
  Fen prepaid;  ///< in escrow for this contract
  Fen goods;    ///< settlement figures, R9
  Fen fee_each;
  Fen disposal;
  Fen buyer_pays;
  Fen buyer_refund;
  Fen buyer_topup;
  Fen seller_receives;  ///< may be negative (R9.2)
  Fen seller_vat;
  Fen buyer_deduction;
  Fen forfeited;
  Fen shortage;            ///< still to be topped up
  std::int64_t settled_g;  ///< or head by count
  std::int64_t concluded_at;
  std::int64_t deadline;  ///< of the next step
  std::int64_t weighed_at;
  std::int64_t settled_at;
  std::int64_t pickup_from;
  std::int64_t pickup_until;
  std::int64_t agreed_adjust;  ///< R8.4 outside the band: agreed by both, price units
  std::int64_t seller_adjust;  ///< as proposed by the seller; buyer's follows
  std::int64_t buyer_adjust;
  std::int64_t average_live_g;
  std::int64_t resale_price;  ///< R10.1, 0 = none
  std::int64_t keeping_fen;
  ContractId id;
  LotId lot;
  LotId goods_lot;  ///< the seller's goods: the lot itself, or what the taker of a request named
  ProductId product;
  ParticipantId seller;
  ParticipantId buyer;
  std::uint32_t first_delivery;
  std::uint32_t delivery_count;
  std::uint32_t place;
  std::uint32_t spot;
  std::uint32_t origin;
  std::uint32_t live_head;
  std::uint32_t dead_head;
  std::int32_t band;  ///< adjustment of the average-weight band, price units
  ContractState state;
  ContractState before;  ///< state when disputed
  Terms terms;
  Method method;
  std::uint8_t grade;
  DefaultKind default_kind;
  std::uint8_t seller_flags;  ///< Agreement bits
  std::uint8_t buyer_flags;
  std::uint8_t adjust_needed;  ///< 1: the average is outside the bands and no adjustment is agreed
  std::uint8_t seller_adjust_set;
  std::uint8_t buyer_adjust_set;
  std::uint8_t claim_registered;
  std::uint32_t related;  ///< R5.6: 1: the parties were related; in no price (R11.2)
};
static_assert(Row<ContractRow>);

enum Agreement : std::uint8_t { kAcceptedWeighing = 1, kAgreedCancel = 2 };

struct DeliveryRow {
  std::int64_t quantity;  ///< of the contract, in quantity units
  Fen share;              ///< R7.5: of the prepaid nominal
  std::int64_t planned_at;
  std::int64_t loaded_at;
  std::int64_t arrived_at;
  std::int64_t weighed_at;
  std::int64_t loaded_quantity;
  std::int64_t origin_g;       ///< weighed at the farm
  std::int64_t destination_g;  ///< weighed on arrival: sum of the trucks
  std::int64_t certificate_issued;
  std::int64_t certificate_expires;
  std::int64_t vehicle_filed_until;
  ContractId contract;
  std::uint32_t next;  ///< of the same contract
  ParticipantId carrier;
  std::uint32_t first_truck;
  std::uint32_t first_group;
  std::uint32_t dead;
  std::array<char, 16> vehicle;  ///< plate, UTF-8
  std::array<char, 24> certificate_number;
  DocumentHash certificate;
  DocumentHash driver;  ///< HMAC of personal data
  DeliveryState state;
  DocumentKind certificate_form;
  std::uint16_t index;  ///< 1.. within the contract
  UserId inspector;
};
static_assert(Row<DeliveryRow>);

struct TruckRow {  // R8.2
  std::int64_t gross_g;
  std::int64_t tare_g;
  DeliveryId delivery;
  std::uint32_t next;
};
static_assert(Row<TruckRow>);

struct GroupRow {     // R8.2: animals or goods of one grade and class
  std::int64_t head;  ///< or pieces; 0 for goods without head
  std::int64_t net_g;
  std::int64_t settled_g;  ///< after the excess shrink of R8.3
  Price price;             ///< price + adjustments, at settlement
  Fen amount;
  DeliveryId delivery;
  std::uint32_t next;
  std::int32_t adjust;  ///< grade and single-animal tables
  std::uint8_t grade;
  std::uint8_t single_class;  ///< 0 = none
  std::uint16_t reserved;
};
static_assert(Row<GroupRow>);

struct ClaimRow {  // R10.5
  Fen amount;
  Fen paid;
  std::int64_t created_at;
  std::uint64_t sequence;
  ParticipantId creditor;  ///< 0 = the operator
  ParticipantId debtor;
  ContractId contract;
  Currency currency;
  ClaimGround ground;
  std::uint16_t reserved;
};
static_assert(Row<ClaimRow>);

/// R8.6: a claim about a weighing, by the contract that it disputes.
struct DisputeRow {
  Fen claimed;
  Fen awarded;          ///< of it, to the claimant
  Fen frozen;           ///< of the buyer's escrow, in its disputed money
  Fen weighed;          ///< goods as weighed
  Fen seller_forfeits;  ///< R10.2, R10.4: parts of the bonds, posted with the award
  Fen buyer_forfeits;
  std::int64_t filed_at;
  std::int64_t decided_at;
  ContractId contract;
  ParticipantId claimant;  ///< 0: no claim
  UserId user;
  DefaultKind failure;  ///< R10.3: counted with the award
  DisputeState state;
  std::uint16_t reserved;
  DocumentHash evidence;
};
static_assert(Row<DisputeRow>);

/// Concluded trades of one product, grade, county and day: the first form of the index (R11.2).
struct DayPriceRow {
  Int128 weighted;        ///< sum(weight or count x price)
  std::int64_t weight;    ///< grams or count
  std::int64_t quantity;  ///< head
  Price high;
  Price low;
  std::int64_t day;      ///< local days since 1970
  ProductId product;     ///< first version's row
  std::uint32_t region;  ///< county code; PP0000 = the whole province, counted beside its counties
  std::uint32_t trades;
  ParticipantId first_buyer;
  std::uint32_t buyers;  ///< 1, or 2 = two or more
  std::uint8_t grade;
  std::uint8_t reserved0;
  std::uint16_t reserved1;
  std::uint64_t reserved2[2];
};
static_assert(Row<DayPriceRow>);

/// R12.2: trading of a product stopped (row = first version's row + 1), or of the whole market (row
/// 1). While `state` is not kTrading nothing that the row covers is traded.
enum class HaltState : std::uint8_t {
  kTrading = 0,
  kHalted = 1,
  kResuming = 2 /* clocks are moved */
};
struct HaltRow {
  std::int64_t since;
  std::int64_t resume_at;  ///< announced; 0 = not yet
  std::int64_t day_end;    ///< what should have ended by then ends unsold there
  Sequence sequence;       ///< of the command that halted
  ProductId product;       ///< first version's row; 0 = the whole market
  std::uint32_t timer;     ///< which of its timers counts
  LotId cursor;            ///< of a walk over what it covers: the next lot; 0 = none under way
  HaltState state;
  std::uint8_t reserved[3];
  DocumentHash reason;
};
static_assert(Row<HaltRow>);

/// What a lot's clock has gone through beyond its LotRow; by the lot's id.
struct LotClockRow {
  std::int64_t halted_ns;  ///< R12.2: added to its times by halts
  std::uint32_t timer;     ///< which of its timers counts: those armed before are dropped
  std::uint32_t reserved;
};
static_assert(Row<LotClockRow>);

/// R12.2: the kill switch of one participant; by the participant's id.
struct KillRow {
  std::int64_t since;
  Sequence sequence;
  UserId by;
  std::uint32_t active;
  DocumentHash reason;
};
static_assert(Row<KillRow>);

/// R12.1: what one participant may trade of one product, and has traded today.
struct TradingRow {
  std::int64_t day;       ///< local days since 1970
  std::int64_t quantity;  ///< concluded on that day, on either side
  ParticipantId participant;
  ProductId product;     ///< first version's row
  std::uint32_t barred;  ///< 1: may not trade it
  std::uint32_t reserved;
};
static_assert(Row<TradingRow>);

/// R5.4: the order book of a product, with the terms of its present or latest session. Prices are
/// multiples of the tick below 65,536 ticks; quantities in standard lots.
struct BookRow {
  Int128 weighted;  ///< sum of price x lots of the session's trades
  Price tick;
  Price reference;  ///< of the session: what the one before gave, else what the operator stated
  Price band_low;   ///< R5.5, limits included
  Price band_high;
  Price last;        ///< latest trade, 0 = none yet
  Price anchor;      ///< a volatility auction is called by how far prices move from it
  Price indicative;  ///< of a call auction under way, 0 = nothing would trade
  std::int64_t indicative_quantity;
  std::int64_t imbalance;  ///< lots that would stay: > 0 bought, < 0 sold
  std::int64_t call_at;
  std::int64_t open_at;
  std::int64_t closing_call_at;
  std::int64_t close_at;
  std::int64_t phase_until;
  std::int64_t lot_quantity;  ///< of one standard lot, in the product's unit
  std::int64_t lot_measure;   ///< of one: grams, by count head
  std::int64_t order_max;     ///< R12.1, lots; 0 = none
  std::int64_t session_max;
  std::int64_t traded;     ///< lots of the session
  std::int64_t trades;     ///< of the session
  Sequence opened;         ///< the record with which continuous trading began; 0: it may not
  std::int64_t uncrossed;  ///< lots that the auction under way has traded
  ProductId product;       ///< the version whose terms hold
  std::uint32_t session;
  std::uint32_t timer;     ///< which of its timers counts
  std::uint32_t free_low;  ///< ticks between which trades call no volatility auction
  std::uint32_t free_high;
  std::uint32_t bond_bp;
  std::uint32_t trading_bond_bp;
  std::uint32_t volatility_bp;  ///< 0 = no volatility auction
  std::uint32_t first_buyer;    ///< position
  std::uint32_t buyers;         ///< of the session, counted to 2 (R11.2)
  std::int64_t call_ns;
  PriceBasis basis;
  QuantityUnit unit;
  Currency currency;
  BookPhase phase;
  BookPhase after;  ///< kUncrossing goes on to it
  std::uint8_t self_trades;
  std::uint8_t reserved[10];
};
static_assert(Row<BookRow>);

/// What one participant has traded in one book, and the bonds that stand behind it. Quantities in
/// lots.
struct PositionRow {
  ParticipantId participant;
  BookId book;
  std::uint32_t session;  ///< that `session_traded` is of
  std::uint32_t reserved;
  std::int64_t session_traded;
  std::int64_t traded;  ///< bought and sold
  std::int64_t net;     ///< bought - sold
  Fen paid;             ///< nominal of what was bought - of what was sold
  Fen performance;
  Fen trading;
};
static_assert(Row<PositionRow> && sizeof(PositionRow) == 64);

/// A live order; a free slot has quantity 0 and links the next free one. Slot 0 keeps the first
/// free slot as `next` and the number of live orders as `quantity`.
struct OrderSlot {
  std::uint32_t previous;  ///< earlier at the same price, 0 = first
  std::uint32_t next;
  std::uint32_t quantity;  ///< open and shown, lots
  std::uint32_t tick;      ///< limit; of a stop order its trigger
  std::uint32_t position;  ///< whose it is
  UserId user;
  std::uint32_t used;  ///< how often this slot held an order before
  std::uint16_t book;  ///< BookId - 1
  std::uint8_t queue;  ///< BookSide; + 2: stop orders that wait for a trade
  std::uint8_t terms;  ///< 1: the OrderTermsRow of the same number belongs to it
};
static_assert(Row<OrderSlot> && sizeof(OrderSlot) == 32);

/// The last number that a user gave an order; by the user.
struct OrderNumberRow {
  std::uint64_t last;
};
static_assert(Row<OrderNumberRow>);

/// What an order has beyond its slot.
struct OrderTermsRow {
  std::int64_t expires_at;  ///< 0 = the session's close
  std::uint32_t hidden;     ///< iceberg: open and not shown
  std::uint32_t display;    ///< iceberg: shown at a time
  std::uint32_t limit;      ///< stop order: tick once triggered, 0 = a market order
  OrderLife life;
  SelfTrade self_trade;
  std::uint8_t reserved[2];
};
static_assert(Row<OrderTermsRow>);

}  // namespace hulan::model
