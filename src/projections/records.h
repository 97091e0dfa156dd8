// SPDX-License-Identifier: Apache-2.0
// The records of DIR/view/*.history: little-endian, fields in order, no padding. The files can be
// made again from the journal at any time, so a change here needs only a new kViewVersion.
#pragma once

#include <array>
#include <cstdint>

#include "model/event.h"

namespace hulan::projections {

struct PostingRecord {  ///< postings.history; chain: participant and currency
  model::Sequence sequence;
  std::int64_t time;
  std::uint64_t previous;
  std::array<model::Fen, model::kBuckets> delta;
  model::ParticipantId participant;
  model::LotId lot;
  model::ContractId contract;
  model::Currency currency;
  model::PostingReason reason;
  std::uint16_t reserved;
};
static_assert(sizeof(PostingRecord) == 80);

struct OperatorRecord {  ///< operator.history; chain: account and currency
  model::Sequence sequence;
  std::int64_t time;
  std::uint64_t previous;
  model::Fen delta;
  model::ParticipantId counterparty;
  model::ContractId contract;
  model::OperatorAccount account;
  model::Currency currency;
  model::PostingReason reason;
  std::uint8_t reserved[5];
};
static_assert(sizeof(OperatorRecord) == 48);

/// bids.history; chain: lot. `number` 0: not a bid, but the note that the latest earlier bid of
/// this bidder at this price was struck (R5.7).
struct BidRecord {
  model::Sequence sequence;
  std::int64_t time;
  std::uint64_t previous;
  model::Price price;
  model::Fen frozen;
  model::LotId lot;
  model::ParticipantId bidder;
  model::UserId user;
  model::LotId goods;
  std::uint32_t number;
  std::uint32_t alias;
};
static_assert(sizeof(BidRecord) == 64);

struct TradeRecord {  ///< trades.history; two chains: product and day; product (its first version)
  model::Sequence sequence;
  std::int64_t time;
  std::uint64_t previous_of_day;
  std::uint64_t previous_of_product;
  model::Price price;
  std::int64_t quantity;
  std::int64_t weight;
  model::Fen nominal;
  model::ContractId contract;
  model::LotId lot;
  model::ProductId product;
  std::uint32_t region;
  std::uint32_t day;
  std::uint8_t grade;
  model::Method method;
  std::uint8_t related;
  std::uint8_t reserved;
};
static_assert(sizeof(TradeRecord) == 88);

struct LineRecord {  ///< lines.history; chain: contract
  model::Sequence sequence;
  std::int64_t time;
  std::uint64_t previous;
  model::Price price;
  std::int64_t quantity;
  model::Fen amount;
  model::ContractId contract;
  std::uint32_t group;
  model::LineKind kind;
  std::uint8_t reserved[7];
};
static_assert(sizeof(LineRecord) == 64);

struct StateRecord {  ///< timeline.history; chain: contract
  model::Sequence sequence;
  std::int64_t time;
  std::uint64_t previous;
  model::ContractId contract;
  model::ContractState state;
  std::uint8_t reserved[3];
};
static_assert(sizeof(StateRecord) == 32);

struct ClosingRecord {  ///< closings.history; chain: lot
  model::Sequence sequence;
  std::int64_t time;
  std::uint64_t previous;
  model::Price price;
  model::LotId lot;
  model::ContractId contract;
};
static_assert(sizeof(ClosingRecord) == 40);

struct ReconciliationRecord {  ///< bank.history; chain: currency
  model::Sequence sequence;
  std::int64_t time;
  std::uint64_t previous;
  model::Fen mirror;
  model::Fen difference;
  model::Currency currency;
  std::uint8_t reserved[7];
};
static_assert(sizeof(ReconciliationRecord) == 48);

}  // namespace hulan::projections
