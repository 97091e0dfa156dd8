// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include "engine/book/orders.h"
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

/// What becomes of a command, before it is told.
struct Answer {
  Reject reject = Reject::ok;
  std::uint32_t id = 0;
  std::uint32_t detail = 0;
  model::Fen frozen{};
  model::Sequence decided = 0;  ///< an earlier record, for a repeated client id; 0 = this one
};

Answer repeat_of(const ClientOutcome& first) {
  return {first.reject, first.id, first.detail, model::Fen{first.frozen}, first.sequence};
}

void remember(State& state, const Command& command, std::uint64_t digest, const Answer& answer) {
  state.client_ids.add({command.header.client_id, digest, command.sequence, command.now.value,
                        answer.frozen.value, command.header.user, answer.id, answer.detail,
                        answer.reject, command.header.type, 0});
}

Answer perform(Context& context, const Command& command) {
  context.who = command.header;
  context.body = command.body;
  const std::size_t room = context.events.free_bytes();
  const Outcome outcome = dispatch(context, command.body);
  HULAN_ASSERT(outcome.reject == Reject::ok || context.events.free_bytes() == room);
  return {outcome.reject, outcome.id, outcome.reject == Reject::ok ? 0 : context.detail,
          context.frozen};
}

void tell(Context& context, const Command& command, const Answer& answer) {
  auto& reply = context.begin<model::Replied>();
  reply.origin = 0;
  reply.first_sequence = answer.decided == 0 ? command.sequence : answer.decided;
  reply.frozen = answer.frozen;
  reply.client_id = command.header.client_id;
  reply.user = command.header.user;
  reply.id = answer.id;
  reply.reject = answer.reject;
  reply.command = command.header.type;
  reply.repeated = answer.decided == 0 ? 0 : 1;
  reply.detail = answer.detail;
  reply.salt.fill(0);
  reply.leaf.fill(0);
}

/// The order that a command cancels or reduces; 0 = none.
model::OrderId named_order(const Command& command) {
  model::OrderId order = 0;
  const bool names = command.header.type == model::CommandType::kCancelOrder ||
                     command.header.type == model::CommandType::kReduceOrder;
  return names && model::read_body(command.body, order) ? order : 0;
}

/// A numbered order: done if its number is the user's highest so far.
Answer answer_numbered(Context& context, const Command& command, std::uint64_t number) {
  State& state = context.state;
  const model::UserId user = command.header.user;
  if (state.order_numbers.has(user) && number <= state.order_numbers[user].last) {
    return {Reject::order_number_used};
  }
  const Answer answer = perform(context, command);
  if (answer.reject != Reject::ok) return answer;  // it may be sent again
  const bool reachable = state.order_numbers.reach(user);
  HULAN_ASSERT(reachable);  // as many rows as users
  state.order_numbers.edit(user).last = number;
  return answer;
}

Answer answer_to(Context& context, const Command& command) {
  State& state = context.state;
  if (model::names_order(command.header.type)) {
    const std::uint64_t number = model::order_number(command.header.client_id);
    if (number != 0) return answer_numbered(context, command, number);
  }
  state.client_ids.expire(command.now -
                          model::Time{remembered_ns(state) + kClientAheadNs + kMillisecond});
  if (const Reject r = check_client_id(state, command); r != Reject::ok) return {r};
  if (is_none(command.header.client_id)) return perform(context, command);
  const std::uint64_t digest = command_digest(command.header, command.body);
  if (const ClientOutcome* first =
          state.client_ids.find(command.header.user, command.header.client_id)) {
    return first->digest == digest ? repeat_of(*first) : Answer{Reject::client_id_reused};
  }
  if (state.client_ids.full()) return {Reject::client_id_table_full};
  const Answer answer = perform(context, command);
  remember(state, command, digest, answer);
  return answer;
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
  if (state.timers.next_due() <= command.now) fire_timers(context);
  context.frozen = {};
  context.detail = 0;
  tell(context, command, answer_to(context, command));
}

bool Engine::timer_due(model::Time now) const { return state_->timers.next_due() <= now; }

model::Time Engine::next_timer() const { return state_->timers.next_due(); }

void Engine::prefetch(const Command& command) const {
  const State& state = *state_;
  if (!model::names_order(command.header.type) ||
      model::order_number(command.header.client_id) == 0) {
    state.client_ids.prefetch(command.header.user, command.header.client_id);
  }
  state.users.prefetch(command.header.user);
  state.accounts.prefetch(account_index(command.header.participant, model::Currency::kCny));
  if (command.header.type == model::CommandType::kPlaceBid) {
    model::PlaceBid bid;
    if (model::read_body(command.body, bid)) state.lots.prefetch(bid.lot);
  } else if (command.header.type == model::CommandType::kPlaceOrder) {
    book::prefetch_order(state, command);
  } else if (const model::OrderId order = named_order(command); order != 0) {
    state.books.prefetch(order);
  }
}

void Engine::prefetch_behind(const Command& command) const {
  const State& state = *state_;
  if (command.header.type == model::CommandType::kPlaceOrder) {
    book::prefetch_behind_order(state, command);
  } else if (const model::OrderId order = named_order(command); order != 0) {
    state.books.prefetch_behind(order);
    if (const auto* slot = state.books.find(order)) state.positions.prefetch(slot->position);
  }
}

}  // namespace hulan::engine
