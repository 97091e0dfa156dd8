// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/sha256.h"
#include "hulan/scenario/steps.h"

namespace hulan::app {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

void announce(World& world, const Match& line) {
  model::AnnounceSession body{};
  body.product = world.product(line.text("product"));
  body.kind = model::SessionKind::kCadran;
  body.side = line.text("side") == "buy" ? model::Side::kBuy : model::Side::kSell;
  body.unsold = line.has("allocates") ? model::UnsoldRule::kAllocate : model::UnsoldRule::kCarry;
  body.opens_at = world.time(line.text("opens"));
  if (line.has("tick")) body.tick_ns = World::number(line.text("tick")) * kMillisecond;
  if (line.has("pause")) body.pause_ns = World::number(line.text("pause")) * model::kSecond;
  body.seed = sha256(line.text("session"));
  world.send(world.user(line.text("who")), body);
  if (world.last.reject == model::Reject::ok) {
    world.name_session(line.text("session"), world.last.id);
  }
}

void announce_shared(World& world, const Match& line) {
  model::AnnounceSession body{};
  body.product = world.product(line.text("product"));
  body.kind = model::SessionKind::kSharedClock;
  body.side = line.text("side") == "buy" ? model::Side::kBuy : model::Side::kSell;
  body.unsold = model::UnsoldRule::kEnd;
  body.opens_at = world.time(line.text("opens"));
  body.seed = sha256(line.text("session"));
  world.send(world.user(line.text("who")), body);
  if (world.last.reject == model::Reject::ok) {
    world.name_session(line.text("session"), world.last.id);
  }
}

void enter_shared(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& product = world.product_of(id);
  const auto price = [&](std::string_view slot) {
    return line.has(slot) ? world.price(product, line.text(slot)) : 0;
  };
  world.send(world.user(line.text("who")),
             model::EnterSharedClock{world.session(line.text("session")), id, price("start"),
                                     price("step"), price("reserve"), price("cap")});
}

void enter(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& product = world.product_of(id);
  const auto price = [&](std::string_view slot) { return world.price(product, line.text(slot)); };
  world.send(
      world.user(line.text("who")),
      model::EnterClock{world.session(line.text("session")), id, price("start"), price("step"),
                        price("floor"),
                        line.has("parts") ? world.quantity(product, line.text("parts")) : 0});
}

void stop(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& product = world.product_of(id);
  world.send(world.user(line.text("who")),
             model::TakeClock{id, line.has("goods") ? world.lot(line.text("goods")) : 0,
                              world.price(product, line.text("price")),
                              line.has("quantity") ? world.quantity(product, line.text("quantity"))
                                                   : world.state().lots[id].remaining});
}

void quota(World& world, const Match& line) {
  const auto id = world.session(line.text("session"));
  const auto& product = world.state().products[world.state().sessions[id].product];
  world.send(world.user(line.text("who")),
             model::BondQuota{id, world.quantity(product, line.text("quantity"))});
}

constexpr Step kSteps[] = {
    {"{who} announces session {session} of {product} opens {opens} [tick {tick} ms] "
     "[pause {pause} s] [side {side}] [that {allocates} to quotas]",
     announce},
    {"{who} puts {lot} on the clock of {session} start {start} step {step} floor {floor} "
     "[in parts of {parts}]",
     enter},
    {"{who} announces a shared clock {session} for {product} opens {opens} [side {side}]",
     announce_shared},
    {"{who} enters {lot} for the shared clock {session} start {start} step {step} "
     "[reserve {reserve}] [cap {cap}]",
     enter_shared},
    {"{who} stops the clock of {lot} at {price} [for {quantity}] [with {goods}]", stop},
    {"{who} bonds a quota of {quantity} for {session}", quota},
};

}  // namespace

std::span<const Step> clock_steps() { return kSteps; }

}  // namespace hulan::app
