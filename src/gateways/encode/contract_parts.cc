// SPDX-License-Identifier: Apache-2.0
#include "gateways/encode/contract_parts.h"

#include <fmt/format.h>

#include "base/sha256.h"
#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

using model::ContractRow;
using model::ProductRow;

bool by_weight(const ProductRow& product) { return product.basis == model::PriceBasis::kByWeight; }

void kg_field(JsonWriter& json, std::string_view name, std::int64_t grams) {
  json.decimal_field(name, grams, kWeightDigits);
}

void write_trucks(JsonWriter& json, const Reader& reader, model::DeliveryId delivery) {
  for (const auto& [id, truck] : reader.view.trucks(delivery)) {
    json.begin_object();
    kg_field(json, "gross_kg", truck->gross_g);
    kg_field(json, "tare_kg", truck->tare_g);
    kg_field(json, "net_kg", truck->gross_g - truck->tare_g);
    json.end_object();
  }
}

void write_groups(JsonWriter& json, const Reader& reader, model::DeliveryId delivery,
                  const ProductRow& product) {
  const ProductTexts& texts = reader.texts(product);
  const int digits = price_digits(product.basis);
  for (const auto& [id, group] : reader.view.groups(delivery)) {
    json.begin_object();
    json.field("group", id);
    json.field("head", group->head);
    kg_field(json, "net_kg", group->net_g);
    kg_field(json, "settled_kg", group->settled_g);
    if (group->grade == 0) {
      json.null_field("grade");
    } else {
      json.field("grade", texts.grade_code(group->grade));
    }
    if (group->grade != 0 && group->grade <= texts.grades.size()) {
      json.text_field("grade_name", texts.grades[group->grade - 1].name);
    }
    if (group->single_class == 0) {
      json.null_field("single_class");
    } else {
      json.field("single_class", texts.single_code(group->single_class));
    }
    json.decimal_field("adjust", group->adjust, digits);
    json.decimal_field("price", group->price.value, digits);
    json.money_field("amount", group->amount);
    json.end_object();
  }
}

void add_certificate(JsonWriter& json, const model::DeliveryRow& delivery) {
  if (delivery.loaded_at == 0) return json.null_field("certificate");
  json.begin_object("certificate");
  json.field("form", delivery.certificate_form == model::DocumentKind::kQuarantineA   ? "A"
                     : delivery.certificate_form == model::DocumentKind::kQuarantineB ? "B"
                                                                                      : "");
  json.field("number", padded_text(delivery.certificate_number));
  json.time_field("issued_at", delivery.certificate_issued);
  json.time_field("expires_at", delivery.certificate_expires);
  json.field("sha256", to_hex(delivery.certificate));
  json.end_object();
}

void add_load(JsonWriter& json, const Reader& reader, const model::DeliveryRow& delivery,
              const ProductRow& product) {
  if (delivery.carrier == 0) {
    json.null_field("carrier");
  } else {
    party_field(json, reader, "carrier", delivery.carrier);
  }
  json.field("vehicle", padded_text(delivery.vehicle));
  json.time_field("vehicle_filed_until", delivery.vehicle_filed_until);
  json.field("driver", reader.catalogue.text(delivery.driver));
  add_certificate(json, delivery);
  json.decimal_field("loaded_quantity", delivery.loaded_quantity, quantity_digits(product.unit));
  kg_field(json, "origin_kg", delivery.origin_g);
  kg_field(json, "destination_kg", delivery.destination_g);
}

std::string working_of(const projections::Line& line, const ProductRow& product) {
  const std::string amount = decimal(line.amount.value, kMoneyDigits);
  const std::string unit = std::string(word(product.currency));
  const bool kilograms = by_weight(product);
  switch (line.kind) {
    case model::LineKind::kGoods:
      return kilograms ? fmt::format("{} kg x {} {}/kg = {}", decimal(line.quantity, kWeightDigits),
                                     decimal(line.price.value, 3), unit, amount)
                       : fmt::format("{} x {} {} = {}", line.quantity, decimal(line.price.value, 2),
                                     unit, amount);
    case model::LineKind::kFeeBuyer:
    case model::LineKind::kFeeSeller:
      return kilograms
                 ? fmt::format("{} kg x {} {}/t = {}", decimal(line.quantity, kWeightDigits),
                               decimal(product.fee_fen_per_t, kMoneyDigits), unit, amount)
                 : fmt::format("{} x {} {} = {}", line.quantity,
                               decimal(product.fee_fen_per_head.value, kMoneyDigits), unit, amount);
    case model::LineKind::kDisposal:
      return fmt::format("{} x {} {} = {}", line.quantity,
                         decimal(product.disposal_fen_per_head.value, kMoneyDigits), unit, amount);
    default:
      return fmt::format("{} {}", amount, unit);
  }
}

std::string_view rule_of(model::LineKind kind) {
  switch (kind) {
    case model::LineKind::kGoods:
    case model::LineKind::kFeeBuyer:
    case model::LineKind::kFeeSeller:
      return "R9.1";
    case model::LineKind::kDisposal:
      return "R8.5";
    case model::LineKind::kForfeit:
      return "R10";
    case model::LineKind::kRefund:
      return "R9.2";
    case model::LineKind::kTopUp:
      return "R9.4";
    case model::LineKind::kDisputed:
    case model::LineKind::kAward:
      return "R8.6";
    case model::LineKind::kVatMemo:
    case model::LineKind::kDeductionMemo:
      return "R9.3";
  }
  return "";
}

}  // namespace

void add_weighing(JsonWriter& json, const Reader& reader, const ContractRow& contract,
                  const ProductRow& product) {
  if (contract.weighed_at == 0) return json.null_field("weighing");
  json.begin_object("weighing");
  const auto deliveries = reader.view.deliveries(contract.id);
  json.begin_array("trucks");
  for (const auto& [id, row] : deliveries) {
    write_trucks(json, reader, static_cast<model::DeliveryId>(id));
  }
  json.end_array();
  json.begin_array("groups");
  for (const auto& [id, row] : deliveries) {
    write_groups(json, reader, static_cast<model::DeliveryId>(id), product);
  }
  json.end_array();
  json.field("dead", contract.dead_head);
  json.field("live", contract.live_head);
  if (contract.average_live_g == 0) {
    json.null_field("average_kg");
  } else {
    kg_field(json, "average_kg", contract.average_live_g);
  }
  json.decimal_field("band", contract.band, price_digits(product.basis));
  if (by_weight(product)) {
    kg_field(json, "settled_kg", contract.settled_g);
  } else {
    json.field("settled_head", contract.settled_g);
  }
  json.end_object();
}

void add_deliveries(JsonWriter& json, const Reader& reader, const ContractRow& contract,
                    const ProductRow& product) {
  json.begin_array("deliveries");
  for (const auto& [id, delivery] : reader.view.deliveries(contract.id)) {
    const auto number = static_cast<model::DeliveryId>(id);
    json.begin_object();
    json.field("index", delivery->index);
    json.field("state", word(delivery->state));
    json.decimal_field("quantity", delivery->quantity, quantity_digits(product.unit));
    json.money_field("share", delivery->share);
    json.time_field("planned_at", delivery->planned_at);
    json.time_field("loaded_at", delivery->loaded_at);
    json.time_field("arrived_at", delivery->arrived_at);
    json.time_field("weighed_at", delivery->weighed_at);
    add_load(json, reader, *delivery, product);
    json.field("dead", delivery->dead);
    json.begin_array("trucks");
    write_trucks(json, reader, number);
    json.end_array();
    json.begin_array("groups");
    write_groups(json, reader, number, product);
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

void add_claim(JsonWriter& json, const Reader& reader, const ContractRow& contract) {
  const model::DisputeRow* claim = reader.view.dispute(contract.id);
  if (claim == nullptr) return json.null_field("claim");
  json.begin_object("claim");
  json.field("state", word(claim->state));
  json.field("by", claim->claimant == contract.buyer ? "buyer" : "seller");
  json.money_field("amount", claim->claimed);
  json.money_field("frozen", claim->frozen);
  if (claim->decided_at == 0) {
    json.null_field("awarded");
  } else {
    json.money_field("awarded", claim->awarded);
  }
  json.money_field("goods_weighed",
                   claim->state == model::DisputeState::kFiled ? contract.goods : claim->weighed);
  json.time_field("filed_at", claim->filed_at);
  json.time_field("decided_at", claim->decided_at);
  json.field("evidence", to_hex(claim->evidence));
  json.field("evidence_text", reader.catalogue.text(claim->evidence));
  json.end_object();
}

void add_lines(JsonWriter& json, const Reader& reader, const ContractRow& contract,
               const ProductRow& product) {
  json.begin_array("lines");
  for (const projections::Line& line : reader.view.lines(contract.id)) {
    const bool weighed = by_weight(product) && line.kind != model::LineKind::kDisposal;
    const bool priced = line.kind == model::LineKind::kGoods;
    json.begin_object();
    json.field("kind", word(line.kind));
    if (priced) {
      json.decimal_field("price", line.price.value, price_digits(product.basis));
    } else if (line.kind == model::LineKind::kDisposal) {
      json.money_field("price", product.disposal_fen_per_head);
    } else {
      json.null_field("price");
    }
    if (line.quantity == 0) {
      json.null_field("quantity");
    } else {
      json.decimal_field("quantity", line.quantity, weighed ? kWeightDigits : 0);
    }
    json.money_field("amount", line.amount);
    if (line.group == 0) {
      json.null_field("group");
    } else {
      json.field("group", line.group);
    }
    json.field("working", working_of(line, product));
    json.field("rule", rule_of(line.kind));
    json.end_object();
  }
  json.end_array();
}

}  // namespace hulan::gateways
