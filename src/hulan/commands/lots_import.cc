// SPDX-License-Identifier: Apache-2.0
// `hulan lots import FILE.csv`: a lot for each line, with its papers, tags, reference and, if
// asked, its listing or auction.
#include <fmt/format.h>

#include <set>

#include "hulan/commands/lots_plan.h"
#include "hulan/commands/progress.h"
#include "hulan/commands/session.h"
#include "model/limits.h"

namespace hulan::app {
namespace {

namespace json = boost::json;

/// Options that give one field the same value on every line.
constexpr std::pair<std::string_view, std::string_view> kConstants[] = {
    {"--grade", "grade"},
    {"--province", "province"},
    {"--origin", "origin"},
    {"--price", "price"},
    {"--reference", "reference"},
    {"--head", "quantity"},
    {"--quantity", "quantity"},
    {"--average", "average"},
    {"--terms", "terms"},
    {"--place", "place"},
    {"--spot", "spot"},
    {"--farm", "farm"},
    {"--mark", "mark"},
    {"--pickup-from", "pickup_from"},
    {"--pickup-until", "pickup_until"},
    {"--title", "title"}};

std::string known_fields() { return fmt::format("{}", fmt::join(kImportFields, ", ")); }

std::string field_named(const std::string& map, std::string_view name) {
  if (name == "head") return "quantity";
  for (const auto field : kImportFields) {
    if (field == name) return std::string(name);
  }
  bad_input("--map", map, "FIELD=COLUMN with a field of " + known_fields());
}

ImportSources sources_of(Session& session, const Csv& csv) {
  ImportSources sources;
  for (const std::string& map : session.all("--map")) {
    const auto equals = map.find('=');
    const std::string field = field_named(map, std::string_view(map).substr(0, equals));
    if (equals == std::string::npos || !csv.has(map.substr(equals + 1))) {
      bad_input("--map", map,
                fmt::format("FIELD=COLUMN with a column of {}: {}", csv.head->file,
                            fmt::join(csv.head->columns, ", ")));
    }
    sources.columns[field] = map.substr(equals + 1);
  }
  for (const auto& [option, field] : kConstants) {
    const std::string name(option);
    if (!session.has(name)) continue;
    const std::string key(field);
    if (sources.columns.contains(key)) {
      bad_input(name, session.text(name), "either --map " + key + " or this, not both");
    }
    sources.constants[key] = field.starts_with("pickup") ? session.time(name) : session.text(name);
    sources.spelled[key] = name;
  }
  // A column that bears a field's name needs no --map.
  for (const auto field : kImportFields) {
    const std::string key(field);
    if (!sources.columns.contains(key) && csv.has(field) &&
        (!sources.constants.contains(key) || field.starts_with("pickup"))) {
      sources.columns[key] = key;
    }
  }
  return sources;
}

ImportProduct product_of(Session& session) {
  const auto wanted = number_or_text(session.text("--product"));
  std::optional<ImportProduct> found;
  std::string codes;
  std::int64_t newest = -1;
  for (const auto& row : session.get_all("/v1/products")) {
    codes += (codes.empty() ? "" : ", ") + std::string(row.at("code").as_string());
    const auto version = row.at("version").to_number<std::int64_t>();
    if ((row.at("id") == wanted || row.at("code") == wanted) && version > newest) {
      newest = version;
      found = ImportProduct::from_json(row);
    }
  }
  if (!found) bad_input("--product", session.text("--product"), "one of " + codes);
  return *found;
}

/// What goes with each lot beside its line.
struct Extras {
  std::string paper;  ///< SHA-256 of the file that stands for every required paper
  std::string issued_at, expires_at;
  bool tags = false;
  std::uint64_t serial = 0;  ///< of the next ear tag; 0: from the first lot's number
  bool auction = false, listing = false;
  std::string start, step, open_at, close_at, expires;
};

Extras extras_of(Session& session, const ImportProduct& product) {
  Extras extras;
  extras.tags = session.has("--tags");
  if (session.has("--first-serial")) extras.serial = session.number("--first-serial");
  extras.auction = session.has("--auction");
  extras.listing = session.has("--listing");
  if (extras.auction && extras.listing) bad_input("--listing", "true", "either that or --auction");
  extras.start = session.text("--start");
  if (extras.auction && extras.start != "price" && extras.start != "reference") {
    bad_input("--start", extras.start, "price or reference");
  }
  extras.step = session.text("--step");
  if (extras.auction && extras.step.empty()) bad_input("--step", "", "the least step of a bid");
  extras.issued_at = session.time("--issued");
  extras.expires_at = session.time("--expires");
  if (extras.auction) {
    extras.open_at = session.time("--open");
    extras.close_at = session.time("--close");
  }
  if (extras.listing) extras.expires = session.time("--until");
  if (extras.tags && !product.needs_tags) {
    bad_input("--tags", product.code, "a product whose animals carry ear tags");
  }
  if (session.has("--papers")) (void)read_file("--papers", session.text("--papers"));
  return extras;
}

/// What a listing or an auction begins with is there on every line.
void check_start(const std::string& file, const std::vector<PlannedLot>& lots,
                 const Extras& extras) {
  if (!extras.auction && !extras.listing) return;
  const bool reference = extras.auction && extras.start == "reference";
  for (const PlannedLot& lot : lots) {
    if ((reference ? lot.reference : lot.price).empty()) {
      throw CommandFailed(2, fmt::format("{} line {}, {} '': expected a price to start from", file,
                                         lot.line, reference ? "reference" : "price"));
    }
  }
}

class Importer {
 public:
  Importer(Session& session, const ImportProduct& product, Extras extras)
      : session_(session), product_(product), extras_(std::move(extras)) {}

  void state_references(const std::vector<PlannedLot>& lots) {
    std::set<std::pair<std::string, std::uint32_t>> stated;
    Client operator_client(session_.connection().url, token_of(session_.text("--operator-token")),
                           session_.language());
    for (const PlannedLot& lot : lots) {
      if (lot.reference.empty() || !stated.emplace(lot.grade, lot.province).second) continue;
      json::object body{{"product", product_.id},
                        {"province", fmt::format("{:02}", lot.province)},
                        {"price", lot.reference}};
      if (!lot.grade.empty()) body["grade"] = lot.grade;
      const auto answer = operator_client.post("/v1/references", body);
      if (!answer) {
        throw CommandFailed(1, fmt::format("line {}: reference price: {} [{}]", lot.line,
                                           answer.error().message, answer.error().code()));
      }
    }
  }

  std::uint32_t make(const PlannedLot& planned) {
    const auto made = session_.post("/v1/lots", planned.body);
    const auto lot = made.at("id").to_number<std::uint32_t>();
    attach_tags(lot, planned);
    attach_papers(lot, planned);
    const std::string path = fmt::format("/v1/lots/{}/", lot);
    if (extras_.listing) {
      session_.post(path + "listing",
                    json::object{{"price", planned.price}, {"expires_at", extras_.expires}});
    } else if (extras_.auction) {
      const bool reference = extras_.start == "reference";
      session_.post(path + "auction",
                    json::object{{"start", reference ? planned.reference : planned.price},
                                 {"step", extras_.step},
                                 {"open_at", extras_.open_at},
                                 {"close_at", extras_.close_at}});
    }
    return lot;
  }

  void upload_paper() {
    if (session_.has("--papers")) extras_.paper = session_.upload(session_.text("--papers"));
  }

 private:
  /// 15 digits: species 1, county, serial (R4.3).
  void attach_tags(std::uint32_t lot, const PlannedLot& planned) {
    if (!extras_.tags || planned.count == 0) return;
    if (extras_.serial == 0) extras_.serial = lot * 1000ull % 100'000'000;
    json::array ranges;
    const std::string path = fmt::format("/v1/lots/{}/tags", lot);
    for (std::int64_t left = planned.count; left > 0;) {
      const auto count = std::min<std::int64_t>(left, model::kMaxTagsPerRange);
      ranges.push_back(json::object{
          {"first", fmt::format("1{:06}{:08}", planned.origin, extras_.serial)}, {"count", count}});
      extras_.serial += static_cast<std::uint64_t>(count);
      left -= count;
      if (ranges.size() == model::kMaxTagRangesPerCommand || left == 0) {
        session_.post(path, json::object{{"ranges", std::move(ranges)}});
        ranges = json::array();
      }
    }
  }

  void attach_papers(std::uint32_t lot, const PlannedLot& planned) {
    if (extras_.paper.empty()) return;
    for (const std::string& kind : product_.required) {
      session_.post(fmt::format("/v1/lots/{}/documents", lot),
                    json::object{{"kind", kind},
                                 {"number", fmt::format("line {}", planned.line)},
                                 {"issued_at", extras_.issued_at},
                                 {"expires_at", extras_.expires_at},
                                 {"sha256", extras_.paper}});
    }
  }

  Session& session_;
  const ImportProduct& product_;
  Extras extras_;
};

void print_made(const Session& session, const json::array& made) {
  if (session.json()) {
    fmt::print("{}\n", json::serialize(made));
    return;
  }
  fmt::print("{} lots: {} to {}\n", made.size(), made.front().at("lot").to_number<std::uint32_t>(),
             made.back().at("lot").to_number<std::uint32_t>());
}

void import_lots(Session& session) {
  const std::string file = session.text("FILE");
  const Csv csv = parse_csv(file, read_file("FILE", file));
  const ImportSources sources = sources_of(session, csv);
  const ImportProduct product = product_of(session);
  const auto lots = plan_lots(csv, product, sources);
  const Extras extras = extras_of(session, product);
  check_start(file, lots, extras);
  const bool references = sources.columns.contains("reference") || session.has("--reference");
  if (session.has("--dry-run")) {
    fmt::print("{}: {} lots of {}, every line is right\n", file, lots.size(), product.code);
    return;
  }
  Importer importer(session, product, extras);
  importer.upload_paper();
  if (session.has("--operator-token") && references) importer.state_references(lots);
  json::array made;
  Progress progress("import", lots.size());
  for (const PlannedLot& lot : lots) {
    try {
      made.push_back(json::object{{"line", lot.line}, {"lot", importer.make(lot)}});
    } catch (const CommandFailed& failed) {
      throw CommandFailed(failed.status, fmt::format("{} line {}: {} ({} lines taken before it)",
                                                     file, lot.line, failed.what(), made.size()));
    }
    progress.show(made.size());
  }
  print_made(session, made);
}

std::vector<Argument> import_arguments() {
  return {
      {"FILE", "CSV with a line of column names", Kind::kText, true},
      {"--product", "number or code", Kind::kText, true},
      {"--map", "FIELD=COLUMN for " + known_fields(), Kind::kMany},
      {"--grade", "code or name, on every line"},
      {"--province", "name or 2 digits, on every line"},
      {"--origin", "6-digit county code; else the province's first county"},
      {"--price", "on every line"},
      {"--reference", "reference price, on every line"},
      {"--head", "head, on every line"},
      {"--quantity", "quantity in the product's unit, on every line"},
      {"--average", "average weight in kg, on every line"},
      {"--terms", "destination or origin"},
      {"--place", "6-digit county code of delivery or pick-up"},
      {"--spot", "number of the spot at the place"},
      {"--farm", "participant that raised it"},
      {"--mark", "origin mark"},
      {"--title", "title in Chinese"},
      {"--pickup-from", "a time, or from now", Kind::kTime, false, "", "+1d"},
      {"--pickup-until", "a time, or from now", Kind::kTime, false, "", "+7d"},
      {"--operator-token", "states the reference prices; @FILE reads it from a file"},
      {"--papers", "one file for every paper that the product requires"},
      {"--issued", "when the papers were issued", Kind::kTime, false, "", "+0s"},
      {"--expires", "until when the papers hold", Kind::kTime, false, "", "+14d"},
      {"--tags", "make ear tags: 1, county, serial", Kind::kFlag},
      {"--first-serial", "serial of the first ear tag; else from the lot's number", Kind::kNumber},
      {"--listing", "list each lot at its price", Kind::kFlag},
      {"--until", "when listings expire", Kind::kTime, false, "", "+2d"},
      {"--auction", "announce an auction of each lot", Kind::kFlag},
      {"--start", "what it starts at: price or reference", Kind::kText, false, "", "reference"},
      {"--step", "least step of a bid"},
      {"--open", "when auctions open", Kind::kTime, false, "", "+25h"},
      {"--close", "when they close", Kind::kTime, false, "", "+26h"},
      {"--dry-run", "check every line and send nothing", Kind::kFlag}};
}

}  // namespace

void add_import_commands(std::vector<Command>& commands) {
  commands.push_back({"lots import",
                      "a lot for each line of a table; a wrong line is named and nothing is taken",
                      import_arguments(), import_lots});
}

}  // namespace hulan::app
