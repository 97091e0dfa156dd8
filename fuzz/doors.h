// SPDX-License-Identifier: Apache-2.0
// The doors without sockets for the fuzzers: real identity, documents and view, and a market that
// takes every command and answers as the input says.
#pragma once

#include <boost/json.hpp>

#include "fuzz/fuzz.h"
#include "gateways/gateway.h"
#include "gateways/testing.h"
#include "hulan/product_toml.h"

namespace hulan::fuzz {

/// A market's folder grows with what is made outside the log; a fresh one now and then bounds it.
constexpr int kInputsPerMarket = 2000;

class Doors final : private gateways::testing::DoorsTest, private gateways::CommandSink {
 public:
  Doors() : gateway_(everything(), {1 << 16, 1 << 20, 0}) { gateway_.set_ready(true); }

  gateways::Gateway& gateway() { return gateway_; }
  const std::string& token(std::size_t user) const { return tokens_[user % std::size(tokens_)]; }

  /// Lets the market answer what it was given; the refusal is taken from `input`.
  void answer(Input& input) {
    projections::testing::Events events(++sequence_, gateways::testing::kNow);
    if (waiting_.empty()) return;
    for (const auto& [header, origin] : waiting_) {
      events.at(sequence_++, gateways::testing::kNow);
      model::Replied reply{};
      reply.origin = origin;
      reply.first_sequence = sequence_;
      reply.client_id = header.client_id;
      reply.user = header.user;
      reply.command = header.type;
      reply.id = 7;
      reply.reject = static_cast<model::Reject>(input.number<std::uint8_t>() % 4);
      reply.detail = input.number<std::uint8_t>();
      events.add(reply);
    }
    waiting_.clear();
    gateway_.deliver(events.bytes());
  }

 private:
  void TestBody() override {}
  bool submit(const model::RecordHeader& header, Bytes body, std::uint64_t origin) override {
    HULAN_ASSERT(header.body_length == body.size() && body.size() <= model::kMaxBodyBytes);
    HULAN_ASSERT(header.user != 0 && origin != 0);
    waiting_.emplace_back(header, origin);
    return true;
  }
  gateways::Services everything() {
    const auto own = services();
    return {own.identity,
            own.documents,
            own.view,
            *this,
            own.clock,
            own.entropy,
            own.market_now,
            own.market,
            {},
            {},
            {},
            &app::parse_product_toml,
            {},
            {}};
  }

  std::vector<std::pair<model::RecordHeader, std::uint64_t>> waiting_;
  model::Sequence sequence_ = 100;
  gateways::Gateway gateway_;
};

/// The market of this input.
inline Doors& doors() {
  static std::unique_ptr<Doors> market;
  static int inputs = 0;
  if (inputs++ % kInputsPerMarket == 0) {
    market.reset();
    market = std::make_unique<Doors>();
  }
  return *market;
}

inline void check_json(std::string_view text) {
  boost::system::error_code wrong;
  static_cast<void>(boost::json::parse(text, wrong));
  HULAN_ASSERT(!wrong);
}

}  // namespace hulan::fuzz
