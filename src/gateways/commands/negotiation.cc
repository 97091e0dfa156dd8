// SPDX-License-Identifier: Apache-2.0
// Negotiation (R5.2): requests for quotes, quotes, counters, acceptance.
#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

const model::ProductRow& product_of_quote(const Call& call) {
  const model::QuoteRow* quote = call.view().quote(call.numbers[0]);
  const model::LotRow* lot = quote == nullptr ? nullptr : call.view().lot(quote->request);
  return call.reader.product(lot == nullptr ? 0 : lot->product);
}

/// price, quantity, goods and (but for an acceptance) expires_at.
template <class Body>
Body read_number(Fields& fields, const model::ProductRow& product) {
  Body body{};
  body.price = fields.decimal("price", price_digits(product.basis));
  body.quantity = fields.decimal("quantity", quantity_digits(product.unit));
  body.goods = fields.optional_id("goods");
  if constexpr (requires { body.expires_at; }) body.expires_at = fields.time("expires_at");
  return body;
}

}  // namespace

CommandResult post_request(Call& call, Fields& fields) {
  const model::ProductRow& product = product_of_lot(call);
  model::RequestQuote body{};
  body.lot = call.numbers[0];
  body.minimum = fields.optional_decimal("minimum", quantity_digits(product.unit)).value_or(0);
  body.expires_at = fields.time("expires_at");
  fields.optional_objects("named", model::kMaxNamed, [&](Fields& one) {
    body.named[body.named_count++] = one.id("participant");
  });
  return submission(body);
}

CommandResult post_quote(Call& call, Fields& fields) {
  auto body = read_number<model::Quote>(fields, product_of_lot(call));
  body.request = call.numbers[0];
  return submission(body);
}

CommandResult post_counter(Call& call, Fields& fields) {
  auto body = read_number<model::Counter>(fields, product_of_quote(call));
  body.quote = call.numbers[0];
  return submission(body);
}

CommandResult post_accept_quote(Call& call, Fields& fields) {
  auto body = read_number<model::AcceptQuote>(fields, product_of_quote(call));
  body.quote = call.numbers[0];
  return submission(body);
}

CommandResult post_end_quote(Call& call, Fields&) {
  return submission(model::EndQuote{call.numbers[0]});
}

}  // namespace hulan::gateways
