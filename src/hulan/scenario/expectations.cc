// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/auction/clock.h"
#include "engine/book/orders.h"
#include "engine/market/day_price.h"
#include "engine/market/halts.h"
#include "engine/market/products.h"
#include "engine/market/references.h"
#include "gateways/decimal.h"
#include "gateways/words.h"
#include "hulan/scenario/steps.h"

namespace hulan::app {
namespace {

using gateways::decimal;
using gateways::word;

std::string money_text(model::Fen amount) { return decimal(amount.value, gateways::kMoneyDigits); }

std::string with_blanks(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '_', ' ');
  return out;
}

void expect_money(std::string_view what, std::string_view expected, model::Fen was) {
  expect_same(what, money_text(model::Fen{World::money(expected)}), money_text(was));
}

/// "in performance bond", "available": the five accounts of R3.1.
void expect_balance(World& world, const Match& line) {
  std::string bucket = line.has("bucket") ? std::string(line.text("bucket")) : "available";
  std::ranges::replace(bucket, ' ', '_');
  const auto which = gateways::find_word<model::Bucket>(bucket);
  if (!which) {
    throw BadLine(fmt::format("'{}': expected {}", bucket, gateways::one_of<model::Bucket>()));
  }
  const auto id = world.participant(line.text("who"));
  const auto& row = world.state().accounts[engine::account_index(id, model::Currency::kCny)];
  expect_money(fmt::format("{}'s {}", line.text("who"), with_blanks(bucket)), line.text("amount"),
               row.balance[static_cast<std::size_t>(*which)]);
}

void expect_operator(World& world, const Match& line) {
  std::string name(line.text("account"));
  std::ranges::replace(name, ' ', '_');
  const auto which = gateways::find_word<model::OperatorAccount>(name);
  if (!which) {
    throw BadLine(
        fmt::format("'{}': expected {}", name, gateways::one_of<model::OperatorAccount>()));
  }
  expect_money(name, line.text("amount"),
               world.state().operator_accounts[1].balance[0][static_cast<std::size_t>(*which)]);
}

void expect_frozen(World& world, const Match& line) {
  expect_money("frozen by this command", line.text("amount"), world.last.frozen);
}

void expect_lot_state(World& world, const Match& line) {
  const auto& lot = world.state().lots[world.lot(line.text("lot"))];
  expect_same(fmt::format("lot {}", line.text("lot")), line.text("state"), word(lot.state));
}

void expect_leader(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& lot = world.state().lots[id];
  const auto& product = world.product_of(id);
  static_cast<void>(world.participant(line.text("who")));
  expect_same(
      fmt::format("the lead on {}", line.text("lot")),
      fmt::format(
          "{} at {}", line.text("who"),
          decimal(world.price(product, line.text("price")), gateways::price_digits(product.basis))),
      fmt::format("{} at {}", world.name_of(lot.leader), world.price_text(product, lot.best)));
}

void expect_no_leader(World& world, const Match& line) {
  const auto& lot = world.state().lots[world.lot(line.text("lot"))];
  expect_same(fmt::format("the lead on {}", line.text("lot")), "nobody", world.name_of(lot.leader));
}

void expect_close(World& world, const Match& line) {
  const auto& lot = world.state().lots[world.lot(line.text("lot"))];
  expect_same(fmt::format("the close of {}", line.text("lot")),
              world.time_text(world.time(line.text("time"))), world.time_text(lot.close_at));
}

void expect_left(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& product = world.product_of(id);
  const int digits = gateways::quantity_digits(product.unit);
  expect_same(fmt::format("what is left of {}", line.text("lot")),
              decimal(world.quantity(product, line.text("quantity")), digits),
              decimal(world.state().lots[id].remaining, digits));
}

void expect_contracts(World& world, const Match& line) {
  const auto& lot = world.state().lots[world.lot(line.text("lot"))];
  expect_same(fmt::format("contracts on {}", line.text("lot")),
              std::to_string(World::number(line.text("count"))), std::to_string(lot.contracts));
}

void expect_contract(World& world, const Match& line) {
  const auto& row = world.state().contracts[world.contract(line.text("contract"))];
  const auto& product = world.state().products[row.product];
  const int digits = gateways::quantity_digits(product.unit);
  const auto text = [&](std::string_view seller, std::string_view buyer, std::int64_t quantity,
                        std::int64_t price) {
    return fmt::format("{} buys {} from {} at {}", buyer, decimal(quantity, digits), seller,
                       decimal(price, gateways::price_digits(product.basis)));
  };
  expect_same(
      line.text("contract"),
      text(line.text("seller"), line.text("buyer"), world.quantity(product, line.text("quantity")),
           world.price(product, line.text("price"))),
      text(world.name_of(row.seller), world.name_of(row.buyer), row.quantity, row.price.value));
}

void expect_contract_state(World& world, const Match& line) {
  const auto& row = world.state().contracts[world.contract(line.text("contract"))];
  expect_same(line.text("contract"), line.text("state"), word(row.state));
}

void expect_happened(World& world, const Match& line) {
  const std::string was =
      world.happened.empty() ? "nothing" : fmt::format("{}", fmt::join(world.happened, ", "));
  std::string expected(line.text("facts"));
  // Words lose their commas when a line is read: "a b, c d" is compared without them.
  std::string flat = was;
  std::erase(flat, ',');
  std::erase(expected, ',');
  if (expected != flat) {
    throw Unexpected(
        fmt::format("what happened: expected '{}', was '{}'", line.text("facts"), was));
  }
}

/// Two digits of a province, or six of a county (R11.3).
std::uint32_t region_of(std::string_view text) {
  const auto code = static_cast<std::uint32_t>(World::number(text));
  return text.size() == 2 ? code * 10'000 : code;
}

const model::DayPriceRow* day_price(const World& world, const Match& line) {
  const auto first = engine::first_version(world.state(), world.product(line.text("product")));
  const auto& product = world.state().products[first];
  const std::uint32_t region = region_of(line.text("region"));
  const auto day = (world.now.value + 8 * model::kHour) / model::kDay;
  for (std::uint32_t id = 1; id < world.state().day_prices.size(); ++id) {
    const auto& row = world.state().day_prices[id];
    if (row.product == first && row.region == region && row.day == day &&
        row.grade == world.grade(product, line.text("grade"))) {
      return &row;
    }
  }
  return nullptr;
}

/// R11.2: today's index of a province or county; thin where it says so.
void expect_index(World& world, const Match& line) {
  const auto& product = world.state().products[world.product(line.text("product"))];
  const auto* day = day_price(world, line);
  const std::string was = day == nullptr || day->weight == 0
                              ? "nothing"
                              : world.price_text(product, engine::mean_price(*day)) +
                                    (engine::is_thin(*day) ? " thin" : "");
  const std::string expected =
      line.text("price") == "nothing"
          ? "nothing"
          : decimal(world.price(product, line.text("price")),
                    gateways::price_digits(product.basis)) +
                (line.has("thin") ? " " + std::string(line.text("thin")) : "");
  expect_same("today's index", expected, was);
}

/// R11.1: what is told to all of the latest trade; whose it was is not among it.
void expect_public_trade(World& world, const Match& line) {
  if (world.trade.product == 0) throw Unexpected("nothing has been traded");
  const auto& product = world.state().products[world.trade.product];
  const int digits = gateways::quantity_digits(product.unit);
  const auto text = [&](std::int64_t quantity, std::uint32_t region, std::string_view price) {
    return fmt::format("{} in {} at {}", decimal(quantity, digits), region, price);
  };
  expect_same(
      "the latest trade",
      text(
          world.quantity(product, line.text("quantity")), region_of(line.text("region")),
          decimal(world.price(product, line.text("price")), gateways::price_digits(product.basis))),
      text(world.trade.quantity, world.trade.region, world.price_text(product, world.trade.price)));
}

void expect_reference(World& world, const Match& line) {
  const auto first = engine::first_version(world.state(), world.product(line.text("product")));
  const auto& product = world.state().products[first];
  const auto was = engine::reference_price(
      world.state(), first, static_cast<std::uint32_t>(World::number(line.text("province"))),
      world.grade(product, line.text("grade")), world.now);
  expect_same(
      "the reference price",
      decimal(world.price(product, line.text("price")), gateways::price_digits(product.basis)),
      world.price_text(product, was));
}

/// R5.3.3: what the hand shows at this moment.
void expect_hand(World& world, const Match& line) {
  const auto id = world.lot(line.text("lot"));
  const auto& lot = world.state().lots[id];
  const auto shown = lot.state == model::LotState::kOpen
                         ? engine::clock_price(world.state().clocks[id], lot, world.now)
                         : std::nullopt;
  const auto& product = world.product_of(id);
  expect_same(fmt::format("the clock of {}", line.text("lot")),
              line.text("price") == "nothing" ? "nothing"
                                              : decimal(world.price(product, line.text("price")),
                                                        gateways::price_digits(product.basis)),
              shown ? world.price_text(product, *shown) : "nothing");
}

void expect_phase(World& world, const Match& line) {
  const auto& row = world.state().book_rows[world.book(line.text("product"))];
  expect_same(fmt::format("the book of {}", line.text("product")), line.text("phase"),
              word(row.phase));
}

void expect_level(World& world, const Match& line) {
  const model::BookId id = world.book(line.text("product"));
  const auto& row = world.state().book_rows[id];
  const auto& product = world.state().products[row.product];
  const auto side = line.text("side") == "buy" ? model::BookSide::kBuy : model::BookSide::kSell;
  const std::int64_t price = world.price(product, line.text("price"));
  const auto& books = world.state().books;
  std::uint64_t shown = 0;
  std::uint32_t slot = books
                           .level(static_cast<std::uint16_t>(id - 1), engine::book::queue_of(side),
                                  static_cast<std::uint32_t>(price / row.tick.value))
                           .first;
  for (; slot != 0; slot = books.slot(slot).next) shown += books.slot(slot).quantity;
  expect_same(fmt::format("lots to {} at {}", line.text("side"), line.text("price")),
              line.text("quantity"), std::to_string(shown));
}

void expect_last(World& world, const Match& line) {
  const auto& row = world.state().book_rows[world.book(line.text("product"))];
  const auto& product = world.state().products[row.product];
  expect_same("the latest trade",
              world.price_text(product, model::Price{world.price(product, line.text("price"))}),
              world.price_text(product, row.last));
}

void expect_order(World& world, const Match& line) {
  const model::OrderId id = world.order(line.text("order"));
  const auto& books = world.state().books;
  const bool live = books.find(id) != nullptr;
  expect_same(fmt::format("order {}", line.text("order")), line.text("quantity"),
              std::to_string(live ? books.open_of(engine::book::Books::slot_of(id)) : 0));
}

void expect_position(World& world, const Match& line) {
  const std::uint32_t position = world.state().derived.positions.find(
      world.participant(line.text("who")), world.book(line.text("product")));
  const std::int64_t net = position == 0 ? 0 : world.state().positions[position].net;
  expect_same(fmt::format("{}'s lots", line.text("who")), line.text("net"), std::to_string(net));
}

void expect_trading(World& world, const Match& line) {
  const bool halted = engine::is_halted(world.state(), world.product(line.text("product")));
  expect_same("trading", line.text("state"), halted ? "halted" : "open");
}

void expect_session(World& world, const Match& line) {
  const auto& session = world.state().sessions[world.session(line.text("session"))];
  expect_same(fmt::format("session {}", line.text("session")), line.text("state"),
              word(session.state));
}

/// R5.3.4: what became of somebody's envelope; while it is shut nobody knows its price.
void expect_envelope(World& world, const Match& line) {
  const auto lot = world.lot(line.text("lot"));
  const auto who = world.state().users[world.user(line.text("who"))].participant;
  const auto& bids = world.state().sealed_bids;
  for (std::uint32_t at = world.state().sealed[lot].first; at != 0; at = bids[at].next) {
    if (bids[at].bidder != who) continue;
    const bool shut = bids[at].state == model::EnvelopeState::kShut;
    if (shut)
      expect_same("the price in a shut envelope", "0", fmt::to_string(bids[at].price.value));
    return expect_same(fmt::format("the envelope of {}", line.text("who")), line.text("state"),
                       word(bids[at].state));
  }
  throw BadLine(fmt::format("{} has no envelope on {}", line.text("who"), line.text("lot")));
}

/// R12.3: what a person should look at, and how much of it: "80%" of a share, else a count.
void expect_suspicion(World& world, const Match& line) {
  const auto wanted = gateways::find_word<projections::Pattern>(line.text("pattern"));
  if (!wanted) {
    throw BadLine(fmt::format("'{}': expected {}", line.text("pattern"),
                              gateways::one_of<projections::Pattern>()));
  }
  const auto who = world.participant(line.text("who"));
  std::string was = "nothing";
  for (const auto& one : world.surveillance.findings()) {
    if (one.pattern != *wanted ||
        std::ranges::find(one.participants, who) == one.participants.end())
      continue;
    const bool share = *wanted == projections::Pattern::kConcentration ||
                       *wanted == projections::Pattern::kCancelRatio ||
                       *wanted == projections::Pattern::kPriceMove;
    was = share ? decimal(one.value, 2) + "%" : fmt::to_string(one.value);
    was += fmt::format(" in {} records", one.evidence.size());
  }
  const std::string expected =
      line.has("count") ? fmt::format("{} in {} records", line.text("value"), line.text("count"))
                        : std::string(line.text("value"));
  expect_same(fmt::format("{} of {}", line.text("pattern"), line.text("who")), expected, was);
}

constexpr Step kExpectations[] = {
    {"{pattern} of {who} shows {value} [in {count} records]", expect_suspicion},
    {"the envelope of {who} on {lot} is {state}", expect_envelope},
    {"{who} has {amount} available", expect_balance},
    {"{who} has {amount} in {bucket...}", expect_balance},
    {"the operator's {account} is {amount}", expect_operator},
    {"{amount} is frozen", expect_frozen},
    {"{lot} has no leader", expect_no_leader},
    {"{lot} has {quantity} left", expect_left},
    {"{lot} has {count} contracts", expect_contracts},
    {"{who} leads {lot} at {price}", expect_leader},
    {"{lot} closes at {time}", expect_close},
    {"{lot} is now {state}", expect_lot_state},
    {"{buyer} buys {quantity} from {seller} at {price} as {contract}", expect_contract},
    {"contract {contract} is {state}", expect_contract_state},
    {"the clock of {lot} shows {price}", expect_hand},
    {"session {session} is {state}", expect_session},
    {"the book of {product} is in {phase}", expect_phase},
    {"the book of {product} shows {quantity} to {side} at {price}", expect_level},
    {"the latest trade of {product} was at {price}", expect_last},
    {"order {order} has {quantity} left", expect_order},
    {"{who} holds {net} lots of {product}", expect_position},
    {"trading of {product} is {state}", expect_trading},
    {"it happened {facts...}", expect_happened},
    {"the index of {product} {grade} in {region} is {price} [{thin}]", expect_index},
    {"everybody sees {quantity} traded in {region} at {price}", expect_public_trade},
    {"the reference price of {product} {grade} in {province} is {price}", expect_reference},
};

}  // namespace

std::span<const Step> expectations() { return kExpectations; }

void expect_same(std::string_view what, std::string_view expected, std::string_view was) {
  if (expected == was) return;
  throw Unexpected(fmt::format("{}: expected '{}', was '{}'", what, expected, was));
}

}  // namespace hulan::app
