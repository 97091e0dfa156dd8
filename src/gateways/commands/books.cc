// SPDX-License-Identifier: Apache-2.0
// Order books and orders (R5.4).
#include <charconv>

#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/gateway.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

/// The order that the path names; 0 = none such.
model::OrderId order_of(const Call& call) {
  model::OrderId id = 0;
  const char* end = call.word.data() + call.word.size();
  const auto [stop, error] = std::from_chars(call.word.data(), end, id);
  return error == std::errc{} && stop == end ? id : 0;
}

int digits_of(const Call& call, const model::BookRow* book) {
  return price_digits(book == nullptr ? model::PriceBasis::kByWeight
                                      : call.reader.product(book->product).basis);
}

const model::BookRow* book_of_order(const Call& call, model::OrderId id) {
  const auto& books = call.view().order_books();
  const projections::LiveOrder* order = books.order(id);
  return order == nullptr ? nullptr : books.book(order->book + 1u);
}

}  // namespace

CommandResult post_book(Call& call, Fields& fields) {
  model::OpenBook body{};
  body.product = product_field(call, fields, "product");
  const model::ProductRow& product = call.reader.product(body.product);
  body.lot_quantity = fields.decimal("lot", quantity_digits(product.unit));
  body.lot_average_g = fields.optional_decimal("average_kg", kWeightDigits).value_or(0);
  body.reference = fields.decimal("reference", price_digits(product.basis));
  body.call_at = fields.time("call_at");
  body.open_at = fields.time("open_at");
  body.closing_call_at = fields.time("closing_call_at");
  body.close_at = fields.time("close_at");
  return submission(body);
}

CommandResult post_order(Call& call, Fields& fields) {
  const int digits = digits_of(call, call.view().order_books().book(call.numbers[0]));
  model::PlaceOrderTerms body{};
  body.order.book = call.numbers[0];
  body.order.side = fields.choice<model::BookSide>("side");
  body.order.kind = fields.optional_choice("kind", model::OrderKind::kLimit);
  const bool market = body.order.kind == model::OrderKind::kMarket;
  body.expires_at = fields.optional_time("expires_at");
  const auto usual = market                 ? model::OrderLife::kImmediate
                     : body.expires_at != 0 ? model::OrderLife::kGoodTill
                                            : model::OrderLife::kSession;
  body.order.life = fields.optional_choice("life", usual);
  body.order.self_trade = fields.optional_choice("self_trade", model::SelfTrade::kCancelOldest);
  body.order.price = fields.optional_decimal("price", digits).value_or(0);
  body.order.quantity = fields.number("quantity", 1, model::kMaxOrderLots);
  body.stop = fields.optional_decimal("stop", digits).value_or(0);
  body.display = fields.optional_number("display", 1, model::kMaxOrderLots);
  const bool plain = body.stop == 0 && body.display == 0 && body.expires_at == 0;
  return plain ? submission(body.order) : submission(body);
}

CommandResult post_cancel_order(Call& call, Fields&) {
  return submission(model::CancelOrder{order_of(call)});
}

CommandResult post_reduce_order(Call& call, Fields& fields) {
  return submission(
      model::ReduceOrder{order_of(call), fields.number("by", 1, model::kMaxOrderLots)});
}

CommandResult post_replace_order(Call& call, Fields& fields) {
  const model::OrderId id = order_of(call);
  const int digits = digits_of(call, book_of_order(call, id));
  model::ReplaceOrder body{};
  body.order = id;
  body.price = fields.decimal("price", digits);
  body.quantity = fields.number("quantity", 1, model::kMaxOrderLots);
  body.self_trade = fields.optional_choice("self_trade", model::SelfTrade::kCancelOldest);
  return submission(body);
}

}  // namespace hulan::gateways
