// SPDX-License-Identifier: Apache-2.0
// What in the market's log looks like abuse (R12.3), as the doors show it. The owner of the log
// implements it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "projections/surveillance.h"

namespace hulan::gateways {

struct SurveillanceReport {
  std::vector<projections::Suspicion> findings;  ///< by the sequence of the last evidence
  model::Sequence sequence = 0;                  ///< of the last record that was looked at
  bool reading = true;  ///< more of the log is being read; findings are those of the last report
  std::string failure;  ///< why the log could not be read on, one line; else empty
};

class SurveillanceReports {
 public:
  virtual ~SurveillanceReports() = default;
  /// The newest report; has a newer one made if the log has grown since. Returns at once.
  [[nodiscard]] virtual std::shared_ptr<const SurveillanceReport> report() = 0;
};

}  // namespace hulan::gateways
