// SPDX-License-Identifier: Apache-2.0
// Trading sessions and the clocks of their lots (R5.3.3).
#include "base/sha256.h"
#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"
#include "model/day_index.h"

namespace hulan::gateways {
namespace {

using model::SessionRow;
using model::SessionState;

constexpr std::int64_t kMillisecond = 1'000'000;

void add_mean(JsonWriter& json, const SessionRow& session, const model::ProductRow& product) {
  const auto mean = session.weight <= 0
                        ? std::nullopt
                        : model::to_unit(session.weighted, session.weight, product.tick.value);
  if (!mean) return json.null_field("mean");
  json.decimal_field("mean", *mean, price_digits(product.basis));
}

void write_place(JsonWriter& json, const Reader& reader, const model::LotRow& lot,
                 const model::ClockRow& clock) {
  const model::ProductRow& product = reader.product(lot.product);
  const int digits = price_digits(product.basis);
  const int quantity = quantity_digits(product.unit);
  json.begin_object();
  json.field("lot", lot.id);
  if (clock.place == 0) {
    json.null_field("place");
  } else {
    json.field("place", clock.place);
  }
  json.field("state", word(lot.state));
  json.text_field("title", reader.catalogue.sheet(lot.sheet).title);
  json.text_field("farm_name", reader.name_of(lot.farm));
  json.field("origin", region_code(lot.origin));
  json.decimal_field("quantity", lot.quantity, quantity);
  json.decimal_field("remaining", lot.remaining, quantity);
  if (lot.average_g == 0) {
    json.null_field("average_kg");
  } else {
    json.decimal_field("average_kg", lot.average_g, kWeightDigits);
  }
  json.decimal_field("start", lot.price.value, digits);
  if (clock.floor.value == 0) {  // on a shared clock nothing falls
    json.null_field("floor");
  } else {
    json.decimal_field("floor", clock.floor.value, digits);
  }
  json.begin_array("parts");
  for (const auto& part : reader.view.parts_of(lot.id)) {
    json.begin_object();
    json.field("sequence", part.sequence);
    json.time_field("time", part.time);
    json.decimal_field("price", part.price.value, digits);
    json.decimal_field("quantity", part.quantity, quantity);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

void add_session_fields(JsonWriter& json, const Reader& reader, std::uint64_t id,
                        const SessionRow& session) {
  const model::ProductRow& product = reader.product(session.product);
  json.field("id", id);
  json.field("product", session.product);
  json.field("product_code", code_of(product));
  json.text_field("product_name", reader.texts(product).name);
  json.field("kind", word(session.kind));
  json.field("side", word(session.side));
  json.field("state", word(session.state));
  json.field("unsold", word(session.unsold));
  json.text_field("title", reader.catalogue.sheet(session.title).title);
  json.field("price_unit", price_unit(product));
  json.decimal_field("tick", product.tick.value, price_digits(product.basis));
  json.field("unit", word(product.unit));
  json.time_field("opens_at", session.opens_at);
  json.time_field("ended_at", session.ended_at);
  const bool shared = session.kind == model::SessionKind::kSharedClock;
  json.time_field("closes_at", shared && session.state == SessionState::kRunning ? session.due : 0);
  json.field("tick_ms", session.tick_ns / kMillisecond);
  json.field("pause_s", session.pause_ns / model::kSecond);
  json.field("lots", session.lots);
  json.field("begun", session.begun);
  json.field("quotas", session.quotas);
  if (session.current == 0 || session.state != SessionState::kRunning) {
    json.null_field("current");
  } else {
    json.field("current", session.current);
  }
  add_mean(json, session, product);
  if (session.state == SessionState::kAnnounced) {
    json.null_field("seed");  // the order is nobody's to know before
  } else {
    json.field("seed", to_hex(session.seed));
  }
}

void add_catalogue(JsonWriter& json, const Reader& reader, std::uint64_t id) {
  json.begin_array("catalogue");
  for (const model::LotId lot : reader.view.session_lots(static_cast<model::SessionId>(id))) {
    write_place(json, reader, *reader.view.lot(lot), *reader.view.clock(lot));
  }
  json.end_array();
}

void add_clock(JsonWriter& json, const Reader& reader, const model::LotRow& lot) {
  const model::ClockRow* clock =
      lot.method == model::Method::kClock ? reader.view.clock(lot.id) : nullptr;
  if (clock == nullptr) return json.null_field("clock");
  const int digits = price_digits(reader.product(lot.product).basis);
  json.begin_object("clock");
  json.field("session", clock->session);
  json.field("place", clock->place);
  json.time_field("started_at", clock->started_at);
  json.decimal_field("from", clock->from.value == 0 ? lot.price.value : clock->from.value, digits);
  json.decimal_field("step", lot.step.value, digits);
  json.decimal_field("floor", clock->floor.value, digits);
  json.field("tick_ms", clock->tick_ns / kMillisecond);
  json.end_object();
}

}  // namespace hulan::gateways
