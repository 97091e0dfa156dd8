// SPDX-License-Identifier: Apache-2.0
// Sealed auctions (R5.3.4): key, notice, bid, share.
#include "base/sha256.h"
#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
CommandResult post_seal_key(Call& call, Fields& fields) {
  static_cast<void>(call);
  model::RegisterSealKey body{};
  body.public_key = fields.hash("public_key");
  std::size_t shares = 0;
  fields.objects("shares", 2, 2, [&](Fields& one) {
    body.holders[shares] = one.id("holder");
    body.share_hashes[shares++] = one.hash("sha256");
  });
  return submission(body);
}

CommandResult post_share(Call& call, Fields& fields) {
  return submission(model::RevealShare{call.numbers[0], fields.hash("share")});
}

CommandResult post_sealed(Call& call, Fields& fields) {
  const model::ProductRow& product = product_of_lot(call);
  const int digits = price_digits(product.basis);
  model::AnnounceSealed body{};
  body.lot = call.numbers[0];
  body.key = fields.id("key");
  body.start = fields.decimal("start", digits);
  body.reserve = fields.optional_decimal("reserve", digits).value_or(0);
  body.cap = fields.optional_decimal("cap", digits).value_or(0);
  body.minimum = fields.optional_decimal("minimum", quantity_digits(product.unit)).value_or(0);
  body.open_at = fields.time("open_at");
  body.close_at = fields.time("close_at");
  body.award = fields.optional_choice("award", model::SealedAward::kFirstPrice);
  return submission(body);
}

CommandResult post_sealed_bid(Call& call, Fields& fields) {
  model::PlaceSealedBid body{};
  body.lot = call.numbers[0];
  body.goods = fields.optional_id("goods");
  body.commitment = fields.hash("commitment");
  const std::string box = fields.text("box", 2 * body.box.size());
  if (fields.ok() && !parse_hex(box, body.box)) {
    fields.fail(Fault::invalid_value, "box", box, "160 hex digits");
  }
  return submission(body);
}

}  // namespace hulan::gateways
