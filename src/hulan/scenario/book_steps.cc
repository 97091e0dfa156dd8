// SPDX-License-Identifier: Apache-2.0
// Order books (R5.4) and the market's control (R12).
#include <fmt/format.h>

#include "base/sha256.h"
#include "gateways/words.h"
#include "hulan/scenario/steps.h"

namespace hulan::app {
namespace {

template <class Enum>
Enum word_of(std::string_view what, std::string_view text) {
  const auto value = gateways::find_word<Enum>(text);
  if (!value)
    throw BadLine(fmt::format("{} '{}': expected {}", what, text, gateways::one_of<Enum>()));
  return *value;
}

model::DocumentHash reason() { return sha256("reason"); }

void open_book(World& world, const Match& line) {
  const auto product = world.product(line.text("product"));
  const auto& row = world.state().products[product];
  const auto time = [&](std::string_view slot) { return world.time(line.text(slot)); };
  world.send(world.user(line.text("who")),
             model::OpenBook{product, world.quantity(row, line.text("lot")),
                             row.needs_average != 0 ? 110'000 : 0,
                             world.price(row, line.text("reference")), time("call"), time("opens"),
                             time("closing"), time("closes")});
}

void order(World& world, const Match& line) {
  const model::BookId book = world.book(line.text("product"));
  const auto& product = world.state().products[world.product(line.text("product"))];
  const auto price = [&](std::string_view slot) {
    return line.has(slot) ? world.price(product, line.text(slot)) : 0;
  };
  model::PlaceOrderTerms body{};
  const bool market = !line.has("price");
  body.expires_at = line.has("until") ? world.time(line.text("until")) : 0;
  body.order = {.book = book,
                .side = line.has("buys") ? model::BookSide::kBuy : model::BookSide::kSell,
                .kind = market ? model::OrderKind::kMarket : model::OrderKind::kLimit,
                .life = market                 ? model::OrderLife::kImmediate
                        : body.expires_at != 0 ? model::OrderLife::kGoodTill
                                               : model::OrderLife::kSession,
                .self_trade = model::SelfTrade::kCancelOldest,
                .price = price("price"),
                .quantity = static_cast<std::uint32_t>(World::number(line.text("quantity")))};
  if (line.has("life")) {
    body.order.life = word_of<model::OrderLife>("life", line.text("life"));
  }
  if (line.has("mode")) {
    body.order.self_trade = word_of<model::SelfTrade>("self-trade", line.text("mode"));
  }
  body.stop = price("stop");
  if (line.has("display")) {
    body.display = static_cast<std::uint32_t>(World::number(line.text("display")));
  }
  world.send(world.user(line.text("who")), body);
  if (world.last.reject == model::Reject::ok && line.has("name")) {
    world.name_order(line.text("name"), world.last.id);
  }
}

void cancel_order(World& world, const Match& line) {
  world.send(world.user(line.text("who")), model::CancelOrder{world.order(line.text("order"))});
}

void reduce_order(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::ReduceOrder{world.order(line.text("order")),
                                static_cast<std::uint32_t>(World::number(line.text("by")))});
}

void replace_order(World& world, const Match& line) {
  const model::OrderId old = world.order(line.text("order"));
  const auto& books = world.state().books;
  const model::OrderSlot* slot = books.find(old);
  if (slot == nullptr) throw BadLine(fmt::format("order {} is gone", line.text("order")));
  const auto& product = world.state().products[world.state().book_rows[slot->book + 1u].product];
  world.send(world.user(line.text("who")),
             model::ReplaceOrder{old,
                                 world.price(product, line.text("price")),
                                 static_cast<std::uint32_t>(World::number(line.text("quantity"))),
                                 model::SelfTrade::kCancelOldest,
                                 {}});
  if (world.last.reject == model::Reject::ok) world.name_order(line.text("order"), world.last.id);
}

model::ProductId covered(World& world, const Match& line) {
  return line.has("product") ? world.product(line.text("product")) : 0;
}

void halt(World& world, const Match& line) {
  world.send(world.user(line.text("who")), model::HaltMarket{covered(world, line), reason()});
}

void resume(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::ResumeMarket{covered(world, line), world.time(line.text("time"))});
}

void kill(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::KillParticipant{world.participant(line.text("member")), reason()});
}

void revive(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::ReviveParticipant{world.participant(line.text("member")), reason()});
}

void permit(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::PermitTrading{world.participant(line.text("member")),
                                  world.product(line.text("product")), line.has("bars") ? 0u : 1u,
                                  reason()});
}

void bust(World& world, const Match& line) {
  world.send(world.user(line.text("who")),
             model::BustTrade{world.contract(line.text("contract")), reason()});
}

constexpr Step kSteps[] = {
    {"{who} opens a book of {product} in lots of {lot} reference {reference} call {call} opens "
     "{opens} closing call {closing} closes {closes}",
     open_book},
    {"{who} orders to buy {quantity} of {product} [at {price}] [life {life}] [stop {stop}] "
     "[showing {display}] [until {until}] [own {mode}] [as {name}]",
     [](World& world, const Match& line) { order(world, line.with("buys", "to")); }},
    {"{who} orders to sell {quantity} of {product} [at {price}] [life {life}] [stop {stop}] "
     "[showing {display}] [until {until}] [own {mode}] [as {name}]",
     order},
    {"{who} cancels order {order}", cancel_order},
    {"{who} reduces order {order} by {by}", reduce_order},
    {"{who} replaces order {order} with {quantity} at {price}", replace_order},
    {"{who} halts the market", halt},
    {"{who} halts {product}", halt},
    {"{who} resumes the market at {time}", resume},
    {"{who} resumes {product} at {time}", resume},
    {"{who} stops all trading of {member}", kill},
    {"{who} lets {member} trade again", revive},
    {"{who} bars {member} from {product}",
     [](World& world, const Match& line) { permit(world, line.with("bars", "bars")); }},
    {"{who} permits {member} to trade {product}", permit},
    {"{who} asks to bust {contract}", bust},
};

}  // namespace

std::span<const Step> book_steps() { return kSteps; }

}  // namespace hulan::app
