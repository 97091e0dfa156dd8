// SPDX-License-Identifier: Apache-2.0
// Files that people write: the first byte says which; the rest is a table of lots, a product, a
// market's settings or places, or a settlement case. An error is one line.
#include <filesystem>
#include <fstream>

#include "fuzz/fuzz.h"
#include "hulan/commands/csv.h"
#include "hulan/commands/lots_plan.h"
#include "hulan/commands/session.h"
#include "hulan/market_config.h"
#include "hulan/product_toml.h"
#include "hulan/settle_case.h"

namespace hulan::fuzz {
namespace {

using namespace app;

void check_line(std::string_view message) { HULAN_ASSERT(!message.empty()); }

const ImportProduct& hogs() {
  static const ImportProduct kHogs = ImportProduct::from_json(boost::json::parse(R"({
    "id": 1, "code": "live-hog", "basis": "by_weight", "unit": "head", "tick": "0.010",
    "lot_minimum": "10", "needs_average": true, "needs_tags": true, "required": ["asf_test"],
    "grades": [{"code": "outer-three-way", "name": {"zh": "外三元", "en": "imported", "ru": ""}}]})"));
  return kHogs;
}

void table(std::string_view text) {
  ImportSources sources;
  for (const auto field : kImportFields) sources.columns.emplace(field, field);
  ImportSources few;
  few.columns = {{"grade", "grade"}, {"province", "province"}, {"price", "price"}};
  few.constants = {{"quantity", "100"},
                   {"average", "110"},
                   {"terms", "destination"},
                   {"place", "230111"},
                   {"pickup_from", "2024-01-16T00:00:00Z"},
                   {"pickup_until", "2024-01-23T00:00:00Z"}};
  for (const auto& one : {sources, few}) {
    try {
      static_cast<void>(plan_lots(parse_csv("f.csv", text), hogs(), one));
    } catch (const CommandFailed& failed) {
      HULAN_ASSERT(failed.status == 2);
      check_line(failed.what());
    }
  }
}

void product(std::string_view text) {
  const auto parsed = parse_product_toml(text);
  if (!parsed) check_line(parsed.error().message);
}

void settings(std::string_view text, const char* name) {
  namespace fs = std::filesystem;
  static const fs::path kFolder = [] {
    std::string folder = (fs::temp_directory_path() / "hulan-fuzz-XXXXXX").string();
    HULAN_ASSERT(mkdtemp(folder.data()) != nullptr);
    return fs::path(folder);
  }();
  for (const char* file : {"market.toml", "places.toml"}) {
    fs::copy_file(fs::path("products") / file, kFolder / file,
                  fs::copy_options::overwrite_existing);
  }
  std::ofstream(kFolder / name, std::ios::binary | std::ios::trunc) << text;
  const auto config = load_market_config(kFolder);
  if (!config) check_line(config.error());
}

void settle(std::string_view text) {
  const auto result = settle_case(text);
  if (result) {
    check_line(result->json());
  } else {
    check_line(result.error());
    HULAN_ASSERT(result.error().find('\n') == std::string::npos);
  }
}

}  // namespace
}  // namespace hulan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan::fuzz;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 't':
      table(text);
      break;
    case 'p':
      product(text);
      break;
    case 'm':
      settings(text, "market.toml");
      break;
    case 'l':
      settings(text, "places.toml");
      break;
    default:
      settle(text);
  }
  return 0;
}
