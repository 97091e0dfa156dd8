// SPDX-License-Identifier: Apache-2.0
#include "gateways/decimal.h"
#include "gateways/encode/encode.h"
#include "gateways/moment.h"
#include "gateways/words.h"

namespace hulan::gateways {
namespace {

using model::ProductRow;

constexpr int kPercentDigits = 2;  // basis points as per cent

void write_coded(JsonWriter& json, const std::vector<CodedName>& names, std::uint8_t number,
                 const std::string& code, std::int32_t adjust, int digits) {
  json.begin_object();
  json.field("code", code);
  json.text_field("name", number <= names.size() ? names[number - 1].name : Text{});
  json.decimal_field("adjust", adjust, digits);
  json.end_object();
}

void add_tables(JsonWriter& json, const ProductTexts& texts, const ProductRow& product) {
  const int digits = price_digits(product.basis);
  json.begin_array("grades");
  for (std::uint8_t at = 1; at <= product.grade_count; ++at) {
    write_coded(json, texts.grades, at, texts.grade_code(at), product.grade_adjust[at - 1], digits);
  }
  json.end_array();
  json.begin_array("singles");
  for (std::uint8_t at = 1; at <= product.single_count; ++at) {
    write_coded(json, texts.singles, at, texts.single_code(at), product.single_adjust[at - 1],
                digits);
  }
  json.end_array();
  json.begin_array("bands");
  for (std::size_t at = 0; at < product.band_count; ++at) {
    const model::WeightBand& band = product.bands[at];
    json.begin_object();
    json.decimal_field("low", band.low_g, kWeightDigits);
    json.decimal_field("high", band.high_g, kWeightDigits);
    json.decimal_field("adjust", band.adjust, digits);
    json.field("low_open", band.low_open != 0);
    json.field("high_open", band.high_open != 0);
    json.end_object();
  }
  json.end_array();
}

void add_rates(JsonWriter& json, const ProductRow& product) {
  const auto percent = [&](std::string_view name, std::uint32_t basis_points) {
    json.decimal_field(name, basis_points, kPercentDigits);
  };
  percent("band", product.band_bp);
  percent("bond", product.bond_bp);
  percent("trading_bond", product.trading_bond_bp);
  percent("shrink", product.shrink_bp);
  percent("head_tolerance", product.head_tolerance_bp);
  percent("short_tolerance", product.short_tolerance_bp);
  percent("over_weight", product.over_weight_bp);
  percent("fee_vat", product.fee_vat_bp);
  percent("purchase_deduction", product.purchase_deduction_bp);
  percent("vat_general", product.vat_general_bp);
  percent("vat_small", product.vat_small_bp);
  percent("vat_exempt", product.vat_exempt_bp);
  json.decimal_field("fee_per_tonne", product.fee_fen_per_t, kMoneyDigits);
  json.money_field("fee_per_head", product.fee_fen_per_head);
  json.money_field("disposal_per_head", product.disposal_fen_per_head);
  json.money_field("keeping_per_head_day", product.keeping_fen_per_head_day);
}

void add_rules(JsonWriter& json, const ProductRow& product) {
  json.field("needs_average", product.needs_average != 0);
  json.field("needs_tags", product.needs_tags != 0);
  json.field("needs_quarantine", product.needs_quarantine != 0);
  json.field("needs_vehicle", product.needs_vehicle != 0);
  json.begin_array("methods");
  for (const auto method :
       {model::Method::kListing, model::Method::kAscending, model::Method::kNegotiation,
        model::Method::kClock, model::Method::kSealed, model::Method::kOrderBook}) {
    if ((product.methods & model::method_bit(method)) != 0) json.value(word(method));
  }
  json.end_array();
  json.begin_array("required");
  for (std::size_t at = 0; at < product.required_count; ++at) {
    json.value(word(static_cast<model::DocumentKind>(product.required[at])));
  }
  json.end_array();
  json.field("window_s", product.close_window_ns / model::kSecond);
  json.field("notice_s", product.notice_ns / model::kSecond);
}

/// Grade code and name of a row that knows a grade's number only.
void add_grade(JsonWriter& json, const ProductTexts& texts, std::uint8_t grade) {
  if (grade == 0) {
    json.null_field("grade");
    json.null_field("grade_name");
    return;
  }
  json.field("grade", texts.grade_code(grade));
  json.text_field("grade_name",
                  grade <= texts.grades.size() ? texts.grades[grade - 1].name : Text{});
}

void add_product(JsonWriter& json, const Reader& reader, model::ProductId id) {
  const ProductRow& product = reader.product(id);
  json.field("product", id);
  json.field("product_code", code_of(product));
  json.text_field("product_name", reader.texts(product).name);
}

/// R5.4, R12.1: what stands beside the row.
void add_terms(JsonWriter& json, const ProductRow& product, const model::ProductTermsRow& terms) {
  const int digits = quantity_digits(product.unit);
  if (terms.permit_date == 0) {
    json.null_field("permit");
  } else {
    json.begin_object("permit");
    json.field("authority", std::string_view(terms.permit_authority.data()));
    json.field("number", std::string_view(terms.permit_number.data()));
    json.time_field("date", terms.permit_date);
    json.end_object();
  }
  const auto limit = [&](std::string_view name, std::int64_t most) {
    if (most == 0) return json.null_field(name);
    json.decimal_field(name, most, digits);
  };
  limit("order_quantity_max", terms.order_quantity_max);
  limit("day_quantity_max", terms.day_quantity_max);
}

int region_digits(projections::RegionLevel level) { return static_cast<int>(level) * 2; }

}  // namespace

void write_product(JsonWriter& json, const Reader& reader, std::uint64_t id,
                   const ProductRow& product) {
  const ProductTexts& texts = reader.texts(product);
  json.begin_object();
  json.field("id", id);
  json.field("code", code_of(product));
  json.text_field("name", texts.name);
  json.field("version", product.version);
  json.time_field("effective_at", product.effective_at);
  json.field("unit", word(product.unit));
  json.field("basis", word(product.basis));
  json.field("price_unit", price_unit(product));
  json.field("currency", word(product.currency));
  json.decimal_field("tick", product.tick.value, price_digits(product.basis));
  json.decimal_field("lot_minimum", product.lot_minimum, quantity_digits(product.unit));
  add_rules(json, product);
  add_terms(json, product, reader.view.product_terms(static_cast<model::ProductId>(id)));
  add_tables(json, texts, product);
  add_rates(json, product);
  json.field("picture", texts.picture);
  json.raw_field("definition", texts.document);
  json.end_object();
}

void write_trade(JsonWriter& json, const Reader& reader, const projections::Trade& trade) {
  const ProductRow& product = reader.product(trade.product);
  json.begin_object();
  json.field("number", trade.number);
  json.field("sequence", trade.sequence);
  json.time_field("time", trade.time);
  json.field("day", day_text(trade.day));
  add_product(json, reader, trade.product);
  add_grade(json, reader.texts(product), trade.grade);
  json.field("region", region_code(trade.region));
  json.field("method", word(trade.method));
  json.decimal_field("price", trade.price.value, price_digits(product.basis));
  json.field("price_unit", price_unit(product));
  json.decimal_field("quantity", trade.quantity, quantity_digits(product.unit));
  json.field("unit", word(product.unit));
  json.money_field("nominal", trade.nominal);
  json.field("lot", trade.lot);
  json.end_object();
}

void write_price(JsonWriter& json, const Reader& reader, const projections::PriceRow& row) {
  const ProductRow& product = reader.product(row.product);
  const int digits = price_digits(product.basis);
  json.begin_object();
  add_product(json, reader, row.product);
  add_grade(json, reader.texts(product), row.grade);
  json.field("level", word(row.level));
  json.field("region", region_code(row.region, region_digits(row.level)));
  json.field("day", day_text(row.day));
  json.decimal_field("price", row.price.value, digits);
  json.field("price_unit", price_unit(product));
  if (row.change) {
    json.decimal_field("change", *row.change, digits);
    json.field("previous_day", day_text(row.previous_day));
  } else {
    json.null_field("change");
    json.null_field("previous_day");
  }
  if (row.two_day) {
    json.decimal_field("two_day", row.two_day->value, digits);
  } else {
    json.null_field("two_day");
  }
  if (product.basis == model::PriceBasis::kByWeight) {
    json.decimal_field("weight", row.weight, kWeightDigits);
  } else {
    json.field("weight", std::to_string(row.weight));
  }
  json.decimal_field("head", row.quantity, quantity_digits(product.unit));
  json.field("trades", row.trades);
  json.decimal_field("high", row.high.value, digits);
  json.decimal_field("low", row.low.value, digits);
  json.decimal_field("median", row.median.value, digits);
  json.field("thin", row.thin);
  json.end_object();
}

void write_reference(JsonWriter& json, const Reader& reader, const model::ReferenceRow& row) {
  const ProductRow& product = reader.product(row.product);
  json.begin_object();
  add_product(json, reader, row.product);
  add_grade(json, reader.texts(product), row.grade);
  json.field("province", region_code(row.province, 2));
  json.decimal_field("price", row.price.value, price_digits(product.basis));
  json.field("price_unit", price_unit(product));
  json.time_field("since", row.since);
  json.field("stated", row.stated != 0);
  json.end_object();
}

void write_mark(JsonWriter& json, const Reader& reader, std::uint64_t id,
                const model::MarkRow& mark) {
  const MarkPaper& paper = reader.catalogue.mark(mark.certificate);
  json.begin_object();
  json.field("id", id);
  json.text_field("name", paper.name);
  json.field("certificate", paper.certificate);
  party_field(json, reader, "holder", mark.holder);
  json.field("product", mark.product);
  json.field("place", region_code(mark.place));
  json.time_field("valid_from", mark.valid_from);
  json.time_field("valid_until", mark.valid_until);
  json.begin_array("grants");
  for (const auto& [grant_id, grant] : reader.view.grants(static_cast<model::MarkId>(id))) {
    if (grant->revoked != 0) continue;
    json.begin_object();
    json.field("farm", grant->farm);
    json.text_field("name", reader.name_of(grant->farm));
    json.time_field("valid_until", grant->valid_until);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace hulan::gateways
