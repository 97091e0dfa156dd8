// SPDX-License-Identifier: Apache-2.0
// Numbers of a negotiation (R5.2). Who is behind one stays unsaid until a contract names its
// parties (R7.1): to the asker the others are letters.
#include <algorithm>

#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

/// The place of a counterparty among those that talk about the lot, by their first numbers.
std::uint32_t place_of(const Reader& reader, const model::QuoteRow& row) {
  std::vector<model::ParticipantId> seen;
  for (const auto& [id, number] : reader.view.talk(row.request)) {
    if (number->counterparty == row.counterparty) break;
    if (std::ranges::find(seen, number->counterparty) == seen.end()) {
      seen.push_back(number->counterparty);
    }
  }
  return static_cast<std::uint32_t>(seen.size());
}

}  // namespace

bool may_see(const Reader& reader, const model::QuoteRow& row, const Caller& caller) {
  const model::LotRow* lot = reader.view.lot(row.request);
  return caller.is(row.counterparty) || (lot != nullptr && caller.is(lot->initiator)) ||
         caller.sees_contracts();
}

void write_quote(JsonWriter& json, const Reader& reader, std::uint64_t id,
                 const model::QuoteRow& row, const Caller& caller) {
  const model::LotRow& lot = *reader.view.lot(row.request);
  const model::ProductRow& product = reader.product(lot.product);
  json.begin_object();
  json.field("id", id);
  json.field("lot", row.request);
  json.field("talk", bidder_letters(place_of(reader, row)));
  json.field("by", row.maker == row.counterparty ? "other" : "asker");
  json.field("own", caller.is(row.maker));
  json.field("state", word(row.state));
  json.decimal_field("price", row.price.value, price_digits(product.basis));
  json.decimal_field("quantity", row.quantity, quantity_digits(product.unit));
  json.time_field("made_at", row.made_at);
  json.time_field("expires_at", row.expires_at);
  if (row.previous == 0) {
    json.null_field("previous");
  } else {
    json.field("previous", row.previous);
  }
  if (row.contract == 0) {
    json.null_field("contract");
  } else {
    json.field("contract", row.contract);
  }
  json.money_field("frozen", caller.is(row.maker) ? row.performance + row.trading : model::Fen{});
  json.end_object();
}

void add_request(JsonWriter& json, const Reader& reader, const model::LotRow& lot) {
  const model::RequestRow* row = reader.view.request(lot.id);
  if (row == nullptr) return json.null_field("request");
  json.begin_object("request");
  json.field("named", row->named_count);
  json.field("numbers", row->quotes);
  json.field("standing", row->live);
  json.end_object();
}

}  // namespace hulan::gateways
