// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.h"
#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

using model::LotRow;
using model::LotState;

bool is_auction(const LotRow& lot) {
  return lot.method == model::Method::kAscending || lot.method == model::Method::kClock ||
         lot.method == model::Method::kSealed;
}

bool reserve_met(const LotRow& lot) {
  if (lot.best.value == 0) return false;
  if (lot.reserve.value == 0) return true;
  return lot.side == model::Side::kSell ? lot.best >= lot.reserve : lot.best <= lot.reserve;
}

/// The one price to show: best bid, else start, else listing price.
model::Price shown_price(const LotRow& lot) { return lot.best.value != 0 ? lot.best : lot.price; }

void price_field(JsonWriter& json, std::string_view name, model::Price price, int digits) {
  if (price.value == 0) return json.null_field(name);
  json.decimal_field(name, price.value, digits);
}

void add_goods(JsonWriter& json, const Reader& reader, const LotRow& lot,
               const model::ProductRow& product) {
  const ProductTexts& texts = reader.texts(product);
  const int digits = quantity_digits(product.unit);
  json.field("product", lot.product);
  json.field("product_code", code_of(product));
  json.text_field("product_name", texts.name);
  json.field("side", word(lot.side));
  json.field("method", word(lot.method));
  json.field("state", word(lot.state));
  json.field("terms", word(lot.terms));
  if (lot.grade == 0) {
    json.null_field("grade");
    json.null_field("grade_name");
  } else {
    json.field("grade", texts.grade_code(lot.grade));
    json.text_field("grade_name",
                    lot.grade <= texts.grades.size() ? texts.grades[lot.grade - 1].name : Text{});
  }
  json.field("unit", word(product.unit));
  json.field("currency", word(product.currency));
  json.decimal_field("quantity", lot.quantity, digits);
  json.decimal_field("remaining", lot.remaining, digits);
  json.decimal_field("minimum", lot.minimum, digits);
  if (lot.average_g == 0) {
    json.null_field("average_kg");
  } else {
    json.decimal_field("average_kg", lot.average_g, kWeightDigits);
  }
}

/// R5.3.2: on a shared clock a lot closes with its catalogue.
void add_close(JsonWriter& json, const Reader& reader, const LotRow& lot) {
  const model::SessionRow* shared = reader.view.shared_session(lot);
  const bool runs = shared != nullptr && lot.state == LotState::kOpen &&
                    shared->state == model::SessionState::kRunning;
  json.time_field("close_at", runs ? shared->due : lot.close_at);
  if (shared == nullptr) return json.null_field("shared_session");
  json.field("shared_session", reader.view.clock(lot.id)->session);
}

void add_terms(JsonWriter& json, const Reader& reader, const LotRow& lot,
               const model::ProductRow& product) {
  const int digits = price_digits(product.basis);
  json.field("price_unit", price_unit(product));
  json.decimal_field("tick", product.tick.value, digits);
  price_field(json, "price", shown_price(lot), digits);
  price_field(json, "start", is_auction(lot) ? lot.price : model::Price{}, digits);
  price_field(json, "step", is_auction(lot) ? lot.step : model::Price{}, digits);
  price_field(json, "cap", lot.cap, digits);
  // A clock's floor is told with the clock.
  json.field("has_reserve", lot.reserve.value != 0 && lot.method != model::Method::kClock);
  json.field("reserve_met", reserve_met(lot));
  price_field(json, "best", lot.best, digits);
  json.field("bids", lot.bids);
  const projections::NextBid next = reader.view.next_bid(lot);
  price_field(json, "next_bid", next.price, digits);
  if (next.price.value == 0) {
    json.null_field("next_bond");
  } else {
    json.money_field("next_bond", next.performance_bond + next.trading_bond);
  }
  json.time_field("open_at", lot.open_at);
  add_close(json, reader, lot);
  json.field("window_s", lot.window_ns / model::kSecond);
  json.time_field("exclusive_until", lot.exclusive_until);
  add_clock(json, reader, lot);
  add_sealed(json, reader, lot);
  json.time_field("pickup_from", lot.pickup_from);
  json.time_field("pickup_until", lot.pickup_until);
}

/// R5.3.7: how a divisible lot stands; null for a whole one.
void add_parts(JsonWriter& json, const Reader& reader, const LotRow& lot,
               const model::ProductRow& product) {
  const model::DivisibleRow* parts = reader.view.divisible(lot.id);
  if (parts == nullptr) return json.null_field("parts");
  const int digits = quantity_digits(product.unit);
  json.begin_object("parts");
  json.field("award", word(parts->award));
  json.decimal_field("covered", parts->covered, digits);
  price_field(json, "marginal", parts->marginal, price_digits(product.basis));
  price_field(json, "clearing", parts->clearing, price_digits(product.basis));
  json.begin_array("bids");
  for (const auto& [id, bid] : reader.view.part_bids(lot.id)) {
    json.begin_object();
    json.field("bidder", bidder_letters(reader.view.alias(lot.id, bid->bidder).value_or(0)));
    json.decimal_field("price", bid->price.value, price_digits(product.basis));
    json.decimal_field("quantity", bid->quantity, digits);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void add_place(JsonWriter& json, const Reader& reader, const LotRow& lot) {
  json.field("origin", region_code(lot.origin));
  json.field("province", region_code(lot.origin / 10'000, 2));
  json.field("place", region_code(lot.place));
  json.field("spot", lot.spot);
  json.field("farm", lot.farm);
  json.text_field("farm_name", reader.name_of(lot.farm));
  const model::MarkRow* mark = lot.mark == 0 ? nullptr : reader.view.mark(lot.mark);
  if (mark == nullptr) {
    json.null_field("mark");
    json.null_field("mark_name");
  } else {
    json.field("mark", lot.mark);
    json.text_field("mark_name", reader.catalogue.mark(mark->certificate).name);
  }
}

void add_papers(JsonWriter& json, const Reader& reader, const LotRow& lot) {
  json.field("tag_count", lot.tag_count);
  auto documents = reader.view.documents(lot.id);
  std::reverse(documents.begin(), documents.end());  // the row lists the newest first
  json.begin_array("documents");
  for (const auto& [id, row] : documents) {
    json.begin_object();
    json.field("n", id);
    json.field("kind", word(row->kind));
    json.field("sha256", to_hex(row->hash));
    json.field("number", padded_text(row->number));
    json.time_field("issued_at", row->issued_at);
    json.time_field("expires_at", row->expires_at);
    json.field("checked", row->checked != 0);
    json.end_object();
  }
  json.end_array();
}

void add_sheet(JsonWriter& json, const Reader& reader, const LotRow& lot,
               const model::ProductRow& product) {
  const LotSheet& sheet = reader.catalogue.sheet(lot.sheet);
  json.text_field("title", sheet.title);
  json.text_field("description", sheet.description);
  json.begin_array("photos");
  for (const std::string& photo : sheet.photos) json.value(photo);
  json.end_array();
  json.field("picture", reader.texts(product).picture);
}

void add_prices_around(JsonWriter& json, const Reader& reader, const LotRow& lot,
                       const model::ProductRow& product) {
  const int digits = price_digits(product.basis);
  const auto reference = reader.view.reference(lot.product, lot.grade, lot.origin / 10'000);
  price_field(json, "reference", reference.price, digits);
  const auto band = reader.view.band(lot);
  if (!band) return json.null_field("band");
  json.begin_object("band");
  json.decimal_field("low", band->low.value, digits);
  json.decimal_field("high", band->high.value, digits);
  json.end_object();
}

}  // namespace

std::string region_code(std::uint32_t code, int digits) {
  if (code == 0) return {};
  return fmt::format("{:0{}}", code, digits);
}

void add_lot_fields(JsonWriter& json, const Reader& reader, const LotRow& lot) {
  const model::ProductRow& product = reader.product(lot.product);
  json.field("id", lot.id);
  add_goods(json, reader, lot, product);
  add_terms(json, reader, lot, product);
  add_parts(json, reader, lot, product);
  add_request(json, reader, lot);
  add_place(json, reader, lot);
  add_papers(json, reader, lot);
  add_sheet(json, reader, lot, product);
  add_prices_around(json, reader, lot, product);
  json.time_field("created_at", lot.created_at);
}

void add_personal_lot_fields(JsonWriter& json, const Reader& reader, const LotRow& lot,
                             model::ParticipantId participant) {
  const bool someone = participant != 0;
  const auto parts = reader.view.part_bids(lot.id);
  const bool served = std::ranges::any_of(
      parts, [&](const auto& bid) { return someone && bid.row->bidder == participant; });
  const bool leading = served || (someone && lot.leader == participant);
  json.field("mine", someone && lot.initiator == participant);
  json.field("leading", leading);
  json.field("outbid", someone && !leading && reader.view.alias(lot.id, participant).has_value());
  const model::ProxyRow* proxy = reader.view.proxy(lot.id);
  const bool own_proxy = someone && proxy != nullptr && proxy->bidder == participant;
  price_field(json, "my_maximum", own_proxy ? proxy->maximum : model::Price{},
              price_digits(reader.product(lot.product).basis));
  const model::SealedBidRow* envelope = nullptr;
  for (const auto& [id, bid] : reader.view.envelopes(lot.id)) {
    if (someone && bid->bidder == participant) envelope = bid;
  }
  if (envelope == nullptr) {
    json.null_field("my_commitment");
  } else {
    json.field("my_commitment", to_hex(envelope->commitment));
  }
  json.begin_array("contracts");  // the parties' own: a contract's number tells its parties only
  if (someone && lot.contracts != 0) {
    for (const model::ContractId id : reader.view.contracts_of(lot.id)) {
      const model::ContractRow* row = reader.view.contract(id);
      if (row != nullptr && (row->seller == participant || row->buyer == participant)) {
        json.value(id);
      }
    }
  }
  json.end_array();
}

void write_lot(JsonWriter& json, const Reader& reader, const LotRow& lot, const Caller& caller) {
  json.begin_object();
  add_lot_fields(json, reader, lot);
  add_personal_lot_fields(json, reader, lot, caller.participant);
  json.end_object();
}

bool may_see(const Reader& reader, const LotRow& lot, const Caller& caller) {
  if (caller.is(lot.initiator) || caller.is(lot.farm) || caller.sees_contracts()) return true;
  return lot.state != LotState::kDraft && reader.view.is_asked(lot.id, caller.participant);
}

std::string bidder_letters(std::uint32_t alias) {
  std::string letters;
  for (std::uint64_t rest = std::uint64_t{alias} + 1; rest != 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letters;
}

void write_bid(JsonWriter& json, const model::ProductRow& product, const projections::Bid& bid,
               const Caller& caller) {
  json.begin_object();
  json.field("number", bid.number);
  json.field("bidder", bidder_letters(bid.alias));
  json.decimal_field("price", bid.price.value, price_digits(product.basis));
  json.time_field("time", bid.time);
  json.field("sequence", bid.sequence);
  json.field("struck", bid.struck);
  json.field("own", caller.is(bid.bidder));
  json.end_object();
}

}  // namespace hulan::gateways
