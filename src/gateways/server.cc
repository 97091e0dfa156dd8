// SPDX-License-Identifier: Apache-2.0
// The one translation unit that includes Beast.
#include "gateways/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <vector>

#include "gateways/sockets/connection.h"
#include "gateways/sockets/http_connection.h"
#include "gateways/sockets/stream_connection.h"

namespace hulan::gateways {
namespace {

namespace asio = boost::asio;
using sockets::HttpConnection;
using sockets::tcp;
using sockets::beast::error_code;

constexpr auto kStopWithin = std::chrono::seconds(2);

/// Calls `work` each time a descriptor becomes readable.
struct Watch {
  asio::posix::stream_descriptor descriptor;
  std::function<void()> work;

  void wait() {
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (error) return;
      work();
      wait();
    });
  }
};

}  // namespace

// In the order in which things end, from the last: sockets, then the loop, the hall, the doors.
struct Server::Parts {
  Parts(const Options& o, Services services)
      : options(o),
        gateway(services,
                {o.slow_reader_bytes, o.max_unsent_bytes, o.messages_per_second, o.max_body_bytes}),
        hall{options, gateway, std::move(services), io, {}, false} {
    gateway.set_run_aside([this](std::function<bool()> work, std::function<void(bool)> after) {
      asio::post(aside, [this, work = std::move(work), after = std::move(after)] {
        const bool result = work();
        asio::post(io, [after, result] { after(result); });
      });
    });
  }
  ~Parts() {
    aside.join();
    hall.connections.clear();
  }

  std::expected<void, std::string> listen() {
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) return std::unexpected(fmt::format("{}: not an address", options.address));
    const tcp::endpoint endpoint(address, options.port);
    const auto failed = [&](const char* what) {
      return std::unexpected(
          fmt::format("{} {}:{}: {}", what, options.address, options.port, error.message()));
    };
    if (acceptor.open(endpoint.protocol(), error); error) return failed("open");
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (acceptor.bind(endpoint, error); error) return failed("bind");
    if (acceptor.listen(1024, error); error) return failed("listen");
    port = acceptor.local_endpoint().port();
    return {};
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (hall.stopping || error == asio::error::operation_aborted) return;
      if (error) return accept_later();
      welcome(std::move(socket));
      accept();
    });
  }

  /// Out of descriptors, most likely: some will be given back.
  void accept_later() {
    pause.expires_after(std::chrono::milliseconds(100));
    pause.async_wait([this](error_code error) {
      if (!error) accept();
    });
  }

  void welcome(tcp::socket&& socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const bool room = hall.connections.size() < options.max_connections;
    const auto connection = std::make_shared<HttpConnection>(hall, std::move(socket));
    hall.enter(connection);
    if (room) return connection->wait();
    connection->turn_away(Problem(Fault::too_many_connections));
  }

  void tick() {
    seconds.expires_after(std::chrono::seconds(1));
    seconds.async_wait([this](error_code error) {
      if (error) return;
      gateway.tick();
      tick();
    });
  }

  void stop() {
    if (hall.stopping) return;
    hall.stopping = true;
    error_code ignored;
    acceptor.close(ignored);
    seconds.cancel();
    const auto all = hall.connections;  // those that leave are erased
    for (const auto& connection : all) connection->stop();
    if (hall.connections.empty()) return io.stop();
    pause.expires_after(kStopWithin);
    pause.async_wait([this](error_code) { io.stop(); });
  }

  Options options;
  Gateway gateway;
  sockets::Hall hall;
  asio::io_context io{1};
  asio::thread_pool aside{1};
  asio::executor_work_guard<asio::io_context::executor_type> open{io.get_executor()};
  tcp::acceptor acceptor{io};
  asio::steady_timer seconds{io};
  asio::steady_timer pause{io};
  std::vector<std::unique_ptr<Watch>> watches;
  std::uint16_t port = 0;
};

std::expected<std::unique_ptr<Server>, std::string> Server::listen(const Options& options,
                                                                   Services services) {
  auto parts = std::make_unique<Parts>(options, std::move(services));
  if (auto listening = parts->listen(); !listening) return std::unexpected(listening.error());
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return parts_->port; }

void Server::run() {
  parts_->accept();
  parts_->tick();
  parts_->io.run();
}

void Server::stop() {
  asio::post(parts_->io, [this] { parts_->stop(); });
}

void Server::for_each_limit(const LimitVisitor& visit) {
  visit("connections", parts_->gateway.counts().connections, parts_->options.max_connections);
  parts_->gateway.for_each_limit(visit);
}

void Server::post(std::function<void()> work) { asio::post(parts_->io, std::move(work)); }

void Server::watch(int descriptor, std::function<void()> work) {
  auto watch = std::make_unique<Watch>(
      Watch{asio::posix::stream_descriptor(parts_->io, dup(descriptor)), std::move(work)});
  watch->wait();
  parts_->watches.push_back(std::move(watch));
}

void Server::set_ready(bool ready) { parts_->gateway.set_ready(ready); }

void Server::deliver(std::span<const std::uint8_t> events) { parts_->gateway.deliver(events); }

}  // namespace hulan::gateways
