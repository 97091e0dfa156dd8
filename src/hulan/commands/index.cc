// SPDX-License-Identifier: Apache-2.0
// `hulan index FILE.csv`: the index (R11.2) of any table of trades.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "gateways/decimal.h"
#include "gateways/json_writer.h"
#include "gateways/moment.h"
#include "hulan/commands/commands.h"
#include "hulan/commands/session.h"
#include "hulan/commands/table.h"
#include "hulan/index_file.h"
#include "hulan/index_plot.h"

namespace hulan::app {
namespace {

struct IndexArguments {
  std::string file, columns, price_unit, plot, zone = "+08:00";
  std::vector<std::string> where;
  bool two_day = false, json = false;
};

bool is_field(std::string_view name) {
  return std::find(std::begin(kIndexFields), std::end(kIndexFields), name) !=
         std::end(kIndexFields);
}

/// "date=a,price=b,c": a comma parts two columns where "name=" follows it.
std::vector<std::string> parts_of(const std::string& columns) {
  std::vector<std::string> parts;
  std::size_t first = 0;
  for (std::size_t at = 0; at <= columns.size(); ++at) {
    if (at < columns.size() && columns[at] != ',') continue;
    const auto end = columns.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1);
    const bool last = at == columns.size();
    if (!last && (end == std::string::npos || end == at + 1 || columns[end] != '=')) continue;
    parts.push_back(columns.substr(first, at - first));
    first = at + 1;
  }
  return parts;
}

void read_columns(const IndexArguments& arguments, const Csv& csv, IndexOptions& options) {
  const std::string known = fmt::format("{}", fmt::join(kIndexFields, ", "));
  for (const std::string& part : parts_of(arguments.columns)) {
    const auto equals = part.find('=');
    const std::string name = part.substr(0, equals);
    if (equals == std::string::npos || !is_field(name)) {
      bad_input("--columns", part, "NAME=COLUMN with a NAME of " + known);
    }
    const std::string column = part.substr(equals + 1);
    if (!csv.has(column)) {
      bad_input(
          "--columns", part,
          fmt::format("a column of {}: {}", csv.head->file, fmt::join(csv.head->columns, ", ")));
    }
    if (!options.columns.emplace(name, column).second) {
      bad_input("--columns", part, "each name once");
    }
  }
  const auto has = [&](const char* name) { return options.columns.contains(name); };
  if (!has("date") || !has("price") || has("weight") == has("total_weight")) {
    bad_input("--columns", arguments.columns, "date, price, and either weight or total_weight");
  }
}

void read_where(const IndexArguments& arguments, const Csv& csv, IndexOptions& options) {
  for (const std::string& where : arguments.where) {
    const auto equals = where.find('=');
    const std::string column = where.substr(0, equals);
    if (equals == std::string::npos || !csv.has(column)) {
      bad_input("--where", where,
                fmt::format("COLUMN=VALUE with a column of {}: {}", csv.head->file,
                            fmt::join(csv.head->columns, ", ")));
    }
    options.where.emplace_back(column, where.substr(equals + 1));
  }
}

/// Seconds east of UTC of "+08:00".
std::int64_t zone_of(const std::string& zone) {
  const auto midnight = gateways::parse_time("1970-01-10T00:00:00" + zone);
  if (zone.empty() || !midnight) bad_input("--zone", zone, "an offset like +08:00, or Z");
  return 9 * 86'400 - *midnight / model::kSecond;
}

IndexOptions options_of(const IndexArguments& arguments, const Csv& csv) {
  IndexOptions options;
  read_columns(arguments, csv, options);
  read_where(arguments, csv, options);
  options.utc_offset_s = zone_of(arguments.zone);
  if (!arguments.price_unit.empty()) {
    const auto unit = gateways::parse_decimal(arguments.price_unit, kIndexDigits, false);
    if (!unit || *unit == 0) {
      bad_input("--price-unit", arguments.price_unit,
                "the smallest step of a price, like 0.01, with at most 6 digits after the point");
    }
    options.price_unit = *unit;
  }
  return options;
}

class Printer {
 public:
  Printer(const FileIndex& index, bool two_day) : index_(index), two_day_(two_day) {}

  [[nodiscard]] std::string json(const std::string& file) const {
    std::string out;
    gateways::JsonWriter json(out);
    json.begin_object();
    json.field("file", file);
    json.field("price_unit", unit(model::Price{index_.price_unit}));
    json.field("buyers_known", index_.has_buyers);
    json.begin_array("days");
    for (const IndexDay& day : index_.days) write(json, day);
    json.end_array();
    json.end_object();
    return out;
  }

  [[nodiscard]] std::string text() const {
    Table table;
    table.columns = {{"date"}, {"index", Align::kRight}};
    if (two_day_) {
      table.columns.push_back({"two-day", Align::kRight});
      table.columns.push_back({"with"});
    }
    for (const char* title : {"volume", "head", "trades", "high", "low", "median"}) {
      if (title == std::string_view("head") && !index_.has_head) continue;
      table.columns.push_back({title, Align::kRight});
    }
    table.columns.push_back({"thin"});
    for (const IndexDay& day : index_.days) table.rows.push_back(cells(day));
    return table.text();
  }

 private:
  [[nodiscard]] std::string unit(model::Price price) const {
    return millionths_text(price.value, index_.unit_digits);
  }
  [[nodiscard]] std::string price(model::Price price) const {
    return millionths_text(price.value, index_.price_digits);
  }
  [[nodiscard]] std::string volume(const IndexDay& day) const {
    return millionths_text(day.sum.weight, index_.weight_digits);
  }

  void write(gateways::JsonWriter& json, const IndexDay& day) const {
    json.begin_object();
    json.field("date", gateways::day_text(day.day));
    const auto value = [&](const char* name, bool there, const std::string& text) {
      if (there) {
        json.field(name, text);
      } else {
        json.null_field(name);
      }
    };
    const bool there = day.index.has_value();
    value("index", there, there ? unit(*day.index) : "");
    json.field("volume", volume(day));
    if (index_.has_head) json.field("head", day.sum.quantity);
    json.field("trades", day.sum.trades);
    value("high", there, price(day.sum.high));
    value("low", there, price(day.sum.low));
    value("median", there, there ? unit(*day.median) : "");
    if (there) {
      json.field("thin", day.thin());
    } else {
      json.null_field("thin");
    }
    if (two_day_) write_two_day(json, day);
    json.end_object();
  }

  void write_two_day(gateways::JsonWriter& json, const IndexDay& day) const {
    if (!day.two_day) return json.null_field("two_day");
    json.begin_object("two_day");
    json.field("index", unit(*day.two_day));
    json.begin_array("dates");
    json.value(gateways::day_text(day.previous_day));
    json.value(gateways::day_text(day.day));
    json.end_array();
    json.end_object();
  }

  [[nodiscard]] std::vector<std::string> cells(const IndexDay& day) const {
    const bool there = day.index.has_value();
    std::vector<std::string> cells{gateways::day_text(day.day), there ? unit(*day.index) : "-"};
    if (two_day_) {
      cells.push_back(day.two_day ? unit(*day.two_day) : "-");
      cells.push_back(day.two_day ? gateways::day_text(day.previous_day) : "-");
    }
    cells.push_back(there ? volume(day) : "-");
    if (index_.has_head) cells.push_back(there ? std::to_string(day.sum.quantity) : "-");
    cells.push_back(std::to_string(day.sum.trades));
    cells.push_back(there ? price(day.sum.high) : "-");
    cells.push_back(there ? price(day.sum.low) : "-");
    cells.push_back(there ? unit(*day.median) : "-");
    cells.emplace_back(!there ? "-" : day.thin() ? "thin" : "");
    return cells;
  }

  const FileIndex& index_;
  bool two_day_;
};

void write_plot(const IndexArguments& arguments, const FileIndex& index) {
  if (arguments.plot.empty()) return;
  const bool any = std::any_of(index.days.begin(), index.days.end(),
                               [](const IndexDay& day) { return day.index.has_value(); });
  if (!any) bad_input("--plot", arguments.plot, "at least one day with trades to draw");
  const std::string title = std::filesystem::path(arguments.file).filename().string();
  std::ofstream file(arguments.plot, std::ios::binary | std::ios::trunc);
  file << plot_index(index, title, arguments.two_day);
  file.close();
  if (!file) bad_input("--plot", arguments.plot, "a file that can be written");
}

void run_index(const IndexArguments& arguments) {
  const Csv csv = parse_csv(arguments.file, read_file("FILE", arguments.file));
  const FileIndex index = index_of_file(csv, options_of(arguments, csv));
  write_plot(arguments, index);
  const Printer printer(index, arguments.two_day);
  fmt::print("{}", arguments.json ? printer.json(arguments.file) + "\n" : printer.text());
}

}  // namespace

void add_index_command(CLI::App& app, int& status) {
  static IndexArguments arguments;
  auto* index = app.add_subcommand("index", "the price index of each day from a table of trades");
  index->add_option("FILE", arguments.file, "CSV, one trade a line, names in the first")
      ->required();
  index
      ->add_option("--columns", arguments.columns,
                   "date=A,quantity=B,weight=C,price=D: quantity in head with weight as that of "
                   "one head; or total_weight=C as that of the trade; without quantity weight is "
                   "the trade's; also buyer=E, excluded=F (true: not counted)")
      ->required();
  index->add_option("--where", arguments.where, "COLUMN=VALUE: only these lines; may be repeated");
  index->add_option("--price-unit", arguments.price_unit,
                    "what the index is rounded to (default: as many digits as the prices have)");
  index->add_option("--zone", arguments.zone, "of the market's days, where dates are times")
      ->capture_default_str();
  index->add_option("--plot", arguments.plot, "draw the index into this SVG file");
  index->add_flag("--two-day", arguments.two_day, "also over the latest two days with trades");
  index->add_flag("--json", arguments.json, "print the days as JSON");
  index->callback([&status] {
    try {
      run_index(arguments);
    } catch (const CommandFailed& failed) {
      fmt::print(stderr, "hulan: {}\n", failed.what());
      status = failed.status;
    }
  });
}

}  // namespace hulan::app
