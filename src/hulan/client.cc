// SPDX-License-Identifier: Apache-2.0
#include "hulan/client.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace hulan::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;

constexpr std::size_t kMaxAnswerBytes = 256u << 20;
constexpr auto kPatience = std::chrono::seconds(30);

struct Address {
  std::string host, port;
};

std::expected<Address, std::string> parse_url(std::string_view url) {
  static constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme))
    return std::unexpected(fmt::format("url '{}': expected http://HOST:PORT", url));
  url.remove_prefix(kScheme.size());
  while (url.ends_with('/')) url.remove_suffix(1);
  const auto colon = url.rfind(':');
  if (colon == std::string_view::npos) return Address{std::string(url), "80"};
  return Address{std::string(url.substr(0, colon)), std::string(url.substr(colon + 1))};
}

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

}  // namespace

std::string ClientError::code() const {
  const auto* object = problem.if_object();
  const auto* code = object == nullptr ? nullptr : object->if_contains("code");
  return code != nullptr && code->is_string() ? std::string(code->as_string()) : std::string();
}

struct Client::Parts {
  std::string url, token, language, mandate;
  asio::io_context io;
  std::unique_ptr<beast::tcp_stream> stream;
  beast::flat_buffer buffer;

  // Beast's timeouts work on asynchronous calls only, so each step is started and the loop run
  // until it is done.
  template <class Start>
  beast::error_code step(Start start) {
    beast::error_code result = asio::error::would_block;
    stream->expires_after(kPatience);
    start([&](beast::error_code error, auto&&...) { result = error; });
    io.restart();
    io.run();
    return result;
  }

  beast::error_code connect() {
    const auto address = parse_url(url);
    if (!address) return asio::error::invalid_argument;
    beast::error_code error;
    asio::ip::tcp::resolver resolver(io);
    const auto found = resolver.resolve(address->host, address->port, error);
    if (error) return error;
    stream = std::make_unique<beast::tcp_stream>(io);
    buffer.clear();
    error = step([&](auto done) { stream->async_connect(found, done); });
    if (!error) stream->socket().set_option(asio::ip::tcp::no_delay(true), error);
    return error;
  }

  beast::error_code exchange(const Request& request, Response& response) {
    auto error = step([&](auto done) { http::async_write(*stream, request, done); });
    if (error) return error;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxAnswerBytes);
    error = step([&](auto done) { http::async_read(*stream, buffer, parser, done); });
    if (!error) response = parser.release();
    return error;
  }

  ClientResult<std::string> send(http::verb verb, const std::string& path, std::string_view body,
                                 std::string_view content_type, std::string_view accept) {
    Request request{verb, path, 11};
    request.set(http::field::host, "hulan");
    request.set(http::field::accept_language, language);
    request.set(http::field::accept, accept);
    if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
    if (verb == http::verb::post) {
      if (!mandate.empty()) request.set("X-Hulan-Mandate", mandate);
      request.set(http::field::content_type, content_type);
      request.body() = body;
    }
    request.prepare_payload();
    Response response;
    const bool reused = stream != nullptr;
    beast::error_code error = reused ? beast::error_code{} : connect();
    if (!error) error = exchange(request, response);
    // A kept connection may have been closed while idle. Only a read is sent again: a command might
    // have been taken.
    if (error && reused && verb == http::verb::get) {
      error = connect();
      if (!error) error = exchange(request, response);
    }
    if (error) {
      stream.reset();
      return std::unexpected(ClientError{0, nullptr, fmt::format("{}: {}", url, error.message())});
    }
    if (!response.keep_alive()) stream.reset();
    return judge(response);
  }

  static ClientResult<std::string> judge(Response& response) {
    if (response.result_int() < 400) return std::move(response.body());
    ClientError refused{static_cast<int>(response.result_int()), nullptr, {}};
    json::error_code bad;
    refused.problem = json::parse(response.body(), bad);
    const auto* problem = refused.problem.if_object();
    const auto text = [&](std::string_view key) -> std::string {
      const auto* value = problem == nullptr ? nullptr : problem->if_contains(key);
      return value != nullptr && value->is_string() ? std::string(value->as_string())
                                                    : std::string();
    };
    refused.message =
        text("title").empty() ? fmt::format("HTTP {}", response.result_int()) : text("title");
    if (!text("field").empty()) {
      refused.message += fmt::format(" [{}: '{}'", text("field"), text("value"));
      if (!text("expected").empty()) refused.message += ", expected " + text("expected");
      refused.message += "]";
    } else if (!text("detail").empty() && text("detail") != text("title")) {
      refused.message += ": " + text("detail");
    }
    if (!text("rule").empty()) refused.message += fmt::format(" ({})", text("rule"));
    return std::unexpected(std::move(refused));
  }

  ClientResult<json::value> send_json(http::verb verb, const std::string& path,
                                      std::string_view body, std::string_view content_type) {
    auto text = send(verb, path, body, content_type, "application/json");
    if (!text) return std::unexpected(std::move(text.error()));
    json::error_code bad;
    auto value =
        json::parse(text->empty() ? std::string_view("null") : std::string_view(*text), bad);
    if (bad) return std::unexpected(ClientError{0, nullptr, url + ": the answer is not JSON"});
    return value;
  }
};

Client::Client(std::string url, std::string token, std::string language, std::string mandate)
    : parts_(std::make_unique<Parts>()) {
  parts_->url = std::move(url);
  parts_->token = std::move(token);
  parts_->language = std::move(language);
  parts_->mandate = std::move(mandate);
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

ClientResult<json::value> Client::get(const std::string& path) {
  return parts_->send_json(http::verb::get, path, {}, {});
}
ClientResult<json::value> Client::post(const std::string& path, const json::value& body) {
  return parts_->send_json(http::verb::post, path, json::serialize(body), "application/json");
}
ClientResult<json::value> Client::post_bytes(const std::string& path, std::string_view bytes,
                                             std::string_view content_type) {
  return parts_->send_json(http::verb::post, path, bytes, content_type);
}
ClientResult<json::value> Client::remove(const std::string& path) {
  return parts_->send_json(http::verb::delete_, path, {}, {});
}
ClientResult<std::string> Client::get_text(const std::string& path, std::string_view accept) {
  return parts_->send(http::verb::get, path, {}, {}, accept);
}

}  // namespace hulan::app
