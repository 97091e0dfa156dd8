// SPDX-License-Identifier: Apache-2.0
#include "hulan/demo/demo.h"

#include <fmt/format.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <thread>

#include "hulan/demo/play.h"
#include "hulan/init.h"
#include "hulan/market_config.h"
#include "hulan/product_toml.h"
#include "hulan/server/running_market.h"
#include "hulan/static_files.h"
#include "io/linux/system.h"

namespace hulan::app::demo {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000, kHour = 3600 * kSecond;
constexpr std::int64_t kOpening =
    1'704'675'600 * kSecond;  // 2024-01-08 09:00 in Harbin; trades begin a week later
constexpr std::string_view kPassword = "hulan-demo";

/// Deeds that a visitor's button asks for, done on the bots' thread: the network thread must not
/// wait for itself.
class Wishes {
 public:
  void add(model::ContractId contract, model::LotId lot) {
    const std::lock_guard lock(mutex_);
    if (wishes_.size() < 16) wishes_.emplace_back(contract, lot);
    changed_.notify_one();
  }
  /// Waits up to half a second for one.
  std::optional<std::pair<model::ContractId, model::LotId>> next() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(500), [&] { return !wishes_.empty(); });
    if (wishes_.empty()) return std::nullopt;
    const auto wish = wishes_.front();
    wishes_.pop_front();
    return wish;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<model::ContractId, model::LotId>> wishes_;
};

class Demo {
 public:
  Demo(const DemoOptions& options, RunningMarket& market)
      : options_(options),
        market_(market),
        stage_(fmt::format("http://127.0.0.1:{}", market.port()), std::string(kPassword)),
        play_(stage_, visitors_) {
    market_.set_become([this](std::string_view role) { return become(role); });
    market_.set_next_step(
        [this](model::ContractId contract, model::LotId lot) -> std::expected<void, std::string> {
          visitors_.active(machine_now());
          wishes_.add(contract, lot);
          return {};
        });
  }

  void run(bool fresh, const std::vector<std::pair<std::string, std::string>>& products) {
    wait_ready();
    if (fresh) {
      std::fputs("preparing a market of January 2024 ...\n", stderr);
      stage_.prepare(products, [this](std::int64_t ns) { market_.exchange().clock().skip(ns); });
    } else {
      stage_.find_again();
    }
    fmt::print(
        "\n  呼兰 Hulan  http://{}:{}\n  演示市场 · demo market · демонстрационный рынок   (Ctrl-C "
        "ends it)\n\n",
        options_.address, market_.port());
    std::fflush(stdout);
    while (!stopping_.load()) {
      if (const auto wish = wishes_.next()) fulfil(wish->first, wish->second);
      market_.exchange().clock().set_pace(visitors_.present(machine_now()) ? 1 : options_.pace);
      if (!options_.quiet) attempt([&] { play_.round(); });
    }
  }

  void stop() { stopping_.store(true); }

 private:
  static std::int64_t machine_now() { return io::system_clock().now_ns(); }

  void wait_ready() const {
    while (!market_.exchange().status().ready.load())
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  // A refusal of the market must not end the show; an operator reads the reason in the log.
  template <class Deed>
  void attempt(Deed&& deed) {
    try {
      deed();
    } catch (const Refused& refused) {
      if (!stopping_.load()) spdlog::info("demo: {} {}", refused.code, refused.text);
    } catch (const std::exception& error) {
      if (!stopping_.load()) spdlog::warn("demo: {}", error.what());
    }
  }

  void fulfil(model::ContractId contract, model::LotId lot) {
    attempt([&] {
      if (contract != 0) {
        const auto row = stage_.as("demo-inspector").get(fmt::format("/v1/contracts/{}", contract));
        (void)stage_.next_step(row, [](std::string_view) { return true; });
        return;
      }
      const auto row = stage_.as("demo-inspector").get(fmt::format("/v1/lots/{}", lot));
      const char* until = row.at("state").as_string() == "announced" ? "open_at" : "close_at";
      const std::int64_t wait = parse_moment(row.at(until).as_string()) - stage_.now();
      market_.exchange().clock().skip(wait + kSecond);
    });
  }

  // Network thread.
  std::expected<std::string, std::string> become(std::string_view role) {
    std::string_view login;
    for (const StaffMember& member : staff()) {
      if (member.persona == role) login = member.login;
    }
    for (const Firm& firm : firms()) {
      if (firm.persona == role) login = firm.login;
    }
    const identity::User* user = login.empty() ? nullptr : market_.identity().find_user(login);
    if (user == nullptr) return std::unexpected(fmt::format("nobody here plays '{}'", role));
    const std::int64_t now = machine_now();
    auto token = market_.identity().issue_token(user->id, now, 24 * kHour, "visitor");
    if (!token) return std::unexpected(token.error().message);
    visitors_.became(std::string(login), now);
    market_.exchange().clock().set_pace(1);
    return token->token;
  }

  const DemoOptions& options_;
  RunningMarket& market_;
  Visitors visitors_;
  Wishes wishes_;
  Stage stage_;
  Play play_;
  std::atomic<bool> stopping_{false};
};

int bad(const std::string& why) {
  fmt::print(stderr, "hulan: {}\n", why);
  return 1;
}

}  // namespace

int run_demo(const DemoOptions& options) {
  block_stop_signals();
  const bool fresh = !std::filesystem::exists(options.directory + "/journal");
  if (fresh) {
    if (auto made = init_demo_market(options.directory, kPassword, kOpening); !made)
      return bad(made.error());
  }
  const auto config = load_market_config(options.directory);
  if (!config) return bad(config.error());
  RunOptions run;
  run.exchange.directory = options.directory;
  run.exchange.demo_clock = true;
  run.exchange.demo_start_ns = kOpening;
  run.exchange.clock_factor = 1;
  run.disk_reserve = 0.01;  // it plays with invented goods on somebody's own machine
  run.doors.address = options.address;
  run.doors.port = options.port;
  run.market = market_info(*config);
  run.market.demo = true;
  run.market.clock_factor = options.pace;
  run.files = static_file;
  run.parse_product = parse_product_toml;
  auto market = RunningMarket::open(run);
  if (!market) return bad(market.error());
  const auto products = read_product_files(options.directory);
  Demo demo(options, **market);
  std::thread network([&] { (*market)->run(); });
  std::thread bots([&] {
    try {
      demo.run(fresh, products);
    } catch (const Refused& refused) {
      fmt::print(stderr, "hulan: the demo could not be prepared: {} {}\n", refused.code,
                 refused.text);
      kill(getpid(), SIGTERM);
    } catch (const std::exception& error) {
      fmt::print(stderr, "hulan: the demo's people have stopped: {}\n", error.what());
      kill(getpid(), SIGTERM);
    }
  });
  wait_for_stop_signal([&] {
    demo.stop();
    bots.join();
    (*market)->stop();
  });
  network.join();
  return 0;
}

}  // namespace hulan::app::demo
