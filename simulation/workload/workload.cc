// SPDX-License-Identifier: Apache-2.0
#include "simulation/workload/workload.h"

namespace hulan::simulation {

Op Workload::next(const engine::State& state, model::Time now, bool poison) {
  if (poison && random_.once_in(100)) return garbage();
  const std::uint64_t dice = random_.below(1000);
  // Until everybody is there, mostly that; later a look now and then finds nothing to do.
  if (state.participants.size() <= kParticipants || state.products.size() < 3 || dice < 5) {
    Op first = set_up(state);
    if (first.type != model::CommandType{} && random_.percent(90)) return first;
  }
  Op chosen;
  if (random_.once_in(25)) chosen = bring_back(state);
  if (chosen.type == model::CommandType{} && random_.once_in(20)) chosen = let_go_on(state, now);
  if (chosen.type == model::CommandType{} && random_.once_in(30)) chosen = control(state, now);
  if (chosen.type == model::CommandType{} && random_.once_in(50)) chosen = mandate(state, now);
  if (chosen.type != model::CommandType{}) return chosen;
  if (dice < 100) {
    chosen = sealed(state, now);
    if (chosen.type == model::CommandType{}) chosen = bid(state, now);
  } else if (dice < 280) {
    chosen = bid(state, now);
  } else if (dice < 310) {
    chosen = negotiate(state, now);
  } else if (dice < 340) {
    chosen = order(state, now);
  } else if (dice < 400) {
    chosen = clock(state, now);
  } else if (dice < 450) {
    chosen = take(state, now);
  } else if (dice < 480) {
    chosen = order(state, now);
  } else if (dice < 520) {
    chosen = new_lot(state, now);
  } else if (dice < 640) {
    chosen = ready_lot(state, now);
  } else if (dice < 840) {
    chosen = contract_step(state, now);
  } else if (dice < 870) {
    chosen = odd_contract_step(state);
  } else if (dice < 885) {
    chosen = after_close(state);
  } else if (dice < 935) {
    chosen = approval(state);
  } else if (dice < 970) {
    chosen = money(state);
  } else if (dice < 985) {
    chosen = product(state, now);
  } else {
    chosen = member_change(state);
  }
  if (chosen.type == model::CommandType{}) chosen = ready_lot(state, now);
  if (chosen.type == model::CommandType{}) chosen = new_lot(state, now);
  if (random_.once_in(2)) chosen = by_agent(state, std::move(chosen));
  return random_.once_in(60) ? mangle(std::move(chosen)) : chosen;
}

model::DocumentHash Workload::some_hash() {
  model::DocumentHash hash;
  random_.fill(hash);
  return hash;
}

/// Something about it is not as it should be.
Op Workload::mangle(Op op) {
  switch (random_.below(6)) {
    case 0:
      op.user = static_cast<model::UserId>(random_.between(1, kUsers));
      op.participant = participant_of(op.user);
      break;
    case 1:
      op.participant = static_cast<model::ParticipantId>(random_.between(0, kParticipants + 1));
      break;
    case 2:
      if (!op.body.empty()) {
        op.body[random_.below(op.body.size())] ^= static_cast<std::uint8_t>(1 + random_.below(255));
      }
      break;
    case 3:
      op.body.resize(random_.below(op.body.size() + 9));
      break;
    case 4:  // a number at an edge, somewhere
      if (op.body.size() >= 8) {
        const std::int64_t edge = random_.one_of<std::int64_t>(
            {0, -1, 1, INT64_MAX, INT64_MIN, 1'000'000'000'000'000, 1'000'000'000'000'001});
        std::memcpy(op.body.data() + random_.below(op.body.size() / 4 - 1) * 4, &edge, 8);
      }
      break;
    default:
      op.version = static_cast<std::uint8_t>(random_.between(0, 3));
  }
  return op;
}

Op Workload::garbage() {
  Op op;
  op.user = static_cast<model::UserId>(random_.between(0, kUsers + 2));
  op.participant = static_cast<model::ParticipantId>(random_.between(0, kParticipants + 2));
  op.type = static_cast<model::CommandType>(random_.between(0, 255));
  op.version = static_cast<std::uint8_t>(random_.below(4));
  op.body.resize(random_.percent(90) ? random_.below(200) : random_.below(model::kMaxBodyBytes + 1));
  random_.fill(op.body);
  if (op.type == model::CommandType::kInitMarket) op.type = model::CommandType::kTick;
  return op;
}

}  // namespace hulan::simulation
