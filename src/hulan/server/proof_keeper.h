// SPDX-License-Identifier: Apache-2.0
// The server's hand on the log of proofs: a checkpoint each minute on a thread of its own, and what
// the doors ask of it (R13.2).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gateways/proofs.h"
#include "proof/log.h"

namespace hulan::app {

class ProofKeeper final : public gateways::Proofs {
 public:
  ProofKeeper(std::string directory, std::chrono::milliseconds every)
      : directory_(std::move(directory)), every_(every) {}
  ~ProofKeeper() override { stop(); }

  /// Opens the log, or says in one line why the journal is not what was signed. Before the first
  /// command is taken; engine's thread.
  [[nodiscard]] std::expected<void, std::string> open(const journal::MarketId& market,
                                                      std::uint64_t last_sequence);

  /// Publishes from now on. `durable` gives the last sequence that is on the disk; `failed` is
  /// called with one line if the journal turns out not to be what was signed.
  void start(std::function<std::uint64_t()> durable,
             std::function<void(const std::string&)> failed);

  /// One last checkpoint over what is there, then the thread ends.
  void stop();

  [[nodiscard]] std::string public_key() const override;
  [[nodiscard]] std::uint64_t count() const override;
  [[nodiscard]] std::uint64_t size() const override;
  [[nodiscard]] std::optional<Checkpoint> checkpoint(std::uint64_t number) const override;
  [[nodiscard]] std::optional<std::vector<Sha256>> inclusion(std::uint64_t sequence,
                                                             std::uint64_t size) const override;
  [[nodiscard]] std::optional<std::vector<Sha256>> consistency(std::uint64_t from,
                                                               std::uint64_t to) const override;
  [[nodiscard]] std::expected<Receipt, std::string> receipt(std::uint64_t sequence) const override;

 private:
  void publish();
  [[nodiscard]] const proof::Log* log() const { return opened_.load(std::memory_order_acquire); }

  std::string directory_;
  std::chrono::milliseconds every_;
  std::unique_ptr<proof::Log> log_;
  std::atomic<const proof::Log*> opened_{nullptr};
  std::function<std::uint64_t()> durable_;
  std::function<void(const std::string&)> failed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hulan::app
