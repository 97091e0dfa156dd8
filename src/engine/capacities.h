// SPDX-License-Identifier: Apache-2.0
// How much each table of an engine holds. A market has those of model/limits.h; tests of what
// happens at a limit take smaller ones.
#pragma once

#include <cstddef>

#include "model/limits.h"

namespace hulan::engine {

struct Capacities {
  std::size_t users = model::kMaxUsers;
  std::size_t participants = model::kMaxParticipants;
  std::size_t relations = model::kMaxRelations;
  std::size_t pending = model::kMaxPending;
  std::size_t products = model::kMaxProducts;  ///< at most kMaxProducts
  std::size_t references = model::kMaxReferences;
  std::size_t marks = model::kMaxMarks;
  std::size_t grants = model::kMaxGrants;
  std::size_t lots = model::kMaxLots;
  std::size_t documents = model::kMaxLotDocuments;
  std::size_t tags = model::kMaxTagRanges;
  std::size_t contracts = model::kMaxContracts;
  std::size_t deliveries = model::kMaxDeliveries;
  std::size_t trucks = model::kMaxTrucks;
  std::size_t groups = model::kMaxGroups;
  std::size_t claims = model::kMaxClaims;
  std::size_t day_prices = model::kMaxDayPrices;
  std::size_t lot_bids = model::kMaxLotBids;
  std::size_t trading = model::kMaxTrading;
  std::size_t timers = model::kMaxTimers;
  std::size_t sessions = model::kMaxSessions;
  std::size_t quotas = model::kMaxQuotas;
  std::size_t books = model::kMaxBooks;
  std::size_t orders = model::kMaxOrders;
  std::size_t positions = model::kMaxPositions;
  std::size_t quotes = model::kMaxQuotes;
  std::size_t mandates = model::kMaxMandates;
  std::size_t acts = model::kMaxActs;
  std::size_t seal_keys = model::kMaxSealKeys;
  std::size_t sealed_bids = model::kMaxSealedBids;
  std::size_t client_ids = model::kMaxClientIds;
};

}  // namespace hulan::engine
