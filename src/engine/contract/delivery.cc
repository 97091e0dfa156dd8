// SPDX-License-Identifier: Apache-2.0
// R7.5 and R8.1: planned deliveries, their arrival, and what follows when one fails.
#include <algorithm>

#include "engine/contract/steps.h"
#include "engine/market/access.h"

namespace hulan::engine::contract {

using model::ContractId;
using model::ContractRow;
using model::ContractState;
using model::DefaultKind;
using model::DeliveryId;
using model::DeliveryRow;
using model::DeliveryState;
using model::Fen;
using model::Reject;
using model::Terms;

namespace {

struct Plan {
  std::array<model::PlannedDelivery, model::kMaxDeliveriesPerContract> parts{};
  std::size_t count = 0;
};

/// R7.5: the parts add up to the contract and lie in its window.
bool fits(const ContractRow& row, const Plan& plan) {
  model::Int128 sum = 0;
  for (std::size_t i = 0; i < plan.count; ++i) {
    const model::PlannedDelivery& part = plan.parts[i];
    if (part.quantity <= 0) return false;
    if (part.planned_at < row.pickup_from || part.planned_at > row.pickup_until) return false;
    sum += part.quantity;
  }
  return sum == row.quantity;
}

Reject read_plan(std::span<const std::uint8_t> bytes, model::Schedule& body, Plan& plan) {
  if (!model::read_body(bytes, body)) return Reject::malformed_body;
  if (body.deliveries == 0 || body.deliveries > plan.parts.size()) return Reject::invalid_schedule;
  const std::span<const std::uint8_t> rest = bytes.subspan(sizeof(body));
  const std::size_t size = body.deliveries * sizeof(model::PlannedDelivery);
  if (rest.size() != size) return Reject::malformed_body;
  std::memcpy(plan.parts.data(), rest.data(), size);
  plan.count = body.deliveries;
  return Reject::ok;
}

/// R7.5: each part's share of the prepaid nominal by quantity; the last takes the residue.
void add_deliveries(Context& context, ContractRow& row, const Plan& plan) {
  Fen left = row.nominal;
  DeliveryId before = 0;
  for (std::size_t i = 0; i < plan.count; ++i) {
    const DeliveryId id = context.state.deliveries.add();
    DeliveryRow& delivery = context.state.deliveries.edit(id);
    delivery.contract = row.id;
    delivery.index = static_cast<std::uint16_t>(i + 1);
    delivery.quantity = plan.parts[i].quantity;
    delivery.planned_at = plan.parts[i].planned_at;
    delivery.state = DeliveryState::kScheduled;
    const model::Int128 part = static_cast<model::Int128>(row.nominal.value) * delivery.quantity;
    delivery.share =
        i + 1 == plan.count ? left : Fen{static_cast<std::int64_t>(part / row.quantity)};
    left -= delivery.share;
    if (before == 0) {
      row.first_delivery = id;
    } else {
      context.state.deliveries.edit(before).next = id;
    }
    before = id;
  }
  row.delivery_count = static_cast<std::uint32_t>(plan.count);
  for (DeliveryId id = row.first_delivery; id != 0; id = context.state.deliveries[id].next) {
    emit_delivery(context, id);
  }
}

ContractState state_of(DeliveryState state) {
  switch (state) {
    case DeliveryState::kScheduled:
      return ContractState::kScheduled;
    case DeliveryState::kLoaded:
      return ContractState::kLoaded;
    case DeliveryState::kArrived:
      return ContractState::kArrived;
    case DeliveryState::kWeighed:
    case DeliveryState::kFailed:
      break;
  }
  return ContractState::kWeighed;
}

/// When a delivery's own next step is late; kNever while it waits for the inspector.
model::Time deadline_of(const ContractRow& row, const DeliveryRow& delivery) {
  if (delivery.state == DeliveryState::kScheduled) return model::Time{row.pickup_until};
  if (delivery.state == DeliveryState::kLoaded) {
    return model::Time{delivery.loaded_at + kArrivalNs};
  }
  return model::kNever;
}

/// On origin terms the goods are the buyer's from the farm on: an arrival that nobody reports is
/// settled by the origin weight, as loaded.
void settle_unreported(Context& context, const ContractRow& row, DeliveryId id) {
  DeliveryRow& delivery = context.state.deliveries.edit(id);
  const model::ProductRow& product = product_of(context.state, row);
  const bool by_head = product.unit == model::QuantityUnit::kHead;
  delivery.destination_g = delivery.origin_g;
  delivery.weighed_at = context.now.value;
  delivery.state = DeliveryState::kWeighed;
  delivery.first_group = context.state.groups.add();
  model::GroupRow& group = context.state.groups.edit(delivery.first_group);
  group.delivery = id;
  group.grade = row.grade;
  group.head = by_head ? delivery.loaded_quantity : 0;
  group.net_g = delivery.origin_g;
}

void fail_late(Context& context, const ContractRow& row) {
  for (DeliveryId id = row.first_delivery; id != 0; id = context.state.deliveries[id].next) {
    const DeliveryRow& delivery = context.state.deliveries[id];
    if (deadline_of(row, delivery) > context.now) continue;
    if (delivery.state == DeliveryState::kLoaded && row.terms == Terms::kOrigin &&
        !context.state.groups.full()) {
      settle_unreported(context, row, id);
    } else {
      context.state.deliveries.edit(id).state = DeliveryState::kFailed;
    }
    emit_delivery(context, id);
  }
}

/// ok, or why the asker may not report this arrival: buyer, inspector or the carrier itself.
Reject check_arrival(const Context& context, const model::Arrive& body) {
  const State& state = context.state;
  if (!state.contracts.has(body.contract)) return Reject::unknown_contract;
  const ContractRow& row = state.contracts[body.contract];
  const DeliveryId id = find_delivery(state, row, body.delivery);
  const model::ParticipantId who = context.who.participant;
  const bool carries = id != 0 && who != 0 && state.deliveries[id].carrier == who;
  if (carries) {
    if (!has_role(context, model::kRoleTrader)) return Reject::wrong_role;
  } else {
    const Reject actor =
        check_actor(context, body.contract, kBuyer, model::kRoleTrader, model::kRoleInspector);
    if (actor != Reject::ok) return actor;
  }
  if (id == 0) return no_delivery(row);
  if (!is_running(row.state) || state.deliveries[id].state != DeliveryState::kLoaded) {
    return Reject::wrong_contract_state;
  }
  return deadline_of(row, state.deliveries[id]) < context.now ? Reject::deadline_passed
                                                              : Reject::ok;
}

}  // namespace

Outcome schedule(Context& context, std::span<const std::uint8_t> bytes) {
  model::Schedule body{};
  Plan plan;
  const Reject form = read_plan(bytes, body, plan);
  if (form == Reject::malformed_body) return {form};
  State& state = context.state;
  if (!state.contracts.has(body.contract)) return {Reject::unknown_contract};
  const bool delivers = state.contracts[body.contract].terms == Terms::kDestination;
  const Reject actor =
      check_actor(context, body.contract, delivers ? kSeller : kBuyer, model::kRoleTrader, 0);
  if (actor != Reject::ok) return {actor};
  const ContractRow& row = state.contracts[body.contract];
  if (row.state != ContractState::kPaid) return {Reject::wrong_contract_state};
  if (context.now.value > row.deadline) return {Reject::deadline_passed};
  if (form != Reject::ok || !fits(row, plan)) return {Reject::invalid_schedule};
  if (!state.deliveries.has_room(plan.count)) return {Reject::contracts_full};
  add_deliveries(context, state.contracts.edit(body.contract), plan);
  advance(context, body.contract);
  return {Reject::ok, body.contract};
}

Outcome arrive(Context& context, const model::Arrive& body) {
  if (const Reject r = check_arrival(context, body); r != Reject::ok) return {r};
  State& state = context.state;
  const DeliveryId id = find_delivery(state, state.contracts[body.contract], body.delivery);
  DeliveryRow& delivery = state.deliveries.edit(id);
  delivery.arrived_at = context.now.value;
  delivery.state = DeliveryState::kArrived;
  emit_delivery(context, id);
  advance(context, body.contract);
  return {Reject::ok, body.contract};
}

void advance(Context& context, ContractId id) {
  forget_cancel(context.state.contracts.edit(id));
  const ContractRow& row = context.state.contracts[id];
  ContractState least = ContractState::kWeighed;
  model::Time earliest = model::kNever;
  for (DeliveryId at = row.first_delivery; at != 0; at = context.state.deliveries[at].next) {
    const DeliveryRow& delivery = context.state.deliveries[at];
    least = std::min(least, state_of(delivery.state));
    earliest = std::min(earliest, deadline_of(row, delivery));
  }
  if (least == ContractState::kWeighed) return finish_weighing(context, id);
  context.state.contracts.edit(id).state = least;
  set_deadline(context, id, earliest == model::kNever ? model::Time{} : earliest);
  emit_contract(context, id);
}

void miss_delivery(Context& context, ContractId id) {
  const ContractRow& row = context.state.contracts[id];
  fail_late(context, row);
  const std::int64_t failed = failed_of(context.state, row);
  if (row.delivery_count != 0 && failed < row.quantity) return advance(context, id);
  if (row.terms == Terms::kOrigin) {
    default_buyer(context, id, DefaultKind::kBuyerDidNotCollect);
  } else {
    default_seller(context, id, DefaultKind::kSellerDidNotDeliver);
  }
}

}  // namespace hulan::engine::contract
