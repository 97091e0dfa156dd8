// SPDX-License-Identifier: Apache-2.0
// Times and bounds of a contract that the rulebook states once for all products.
#pragma once

#include "model/limits.h"
#include "model/units.h"

namespace hulan::engine::contract {

constexpr std::int64_t kArrivalNs = 3 * model::kDay;   ///< R8.1: loading to reported arrival
constexpr std::int64_t kRefusalNs = 2 * model::kHour;  ///< R8.4: weighing to refusal
constexpr std::int64_t kCloseNs = 24 * model::kHour;   ///< settlement to closing
constexpr std::int64_t kDefaultsWithinNs = 365 * model::kDay;  ///< R10.3: twelve months
constexpr std::int64_t kCertificateANs = 5 * model::kDay;      ///< R4.3: longest validity of form A
constexpr std::int64_t kResaleMarketDays = 3;                  ///< R10.1
constexpr std::int64_t kRetryNs = model::kHour;  ///< when the register of claims is full

/// Groups of one contract over all its deliveries: bounds the events of one settlement, of which
/// kMaxTimersPerCommand may fall due at once.
constexpr std::size_t kMaxGroupsPerContract = 128;

}  // namespace hulan::engine::contract
