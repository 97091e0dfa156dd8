// SPDX-License-Identifier: Apache-2.0
// Every bound of the exchange, in one place. Pools are sized by these at start; a full pool refuses
// new work with a named reason. Memory is committed as it is touched.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hulan::model {

constexpr std::size_t kMaxUsers = 1 << 18;
constexpr std::size_t kMaxParticipants = 1 << 17;
constexpr std::size_t kCurrencies = 2;      // CNY, RUB
constexpr std::size_t kMaxProducts = 1024;  // all versions
constexpr std::size_t kMaxLots = 1 << 21;
constexpr std::size_t kMaxLotDocuments = 1 << 23;
constexpr std::size_t kMaxTagRanges = 1 << 22;
constexpr std::size_t kMaxContracts = 1 << 21;
constexpr std::size_t kMaxDeliveries = 1 << 22;
constexpr std::size_t kMaxTrucks = 1 << 23;
constexpr std::size_t kMaxGroups = 1 << 23;
constexpr std::size_t kMaxMarks = 4096;
constexpr std::size_t kMaxGrants = 1 << 16;
constexpr std::size_t kMaxRelations = 1 << 16;
constexpr std::size_t kMaxPending = 1 << 20;
constexpr std::size_t kMaxReferences = 1 << 16;
constexpr std::size_t kMaxClaims = 1 << 18;
constexpr std::size_t kMaxTimers = 1 << 23;
constexpr std::size_t kMaxClientIds = 12 << 20;  // outcomes kept for 24 h of log time
constexpr std::size_t kMaxDayPrices = 1 << 20;
constexpr std::size_t kMaxLotBids = 1 << 20;  // live and remembered bids on divisible lots
constexpr std::size_t kMaxTrading = 1 << 20;  // participants x products with a limit, R12.1

constexpr std::size_t kMaxBooks = 128;          // products with an order book, R5.4
constexpr std::size_t kMaxOrders = 1 << 20;     // live orders of all books
constexpr std::size_t kMaxPositions = 1 << 20;  // participants x books
constexpr std::size_t kMaxSealKeys = 1 << 16;
constexpr std::size_t kMaxSealedBids = 1 << 20;
constexpr std::uint32_t kMaxEnvelopes = 128;   // of one lot
constexpr std::uint32_t kMaxLotsOfKey = 1024;  // sealed to one key

constexpr std::size_t kMaxSessions = 1 << 17;
constexpr std::size_t kMaxQuotas = 1 << 18;
constexpr std::size_t kMaxMandates = 1 << 18;
constexpr std::size_t kMaxActs = 1 << 22;  // lots on which agents have acted
constexpr std::size_t kMaxMandateProducts = 8;
constexpr std::size_t kMaxQuotes = 1 << 22;  // numbers of all negotiations

constexpr std::size_t kMaxSessionLots = 1024;
constexpr std::size_t kMaxSessionQuotas = 64;
constexpr std::int64_t kMaxClockSteps = 100'000;        // from start to floor, R5.3.3
constexpr std::uint32_t kMaxOrderLots = 1'000'000'000;  // quantity of one order, R5.4
constexpr std::uint32_t kMaxOrdersMet = 2048;           // resting orders that one order may meet
constexpr std::size_t kKeptBids = 8;                    // outbid bids remembered per auction, R5.7
constexpr std::int64_t kMaxAuctionParts = 256;  // parts possible of a divisible auction's lot
constexpr std::size_t kMaxNamed = 16;           // participants a request for quotes names
constexpr std::size_t kMaxLiveQuotes = 16;      // standing at once on one request, R5.2
constexpr std::size_t kMaxRequestQuotes = 256;  // numbers on one request
constexpr std::size_t kMaxTalkQuotes = 32;      // of them with one participant
constexpr std::size_t kMaxDocumentsPerLot = 64;
constexpr std::size_t kMaxTagsPerRange = 10'000;
constexpr std::size_t kMaxGrades = 8;
constexpr std::size_t kMaxSingleClasses = 4;
constexpr std::size_t kMaxWeightBands = 8;
constexpr std::size_t kMaxRequiredDocuments = 8;
constexpr std::size_t kMaxZones = 34;  // provinces
constexpr std::size_t kMaxDeliveriesPerContract = 8;
constexpr std::size_t kMaxTrucksPerWeighing = 32;
constexpr std::size_t kMaxGroupsPerWeighing = 32;
constexpr std::size_t kMaxTagRangesPerCommand = 64;
constexpr std::size_t kMaxTimersPerCommand =
    32;  // due timers fired before one record; the rest wait for the next

constexpr std::size_t kRecordHeaderBytes = 28;
constexpr std::size_t kMaxBodyBytes = 4096;
constexpr std::size_t kMaxBatchBytes = 64 * 1024;
/// One apply() emits at most this many bytes of events (timers and command together).
constexpr std::size_t kMaxEventBytesPerCommand = 1 << 20;

static_assert(kRecordHeaderBytes + kMaxBodyBytes < kMaxBatchBytes);
static_assert(kMaxContracts >= kMaxLots / 2, "most lots become a contract");
static_assert(kMaxDeliveries >= kMaxContracts);

constexpr std::uint32_t kRulesVersion = 1;
constexpr std::uint32_t kOldestRulesVersion = 1;

}  // namespace hulan::model
