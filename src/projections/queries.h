// SPDX-License-Identifier: Apache-2.0
// What can be asked of the view, and what it answers: typed data, no text. Amounts in the units of
// model/units.h, times UTC nanoseconds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/event.h"
#include "model/rows.h"

namespace hulan::projections {

/// A page of a list. `next` goes back in as the query's `cursor`; 0: there is no more. A page may
/// be short (even empty) with `next` set: a selective filter stops after a bounded walk.
template <class Item>
struct Page {
  std::vector<Item> items;
  std::uint64_t next = 0;
};

/// A set of lot or contract states.
using StateMask = std::uint32_t;
template <class State>
constexpr StateMask state_bit(State state) {
  return 1u << static_cast<unsigned>(state);
}
constexpr StateMask kAnyState = ~0u;
constexpr StateMask kLiveLots =
    state_bit(model::LotState::kListed) | state_bit(model::LotState::kAnnounced) |
    state_bit(model::LotState::kOpen) | state_bit(model::LotState::kExclusive);
constexpr StateMask kClosedLots =
    state_bit(model::LotState::kSold) | state_bit(model::LotState::kUnsold) |
    state_bit(model::LotState::kExpired) | state_bit(model::LotState::kWithdrawn);
constexpr StateMask kEndedContracts = state_bit(model::ContractState::kClosed) |
                                      state_bit(model::ContractState::kDefaulted) |
                                      state_bit(model::ContractState::kCancelled);

/// The catalogue, newest first. A zero (or kNone) does not filter.
struct LotQuery {
  StateMask states = kAnyState;
  model::ProductId product = 0;  ///< any version; lots of all versions are found
  std::uint32_t province = 0;    ///< 2 digits, of the origin, or of the place where that is open
  std::uint32_t place = 0;       ///< county code of the origin or of the hand-over
  model::ParticipantId farm = 0;
  model::ParticipantId initiator = 0;
  model::Method method = model::Method::kNone;
  std::uint8_t side = 0;  ///< a model::Side
  std::uint64_t cursor = 0;
  std::size_t limit = 100;
};

/// Contracts, newest first. `participant`: seller or buyer; 0: all (for staff).
struct ContractQuery {
  StateMask states = kAnyState;
  model::ParticipantId participant = 0;
  std::uint64_t cursor = 0;
  std::size_t limit = 100;
};

struct PendingQuery {
  bool open_only = true;
  std::uint64_t cursor = 0;
  std::size_t limit = 100;
};

struct ClaimQuery {
  model::ParticipantId participant = 0;  ///< creditor or debtor; 0: all
  std::uint64_t cursor = 0;
  std::size_t limit = 100;
};

/// A row and its number.
template <class Row>
struct Numbered {
  std::uint64_t id = 0;
  const Row* row = nullptr;  ///< valid until the next apply()
};

/// An accepted bid. `alias` 0, 1, ... ("A", "B"): the bidder's place in the order of first bids.
struct Bid {
  model::Sequence sequence = 0;
  std::int64_t time = 0;
  model::Price price{};
  model::Fen frozen{};
  model::ParticipantId bidder = 0;
  model::UserId user = 0;
  model::LotId goods = 0;
  std::uint32_t number = 0;  ///< 1.. within the lot
  std::uint32_t alias = 0;
  bool struck = false;  ///< R5.7
};

struct Trade {
  std::uint64_t number = 0;  ///< 1.., a cursor
  model::Sequence sequence = 0;
  std::int64_t time = 0;
  model::Price price{};
  std::int64_t quantity = 0;
  std::int64_t weight = 0;  ///< grams, or count by count
  model::Fen nominal{};
  model::ContractId contract = 0;
  model::LotId lot = 0;
  model::ProductId product = 0;
  std::uint32_t region = 0;
  std::int64_t day = 0;
  std::uint8_t grade = 0;
  model::Method method = model::Method::kNone;
  bool related = false;
  bool busted = false;  ///< R12.4: counts no more
};

/// A part of a lot as it was concluded, without its parties.
struct LotPart {
  model::Sequence sequence = 0;
  std::int64_t time = 0;
  model::Price price{};
  std::int64_t quantity = 0;
};

/// Trades, newest first. Without product and day: all; with a product and no day: that product's.
struct TradeQuery {
  model::ProductId product = 0;       ///< any version
  std::optional<std::int64_t> day{};  ///< local days since 1970
  std::uint64_t cursor = 0;
  std::size_t limit = 100;
};

struct Line {  ///< of a settlement (R9.1)
  model::Sequence sequence = 0;
  std::int64_t time = 0;
  model::Price price{};
  std::int64_t quantity = 0;
  model::Fen amount{};
  std::uint32_t group = 0;
  model::LineKind kind = model::LineKind::kGoods;
};

struct TimelineEntry {
  model::ContractState state = model::ContractState::kConcluded;
  std::int64_t time = 0;
  model::Sequence sequence = 0;
};

struct Closing {
  model::Sequence sequence = 0;
  std::int64_t time = 0;
  model::Price price{};
  model::ContractId contract = 0;  ///< 0 = unsold
};

/// A lot or (a delivery's certificate) contract that names a document.
struct DocumentUse {
  model::LotId lot = 0;
  model::ContractId contract = 0;
  model::DocumentKind kind = model::DocumentKind::kOther;
};

using Balances = std::array<model::Fen, model::kBuckets>;

struct StatementLine {
  model::Sequence sequence = 0;
  std::int64_t time = 0;
  model::PostingReason reason = model::PostingReason::kManual;
  model::LotId lot = 0;
  model::ContractId contract = 0;
  Balances delta{};
  Balances balance{};  ///< after this line
};

/// R3.3: opening + sum of the deltas = closing, in every bucket, always. Oldest line first.
struct Statement {
  Balances opening{};
  std::vector<StatementLine> lines;
  Balances closing{};
  bool truncated = false;  ///< the latest lines only; `opening` is what stood before the first
};

/// The operator's side of R3.3.
struct OperatorLine {
  model::Sequence sequence = 0;
  std::int64_t time = 0;
  model::PostingReason reason = model::PostingReason::kManual;
  model::ParticipantId counterparty = 0;
  model::ContractId contract = 0;
  model::Fen delta{};
  model::Fen balance{};
};
struct OperatorStatement {
  model::Fen opening{};
  std::vector<OperatorLine> lines;
  model::Fen closing{};
  bool truncated = false;
};

struct Reconciliation {  ///< the latest of R3.4
  model::Sequence sequence = 0;
  std::int64_t time = 0;
  model::Fen mirror{};
  model::Fen difference{};
};

enum class RegionLevel : std::uint8_t { kProvince = 1, kCity, kCounty };

/// Days of one series, newest first.
struct PriceQuery {
  model::ProductId product = 0;  ///< any version
  std::uint8_t grade = 0;
  std::uint32_t region = 0;        ///< 2, 4 or 6 digits
  std::int64_t from = INT64_MIN;   ///< first day
  std::int64_t until = INT64_MAX;  ///< last day
  std::size_t limit = 100;
};

/// A day of the index (R11.2).
struct PriceRow {
  model::ProductId product = 0;  ///< first version's row
  std::uint8_t grade = 0;
  RegionLevel level = RegionLevel::kCounty;
  std::uint32_t region = 0;               ///< 2, 4 or 6 digits by level
  std::int64_t day = 0;                   ///< local days since 1970
  model::Price price{};                   ///< half away of sum(weight x price) / sum(weight)
  std::optional<std::int64_t> change{};   ///< price units, against `previous_day`
  std::int64_t previous_day = 0;          ///< latest earlier day with trades
  std::optional<model::Price> two_day{};  ///< index over this day and `previous_day`
  std::int64_t weight = 0;                ///< grams, or count by count
  std::int64_t quantity = 0;              ///< head
  std::uint32_t trades = 0;
  model::Price high{};
  model::Price low{};
  model::Price median{};  ///< of the trades' prices; of an even number the mean, half away
  bool thin = false;      ///< fewer than 3 trades or 2 buyers: no reference
};

/// R5.5: a session's mean, or a price stated after it. `price` 0: there is none, so that no band
/// applies.
struct Reference {
  model::Price price{};
  bool stated = false;   ///< by the operator; else the mean of `day`
  std::int64_t day = 0;  ///< local days since 1970, or of the statement
};
struct Band {
  model::Price low{};
  model::Price high{};
};

/// What the next bid on an auction, or a take of all that is left of a listing, costs.
struct NextBid {
  model::Price price{};  ///< 0: nothing can be bid now
  model::Fen performance_bond{};
  model::Fen trading_bond{};
};

struct Standing {  ///< R10.3
  std::uint32_t clean_trades = 0;
  std::uint32_t defaults = 0;
  std::array<std::int64_t, 3> latest_defaults{};
};

/// R7.1: whose turn it is.
enum class Action : std::uint8_t {
  kNone = 0,
  kPay,
  kSchedule,
  kLoad,
  kArrive,
  kWeigh,
  kAcceptWeighing,
  kAgreeAdjustment,
  kTopUp,
  kEndDispute,
  kClose,
  kRecordResale,
  kRecordCover,
  kAwardClaim
};
enum class Actor : std::uint8_t {
  kNobody = 0,
  kBuyer,
  kSeller,
  kBothParties,
  kInspector,
  kSettlementOfficer,
  kOperator,
  kExchange  ///< happens by itself
};
enum class Outcome : std::uint8_t {  ///< when the deadline passes
  kNone = 0,
  kBuyerDidNotPay,
  kBuyerDidNotCollect,
  kSellerDidNotDeliver,
  kSettles,  ///< as weighed, outside the bands by the nearest (R8.4); unreported, as loaded
  kShortDelivery,
  kTakenFromBonds,
  kCloses,
  kLossByReference  ///< R10.1: no re-sale recorded: the loss by the reference price
};
struct Step {
  Action next = Action::kNone;
  Actor actor = Actor::kNobody;
  std::int64_t deadline = 0;  ///< 0: none
  std::string_view rule;      ///< "R7.2"
  Outcome outcome = Outcome::kNone;
};

}  // namespace hulan::projections
