// SPDX-License-Identifier: Apache-2.0
// The socket of one stream: frames to the session, and one frame at a time back. Included by
// server.cc only.
#pragma once

#include "gateways/sockets/connection.h"

namespace hulan::gateways::sockets {

class StreamConnection final : public Connection,
                               public std::enable_shared_from_this<StreamConnection> {
 public:
  StreamConnection(Hall& hall, beast::tcp_stream&& stream)
      : hall_(hall), socket_(std::move(stream)), closing_(hall.io) {}

  ~StreamConnection() override {
    if (session_ != nullptr) hall_.gateway.close_session(session_);
  }

  /// Answers the upgrade. The connection is in the hall already.
  void accept(const http::request<http::string_body>& request) {
    beast::get_lowest_layer(socket_).expires_never();  // the stream keeps its own time
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = milliseconds(hall_.options.request_timeout_ms);
    timeout.idle_timeout = milliseconds(hall_.options.idle_timeout_ms);
    timeout.keep_alive_pings = true;
    socket_.set_option(timeout);
    socket_.read_message_max(hall_.options.max_body_bytes);
    socket_.text(true);
    session_ = hall_.gateway.open_session([this] { write(); });
    if (session_ == nullptr) return leave();
    const auto language = request[http::field::accept_language];
    session_->set_language(preferred_language({language.data(), language.size()}));
    const auto target = request.target();
    const std::string_view text(target.data(), target.size());
    if (const auto at = text.find('?'); at != std::string_view::npos) {
      token_ = Query(text.substr(at + 1)).text("token").value_or("");
    }
    socket_.async_accept(request, [self = shared_from_this()](beast::error_code error) {
      if (error) return self->leave();
      self->begin();
    });
  }

  void stop() override {
    if (session_ == nullptr) return;
    session_->close(websocket::close_code::going_away);
    hall_.gateway.flush();
  }

 private:
  void begin() {
    open_ = true;
    if (!token_.empty()) session_->sign_in(token_);
    if (hall_.stopping) session_->close(websocket::close_code::going_away);
    hall_.gateway.flush();
    write();
    read();
  }

  void read() {
    socket_.async_read(buffer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return self->leave();
      self->received();
    });
  }

  void received() {
    if (session_ == nullptr) return;
    if (!socket_.got_text()) {
      session_->close(websocket::close_code::unknown_data);
    } else if (!session_->close_code()) {
      const auto data = buffer_.cdata();
      session_->receive({static_cast<const char*>(data.data()), data.size()},
                        hall_.services.clock.now_ns());
    }
    buffer_.consume(buffer_.size());
    hall_.gateway.flush();
    if (!leaving_) read();
  }

  void write() {
    if (!open_ || session_ == nullptr || leaving_) return;
    if (const auto code = session_->close_code()) return close(*code);
    if (writing_ || !session_->take(frame_)) return;
    writing_ = true;
    socket_.async_write(asio::buffer(frame_),
                        [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                          self->writing_ = false;
                          if (error) return self->leave();
                          if (self->session_ == nullptr) return;
                          self->session_->sent(bytes);
                          self->hall_.gateway.flush();
                          self->write();
                        });
  }

  /// Says why, if what is under way gets through; a reader that takes nothing is cut off.
  void close(std::uint16_t code) {
    if (!cutting_) {
      cutting_ = true;
      closing_.expires_after(milliseconds(hall_.stopping ? 1000 : 5000));
      closing_.async_wait([self = shared_from_this()](beast::error_code error) {
        if (!error) self->leave();
      });
    }
    if (writing_) return;
    leaving_ = true;
    socket_.async_close(websocket::close_reason(code),
                        [self = shared_from_this()](beast::error_code) { self->leave(); });
  }

  void leave() {
    leaving_ = true;
    closing_.cancel();
    if (session_ != nullptr) hall_.gateway.close_session(session_);
    session_ = nullptr;
    beast::error_code ignored;
    beast::get_lowest_layer(socket_).socket().close(ignored);
    hall_.leave(shared_from_this());
  }

  Hall& hall_;
  websocket::stream<beast::tcp_stream> socket_;
  asio::steady_timer closing_;
  beast::flat_buffer buffer_;
  Session* session_ = nullptr;
  std::string token_;
  std::string frame_;
  bool open_ = false, writing_ = false, leaving_ = false, cutting_ = false;
};

}  // namespace hulan::gateways::sockets
