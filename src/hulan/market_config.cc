// SPDX-License-Identifier: Apache-2.0
#include "hulan/market_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "gateways/decimal.h"
#include "hulan/toml_reader.h"
#include "model/region.h"
#include "model/units.h"

namespace hulan::app {
namespace {

using gateways::Place;
using gateways::Rate;

constexpr std::int64_t kLongest = 400 * model::kDay;
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<std::string> text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  if (file.bad()) return std::nullopt;
  return std::move(text).str();
}

std::string one_line(const std::string& path, const TomlProblem& problem) {
  if (problem.key.empty()) return fmt::format("{}:{}: {}", path, problem.line, problem.message);
  return fmt::format("{}:{}: {}: {}", path, problem.line, problem.key, problem.message);
}

/// Reads one file with `read`, which fails through its reader.
template <class Read>
std::expected<void, std::string> read_file(const std::string& path, Read read) {
  const auto text = text_of(path);
  if (!text) return std::unexpected(fmt::format("{}: cannot be read", path));
  const auto table = parse_toml(*text);
  if (!table) return std::unexpected(one_line(path, table.error()));
  std::optional<TomlProblem> problem;
  TomlReader reader(*table, "", problem);
  read(reader);
  reader.finish();
  if (problem) return std::unexpected(one_line(path, *problem));
  return {};
}

class Rates {
 public:
  Rates(TomlReader reader, std::vector<Rate>& list) : reader_(std::move(reader)), list_(list) {}

  void duration(std::string_view key, std::int64_t& ns) {
    read(key, [&](TomlReader& entry, Rate& rate) {
      ns = entry.duration("value", kLongest);
      const std::string text = entry.string("value");
      const std::size_t space = text.find(' ');
      if (space == std::string::npos) return;
      rate.value = text.substr(0, space);
      rate.unit = text.substr(space + 1);
    });
  }
  void time_of_day(std::string_view key, std::uint32_t& minute) {
    read(key, [&](TomlReader& entry, Rate& rate) {
      minute = entry.time_of_day("value");
      rate.value = entry.string("value");
    });
  }
  void money(std::string_view key, std::int64_t& fen) {
    read(key, [&](TomlReader& entry, Rate& rate) {
      fen = entry.decimal("value", gateways::kMoneyDigits, 0, model::kMaxMagnitude);
      rate.value = gateways::decimal(fen, gateways::kMoneyDigits);
      rate.unit = "CNY";
    });
  }
  void count(std::string_view key, std::uint32_t& value) {
    read(key, [&](TomlReader& entry, Rate& rate) {
      value = static_cast<std::uint32_t>(entry.integer("value", 1, 1000));
      rate.value = fmt::format("{}", value);
    });
  }
  void finish() { reader_.finish(); }

 private:
  template <class Value>
  void read(std::string_view key, Value value) {
    TomlReader entry = reader_.table(key);
    if (entry.failed()) return;
    Rate rate;
    rate.key = key;
    value(entry, rate);
    rate.rule = entry.string("rule");
    rate.name = entry.text("name");
    rate.source = entry.text("source");
    entry.finish();
    list_.push_back(std::move(rate));
  }

  TomlReader reader_;
  std::vector<Rate>& list_;
};

void read_rates(TomlReader& top, MarketConfig& config) {
  Rates rates(top.table("rates"), config.rates);
  model::InitMarket& init = config.init;
  rates.money("withdrawal_limit", init.withdrawal_limit_fen);
  rates.duration("notice", init.notice_ns);
  rates.duration("exclusive", init.exclusive_ns);
  rates.duration("settle_after", init.settle_after_ns);
  rates.time_of_day("pay_deadline", init.pay_minute);
  rates.time_of_day("topup_deadline", init.topup_minute);
  rates.count("defaults_to_suspend", init.defaults_to_suspend);
  rates.duration("client_id_kept", init.client_id_ns);
  rates.finish();
}

void read_market(TomlReader& top, MarketConfig& config) {
  config.name = top.text("name");
  config.address = top.string("address");
  config.port = static_cast<std::uint16_t>(top.integer("port", 0, 65'535));
  config.init.utc_offset_s =
      static_cast<std::int32_t>(top.integer("utc_offset_min", -720, 840)) * 60;
  for (const std::string& day : top.strings("market_days")) {
    const auto* found = std::find(kDays.begin(), kDays.end(), day);
    if (found == kDays.end()) {
      return top.fail("market_days", fmt::format("'{}' is not one of mon to sun", day));
    }
    config.init.market_days |= 1u << (found - kDays.begin());
  }
  if (config.init.market_days == 0) top.fail("market_days", "names no day");
  read_rates(top, config);
}

void read_spots(TomlReader& entry, Place& place, std::set<std::uint32_t>& ids) {
  for (TomlReader& item : entry.tables("spots")) {
    gateways::Spot spot;
    spot.id = static_cast<std::uint32_t>(item.integer("id", 1, 1'000'000));
    spot.name = item.text("name");
    spot.kind = item.string("kind");
    spot.planned = item.flag("planned", false);
    item.finish();
    if (!ids.insert(spot.id).second) item.fail("id", fmt::format("{} stands twice", spot.id));
    place.spots.push_back(std::move(spot));
  }
}

void read_places(TomlReader& top, MarketConfig& config) {
  std::set<std::uint32_t> codes, spots;
  for (TomlReader& entry : top.tables("places")) {
    Place place;
    place.code = static_cast<std::uint32_t>(entry.integer("code", 110'000, 829'999));
    place.name = entry.text("name");
    place.column = static_cast<int>(entry.integer("column", 0, 100));
    place.row = static_cast<int>(entry.integer("row", 0, 100));
    for (TomlReader& item : entry.tables("words")) {
      place.words.push_back({item.text("text"), item.flag("planned", false)});
      item.finish();
    }
    read_spots(entry, place, spots);
    entry.finish();
    if (!model::is_region(place.code)) entry.fail("code", "lies in no province that exists");
    if (!codes.insert(place.code).second) {
      entry.fail("code", fmt::format("{} stands twice", place.code));
    }
    config.places.push_back(std::move(place));
  }
}

}  // namespace

std::expected<MarketConfig, std::string> load_market_config(const std::string& directory) {
  MarketConfig config;
  const auto market =
      read_file(directory + "/market.toml", [&](TomlReader& top) { read_market(top, config); });
  if (!market) return std::unexpected(market.error());
  const auto places =
      read_file(directory + "/places.toml", [&](TomlReader& top) { read_places(top, config); });
  if (!places) return std::unexpected(places.error());
  return config;
}

gateways::MarketInfo market_info(const MarketConfig& config) {
  gateways::MarketInfo info;
  info.name = config.name;
  info.rates = config.rates;
  info.places = config.places;
  return info;
}

std::vector<std::pair<std::string, std::string>> read_product_files(const std::string& directory) {
  std::vector<std::pair<std::string, std::string>> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory + "/products", error)) {
    if (entry.path().extension() != ".toml" || !entry.is_regular_file(error)) continue;
    if (auto text = text_of(entry.path().string())) {
      files.emplace_back(entry.path().filename().string(), std::move(*text));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace hulan::app
