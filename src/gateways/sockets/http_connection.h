// SPDX-License-Identifier: Apache-2.0
// The socket of one HTTP client: one request after another, each within its time and size.
// Included by server.cc only.
#pragma once

#include <optional>

#include "documents/store.h"
#include "gateways/sockets/connection.h"
#include "gateways/sockets/stream_connection.h"

namespace hulan::gateways::sockets {

class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(Hall& hall, tcp::socket&& socket)
      : hall_(hall),
        stream_(std::move(socket)),
        deadline_(hall.io),
        rate_(hall.options.messages_per_second) {
    stream_.expires_never();  // deadline_ leaves the socket open for an answer
  }

  /// Waits for the next request.
  void wait() {
    if (hall_.stopping) return leave();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(hall_.options.max_header_bytes));
    parser_->body_limit(documents::kMaxDocumentBytes);
    set_deadline(hall_.options.idle_timeout_ms);
    if (buffer_.size() != 0) return read_header();
    idle_ = true;
    stream_.async_read_some(buffer_.prepare(4096), [self = shared_from_this()](
                                                       beast::error_code error, std::size_t bytes) {
      self->idle_ = false;
      if (error) return self->leave();
      self->buffer_.commit(bytes);
      self->read_header();
    });
  }

  /// One answer, then the end: for a client there is no room for.
  void turn_away(const Problem& problem) {
    parser_.emplace();
    set_deadline(hall_.options.request_timeout_ms);
    refuse(problem);
  }

  void stop() override {
    if (idle_ || draining_) leave();
  }

 private:
  void set_deadline(std::int64_t milliseconds_from_now) {
    late_ = false;
    deadline_.expires_after(milliseconds(milliseconds_from_now));
    deadline_.async_wait([self = shared_from_this()](beast::error_code error) {
      if (error || self->deadline_.expiry() > std::chrono::steady_clock::now()) return;
      self->late_ = true;
      beast::error_code ignored;
      self->stream_.socket().cancel(ignored);
    });
  }

  void read_header() {
    set_deadline(hall_.options.request_timeout_ms);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (error) return self->failed(error);
                              self->read_body();
                            });
  }

  void read_body() {
    const std::size_t most = body_limit();
    parser_->body_limit(most);
    if (const auto length = parser_->content_length(); length && *length > most) {
      return refuse(too_large(most));
    }
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      asio::async_write(stream_, asio::buffer(kContinue),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) return self->leave();
                          self->read_rest();
                        });
      return;
    }
    read_rest();
  }

  void read_rest() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (error) return self->failed(error);
                       self->handle();
                     });
  }

  /// What the address asked for takes at most, in bytes.
  [[nodiscard]] std::size_t body_limit() const {
    const auto target = parser_->get().target();
    return target == "/v1/documents" ? documents::kMaxDocumentBytes : hall_.options.max_body_bytes;
  }

  static Problem too_large(std::size_t most) {
    return Problem::because(Fault::too_large, "at most " + std::to_string(most) + " bytes");
  }

  void failed(beast::error_code error) {
    if (late_) return refuse(Problem(Fault::timeout));
    if (error == http::error::body_limit) return refuse(too_large(body_limit()));
    if (error == http::error::header_limit) return refuse(Problem(Fault::header_too_large));
    if (error == http::error::end_of_stream || error == http::error::partial_message ||
        error.category() != http::make_error_code(http::error::end_of_stream).category()) {
      return leave();
    }
    refuse(Problem::because(Fault::bad_request, error.message()));
  }

  [[nodiscard]] std::string_view header(http::field field) const {
    const auto value = parser_->get()[field];
    return {value.data(), value.size()};
  }

  void handle() {
    deadline_.cancel();
    const auto& message = parser_->get();
    const std::string_view target(message.target().data(), message.target().size());
    if (websocket::is_upgrade(message)) return upgrade(target.substr(0, target.find('?')));
    keep_alive_ = message.keep_alive();
    head_ = message.method() == http::verb::head;
    HttpRequest request;
    request.method = method_of(message.method());
    request.target = target;
    request.authorization = header(http::field::authorization);
    request.accept = header(http::field::accept);
    request.accept_encoding = header(http::field::accept_encoding);
    request.accept_language = header(http::field::accept_language);
    request.content_type = header(http::field::content_type);
    const auto key = message["Idempotency-Key"];
    request.idempotency_key = {key.data(), key.size()};
    const auto mandate = message["X-Hulan-Mandate"];
    request.mandate = {mandate.data(), mandate.size()};
    request.if_none_match = header(http::field::if_none_match);
    request.body = message.body();
    if (!rate_.pass(hall_.services.clock.now_ns())) return refuse(Problem(Fault::rate_limited));
    hall_.gateway.handle(request, [weak = weak_from_this()](HttpResponse&& response) {
      if (const auto self = weak.lock()) self->answer(std::move(response));
    });
  }

  static HttpMethod method_of(http::verb verb) {
    switch (verb) {
      case http::verb::get:
        return HttpMethod::kGet;
      case http::verb::head:
        return HttpMethod::kHead;
      case http::verb::post:
        return HttpMethod::kPost;
      case http::verb::delete_:
        return HttpMethod::kDelete;
      default:
        return HttpMethod::kOther;
    }
  }

  void upgrade(std::string_view path) {
    if (path != "/v1/stream") return refuse(Problem(Fault::not_found));
    if (!hall_.gateway.ready()) return refuse(Problem(Fault::not_ready));
    const auto stream = std::make_shared<StreamConnection>(hall_, std::move(stream_));
    hall_.enter(stream);
    hall_.leave(shared_from_this());
    stream->accept(parser_->get());
  }

  void refuse(const Problem& problem) {
    keep_alive_ = false;
    unread_ = true;
    const auto language = header(http::field::accept_language);
    answer(hall_.gateway.problem_response(problem, preferred_language(language)));
  }

  template <class Message>
  void add_headers(Message& message) {
    message.set(http::field::content_type, held_.content_type);
    message.set("X-Content-Type-Options", "nosniff");
    message.set("X-Frame-Options", "DENY");
    bool caching = false, policy = false;
    for (const auto& [name, value] : held_.headers) {
      message.set(name, value);
      caching = caching || name == "Cache-Control";
      policy = policy || name == "Content-Security-Policy";
    }
    if (!caching) message.set(http::field::cache_control, "no-store");
    if (!policy) message.set("Content-Security-Policy", "default-src 'none'");
    message.keep_alive(keep_alive_);
  }

  void answer(HttpResponse&& response) {
    held_ = std::move(response);
    if (hall_.stopping) keep_alive_ = false;
    set_deadline(hall_.options.request_timeout_ms);
    const auto status = static_cast<http::status>(held_.status);
    const std::span<const char> body =
        held_.file.empty() ? std::span<const char>(held_.body)
                           : std::span<const char>(reinterpret_cast<const char*>(held_.file.data()),
                                                   held_.file.size());
    if (head_ || held_.status == 304) {
      empty_.emplace(status, 11);
      add_headers(*empty_);
      if (held_.status != 304) empty_->content_length(body.size());
      return send(*empty_);
    }
    full_.emplace(status, 11);
    full_->body() = {body.data(), body.size()};
    add_headers(*full_);
    full_->prepare_payload();
    send(*full_);
  }

  template <class Message>
  void send(Message& message) {
    http::async_write(stream_, message,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        self->deadline_.cancel();
                        self->head_ = false;
                        if (error) return self->leave();
                        if (self->keep_alive_) return self->wait();
                        self->end();
                      });
  }

  /// Closes so that the answer arrives: what the client still sends is read and thrown away.
  void end() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    if (!unread_) return leave();
    draining_ = true;
    set_deadline(std::min<std::int64_t>(hall_.options.request_timeout_ms, 2000));
    drain(16u << 20);
  }

  void drain(std::size_t most) {
    buffer_.clear();
    stream_.async_read_some(
        buffer_.prepare(64 * 1024),
        [self = shared_from_this(), most](beast::error_code error, std::size_t bytes) {
          if (error || bytes > most) return self->leave();
          self->drain(most - bytes);
        });
  }

  void leave() {
    deadline_.cancel();
    beast::error_code ignored;
    stream_.socket().close(ignored);
    hall_.leave(shared_from_this());
  }

  using Body = http::span_body<const char>;

  Hall& hall_;
  beast::tcp_stream stream_;
  asio::steady_timer deadline_;
  RateLimit rate_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  HttpResponse held_;
  std::optional<http::response<Body>> full_;
  std::optional<http::response<http::empty_body>> empty_;
  bool keep_alive_ = false, head_ = false, late_ = false, unread_ = false;
  bool idle_ = false, draining_ = false;
};

}  // namespace hulan::gateways::sockets
