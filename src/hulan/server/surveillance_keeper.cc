// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/surveillance_keeper.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include "hulan/surveillance_fold.h"

namespace hulan::app {
namespace {

constexpr int kPoliteness = 10;  // trading comes first where cores are few
constexpr model::Sequence kTellEach = 50'000;

}  // namespace

std::shared_ptr<const gateways::SurveillanceReport> SurveillanceKeeper::report() {
  const std::lock_guard lock(mutex_);
  wanted_ = true;
  wake_.notify_all();
  if (!thread_.joinable() && !stopping_) thread_ = std::thread([this] { run(); });
  return report_;
}

void SurveillanceKeeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool SurveillanceKeeper::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void SurveillanceKeeper::publish(Report report) {
  auto made = std::make_shared<const Report>(std::move(report));
  const std::lock_guard lock(mutex_);
  report_ = std::move(made);
}

void SurveillanceKeeper::run() {
  static_cast<void>(nice(kPoliteness));  // of this thread
  SurveillanceFold fold(directory_);
  Report last;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return wanted_ || stopping_; });
      if (stopping_) return;
      wanted_ = false;
    }
    model::Sequence told = fold.sequence();
    const auto read = fold.read_on([&](model::Sequence sequence) {
      if (sequence >= told + kTellEach) {
        told = sequence;
        last.sequence = sequence;
        last.reading = true;
        publish(last);
      }
      return !is_stopping();
    });
    if (is_stopping()) return;
    if (fold.sequence() != last.sequence || last.reading) last.findings = fold.findings();
    last.sequence = fold.sequence();
    last.reading = false;
    last.failure = read ? std::string() : read.error().message();
    if (!read) spdlog::error("surveillance: {}", last.failure);
    publish(last);
  }
}

}  // namespace hulan::app
