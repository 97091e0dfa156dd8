// SPDX-License-Identifier: Apache-2.0
// Mandates (R2.5): given by a principal, confirmed by its agent, revoked by either.
#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

constexpr std::uint32_t kSells = 1, kBuys = 2;

}  // namespace

CommandResult post_mandate(Call& call, Fields& fields) {
  model::GiveMandate body{};
  body.agent = fields.id("agent");
  const auto side = fields.optional_choice("side", model::Side{});
  body.sides = side == model::Side::kSell  ? kSells
               : side == model::Side::kBuy ? kBuys
                                           : kSells | kBuys;
  body.limit_fen = fields.decimal("limit", kMoneyDigits);
  body.expires_at = fields.time("expires_at");
  std::size_t products = 0;
  fields.optional_objects("products", body.products.size(), [&](Fields& one) {
    body.products[products++] = product_field(call, one, "product");
  });
  return submission(body);
}

CommandResult post_confirm_mandate(Call& call, Fields&) {
  return submission(model::ConfirmMandate{call.numbers[0]});
}

CommandResult post_revoke_mandate(Call& call, Fields&) {
  return submission(model::RevokeMandate{call.numbers[0]});
}

}  // namespace hulan::gateways
