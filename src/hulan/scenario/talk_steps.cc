// SPDX-License-Identifier: Apache-2.0
// Negotiation (R5.2).
#include <fmt/format.h>

#include "hulan/scenario/steps.h"

namespace hulan::app {
namespace {

/// The newest number on the lot that stands and is, or is not, of this user; `from`: with whom.
model::QuoteId standing(const World& world, const Match& line, bool own) {
  const model::LotId lot = world.lot(line.text("lot"));
  const auto who = world.state().users[world.user(line.text("who"))].participant;
  const auto from = line.has("from") ? world.participant(line.text("from")) : 0;
  const auto& quotes = world.state().quotes;
  for (model::QuoteId id = quotes.size(); id-- > 1;) {
    const auto& row = quotes[id];
    if (row.request != lot || row.state != model::QuoteState::kLive) continue;
    if ((row.maker == who) == own && (from == 0 || row.counterparty == from)) return id;
  }
  throw BadLine(fmt::format("no number of {} stands", line.text("lot")));
}

/// price, quantity (else all), end and goods of a number.
template <class Body>
void read_number(const World& world, const Match& line, Body& body) {
  const model::LotId lot = world.lot(line.text("lot"));
  const auto& product = world.product_of(lot);
  body.price = world.price(product, line.text("price"));
  body.quantity = line.has("quantity") ? world.quantity(product, line.text("quantity"))
                                       : world.state().lots[lot].quantity;
  if (line.has("goods")) body.goods = world.lot(line.text("goods"));
  if constexpr (requires { body.expires_at; }) body.expires_at = world.time(line.text("until"));
}

void ask(World& world, const Match& line) {
  model::RequestQuote body{};
  body.lot = world.lot(line.text("lot"));
  body.expires_at = world.time(line.text("until"));
  const auto& product = world.product_of(body.lot);
  if (line.has("parts")) body.minimum = world.quantity(product, line.text("parts"));
  if (line.has("named")) body.named[body.named_count++] = world.participant(line.text("named"));
  if (line.has("other")) body.named[body.named_count++] = world.participant(line.text("other"));
  world.send(world.user(line.text("who")), body);
}

void quote(World& world, const Match& line) {
  model::Quote body{};
  body.request = world.lot(line.text("lot"));
  read_number(world, line, body);
  world.send(world.user(line.text("who")), body);
}

void counter(World& world, const Match& line) {
  model::Counter body{};
  body.quote = standing(world, line, false);
  read_number(world, line, body);
  world.send(world.user(line.text("who")), body);
}

void accept(World& world, const Match& line) {
  model::AcceptQuote body{};
  body.quote = standing(world, line, false);
  read_number(world, line, body);
  world.send(world.user(line.text("who")), body);
}

void refuse_number(World& world, const Match& line) {
  world.send(world.user(line.text("who")), model::EndQuote{standing(world, line, false)});
}

void withdraw_number(World& world, const Match& line) {
  world.send(world.user(line.text("who")), model::EndQuote{standing(world, line, true)});
}

constexpr Step kSteps[] = {
    {"{who} asks for quotes on {lot} until {until} [in parts of {parts}] [of {named}] "
     "[and {other}]",
     ask},
    {"{who} quotes {price} on {lot} until {until} [for {quantity}] [with {goods}]", quote},
    {"{who} counters {price} on {lot} until {until} [for {quantity}] [with {goods}] [to {from}]",
     counter},
    {"{who} agrees to {price} on {lot} [for {quantity}] [with {goods}] [of {from}]", accept},
    {"{who} refuses the number on {lot} [of {from}]", refuse_number},
    {"{who} takes its number on {lot} back", withdraw_number},
};

}  // namespace

std::span<const Step> talk_steps() { return kSteps; }

}  // namespace hulan::app
