// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/sha256.h"
#include "gateways/words.h"
#include "hulan/scenario/steps.h"
#include "model/limits.h"

namespace hulan::app {
namespace {

using model::Side;

constexpr std::int64_t kPickupFrom = 2 * model::kDay;
constexpr std::int64_t kPickupUntil = 20 * model::kDay;
constexpr std::int64_t kSecondsInNs = model::kSecond;

/// Papers as they should be, seen by an inspector, and ear tags where the product asks for them.
void attach_papers(World& world, model::UserId by, model::LotId lot,
                   const model::ProductRow& product, std::int64_t quantity) {
  for (std::size_t i = 0; i < product.required_count; ++i) {
    model::AttachDocument paper{};
    paper.lot = lot;
    paper.kind = static_cast<model::DocumentKind>(product.required[i]);
    paper.issued_at = world.now.value - model::kDay;
    paper.expires_at = world.now.value + 60 * model::kDay;
    paper.number = {'N', 'o', '1'};
    paper.hash = sha256(fmt::format("paper {} of lot {}", i, lot));
    world.must_send(by, paper);
  }
  if (product.needs_tags == 0) return;
  const model::TagRange tags{123011100000001 + std::uint64_t{lot} * 100'000,
                             static_cast<std::uint32_t>(quantity)};
  world.must_send(by, model::AttachTags{lot, 1},
                  {reinterpret_cast<const std::uint8_t*>(&tags), sizeof(tags)});
}

void create(World& world, const Match& line, Side side) {
  const auto id = world.product(line.text("product"));
  const model::ProductRow product = world.state().products[id];
  const model::UserId by = world.user(line.text("who"));
  model::CreateLot lot{};
  lot.product = id;
  lot.quantity = world.quantity(product, line.text("quantity"));
  if (line.has("average")) {
    lot.average_g = World::number(line.text("average")) * 1000;
  }
  lot.pickup_from = world.now.value + kPickupFrom;
  lot.pickup_until = world.now.value + kPickupUntil;
  lot.origin = lot.place = world.state().participants[world.participant(line.text("who"))].region;
  lot.side = side;
  lot.terms = line.text("terms") == "origin" ? model::Terms::kOrigin : model::Terms::kDestination;
  if (line.has("grade")) lot.grade = world.grade(product, line.text("grade"));
  lot.sheet = sha256(line.text("lot"));
  world.must_send(by, lot);
  world.name_lot(line.text("lot"), world.last.id);
  if (side == Side::kSell) attach_papers(world, by, world.last.id, product, lot.quantity);
}

void offer(World& world, const Match& line) { create(world, line, Side::kSell); }
void ask(World& world, const Match& line) { create(world, line, Side::kBuy); }

void list(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& product = world.product_of(id);
  const std::int64_t parts = line.has("parts") ? world.quantity(product, line.text("parts")) : 0;
  const std::int64_t until =
      line.has("time") ? world.time(line.text("time")) : world.now.value + model::kDay;
  world.send(world.user(line.text("who")),
             model::PostListing{id, world.price(product, line.text("price")), parts, until});
}

model::LotId goods_of(const World& world, const Match& line) {
  return line.has("goods") ? world.lot(line.text("goods")) : 0;
}

void take(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& product = world.product_of(id);
  const std::int64_t quantity = line.has("quantity")
                                    ? world.quantity(product, line.text("quantity"))
                                    : world.state().lots[id].remaining;
  world.send(
      world.user(line.text("who")),
      model::Take{id, goods_of(world, line), world.price(product, line.text("price")), quantity});
}

void announce(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& product = world.product_of(id);
  const auto price = [&](std::string_view slot) {
    return line.has(slot) ? world.price(product, line.text(slot)) : 0;
  };
  model::AnnounceAuction notice{};
  notice.lot = id;
  notice.start = price("start");
  notice.step = price("step");
  notice.reserve = price("reserve");
  notice.cap = price("cap");
  notice.open_at = world.time(line.text("opens"));
  notice.close_at = world.time(line.text("closes"));
  if (line.has("window")) notice.window_ns = World::number(line.text("window")) * kSecondsInNs;
  const model::UserId by = world.user(line.text("who"));
  if (!line.has("parts")) return world.send(by, notice);
  const auto award = gateways::find_word<model::Award>(line.text("award"));
  if (!award) {
    throw BadLine(
        fmt::format("'{}': expected {}", line.text("award"), gateways::one_of<model::Award>()));
  }
  world.send(by, model::AnnounceDivisible{id,
                                          notice.start,
                                          notice.step,
                                          notice.reserve,
                                          notice.cap,
                                          notice.open_at,
                                          notice.close_at,
                                          notice.window_ns,
                                          world.quantity(product, line.text("parts")),
                                          *award,
                                          {}});
}

void set_proxy(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const std::int64_t maximum = world.price(world.product_of(id), line.text("maximum"));
  world.send(world.user(line.text("who")), model::SetProxy{id, goods_of(world, line), maximum});
}

void bid(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const std::int64_t price = world.price(world.product_of(id), line.text("price"));
  const model::UserId by = world.user(line.text("who"));
  if (line.has("quantity")) {
    const std::int64_t quantity = world.quantity(world.product_of(id), line.text("quantity"));
    return world.send(by, model::PlaceQuantityBid{id, price, goods_of(world, line), quantity});
  }
  if (!line.has("goods")) return world.send(by, model::PlaceBid{id, price});
  world.send(by, model::PlaceReverseBid{id, price, goods_of(world, line)});
}

void accept_below(World& world, const Match& line) {
  world.send(world.user(line.text("who")), model::AcceptBelowReserve{world.lot(line.text("lot"))});
}

void raise(World& world, const Match& line) {
  world.send(world.user(line.text("who")), model::RaiseToReserve{world.lot(line.text("lot"))});
}

void withdraw(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::WithdrawLot{world.lot(line.text("lot")), sha256(line.text("reason"))});
}

constexpr Step kSteps[] = {
    {"{who} offers {lot} {quantity} {product} [grade {grade}] [of {average} kg] [on {terms} terms]",
     offer},
    {"{who} asks for {lot} {quantity} {product} [grade {grade}] [of {average} kg] [on {terms} "
     "terms]",
     ask},
    {"{who} lists {lot} at {price} [in parts of {parts}] [until {time}]", list},
    {"{who} takes [{quantity} of] {lot} at {price} [with {goods}]", take},
    {"{who} announces {lot} start {start} step {step} [reserve {reserve}] [cap {cap}] opens "
     "{opens} "
     "closes {closes} [window {window} s] [in parts of {parts} {award}]",
     announce},
    {"{who} bids {price} on [{quantity} of] {lot} [with {goods}]", bid},
    {"{who} sets a proxy of {maximum} on {lot} [with {goods}]", set_proxy},
    {"{who} accepts the bid on {lot}", accept_below},
    {"{who} raises to the reserve on {lot}", raise},
    {"{who} withdraws {lot} [because {reason...}]", withdraw},
};

}  // namespace

std::span<const Step> trade_steps() { return kSteps; }

}  // namespace hulan::app
