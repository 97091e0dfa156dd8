// SPDX-License-Identifier: Apache-2.0
// A market that runs: exchange, doors, identity and documents joined together, in one process.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "gateways/server.h"
#include "hulan/server/exchange.h"

namespace hulan::app {

struct RunOptions {
  ExchangeOptions exchange;
  double disk_reserve = 0.1;  ///< part of the disk below which new work is refused: StorageWatch
  gateways::Options doors;
  gateways::MarketInfo market;
  std::chrono::milliseconds checkpoint_every{60'000};  ///< R13.2
  std::function<std::optional<gateways::StaticFile>(std::string_view)> files;
  std::function<std::expected<gateways::ParsedProduct, gateways::ProductError>(std::string_view)>
      parse_product;
};

class RunningMarket {
 public:
  /// Opens the folder and listens; answers begin with run(). The error is one line.
  [[nodiscard]] static std::expected<std::unique_ptr<RunningMarket>, std::string> open(
      const RunOptions& options);
  ~RunningMarket();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] Exchange& exchange();
  /// Network thread only.
  [[nodiscard]] identity::Directory& identity();
  /// Runs `work` on the network thread. Any thread.
  void post(std::function<void()> work);

  /// Demo only, before run(): who a visitor may become, and what "next step" does.
  void set_become(std::function<std::expected<std::string, std::string>(std::string_view)> become);
  void set_next_step(
      std::function<std::expected<void, std::string>(model::ContractId, model::LotId)> next);

  /// Serves on the calling thread until stop(). Starts the engine's thread.
  void run();

  /// Ends cleanly: engine first (what was taken is finished and answered), then the doors. Any
  /// other thread.
  void stop();

 private:
  struct Parts;
  explicit RunningMarket(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Blocks SIGINT and SIGTERM in this and every later thread; call first thing in main's thread.
void block_stop_signals();
/// Waits for one of them, then calls `stop`. Runs until then on the calling thread.
void wait_for_stop_signal(const std::function<void()>& stop);

}  // namespace hulan::app
