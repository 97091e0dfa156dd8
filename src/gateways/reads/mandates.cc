// SPDX-License-Identifier: Apache-2.0
// Mandates (R2.5): the two sides read their own, staff all.
#include "gateways/encode/encode.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

constexpr std::uint8_t kSells = 1, kBuys = 2;

void write_mandate(JsonWriter& json, const Reader& reader, std::uint64_t id,
                   const model::MandateRow& row) {
  json.begin_object();
  json.field("id", id);
  party_field(json, reader, "agent", row.agent);
  party_field(json, reader, "principal", row.principal);
  json.field("state", word(row.state));
  json.begin_array("sides");
  if ((row.sides & kSells) != 0) json.value(word(model::Side::kSell));
  if ((row.sides & kBuys) != 0) json.value(word(model::Side::kBuy));
  json.end_array();
  json.begin_array("products");
  for (const model::ProductId product : row.products) {
    if (product != 0) json.value(product);
  }
  json.end_array();
  json.money_field("limit", row.limit);
  json.money_field("used", row.used);
  json.money_field("left", row.limit - row.used);
  json.time_field("made_at", row.made_at);
  json.time_field("expires_at", row.expires_at);
  json.end_object();
}

}  // namespace

ReadResult get_mandates(Call& call) {
  const Caller& caller = call.caller;
  const bool any = caller.participant != 0 || caller.sees_contracts();
  return list_response(call, 0, [&](JsonWriter& json) {
    if (!any) return;
    for (const auto& [id, row] : call.view().mandates(caller.participant)) {
      write_mandate(json, call.reader, id, *row);
    }
  });
}

}  // namespace hulan::gateways
