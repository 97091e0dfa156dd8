// SPDX-License-Identifier: Apache-2.0
// The load over sockets: the same bids as a buyer's program would send them.
#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <memory>
#include <random>

#include "hulan/bench/load.h"

namespace hulan::app::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

std::int64_t steady_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

/// What all connections share: where the next bid goes, and the count. Prices only rise, so every
/// bid that is not overtaken on another connection is accepted.
struct Shared {
  const LoadOptions& options;
  LoadResult result;
  std::mt19937_64 random{1};
  std::int64_t price;
  bool stopping = false;
  std::size_t open = 0;
  std::string error;

  explicit Shared(const LoadOptions& o) : options(o), price(o.first_price_li) {}

  /// How many lots each of `connections` has to itself, so that its bids reach a lot in the order
  /// of their prices; 0: there are more connections than lots.
  std::size_t own_lots(std::size_t connections) const { return options.lots.size() / connections; }
  std::uint32_t any_lot() { return options.lots[random() % options.lots.size()]; }
  const std::string& token() { return options.tokens[random() % options.tokens.size()]; }
  std::string next_price() {
    ++price;
    return fmt::format("{}.{:03}", price / 1000, price % 1000);
  }
  void answered(bool ok, std::int64_t sent_ns, std::string_view text) {
    result.latency.add(steady_ns() - sent_ns);
    result.acknowledged += 1;
    if (ok) {
      result.accepted += 1;
    } else if (result.first_refusal.empty()) {
      result.first_refusal = text.substr(0, 400);
    }
  }
};

class SocketClient {
 public:
  SocketClient(asio::io_context& io, Shared& shared, std::size_t number)
      : shared_(shared), number_(number), stream_(io) {}

  void connect() {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), shared_.options.port);
    beast::get_lowest_layer(stream_).connect(endpoint);
    beast::get_lowest_layer(stream_).socket().set_option(tcp::no_delay(true));
    stream_.handshake(fmt::format("127.0.0.1:{}", shared_.options.port),
                      "/v1/stream?token=" + shared_.token());
    stream_.text(true);
    shared_.open += 1;
    send(shared_.options.in_flight);
    read();
  }
  [[nodiscard]] std::size_t unanswered() const { return unanswered_; }

 private:
  // Goes round this connection's lots; each round, and each frame, speaks for another buyer.
  void send(std::size_t bids) {
    const std::int64_t now = steady_ns();
    const std::size_t own = shared_.own_lots(shared_.options.clients);
    for (std::size_t i = 0; i < bids; ++i) {
      if (i == 0 || (own != 0 && turn_ % own == 0)) {
        queued_ += fmt::format("{}{{\"op\":\"token\",\"token\":\"{}\"}}",
                               queued_.empty() ? "[" : ",", shared_.token());
      }
      const std::uint32_t lot =
          own == 0 ? shared_.any_lot() : shared_.options.lots[number_ * own + turn_++ % own];
      queued_ += fmt::format(",{{\"op\":\"bid\",\"ref\":{},\"lot\":{},\"price\":\"{}\"}}", now, lot,
                             shared_.next_price());
    }
    unanswered_ += bids;
    shared_.result.sent += bids;
    if (!writing_) write();
  }

  void write() {
    writing_ = true;
    flying_.swap(queued_);
    queued_.clear();
    flying_ += "]";
    stream_.async_write(asio::buffer(flying_), [this](beast::error_code error, std::size_t) {
      writing_ = false;
      if (error) return fail(error);
      if (!queued_.empty()) write();
    });
  }

  void read() {
    stream_.async_read(buffer_, [this](beast::error_code error, std::size_t) {
      if (error) return fail(error);
      const auto data = buffer_.cdata();
      const std::size_t answers = count({static_cast<const char*>(data.data()), data.size()});
      buffer_.consume(buffer_.size());
      if (!shared_.stopping && answers != 0) send(answers);
      if (shared_.stopping && unanswered_ == 0) {
        shared_.open -= 1;
        return;
      }
      read();
    });
  }

  // Looks for each "reply": its ref is the moment it was sent.
  std::size_t count(std::string_view text) {
    static constexpr std::string_view kReply = "\"op\":\"reply\",\"ref\":";
    std::size_t answers = 0;
    for (std::size_t at = text.find(kReply); at != std::string_view::npos;
         at = text.find(kReply, at)) {
      at += kReply.size();
      std::int64_t sent = 0;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        sent = sent * 10 + (text[at++] - '0');
      shared_.answered(text.substr(at, 11) == ",\"ok\":true,", sent, text.substr(at));
      answers += 1;
    }
    unanswered_ -= answers;
    return answers;
  }

  void fail(beast::error_code error) {
    if (shared_.error.empty()) shared_.error = error.message();
    shared_.open -= 1;
  }

  Shared& shared_;
  std::size_t number_;
  std::size_t turn_ = 0;
  websocket::stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  std::string queued_, flying_;
  bool writing_ = false;
  std::size_t unanswered_ = 0;
};

class RestClient {
 public:
  RestClient(asio::io_context& io, Shared& shared, std::size_t) : shared_(shared), stream_(io) {}

  void connect() {
    stream_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), shared_.options.port));
    stream_.socket().set_option(tcp::no_delay(true));
    shared_.open += 1;
    send();
  }
  [[nodiscard]] std::size_t unanswered() const { return unanswered_; }

 private:
  void send() {
    request_ = {http::verb::post, fmt::format("/v1/lots/{}/bids", shared_.any_lot()), 11};
    request_.set(http::field::host, "127.0.0.1");
    request_.set(http::field::authorization, "Bearer " + shared_.token());
    request_.set(http::field::content_type, "application/json");
    request_.body() = fmt::format("{{\"price\":\"{}\"}}", shared_.next_price());
    request_.prepare_payload();
    sent_ns_ = steady_ns();
    unanswered_ = 1;
    shared_.result.sent += 1;
    http::async_write(stream_, request_, [this](beast::error_code error, std::size_t) {
      if (error) return fail(error);
      response_ = {};
      http::async_read(stream_, buffer_, response_, [this](beast::error_code failed, std::size_t) {
        if (failed) return fail(failed);
        unanswered_ = 0;
        shared_.answered(response_.result() == http::status::ok, sent_ns_, response_.body());
        if (shared_.stopping) {
          shared_.open -= 1;
        } else {
          send();
        }
      });
    });
  }

  void fail(beast::error_code error) {
    if (shared_.error.empty()) shared_.error = error.message();
    shared_.open -= 1;
  }

  Shared& shared_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  std::int64_t sent_ns_ = 0;
  std::size_t unanswered_ = 0;
};

template <class Client>
std::expected<LoadResult, std::string> load(const LoadOptions& options, std::size_t connections) {
  asio::io_context io(1);
  Shared shared(options);
  std::vector<std::unique_ptr<Client>> clients;
  try {
    for (std::size_t i = 0; i < connections; ++i) {
      clients.push_back(std::make_unique<Client>(io, shared, i));
      clients.back()->connect();
    }
  } catch (const std::exception& error) {
    return std::unexpected(std::string("cannot connect: ") + error.what());
  }
  const std::int64_t start = steady_ns();
  asio::steady_timer end(
      io, std::chrono::nanoseconds(static_cast<std::int64_t>(options.seconds * 1e9)));
  end.async_wait([&](beast::error_code) { shared.stopping = true; });
  while (!shared.stopping && shared.error.empty()) io.run_one();
  shared.result.seconds = static_cast<double>(steady_ns() - start) / 1e9;
  const std::uint64_t acknowledged = shared.result.acknowledged, accepted = shared.result.accepted;
  // What is in flight is waited for, to tell late from lost; it no longer counts for the rate.
  const std::int64_t deadline = steady_ns() + 10'000'000'000;
  while (shared.open != 0 && shared.error.empty() && steady_ns() < deadline) {
    io.run_one_for(std::chrono::milliseconds(100));
  }
  if (!shared.error.empty()) return std::unexpected(shared.error);
  for (const auto& client : clients) shared.result.lost += client->unanswered();

  shared.result.acknowledged = acknowledged;
  shared.result.accepted = accepted;
  return std::move(shared.result);
}

}  // namespace

std::expected<LoadResult, std::string> load_websocket(const LoadOptions& options) {
  return load<SocketClient>(options, options.clients);
}

std::expected<LoadResult, std::string> load_rest(const LoadOptions& options) {
  return load<RestClient>(options, options.clients * options.in_flight);
}

}  // namespace hulan::app::bench
