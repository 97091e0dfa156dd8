// SPDX-License-Identifier: Apache-2.0
// Order books, their ladders, orders and positions (R5.4); halts (R12.2).
#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

using model::BookRow;
using model::BookSide;

constexpr std::size_t kDepth = 20;
constexpr std::size_t kTrades = 30;

void price_or_null(JsonWriter& json, std::string_view name, model::Price price, int digits) {
  if (price.value == 0) return json.null_field(name);
  json.decimal_field(name, price.value, digits);
}

void add_ladder(JsonWriter& json, const projections::OrderBooks& books, model::BookId id,
                BookSide side, int digits) {
  json.begin_array(word(side));
  for (const auto& level : books.ladder(id, side, kDepth)) {
    json.begin_object();
    json.decimal_field("price", level.price.value, digits);
    json.field("quantity", level.quantity);
    json.field("orders", level.orders);
    json.end_object();
  }
  json.end_array();
}

void add_trades(JsonWriter& json, const projections::OrderBooks& books, model::BookId id,
                int digits) {
  json.begin_array("trades");
  std::size_t count = 0;
  for (const auto& trade : books.trades(id)) {
    if (++count > kTrades) break;
    json.begin_object();
    json.field("number", trade.number);
    json.field("sequence", trade.sequence);
    json.time_field("time", trade.time);
    json.decimal_field("price", trade.price.value, digits);
    json.field("quantity", trade.quantity);
    if (trade.taker > 1) {
      json.field("taker", "auction");
    } else {
      json.field("taker", word(static_cast<BookSide>(trade.taker)));
    }
    json.end_object();
  }
  json.end_array();
}

void add_call(JsonWriter& json, const BookRow& row, int digits) {
  if (row.indicative.value == 0) {
    json.null_field("indicative_price");
  } else {
    json.decimal_field("indicative_price", row.indicative.value, digits);
  }
  json.field("indicative_quantity", row.indicative_quantity);
  json.field("imbalance", row.imbalance);
}

std::string order_id(model::OrderId id) { return std::to_string(id); }

}  // namespace

void add_book_fields(JsonWriter& json, const Reader& reader, model::BookId id) {
  const projections::OrderBooks& books = reader.view.order_books();
  const BookRow& row = *books.book(id);
  const model::ProductRow& product = reader.product(row.product);
  const int digits = price_digits(product.basis);
  const auto& terms = reader.view.product_terms(row.product);
  json.field("id", id);
  json.field("product", row.product);
  json.field("product_code", code_of(product));
  json.text_field("product_name", reader.texts(product).name);
  json.field("price_unit", price_unit(product));
  json.field("unit", word(product.unit));
  json.decimal_field("lot", row.lot_quantity, quantity_digits(product.unit));
  json.decimal_field("tick", row.tick.value, digits);
  json.field("permit_authority", terms.permit_authority.data());
  json.field("permit_number", terms.permit_number.data());
  json.field("phase", word(row.phase));
  json.time_field("phase_until", row.phase_until);
  json.field("session", row.session);
  json.time_field("call_at", row.call_at);
  json.time_field("open_at", row.open_at);
  json.time_field("closing_call_at", row.closing_call_at);
  json.time_field("close_at", row.close_at);
  json.decimal_field("reference", row.reference.value, digits);
  const bool limited = row.band_high.value != model::kMaxMagnitude;
  price_or_null(json, "band_low", limited ? row.band_low : model::Price{}, digits);
  price_or_null(json, "band_high", limited ? row.band_high : model::Price{}, digits);
  price_or_null(json, "last", row.last, digits);
  json.field("trades_count", row.trades);
  json.field("traded", row.traded);
  add_call(json, row, digits);
  json.field("halted", reader.view.halt(row.product) != nullptr);
}

void add_ladders(JsonWriter& json, const Reader& reader, model::BookId id) {
  const projections::OrderBooks& books = reader.view.order_books();
  const int digits = price_digits(reader.product(books.book(id)->product).basis);
  add_ladder(json, books, id, BookSide::kBuy, digits);
  add_ladder(json, books, id, BookSide::kSell, digits);
  add_trades(json, books, id, digits);
}

void write_order(JsonWriter& json, const Reader& reader, const projections::LiveOrder& order) {
  const BookRow& row = *reader.view.order_books().book(order.book + 1u);
  const int digits = price_digits(reader.product(row.product).basis);
  const bool stop = order.queue > 1;
  json.begin_object();
  json.field("id", order_id(order.id));
  json.field("book", order.book + 1u);
  json.field("side", word(static_cast<BookSide>(order.queue & 1)));
  price_or_null(json, "price", stop ? order.limit : order.price, digits);
  price_or_null(json, "stop", stop ? order.price : model::Price{}, digits);
  json.field("quantity", order.shown + order.hidden);
  json.field("hidden", order.hidden);
  json.time_field("entered_at", order.entered);
  json.time_field("expires_at", order.expires_at);
  json.end_object();
}

void write_position(JsonWriter& json, const Reader& reader, const model::PositionRow& position) {
  const BookRow& row = *reader.view.order_books().book(position.book);
  json.begin_object();
  json.field("book", position.book);
  json.field("product_code", code_of(reader.product(row.product)));
  json.field("net", position.net);
  json.field("traded", position.traded);
  json.end_object();
}

void write_halt(JsonWriter& json, const Reader& reader, const model::HaltRow& halt) {
  json.begin_object();
  if (halt.product == 0) {
    json.null_field("product");
    json.null_field("product_code");
  } else {
    json.field("product", halt.product);
    json.field("product_code", code_of(reader.product(halt.product)));
  }
  json.time_field("since", halt.since);
  json.time_field("resume_at", halt.resume_at);
  json.field("sequence", halt.sequence);
  json.field("reason", reference_text(reader, halt.reason));
  json.end_object();
}

}  // namespace hulan::gateways
