// SPDX-License-Identifier: Apache-2.0
// Sealed auctions (R5.3.4). Keys, shares and salts are made of names, so that all comes again.
#include <fmt/format.h>

#include "base/sealed_box.h"
#include "gateways/words.h"
#include "hulan/scenario/steps.h"

namespace hulan::app {
namespace {

constexpr std::string_view kHolders[] = {"officer", "inspector"};

SealKeyBytes share_of(std::size_t holder) { return sha256(kHolders[holder]); }

void register_key(World& world, const Match& line) {
  model::RegisterSealKey body{};
  body.public_key = public_seal_key(join_shares(share_of(0), share_of(1)));
  for (std::size_t i = 0; i < 2; ++i) {
    body.share_hashes[i] = sha256(share_of(i));
    body.holders[i] = world.user(kHolders[i]);
  }
  world.send(world.user(line.text("who")), body);
}

void announce(World& world, const Match& line) {
  model::AnnounceSealed body{};
  body.lot = world.lot(line.text("lot"));
  const auto& product = world.product_of(body.lot);
  const auto price = [&](std::string_view slot) {
    return line.has(slot) ? world.price(product, line.text(slot)) : 0;
  };
  body.key = static_cast<model::SealKeyId>(world.state().seal_keys.size() - 1);
  body.start = price("start");
  body.reserve = price("reserve");
  body.cap = price("cap");
  body.open_at = world.time(line.text("opens"));
  body.close_at = world.time(line.text("closes"));
  if (line.has("parts")) body.minimum = world.quantity(product, line.text("parts"));
  const auto award = gateways::find_word<model::SealedAward>(line.text("award"));
  if (!award) {
    throw BadLine(
        fmt::format("award '{}': expected first_price, second_price, pay_as_bid or "
                    "uniform",
                    line.text("award")));
  }
  body.award = *award;
  world.send(world.user(line.text("who")), body);
}

void seal(World& world, const Match& line) {
  model::PlaceSealedBid body{};
  body.lot = world.lot(line.text("lot"));
  const auto& product = world.product_of(body.lot);
  const auto hash = sha256(fmt::format("{} {}", line.text("who"), line.text("lot")));
  Opening opening{
      world.price(product, line.text("price")), world.state().lots[body.lot].quantity, {}};
  if (line.has("quantity")) opening.quantity = world.quantity(product, line.text("quantity"));
  std::copy_n(hash.begin(), opening.salt.size(), opening.salt.begin());
  if (line.has("goods")) body.goods = world.lot(line.text("goods"));
  body.commitment = commitment_of(opening);
  // Who shows the hash of another price wants to choose after the close.
  if (line.has("other")) opening.price = world.price(product, line.text("other"));
  body.box = seal_box(opening, public_seal_key(join_shares(share_of(0), share_of(1))), hash);
  world.send(world.user(line.text("who")), body);
}

void reveal(World& world, const Match& line) {
  const bool first = line.text("who") == kHolders[0];
  const auto key = static_cast<model::SealKeyId>(world.state().seal_keys.size() - 1);
  world.send(world.user(line.text("who")), model::RevealShare{key, share_of(first ? 0 : 1)});
}

constexpr Step kSteps[] = {
    {"{who} registers a key held by officer and inspector", register_key},
    {"{who} announces {lot} sealed {award} start {start} [reserve {reserve}] [cap {cap}] opens "
     "{opens} closes {closes} [in parts of {parts}]",
     announce},
    {"{who} seals {price} on [{quantity} of] {lot} [with {goods}]", seal},
    {"{who} commits to {price} on {lot} and seals {other}", seal},
    {"{who} gives the share of the key", reveal},
};

}  // namespace

std::span<const Step> sealed_steps() { return kSteps; }

}  // namespace hulan::app
