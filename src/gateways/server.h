// SPDX-License-Identifier: Apache-2.0
// The doors on one port: REST under /v1, the stream at /v1/stream, the embedded pages elsewhere.
// This is the only part of the gateways that has sockets; what is asked and answered is
// gateways/gateway.h.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "gateways/services.h"
#include "gateways/session.h"

namespace hulan::gateways {

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: a free one; see Server::port()
  std::size_t max_connections = 8192;
  std::int64_t request_timeout_ms = 10'000;  ///< a slow client gets 408 and is closed
  std::int64_t idle_timeout_ms = 60'000;     ///< between requests; a stream is pinged at half of it
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 64 * 1024;       ///< documents have their own limit
  std::size_t slow_reader_bytes = 256 * 1024;   ///< unsent: public events are dropped
  std::size_t max_unsent_bytes = 4u << 20;      ///< unsent: the stream is closed (1008)
  std::uint32_t messages_per_second = 100'000;  ///< of one connection; 0 = no limit
};

class Server {
 public:
  /// Binds and listens; the error is one line. Nothing is answered before run().
  [[nodiscard]] static std::expected<std::unique_ptr<Server>, std::string> listen(
      const Options& options, Services services);
  ~Server();

  /// The port that is listened on.
  [[nodiscard]] std::uint16_t port() const;

  /// Serves until stop(); the calling thread is the network thread.
  void run();

  /// Stops accepting, closes streams with 1001, lets requests under way end (at most 2 s), then
  /// run() returns. Any thread.
  void stop();

  /// Runs `work` on the network thread, soon. Any thread.
  void post(std::function<void()> work);

  /// Runs `work` on the network thread each time `descriptor` becomes readable (an eventfd; `work`
  /// empties it). Call before run().
  void watch(int descriptor, std::function<void()> work);

  /// /readyz; before it, every /v1 path is 503 `not_ready`. False at first. Any thread.
  void set_ready(bool ready);

  /// Network thread: applies a durable run of events to the view, then sends what is new to the
  /// streams and the answers to who waits for them, in one frame per stream. A run holds whole
  /// commands.
  void deliver(std::span<const std::uint8_t> events);

  /// Connections and what they and their streams may use. Network thread.
  void for_each_limit(const LimitVisitor& visit);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hulan::gateways
