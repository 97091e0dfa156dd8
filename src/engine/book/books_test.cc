// SPDX-License-Identifier: Apache-2.0
#include "engine/book/books.h"

#include <gtest/gtest.h>

#include <list>
#include <map>
#include <random>
#include <set>
#include <vector>

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

TEST(TickSet, FindsTheSameNeighboursAsASortedSet) {
  TickSet ticks;
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

/// R5.4 written a second time, as simply as it can be: sorted maps of lists.
class SimpleBook {
 public:
  struct Order {
    OrderId id;
    model::ParticipantId who;
    std::uint32_t quantity;
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

  std::vector<Order*> facing(const NewOrder& o) {
    std::vector<Order*> found;
    for (auto& [k, orders] : side[static_cast<int>(other(o.side))]) {
      if (k > key(other(o.side), o.tick)) break;
      for (Order& order : orders) found.push_back(&order);
    }
    return found;
  }
  bool fills(const NewOrder& o) {
    std::uint64_t sum = 0;
    for (const Order* maker : facing(o)) {
      if (maker->who == o.participant && o.self_trade != SelfTrade::kAllow) {
        if (o.self_trade == SelfTrade::kCancelOldest) continue;
        break;
      }
      sum += maker->quantity;
    }
    return sum >= o.quantity;
  }
  /// Gives what is left to rest; the caller adds it under the id that it was given.
  std::uint32_t place(const NewOrder& o, std::vector<Trade>& met) {
    if (o.rest == Rest::kPostOnly && !facing(o).empty()) return 0;
    if (o.rest == Rest::kFillOrKill && !fills(o)) return 0;
    std::uint32_t open = o.quantity;
    for (Order* maker : facing(o)) {
      if (open == 0) break;
      std::uint32_t both = std::min(open, maker->quantity);
      if (maker->who == o.participant && o.self_trade != SelfTrade::kAllow) {
        if (o.self_trade == SelfTrade::kCancelNewest) {
          open = 0;
          break;
        }
        const bool decrement = o.self_trade == SelfTrade::kDecrement;
        met.push_back({maker->id, decrement ? both : maker->quantity, false});
        maker->quantity -= met.back().quantity;
        if (decrement) open -= both;
        if (o.self_trade == SelfTrade::kCancelBoth) open = 0;
        continue;
      }
      met.push_back({maker->id, both, true});
      maker->quantity -= both;
      open -= both;
    }
    for (auto& levels : side) {
      for (auto& [k, orders] : levels)
        orders.remove_if([](const Order& x) { return x.quantity == 0; });
      std::erase_if(levels, [](const auto& level) { return level.second.empty(); });
    }
    return o.rest == Rest::kRests || o.rest == Rest::kPostOnly ? open : 0;
  }
};

void expect_equal(const Books& books, const SimpleBook& simple) {
  for (const BookSide side : {kBuy, kSell}) {
    std::uint32_t tick = books.best(0, side);
    for (const auto& [key, orders] : simple.side[static_cast<int>(side)]) {
      ASSERT_EQ(SimpleBook::key(side, tick), key);
      std::uint32_t slot = books.first_at(0, side, tick);
      for (const auto& order : orders) {
        ASSERT_NE(slot, 0u);
        ASSERT_EQ(books.slot(slot).quantity, order.quantity);
        ASSERT_EQ(books.slot(slot).participant, order.who);
        ASSERT_EQ(&books.slot(slot), books.find(order.id));
        slot = books.slot(slot).next;
      }
      ASSERT_EQ(slot, 0u);
      tick = books.next_price(0, side, tick);
    }
    ASSERT_EQ(tick, kNoTick);
  }
}

TEST(Books, R5_4_TradeRestReduceAndCancelAsASimpleModelDoes) {
  Books books(1, 16'384);
  SimpleBook simple;
  struct Live {
    BookSide side;
    std::uint32_t tick;
  };
  std::map<OrderId, Live> live;
  Random random(7);
  int refused = 0, trades = 0, prevented = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::uint32_t what = random() % 10;
    if (what < 5 || live.empty()) {
      const bool buys = (random() & 1) != 0;
      NewOrder o{.side = buys ? kBuy : kSell,
                 .rest = static_cast<Rest>(random() % 8 < 5 ? 1 : 1 + random() % 4),
                 .self_trade = static_cast<SelfTrade>(1 + random() % 5),
                 .tick = 30'000 + random() % 60 + (buys ? 0 : 20),
                 .quantity = 1 + random() % 50,
                 .participant = 1 + random() % 6,
                 .user = 1};
      std::vector<SimpleBook::Trade> met, expected;
      const Placed placed = books.place(o, [&](const Met& m) {
        met.push_back({m.id, m.quantity, m.traded});
        if (m.order->quantity == 0) live.erase(m.id);
      });
      const std::uint32_t rest = simple.place(o, expected);
      ASSERT_NE(placed.refusal, Refusal::kPoolFull);
      ASSERT_EQ(met, expected);
      ASSERT_EQ(placed.resting, rest);
      ASSERT_EQ(placed.id != 0, rest != 0);
      std::uint32_t traded = 0;
      for (const auto& trade : expected) {
        if (trade.traded) traded += trade.quantity;
        (trade.traded ? trades : prevented)++;
      }
      ASSERT_EQ(placed.traded, traded);
      if (placed.refusal != Refusal::kNone)
        ++refused;
      else
        ASSERT_EQ(placed.traded + placed.resting + placed.cancelled, o.quantity);
      if (rest != 0) {
        simple.side[static_cast<int>(o.side)][SimpleBook::key(o.side, o.tick)].push_back(
            {placed.id, o.participant, rest});
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
      if (what < 6 && order->quantity > 1) {
        const std::uint32_t by = 1 + random() % (order->quantity - 1);
        books.reduce(id, by);
        order->quantity -= by;
      } else {
        books.cancel(id);
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
  EXPECT_GT(refused, 1000);
  EXPECT_GT(trades, 10'000);
  EXPECT_GT(prevented, 1000);
}

TEST(Books, R5_4_AnOldIdNeverFindsTheOrderThatTookItsSlot) {
  Books books(1, 4);
  const auto none = [](const Met&) {};
  const NewOrder order{.tick = 100, .quantity = 5, .participant = 1};
  const OrderId first = books.place(order, none).id;
  books.cancel(first);
  const OrderId second = books.place(order, none).id;
  EXPECT_EQ(static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(second));
  EXPECT_EQ(books.find(first), nullptr);
  EXPECT_NE(books.find(second), nullptr);
}

TEST(Books, R13_1_RestoredFromTheirBytesTheyGoOnWithTheSameIdsAndHash) {
  Books books(2, 64), again(2, 64);
  const auto none = [](const Met&) {};
  Random random(3);
  const auto step = [&](Books& to, std::uint32_t chance) {
    const auto side = static_cast<BookSide>(chance & 1);
    return to
        .place({.book = static_cast<std::uint16_t>(chance >> 1 & 1),
                .side = side,
                .tick = 100 + (chance >> 2) % 9,
                .quantity = 1 + (chance >> 8) % 20,
                .participant = 1 + (chance >> 16) % 9},
               none)
        .id;
  };
  for (int i = 0; i < 500; ++i) step(books, random());
  step(again, random());  // what it held before is forgotten
  ASSERT_TRUE(again.restore(read_from(books.bytes())));
  again.check();
  for (int i = 0; i < 500; ++i) {
    const std::uint32_t chance = random();
    ASSERT_EQ(step(books, chance), step(again, chance));
  }
  EXPECT_GT(books.live(), 5u);
  EXPECT_EQ(books.hash(), again.hash());
}

TEST(Books, R5_4_AFullPoolRefusesWhatCouldRestAndChangesNothing) {
  Books books(2, 2);
  const auto none = [](const Met&) {};
  NewOrder order{.book = 1, .side = kSell, .tick = 100, .quantity = 5, .participant = 1};
  EXPECT_NE(books.place(order, none).id, 0u);
  order.book = 0;
  EXPECT_NE(books.place(order, none).id, 0u);
  EXPECT_EQ(books.place(order, none).refusal, Refusal::kPoolFull);
  EXPECT_EQ(books.live(), 2u);
  order = {
      .side = kBuy, .rest = Rest::kImmediate, .tick = kTicks - 1, .quantity = 9, .participant = 2};
  const Placed placed = books.place(order, none);
  EXPECT_EQ(placed.traded, 5u);
  EXPECT_EQ(placed.cancelled, 4u);
  books.check();
}

}  // namespace
}  // namespace hulan::engine::book
