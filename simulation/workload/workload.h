// SPDX-License-Identifier: Apache-2.0
// What the people of a run ask for: mostly what makes sense in the market as it stands, often at
// the edge of what a rule allows, sometimes nonsense. It looks at the market's state to choose;
// whether the answer is right is the auditor's business.
#pragma once

#include <cstring>
#include <map>
#include <vector>

#include "base/sealed_box.h"
#include "engine/state.h"
#include "model/command.h"
#include "simulation/random.h"
#include "simulation/workload/cast.h"

namespace hulan::simulation {

struct Op {
  model::UserId user = 0;
  model::ParticipantId participant = 0;
  model::CommandType type{};
  std::uint8_t version = 1;
  std::vector<std::uint8_t> body;
};

class Workload {
 public:
  explicit Workload(Random random) : random_(random) {}

  /// What to ask next. With `poison`, now and then something that is no command at all.
  [[nodiscard]] Op next(const engine::State& state, model::Time now, bool poison);

 private:
  // members.cc
  [[nodiscard]] Op set_up(const engine::State& state);
  void permit_book(model::DefineProductTerms& body);
  [[nodiscard]] Op member_change(const engine::State& state);
  [[nodiscard]] Op bring_back(const engine::State& state);
  [[nodiscard]] Op money(const engine::State& state);
  [[nodiscard]] Op approval(const engine::State& state);
  [[nodiscard]] Op product(const engine::State& state, model::Time now);
  // lots.cc
  [[nodiscard]] Op new_lot(const engine::State& state, model::Time now);
  [[nodiscard]] Op ready_lot(const engine::State& state, model::Time now);
  [[nodiscard]] Op goods_lot(const model::LotRow& request, model::ParticipantId seller,
                             model::Time now);
  [[nodiscard]] Op bid(const engine::State& state, model::Time now);
  [[nodiscard]] Op part_bid(const engine::State& state, const model::LotRow& lot,
                            model::ParticipantId bidder, model::LotId goods);
  [[nodiscard]] Op proxy(const model::LotRow& lot, const model::ProductRow& product,
                         std::int64_t least, model::ParticipantId bidder, model::LotId goods);
  [[nodiscard]] Op take(const engine::State& state, model::Time now);
  [[nodiscard]] Op after_close(const engine::State& state);
  [[nodiscard]] model::LotId goods_for(const engine::State& state, model::ParticipantId seller,
                                       const model::LotRow& lot);
  // clock.cc
  [[nodiscard]] Op clock(const engine::State& state, model::Time now);
  [[nodiscard]] Op enter_clock(const engine::State& state, model::LotId lot);
  [[nodiscard]] Op take_clock(const engine::State& state, model::LotId lot, model::Time now);
  // orders.cc
  [[nodiscard]] Op order(const engine::State& state, model::Time now);
  [[nodiscard]] Op open_book(const engine::State& state, model::Time now);
  [[nodiscard]] Op place_order(const engine::State& state, model::BookId book, model::Time now);
  [[nodiscard]] Op change_order(const engine::State& state);
  [[nodiscard]] model::SelfTrade some_self_trade();
  // negotiation.cc
  [[nodiscard]] Op negotiate(const engine::State& state, model::Time now);
  [[nodiscard]] Op request_quote(const engine::State& state, model::LotId lot, model::Time now);
  [[nodiscard]] Op talk_about(const engine::State& state, model::QuoteId quote, model::Time now);

  // sealed.cc
  [[nodiscard]] Op sealed(const engine::State& state, model::Time now);
  [[nodiscard]] model::LotId open_lot(const engine::State& state, model::Time now);
  [[nodiscard]] Op register_key();
  [[nodiscard]] Op reveal_share(const engine::State& state, model::Time now);
  [[nodiscard]] Op announce_sealed(const engine::State& state, model::LotId lot, std::int64_t price,
                                   model::Time now);
  [[nodiscard]] Op bid_sealed(const engine::State& state, model::LotId lot, model::Time now);
  [[nodiscard]] Opening some_opening(const engine::State& state, const model::LotRow& lot);

  // mandates.cc
  [[nodiscard]] Op mandate(const engine::State& state, model::Time now);
  /// The agent sends it for who would have, where a mandate names it.
  [[nodiscard]] Op by_agent(const engine::State& state, Op op);
  // control.cc
  [[nodiscard]] Op control(const engine::State& state, model::Time now);
  [[nodiscard]] Op let_go_on(const engine::State& state, model::Time now);
  // contracts.cc
  [[nodiscard]] Op contract_step(const engine::State& state, model::Time now);
  [[nodiscard]] Op schedule(const engine::State& state, const model::ContractRow& contract);
  [[nodiscard]] Op load(const engine::State& state, const model::ContractRow& contract,
                        model::Time now);
  [[nodiscard]] Op weigh(const engine::State& state, const model::ContractRow& contract);
  [[nodiscard]] Op odd_contract_step(const engine::State& state);
  [[nodiscard]] std::int64_t claimed_of(const model::ContractRow& contract);
  [[nodiscard]] Op award_step(const engine::State& state, model::ContractId id);

  [[nodiscard]] Op mangle(Op op);
  [[nodiscard]] Op garbage();

  template <class Body>
  [[nodiscard]] static Op op(model::UserId user, const Body& body) {
    Op out{user, participant_of(user), Body::kType, model::body_version<Body>(), {}};
    out.body.resize(sizeof(body));
    std::memcpy(out.body.data(), &body, sizeof(body));
    return out;
  }
  template <class T>
  static void append(Op& op, const T& part) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&part);
    op.body.insert(op.body.end(), bytes, bytes + sizeof(part));
  }
  [[nodiscard]] model::DocumentHash some_hash();
  [[nodiscard]] model::ParticipantId some_participant() {
    return static_cast<model::ParticipantId>(random_.between(1, kParticipants));
  }
  [[nodiscard]] model::ParticipantId some_farm() {
    return static_cast<model::ParticipantId>(random_.percent(80) ? random_.between(1, 5) : 14);
  }
  [[nodiscard]] model::ParticipantId some_buyer() {
    return static_cast<model::ParticipantId>(random_.percent(90) ? random_.between(6, 12) : 14);
  }
  /// A row among the latest `window` that fits; 0 if a few tries find none.
  template <class Table, class Fits>
  [[nodiscard]] std::uint32_t recent(const Table& table, std::uint32_t window, Fits fits) {
    const std::uint32_t size = table.size();
    if (size <= 1) return 0;
    const std::uint32_t low = size > window + 1 ? size - window : 1;
    for (int tries = 0; tries < 6; ++tries) {
      const auto id = static_cast<std::uint32_t>(random_.between(low, size - 1));
      if (fits(table[id])) return id;
    }
    return 0;
  }

  Random random_;
  std::map<model::DocumentHash, std::array<model::DocumentHash, 2>> shares_;  ///< by public key
  std::uint64_t next_tag_ = 123'011'150'000'001;
};

}  // namespace hulan::simulation
