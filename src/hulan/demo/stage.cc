// SPDX-License-Identifier: Apache-2.0
#include "hulan/demo/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "gateways/moment.h"

namespace hulan::app::demo {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000, kHour = 3600 * kSecond, kDay = 24 * kHour;
constexpr int kPastDays = 7;

json::object names(const Names& n) { return {{"zh", n.zh}, {"en", n.en}, {"ru", n.ru}}; }

}  // namespace

std::string decimal(double value, int digits) { return fmt::format("{:.{}f}", value, digits); }

std::string moment(std::int64_t ns) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{
      std::chrono::milliseconds(ns / 1'000'000)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::int64_t parse_moment(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t n) {
    return std::stoi(std::string(text.substr(at, n)));
  };
  const std::chrono::sys_days day{std::chrono::year{number(0, 4)} /
                                  std::chrono::month{static_cast<unsigned>(number(5, 2))} /
                                  std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  return day.time_since_epoch().count() * kDay + number(11, 2) * kHour +
         number(14, 2) * 60 * kSecond + number(17, 2) * kSecond;
}

Stage::Stage(std::string url, std::string password)
    : url_(std::move(url)), password_(std::move(password)) {}

Person& Stage::as(std::string_view login) {
  auto found = people_.find(login);
  if (found != people_.end()) return *found->second;
  Person nobody(url_, "");
  const auto session =
      nobody.post("/v1/sessions", json::object{{"login", login}, {"password", password_}});
  auto person = std::make_unique<Person>(url_, std::string(session.at("token").as_string()));
  return *people_.emplace(std::string(login), std::move(person)).first->second;
}

std::int64_t Stage::now() {
  return parse_moment(as("administrator").get("/v1/market").at("time").as_string());
}

double Stage::around(double price, double fraction) {
  std::uniform_real_distribution<double> spread(-fraction, fraction);
  return price * (1 + spread(random_));
}

double Stage::on_tick(const Goods& kind, double price) const {
  const double tick = ticks_.find(kind.product)->second;
  return std::round(price / tick) * tick;
}

std::string Stage::login_of(std::uint32_t participant) const {
  for (const auto& [login, id] : participants_) {
    if (id == participant) return login;
  }
  return {};
}

void Stage::approve(std::uint32_t pending, std::initializer_list<std::string_view> by) {
  const auto open = as("demo-supervisor").get("/v1/approvals?state=open&limit=500");
  for (const auto& row : open.at("items").as_array()) {
    if (row.at("id").to_number<std::uint32_t>() != pending) continue;
    for (const auto who : by) {
      as(who).post(fmt::format("/v1/approvals/{}/approve", pending),
                   json::object{{"content", row.at("content")}});
    }
    return;
  }
}

void Stage::add_staff() {
  for (const StaffMember& member : staff()) {
    as("administrator")
        .post("/v1/users", json::object{{"login", member.login},
                                        {"name", member.name},
                                        {"password", password_},
                                        {"roles", json::array{member.role}}});
  }
}

void Stage::add_firms() {
  for (const Firm& firm : firms()) {
    const auto made =
        as("demo-operator")
            .post("/v1/participants", json::object{{"name", names(firm.name)},
                                                   {"kind", firm.kind},
                                                   {"form", firm.form},
                                                   {"vat", firm.vat},
                                                   {"region", fmt::format("{:06}", firm.region)}});
    approve(id_of(made), {"demo-supervisor", "operator"});
    const auto participant = made.at("participant").to_number<std::uint32_t>();
    participants_[std::string(firm.login)] = participant;
    as("administrator")
        .post("/v1/users", json::object{{"login", firm.login},
                                        {"name", firm.name.zh},
                                        {"password", password_},
                                        {"roles", json::array{"trader", "finance"}},
                                        {"participant", participant}});
    if (firm.money == "0.00") continue;
    const auto deposit =
        as("demo-settlement")
            .post("/v1/deposits",
                  json::object{{"participant", participant},
                               {"currency", "CNY"},
                               {"amount", firm.money},
                               {"bank_reference", fmt::format("DL-2024-{:04}", participant)}});
    approve(id_of(deposit), {"demo-supervisor"});
  }
}

void Stage::add_products(const std::vector<std::pair<std::string, std::string>>& product_files,
                         const SkipTime& skip) {
  for (const auto& [name, toml] : product_files) {
    const auto made = as("demo-operator").post_bytes("/v1/products", toml, "application/toml");
    approve(id_of(made), {"demo-supervisor"});
  }
  skip(kHour);
  const auto products = as("administrator").get("/v1/products");
  for (const auto& row : products.at("items").as_array()) {
    const std::string code(row.at("code").as_string());
    products_[code] = row.at("id").to_number<std::uint32_t>();
    ticks_[code] = std::stod(std::string(row.at("tick").as_string()));
  }
}

void Stage::add_references() {
  for (const Goods& kind : goods()) {
    json::object body{{"product", products_.at(std::string(kind.product))},
                      {"province", "23"},
                      {"price", decimal(on_tick(kind, kind.price), kind.digits)}};
    if (!kind.grade.empty()) body["grade"] = kind.grade;
    as("demo-operator").post("/v1/references", body);
  }
}

void Stage::add_marks() {
  const std::int64_t now_ns = now();
  const auto certificate = paper("demo-operator", "生态原产地保护产品证书（演示）");
  mark_ = id_of(
      as("demo-operator")
          .post("/v1/marks",
                json::object{{"holder", participant("farm-hulan")},
                             {"product", products_.at("live-hog")},
                             {"place", "230111"},
                             {"valid_from", moment(now_ns)},
                             {"valid_until", moment(now_ns + 700 * kDay)},
                             {"certificate", certificate},
                             {"name", names({"呼兰味道", "Taste of Hulan", "Вкус Хуланя"})}}));
}

std::string Stage::paper(std::string_view who, const std::string& text) {
  return std::string(
      as(who).post_bytes("/v1/documents", text, "text/plain").at("sha256").as_string());
}

void Stage::attach_papers(std::uint32_t lot, std::string_view seller, bool asf) {
  const std::int64_t now_ns = now();
  for (const std::string_view kind : {"asf_test", "immunization"}) {
    if (kind == "asf_test" && !asf) continue;
    const auto made =
        as(seller).post(fmt::format("/v1/lots/{}/documents", lot),
                        json::object{{"kind", kind},
                                     {"number", fmt::format("PF24-{:05}", lot)},
                                     {"issued_at", moment(now_ns - kDay)},
                                     {"expires_at", moment(now_ns + 30 * kDay)},
                                     {"sha256", paper(seller, fmt::format("{} {}", kind, lot))}});
    if (!asf) continue;  // a visitor's paper waits for a visitor's inspector
    as("demo-inspector")
        .post(fmt::format("/v1/lots/{}/documents/{}/check", lot, id_of(made)), json::object{});
  }
}

std::string Stage::seller_of(const Goods& kind) {
  if (kind.product == "woodcut-print") return "studio";
  if (kind.origin == 230112) return "farm-acheng";
  if (kind.origin == 230111) return "farm-hulan";
  return "farm-shuangcheng";
}

std::uint32_t Stage::draft(const Goods& kind, std::string_view seller, bool papers) {
  const std::int64_t now_ns = now();
  std::uniform_int_distribution<std::int64_t> amount(kind.least / kind.round_to,
                                                     kind.most / kind.round_to);
  const std::int64_t quantity = seller == "farmer" ? 200 : amount(random_) * kind.round_to;
  const bool grams = kind.product == "maize" || kind.product == "rice" ||
                     kind.product == "raw-milk" || kind.product == "vegetables";
  json::object body{
      {"product", products_.at(std::string(kind.product))},
      {"side", "sell"},
      {"quantity", grams ? decimal(static_cast<double>(quantity), 3) : std::to_string(quantity)},
      {"terms", "destination"},
      {"origin", fmt::format("{:06}", kind.origin)},
      {"place", fmt::format("{:06}", kind.place)},
      {"pickup_from", moment(now_ns + 60 * kSecond)},
      {"pickup_until", moment(now_ns + 6 * kDay)},
      {"title", names(kind.title)}};
  if (!kind.grade.empty()) body["grade"] = kind.grade;
  if (kind.average_kg != 0)
    body["average_kg"] = decimal(std::round(around(kind.average_kg, 0.02)), 3);
  if (mark_ != 0 && seller == "farm-hulan" && kind.product == "live-hog") body["mark"] = mark_;
  const std::uint32_t lot = id_of(as(seller).post("/v1/lots", body));
  if (kind.product == "live-hog" || kind.product == "native-hog-small-lot" ||
      kind.product == "piglet") {
    const std::int64_t first = 100'000'000'000'000 + kind.origin * 100'000'000LL + lot * 1000LL;
    as(seller).post(
        fmt::format("/v1/lots/{}/tags", lot),
        json::object{{"ranges", json::array{json::object{{"first", std::to_string(first)},
                                                         {"count", quantity}}}}});
    attach_papers(lot, seller, papers);
  }
  return lot;
}

void Stage::list(std::uint32_t lot, const Goods& kind, double price) {
  const auto row = as(seller_of(kind)).get(fmt::format("/v1/lots/{}", lot));
  as(seller_of(kind))
      .post(fmt::format("/v1/lots/{}/listing", lot),
            json::object{{"price", decimal(price, kind.digits)},
                         {"minimum", row.at("quantity")},
                         {"expires_at", moment(now() + 2 * kDay)}});
}

void Stage::announce(std::uint32_t lot, const Goods& kind, double start, std::int64_t opens_in_ns,
                     std::int64_t lasts_ns) {
  const std::int64_t opens = now() + opens_in_ns;
  as(seller_of(kind))
      .post(fmt::format("/v1/lots/{}/auction", lot),
            json::object{{"start", decimal(start, kind.digits)},
                         {"step", decimal(kind.step, kind.digits)},
                         {"open_at", moment(opens)},
                         {"close_at", moment(opens + lasts_ns)}});
}

void Stage::announce_session() {
  constexpr std::size_t kLots = 5;
  std::vector<const Goods*> kinds;
  for (const Goods& kind : goods()) {
    if (kind.product == "live-hog") kinds.push_back(&kind);
  }
  const Names title{"呼兰生猪时钟拍", "Hulan hogs on the clock", "Свиньи Хуланя: торги по часам"};
  const auto made = as("demo-operator")
                        .post("/v1/trading-sessions",
                              json::object{{"product", "live-hog"},
                                           {"opens_at", moment(now() + 15 * 60 * kSecond)},
                                           {"tick_ms", 2000},
                                           {"pause_s", 5},
                                           {"title", names(title)}});
  for (std::size_t i = 0; i < kLots; ++i) {
    const Goods& hogs = *kinds[i % kinds.size()];
    const std::string seller = seller_of(hogs);
    const std::uint32_t lot = draft(hogs, seller, true);
    const auto row = as(seller).get(fmt::format("/v1/lots/{}", lot));
    const int half = std::stoi(std::string(row.at("quantity").as_string())) / 2;
    as(seller).post(fmt::format("/v1/lots/{}/clock", lot),
                    json::object{{"session", id_of(made)},
                                 {"start", decimal(on_tick(hogs, hogs.price * 1.03), hogs.digits)},
                                 {"step", decimal(0.02, hogs.digits)},
                                 {"floor", decimal(on_tick(hogs, hogs.price * 0.97), hogs.digits)},
                                 {"minimum", std::to_string(half)}});
  }
}

void Stage::open_book() {
  const std::int64_t begins = now() + 20 * kSecond;
  as("demo-operator")
      .post("/v1/books", json::object{{"product", "sandbox-maize"},
                                      {"lot", "1000"},
                                      {"reference", "2.240"},
                                      {"call_at", moment(begins)},
                                      {"open_at", moment(begins + 120 * kSecond)},
                                      {"closing_call_at", moment(begins + 8 * kHour)},
                                      {"close_at", moment(begins + 8 * kHour + 120 * kSecond)}});
}

void Stage::load(const json::value& contract, std::string_view who) {
  const std::int64_t now_ns = now();
  const auto id = id_of(contract);
  as(who).post(
      fmt::format("/v1/contracts/{}/load", id),
      json::object{
          {"delivery", 1},
          {"carrier", participant("haulage")},
          {"quantity", contract.at("quantity")},
          {"vehicle", fmt::format("黑A{:05}", 10000 + id % 90000)},
          {"vehicle_filed_until", moment(now_ns + 200 * kDay)},
          {"driver", "演示司机"},
          {"certificate", json::object{{"form", "B"},
                                       {"number", fmt::format("23{:08}", id)},
                                       {"issued_at", moment(now_ns)},
                                       {"expires_at", moment(now_ns + 12 * kHour)},
                                       {"sha256", paper(who, fmt::format("quarantine {}", id))}}}});
}

void Stage::weigh(const json::value& contract) {
  const auto id = id_of(contract);
  const std::string quantity(contract.at("quantity").as_string());
  json::object body{{"delivery", 1}, {"dead", 0}};
  const bool by_head = contract.at("unit").as_string() == "head";
  const json::value* average = contract.as_object().if_contains("average_kg");
  if (by_head && (average == nullptr || !average->is_string())) {
    body["groups"] = json::array{json::object{{"head", std::stoll(quantity)}}};
  } else {
    const double kilograms =
        by_head ? std::stod(quantity) * std::stod(std::string(average->as_string()))
                : std::stod(quantity);
    const double net = std::round(around(kilograms, 0.008));
    body["trucks"] =
        json::array{json::object{{"gross_kg", decimal(net + 14'260, 3)}, {"tare_kg", "14260.000"}}};
  }
  as("demo-inspector").post(fmt::format("/v1/contracts/{}/weigh", id), body);
}

bool Stage::next_step(const json::value& contract,
                      const std::function<bool(std::string_view)>& plays) {
  const std::string state(contract.at("state").as_string());
  const auto id = id_of(contract);
  const std::string seller = login_of(contract.at("seller").at("id").to_number<std::uint32_t>());
  const std::string buyer = login_of(contract.at("buyer").at("id").to_number<std::uint32_t>());
  const std::string path = fmt::format("/v1/contracts/{}/", id);
  if (state == "concluded" && plays(buyer)) {
    as(buyer).post(path + "pay");
  } else if (state == "paid" && plays(seller)) {
    const std::int64_t from =
        gateways::parse_time(std::string_view(contract.at("pickup_from").as_string())).value_or(0);
    const std::string planned = moment(std::max(now(), from) + kHour);
    as(seller).post(
        path + "schedule",
        json::object{{"deliveries", json::array{json::object{{"quantity", contract.at("quantity")},
                                                             {"planned_at", planned}}}}});
  } else if (state == "scheduled" && plays(seller)) {
    load(contract, seller);
  } else if (state == "loaded" && plays("demo-inspector")) {
    as("demo-inspector").post(path + "arrive", json::object{{"delivery", 1}});
  } else if (state == "arrived" && plays("inspector")) {
    weigh(contract);
  } else if (state == "weighed") {
    const auto& accepted = contract.at("accepted");
    const bool by_seller = !accepted.at("seller").as_bool() && plays(seller);
    const bool by_buyer = !accepted.at("buyer").as_bool() && plays(buyer);
    if (by_seller) as(seller).post(path + "accept");
    if (by_buyer) as(buyer).post(path + "accept");
    return by_seller || by_buyer;
  } else {
    return false;
  }
  return true;
}

void Stage::finish(std::uint32_t contract) {
  for (int step = 0; step < 8; ++step) {
    const auto row = as("demo-inspector").get(fmt::format("/v1/contracts/{}", contract));
    if (!next_step(row, [](std::string_view) { return true; })) return;
  }
}

void Stage::play_past(const SkipTime& skip) {
  for (int day = kPastDays; day > 0; --day) {
    const double drift = 1 + 0.004 * std::sin(day * 1.7) - 0.002 * day;
    for (const Goods& kind : goods()) {
      const int trades = kind.product == "live-hog" ? 3 : 1;
      for (int i = 0; i < trades; ++i) {
        const std::string seller = seller_of(kind);
        const std::uint32_t lot = draft(kind, seller, true);
        const double price = on_tick(kind, around(kind.price * drift, 0.006));
        list(lot, kind, price);
        skip(120 * kSecond);
        const auto row = as(seller).get(fmt::format("/v1/lots/{}", lot));
        static constexpr std::string_view kBuyers[] = {"packer", "trader", "northgate"};
        const auto taken =
            as(kBuyers[static_cast<std::size_t>(i + day) % 3])
                .post(fmt::format("/v1/lots/{}/take", lot),
                      json::object{{"price", row.at("price")}, {"quantity", row.at("remaining")}});
        finish(id_of(taken));
      }
    }
    skip(kDay);
  }
}

void Stage::give_mandate() {
  const auto given =
      as("buyer").post("/v1/mandates", json::object{{"agent", participants_.at("agent")},
                                                    {"limit", "3000000.00"},
                                                    {"expires_at", moment(now() + 60 * kDay)}});
  as("agent").post(fmt::format("/v1/mandates/{}/confirm", id_of(given)));
}

void Stage::prepare(const std::vector<std::pair<std::string, std::string>>& product_files,
                    const SkipTime& skip) {
  add_staff();
  add_firms();
  give_mandate();
  add_products(product_files, skip);
  add_references();
  add_marks();
  play_past(skip);
  draft(goods().front(), "farmer", false);
}

void Stage::find_again() {
  const auto products = as("administrator").get("/v1/products");
  for (const auto& row : products.at("items").as_array()) {
    const std::string code(row.at("code").as_string());
    products_[code] = row.at("id").to_number<std::uint32_t>();
    ticks_[code] = std::stod(std::string(row.at("tick").as_string()));
  }
  for (const Firm& firm : firms()) {
    if (firm.kind == "agent") continue;  // plays no part; an older market has none
    const auto me = as(firm.login).get("/v1/me");
    participants_[std::string(firm.login)] =
        me.at("participant").at("id").to_number<std::uint32_t>();
  }
  const auto marks = as("administrator").get("/v1/marks");
  if (!marks.at("items").as_array().empty()) mark_ = id_of(marks.at("items").as_array().front());
}

}  // namespace hulan::app::demo
