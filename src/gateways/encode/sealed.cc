// SPDX-License-Identifier: Apache-2.0
// Keys and sealed auctions (R5.3.4): before the opening commitments and boxes, after it everything
// that it takes to check them.
#include "base/sha256.h"
#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

void decimal_or_null(JsonWriter& json, std::string_view name, std::int64_t value, int digits) {
  if (value == 0) return json.null_field(name);
  json.decimal_field(name, value, digits);
}

void write_envelope(JsonWriter& json, const Reader& reader, const model::LotRow& lot,
                    std::uint32_t number, const model::SealedBidRow& bid) {
  const model::ProductRow& product = reader.product(lot.product);
  const int quantity = quantity_digits(product.unit);
  json.begin_object();
  json.field("bidder", bidder_letters(number));
  json.field("sequence", bid.order);
  json.field("state", word(bid.state));
  json.field("commitment", to_hex(bid.commitment));
  json.field("box", to_hex(bid.box));
  const bool open = bid.salt != std::array<std::uint8_t, 16>{} || bid.price.value != 0;
  if (open) {
    json.decimal_field("price", bid.price.value, price_digits(product.basis));
    json.decimal_field("quantity", bid.quantity, quantity);
    json.field("salt", to_hex(bid.salt));
  } else {
    json.null_field("price");
    json.null_field("quantity");
    json.null_field("salt");
  }
  decimal_or_null(json, "awarded", bid.awarded, quantity);
  json.end_object();
}

}  // namespace

void add_sealed(JsonWriter& json, const Reader& reader, const model::LotRow& lot) {
  const model::SealedRow* row = reader.view.sealed(lot.id);
  const model::SealKeyRow* key = row == nullptr ? nullptr : reader.view.seal_key(row->key);
  if (key == nullptr) return json.null_field("sealed");
  const int digits = price_digits(reader.product(lot.product).basis);
  json.begin_object("sealed");
  json.field("key", row->key);
  json.field("public_key", to_hex(key->public_key));
  json.field("award", word(row->award));
  json.field("phase", word(row->phase));
  json.decimal_field("low", row->low.value, digits);
  json.decimal_field("high", row->high.value, digits);
  decimal_or_null(json, "clearing", row->clearing.value, digits);
  std::uint32_t number = 0;
  json.begin_array("bids");
  for (const auto& [id, bid] : reader.view.envelopes(lot.id)) {
    write_envelope(json, reader, lot, number++, *bid);
  }
  json.end_array();
  json.end_object();
}

void write_seal_key(JsonWriter& json, std::uint64_t id, const model::SealKeyRow& row) {
  json.begin_object();
  json.field("id", id);
  json.field("public_key", to_hex(row.public_key));
  json.field("lots", row.lots);
  json.time_field("closes_at", row.closes_at);
  json.begin_array("shares");
  for (std::size_t i = 0; i < row.share.size(); ++i) {
    json.begin_object();
    json.field("holder", row.holders[i]);
    json.field("sha256", to_hex(row.share_hash[i]));
    if ((row.revealed >> i & 1U) != 0) {
      json.field("share", to_hex(row.share[i]));
    } else {
      json.null_field("share");
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace hulan::gateways
