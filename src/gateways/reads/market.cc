// SPDX-License-Identifier: Apache-2.0
// What anyone may read about the market as a whole (R11.1).
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"
#include "gateways/moment.h"
#include "gateways/reads/prices.h"

namespace hulan::gateways {
namespace {

void write_place(JsonWriter& json, const Call& call, const Place& place) {
  json.begin_object();
  json.field("code", region_code(place.code));
  json.text_field("name", place.name);
  json.begin_array("words");
  for (const PlaceWord& word : place.words) {
    json.begin_object();
    json.field("zh", word.words.zh);
    json.field("en", word.words.en);
    json.field("ru", word.words.ru);
    json.field("planned", word.planned);
    json.end_object();
  }
  json.end_array();
  json.begin_object("tile");
  json.field("column", place.column);
  json.field("row", place.row);
  json.end_object();
  json.begin_array("spots");
  for (const Spot& spot : place.spots) {
    json.begin_object();
    json.field("id", spot.id);
    json.text_field("name", spot.name);
    json.field("kind", spot.kind);
    json.field("planned", spot.planned);
    json.end_object();
  }
  json.end_array();
  json.field("lots", call.view().live_lots_at(place.code));
  json.begin_array("brands");
  for (const auto& [id, mark] : call.view().marks()) {
    if (mark->place != place.code || mark->valid_until < call.view().now().value) continue;
    json.begin_object();
    json.field("mark", id);
    json.text_field("name", call.reader.catalogue.mark(mark->certificate).name);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

ReadResult get_market(Call& call) {
  const MarketInfo& market = call.services.market;
  return json_response(call, [&](JsonWriter& json) {
    json.text_field("name", market.name);
    json.field("demo", market.demo);
    json.field("clock_factor", market.clock_factor);
    json.time_field("now", call.services.market_now());
    json.field("utc_offset_s", call.view().market().utc_offset_s);
    json.begin_array("rates");
    for (const Rate& rate : market.rates) {
      json.begin_object();
      json.field("key", rate.key);
      json.text_field("name", rate.name);
      json.field("value", rate.value);
      json.field("unit", rate.unit);
      json.text_field("source", rate.source);
      json.field("rule", rate.rule);
      json.end_object();
    }
    json.end_array();
  });
}

ReadResult get_places(Call& call) {
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const Place& place : call.services.market.places) write_place(json, call, place);
  });
}

ReadResult get_products(Call& call) {
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const auto& [id, row] : call.view().products()) write_product(json, call.reader, id, *row);
  });
}

ReadResult get_product(Call& call) {
  const model::ProductRow* row = call.view().product(call.numbers[0]);
  if (row == nullptr) return refused(model::Reject::unknown_product);
  const auto versions = [&](JsonWriter& json) {
    json.begin_array("versions");
    for (const model::ProductId id : call.view().product_versions(code_of(*row))) {
      const model::ProductRow& version = call.reader.product(id);
      json.begin_object();
      json.field("id", id);
      json.field("version", version.version);
      json.time_field("effective_at", version.effective_at);
      json.end_object();
    }
    json.end_array();
  };
  return row_response(
      call, [&](JsonWriter& json) { write_product(json, call.reader, call.numbers[0], *row); },
      versions);
}

ReadResult get_trades(Call& call) {
  projections::TradeQuery query;
  query.product = product_in(call, "product");
  query.day = call.query.day("day");
  const auto slice = call.query.slice();
  query.cursor = slice.cursor;
  query.limit = slice.limit;
  const auto page = call.view().trades(query);
  return list_response(call, page.next, [&](JsonWriter& json) {
    for (const auto& trade : page.items) write_trade(json, call.reader, trade);
  });
}

ReadResult get_marks(Call& call) {
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const auto& [id, mark] : call.view().marks()) write_mark(json, call.reader, id, *mark);
  });
}

ReadResult get_references(Call& call) {
  return list_response(call, 0, [&](JsonWriter& json) {
    for (const auto& [id, row] : call.view().references()) {
      write_reference(json, call.reader, *row);
    }
  });
}

}  // namespace hulan::gateways
