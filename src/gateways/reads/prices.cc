// SPDX-License-Identifier: Apache-2.0
// The day's prices, the index and candles (R11.1, R11.2).
#include "gateways/reads/prices.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"
#include "gateways/moment.h"

namespace hulan::gateways {
namespace {

using projections::PriceRow;

/// The required product of a series; its faults are noted.
const model::ProductRow* series_product(Call& call, model::ProductId& id) {
  id = product_in(call, "product");
  if (id == 0) call.query.fail("product", "", "a product's code or number");
  return id == 0 ? nullptr : &call.reader.product(id);
}

/// 0: none asked for.
std::uint8_t grade_in(Call& call, const model::ProductRow* product) {
  const auto code = call.query.text("grade");
  if (product == nullptr || !code || code->empty()) return 0;
  const auto grade = call.reader.texts(*product).grade_of(*code, product->grade_count);
  if (grade == 0) call.query.fail("grade", *code, "a grade of this product");
  return grade;
}

/// 2, 4 or 6 digits; 0: none asked for.
std::uint32_t region_in(Call& call, bool required) {
  const auto text = call.query.text("region").value_or("");
  const auto region = static_cast<std::uint32_t>(call.query.number("region", 0, 999'999));
  const bool digits = text.size() == 2 || text.size() == 4 || text.size() == 6;
  const bool given = required || !text.empty();
  if (given && (!digits || region < 10)) call.query.fail("region", text, "2, 4 or 6 digits");
  return region;
}

HttpResponse index_csv(const Reader& reader, const std::vector<PriceRow>& rows) {
  HttpResponse response;
  response.content_type = "text/csv; charset=utf-8";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"index.csv\"");
  std::string& out = response.body;
  out = "day,index,two_day,previous_day,weight,head,trades,high,low,median,thin\r\n";
  for (const PriceRow& row : rows) {
    const model::ProductRow& product = reader.product(row.product);
    const auto price = [&](model::Price of) {
      return decimal(of.value, price_digits(product.basis));
    };
    const int weight_digits = product.basis == model::PriceBasis::kByWeight ? kWeightDigits : 0;
    out += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{}\r\n", day_text(row.day), price(row.price),
        row.two_day ? price(*row.two_day) : "", row.two_day ? day_text(row.previous_day) : "",
        decimal(row.weight, weight_digits), decimal(row.quantity, quantity_digits(product.unit)),
        row.trades, price(row.high), price(row.low), price(row.median), row.thin);
  }
  return response;
}

void write_candle(JsonWriter& json, const model::ProductRow& product,
                  const projections::Candle& candle) {
  const int digits = price_digits(product.basis);
  json.begin_object();
  json.time_field("start", candle.start);
  json.decimal_field("open", candle.open.value, digits);
  json.decimal_field("high", candle.high.value, digits);
  json.decimal_field("low", candle.low.value, digits);
  json.decimal_field("close", candle.close.value, digits);
  json.decimal_field("weight", candle.weight,
                     product.basis == model::PriceBasis::kByWeight ? kWeightDigits : 0);
  json.decimal_field("head", candle.quantity, quantity_digits(product.unit));
  json.field("trades", candle.trades);
  json.end_object();
}

}  // namespace

model::ProductId product_in(Call& call, std::string_view name) {
  const auto given = call.query.text(name);
  if (!given || given->empty()) return 0;
  const auto& view = call.view();
  if (const auto by_code = view.product_by_code(*given, view.now()); by_code != 0) return by_code;
  const bool digits = given->find_first_not_of("0123456789") == std::string::npos;
  const auto number = digits ? call.query.number(name, 0, UINT32_MAX) : 0;
  const auto id = static_cast<model::ProductId>(number);
  if (id != 0 && view.product(id) != nullptr) return id;
  call.query.fail(name, *given, "a product's code or number");
  return 0;
}

ReadResult get_prices(Call& call) {
  const auto product = product_in(call, "product");
  const auto asked = call.query.day("day");
  const auto level =
      call.query.choice<projections::RegionLevel>("level", projections::RegionLevel::kProvince);
  const auto& view = call.view();
  const std::int64_t today = view.day_of(view.now());
  return list_response(call, 0, [&](JsonWriter& json) {
    const auto add = [&](model::ProductId id) {
      const auto day = asked ? asked : view.latest_price_day(id, today);
      if (!day) return;
      for (const auto& row : view.prices(id, *day, level)) write_price(json, call.reader, row);
    };
    if (product != 0) return add(product);
    for (const auto& [id, row] : view.products()) add(static_cast<model::ProductId>(id));
  });
}

ReadResult get_index(Call& call) {
  projections::PriceQuery query;
  const model::ProductRow* product = series_product(call, query.product);
  query.grade = grade_in(call, product);
  query.region = region_in(call, true);
  query.from = call.query.day("from").value_or(INT64_MIN);
  query.until = call.query.day("to").value_or(INT64_MAX);
  const auto slice = call.query.slice();
  query.limit = slice.limit;
  // The next page begins before the last day of this one.
  if (slice.cursor > 0 && slice.cursor < INT64_MAX) {
    query.until = std::min(query.until, static_cast<std::int64_t>(slice.cursor) - 1);
  }
  std::vector<PriceRow> rows;
  if (product != nullptr) rows = call.view().price_history(query);
  if (call.request.accept.starts_with("text/csv")) return index_csv(call.reader, rows);
  const bool more = rows.size() == query.limit && rows.back().change.has_value() &&
                    rows.back().previous_day >= query.from;
  return list_response(call, more ? static_cast<std::uint64_t>(rows.back().day) : 0,
                       [&](JsonWriter& json) {
                         for (const auto& row : rows) write_price(json, call.reader, row);
                       });
}

ReadResult get_candles(Call& call) {
  projections::CandleQuery query;
  const model::ProductRow* product = series_product(call, query.product);
  query.grade = grade_in(call, product);
  query.region = region_in(call, false);
  query.interval =
      call.query.choice<projections::CandleInterval>("interval", projections::CandleInterval::kDay);
  query.from = call.query.time("from").value_or(INT64_MIN);
  query.until = call.query.time("to").value_or(INT64_MAX);
  const auto slice = call.query.slice();
  query.cursor = slice.cursor;
  query.limit = slice.limit;
  projections::Page<projections::Candle> page;
  if (product != nullptr) page = call.view().candles(query);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& candle : page.items) write_candle(json, *product, candle);
  });
}

}  // namespace hulan::gateways
