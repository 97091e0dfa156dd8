// SPDX-License-Identifier: Apache-2.0
#include "hulan/index_file.h"

#include <algorithm>
#include <set>

#include "gateways/decimal.h"
#include "gateways/moment.h"

namespace hulan::app {
namespace {

constexpr std::int64_t kOne = 1'000'000;

/// The lines of one day as they come.
struct Collected {
  model::DaySum sum;
  std::vector<std::int64_t> prices;
  std::set<std::string, std::less<>> buyers;
};

class FileReader {
 public:
  FileReader(const Csv& csv, const IndexOptions& options) : csv_(csv), options_(options) {}

  FileIndex read() {
    for (const CsvRow& row : csv_.rows) {
      if (counts(row)) add(row);
    }
    FileIndex index = head();
    for (auto& [day, lines] : days_) index.days.push_back(day_of(day, lines, index));
    add_two_days(index);
    return index;
  }

 private:
  [[nodiscard]] std::string_view column(std::string_view field) const {
    const auto found = options_.columns.find(field);
    return found == options_.columns.end() ? std::string_view() : found->second;
  }
  [[nodiscard]] bool has(std::string_view field) const { return options_.columns.contains(field); }

  [[nodiscard]] bool counts(const CsvRow& row) const {
    for (const auto& [name, value] : options_.where) {
      if (row.cell(name) != value) return false;
    }
    if (!has("excluded")) return true;
    const std::string& mark = row.cell(column("excluded"));
    if (mark == "1" || mark == "true") return false;
    if (mark.empty() || mark == "0" || mark == "false") return true;
    row.fail(column("excluded"), "true, 1, false, 0 or nothing");
  }

  [[nodiscard]] std::int64_t day(const CsvRow& row) const {
    const std::string& text = row.cell(column("date"));
    if (const auto date = gateways::parse_day(text)) return *date;
    const auto time = gateways::parse_time(text);
    if (!time) row.fail(column("date"), "a date like 2024-01-15, or a time with its zone");
    const std::int64_t local = *time + options_.utc_offset_s * model::kSecond;
    return local / model::kDay - (local % model::kDay < 0 ? 1 : 0);
  }

  /// Millionths of a number that is not negative.
  [[nodiscard]] std::int64_t number(const CsvRow& row, std::string_view field) const {
    const auto value = gateways::parse_decimal(row.cell(column(field)), kIndexDigits, false);
    if (!value) {
      row.fail(column(field),
               "a number from 0 to 1000000000 with at most 6 digits after the point");
    }
    return *value;
  }

  /// Heads; 0 where the line has none: then it is no trade.
  [[nodiscard]] std::int64_t quantity(const CsvRow& row) const {
    if (!has("quantity") || row.cell(column("quantity")).empty()) return 0;
    const std::int64_t heads = number(row, "quantity");
    if (heads % kOne != 0) row.fail(column("quantity"), "a whole number");
    return heads / kOne;
  }

  /// The line's whole weight; 0 where it is no trade.
  [[nodiscard]] std::int64_t weight(const CsvRow& row, std::int64_t heads) {
    const bool total = has("total_weight");
    const std::string_view field = total ? "total_weight" : "weight";
    if (has("quantity") && heads == 0) return 0;
    if (!has("quantity") && row.cell(column(field)).empty()) return 0;
    const std::int64_t given = number(row, field);
    weight_digits_ = std::max(weight_digits_, digits_needed(given));
    if (total || !has("quantity")) return given;
    std::int64_t whole = 0;
    if (__builtin_mul_overflow(given, heads, &whole)) {
      row.fail(column(field), "a weight that, times the quantity, stays below 9000000000000");
    }
    return whole;
  }

  void add(const CsvRow& row) {
    Collected& lines = days_[day(row)];
    const std::int64_t heads = quantity(row);
    const std::int64_t grams = weight(row, heads);
    if (grams == 0) {
      if (heads != 0)
        row.fail(column(has("weight") ? "weight" : "total_weight"), "a weight above 0");
      return;
    }
    const std::int64_t price = number(row, "price");
    if (price == 0) row.fail(column("price"), "a price above 0");
    if (has("buyer")) {
      if (row.cell(column("buyer")).empty())
        row.fail(column("buyer"), "the buyer's name or number");
      if (lines.buyers.size() < model::kThinBuyers) lines.buyers.insert(row.cell(column("buyer")));
    }
    price_digits_ = std::max(price_digits_, digits_needed(price));
    if (!lines.sum.add(model::sum_of_trade(model::Price{price}, grams, heads))) {
      row.fail(column(has("weight") ? "weight" : "total_weight"),
               "a day's weight below 9000000000000");
    }
    lines.prices.push_back(price);
  }

  [[nodiscard]] FileIndex head() const {
    FileIndex index;
    index.price_digits = price_digits_;
    index.weight_digits = weight_digits_;
    index.has_head = has("quantity");
    index.has_buyers = has("buyer");
    index.price_unit = kOne;
    for (int at = 0; at < price_digits_; ++at) index.price_unit /= 10;
    if (options_.price_unit) index.price_unit = *options_.price_unit;
    index.unit_digits = digits_needed(index.price_unit);
    return index;
  }

  IndexDay day_of(std::int64_t date, Collected& lines, const FileIndex& index) const {
    IndexDay day;
    day.day = date;
    day.sum = lines.sum;
    if (has("buyer")) day.buyers = static_cast<std::uint32_t>(lines.buyers.size());
    day.index = lines.sum.index(index.price_unit);
    day.median = model::median_of(lines.prices, index.price_unit);
    return day;
  }

  static void add_two_days(FileIndex& index) {
    const IndexDay* earlier = nullptr;
    for (IndexDay& day : index.days) {
      if (!day.index) continue;
      if (earlier != nullptr) {
        model::DaySum both = earlier->sum;
        if (both.add(day.sum)) day.two_day = both.index(index.price_unit);
        day.previous_day = earlier->day;
      }
      earlier = &day;
    }
  }

  const Csv& csv_;
  const IndexOptions& options_;
  std::map<std::int64_t, Collected> days_;
  int price_digits_ = 0, weight_digits_ = 0;
};

}  // namespace

FileIndex index_of_file(const Csv& csv, const IndexOptions& options) {
  return FileReader(csv, options).read();
}

int digits_needed(std::int64_t millionths) {
  int digits = kIndexDigits;
  while (digits > 0 && millionths % 10 == 0) {
    millionths /= 10;
    --digits;
  }
  return digits;
}

std::string millionths_text(std::int64_t millionths, int digits) {
  std::string text = gateways::decimal(millionths, kIndexDigits);
  const int shown = std::max(digits, digits_needed(millionths));
  text.resize(text.size() - static_cast<std::size_t>(kIndexDigits - shown));
  if (shown == 0) text.pop_back();
  return text;
}

}  // namespace hulan::app
