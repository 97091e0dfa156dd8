// SPDX-License-Identifier: Apache-2.0
// Surveillance of the running market (R12.3): folds the journal on a thread of its own, once
// somebody has asked, so that neither the engine nor the doors wait for it. It keeps a second state
// of the market in memory, so that each report reads only what is new.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gateways/surveillance.h"

namespace hulan::app {

class SurveillanceKeeper final : public gateways::SurveillanceReports {
 public:
  explicit SurveillanceKeeper(std::string directory) : directory_(std::move(directory)) {}
  ~SurveillanceKeeper() override { stop(); }

  [[nodiscard]] std::shared_ptr<const gateways::SurveillanceReport> report() override;
  /// Ends the thread, in the midst of the journal if need be.
  void stop();

 private:
  using Report = gateways::SurveillanceReport;
  void run();
  [[nodiscard]] bool is_stopping();
  void publish(Report report);

  std::string directory_;
  std::mutex mutex_;  ///< of all below
  std::condition_variable wake_;
  std::shared_ptr<const Report> report_ = std::make_shared<const Report>();
  bool wanted_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hulan::app
