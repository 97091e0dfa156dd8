// SPDX-License-Identifier: Apache-2.0
// R8.2 to R8.6 and R8.8: the inspector weighs, grades and counts; the sides accept, agree on an
// adjustment, or the buyer refuses.
#include "engine/contract/steps.h"
#include "engine/market/access.h"
#include "engine/market/products.h"

namespace hulan::engine::contract {

using model::ContractId;
using model::ContractRow;
using model::ContractState;
using model::DeliveryRow;
using model::DeliveryState;
using model::PriceBasis;
using model::ProductRow;
using model::QuantityUnit;
using model::Reject;
using model::Terms;

namespace {

/// A Weigh command with what follows it.
struct Ticket {
  model::Weigh body{};
  std::array<model::TruckWeights, model::kMaxTrucksPerWeighing> trucks{};
  std::array<model::WeighedGroup, model::kMaxGroupsPerWeighing> groups{};
  std::size_t group_count = 0;
  std::int64_t net_g = 0;
};

Reject read_ticket(std::span<const std::uint8_t> bytes, Ticket& ticket) {
  if (!model::read_body(bytes, ticket.body)) return Reject::malformed_body;
  if (ticket.body.trucks > ticket.trucks.size() || ticket.body.groups > ticket.groups.size()) {
    return Reject::malformed_body;
  }
  const std::span<const std::uint8_t> rest = bytes.subspan(sizeof(ticket.body));
  const std::size_t trucks = ticket.body.trucks * sizeof(model::TruckWeights);
  const std::size_t groups = ticket.body.groups * sizeof(model::WeighedGroup);
  if (rest.size() != trucks + groups) return Reject::malformed_body;
  std::memcpy(ticket.trucks.data(), rest.data(), trucks);
  std::memcpy(ticket.groups.data(), rest.data() + trucks, groups);
  ticket.group_count = ticket.body.groups;
  return Reject::ok;
}

bool by_head(const ProductRow& product) { return product.unit == QuantityUnit::kHead; }
bool by_count(const ProductRow& product) { return product.basis == PriceBasis::kByCount; }

/// R8.2: net = sum(gross - tare). By count, and where no animal lives, nothing is weighed.
Reject check_trucks(const ProductRow& product, std::int64_t live, Ticket& ticket) {
  const bool weighed = !by_count(product) && (!by_head(product) || live > 0);
  if (weighed != (ticket.body.trucks > 0)) return Reject::invalid_weight;
  for (std::size_t i = 0; i < ticket.body.trucks; ++i) {
    const model::TruckWeights& truck = ticket.trucks[i];
    if (!is_magnitude(truck.gross_g) || truck.tare_g < 0 || truck.gross_g <= truck.tare_g) {
      return Reject::invalid_weight;
    }
    ticket.net_g += truck.gross_g - truck.tare_g;
  }
  return Reject::ok;
}

/// What the groups of one weighing must add up to.
struct Whole {
  std::int64_t head = 0;
  std::int64_t net_g = 0;
};

Whole whole_of(const ProductRow& product, const ContractRow& row, const DeliveryRow& delivery,
               const Ticket& ticket) {
  const bool origin = row.terms == Terms::kOrigin;
  Whole whole;
  if (by_head(product)) {
    const bool with_dead = by_count(product) && origin;  // the dead are the buyer's loss (R8.5)
    whole.head = delivery.loaded_quantity - (with_dead ? 0 : ticket.body.dead);
  }
  if (!by_count(product)) whole.net_g = origin ? delivery.origin_g : ticket.net_g;
  return whole;
}

Reject check_groups(const ProductRow& product, const Whole& whole, const Ticket& ticket) {
  std::int64_t head = 0;
  std::int64_t net_g = 0;
  for (std::size_t i = 0; i < ticket.group_count; ++i) {
    const model::WeighedGroup& group = ticket.groups[i];
    if (!is_grade(product, group.grade)) return Reject::invalid_grade;
    if (group.single_class > product.single_count) return Reject::invalid_grade;
    const bool headed = by_head(product) ? is_magnitude(group.head) : group.head == 0;
    const bool heavy = by_count(product) ? group.net_g == 0 : is_magnitude(group.net_g);
    if (!headed || !heavy) return Reject::groups_do_not_add_up;
    head += group.head;
    net_g += group.net_g;
  }
  return head == whole.head && net_g == whole.net_g ? Reject::ok : Reject::groups_do_not_add_up;
}

/// No group = one of all at the contract's grade.
void default_group(const ContractRow& row, const Whole& whole, Ticket& ticket) {
  if (ticket.group_count != 0 || (whole.head == 0 && whole.net_g == 0)) return;
  ticket.groups[0] = {whole.head, whole.net_g, row.grade, 0, {}};
  ticket.group_count = 1;
}

/// R8.2: grade table[delivered] - grade table[contracted] + single-animal table.
std::int32_t adjust_of(const ProductRow& product, const ContractRow& row,
                       const model::WeighedGroup& group) {
  const auto of_grade = [&](std::size_t grade) {
    return grade == 0 ? 0 : product.grade_adjust[grade - 1];
  };
  const std::int32_t single =
      group.single_class == 0 ? 0 : product.single_adjust[group.single_class - 1u];
  return of_grade(group.grade) - of_grade(row.grade) + single;
}

/// R1.3: the settlement of all that is weighed, this ticket included, must fit 64 bits.
Reject try_sheet(const State& state, const ContractRow& row, const DeliveryRow& delivery,
                 const Ticket& ticket) {
  const ProductRow& product = product_of(state, row);
  Sheet sheet;
  read_sheet(state, row, sheet);
  if (sheet.count + ticket.group_count + model::kMaxDeliveriesPerContract > sheet.lines.size()) {
    return Reject::groups_do_not_add_up;
  }
  sheet.weighing.head += by_head(product) ? delivery.loaded_quantity : 0;
  sheet.weighing.dead += ticket.body.dead;
  sheet.weighing.origin_g += delivery.origin_g;
  sheet.weighing.destination_g += ticket.net_g;
  for (std::size_t i = 0; i < ticket.group_count; ++i) {
    sheet.lines[sheet.count++] = {.head = ticket.groups[i].head,
                                  .net_g = ticket.groups[i].net_g,
                                  .adjust = adjust_of(product, row, ticket.groups[i])};
  }
  const auto figures = work_out(product, sheet);
  return figures ? Reject::ok : figures.error().reject;
}

Reject check_ticket(const State& state, const ContractRow& row, const DeliveryRow& delivery,
                    Ticket& ticket) {
  const ProductRow& product = product_of(state, row);
  const std::int64_t most_dead = by_head(product) ? delivery.loaded_quantity : 0;
  if (ticket.body.dead > most_dead) return Reject::too_many_dead;
  const Reject trucks = check_trucks(product, most_dead - ticket.body.dead, ticket);
  if (trucks != Reject::ok) return trucks;
  const Whole whole = whole_of(product, row, delivery, ticket);
  default_group(row, whole, ticket);
  // Where all are dead on origin terms the one group carries weight without head.
  if (ticket.body.groups != 0) {
    if (const Reject r = check_groups(product, whole, ticket); r != Reject::ok) return r;
  }
  return try_sheet(state, row, delivery, ticket);
}

void add_trucks(Context& context, model::DeliveryId id, const Ticket& ticket) {
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < ticket.body.trucks; ++i) {
    const std::uint32_t at = context.state.trucks.add();
    context.state.trucks.edit(at) = {ticket.trucks[i].gross_g, ticket.trucks[i].tare_g, id, 0};
    if (before == 0) {
      context.state.deliveries.edit(id).first_truck = at;
    } else {
      context.state.trucks.edit(before).next = at;
    }
    before = at;
  }
  for (std::uint32_t at = context.state.deliveries[id].first_truck; at != 0;
       at = context.state.trucks[at].next) {
    context.emit_row<model::TruckAdded>(at, context.state.trucks[at]);
  }
}

void add_groups(Context& context, const ContractRow& row, model::DeliveryId id,
                const Ticket& ticket) {
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < ticket.group_count; ++i) {
    const model::WeighedGroup& group = ticket.groups[i];
    const std::uint32_t at = context.state.groups.add();
    model::GroupRow& added = context.state.groups.edit(at);
    added.head = group.head;
    added.net_g = group.net_g;
    added.delivery = id;
    added.adjust = adjust_of(product_of(context.state, row), row, group);
    added.grade = group.grade;
    added.single_class = group.single_class;
    if (before == 0) {
      context.state.deliveries.edit(id).first_group = at;
    } else {
      context.state.groups.edit(before).next = at;
    }
    before = at;
  }
  for (std::uint32_t at = context.state.deliveries[id].first_group; at != 0;
       at = context.state.groups[at].next) {
    context.emit_row<model::GroupChanged>(at, context.state.groups[at]);
  }
}

/// The side's own proposal; agreed when both have named the same figure (R8.4).
void propose_adjustment(ContractRow& row, unsigned side, std::int32_t adjust) {
  if (side == kSeller) {
    row.seller_adjust = adjust;
    row.seller_adjust_set = 1;
  } else {
    row.buyer_adjust = adjust;
    row.buyer_adjust_set = 1;
  }
  const bool agreed = row.seller_adjust_set != 0 && row.buyer_adjust_set != 0 &&
                      row.seller_adjust == row.buyer_adjust;
  row.agreed_adjust = agreed ? adjust : 0;
}

/// ok, or why this side may not speak about a weighing now.
Reject check_weighed(const Context& context, ContractId id, unsigned parties) {
  const Reject actor =
      check_actor(context, id, parties, model::kRoleTrader | model::kRoleFinance, 0);
  if (actor != Reject::ok) return actor;
  return context.state.contracts[id].state == ContractState::kWeighed
             ? Reject::ok
             : Reject::wrong_contract_state;
}

}  // namespace

bool is_over_weight(const State& state, const ContractRow& contract) {
  const ProductRow& product = product_of(state, contract);
  if (by_count(product)) return false;
  const auto agreed =
      measure_of(product, contract.quantity - failed_of(state, contract), contract.average_g);
  HULAN_ASSERT(agreed);
  return static_cast<model::Int128>(contract.settled_g) * 10'000 >
         static_cast<model::Int128>(*agreed) * (10'000 + product.over_weight_bp);
}

void finish_weighing(Context& context, ContractId id) {
  Sheet sheet;
  read_sheet(context.state, context.state.contracts[id], sheet);
  const auto figures = work_out(product_of(context.state, context.state.contracts[id]), sheet);
  HULAN_ASSERT(figures);  // every ticket was tried before it was written
  write_figures(context, id, sheet, *figures);
  ContractRow& row = context.state.contracts.edit(id);
  row.weighed_at = context.now.value;
  row.state = ContractState::kWeighed;
  set_deadline(context, id, model::Time{row.weighed_at + context.state.market[1].settle_after_ns});
  emit_contract(context, id);
}

Outcome weigh(Context& context, std::span<const std::uint8_t> bytes) {
  Ticket ticket;
  if (const Reject r = read_ticket(bytes, ticket); r != Reject::ok) return {r};
  State& state = context.state;
  const ContractId contract = ticket.body.contract;
  const Reject actor = check_actor(context, contract, 0, 0, model::kRoleInspector);
  if (actor != Reject::ok) return {actor};
  const ContractRow& row = state.contracts[contract];
  const model::DeliveryId id = find_delivery(state, row, ticket.body.delivery);
  if (id == 0) return {no_delivery(row)};
  if (!is_running(row.state) || state.deliveries[id].state != DeliveryState::kArrived) {
    return {Reject::wrong_contract_state};
  }
  const Reject checked = check_ticket(state, row, state.deliveries[id], ticket);
  if (checked != Reject::ok) return {checked};
  if (!state.trucks.has_room(ticket.body.trucks) || !state.groups.has_room(ticket.group_count)) {
    return {Reject::contracts_full};
  }

  add_trucks(context, id, ticket);
  add_groups(context, row, id, ticket);
  DeliveryRow& delivery = state.deliveries.edit(id);
  delivery.dead = ticket.body.dead;
  delivery.destination_g = ticket.net_g;
  delivery.weighed_at = context.now.value;
  delivery.inspector = context.who.user;
  delivery.state = DeliveryState::kWeighed;
  emit_delivery(context, id);
  advance(context, contract);
  return {Reject::ok, contract};
}

Outcome accept_weighing(Context& context, const model::AcceptWeighing& body) {
  if (const Reject r = check_weighed(context, body.contract, kEither); r != Reject::ok) return {r};
  const ContractRow& row = context.state.contracts[body.contract];
  if (row.adjust_needed != 0) return {Reject::adjustment_needed};
  const bool seller = side_of(context, row) == kSeller;
  if (((seller ? row.seller_flags : row.buyer_flags) & model::kAcceptedWeighing) != 0) {
    return {Reject::already_accepted};
  }
  if (!claims_room(context.state)) return {Reject::claims_full};
  ContractRow& changed = context.state.contracts.edit(body.contract);
  std::uint8_t& flags = seller ? changed.seller_flags : changed.buyer_flags;
  flags = static_cast<std::uint8_t>(flags | model::kAcceptedWeighing);
  if ((row.seller_flags & row.buyer_flags & model::kAcceptedWeighing) != 0) {
    settle_now(context, body.contract, false);
  } else {
    emit_contract(context, body.contract);
  }
  return {Reject::ok, body.contract};
}

Outcome agree_adjustment(Context& context, const model::AgreeAdjustment& body) {
  if (const Reject r = check_weighed(context, body.contract, kEither); r != Reject::ok) return {r};
  const ContractRow& row = context.state.contracts[body.contract];
  if (row.adjust_needed == 0) return {Reject::wrong_contract_state};
  const unsigned side = side_of(context, row);
  ContractRow proposed = row;
  propose_adjustment(proposed, side, body.adjust);
  Sheet sheet;
  read_sheet(context.state, proposed, sheet);
  const auto figures = work_out(product_of(context.state, row), sheet);
  if (!figures) return {figures.error().reject};

  propose_adjustment(context.state.contracts.edit(body.contract), side, body.adjust);
  if (!figures->outside) write_figures(context, body.contract, sheet, *figures);
  emit_contract(context, body.contract);
  return {Reject::ok, body.contract};
}

Outcome refuse_weighing(Context& context, const model::RefuseWeighing& body) {
  if (const Reject r = check_weighed(context, body.contract, kBuyer); r != Reject::ok) return {r};
  const ContractRow& row = context.state.contracts[body.contract];
  const bool over = is_over_weight(context.state, row);
  if (row.adjust_needed == 0 && !over) return {Reject::nothing_to_refuse};
  if ((row.buyer_flags & model::kAcceptedWeighing) != 0) return {Reject::already_accepted};
  if (!over && context.now.value > row.weighed_at + kRefusalNs) return {Reject::deadline_passed};
  default_seller(context, body.contract, model::DefaultKind::kSellerShort);
  return {Reject::ok, body.contract};
}

}  // namespace hulan::engine::contract
