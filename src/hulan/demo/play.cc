// SPDX-License-Identifier: Apache-2.0
#include "hulan/demo/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace hulan::app::demo {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000, kMinute = 60 * kSecond;
constexpr std::size_t kLiveLots = 14;
constexpr std::int64_t kVisitIsOver = 10 * kMinute;
constexpr std::array<std::string_view, 3> kBuyers{"packer", "trader", "northgate"};
/// Those a visitor may become act only for the visitor.
constexpr std::array<std::string_view, 4> kVisitorsOwn{"farmer", "buyer", "buyer2", "carrier"};

bool is_one_of(std::string_view login, auto list) {
  return std::find(list.begin(), list.end(), login) != list.end();
}

// What a bot thinks a lot is worth above its start: the same whenever it is asked.
double worth(std::uint32_t lot, std::string_view buyer) {
  return 0.004 +
         0.03 *
             static_cast<double>(std::hash<std::string>{}(fmt::format("{}{}", lot, buyer)) % 1000) /
             1000;
}

double number(const json::value& row, std::string_view key) {
  const json::value* value = row.as_object().if_contains(key);
  return value != nullptr && value->is_string() ? std::stod(std::string(value->as_string())) : 0;
}

}  // namespace

void Visitors::became(const std::string& login, std::int64_t machine_now_ns) {
  const std::lock_guard lock(mutex_);
  logins_.insert(login);
  last_ns_.store(machine_now_ns);
}

bool Visitors::is(std::string_view login) const {
  const std::lock_guard lock(mutex_);
  return logins_.contains(login);
}

bool Visitors::present(std::int64_t machine_now_ns) const {
  return last_ns_.load() != 0 && machine_now_ns - last_ns_.load() < kVisitIsOver;
}

bool Play::chance(double probability) {
  return std::bernoulli_distribution(probability)(stage_.random());
}

bool Play::plays(std::string_view login) const {
  return !visitors_.is(login) && !is_one_of(login, kVisitorsOwn);
}

void Play::round() {
  const auto page = stage_.as("demo-operator").get("/v1/lots?state=live&limit=200");
  const json::array& live = page.at("items").as_array();
  // A refusal here is ordinary: somebody else was first, or a clock struck in between.
  const auto attempt = [](auto&& deed) {
    try {
      deed();
    } catch (const Refused&) {  // somebody was quicker, or it is not the hour: the day goes on
    }
  };
  attempt([&] { bring_goods(live); });
  attempt([&] { bid(live); });
  attempt([&] { take(live); });
  attempt([&] { hold_session(); });
  attempt([&] { trade_book(); });
  attempt([&] { work_on_contracts(); });
}

void Play::bring_goods(const json::array& live) {
  if (live.size() >= kLiveLots || !chance(0.5)) return;
  const Goods& kind = goods()[next_goods_++ % goods().size()];
  const std::uint32_t lot = stage_.draft(kind, stage_.seller_of(kind), true);
  if (kind.auction) {
    const double start = stage_.on_tick(kind, kind.price * 0.985);
    std::uniform_int_distribution<std::int64_t> minutes(12, 40);
    stage_.announce(lot, kind, start, 3 * kMinute, minutes(stage_.random()) * kMinute);
  } else {
    stage_.list(lot, kind, stage_.on_tick(kind, stage_.around(kind.price, 0.008)));
  }
}

void Play::bid(const json::array& live) {
  for (const auto& lot : live) {
    if (lot.at("state").as_string() != "open" || !chance(0.25)) continue;
    const auto id = id_of(lot);
    const auto buyer = kBuyers[stage_.random()() % kBuyers.size()];
    const double start = number(lot, "start"), next = number(lot, "next_bid");
    if (next <= 0 || next > start * (1 + worth(id, buyer))) continue;
    const auto row = stage_.as(buyer).get(fmt::format("/v1/lots/{}", id));
    if (row.at("leading").as_bool()) continue;
    // A visitor who bids is left the field.
    bool visitor_bids = false;
    for (const auto own : {"buyer", "buyer2"}) {
      if (!visitors_.is(own)) continue;
      const auto seen = stage_.as(own).get(fmt::format("/v1/lots/{}", id));
      visitor_bids = visitor_bids || seen.at("leading").as_bool() || seen.at("outbid").as_bool();
    }
    if (visitor_bids) continue;
    stage_.as(buyer).post(fmt::format("/v1/lots/{}/bids", id),
                          json::object{{"price", row.at("next_bid")}});
  }
}

void Play::take(const json::array& live) {
  for (const auto& lot : live) {
    if (lot.at("state").as_string() != "listed" || !chance(0.012)) continue;
    const auto buyer = kBuyers[stage_.random()() % kBuyers.size()];
    stage_.as(buyer).post(
        fmt::format("/v1/lots/{}/take", id_of(lot)),
        json::object{{"price", lot.at("price")}, {"quantity", lot.at("remaining")}});
  }
}

/// The sandbox's book (R5.4): opened again when it has closed; bots quote around the last price.
void Play::trade_book() {
  const auto page = stage_.as("demo-operator").get("/v1/books");
  const json::array& items = page.at("items").as_array();
  const std::string_view phase =
      items.empty() ? std::string_view("closed") : items[0].at("phase").as_string();
  if (phase == "closed") {
    if (items.empty() || items[0].at("phase_until").is_null()) stage_.open_book();
    return;
  }
  if (phase == "uncrossing" || phase == "closing") return;
  const auto book = id_of(items[0]);
  for (int orders = 0; orders < 2; ++orders) place_order(book, items[0].as_object());
  if (!chance(0.5)) return;
  const auto who = kBuyers[stage_.random()() % kBuyers.size()];
  const auto mine = stage_.as(who).get("/v1/orders");
  const json::array& live = mine.at("items").as_array();
  if (live.size() < 8) return;
  const auto& oldest = live[stage_.random()() % live.size()];
  stage_.as(who).post(fmt::format("/v1/orders/{}/cancel", std::string(oldest.at("id").as_string())),
                      json::object{});
}

void Play::place_order(std::uint32_t book, const json::object& row) {
  const bool buys = chance(0.5);
  const double last = number(row, "last"), reference = number(row, "reference");
  const double middle = last > 0 ? last * 0.9 + reference * 0.1 : reference;
  std::exponential_distribution<double> far(1 / 0.006);
  const double away = far(stage_.random()) - (chance(0.25) ? 0.006 : 0.0005);
  const double price =
      std::clamp(buys ? middle - away : middle + away, reference * 0.955, reference * 1.045);
  std::uniform_int_distribution<std::uint32_t> lots(1, 25);
  stage_.as(kBuyers[stage_.random()() % kBuyers.size()])
      .post(fmt::format("/v1/books/{}/orders", book),
            json::object{{"side", buys ? "buy" : "sell"},
                         {"price", fmt::format("{:.3f}", price)},
                         {"quantity", lots(stage_.random())}});
}

/// One session on the clock is always announced or running; bots take now and then.
void Play::hold_session() {
  const auto page = stage_.as("demo-operator").get("/v1/trading-sessions?limit=1");
  const json::array& items = page.at("items").as_array();
  if (items.empty() || items[0].at("state").as_string() == "ended")
    return stage_.announce_session();
  const json::value& current = items[0].at("current");
  if (!current.is_number() || !chance(0.2)) return;
  const auto lot = current.to_number<std::uint32_t>();
  const auto buyer = kBuyers[stage_.random()() % kBuyers.size()];
  const auto row = stage_.as(buyer).get(fmt::format("/v1/lots/{}", lot));
  // The clock stands below its start: whoever would pay the start pays what it shows.
  stage_.as(buyer).post(
      fmt::format("/v1/lots/{}/take", lot),
      json::object{{"price", row.at("start")},
                   {"quantity", chance(0.5) ? row.at("remaining") : row.at("minimum")}});
}

void Play::work_on_contracts() {
  static constexpr std::array<std::string_view, 6> kStates{"concluded", "paid",    "scheduled",
                                                           "loaded",    "arrived", "weighed"};
  for (const auto state : kStates) {
    const auto page =
        stage_.as("demo-inspector").get(fmt::format("/v1/contracts?state={}&limit=50", state));
    for (const auto& row : page.at("items").as_array()) {
      if (!chance(0.15)) continue;
      const auto contract =
          stage_.as("demo-inspector").get(fmt::format("/v1/contracts/{}", id_of(row)));
      const std::string seller =
          stage_.login_of(contract.at("seller").at("id").to_number<std::uint32_t>());
      const std::string buyer =
          stage_.login_of(contract.at("buyer").at("id").to_number<std::uint32_t>());
      const bool visitors_contract = !plays(seller) || !plays(buyer);
      (void)stage_.next_step(contract, [&](std::string_view login) {
        // Weighing and arrival of a visitor's animals are the visitor's to do, if one came as an
        // inspector.
        if (visitors_contract && (login == "demo-inspector" || login == "inspector")) return false;
        return login == "inspector" || login == "demo-inspector" || plays(login);
      });
    }
  }
}

}  // namespace hulan::app::demo
