// SPDX-License-Identifier: Apache-2.0
// The lines of a table as lots, before anything is sent: every line is checked here.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hulan/commands/csv.h"

namespace hulan::app {

/// What an import needs to know of a product, from GET /v1/products.
struct ImportProduct {
  std::uint32_t id = 0;
  std::string code;
  int price_digits = 3;
  int quantity_digits = 0;
  std::int64_t tick = 1;  ///< in the price's smallest digit
  std::int64_t lot_minimum = 1;
  bool needs_average = false;
  bool needs_tags = false;
  std::vector<std::string> required;  ///< kinds of papers
  struct Grade {
    std::string code;
    std::vector<std::string> names;
  };
  std::vector<Grade> grades;

  /// From the doors' JSON of one product.
  [[nodiscard]] static ImportProduct from_json(const boost::json::value& row);
};

/// Fields that a line may fill.
inline constexpr std::string_view kImportFields[] = {
    "grade", "province", "origin", "price", "reference",   "quantity",     "average", "terms",
    "place", "spot",     "farm",   "mark",  "pickup_from", "pickup_until", "title"};

/// Where each field comes from: a column, or the same value for every line.
struct ImportSources {
  std::map<std::string, std::string, std::less<>> columns;    ///< field -> column
  std::map<std::string, std::string, std::less<>> constants;  ///< field -> value
  /// How an error calls a constant ("--average"); the field's name if there is no entry.
  std::map<std::string, std::string, std::less<>> spelled;
};

struct PlannedLot {
  std::size_t line = 0;
  boost::json::object body;  ///< of POST /v1/lots
  std::string grade;         ///< code; empty: none
  std::uint32_t province = 0;
  std::uint32_t origin = 0;
  std::int64_t count = 0;  ///< head; 0 for goods by the kilogram
  std::string quantity;    ///< with the unit's digits
  std::string price;       ///< with the price's digits; empty: none given
  std::string reference;   ///< empty: none given
};

/// Checks and plans every line. Throws CommandFailed (2) with file, line, column, value and what
/// was expected at the first that is wrong. Two lines that state different references for one grade
/// and province are wrong, too.
[[nodiscard]] std::vector<PlannedLot> plan_lots(const Csv& csv, const ImportProduct& product,
                                                const ImportSources& sources);

}  // namespace hulan::app
