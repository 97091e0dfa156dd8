// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/sha256.h"
#include "gateways/decimal.h"
#include "hulan/scenario/steps.h"

namespace hulan::app {
namespace {

std::int64_t kilograms(std::string_view text) {
  const auto grams = gateways::parse_decimal(text, gateways::kWeightDigits, false);
  if (!grams) throw BadLine(fmt::format("weight '{}': expected kilograms", text));
  return *grams;
}

void pay(World& world, const Match& line) {
  world.send(world.user(line.text("who")), model::Pay{world.contract(line.text("contract"))});
}

/// One delivery of the whole, planned for the window's first moment.
void schedule(World& world, const Match& line) {
  const auto id = world.contract(line.text("contract"));
  const auto& contract = world.state().contracts[id];
  const model::PlannedDelivery plan{contract.quantity, contract.pickup_from};
  world.send(world.user(line.text("who")), model::Schedule{id, 1},
             {reinterpret_cast<const std::uint8_t*>(&plan), sizeof(plan)});
}

/// With certificate, filed vehicle and driver in order (R4.3).
void load(World& world, const Match& line) {
  const auto id = world.contract(line.text("contract"));
  const auto& contract = world.state().contracts[id];
  model::Load body{};
  body.contract = id;
  body.delivery = 1;
  body.carrier = contract.seller;
  body.quantity = line.has("quantity") ? world.quantity(world.state().products[contract.product],
                                                        line.text("quantity"))
                                       : contract.quantity;
  if (line.has("weight")) body.origin_g = kilograms(line.text("weight"));
  body.certificate_issued = world.now.value;
  body.certificate_expires = world.now.value + model::kDay;
  body.vehicle_filed_until = world.now.value + 100 * model::kDay;
  body.certificate_form = contract.place / 10'000 == contract.origin / 10'000
                              ? model::DocumentKind::kQuarantineB
                              : model::DocumentKind::kQuarantineA;
  body.vehicle = {'A', '1'};
  body.certificate_number = {'2', '3'};
  body.certificate = sha256("certificate");
  body.driver = sha256("driver");
  world.send(world.user(line.text("who")), body);
}

void arrive(World& world, const Match& line) {
  world.send(world.user("inspector"), model::Arrive{world.contract(line.text("contract")), 1});
}

void weigh(World& world, const Match& line) {
  const auto dead =
      line.has("dead") ? static_cast<std::uint32_t>(World::number(line.text("dead"))) : 0;
  const model::TruckWeights truck{kilograms(line.text("gross")), kilograms(line.text("tare"))};
  world.send(world.user("inspector"),
             model::Weigh{world.contract(line.text("contract")), 1, dead, 1, 0},
             {reinterpret_cast<const std::uint8_t*>(&truck), sizeof(truck)});
}

void accept(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::AcceptWeighing{world.contract(line.text("contract"))});
}

void claim(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::FileClaim{world.contract(line.text("contract")),
                              World::money(line.text("amount")), sha256("photographs")});
}
void award(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::AwardClaim{world.contract(line.text("contract")),
                               World::money(line.text("amount")), sha256("both were heard")});
}
void withdraw_claim(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::WithdrawClaim{world.contract(line.text("contract"))});
}
void grant_claim(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::GrantClaim{world.contract(line.text("contract"))});
}

void cancel(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::CancelContract{world.contract(line.text("contract")), sha256("cancelled")});
}

void approve(World& world, const Match& line) { world.approve(world.user(line.text("who"))); }

void set_state(World& world, const Match& line, model::ParticipantState state) {
  model::SetParticipantState body{};
  body.id = world.participant(line.text("member"));
  body.state = state;
  body.reason = sha256("reason");
  world.send(world.user(line.text("who")), body);
}
void suspend(World& world, const Match& line) {
  set_state(world, line, model::ParticipantState::kSuspended);
}
void restore(World& world, const Match& line) {
  set_state(world, line, model::ParticipantState::kActive);
}

void withdraw_money(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::RequestWithdrawal{world.participant(line.text("who")), 0,
                                      World::money(line.text("amount")), sha256("account")});
}

constexpr Step kSteps[] = {
    {"{who} pays {contract}", pay},
    {"{who} schedules {contract}", schedule},
    {"{who} loads [{quantity} for] {contract} [weighing {weight} kg]", load},
    {"{contract} arrives", arrive},
    {"inspector weighs {contract} gross {gross} kg tare {tare} kg [{dead} dead]", weigh},
    {"{who} accepts the weighing of {contract}", accept},
    {"{who} claims {amount} of {contract}", claim},
    {"{who} awards {amount} of {contract}", award},
    {"{who} withdraws the claim about {contract}", withdraw_claim},
    {"{who} grants the claim about {contract}", grant_claim},
    {"{who} cancels {contract}", cancel},
    {"{who} approves", approve},
    {"{who} suspends {member}", suspend},
    {"{who} restores {member}", restore},
    {"{who} moves {amount} to the bank", withdraw_money},
};

}  // namespace

std::span<const Step> contract_steps() { return kSteps; }

}  // namespace hulan::app
