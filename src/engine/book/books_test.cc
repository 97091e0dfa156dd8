// SPDX-License-Identifier: Apache-2.0
#include "engine/book/books.h"

#include <gtest/gtest.h>

#include <functional>
#include <list>
#include <map>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "engine/book/uncross.h"

namespace hulan::engine::book {
namespace {

using enum BookSide;

/// Numbers that are the same in every run.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

TEST(TickSet, finds_the_same_neighbours_as_a_sorted_set) {
  TickSet ticks{};
  std::set<std::uint32_t> model;
  Random random(1);
  for (int i = 0; i < 200'000; ++i) {
    const bool near = (random() & 1) != 0;
    const std::uint32_t tick = near ? 30'000 + random() % 200 : random() % kTicks;
    if (random() % 3 != 0 && model.size() < 300) {
      ticks.add(tick);
      model.insert(tick);
    } else if (const auto at = model.lower_bound(tick); at != model.end()) {
      ticks.remove(*at);
      model.erase(at);
    }
    const std::uint32_t from = random() % kTicks;
    const auto up = model.lower_bound(from);
    ASSERT_EQ(ticks.at_or_above(from), up == model.end() ? kNoTick : *up);
    const auto down = model.upper_bound(from);
    ASSERT_EQ(ticks.at_or_below(from), down == model.begin() ? kNoTick : *std::prev(down));
  }
}

/// An order as the tests place it: what orders.cc composes of look, match and rest.
struct NewOrder {
  std::uint16_t book = 0;
  BookSide side = kBuy;
  model::OrderLife life = model::OrderLife::kSession;
  SelfTrade self_trade = SelfTrade::kCancelOldest;
  std::uint32_t tick = 0;
  std::uint32_t quantity = 0;
  std::uint32_t position = 0;
  std::uint32_t display = 0;
};

struct Placed {
  OrderId id = 0;
  std::uint32_t resting = 0;
  Taking taking{};
};

Placed place(Books& books, const NewOrder& order, const std::function<void(const Met&)>& on_met) {
  Placed placed;
  placed.taking = {.book = order.book,
                   .side = order.side,
                   .self_trade = order.self_trade,
                   .limit = order.tick,
                   .open = order.quantity};
  const auto own = [&](const OrderSlot& maker) {
    return maker.position == order.position && order.self_trade != SelfTrade::kAllow;
  };
  books.match(placed.taking, own, on_met);
  const std::uint32_t open = placed.taking.open;
  if (open == 0 || order.life == model::OrderLife::kImmediate) return placed;
  placed.resting = open;
  OrderTermsRow terms{};
  if (order.display != 0 && order.display < open) {
    terms.hidden = open - order.display;
    terms.display = order.display;
  }
  placed.id = books.rest({.book = order.book,
                          .queue = queue_of(order.side),
                          .tick = order.tick,
                          .quantity = open - terms.hidden,
                          .position = order.position,
                          .user = 1,
                          .terms = terms.hidden == 0 ? nullptr : &terms});
  return placed;
}

/// R5.4 written a second time, as simply as it can be: sorted maps of lists.
class SimpleBook {
 public:
  struct Order {
    OrderId id;
    std::uint32_t who;
    std::uint32_t quantity;
    std::uint32_t hidden = 0;
    std::uint32_t display = 0;
  };
  struct Trade {
    OrderId id;
    std::uint32_t quantity;
    bool traded;
    bool operator==(const Trade&) const = default;
  };
  std::map<std::uint32_t, std::list<Order>> side[2];  // buy prices as kTicks - tick: best first

  static std::uint32_t key(BookSide s, std::uint32_t tick) {
    return s == kBuy ? kTicks - tick : tick;
  }

  /// Gives what is left to rest; the caller adds it under the id that it was given.
  std::uint32_t place(const NewOrder& o, std::vector<Trade>& met) {
    std::uint32_t open = o.quantity;
    auto& levels = side[static_cast<int>(other(o.side))];
    while (open != 0 && !levels.empty() && levels.begin()->first <= key(other(o.side), o.tick)) {
      auto& orders = levels.begin()->second;
      Order maker = orders.front();
      const bool own = maker.who == o.position && o.self_trade != SelfTrade::kAllow;
      if (own && o.self_trade == SelfTrade::kCancelNewest) return 0;
      orders.pop_front();
      if (own && o.self_trade != SelfTrade::kDecrement) {
        met.push_back({maker.id, maker.quantity + maker.hidden, false});
        if (o.self_trade == SelfTrade::kCancelBoth) open = 0;
      } else {
        const std::uint32_t both = std::min(open, maker.quantity);
        met.push_back({maker.id, both, !own});
        open -= both;
        maker.quantity -= both;
        if (maker.quantity != 0) orders.push_front(maker);
        if (maker.quantity == 0 && maker.hidden != 0) {
          maker.quantity = std::min(maker.display, maker.hidden);
          maker.hidden -= maker.quantity;
          orders.push_back(maker);
        }
      }
      if (orders.empty()) levels.erase(levels.begin());
    }
    return o.life == model::OrderLife::kImmediate ? 0 : open;
  }
};

void expect_equal(const Books& books, const SimpleBook& simple) {
  for (const BookSide side : {kBuy, kSell}) {
    const Queue queue = queue_of(side);
    std::uint32_t tick = books.best(0, queue);
    for (const auto& [key, orders] : simple.side[static_cast<int>(side)]) {
      ASSERT_EQ(SimpleBook::key(side, tick), key);
      std::uint32_t slot = books.level(0, queue, tick).first;
      for (const auto& order : orders) {
        ASSERT_NE(slot, 0u);
        ASSERT_EQ(books.slot(slot).quantity, order.quantity);
        ASSERT_EQ(books.slot(slot).position, order.who);
        ASSERT_EQ(books.open_of(slot), order.quantity + order.hidden);
        ASSERT_EQ(&books.slot(slot), books.find(order.id));
        slot = books.slot(slot).next;
      }
      ASSERT_EQ(slot, 0u);
      tick = books.next_price(0, queue, tick);
    }
    ASSERT_EQ(tick, kNoTick);
  }
}

TEST(Books, R5_4_they_trade_rest_reduce_and_cancel_as_a_simple_model_does) {
  Books books(1, 16'384);
  SimpleBook simple;
  struct Live {
    BookSide side;
    std::uint32_t tick;
  };
  std::map<OrderId, Live> live;
  Random random(7);
  int trades = 0, prevented = 0, refills = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::uint32_t what = random() % 10;
    if (what < 5 || live.empty()) {
      const bool buys = (random() & 1) != 0;
      NewOrder o{
          .side = buys ? kBuy : kSell,
          .life = random() % 8 == 0 ? model::OrderLife::kImmediate : model::OrderLife::kSession,
          .self_trade = static_cast<SelfTrade>(1 + random() % 5),
          .tick = 30'000 + random() % 60 + (buys ? 0 : 20),
          .quantity = 1 + random() % 50,
          .position = 1 + random() % 6,
          .display = random() % 4 == 0 ? 1 + random() % 10 : 0};
      std::vector<SimpleBook::Trade> met, expected;
      const Placed placed = place(books, o, [&](const Met& m) {
        met.push_back({m.id, m.quantity, m.traded});
        if (m.after == 0) live.erase(m.id);
        if (m.refilled) ++refills;
      });
      const std::uint32_t rest = simple.place(o, expected);
      ASSERT_EQ(met, expected);
      ASSERT_EQ(placed.resting, rest);
      for (const auto& trade : expected) (trade.traded ? trades : prevented)++;
      if (rest != 0) {
        const std::uint32_t shown = o.display != 0 && o.display < rest ? o.display : rest;
        simple.side[static_cast<int>(o.side)][SimpleBook::key(o.side, o.tick)].push_back(
            {placed.id, o.position, shown, rest - shown, o.display});
        ASSERT_TRUE(live.emplace(placed.id, Live{o.side, o.tick}).second);
      }
    } else {
      auto at = live.lower_bound(random() % 16'384 + (OrderId{random() % 1000} << 32));
      if (at == live.end()) at = live.begin();
      const auto [id, where] = *at;
      auto& levels = simple.side[static_cast<int>(where.side)];
      auto& level = levels[SimpleBook::key(where.side, where.tick)];
      const auto order =
          std::find_if(level.begin(), level.end(), [&](const auto& x) { return x.id == id; });
      ASSERT_NE(order, level.end());
      if (const std::uint32_t open = order->quantity + order->hidden; what < 6 && open > 1) {
        const std::uint32_t by = 1 + random() % (open - 1);
        books.reduce(Books::slot_of(id), by);
        const std::uint32_t hidden = std::min(by, order->hidden);
        order->hidden -= hidden;
        order->quantity -= by - hidden;
      } else {
        books.take_out(Books::slot_of(id));
        ASSERT_EQ(books.find(id), nullptr);
        level.erase(order);
        if (level.empty()) levels.erase(SimpleBook::key(where.side, where.tick));
        live.erase(at);
      }
    }
    if (i % 500 == 0) {
      books.check();
      ASSERT_NO_FATAL_FAILURE(expect_equal(books, simple));
    }
  }
  EXPECT_EQ(books.live(), live.size());
  EXPECT_GT(trades, 10'000);
  EXPECT_GT(prevented, 1000);
  EXPECT_GT(refills, 1000);
}

TEST(Books, R5_4_an_old_id_never_finds_the_order_that_took_its_slot) {
  Books books(1, 4);
  const auto none = [](const Met&) {};
  const NewOrder order{.tick = 100, .quantity = 5, .position = 1};
  const OrderId first = place(books, order, none).id;
  books.take_out(Books::slot_of(first));
  const OrderId second = place(books, order, none).id;
  EXPECT_EQ(Books::slot_of(first), Books::slot_of(second));
  EXPECT_EQ(books.find(first), nullptr);
  EXPECT_NE(books.find(second), nullptr);
}

TEST(Books, R13_1_restored_from_their_bytes_they_go_on_with_the_same_ids_and_hash) {
  Books books(2, 64), again(2, 64);
  const auto none = [](const Met&) {};
  Random random(3);
  const auto step = [&](Books& to, std::uint32_t chance) {
    if (to.full()) return OrderId{0};
    return place(to,
                 {.book = static_cast<std::uint16_t>(chance >> 1 & 1),
                  .side = static_cast<BookSide>(chance & 1),
                  .tick = 100 + (chance >> 2) % 9,
                  .quantity = 1 + (chance >> 8) % 20,
                  .position = 1 + (chance >> 16) % 9,
                  .display = (chance >> 24) % 3},
                 none)
        .id;
  };
  for (int i = 0; i < 500; ++i) step(books, random());
  step(again, random());  // what it held before is forgotten
  ASSERT_TRUE(again.orders().restore(read_from(books.orders().bytes())));
  ASSERT_TRUE(again.order_terms().restore(read_from(books.order_terms().bytes())));
  ASSERT_TRUE(again.rebuild());
  again.check();
  for (int i = 0; i < 500; ++i) {
    const std::uint32_t chance = random();
    ASSERT_EQ(step(books, chance), step(again, chance));
  }
  EXPECT_GT(books.live(), 5u);
  EXPECT_EQ(books.orders().hash(), again.orders().hash());
}

/// The price that R5.4 asks for, found by trying every price.
Auction auction_by_trying(const Books& books, std::uint32_t reference) {
  Auction best{};
  for (std::uint32_t tick = 1; tick < 400; ++tick) {
    std::int64_t bought = 0, sold = 0;
    for (std::uint32_t t = 1; t < 400; ++t) {
      if (t >= tick) bought += static_cast<std::int64_t>(books.level(0, Queue::kBuy, t).quantity);
      if (t <= tick) sold += static_cast<std::int64_t>(books.level(0, Queue::kSell, t).quantity);
    }
    const std::int64_t quantity = std::min(bought, sold);
    if (quantity == 0) continue;
    const auto rank = [&](const Auction& a) {
      return std::tuple(-a.quantity, std::abs(a.imbalance),
                        std::abs(std::int64_t{a.tick} - std::int64_t{reference}), a.tick);
    };
    const Auction here{tick, quantity, bought - sold};
    if (best.tick == 0 || rank(here) < rank(best)) best = here;
  }
  return best;
}

TEST(Books, R5_4_the_auction_price_maximises_quantity_then_balance_then_nearness) {
  Random random(11);
  int crossed = 0;
  for (int round = 0; round < 300; ++round) {
    Books books(1, 256);
    const std::uint32_t orders = 1 + random() % 20;
    for (std::uint32_t i = 0; i < orders; ++i) {
      books.rest({.queue = (random() & 1) != 0 ? Queue::kBuy : Queue::kSell,
                  .tick = 100 + random() % 30,
                  .quantity = 1 + random() % 4,
                  .position = 1});
    }
    const std::uint32_t reference = 95 + random() % 40;
    const Auction expected = auction_by_trying(books, reference);
    const Auction found = auction_of(books, 0, model::Price{reference}, model::Price{1});
    ASSERT_EQ(found.tick, expected.tick);
    ASSERT_EQ(found.quantity, expected.quantity);
    ASSERT_EQ(found.imbalance, expected.imbalance);
    if (found.tick != 0) ++crossed;
  }
  EXPECT_GT(crossed, 200);
}

}  // namespace
}  // namespace hulan::engine::book
