// SPDX-License-Identifier: Apache-2.0
#include "hulan/bench/bids.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "hulan/bench/bench_market.h"
#include "hulan/bench/load.h"
#include "hulan/bench/local_client.h"

namespace hulan::app::bench {
namespace {

namespace fs = std::filesystem;

std::int64_t steady_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

/// A folder on the disk where one works (a RAM disk would flatter the figures), removed at the end.
class Folder {
 public:
  explicit Folder(const std::string& wanted) {
    if (!wanted.empty()) {
      path_ = wanted;
      return;
    }
    std::string pattern = (fs::exists("build") ? "build/bench-XXXXXX" : "bench-XXXXXX");
    if (mkdtemp(pattern.data()) == nullptr) return;
    path_ = pattern;
    temporary_ = true;
  }
  ~Folder() {
    std::error_code ignored;
    if (temporary_) fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool temporary_ = false;
};

class InProcess {
 public:
  InProcess(Exchange& exchange, const BenchMarket& market, const BidsOptions& options)
      : exchange_(exchange),
        client_(exchange),
        market_(market),
        options_(options),
        sent_(options.clients * options.in_flight) {}

  LoadResult run() {
    client_.wait_ready();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // until every auction has opened
    const std::int64_t start = steady_ns();
    const auto end = start + static_cast<std::int64_t>(options_.seconds * 1e9);
    for (std::size_t slot = 0; slot < sent_.size(); ++slot) send(slot);
    while (steady_ns() < end) step(true);
    result_.seconds = static_cast<double>(steady_ns() - start) / 1e9;
    const std::uint64_t acknowledged = result_.acknowledged, accepted = result_.accepted;
    const std::int64_t patience = steady_ns() + 10'000'000'000;
    while (waiting_ != 0 && steady_ns() < patience) step(false);
    result_.lost = waiting_;
    result_.acknowledged = acknowledged;
    result_.accepted = accepted;
    return std::move(result_);
  }

 private:
  void send(std::size_t slot) {
    const std::size_t buyer = random_() % market_.users.size();
    model::PlaceBid bid{};
    bid.lot = market_.lots[random_() % market_.lots.size()];
    bid.price = ++price_;
    sent_[slot] = steady_ns();
    while (!client_.submit(market_.users[buyer], static_cast<model::ParticipantId>(buyer + 2),
                           bid.kType, {reinterpret_cast<const std::uint8_t*>(&bid), sizeof(bid)},
                           slot + 1)) {
      std::this_thread::yield();
    }
    waiting_ += 1;
    result_.sent += 1;
  }

  void step(bool go_on) {
    ready_.clear();
    const bool any = client_.drain([&](const model::Replied& replied) {
      result_.latency.add(steady_ns() - sent_[replied.origin - 1]);
      result_.acknowledged += 1;
      result_.accepted += replied.reject == model::Reject::ok ? 1 : 0;
      if (replied.reject != model::Reject::ok && result_.first_refusal.empty()) {
        result_.first_refusal = model::reject_text(replied.reject).code;
      }
      waiting_ -= 1;
      ready_.push_back(replied.origin - 1);
    });
    if (!any) std::this_thread::yield();
    if (go_on) {
      for (const std::size_t slot : ready_) send(slot);
    }
  }

  Exchange& exchange_;
  LocalClient client_;
  const BenchMarket& market_;
  const BidsOptions& options_;
  LoadResult result_;
  std::vector<std::int64_t> sent_;
  std::vector<std::size_t> ready_;
  std::mt19937_64 random_{1};
  std::int64_t price_ = 10'000;
  std::uint64_t waiting_ = 0;
};

/// Most memory that a process ever had resident, in MiB; 0 if it has ended.
std::uint64_t most_memory_mib(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string word; status >> word;) {
    std::uint64_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib / 1024;
  }
  return 0;
}

/// `hulan serve` as a process of its own, as a user would run it.
class ServerProcess {
 public:
  ServerProcess(const std::string& directory, std::uint16_t port) {
    child_ = fork();
    if (child_ != 0) return;
    const std::string text = std::to_string(port);
    execl("/proc/self/exe", "hulan", "serve", directory.c_str(), "--port", text.c_str(), "--quiet",
          nullptr);
    _exit(127);
  }
  ~ServerProcess() {
    if (child_ <= 0) return;
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] bool ended() {
    if (waitpid(child_, nullptr, WNOHANG) != child_) return false;
    child_ = 0;
    return true;
  }
  /// Most memory it ever had resident, in MiB.
  [[nodiscard]] std::uint64_t memory_mib() const { return most_memory_mib(child_); }

 private:
  pid_t child_ = 0;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  const bool ok = bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  close(fd);
  return ok ? ntohs(address.sin_port) : 0;
}

bool is_ready(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(port);
  bool ready = false;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    static constexpr char kAsk[] =
        "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    char answer[64] = {};
    ready = write(fd, kAsk, sizeof(kAsk) - 1) == static_cast<ssize_t>(sizeof(kAsk) - 1) &&
            read(fd, answer, sizeof(answer) - 1) > 12 &&
            std::string_view(answer).substr(9, 3) == "200";
  }
  close(fd);
  return ready;
}

std::expected<LoadResult, std::string> over_sockets(const std::string& directory,
                                                    const BenchMarket& market,
                                                    const BidsOptions& options,
                                                    std::uint64_t& memory_mib) {
  LoadOptions load;
  load.port = free_port();
  load.tokens = market.tokens;
  load.lots = market.lots;
  load.clients = options.clients;
  load.in_flight = options.in_flight;
  load.seconds = options.seconds;
  ServerProcess server(directory, load.port);
  while (!is_ready(load.port)) {
    if (server.ended()) return std::unexpected("the server did not start");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // until every auction has opened
  auto result = options.transport == "ws" ? load_websocket(load) : load_rest(load);
  memory_mib = server.memory_mib();
  return result;
}

std::expected<LoadResult, std::string> in_process(const std::string& directory,
                                                  const BenchMarket& market,
                                                  const BidsOptions& options) {
  ExchangeOptions exchange_options;
  exchange_options.directory = directory;
  auto exchange = Exchange::open(exchange_options);
  if (!exchange) return std::unexpected(exchange.error());
  (*exchange)->start([](const std::string& why) {
    fmt::print(stderr, "hulan: {}\n", why);
    _exit(1);
  });
  LoadResult result = InProcess(**exchange, market, options).run();
  return result;
}

void print(const BidsOptions& options, const LoadResult& result, std::uint64_t memory_mib) {
  const double per_second = static_cast<double>(result.acknowledged) / result.seconds;
  if (options.json) {
    fmt::print(
        "{{\"transport\":\"{}\",\"clients\":{},\"in_flight\":{},\"seconds\":{:.3f},"
        "\"acknowledged\":{},"
        "\"accepted\":{},\"per_second\":{:.0f},\"p50_us\":{:.1f},\"p99_us\":{:.1f},\"lost\":{},"
        "\"memory_mib\":{}}}\n",
        options.transport, options.clients, options.in_flight, result.seconds, result.acknowledged,
        result.accepted, per_second, result.latency.percentile_us(0.5),
        result.latency.percentile_us(0.99), result.lost, memory_mib);
    return;
  }
  fmt::print(
      "{} clients, {} in flight, {}: {:.0f} bids/s durable, {} of {} accepted, p50 {:.0f} us, p99 "
      "{:.0f} us, "
      "{} lost\n",
      options.clients, options.in_flight, options.transport, per_second, result.accepted,
      result.acknowledged, result.latency.percentile_us(0.5), result.latency.percentile_us(0.99),
      result.lost);
  if (!result.first_refusal.empty()) fmt::print("first refusal: {}\n", result.first_refusal);
}

}  // namespace

int run_bids(const BidsOptions& options) {
  // What the server has to say is not the figures.
  spdlog::set_default_logger(spdlog::stderr_logger_mt("hulan"));
  const Folder folder(options.directory);
  if (folder.path().empty()) {
    fmt::print(stderr, "hulan: cannot make a folder for the benchmark here\n");
    return 1;
  }
  auto market = make_bench_market(folder.path(), options.size);
  if (!market) {
    fmt::print(stderr, "hulan: {}\n", market.error());
    return 1;
  }
  std::uint64_t memory_mib = 0;
  const auto result = options.transport == "inprocess"
                          ? in_process(folder.path(), *market, options)
                          : over_sockets(folder.path(), *market, options, memory_mib);
  if (!result) {
    fmt::print(stderr, "hulan: {}\n", result.error());
    return 1;
  }
  if (options.transport == "inprocess") memory_mib = most_memory_mib(getpid());
  print(options, *result, memory_mib);
  return result->lost == 0 ? 0 : 1;
}

}  // namespace hulan::app::bench
