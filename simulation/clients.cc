// SPDX-License-Identifier: Apache-2.0
#include "simulation/clients.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>

#include "gateways/decimal.h"

namespace hulan::simulation {
namespace {

namespace json = boost::json;

constexpr std::int64_t kPatienceNs = 3'000'000'000;
constexpr int kMostAttempts = 8;

std::string hex(const model::ClientId& id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : id) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

/// Not the market's word but the doors': ask again later.
bool is_passing(std::string_view code) {
  return code == "busy" || code == "not_ready" || code == "rate_limited" || code == "unauthorized";
}

}  // namespace

model::UserId Clients::owner(ConnectionId connection) const {
  const auto found = owners_.find(connection);
  return found == owners_.end() ? 0 : found->second;
}

std::size_t Clients::waiting() const {
  std::size_t sum = 0;
  for (const Machine& machine : machines_) sum += machine.asked.size();
  return sum;
}

model::ClientId Clients::fresh_id() {
  std::int64_t ms = market_.now_ns() / 1'000'000 + random_.between(-2000, 2000);
  if (random_.once_in(400)) ms += random_.one_of<std::int64_t>({-86'400'000, -86'390'000, 599'000, 700'000});
  model::ClientId id;
  random_.fill(id);
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  return id;
}

void Clients::connect(model::UserId user) {
  Machine& machine = machines_[user];
  owners_.erase(machine.connection);
  machine.connection = network_.connect();
  owners_[machine.connection] = user;
  network_.send(machine.connection, Network::To::kServer,
                std::string(1, kFrame) + R"({"op":"token","token":")" + tokens_[user] + "\"}");
}

std::string Clients::word(const Op& op, const Asked& asked, const engine::State& state) const {
  const auto in_bytes = [&] {
    model::RecordHeader header{};
    header.type = op.type;
    header.version = op.version;
    header.participant = op.participant;
    header.user = op.user;
    header.client_id = asked.client_id;
    header.body_length = static_cast<std::uint16_t>(op.body.size());
    std::string out(1, kBytes);
    out.append(reinterpret_cast<const char*>(&asked.ref), sizeof(asked.ref));
    out.append(reinterpret_cast<const char*>(&header), sizeof(header));
    out.append(op.body.begin(), op.body.end());
    return out;
  };
  const bool bid = op.type == model::CommandType::kPlaceBid;
  if ((!bid && op.type != model::CommandType::kTake) || op.participant != participant_of(op.user)) {
    return in_bytes();
  }
  model::LotId lot = 0, goods = 0;
  std::int64_t price = 0, quantity = 0;
  if (model::PlaceBid body; bid && op.version == 1 && op.body.size() == sizeof(body)) {
    std::memcpy(&body, op.body.data(), sizeof(body));
    lot = body.lot, price = body.price;
  } else if (model::PlaceReverseBid reverse;
             bid && op.version == 2 && op.body.size() == sizeof(reverse)) {
    std::memcpy(&reverse, op.body.data(), sizeof(reverse));
    lot = reverse.lot, price = reverse.price, goods = reverse.goods;
    if (goods == 0) return in_bytes();
  } else if (model::Take take; !bid && op.version == 1 && op.body.size() == sizeof(take)) {
    std::memcpy(&take, op.body.data(), sizeof(take));
    lot = take.lot, goods = take.goods, price = take.price, quantity = take.quantity;
  } else {
    return in_bytes();
  }
  if (!state.lots.has(lot) || price < 0 || price > model::kMaxMagnitude || quantity < 0 ||
      quantity > model::kMaxMagnitude) {
    return in_bytes();
  }
  const model::ProductRow& product = state.products[state.lots[lot].product];
  std::string out(1, kFrame);
  out += bid ? R"({"op":"bid","ref":)" : R"({"op":"take","ref":)";
  out += std::to_string(asked.ref) + R"(,"lot":)" + std::to_string(lot) + R"(,"price":")" +
         gateways::decimal(price, gateways::price_digits(product.basis)) + '"';
  if (!bid) {
    out += R"(,"quantity":")" +
           gateways::decimal(quantity, gateways::quantity_digits(product.unit)) + '"';
  }
  if (goods != 0) out += R"(,"goods":)" + std::to_string(goods);
  out += R"(,"client_id":")" + hex(asked.client_id) + "\"}";
  return out;
}

void Clients::ask(Op op, const engine::State& state) {
  const model::UserId user = op.user;
  // A number that nobody has: through whoever's machine.
  Machine& machine = machines_[user == 0 || user > kUsers ? 1 : user];
  const model::UserId through = static_cast<model::UserId>(&machine - machines_.data());
  if (machine.asked.size() >= 16) return;
  Asked asked;
  asked.client_id = user == 0 ? model::ClientId{} : fresh_id();
  const bool repeats = !machine.asked.empty() &&
                       machine.asked.back().client_id != model::ClientId{} &&
                       random_.once_in(200);
  if (repeats) asked.client_id = machine.asked.back().client_id;  // by mistake, mostly
  asked.ref = next_ref_++;
  asked.floor = repeats ? machine.asked.back().floor : decided_;
  asked.message = word(op, asked, state);
  asked.op = std::move(op);
  machine.asked.push_back(std::move(asked));
  send(through, machine.asked.back());
  if (faults_.has(Fault::kRetry) && random_.once_in(50)) {
    counts_->add(Fault::kRetry);
    send(through, machine.asked.back());
  }
}

void Clients::send(model::UserId user, Asked& asked) {
  Machine& machine = machines_[user];
  if (!network_.alive(machine.connection)) connect(user);
  ++asked.attempts;
  asked.retry_at = market_.now_ns() + kPatienceNs * asked.attempts;
  network_.send(machine.connection, Network::To::kServer, asked.message);
}

void Clients::ask_again() {
  for (model::UserId user = 1; user < machines_.size(); ++user) {
    auto& asked = machines_[user].asked;
    for (std::size_t at = 0; at < asked.size();) {
      Asked& one = asked[at];
      // The clock may have jumped back meanwhile.
      const bool late = market_.now_ns() >= one.retry_at ||
                        one.retry_at > market_.now_ns() + (kMostAttempts + 1) * kPatienceNs;
      if (late && one.attempts >= kMostAttempts) {
        asked.erase(asked.begin() + static_cast<std::ptrdiff_t>(at));
        ++given_up_;
        continue;
      }
      if (late) {
        if (one.attempts % 2 == 0 && network_.alive(machines_[user].connection)) {
          network_.cut(machines_[user].connection);
        }
        send(user, one);
      }
      ++at;
    }
  }
}

void Clients::receive(ConnectionId connection, const std::string& message) {
  const model::UserId user = owner(connection);
  if (user == 0 || message.empty()) return;
  const std::string_view content = std::string_view(message).substr(1);
  if (message[0] == kFrame) return on_frame(user, content);
  on_bytes(user, content);
}

void Clients::told(model::UserId user, const Asked& asked, model::Sequence sequence, bool ok,
                   std::uint32_t id) {
  ++answered_;
  const Decision* decision = checks_.decision(asked.op.user, asked.client_id);
  static_cast<void>(user);
  if (decision == nullptr) {
    throw Violation{"what a client is told stands in the log", "an answer without a record",
                    sequence};
  }
  if (decision->sequence != sequence || (decision->reject == model::Reject::ok) != ok ||
      (ok && decision->id != id)) {
    throw Violation{"a client is told what was decided first",
                    "told " + std::to_string(sequence) + ", decided " +
                        std::to_string(decision->sequence),
                    sequence};
  }
  if (sequence <= asked.floor) {
    throw Violation{"what was asked later is decided later",
                    "asked after " + std::to_string(asked.floor) + " was known", sequence};
  }
  decided_ = std::max(decided_, sequence);
}

void Clients::on_frame(model::UserId user, std::string_view frame) {
  const json::value value = json::parse(json::string_view(frame.data(), frame.size()));
  const auto one = [&](const json::value& item) {
    const json::object& object = item.as_object();
    if (object.at("op").as_string() != "reply") return;
    const auto ref = static_cast<std::uint64_t>(object.at("ref").to_number<std::int64_t>());
    auto& asked = machines_[user].asked;
    const auto found =
        std::find_if(asked.begin(), asked.end(), [&](const Asked& a) { return a.ref == ref; });
    if (found == asked.end()) return;
    if (object.at("ok").as_bool()) {
      told(user, *found, object.at("sequence").to_number<std::uint64_t>(), true,
           object.at("id").to_number<std::uint32_t>());
    } else {
      const auto& code = object.at("problem").at("code").as_string();
      if (is_passing({code.data(), code.size()})) return;
      ++answered_;
    }
    asked.erase(found);
  };
  if (!value.is_array()) return one(value);
  for (const json::value& item : value.as_array()) one(item);
}

void Clients::on_bytes(model::UserId user, std::string_view bytes) {
  std::uint64_t ref = 0;
  model::Replied replied;
  HULAN_ASSERT(bytes.size() == sizeof(ref) + sizeof(replied));
  std::memcpy(&ref, bytes.data(), sizeof(ref));
  std::memcpy(&replied, bytes.data() + sizeof(ref), sizeof(replied));
  auto& asked = machines_[user].asked;
  const auto found =
      std::find_if(asked.begin(), asked.end(), [&](const Asked& a) { return a.ref == ref; });
  if (found == asked.end()) return;
  if (found->op.user != 0 && is_remembered(replied.reject)) {
    told(user, *found, replied.first_sequence, replied.reject == model::Reject::ok, replied.id);
  } else {
    ++answered_;
  }
  asked.erase(found);
}

}  // namespace hulan::simulation
