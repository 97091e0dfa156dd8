// SPDX-License-Identifier: Apache-2.0
#include "hulan/commands/lots_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateways/decimal.h"
#include "gateways/moment.h"
#include "gateways/words.h"
#include "hulan/commands/provinces.h"
#include "hulan/commands/session.h"
#include "model/region.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

/// One line's fields, from their columns or constants.
class Line {
 public:
  Line(const CsvRow& row, const ImportProduct& product, const ImportSources& sources)
      : row_(row), product_(product), sources_(sources) {}

  [[nodiscard]] const std::string& value(std::string_view field) const {
    static const std::string kNone;
    if (const auto column = sources_.columns.find(field); column != sources_.columns.end()) {
      return row_.cell(column->second);
    }
    const auto constant = sources_.constants.find(field);
    return constant == sources_.constants.end() ? kNone : constant->second;
  }

  [[noreturn]] void fail(std::string_view field, std::string_view expected) const {
    if (const auto column = sources_.columns.find(field); column != sources_.columns.end()) {
      row_.fail(column->second, expected);
    }
    const auto spelled = sources_.spelled.find(field);
    const std::string name = spelled == sources_.spelled.end()
                                 ? fmt::format("column {0} or --map {0}=COLUMN", field)
                                 : spelled->second;
    throw CommandFailed(2, fmt::format("{} line {}, {} '{}': expected {}", row_.head->file,
                                       row_.line, name, value(field), expected));
  }

  /// A decimal above zero with the unit's digits; empty if nothing is given and `optional`.
  std::string decimal(std::string_view field, int digits, bool optional = false) const {
    const std::string& text = value(field);
    if (text.empty() && optional) return {};
    const auto parsed = gateways::parse_decimal(text, digits, false);
    if (!parsed || *parsed <= 0) {
      fail(field, digits == 0 ? "a whole number above 0"
                              : fmt::format("a number above 0 with at most {} digits after the "
                                            "point, like {}",
                                            digits, digits == 2 ? "16.12" : "16.120"));
    }
    return gateways::decimal(*parsed, digits);
  }

  std::string price(std::string_view field) const {
    const std::string text = decimal(field, product_.price_digits, true);
    if (text.empty()) return {};
    const auto parsed = gateways::parse_decimal(text, product_.price_digits, false);
    if (*parsed % product_.tick != 0) {
      fail(field, fmt::format("a multiple of the tick {}",
                              gateways::decimal(product_.tick, product_.price_digits)));
    }
    return text;
  }

  std::string grade() const {
    const std::string& text = value("grade");
    if (product_.grades.empty()) {
      if (!text.empty()) fail("grade", fmt::format("nothing: {} has no grades", product_.code));
      return {};
    }
    std::string expected;
    for (const auto& grade : product_.grades) {
      if (text == grade.code || (!text.empty() && std::find(grade.names.begin(), grade.names.end(),
                                                            text) != grade.names.end())) {
        return grade.code;
      }
      expected += (expected.empty() ? "" : ", ") + grade.code;
      if (!grade.names.empty()) expected += " (" + grade.names.front() + ")";
    }
    fail("grade", "one of " + expected);
  }

  /// County code from `origin`, or the first county of the province.
  std::uint32_t origin() const {
    if (!value("origin").empty()) return region("origin");
    const std::uint32_t province = province_by_name(value("province"));
    if (province == 0)
      fail("province", "a province by name (黑龙江, 黑龙江省, Heilongjiang) or 2 digits");
    return province * 10'000 + 100;
  }

  std::uint32_t region(std::string_view field) const {
    const auto code = number_or_text(value(field));
    if (value(field).size() != 6 || !code.is_number() ||
        !model::is_region(code.to_number<std::uint32_t>())) {
      fail(field, "a 6-digit county code");
    }
    return code.to_number<std::uint32_t>();
  }

  void number(json::object& body, const char* field) const {
    if (value(field).empty()) return;
    const auto id = number_or_text(value(field));
    if (!id.is_number()) fail(field, "a number");
    body[field] = id;
  }

  std::string time(const char* field) const {
    if (!gateways::parse_time(value(field))) fail(field, "a time like 2024-01-15T09:00:00+08:00");
    return value(field);
  }

 private:
  const CsvRow& row_;
  const ImportProduct& product_;
  const ImportSources& sources_;
};

PlannedLot plan_line(const CsvRow& row, const ImportProduct& product,
                     const ImportSources& sources) {
  const Line line(row, product, sources);
  PlannedLot lot;
  lot.line = row.line;
  lot.grade = line.grade();
  lot.origin = line.origin();
  lot.province = model::province_of(lot.origin);
  lot.price = line.price("price");
  lot.reference = line.price("reference");
  lot.quantity = line.decimal("quantity", product.quantity_digits);
  const std::int64_t quantity =
      *gateways::parse_decimal(lot.quantity, product.quantity_digits, false);
  if (quantity < product.lot_minimum) {
    line.fail("quantity", fmt::format("at least {}", gateways::decimal(product.lot_minimum,
                                                                       product.quantity_digits)));
  }
  if (product.quantity_digits == 0) lot.count = quantity;
  json::object& body = lot.body;
  body = {{"product", product.id}, {"side", "sell"}, {"quantity", lot.quantity}};
  if (product.needs_average) {
    body["average_kg"] = line.decimal("average", gateways::kWeightDigits);
  } else if (!line.value("average").empty()) {
    line.fail("average", fmt::format("nothing: {} has no average weight", product.code));
  }
  if (!lot.grade.empty()) body["grade"] = lot.grade;
  if (!gateways::find_word<model::Terms>(line.value("terms"))) {
    line.fail("terms", "destination or origin");
  }
  body["terms"] = line.value("terms");
  body["origin"] = fmt::format("{:06}", lot.origin);
  const bool at_origin = line.value("place").empty() && line.value("terms") == "origin";
  body["place"] = fmt::format("{:06}", at_origin ? lot.origin : line.region("place"));
  for (const char* field : {"spot", "farm", "mark"}) line.number(body, field);
  body["pickup_from"] = line.time("pickup_from");
  body["pickup_until"] = line.time("pickup_until");
  if (!line.value("title").empty()) body["title"] = json::object{{"zh", line.value("title")}};
  return lot;
}

std::string text_of(const json::value& row, const char* name) {
  return std::string(row.at(name).as_string());
}

}  // namespace

ImportProduct ImportProduct::from_json(const json::value& row) {
  ImportProduct product;
  product.id = row.at("id").to_number<std::uint32_t>();
  product.code = text_of(row, "code");
  product.price_digits = text_of(row, "basis") == "by_weight" ? 3 : 2;
  product.quantity_digits = text_of(row, "unit") == "head" ? 0 : gateways::kWeightDigits;
  product.tick =
      gateways::parse_decimal(text_of(row, "tick"), product.price_digits, false).value_or(1);
  product.tick = std::max<std::int64_t>(product.tick, 1);
  product.lot_minimum =
      gateways::parse_decimal(text_of(row, "lot_minimum"), product.quantity_digits, false)
          .value_or(1);
  product.needs_average = row.at("needs_average").as_bool();
  product.needs_tags = row.at("needs_tags").as_bool();
  for (const auto& kind : row.at("required").as_array()) {
    product.required.emplace_back(kind.as_string());
  }
  for (const auto& grade : row.at("grades").as_array()) {
    Grade& added = product.grades.emplace_back();
    added.code = text_of(grade, "code");
    const auto* names = grade.at("name").if_object();
    if (names == nullptr) continue;
    for (const auto& [language, name] : *names) {
      if (name.is_string() && !name.as_string().empty()) added.names.emplace_back(name.as_string());
    }
  }
  return product;
}

std::vector<PlannedLot> plan_lots(const Csv& csv, const ImportProduct& product,
                                  const ImportSources& sources) {
  for (const auto& [field, column] : sources.columns) csv.require({column});
  std::vector<PlannedLot> lots;
  std::map<std::pair<std::string, std::uint32_t>, std::pair<std::string, std::size_t>> stated;
  for (const CsvRow& row : csv.rows) {
    PlannedLot lot = plan_line(row, product, sources);
    if (!lot.reference.empty()) {
      const auto [before, fresh] =
          stated.emplace(std::pair(lot.grade, lot.province), std::pair(lot.reference, lot.line));
      if (!fresh && before->second.first != lot.reference) {
        const auto column = sources.columns.find("reference");
        row.fail(column == sources.columns.end() ? "reference" : column->second,
                 fmt::format("{} as line {} states for the same grade and province",
                             before->second.first, before->second.second));
      }
    }
    lots.push_back(std::move(lot));
  }
  if (lots.empty()) {
    throw CommandFailed(
        2, fmt::format("{}: expected at least one line below the columns' names", csv.head->file));
  }
  return lots;
}

}  // namespace hulan::app
