// SPDX-License-Identifier: Apache-2.0
// What the sockets of both kinds share. Included by server.cc only: Beast compiles slowly.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <memory>
#include <unordered_set>

#include "gateways/gateway.h"
#include "gateways/server.h"

namespace hulan::gateways::sockets {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

/// An open socket. Kept by the hall until it leaves.
class Connection {
 public:
  virtual ~Connection() = default;
  /// The server is closing down: end what is idle now, the rest when it is done.
  virtual void stop() = 0;
};

/// What all connections know of the server.
struct Hall {
  const Options& options;
  Gateway& gateway;
  Services services;
  asio::io_context& io;
  std::unordered_set<std::shared_ptr<Connection>> connections;
  bool stopping = false;

  void enter(std::shared_ptr<Connection> connection) {
    connections.insert(std::move(connection));
    gateway.counts().connections = connections.size();
  }
  void leave(const std::shared_ptr<Connection>& connection) {
    connections.erase(connection);
    gateway.counts().connections = connections.size();
    if (stopping && connections.empty()) io.stop();
  }
};

[[nodiscard]] inline std::chrono::milliseconds milliseconds(std::int64_t count) {
  return std::chrono::milliseconds(count);
}

}  // namespace hulan::gateways::sockets
