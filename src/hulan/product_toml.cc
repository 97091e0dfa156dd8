// SPDX-License-Identifier: Apache-2.0
#include "hulan/product_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <limits>

#include "base/sha256.h"
#include "engine/market/products.h"
#include "gateways/decimal.h"
#include "gateways/words.h"
#include "hulan/toml_reader.h"
#include "model/region.h"

namespace hulan::app {
namespace {

namespace json = boost::json;
using model::ProductRow;

constexpr std::int64_t kLargestMoney = 1'000'000'000'000;  // the engine's bound for fees and ticks
constexpr std::int64_t kLargestAdjust = 1'000'000'000;
constexpr std::uint64_t kEverywhere = std::numeric_limits<std::uint64_t>::max();
constexpr int kPercentDigits = 2;  // of a percentage kept in basis points
constexpr std::string_view kPriceBases[] = {"by_weight", "by_count"};
constexpr std::string_view kUnits[] = {"head", "kg"};
constexpr std::string_view kCurrencies[] = {"CNY", "RUB"};

json::object words(const gateways::Text& text) {
  return {{"zh", text.zh}, {"en", text.en}, {"ru", text.ru}};
}

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 24 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Fills row and document side by side.
class Definition {
 public:
  explicit Definition(TomlReader& top) : top_(top) {}

  gateways::ParsedProduct read() {
    read_identity();
    read_units();
    read_texts();
    read_adjustments("grades", model::kMaxGrades, row_.grade_adjust, row_.grade_count);
    read_adjustments("singles", model::kMaxSingleClasses, row_.single_adjust, row_.single_count);
    read_bands();
    read_papers();
    read_rates();
    read_zones();
    read_terms();
    top_.finish();
    check_whole();
    std::string document = json::serialize(document_);
    row_.document = sha256(document);
    return {row_, terms_, std::move(document)};
  }

 private:
  void read_identity() {
    const std::string code = top_.string("code");
    if (!top_.failed() && !is_code(code)) {
      top_.fail("code", fmt::format("'{}': expected 1 to 24 of a-z, 0-9 and -", code));
    }
    if (top_.failed()) return;
    std::copy(code.begin(), code.end(), row_.code.begin());
    document_["code"] = code;
    row_.effective_at = top_.instant("effective_at");
  }

  void read_units() {
    const auto basis = gateways::find_word<model::PriceBasis>(top_.one_of("basis", kPriceBases));
    const auto unit = gateways::find_word<model::QuantityUnit>(top_.one_of("unit", kUnits));
    const auto currency =
        gateways::find_word<model::Currency>(top_.one_of("currency", kCurrencies));
    row_.basis = basis.value_or(model::PriceBasis::kByWeight);
    row_.unit = unit.value_or(model::QuantityUnit::kHead);
    row_.currency = currency.value_or(model::Currency::kCny);
    if (by_count() && row_.unit != model::QuantityUnit::kHead) {
      top_.fail("unit", "contradicts basis: what is priced by count is counted in \"head\"");
    }
    digits_ = gateways::price_digits(row_.basis);
    row_.tick.value = top_.decimal("tick", digits_, 1, kLargestMoney);
    row_.lot_minimum =
        top_.decimal("lot_minimum", gateways::quantity_digits(row_.unit), 1, model::kMaxMagnitude);
    row_.close_window_ns = top_.duration("close_window", model::kDay);
    row_.notice_ns = top_.duration("notice", 400 * model::kDay);
    document_["basis"] = gateways::word(row_.basis);
    document_["unit"] = gateways::word(row_.unit);
    document_["currency"] = gateways::word(row_.currency);
    document_["price_unit"] =
        fmt::format("{}/{}", gateways::word(row_.currency), by_count() ? "head" : "kg");
    document_["tick"] = gateways::decimal(row_.tick.value, digits_);
    document_["lot_minimum"] =
        gateways::decimal(row_.lot_minimum, gateways::quantity_digits(row_.unit));
    document_["close_window_s"] = row_.close_window_ns / model::kSecond;
    document_["notice_s"] = row_.notice_ns / model::kSecond;
    read_methods();
  }

  void read_methods() {
    json::array names;
    for (const std::string& name : top_.strings("methods")) {
      const auto method = gateways::find_word<model::Method>(name);
      if (name == "order_book" && !top_.has("permit")) {
        return top_.fail("methods", "an order book needs a permit: a [permit] of its own (R5.4)");
      }
      if (!method || *method == model::Method::kNone) {
        top_.fail("methods",
                  fmt::format("'{}' is not {}", name, gateways::one_of<model::Method>()));
        return;
      }
      row_.methods |= model::method_bit(*method);
      names.emplace_back(name);
    }
    if (row_.methods == 0) top_.fail("methods", "names no trading method");
    document_["methods"] = std::move(names);
  }

  void read_texts() {
    document_["name"] = words(top_.text("name"));
    document_["unit_name"] = words(top_.text("unit_name"));
    document_["delivery"] = words(top_.text("delivery"));
    const std::string picture = top_.string("picture");
    if (!top_.failed() && !is_code(picture)) {
      top_.fail("picture", fmt::format("'{}' is not the name of a drawing", picture));
    }
    document_["picture"] = picture;
  }

  /// The tables of R8.2, by grade and by single animal.
  template <std::size_t N>
  void read_adjustments(std::string_view key, std::size_t most, std::array<std::int32_t, N>& adjust,
                        std::uint8_t& count) {
    static_assert(N <= 255);
    json::array list;
    std::vector<std::string> codes;
    for (TomlReader& entry : top_.tables(key)) {
      if (list.size() == most) return top_.fail(key, fmt::format("more than {} entries", most));
      const std::string code = entry.string("code");
      if (!entry.failed() && !is_code(code)) {
        entry.fail("code", fmt::format("'{}': expected 1 to 24 of a-z, 0-9 and -", code));
      }
      if (std::find(codes.begin(), codes.end(), code) != codes.end()) {
        entry.fail("code", fmt::format("'{}' stands twice", code));
      }
      const std::int64_t value = entry.decimal("adjust", digits_, -kLargestAdjust, kLargestAdjust);
      const gateways::Text name = entry.text("name");
      entry.finish();
      if (entry.failed()) return;
      codes.push_back(code);
      adjust[list.size()] = static_cast<std::int32_t>(value);
      list.push_back(json::object{
          {"code", code}, {"name", words(name)}, {"adjust", gateways::decimal(value, digits_)}});
    }
    count = static_cast<std::uint8_t>(list.size());
    document_[json::string_view(key.data(), key.size())] = std::move(list);
  }

  void read_bands() {  // R8.4
    json::array list;
    for (TomlReader& entry : top_.tables("bands")) {
      if (list.size() == model::kMaxWeightBands) {
        return top_.fail("bands", fmt::format("more than {} bands", model::kMaxWeightBands));
      }
      model::WeightBand band{};
      band.low_g = entry.decimal("low", gateways::kWeightDigits, 0, model::kMaxMagnitude);
      band.high_g = entry.decimal("high", gateways::kWeightDigits, 0, model::kMaxMagnitude);
      band.adjust = static_cast<std::int32_t>(
          entry.decimal("adjust", digits_, -kLargestAdjust, kLargestAdjust));
      band.low_open = entry.flag("low_open", false) ? 1 : 0;
      band.high_open = entry.flag("high_open", false) ? 1 : 0;
      entry.finish();
      if (!entry.failed() && band.low_g >= band.high_g) {
        entry.fail("high", "contradicts low: a band ends above where it begins");
      }
      if (!list.empty() && !entry.failed() && !follows(row_.bands[list.size() - 1], band)) {
        entry.fail("low", "contradicts the band before: no weight may lie in two bands");
      }
      if (entry.failed()) return;
      row_.bands[list.size()] = band;
      list.push_back(band_document(band));
    }
    row_.band_count = static_cast<std::uint8_t>(list.size());
    document_["bands"] = std::move(list);
  }

  static bool follows(const model::WeightBand& before, const model::WeightBand& band) {
    if (before.high_g != band.low_g) return before.high_g < band.low_g;
    return before.high_open != 0 || band.low_open != 0;
  }

  [[nodiscard]] json::object band_document(const model::WeightBand& band) const {
    return {{"low", gateways::decimal(band.low_g, gateways::kWeightDigits)},
            {"high", gateways::decimal(band.high_g, gateways::kWeightDigits)},
            {"low_open", band.low_open != 0},
            {"high_open", band.high_open != 0},
            {"adjust", gateways::decimal(band.adjust, digits_)}};
  }

  void read_papers() {  // R4.3
    json::array required;
    const auto papers = top_.strings("required");
    if (papers.size() > row_.required.size()) {
      return top_.fail("required", fmt::format("more than {} documents", row_.required.size()));
    }
    for (const std::string& name : papers) {
      const auto kind = gateways::find_word<model::DocumentKind>(name);
      if (!kind) return top_.fail("required", fmt::format("'{}' is no kind of document", name));
      row_.required[row_.required_count++] = static_cast<std::uint8_t>(*kind);
      required.emplace_back(name);
    }
    document_["required"] = std::move(required);
    read_needs();
  }

  void read_needs() {
    json::array needs;
    for (const std::string& name : top_.strings("needs")) {
      std::uint8_t* flag = name == "average"      ? &row_.needs_average
                           : name == "tags"       ? &row_.needs_tags
                           : name == "quarantine" ? &row_.needs_quarantine
                           : name == "vehicle"    ? &row_.needs_vehicle
                                                  : nullptr;
      if (flag == nullptr) {
        return top_.fail(
            "needs", fmt::format("'{}' is not one of average, tags, quarantine, vehicle", name));
      }
      *flag = 1;
      needs.emplace_back(name);
    }
    document_["needs"] = std::move(needs);
    if (row_.needs_average != (head_by_weight() ? 1 : 0)) {
      top_.fail("needs", head_by_weight()
                             ? "contradicts basis and unit: head priced by weight need \"average\""
                             : "contradicts basis and unit: only head priced by weight have an "
                               "\"average\"");
    }
    if (row_.needs_tags != 0 && row_.unit != model::QuantityUnit::kHead) {
      top_.fail("needs", "contradicts unit: only animals, counted in \"head\", carry \"tags\"");
    }
    if (row_.band_count != 0 && row_.needs_average == 0) {
      top_.fail("bands", "contradicts needs: bands look at an \"average\"");
    }
  }

  void read_rates() {
    TomlReader rates = top_.table("rates");
    if (top_.failed()) return;
    json::object list;
    percent(rates, list, "bond", row_.bond_bp);
    percent(rates, list, "trading_bond", row_.trading_bond_bp);
    percent(rates, list, "band", row_.band_bp, 9'999);
    percent(rates, list, "shrink", row_.shrink_bp);
    percent(rates, list, "head_tolerance", row_.head_tolerance_bp);
    percent(rates, list, "short_tolerance", row_.short_tolerance_bp);
    percent(rates, list, "over_weight", row_.over_weight_bp);
    money(rates, list, by_count() ? "fee_per_head" : "fee_per_t",
          by_count() ? row_.fee_fen_per_head.value : row_.fee_fen_per_t);
    percent(rates, list, "fee_vat", row_.fee_vat_bp);
    if (row_.unit == model::QuantityUnit::kHead) {
      money(rates, list, "disposal_per_head", row_.disposal_fen_per_head.value);
      money(rates, list, "keeping_per_head_day", row_.keeping_fen_per_head_day.value);
    }
    percent(rates, list, "purchase_deduction", row_.purchase_deduction_bp);
    percent(rates, list, "vat_general", row_.vat_general_bp);
    percent(rates, list, "vat_small", row_.vat_small_bp);
    percent(rates, list, "vat_exempt", row_.vat_exempt_bp);
    for (const auto* key :
         {"fee_per_t", "fee_per_head", "disposal_per_head", "keeping_per_head_day"}) {
      if (rates.has(key) && !list.contains(key)) {
        rates.fail(key, "contradicts basis or unit: goods of this kind do not have it");
      }
    }
    rates.finish();
    document_["rates"] = std::move(list);
  }

  void percent(TomlReader& rates, json::object& list, std::string_view key, std::uint32_t& bp,
               std::int64_t most = 10'000) {
    std::int64_t value = 0;
    rate(rates, list, key, "%", most, value);
    bp = static_cast<std::uint32_t>(value);
  }

  void money(TomlReader& rates, json::object& list, std::string_view key, std::int64_t& fen) {
    const std::string_view per = key == "fee_per_t"              ? "t"
                                 : key == "keeping_per_head_day" ? "head/day"
                                                                 : "head";
    rate(rates, list, key, fmt::format("{}/{}", gateways::word(row_.currency), per), kLargestMoney,
         fen);
  }

  static void rate(TomlReader& rates, json::object& list, std::string_view key,
                   std::string_view unit, std::int64_t most, std::int64_t& value) {
    TomlReader entry = rates.table(key);
    if (rates.failed()) return;
    value = entry.decimal("value", kPercentDigits, 0, most);
    const std::string source = entry.string("source");
    entry.finish();
    list[json::string_view(key.data(), key.size())] =
        json::object{{"value", gateways::decimal(value, kPercentDigits)},
                     {"unit", json::string_view(unit.data(), unit.size())},
                     {"source", source}};
  }

  void read_zones() {  // R4.3
    row_.zone_to.fill(kEverywhere);
    if (!top_.has("zones")) return;
    TomlReader zones = top_.table("zones");
    json::object list;
    if (zones.has("*")) row_.zone_to.fill(destinations(zones, "*", list));
    for (const std::string& key : zones.rest()) {
      const int slot = province(key);
      if (slot < 0) return zones.fail(key, "is no 2-digit province code");
      row_.zone_to[static_cast<std::size_t>(slot)] = destinations(zones, key, list);
    }
    document_["zones"] = std::move(list);
  }

  static int province(std::string_view code) {
    if (code.size() != 2 || code[0] < '1' || code[0] > '9' || code[1] < '0' || code[1] > '9') {
      return -1;
    }
    return model::province_slot(static_cast<std::uint32_t>((code[0] - '0') * 10 + code[1] - '0'));
  }

  static std::uint64_t destinations(TomlReader& zones, std::string_view key, json::object& list) {
    std::uint64_t mask = 0;
    json::array codes;
    const auto named = zones.strings(key);
    for (const std::string& code : named) {
      codes.emplace_back(code);
      const int slot = province(code);
      if (code == "*") {
        if (named.size() > 1) zones.fail(key, "\"*\" stands alone");
        mask = kEverywhere;
      } else if (slot < 0) {
        zones.fail(key, fmt::format("'{}' is no 2-digit province code", code));
      } else {
        mask |= std::uint64_t{1} << slot;
      }
    }
    list[json::string_view(key.data(), key.size())] = std::move(codes);
    return mask;
  }

  /// R5.4, R12.1, R5.3.3: what stands beside the row.
  void read_terms() {
    if (top_.has("permit")) read_permit();
    if (top_.has("limits")) read_limits();
    if (top_.has("clock")) {
      TomlReader clock = top_.table("clock");
      terms_.clock_tick_ns = clock.duration("tick", model::kDay);
      clock.finish();
      document_["clock_tick_ms"] = terms_.clock_tick_ns / 1'000'000;
    }
    if (top_.has("book")) read_book();
  }

  void read_permit() {
    TomlReader permit = top_.table("permit");
    const std::string authority = permit.string("authority");
    const std::string number = permit.string("number");
    terms_.permit_date = permit.instant("date");
    if (!permit.failed() && terms_.permit_date <= 0) {
      permit.fail("date", "expected the permit's day with its offset from UTC");
    }
    fit(permit, "authority", authority, terms_.permit_authority);
    fit(permit, "number", number, terms_.permit_number);
    permit.finish();
    document_["permit"] = json::object{{"authority", authority}, {"number", number}};
  }

  template <std::size_t N>
  static void fit(TomlReader& from, std::string_view key, const std::string& text,
                  std::array<char, N>& field) {
    if (from.failed()) return;
    if (text.size() >= N) return from.fail(key, fmt::format("longer than {} bytes", N - 1));
    std::copy(text.begin(), text.end(), field.begin());
  }

  void read_limits() {
    TomlReader limits = top_.table("limits");
    const int digits = gateways::quantity_digits(row_.unit);
    const auto limit = [&](std::string_view key, std::int64_t& most) {
      if (!limits.has(key)) return;
      most = limits.decimal(key, digits, 1, model::kMaxMagnitude);
      document_[json::string_view(key.data(), key.size())] = gateways::decimal(most, digits);
    };
    limit("order_quantity_max", terms_.order_quantity_max);
    limit("day_quantity_max", terms_.day_quantity_max);
    limits.finish();
  }

  void read_book() {
    TomlReader book = top_.table("book");
    terms_.call_auction_ns = book.duration("call_auction", model::kDay);
    terms_.volatility_bp =
        static_cast<std::uint32_t>(book.decimal("volatility", kPercentDigits, 0, 9'999));
    terms_.self_trades = book.flag("self_trades", false) ? 1 : 0;
    book.finish();
    document_["book"] =
        json::object{{"call_auction_s", terms_.call_auction_ns / model::kSecond},
                     {"volatility", gateways::decimal(terms_.volatility_bp, kPercentDigits)},
                     {"self_trades", terms_.self_trades != 0}};
  }

  /// What no single key shows: the engine has the last word.
  void check_whole() {
    if (top_.failed() || engine::check_product(row_, terms_) == model::Reject::ok) return;
    top_.fail("", "the definition as a whole is contradictory or out of range");
  }

  [[nodiscard]] bool by_count() const { return row_.basis == model::PriceBasis::kByCount; }
  [[nodiscard]] bool head_by_weight() const {
    return !by_count() && row_.unit == model::QuantityUnit::kHead;
  }

  TomlReader& top_;
  int digits_ = 3;  // of prices
  ProductRow row_{};
  model::ProductTermsRow terms_{};
  json::object document_;
};

gateways::ProductError refused(const TomlProblem& problem) {
  return {problem.line, problem.key, problem.message};
}

}  // namespace

std::expected<gateways::ParsedProduct, gateways::ProductError> parse_product_toml(
    std::string_view text) {
  const auto table = parse_toml(text);
  if (!table) return std::unexpected(refused(table.error()));
  std::optional<TomlProblem> problem;
  TomlReader top(*table, "", problem);
  gateways::ParsedProduct product = Definition(top).read();
  if (problem) return std::unexpected(refused(*problem));
  return product;
}

}  // namespace hulan::app
