// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include "engine/dispatch.h"

namespace hulan::engine {
namespace {

using model::Command;
using model::Reject;

constexpr std::int64_t kMillisecond = 1'000'000;

std::int64_t remembered_ns(const State& state) {
  const std::int64_t configured = state.market[1].client_id_ns;
  return configured == 0 ? model::kDay : configured;
}

/// What the client id decides before the command is looked at; ok = do the command.
Reject check_client_id(const State& state, const Command& command) {
  const model::ClientId& id = command.header.client_id;
  if (is_none(id)) return command.header.user == 0 ? Reject::ok : Reject::malformed_body;
  const std::int64_t now_ms = command.now.value / kMillisecond;
  const std::int64_t id_ms = client_id_ms(id);
  if (id_ms < now_ms - remembered_ns(state) / kMillisecond) return Reject::client_id_expired;
  if (id_ms > now_ms + kClientAheadNs / kMillisecond) return Reject::client_id_ahead;
  return Reject::ok;
}

model::Replied reply_of(const Command& command, Reject reject) {
  model::Replied reply{};
  reply.first_sequence = command.sequence;
  reply.client_id = command.header.client_id;
  reply.user = command.header.user;
  reply.command = command.header.type;
  reply.reject = reject;
  return reply;
}

model::Replied repeat_of(const Command& command, const ClientOutcome& first) {
  model::Replied reply = reply_of(command, first.reject);
  reply.first_sequence = first.sequence;
  reply.frozen = model::Fen{first.frozen};
  reply.id = first.id;
  reply.detail = first.detail;
  reply.repeated = 1;
  return reply;
}

void remember(State& state, const Command& command, std::uint64_t digest,
              const model::Replied& reply) {
  state.client_ids.add({command.header.client_id, digest, command.sequence, command.now.value,
                        reply.frozen.value, command.header.user, reply.id, reply.detail,
                        reply.reject, command.header.type, 0});
}

model::Replied perform(Context& context, const Command& command) {
  context.who = command.header;
  context.body = command.body;
  const std::size_t room = context.events.free_bytes();
  const Outcome outcome = dispatch(context, command.body);
  model::Replied reply = reply_of(command, outcome.reject);
  HULAN_ASSERT(outcome.reject == Reject::ok || context.events.free_bytes() == room);
  reply.frozen = context.frozen;
  reply.id = outcome.id;
  reply.detail = outcome.reject == Reject::ok ? 0 : context.detail;
  return reply;
}

model::Replied answer(Context& context, const Command& command) {
  State& state = context.state;
  state.client_ids.expire(command.now -
                          model::Time{remembered_ns(state) + kClientAheadNs + kMillisecond});
  if (const Reject reject = check_client_id(state, command); reject != Reject::ok) {
    return reply_of(command, reject);
  }
  if (is_none(command.header.client_id)) return perform(context, command);
  const std::uint64_t digest = command_digest(command.header, command.body);
  if (const ClientOutcome* first =
          state.client_ids.find(command.header.user, command.header.client_id)) {
    return first->digest == digest ? repeat_of(command, *first)
                                   : reply_of(command, Reject::client_id_reused);
  }
  if (state.client_ids.full()) return reply_of(command, Reject::client_id_table_full);
  const model::Replied reply = perform(context, command);
  remember(state, command, digest, reply);
  return reply;
}

}  // namespace

Engine::Engine(const Capacities& capacities) : state_(std::make_unique<State>(capacities)) {
  static_cast<void>(state_->market.add());
  static_cast<void>(state_->operator_accounts.add());
  static_cast<void>(state_->roots.add());
}

Engine::~Engine() = default;

void Engine::apply(const Command& command, EventBuffer& events) {
  State& state = *state_;
  HULAN_ASSERT(command.sequence == state.sequence + 1);
  HULAN_ASSERT(command.now >= state.now);
  HULAN_ASSERT(events.free_bytes() >= model::kMaxEventBytesPerCommand);
  state.sequence = command.sequence;
  state.now = command.now;
  Context context{.state = state,
                  .events = events,
                  .now = command.now,
                  .sequence = command.sequence,
                  .body = {},
                  .who = {},
                  .room = events.free_bytes()};
  fire_timers(context);
  context.frozen = {};
  context.detail = 0;
  context.emit(answer(context, command));
}

bool Engine::timer_due(model::Time now) const { return state_->timers.next_due() <= now; }

model::Time Engine::next_timer() const { return state_->timers.next_due(); }

void Engine::prefetch(const Command& command) const {
  const State& state = *state_;
  state.client_ids.prefetch(command.header.user, command.header.client_id);
  state.users.prefetch(command.header.user);
  model::PlaceBid bid;
  if (command.header.type != model::CommandType::kPlaceBid ||
      !model::read_body(command.body, bid)) {
    return;
  }
  state.lots.prefetch(bid.lot);
  state.accounts.prefetch(account_index(command.header.participant, model::Currency::kCny));
}

}  // namespace hulan::engine
