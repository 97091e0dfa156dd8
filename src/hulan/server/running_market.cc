// SPDX-License-Identifier: Apache-2.0
#include "hulan/server/running_market.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <pthread.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>

#include "hulan/server/proof_keeper.h"
#include "hulan/server/surveillance_keeper.h"
#include "hulan/server/watch.h"
#include "io/linux/system.h"

namespace hulan::app {
namespace {

class RingSink final : public gateways::CommandSink {
 public:
  explicit RingSink(Exchange& exchange) : exchange_(exchange) {}
  bool submit(const model::RecordHeader& header, std::span<const std::uint8_t> body,
              std::uint64_t origin) override {
    return exchange_.submit(header, body, origin);
  }

 private:
  Exchange& exchange_;
};

/// The engine's figures on the metrics page.
class Gauges {
 public:
  explicit Gauges(prometheus::Registry& registry) : registry_(registry) {}

  void set(const char* name, const char* help, double value) {
    prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add({}).Set(value);
  }

  void update(Exchange& exchange) {
    const ExchangeStatus& status = exchange.status();
    set("hulan_sequence", "sequence of the last applied command",
        static_cast<double>(status.sequence));
    set("hulan_batches_total", "batches made durable since the start",
        static_cast<double>(status.batches));
    set("hulan_records_total", "commands made durable since the start",
        static_cast<double>(status.records));
    set("hulan_journal_seconds_total", "time spent writing and syncing",
        static_cast<double>(status.journal_ns) / 1e9);
    set("hulan_apply_seconds_total", "time spent in the engine",
        static_cast<double>(status.apply_ns) / 1e9);
    set("hulan_command_ring_bytes", "bytes waiting for the engine",
        static_cast<double>(exchange.commands().used()));
    set("hulan_command_ring_capacity_bytes", "size of the command ring",
        static_cast<double>(exchange.commands().capacity()));
    set("hulan_event_ring_bytes", "bytes waiting for the doors",
        static_cast<double>(exchange.events().used()));
    set("hulan_event_ring_capacity_bytes", "size of the event ring",
        static_cast<double>(exchange.events().capacity()));
    set("hulan_view_lag", "commands applied by the engine that the view has not folded in",
        static_cast<double>(status.sequence.load()) -
            static_cast<double>(exchange.view().sequence()));
  }

 private:
  prometheus::Registry& registry_;
};

template <class T, class Error>
std::expected<T, std::string> with_message(std::expected<T, Error> result, const char* what) {
  if (result) return std::move(*result);
  return std::unexpected(std::string(what) + ": " + result.error().message);
}

[[noreturn]] void end_now(const std::string& why) {
  spdlog::critical("{}", why);
  spdlog::shutdown();
  _exit(1);
}

}  // namespace

struct RunningMarket::Parts {
  Parts(std::unique_ptr<Exchange> e, identity::Directory i, documents::Store d,
        const RunOptions& options)
      : exchange(std::move(e)),
        identity(std::move(i)),
        documents(std::move(d)),
        sink(*exchange),
        proofs(options.exchange.directory, options.checkpoint_every),
        surveillance(options.exchange.directory),
        storage(options.exchange.directory, options.disk_reserve, *metrics) {}

  std::unique_ptr<Exchange> exchange;
  identity::Directory identity;
  documents::Store documents;
  RingSink sink;
  ProofKeeper proofs;
  SurveillanceKeeper surveillance;
  std::shared_ptr<prometheus::Registry> metrics = std::make_shared<prometheus::Registry>();
  Gauges gauges{*metrics};
  LimitWatch limits{*metrics};
  StorageWatch storage;
  std::function<std::expected<std::string, std::string>(std::string_view)> become;
  std::function<std::expected<void, std::string>(model::ContractId, model::LotId)> next_step;
  std::unique_ptr<gateways::Server> server;
  bool announced_ready = false;

  gateways::Services services(const RunOptions& options) {
    gateways::Services services{identity,
                                documents,
                                exchange->view(),
                                sink,
                                io::system_clock(),
                                io::system_entropy(),
                                {},
                                {},
                                {},
                                {},
                                {},
                                {},
                                {},
                                {}};
    // What was told is never taken back: when the machine's clock jumps back, time stands still.
    services.market_now = [this, told = std::int64_t{0}]() mutable {
      told = std::max(told, exchange->view().now().value);
      if (exchange->status().ready.load(std::memory_order_acquire)) {
        told = std::max(told, exchange->clock().now_ns());
      }
      return told;
    };
    services.market = options.market;
    services.metrics = metrics;
    services.before_scrape = [this] {
      gauges.update(*exchange);
      watch();
    };
    services.storage_room = [this] { return storage.room(); };
    services.each_second = [this] { watch(); };
    services.proofs = &proofs;
    services.surveillance = &surveillance;
    services.files = options.files;
    services.parse_product = options.parse_product;
    if (options.market.demo) {
      services.become = [this](std::string_view role) { return become(role); };
      services.next_step = [this](model::ContractId c, model::LotId l) { return next_step(c, l); };
    }
    return services;
  }

  // Network thread: what may run out.
  void watch() {
    storage.update();
    for (const TableUse& table : exchange->tables()) {
      limits.update(table.name, table.used.load(std::memory_order_relaxed), table.capacity);
    }
    limits.update("command_ring_bytes", exchange->commands().used(),
                  exchange->commands().capacity());
    limits.update("event_ring_bytes", exchange->events().used(), exchange->events().capacity());
    if (server) {
      server->for_each_limit([this](std::string_view name, std::uint64_t used, std::uint64_t end) {
        limits.update(name, used, end);
      });
    }
  }

  // Network thread, whenever the engine has published something.
  void pump() {
    io::Wakeup& wakeup = exchange->events_wakeup();
    wakeup.drain();
    while (true) {
      while (true) {
        const auto events = exchange->events().front();
        if (events.data() == nullptr) break;
        server->deliver(events);
        exchange->events().pop();
      }
      wakeup.prepare();
      if (exchange->events().empty()) break;
      wakeup.cancel();
    }
    if (!announced_ready && exchange->status().ready.load(std::memory_order_acquire)) {
      announced_ready = true;
      server->set_ready(true);
    }
  }
};

std::expected<std::unique_ptr<RunningMarket>, std::string> RunningMarket::open(
    const RunOptions& options) {
  auto exchange = Exchange::open(options.exchange);
  if (!exchange) return std::unexpected(exchange.error());
  auto identity = with_message(identity::Directory::open(options.exchange.directory), "identity");
  if (!identity) return std::unexpected(identity.error());
  auto documents = with_message(documents::Store::open(options.exchange.directory), "documents");
  if (!documents) return std::unexpected(documents.error());
  auto parts = std::make_unique<Parts>(std::move(*exchange), std::move(*identity),
                                       std::move(*documents), options);
  auto server = gateways::Server::listen(options.doors, parts->services(options));
  if (!server) return std::unexpected(server.error());
  parts->server = std::move(*server);
  return std::unique_ptr<RunningMarket>(new RunningMarket(std::move(parts)));
}

RunningMarket::RunningMarket(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RunningMarket::~RunningMarket() = default;

std::uint16_t RunningMarket::port() const { return parts_->server->port(); }
Exchange& RunningMarket::exchange() { return *parts_->exchange; }
identity::Directory& RunningMarket::identity() { return parts_->identity; }
void RunningMarket::post(std::function<void()> work) { parts_->server->post(std::move(work)); }

void RunningMarket::set_become(
    std::function<std::expected<std::string, std::string>(std::string_view)> become) {
  parts_->become = std::move(become);
}

void RunningMarket::set_next_step(
    std::function<std::expected<void, std::string>(model::ContractId, model::LotId)> next) {
  parts_->next_step = std::move(next);
}

void RunningMarket::run() {
  Parts& parts = *parts_;
  parts.exchange->events_wakeup().prepare();
  parts.server->watch(parts.exchange->events_wakeup().fd(), [&parts] { parts.pump(); });
  parts.exchange->set_before_trading(
      [&parts](const journal::MarketId& market, model::Sequence last) {
        return parts.proofs.open(market, last);
      });
  parts.exchange->start(end_now);
  parts.proofs.start([&parts] { return parts.exchange->status().sequence.load(); }, end_now);
  parts.server->run();
}

void RunningMarket::stop() {
  parts_->exchange->stop();
  parts_->proofs.stop();
  parts_->surveillance.stop();
  // The view must still see the snapshot that the engine took at its end.
  parts_->server->post([this] { parts_->pump(); });
  parts_->server->stop();
}

void block_stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop_signal(const std::function<void()>& stop) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  int signal_number = 0;
  sigwait(&set, &signal_number);
  stop();
}

}  // namespace hulan::app
