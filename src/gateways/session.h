// SPDX-License-Identifier: Apache-2.0
// One stream (/v1/stream), without its socket: frames in, frames out. Whoever has the socket, or a
// simulator, calls receive() and take(). Network thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/fast_frame.h"
#include "gateways/fields.h"
#include "gateways/http.h"
#include "gateways/problem.h"
#include "gateways/rate_limit.h"
#include "gateways/reader.h"
#include "model/event.h"

namespace hulan::gateways {

class Gateway;

/// "market", "lot:12", "account:5", "contracts:5".
struct ChannelName {
  enum class Kind : std::uint8_t { kMarket, kLot, kAccount, kContracts, kBook };
  Kind kind = Kind::kMarket;
  std::uint32_t id = 0;

  friend bool operator==(const ChannelName&, const ChannelName&) = default;
  [[nodiscard]] static std::optional<ChannelName> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool is_public() const {
    return kind == Kind::kMarket || kind == Kind::kLot || kind == Kind::kBook;
  }
};

struct SessionLimits {
  std::size_t slow_reader_bytes;
  std::size_t max_unsent_bytes;
  std::uint32_t messages_per_second;
  std::size_t max_message_bytes = 64 * 1024;  ///< of a request's body or a frame
};

/// Told of each limit: its name, what is in use, and where the end is.
using LimitVisitor = std::function<void(std::string_view, std::uint64_t, std::uint64_t)>;

class Session {
 public:
  /// `wake` is called when there is something to take(), at most once before the next take().
  Session(Gateway& gateway, std::uint64_t origin_base, const SessionLimits& limits,
          std::function<void()> wake);

  void set_language(Language language) { language_ = language; }
  /// Signs in; what is wrong with the token is told in the stream.
  void sign_in(std::string_view token);

  /// One text frame: an operation or a list of them. `now_ns`: the machine's time.
  void receive(std::string_view frame, std::int64_t now_ns);

  /// Everything unsent as one frame; false if there is nothing. `frame` is overwritten.
  [[nodiscard]] bool take(std::string& frame);
  /// The frame taken last, of so many bytes, has left.
  void sent(std::size_t bytes);
  /// The WebSocket code to close with, once it is to be closed.
  [[nodiscard]] std::optional<std::uint16_t> close_code() const { return close_code_; }
  void close(std::uint16_t code);

  // --- for the gateway ---
  [[nodiscard]] const Caller& caller() const { return caller_; }
  [[nodiscard]] Language language() const { return language_; }
  /// A place for one more object of the next frame.
  [[nodiscard]] std::string& begin_item();
  void end_item();
  /// Too much unsent: public events are dropped until it has caught up.
  [[nodiscard]] bool slow() const { return out_.size() + flying_ > limits_.slow_reader_bytes; }
  /// R12: whose live orders are to be cancelled when this stream ends; none: nobody's.
  [[nodiscard]] const std::optional<Caller>& cancels_for() const { return cancels_for_; }
  /// The answer to the command with this index.
  void answer(const model::Replied& reply, std::uint32_t index);
  /// The answer to a command that was posted as a request.
  void answer(const HttpResponse& response, std::uint64_t ref);
  void wake();
  static constexpr std::size_t kMostInFlight = 1 << 16;  ///< commands without an answer
  static constexpr std::size_t kMostSubscriptions = 256;
  /// What this stream uses of what it may, at `now_ns` of the machine.
  struct Use {
    std::uint64_t subscriptions = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t unsent_bytes = 0;
    std::uint64_t messages = 0;  ///< of a second's worth
  };
  [[nodiscard]] Use use() const {
    return {subscriptions.size(), refs_.size() - free_refs_.size(), out_.size() + flying_,
            rate_.used()};
  }

  struct Subscription {
    ChannelName channel;
    bool behind = false;
  };
  std::vector<Subscription> subscriptions;  ///< kept by Channels

 private:
  void refresh_rights();
  void drop_private_subscriptions();
  void run(const StreamOp& op);
  void run_slowly(std::string_view frame, std::int64_t now_ns);
  /// `in_rate` false: it is refused as one message too many.
  void run_object(const boost::json::value& value, bool in_rate);
  void run_named(std::string_view op, Fields& fields, std::uint64_t ref);
  void subscribe(Fields& fields, std::uint64_t ref);
  void cancel_on_disconnect(Fields& fields, std::uint64_t ref);
  void post(Fields& fields, std::uint64_t ref);
  void bid(const StreamOp& op);
  void take_listing(const StreamOp& op);
  void submit(const StreamOp& op, model::CommandType type, std::uint8_t version,
              std::span<const std::uint8_t> body);
  [[nodiscard]] const model::LotRow* lot_of(const StreamOp& op);
  [[nodiscard]] std::optional<std::int64_t> amount_of(const StreamOp& op, std::string_view name,
                                                      std::string_view text, int digits);
  void refuse(std::uint64_t ref, const Problem& problem);
  void complain(const Problem& problem);

  Gateway& gateway_;
  std::uint64_t origin_base_;
  SessionLimits limits_;
  std::function<void()> wake_;
  RateLimit rate_;
  Language language_ = Language::kChinese;
  Caller caller_;
  std::string token_;
  std::uint64_t rights_version_ = 0;
  std::optional<Caller> cancels_for_;

  std::string out_;
  std::size_t items_ = 0;
  std::size_t flying_ = 0;
  bool dirty_ = false;
  std::optional<std::uint16_t> close_code_;

  std::vector<StreamOp> ops_;
  std::vector<std::uint64_t> refs_;  ///< of commands in flight, by index
  std::vector<std::uint32_t> free_refs_;
};

}  // namespace hulan::gateways
