// SPDX-License-Identifier: Apache-2.0
// A small client of the doors, for the command line and the demo: one keep-alive connection, JSON
// in and out.
#pragma once

#include <boost/json.hpp>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace hulan::app {

/// What the market refused, or why it could not be asked (status 0).
struct ClientError {
  int status = 0;
  boost::json::value problem;  ///< RFC 9457 object, or null
  std::string message;         ///< one line for a person

  /// The problem's stable code; empty if there is none.
  [[nodiscard]] std::string code() const;
};

template <class T>
using ClientResult = std::expected<T, ClientError>;

/// One thread at a time. Blocks; gives up after 30 s.
class Client {
 public:
  /// `url` like "http://127.0.0.1:8080"; `token` may be empty, and `mandate`, under which commands
  /// are sent for a principal (R2.5).
  Client(std::string url, std::string token, std::string language = "en", std::string mandate = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  [[nodiscard]] ClientResult<boost::json::value> get(const std::string& path);
  [[nodiscard]] ClientResult<boost::json::value> post(const std::string& path,
                                                      const boost::json::value& body);
  [[nodiscard]] ClientResult<boost::json::value> post_bytes(const std::string& path,
                                                            std::string_view bytes,
                                                            std::string_view content_type);
  [[nodiscard]] ClientResult<boost::json::value> remove(const std::string& path);
  /// The body as it came, for CSV and the like.
  [[nodiscard]] ClientResult<std::string> get_text(const std::string& path,
                                                   std::string_view accept);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace hulan::app
