// SPDX-License-Identifier: Apache-2.0
#include "gateways/session.h"

#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>

#include "base/sha256.h"
#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/gateway.h"
#include "gateways/json_reader.h"
#include "gateways/router.h"

namespace hulan::gateways {
namespace {

namespace json = boost::json;

constexpr std::uint16_t kPolicyViolation = 1008;

void append_number(std::string& out, std::uint64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

}  // namespace

std::optional<ChannelName> ChannelName::parse(std::string_view text) {
  if (text == "market") return ChannelName{Kind::kMarket, 0};
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view kind = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error != std::errc{} || end != digits.data() + digits.size() || id == 0) return std::nullopt;
  if (digits[0] == '0') return std::nullopt;
  if (kind == "lot") return ChannelName{Kind::kLot, id};
  if (kind == "account") return ChannelName{Kind::kAccount, id};
  if (kind == "contracts") return ChannelName{Kind::kContracts, id};
  if (kind == "book") return ChannelName{Kind::kBook, id};
  return std::nullopt;
}

std::string ChannelName::text() const {
  static constexpr const char* kKinds[] = {"market", "lot:", "account:", "contracts:", "book:"};
  std::string out = kKinds[static_cast<int>(kind)];
  if (kind != Kind::kMarket) append_number(out, id);
  return out;
}

Session::Session(Gateway& gateway, std::uint64_t origin_base, const SessionLimits& limits,
                 std::function<void()> wake)
    : gateway_(gateway),
      origin_base_(origin_base),
      limits_(limits),
      wake_(std::move(wake)),
      rate_(limits.messages_per_second) {}

// --- frames out --------------------------------------------------------------------------------

std::string& Session::begin_item() {
  out_ += items_ == 0 ? '[' : ',';
  return out_;
}

void Session::end_item() {
  ++items_;
  if (out_.size() + flying_ > limits_.max_unsent_bytes && !close_code_) {
    ++gateway_.counts().slow_closed;
    close(kPolicyViolation);
  }
  if (dirty_) return;
  dirty_ = true;
  gateway_.mark_dirty(this);
}

void Session::close(std::uint16_t code) {
  if (close_code_) return;
  close_code_ = code;
  if (dirty_) return;
  dirty_ = true;
  gateway_.mark_dirty(this);
}

void Session::wake() {
  dirty_ = false;
  wake_();
}

bool Session::take(std::string& frame) {
  if (items_ == 0 || close_code_) return false;
  if (items_ == 1) {
    out_.erase(0, 1);  // one object stands alone
  } else {
    out_ += ']';
  }
  frame.swap(out_);
  out_.clear();
  items_ = 0;
  flying_ += frame.size();
  return true;
}

void Session::sent(std::size_t bytes) {
  flying_ -= std::min(flying_, bytes);
  if (out_.size() + flying_ > limits_.slow_reader_bytes / 2) return;
  gateway_.channels().caught_up(*this);
}

void Session::refuse(std::uint64_t ref, const Problem& problem) {
  std::string& out = begin_item();
  out += "{\"op\":\"reply\",\"ref\":";
  append_number(out, ref);
  out += ",\"ok\":false,\"problem\":";
  gateway_.append_problem_json(out, problem, language_);
  out += '}';
  end_item();
}

void Session::complain(const Problem& problem) {
  std::string& out = begin_item();
  out += "{\"op\":\"problem\",\"problem\":";
  gateway_.append_problem_json(out, problem, language_);
  out += '}';
  end_item();
}

void Session::answer(const model::Replied& reply, std::uint32_t index) {
  if (index >= refs_.size()) return;
  const std::uint64_t ref = refs_[index];
  free_refs_.push_back(index);
  if (reply.reject != model::Reject::ok) {
    return refuse(ref, problem_of(reply.reject, reply.command, reply.detail));
  }
  std::string& out = begin_item();
  out += "{\"op\":\"reply\",\"ref\":";
  append_number(out, ref);
  out += ",\"ok\":true,\"sequence\":";
  append_number(out, reply.first_sequence);
  out += ",\"time\":\"";
  out += gateway_.time_of(reply.header.time.value);
  out += "\",\"id\":";
  append_number(out, reply.id);
  out += ",\"frozen\":\"";
  append_decimal(out, reply.frozen.value, kMoneyDigits);
  if (reply.repeated != 0) {
    out += "\",\"repeated\":true}";
  } else {
    out += "\",\"salt\":\"";
    append_hex(out, reply.salt);
    out += "\",\"leaf\":\"";
    append_hex(out, reply.leaf);
    out += "\"}";
  }
  end_item();
}

void Session::answer(const HttpResponse& response, std::uint64_t ref) {
  std::string& out = begin_item();
  out += "{\"op\":\"reply\",\"ref\":";
  append_number(out, ref);
  if (response.status < 300) {
    out += ",\"ok\":true,";
    out.append(response.body, 1);  // the reply's own fields go on
  } else {
    out += ",\"ok\":false,\"problem\":";
    out += response.body;
    out += '}';
  }
  end_item();
}

// --- who it is ---------------------------------------------------------------------------------

void Session::sign_in(std::string_view token) {
  const auto caller = gateway_.authenticate(token);
  rights_version_ = gateway_.services().identity.rights_version();
  const model::UserId before = caller_.user;
  if (!caller) {
    caller_ = {};
    token_.clear();
    std::string& out = begin_item();
    out += "{\"op\":\"token\",\"ok\":false,\"problem\":";
    gateway_.append_problem_json(out, caller.error(), language_);
    out += '}';
    end_item();
  } else {
    caller_ = *caller;
    token_ = token;
  }
  if (caller_.user != before) drop_private_subscriptions();
}

void Session::refresh_rights() {
  if (token_.empty() || rights_version_ == gateway_.services().identity.rights_version()) return;
  const std::string token = token_;
  sign_in(token);
}

void Session::drop_private_subscriptions() {
  const auto all = subscriptions;
  for (const Subscription& subscription : all) {
    if (!subscription.channel.is_public()) {
      gateway_.channels().unsubscribe(*this, subscription.channel);
    }
  }
}

// --- frames in ---------------------------------------------------------------------------------

void Session::receive(std::string_view frame, std::int64_t now_ns) {
  ++gateway_.counts().stream_frames;
  gateway_.counts().note_message(frame.size());
  refresh_rights();
  if (!rate_.pass(now_ns)) return complain(Problem(Fault::rate_limited));
  if (read_fast_frame(frame, ops_)) {
    for (std::size_t at = 0; at < ops_.size(); ++at) {
      if (at != 0 && !rate_.pass(now_ns)) {
        refuse(ops_[at].ref, Problem(Fault::rate_limited));
      } else {
        run(ops_[at]);
      }
    }
  } else {
    run_slowly(frame, now_ns);
  }
  gateway_.commit();
}

void Session::run(const StreamOp& op) {
  switch (op.kind) {
    case StreamOp::Kind::kToken:
      return sign_in(op.token);
    case StreamOp::Kind::kBid:
      return bid(op);
    case StreamOp::Kind::kTake:
      return take_listing(op);
  }
}

void Session::run_slowly(std::string_view frame, std::int64_t now_ns) {
  const auto value = read_json(frame);
  if (!value) return complain(value.error());
  if (!value->is_array()) return run_object(*value, true);
  bool first = true;  // the frame itself has passed
  for (const json::value& item : value->get_array()) {
    run_object(item, std::exchange(first, false) || rate_.pass(now_ns));
  }
}

void Session::run_object(const json::value& value, bool in_rate) {
  if (!value.is_object()) {
    return complain(Problem(Fault::wrong_type, "", json::serialize(value).substr(0, 100),
                            "an object with \"op\""));
  }
  Fields fields(value.get_object());
  std::uint64_t ref = 0;
  if (fields.has("ref")) {
    const json::value& given = value.get_object().at("ref");
    if (given.is_int64() && given.get_int64() >= 0) {
      ref = static_cast<std::uint64_t>(given.get_int64());
    } else {
      fields.fail(Fault::wrong_type, "ref", json::serialize(given).substr(0, 100),
                  "a whole number of at most 18 digits");
    }
  }
  if (!in_rate) return refuse(ref, Problem(Fault::rate_limited));
  const std::string op = fields.text("op", 32);
  run_named(op, fields, ref);
}

void Session::run_named(std::string_view op, Fields& fields, std::uint64_t ref) {
  if (op == "subscribe" || op == "unsubscribe") {
    const std::string name = fields.text("channel", 64);
    const auto channel = ChannelName::parse(name);
    if (!channel && !name.empty()) {
      fields.fail(Fault::invalid_value, "channel", name, "market, lot:N, account:N or contracts:N");
    }
    if (op == "subscribe") return subscribe(fields, ref);
    if (const auto problem = fields.finish()) return complain(*problem);
    return gateway_.channels().unsubscribe(*this, *channel);
  }
  StreamOp read;
  read.ref = ref;
  std::string price, quantity, client_id, token;
  if (op == "bid" || op == "take") {
    read.lot = fields.id("lot");
    read.price = price = fields.text("price", 40);
    read.quantity = quantity =
        op == "take" ? fields.text("quantity", 40) : fields.optional_text("quantity", 40);
    read.goods = fields.optional_id("goods");
    read.client_id = client_id = fields.optional_text("client_id", 64);
    read.kind = op == "bid" ? StreamOp::Kind::kBid : StreamOp::Kind::kTake;
    if (const auto problem = fields.finish()) return refuse(ref, *problem);
    return run(read);
  }
  if (op == "token") {
    read.token = token = fields.text("token", 200);
    if (const auto problem = fields.finish()) return complain(*problem);
    return sign_in(read.token);
  }
  if (op == "cancel_on_disconnect") return cancel_on_disconnect(fields, ref);
  if (op == "post") return post(fields, ref);
  if (op != "ping" && fields.ok()) {
    return complain(
        Problem(Fault::invalid_value, "op", std::string(op),
                "token, subscribe, unsubscribe, bid, take, post, cancel_on_disconnect or ping"));
  }
  if (const auto problem = fields.finish()) return complain(*problem);
  std::string& out = begin_item();
  out += "{\"op\":\"pong\",\"time\":\"";
  out += gateway_.time_of(gateway_.services().market_now());
  out += "\"}";
  end_item();
}

void Session::cancel_on_disconnect(Fields& fields, std::uint64_t ref) {
  const bool on = fields.boolean("on");
  if (const auto problem = fields.finish()) return refuse(ref, *problem);
  refresh_rights();
  if (on && !caller_.has(model::kRoleTrader)) {
    return refuse(ref, problem_of(model::Reject::wrong_role, model::CommandType::kCancelOrder, 0));
  }
  cancels_for_ = on ? std::optional(caller_) : std::nullopt;
  JsonWriter json(begin_item());
  json.begin_object();
  json.field("op", "cancel_on_disconnect");
  json.field("ref", ref);
  json.field("on", on);
  json.end_object();
  end_item();
}

void Session::subscribe(Fields& fields, std::uint64_t) {
  std::optional<std::uint64_t> after;
  const std::string name = fields.text("channel", 64);
  if (fields.has("after")) after = fields.wide_number("after");
  if (const auto problem = fields.finish()) return complain(*problem);
  const ChannelName channel = *ChannelName::parse(name);
  const projections::View& view = gateway_.reader().view;
  bool allowed = true;
  if (channel.kind == ChannelName::Kind::kLot) {
    const model::LotRow* lot = view.lot(channel.id);
    allowed = lot != nullptr && may_see(gateway_.reader(), *lot, caller_);
  } else if (channel.kind == ChannelName::Kind::kAccount) {
    allowed = caller_.is(channel.id) || caller_.sees_money();
  } else if (channel.kind == ChannelName::Kind::kContracts) {
    allowed = caller_.is(channel.id) || caller_.sees_contracts();
  }
  const bool anew = std::ranges::none_of(
      subscriptions, [&](const Subscription& one) { return one.channel == channel; });
  if (allowed && anew && subscriptions.size() >= kMostSubscriptions) {
    Problem problem(Fault::too_many_subscriptions, "channel", name,
                    "at most " + std::to_string(kMostSubscriptions));
    return complain(problem);
  }
  if (!allowed) {
    Problem problem(channel.kind == ChannelName::Kind::kLot ? Fault::not_found
                    : caller_.user == 0                     ? Fault::unauthorized
                                                            : Fault::forbidden);
    problem.field = "channel";
    problem.value = name;
    return complain(problem);
  }
  gateway_.channels().subscribe(*this, channel, after);
}

// --- commands ----------------------------------------------------------------------------------

void Session::post(Fields& fields, std::uint64_t ref) {
  const std::string path = fields.text("path", 200);
  const std::string body = fields.optional_raw("body");
  const std::string client_id = fields.optional_text("client_id", 64);
  const std::uint64_t mandate = fields.has("mandate") ? fields.id("mandate") : 0;
  if (const auto problem = fields.finish()) return refuse(ref, *problem);
  const Match match = match_route(HttpMethod::kPost, path);
  if (match.route == nullptr || !std::holds_alternative<CommandHandler>(match.route->handler)) {
    return refuse(ref, Problem(Fault::not_found, "path", path, "what takes a command by POST"));
  }
  const std::string authorization = token_.empty() ? "" : "Bearer " + token_;
  const std::string named = mandate == 0 ? "" : std::to_string(mandate);
  HttpRequest request;
  request.method = HttpMethod::kPost;
  request.target = path;
  request.authorization = authorization;
  request.content_type = "application/json";
  request.idempotency_key = client_id;
  request.mandate = named;
  request.body = body;
  // Whoever asked may have gone when the market answers.
  const auto reply = [&gateway = gateway_, base = origin_base_, ref](HttpResponse&& response) {
    if (Session* session = gateway.session_of(base)) session->answer(response, ref);
  };
  gateway_.dispatch(request, reply, language_);
}

const model::LotRow* Session::lot_of(const StreamOp& op) {
  if (caller_.user == 0) {
    refuse(op.ref, Problem(Fault::unauthorized));
    return nullptr;
  }
  const model::LotRow* lot = gateway_.reader().view.lot(op.lot);
  if (lot == nullptr) refuse(op.ref, problem_of(model::Reject::unknown_lot, {}, op.lot));
  return lot;
}

std::optional<std::int64_t> Session::amount_of(const StreamOp& op, std::string_view name,
                                               std::string_view text, int digits) {
  const auto amount = parse_decimal(text, digits, false);
  if (amount) return *amount;
  refuse(op.ref, decimal_problem(amount.error(), std::string(name), std::string(text), digits));
  return std::nullopt;
}

void Session::bid(const StreamOp& op) {
  const model::LotRow* lot = lot_of(op);
  if (lot == nullptr) return;
  const model::ProductRow& product = gateway_.reader().product(lot->product);
  const auto price = amount_of(op, "price", op.price, price_digits(product.basis));
  if (!price) return;
  if (!op.quantity.empty()) {
    const auto quantity = amount_of(op, "quantity", op.quantity, quantity_digits(product.unit));
    if (!quantity) return;
    const model::PlaceQuantityBid body{op.lot, *price, op.goods, *quantity};
    return submit(op, body.kType, body.kVersion,
                  {reinterpret_cast<const std::uint8_t*>(&body), sizeof body});
  }
  if (op.goods != 0) {
    const model::PlaceReverseBid body{op.lot, *price, op.goods};
    return submit(op, body.kType, 2, {reinterpret_cast<const std::uint8_t*>(&body), sizeof body});
  }
  const model::PlaceBid body{op.lot, *price};
  submit(op, body.kType, 1, {reinterpret_cast<const std::uint8_t*>(&body), sizeof body});
}

void Session::take_listing(const StreamOp& op) {
  const model::LotRow* lot = lot_of(op);
  if (lot == nullptr) return;
  const model::ProductRow& product = gateway_.reader().product(lot->product);
  const auto price = amount_of(op, "price", op.price, price_digits(product.basis));
  if (!price) return;
  const auto quantity = amount_of(op, "quantity", op.quantity, quantity_digits(product.unit));
  if (!quantity) return;
  const model::Take body{op.lot, op.goods, *price, *quantity};
  const auto type = lot->method == model::Method::kClock ? model::TakeClock::kType : body.kType;
  submit(op, type, 1, {reinterpret_cast<const std::uint8_t*>(&body), sizeof body});
}

void Session::submit(const StreamOp& op, model::CommandType type, std::uint8_t version,
                     std::span<const std::uint8_t> body) {
  model::ClientId client_id;
  if (op.client_id.empty()) {
    client_id = gateway_.make_client_id();
  } else if (!parse_hex(op.client_id, client_id)) {
    return refuse(op.ref, Problem(Fault::bad_idempotency_key, "client_id",
                                  std::string(op.client_id), "32 hex digits"));
  }
  std::uint32_t index = 0;
  if (!free_refs_.empty()) {
    index = free_refs_.back();
    free_refs_.pop_back();
  } else if (refs_.size() < kMostInFlight) {
    index = static_cast<std::uint32_t>(refs_.size());
    refs_.push_back(0);
  } else {
    return refuse(op.ref, Problem(Fault::busy));
  }
  refs_[index] = op.ref;
  const auto fault = gateway_.submit(caller_, type, version, client_id, body, origin_base_ | index);
  if (!fault) return;
  free_refs_.push_back(index);
  refuse(op.ref, Problem(*fault));
}

}  // namespace hulan::gateways
