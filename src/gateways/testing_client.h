// SPDX-License-Identifier: Apache-2.0
// A client for the tests: plain blocking sockets, so that what goes over the wire is what is
// written here and no library's idea of it.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace hulan::gateways::testing {

namespace json = boost::json;

class Socket {
 public:
  explicit Socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval patience{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the other side has closed: what it said shows in read()
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Reads on until `buffer` holds `bytes`; false at the end.
  bool fill(std::size_t bytes) {
    while (buffer.size() < bytes) {
      char chunk[64 * 1024];
      const auto got = ::recv(fd_, chunk, sizeof chunk, 0);
      if (got <= 0) return false;
      buffer.append(chunk, static_cast<std::size_t>(got));
    }
    return true;
  }
  std::string take(std::size_t bytes) {
    std::string taken = buffer.substr(0, bytes);
    buffer.erase(0, bytes);
    return taken;
  }

  std::string buffer;

 private:
  int fd_;
};

struct Answer {
  int status = 0;
  std::string head;
  std::string body;

  [[nodiscard]] json::object object() const {
    json::error_code error;
    auto value = json::parse(body, error);
    EXPECT_FALSE(error) << body;
    return value.is_object() ? value.get_object() : json::object{};
  }
  [[nodiscard]] std::string text(const char* name) const {
    const auto members = object();
    const auto* value = members.if_contains(name);
    if (value == nullptr) return "";
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
  }
  [[nodiscard]] std::string header(std::string_view name) const {
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return "";
    const auto begin = at + 4 + name.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

/// One answer; `no_body`: to HEAD.
inline Answer read_answer(Socket& socket, bool no_body = false) {
  Answer answer;
  std::size_t end = std::string::npos;
  while ((end = socket.buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!socket.fill(socket.buffer.size() + 1)) return answer;
  }
  answer.head = socket.take(end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  const std::string length = answer.header("Content-Length");
  if (no_body || length.empty()) return answer;
  const auto bytes = static_cast<std::size_t>(std::stoul(length));
  EXPECT_TRUE(socket.fill(bytes));
  answer.body = socket.take(bytes);
  return answer;
}

struct Ask {
  std::string method = "GET";
  std::string path{};
  std::string token{};
  std::string body{};
  std::string type = "application/json";
  std::string headers{};  ///< more, each with its \r\n
};

inline std::string written(const Ask& ask) {
  std::string text = ask.method + " " + ask.path + " HTTP/1.1\r\nHost: market\r\n" + ask.headers;
  if (!ask.token.empty()) text += "Authorization: Bearer " + ask.token + "\r\n";
  if (!ask.body.empty()) {
    text += "Content-Type: " + ask.type + "\r\n";
    text += "Content-Length: " + std::to_string(ask.body.size()) + "\r\n";
  }
  return text + "\r\n" + ask.body;
}

/// A stream: masked frames out, plain frames in (RFC 6455).
class StreamClient {
 public:
  explicit StreamClient(std::uint16_t port, const std::string& query = "") : socket_(port) {
    socket_.send("GET /v1/stream" + query +
                 " HTTP/1.1\r\nHost: market\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                 "Accept-Language: en\r\n\r\n");
    upgrade = read_answer(socket_, true);
  }

  void send(std::string_view text) {
    std::string frame = "\x81";
    if (text.size() < 126) {
      frame += static_cast<char>(0x80 | text.size());
    } else {
      frame += static_cast<char>(0x80 | 126);
      frame += static_cast<char>(text.size() >> 8);
      frame += static_cast<char>(text.size() & 0xFF);
    }
    frame.append(4, '\0');  // a mask of zeros
    socket_.send(frame.append(text));
  }

  /// The next frame as a list of objects; a close frame gives {"close": code}, the end {}.
  json::array next() {
    std::string message;  // a message may come in several frames
    while (true) {
      if (!socket_.fill(2)) return {};
      const bool last = (socket_.buffer[0] & 0x80) != 0;
      const int kind = socket_.buffer[0] & 0x0F;
      std::size_t length = static_cast<unsigned char>(socket_.buffer[1]) & 0x7F;
      std::size_t head = 2;
      if (length >= 126) {
        const std::size_t wide = length == 126 ? 2 : 8;
        head += wide;
        if (!socket_.fill(head)) return {};
        length = 0;
        for (std::size_t at = 2; at < head; ++at) {
          length = length << 8 | static_cast<unsigned char>(socket_.buffer[at]);
        }
      }
      if (!socket_.fill(head + length)) return {};
      socket_.take(head);
      const std::string payload = socket_.take(length);
      if (kind == 8) {
        return {json::object{{"close", static_cast<unsigned char>(payload[0]) << 8 |
                                           static_cast<unsigned char>(payload[1])}}};
      }
      if (kind != 0 && kind != 1) continue;
      message += payload;
      if (!last) continue;
      const json::value value = json::parse(message);
      return value.is_array() ? value.get_array() : json::array{value};
    }
  }

  /// The next object with this "op", from whatever frame it comes in.
  json::object next(std::string_view op) {
    while (true) {
      for (; at_ < frame_.size(); ++at_) {
        const json::object& item = frame_[at_].get_object();
        const auto* found = item.if_contains("op");
        if (found != nullptr && found->get_string() == json::string_view(op.data(), op.size())) {
          ++at_;
          return item;
        }
      }
      frame_ = next();
      at_ = 0;
      if (frame_.empty() || frame_[0].get_object().contains("close")) return {};
    }
  }

  Answer upgrade;

 private:
  Socket socket_;
  json::array frame_;
  std::size_t at_ = 0;
};

}  // namespace hulan::gateways::testing
