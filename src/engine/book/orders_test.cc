// SPDX-License-Identifier: Apache-2.0
#include "engine/book/orders.h"

#include <gtest/gtest.h>

#include "engine/book/book_session.h"
#include "engine/book/uncross.h"
#include "engine/testing.h"

namespace hulan::engine::book {
namespace {

using namespace engine::testing;
using model::BookPhase;
using model::OrderKind;
using model::OrderLife;
using model::OrderOutReason;

constexpr Fen kAll{TestMarket::kMoney};

/// Both bonds on `lots` of 1 t at a price in li/kg: 5 % and 0.5 % of price x 100 fen a tonne.
constexpr Fen bonds(std::int64_t price_li, std::int64_t lots) {
  const std::int64_t nominal = price_li * 100 * lots;
  return Fen{(nominal * 500 + 9'999) / 10'000 + (nominal * 50 + 9'999) / 10'000};
}

/// Corn by the tonne, with a permit: reference 2 400 li/kg, tick 1, band 5 %.
struct Orders : ::testing::Test {
  static model::ProductRow corn() {
    model::ProductRow p = hogs();
    p.code = {};
    std::memcpy(p.code.data(), "corn", 4);
    p.tick = Price{1};
    p.methods = model::method_bit(model::Method::kOrderBook);
    p.unit = model::QuantityUnit::kGrams;
    p.grade_count = 0;
    p.grade_adjust = {};
    p.single_count = 0;
    p.single_adjust = {};
    p.band_count = 0;
    p.bands = {};
    p.disposal_fen_per_head = p.keeping_fen_per_head_day = Fen{};
    p.needs_average = p.needs_tags = p.needs_quarantine = 0;
    p.required_count = 0;
    p.required = {};
    return p;
  }
  static model::ProductTermsRow permit() {
    model::ProductTermsRow t{};
    std::memcpy(t.permit_authority.data(), "sandbox", 7);
    std::memcpy(t.permit_number.data(), "1", 1);
    t.permit_date = 1;
    t.call_auction_ns = 60 * model::kSecond;
    t.volatility_bp = 200;
    return t;
  }

  TestMarket m;
  model::ProductId product = 0;
  model::BookId book = 0;

  void define(const model::ProductTermsRow& terms) {
    model::DefineProductTerms body{};
    body.product = corn();
    body.terms = terms;
    ASSERT_EQ(m.send_approved(kOperator, body, {kSupervisor}).reject, Reject::ok);
    product = m.engine.state().products.size() - 1;
  }
  model::OpenBook session() const {
    const std::int64_t now = m.now.value;
    return {product,
            1'000'000,
            0,
            2'400,
            now,
            now + 10 * model::kMinute,
            now + model::kHour,
            now + 70 * model::kMinute};
  }
  /// A session in continuous trading, opened without a trade.
  void open(const model::ProductTermsRow& terms = permit()) {
    define(terms);
    const Replied opened = m.send(kOperator, session());
    ASSERT_EQ(opened.reject, Reject::ok);
    book = opened.id;
    m.advance(10 * model::kMinute);
    m.tick();
    ASSERT_EQ(row().phase, BookPhase::kContinuous);
  }
  const model::BookRow& row() const { return m.engine.state().book_rows[book]; }
  const Books& books() const { return m.engine.state().books; }

  model::PlaceOrder order(BookSide side, std::int64_t price, std::uint32_t lots,
                          OrderLife life = OrderLife::kSession,
                          SelfTrade own = SelfTrade::kCancelOldest) const {
    const bool market = price == 0;
    return {book,
            side,
            market ? OrderKind::kMarket : OrderKind::kLimit,
            market ? OrderLife::kImmediate : life,
            own,
            price,
            lots};
  }
  Replied place(model::ParticipantId who, const model::PlaceOrder& body) {
    return m.send(trader(who), body);
  }
  Replied buy(model::ParticipantId who, std::int64_t price, std::uint32_t lots,
              OrderLife life = OrderLife::kSession) {
    return place(who, order(BookSide::kBuy, price, lots, life));
  }
  Replied sell(model::ParticipantId who, std::int64_t price, std::uint32_t lots,
               OrderLife life = OrderLife::kSession) {
    return place(who, order(BookSide::kSell, price, lots, life));
  }
  OrderId id_of(const Replied& reply) const { return reply.id == 0 ? 0 : books().id_of(reply.id); }
  const model::PositionRow& position(model::ParticipantId who) const {
    return m.engine.state().positions[m.engine.state().derived.positions.find(who, book)];
  }
  /// (price, quantity, seller's participant) of the last command's trades.
  std::vector<std::pair<std::int64_t, std::uint32_t>> trades() const {
    std::vector<std::pair<std::int64_t, std::uint32_t>> found;
    for (const auto& t : m.events<model::OrderTraded>()) {
      found.emplace_back(t.price.value, t.quantity);
    }
    return found;
  }
  /// Sends a numbered order without checking every invariant afterwards: for thousands of them.
  template <class Body>
  Replied quick(model::ParticipantId who, const Body& body) {
    model::RecordHeader header = m.header(trader(who), body.kType);
    header.client_id.fill(0xFF);
    const std::uint64_t big = std::byteswap(++number);
    std::memcpy(header.client_id.data() + 8, &big, sizeof(big));
    header.body_length = sizeof(body);
    std::uint8_t bytes[sizeof(body)];
    std::memcpy(bytes, &body, sizeof(body));
    quick_events.clear();
    m.engine.apply({header, m.engine.sequence() + 1, m.now, bytes}, quick_events);
    Replied reply;
    constexpr std::size_t kReply = (sizeof(reply) + 15) / 16 * 16;
    const auto told = quick_events.bytes();
    std::memcpy(&reply, told.data() + told.size() - kReply, sizeof(reply));
    return reply;
  }
  std::uint64_t number = 0;
  EventBuffer quick_events{2 * model::kMaxEventBytesPerCommand};

  using Trades = std::vector<std::pair<std::int64_t, std::uint32_t>>;
};

TEST_F(Orders, R5_4_no_book_opens_without_a_permit) {
  model::DefineProductTerms body{};
  body.product = corn();
  EXPECT_EQ(m.send(kOperator, body).reject, Reject::order_book_without_permit);
  product = m.product_id;
  EXPECT_EQ(m.send(kOperator, session()).reject, Reject::method_not_allowed);
}

TEST_F(Orders, R5_4_the_best_price_trades_first_and_at_one_price_the_earliest) {
  open();
  sell(kFarm, 2'410, 3);
  sell(kFarm2, 2'405, 2);
  sell(kFarm, 2'405, 4);
  buy(kBuyer, 2'410, 7);
  const auto met = m.events<model::OrderTraded>();
  ASSERT_EQ(met.size(), 3u);
  EXPECT_EQ(trades(), (Trades{{2'405, 2}, {2'405, 4}, {2'410, 1}}));
  EXPECT_EQ(m.engine.state().positions[met[0].seller].participant, kFarm2);
  EXPECT_EQ(position(kBuyer).net, 7);
  EXPECT_EQ(position(kFarm).net, -5);
  EXPECT_EQ(position(kBuyer).paid.value, (2'405 * 6 + 2'410) * 100);
  EXPECT_EQ(row().last, Price{2'410});
}

TEST_F(Orders, R6_1_both_bonds_are_frozen_at_the_limit_and_the_trade_takes_its_own) {
  open();
  sell(kFarm, 2'405, 10);
  EXPECT_EQ(m.frozen(kFarm), bonds(2'405, 10));
  buy(kBuyer, 2'420, 4);
  EXPECT_EQ(m.frozen(kBuyer), bonds(2'405, 4)) << "at the price of the trade";
  EXPECT_EQ(m.frozen(kFarm), bonds(2'405, 10)) << "what traded took its share along";
  buy(kBuyer, 2'400, 5);
  EXPECT_EQ(m.frozen(kBuyer), bonds(2'405, 4) + bonds(2'400, 5));
}

TEST_F(Orders, R6_1_no_funds_no_order) {
  open();
  EXPECT_EQ(buy(kBuyer, 2'400, 100'000).reject, Reject::no_funds);
  EXPECT_EQ(m.frozen(kBuyer), Fen{});
  const std::int64_t most = TestMarket::kMoney / 13'200;  // 5.5 % of 240 000 fen
  EXPECT_EQ(buy(kBuyer, 2'400, static_cast<std::uint32_t>(most)).reject, Reject::ok);
  EXPECT_EQ(buy(kBuyer, 2'400, 1).reject, Reject::no_funds);
}

TEST_F(Orders, R6_1_a_cancel_returns_all_and_parts_add_up_to_the_fen) {
  open();
  const OrderId id = id_of(sell(kFarm, 2'407, 7));
  buy(kBuyer, 2'407, 3);
  EXPECT_EQ(m.send(trader(kFarm), model::CancelOrder{id}).reject, Reject::ok);
  EXPECT_EQ(position(kFarm).performance + position(kFarm).trading, m.frozen(kFarm));
  EXPECT_EQ(m.available(kFarm) + m.frozen(kFarm), kAll);
  EXPECT_EQ(m.send(trader(kFarm), model::CancelOrder{id}).reject, Reject::unknown_order);
  EXPECT_EQ(m.send(trader(kBuyer), model::CancelOrder{id}).reject, Reject::unknown_order);
}

TEST_F(Orders, R5_4_reduce_keeps_the_place_in_time_and_replace_loses_it) {
  open();
  const OrderId first = id_of(sell(kFarm, 2'405, 5));
  const OrderId second = id_of(sell(kFarm2, 2'405, 5));
  ASSERT_EQ(m.send(trader(kFarm), model::ReduceOrder{first, 2}).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kFarm), bonds(2'405, 3));
  buy(kBuyer, 2'405, 1);
  EXPECT_EQ(m.events<model::OrderTraded>().at(0).sell, first);
  ASSERT_EQ(
      m.send(trader(kFarm), model::ReplaceOrder{first, 2'405, 2, SelfTrade::kCancelOldest, {}})
          .reject,
      Reject::ok);
  EXPECT_EQ(books().find(first), nullptr);
  buy(kBuyer, 2'405, 1);
  EXPECT_EQ(m.events<model::OrderTraded>().at(0).sell, second);
  EXPECT_EQ(m.send(trader(kFarm2), model::ReduceOrder{second, 4}).reject, Reject::invalid_quantity);
  EXPECT_EQ(m.send(trader(kFarm), model::ReduceOrder{second, 1}).reject, Reject::not_your_order);
}

TEST_F(Orders, R5_4_a_refused_replacement_leaves_the_order_as_it_was) {
  open();
  const OrderId id = id_of(sell(kFarm, 2'405, 5));
  const auto replace = [&](std::int64_t price, std::uint32_t lots) {
    return m.send(trader(kFarm), model::ReplaceOrder{id, price, lots, SelfTrade::kCancelOldest, {}})
        .reject;
  };
  EXPECT_EQ(replace(2'405, 10'000'000), Reject::no_funds);
  EXPECT_EQ(replace(9'999, 5), Reject::out_of_band);
  ASSERT_NE(books().find(id), nullptr);
  EXPECT_EQ(m.frozen(kFarm), bonds(2'405, 5));
}

TEST_F(Orders, R5_4_immediate_and_market_orders_never_rest) {
  open();
  sell(kFarm, 2'405, 3);
  EXPECT_EQ(buy(kBuyer, 2'405, 5, OrderLife::kImmediate).id, 0u);
  EXPECT_EQ(m.events<model::OrderAccepted>().at(0).cancelled, 2u);
  EXPECT_EQ(m.frozen(kBuyer), bonds(2'405, 3));
  sell(kFarm, 2'406, 3);
  EXPECT_EQ(buy(kBuyer2, 0, 4).reject, Reject::ok);
  EXPECT_EQ(trades(), (Trades{{2'406, 3}}));
  EXPECT_EQ(buy(kBuyer2, 0, 4).reject, Reject::ok) << "an empty book: nothing happens";
  EXPECT_EQ(books().live(), 0u);
}

TEST_F(Orders, R5_4_fill_or_kill_trades_whole_or_changes_nothing) {
  open();
  sell(kFarm, 2'405, 3);
  sell(kFarm2, 2'406, 3);
  EXPECT_EQ(buy(kBuyer, 2'406, 7, OrderLife::kFillOrKill).reject, Reject::cannot_fill);
  EXPECT_EQ(buy(kBuyer, 2'405, 4, OrderLife::kFillOrKill).reject, Reject::cannot_fill);
  EXPECT_EQ(books().live(), 2u);
  EXPECT_EQ(buy(kBuyer, 2'406, 6, OrderLife::kFillOrKill).reject, Reject::ok);
  EXPECT_EQ(books().live(), 0u);
}

TEST_F(Orders, R5_4_post_only_is_refused_where_it_would_trade) {
  open();
  sell(kFarm, 2'405, 3);
  EXPECT_EQ(buy(kBuyer, 2'405, 1, OrderLife::kPostOnly).reject, Reject::would_trade);
  EXPECT_EQ(buy(kBuyer, 2'404, 1, OrderLife::kPostOnly).reject, Reject::ok);
}

TEST_F(Orders, R5_4_a_good_till_order_goes_out_at_its_time) {
  open();
  const std::int64_t until = m.now.value + model::kMinute;
  const model::PlaceOrderTerms body{order(BookSide::kSell, 2'405, 3, OrderLife::kGoodTill), 0,
                                    until, 0};
  ASSERT_EQ(m.send(trader(kFarm), body).reject, Reject::ok);
  m.advance(model::kMinute - 1);
  EXPECT_EQ(books().live(), 1u);
  m.advance(1);
  EXPECT_EQ(books().live(), 0u);
  EXPECT_EQ(m.events<model::OrderOut>().at(0).reason, OrderOutReason::kExpired);
  EXPECT_EQ(m.frozen(kFarm), Fen{});
}

TEST_F(Orders, R5_4_an_iceberg_shows_a_part_and_each_new_part_is_last_in_time) {
  open();
  const model::PlaceOrderTerms body{order(BookSide::kSell, 2'405, 10), 0, 0, 4};
  const OrderId iceberg = id_of(m.send(trader(kFarm), body));
  EXPECT_EQ(m.events<model::OrderAccepted>().at(0).shown, 4u);
  const OrderId plain = id_of(sell(kFarm2, 2'405, 5));
  EXPECT_EQ(m.frozen(kFarm), bonds(2'405, 10)) << "bonded whole";
  buy(kBuyer, 2'405, 12);
  const auto met = m.events<model::OrderTraded>();
  ASSERT_EQ(met.size(), 3u);
  EXPECT_EQ(std::tuple(met[0].sell, met[0].quantity), std::tuple(iceberg, 4u));
  EXPECT_EQ(std::tuple(met[1].sell, met[1].quantity), std::tuple(plain, 5u));
  EXPECT_EQ(std::tuple(met[2].sell, met[2].quantity), std::tuple(iceberg, 3u));
}

TEST_F(Orders, R5_4_a_stop_order_waits_for_a_trade_at_its_price) {
  open();
  const model::PlaceOrderTerms stop{order(BookSide::kBuy, 2'420, 2), 2'410, 0, 0};
  ASSERT_EQ(m.send(trader(kBuyer2), stop).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kBuyer2), bonds(2'420, 2));
  sell(kFarm, 2'409, 1);
  sell(kFarm, 2'410, 1);
  sell(kFarm, 2'415, 5);
  buy(kBuyer, 2'409, 1);
  EXPECT_EQ(position(kBuyer2).net, 0);
  buy(kBuyer, 2'410, 1);
  EXPECT_EQ(trades(), (Trades{{2'410, 1}, {2'415, 2}}));
  EXPECT_EQ(position(kBuyer2).net, 2);
  EXPECT_EQ(m.frozen(kBuyer2), bonds(2'415, 2));
  const auto out = m.events<model::OrderOut>();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].reason, OrderOutReason::kTriggered);
}

TEST_F(Orders, R5_4_stop_orders_trigger_one_another_in_bounded_steps) {
  open();
  for (std::int64_t i = 0; i < 40; ++i) {
    sell(kFarm, 2'401 + i, 1);
    const model::PlaceOrderTerms stop{order(BookSide::kBuy, 0, 1), 2'401 + i, 0, 0};
    ASSERT_EQ(m.send(trader(kBuyer2), stop).reject, Reject::ok);
  }
  buy(kBuyer, 2'401, 1);
  EXPECT_EQ(trades().size(), 17u) << "sixteen at once";
  m.tick();
  m.tick();
  EXPECT_EQ(position(kBuyer2).net, 39);
  EXPECT_EQ(books().live(), 0u) << "the last found nothing to trade with";
}

TEST_F(Orders, R5_6_an_order_never_trades_with_one_of_the_same_participant) {
  open();
  const auto own = [&](SelfTrade mode, std::uint32_t lots) {
    return place(kFarm, order(BookSide::kBuy, 2'405, lots, OrderLife::kSession, mode));
  };
  EXPECT_EQ(own(SelfTrade::kAllow, 1).reject, Reject::self_trade_not_allowed);
  sell(kFarm, 2'405, 3);
  EXPECT_EQ(own(SelfTrade::kCancelNewest, 2).id, 0u);
  EXPECT_EQ(books().live(), 1u);
  EXPECT_EQ(own(SelfTrade::kDecrement, 2).id, 0u);
  EXPECT_EQ(m.frozen(kFarm), bonds(2'405, 1));
  EXPECT_EQ(own(SelfTrade::kCancelBoth, 2).id, 0u);
  EXPECT_EQ(books().live(), 0u);
  sell(kFarm, 2'405, 3);
  EXPECT_NE(own(SelfTrade::kCancelOldest, 2).id, 0u);
  EXPECT_EQ(m.frozen(kFarm), bonds(2'405, 2));
  EXPECT_EQ(row().trades, 0);
}

TEST_F(Orders, R5_6_related_parties_do_not_trade_with_each_other) {
  open();
  ASSERT_EQ(m.send(kOperator, model::RelateParticipants{kFarm, kBuyer, 1}).reject, Reject::ok);
  sell(kFarm, 2'405, 3);
  sell(kFarm2, 2'406, 3);
  buy(kBuyer, 2'406, 3);
  EXPECT_EQ(trades(), (Trades{{2'406, 3}}));
}

struct AgentOrders : Orders {
  static constexpr model::ParticipantId kAgent = 6;
  AgentOrders() { m.add_agent(kAgent); }
  model::MandateId given(model::ParticipantId principal, std::uint32_t sides, Fen limit) {
    const Replied made =
        m.send(trader(principal),
               model::GiveMandate{kAgent, sides, limit.value, m.now.value + model::kDay, {}});
    EXPECT_EQ(made.reject, Reject::ok);
    EXPECT_EQ(m.send(trader(kAgent), model::ConfirmMandate{made.id}).reject, Reject::ok);
    return made.id;
  }
  template <class Body>
  Replied act(model::MandateId mandate, const Body& body) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&body);
    return m.send(trader(kAgent),
                  model::ActFor{mandate, Body::kType, model::body_version<Body>(), 0},
                  {bytes, sizeof(body)});
  }
};

TEST_F(AgentOrders, R2_5_an_agent_trades_in_a_book_for_its_principal_up_to_the_sum) {
  open();
  // 3 t x 2 400 li/kg = 7 200.00 CNY.
  const auto mandate = given(kBuyer, 2, Fen{1'000'000});
  const model::PlaceOrder body = order(BookSide::kBuy, 2'400, 3);
  EXPECT_EQ(act(mandate, order(BookSide::kSell, 2'400, 3)).reject, Reject::outside_mandate);
  ASSERT_EQ(act(mandate, body).reject, Reject::ok);
  EXPECT_EQ(m.frozen(kBuyer), bonds(2'400, 3));
  EXPECT_EQ(m.frozen(kAgent), Fen{0});
  EXPECT_EQ(m.engine.state().mandates[mandate].used, Fen{720'000});
  EXPECT_EQ(act(mandate, body).reject, Reject::mandate_exceeded);
  const OrderId id = books().id_of(1);
  EXPECT_EQ(act(mandate, model::ReduceOrder{id, 1}).reject, Reject::ok);
  EXPECT_EQ(act(given(kBuyer2, 3, Fen{1'000'000}), model::CancelOrder{id}).reject,
            Reject::not_your_order);
  EXPECT_EQ(act(mandate, model::ReplaceOrder{id, 2'401, 1, SelfTrade::kCancelOldest, {}}).reject,
            Reject::ok);
  // 2 401.00 more; nothing is given back for what was reduced and replaced.
  EXPECT_EQ(m.engine.state().mandates[mandate].used, Fen{960'100});
  // At the highest allowed price, 2 520: 2 520.00 are beyond the sum.
  EXPECT_EQ(act(mandate, order(BookSide::kBuy, 0, 1)).reject, Reject::mandate_exceeded);
  EXPECT_EQ(books().live(), 1u);
}

TEST_F(AgentOrders, R5_6_two_principals_of_one_agent_do_not_trade_with_each_other_in_a_book) {
  open();
  given(kFarm, 3, Fen{1'000'000});
  given(kBuyer, 3, Fen{1'000'000});
  sell(kFarm, 2'405, 3);
  sell(kFarm2, 2'406, 3);
  buy(kBuyer, 2'406, 3);
  EXPECT_EQ(trades(), (Trades{{2'406, 3}}));
}

TEST_F(Orders, R5_5_prices_outside_the_band_and_off_the_tick_are_refused) {
  open();
  EXPECT_EQ(buy(kBuyer, 2'279, 1).reject, Reject::out_of_band);
  EXPECT_EQ(buy(kBuyer, 2'280, 1).reject, Reject::ok);
  EXPECT_EQ(sell(kFarm, 2'521, 1).reject, Reject::out_of_band);
  EXPECT_EQ(sell(kFarm, 2'520, 1).reject, Reject::ok);
  EXPECT_EQ(sell(kFarm, -1, 1).reject, Reject::price_not_positive);
}

TEST_F(Orders, R12_1_limits_of_an_order_and_of_a_session) {
  model::ProductTermsRow terms = permit();
  terms.order_quantity_max = 10'000'000;  // 10 lots
  terms.day_quantity_max = 15'000'000;
  open(terms);
  EXPECT_EQ(buy(kBuyer, 2'400, 11).reject, Reject::order_too_large);
  buy(kBuyer, 2'400, 10);
  sell(kFarm, 2'400, 10);
  EXPECT_EQ(buy(kBuyer, 2'400, 6).reject, Reject::day_limit_reached);
  EXPECT_EQ(buy(kBuyer, 2'400, 5).reject, Reject::ok);
}

TEST_F(Orders, R5_4_a_trade_too_far_from_the_anchor_calls_a_volatility_auction) {
  open();
  sell(kFarm, 2'440, 2);
  sell(kFarm, 2'460, 5);  // more than 2 % above 2 400
  buy(kBuyer, 2'470, 4);
  EXPECT_EQ(trades(), (Trades{{2'440, 2}}));
  EXPECT_EQ(row().phase, BookPhase::kVolatilityCall);
  EXPECT_EQ(buy(kBuyer2, 0, 1).reject, Reject::not_in_call);
  m.advance(60 * model::kSecond);
  EXPECT_EQ(trades(), (Trades{{2'460, 2}}));
  EXPECT_EQ(row().phase, BookPhase::kContinuous);
  EXPECT_EQ(row().anchor, Price{2'460});
}

TEST_F(Orders, R5_4_nothing_trades_before_the_openings_own_record) {
  define(permit());
  book = m.send(kOperator, session()).id;
  EXPECT_EQ(buy(kBuyer, 2'400, 1).reject, Reject::ok) << "the call has begun";
  ASSERT_EQ(sell(kFarm, 2'390, 1).reject, Reject::ok);
  EXPECT_EQ(row().trades, 0);
  EXPECT_EQ(row().opened, 0u);
  m.advance(10 * model::kMinute);
  EXPECT_EQ(row().opened, m.engine.sequence());
  EXPECT_EQ(trades(), (Trades{{2'400, 1}})) << "of equal prices the one nearest the reference";
  EXPECT_EQ(m.frozen(kFarm), bonds(2'390, 1)) << "a seller's bonds stay those of its limit";
}

TEST(Auctions, R5_4_the_nearest_price_is_found_where_the_reference_lies_between_two_ticks) {
  // Found by the auditor: a reference of 16 008 is nearer to 16 010 than to 16 000.
  Books books(1, 8);
  books.rest({.queue = Queue::kBuy, .tick = 1'601, .quantity = 1, .position = 1});
  books.rest({.queue = Queue::kSell, .tick = 1'600, .quantity = 1, .position = 2});
  EXPECT_EQ(auction_of(books, 0, Price{16'008}, Price{10}).tick, 1'601u);
  EXPECT_EQ(auction_of(books, 0, Price{16'004}, Price{10}).tick, 1'600u);
  EXPECT_EQ(auction_of(books, 0, Price{16'005}, Price{10}).tick, 1'600u)
      << "of two as near the lower";
}

TEST_F(Orders, R5_4_a_call_auction_tells_price_and_imbalance_before) {
  define(permit());
  book = m.send(kOperator, session()).id;
  buy(kBuyer, 2'405, 5);
  sell(kFarm, 2'395, 3);
  m.advance(model::kSecond);
  const auto told = m.events<model::BookIndicated>();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].quantity, 3);
  EXPECT_EQ(told[0].imbalance, 2);
  EXPECT_EQ(told[0].price, Price{2'400});
  m.advance(model::kSecond);
  EXPECT_TRUE(m.events<model::BookIndicated>().empty()) << "only what has changed";
}

TEST_F(Orders, R5_4_an_iceberg_kept_from_its_own_owner_in_an_auction_shows_its_next_part) {
  define(permit());
  book = m.send(kOperator, session()).id;
  const model::PlaceOrderTerms body{order(BookSide::kBuy, 2'400, 5), 0, 0, 4};
  const OrderId iceberg = id_of(m.send(trader(kBuyer), body));
  const OrderId against = id_of(sell(kBuyer, 2'400, 4));
  m.now += Time{10 * model::kMinute};
  m.tick();
  const auto out = m.events<model::OrderOut>();
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(std::tuple(out[0].id, out[0].quantity, out[0].left), std::tuple(iceberg, 4u, 1u));
  EXPECT_EQ(std::tuple(out[1].id, out[1].quantity, out[1].left), std::tuple(against, 4u, 0u));
  EXPECT_EQ(m.frozen(kBuyer), bonds(2'400, 1));
}

TEST_F(Orders, R5_4_the_close_is_an_auction_and_what_is_left_goes_out) {
  open();
  buy(kBuyer, 2'400, 4);
  m.advance(50 * model::kMinute);
  EXPECT_EQ(row().phase, BookPhase::kClosingCall);
  sell(kFarm, 2'399, 1);
  EXPECT_EQ(row().trades, 0);
  m.advance(10 * model::kMinute);
  m.tick();
  EXPECT_EQ(row().phase, BookPhase::kClosed);
  EXPECT_EQ(row().trades, 1);
  EXPECT_EQ(books().live(), 0u);
  EXPECT_EQ(m.frozen(kBuyer), position(kBuyer).performance + position(kBuyer).trading);
  EXPECT_EQ(buy(kBuyer, 2'400, 1).reject, Reject::book_closed);
  EXPECT_EQ(m.send(kOperator, session()).reject, Reject::ok) << "the next session";
}

TEST_F(Orders,
       R5_4_a_hundred_thousand_cancels_while_the_auction_closes_change_only_what_they_cancel) {
  // The Nasdaq case of 18 May 2012: each cancel made the auction begin anew, and it never ended.
  define(permit());
  book = m.send(kOperator, session()).id;
  constexpr std::uint32_t kCancels = 100'000;
  std::vector<OrderId> far;
  for (std::uint32_t i = 0; i < kCancels; ++i) {
    far.push_back(id_of(quick(kBuyer3, order(BookSide::kBuy, 2'290, 1))));
    if (i == 7'000) m.deposit(kBuyer3, 9'000'000'000);
  }
  for (int i = 0; i < 3'000; ++i) {
    ASSERT_EQ(quick(kBuyer, order(BookSide::kBuy, 2'400, 1)).reject, Reject::ok);
    ASSERT_EQ(quick(kFarm, order(BookSide::kSell, 2'400, 1)).reject, Reject::ok);
  }
  m.now += Time{10 * model::kMinute};
  std::uint32_t cancelled = 0, refused = 0;
  for (const OrderId id : far) {
    const Replied reply = quick(kBuyer3, model::CancelOrder{id});
    ++(reply.reject == Reject::ok ? cancelled : refused);
  }
  EXPECT_EQ(cancelled, kCancels);
  EXPECT_EQ(refused, 0u);
  EXPECT_EQ(row().phase, BookPhase::kContinuous);
  EXPECT_EQ(row().trades, 3'000) << "every order of the auction traded";
  EXPECT_EQ(row().last, Price{2'400});
  EXPECT_EQ(books().live(), 0u);
  m.engine.check_invariants();
}

TEST_F(Orders, R5_4_an_order_of_the_auction_that_is_being_made_cannot_be_cancelled) {
  define(permit());
  book = m.send(kOperator, session()).id;
  for (const auto who : {kBuyer, kFarm}) m.deposit(who, 9'000'000'000);
  constexpr int kOrders = 10'000;
  OrderId last = 0;
  for (int i = 0; i < kOrders; ++i) {
    last = id_of(quick(kBuyer, order(BookSide::kBuy, 2'400, 1)));
    ASSERT_EQ(quick(kFarm, order(BookSide::kSell, 2'400, 1)).reject, Reject::ok);
  }
  const OrderId beyond = id_of(quick(kBuyer, order(BookSide::kBuy, 2'300, 1)));
  m.now += Time{10 * model::kMinute};
  EXPECT_EQ(quick(kBuyer, model::CancelOrder{last}).reject, Reject::order_in_auction);
  EXPECT_EQ(row().phase, BookPhase::kUncrossing);
  EXPECT_EQ(quick(kBuyer, order(BookSide::kBuy, 2'300, 1)).reject, Reject::book_uncrossing);
  EXPECT_EQ(quick(kBuyer, model::CancelOrder{beyond}).reject, Reject::ok);
  while (row().phase == BookPhase::kUncrossing) m.tick();
  EXPECT_EQ(row().trades, kOrders);
}

TEST_F(Orders, R12_2_a_halt_refuses_orders_and_allows_cancels) {
  open();
  const OrderId id = id_of(sell(kFarm, 2'405, 3));
  ASSERT_EQ(m.send(kOperator, model::HaltMarket{0, hash_of("why")}).reject, Reject::ok);
  EXPECT_EQ(buy(kBuyer, 2'405, 1).reject, Reject::trading_halted);
  EXPECT_EQ(m.send(trader(kFarm), model::CancelOrder{id}).reject, Reject::ok);
}

TEST_F(Orders, R12_2_the_kill_switch_takes_every_order_out) {
  open();
  for (int i = 0; i < 600; ++i) sell(kFarm, 2'405 + i % 9, 1);
  sell(kFarm2, 2'405, 1);
  ASSERT_EQ(m.send(kOperator, model::KillParticipant{kFarm, hash_of("why")}).reject, Reject::ok);
  m.tick();
  m.tick();
  EXPECT_EQ(books().live(), 1u);
  EXPECT_EQ(m.frozen(kFarm), Fen{});
  EXPECT_EQ(sell(kFarm, 2'405, 1).reject, Reject::trading_stopped);
}

TEST_F(Orders, R2_4_a_numbered_order_counts_once) {
  open();
  const auto numbered = [&](std::uint64_t given) {
    const model::PlaceOrder body = order(BookSide::kBuy, 2'400, 1);
    model::RecordHeader header = m.header(trader(kBuyer), body.kType);
    header.client_id.fill(0xFF);
    const std::uint64_t big = std::byteswap(given);
    std::memcpy(header.client_id.data() + 8, &big, sizeof(big));
    std::uint8_t bytes[sizeof(body)];
    std::memcpy(bytes, &body, sizeof(body));
    return m.send_bytes(header, bytes).reject;
  };
  EXPECT_EQ(numbered(5), Reject::ok);
  EXPECT_EQ(numbered(5), Reject::order_number_used);
  EXPECT_EQ(numbered(4), Reject::order_number_used);
  EXPECT_EQ(numbered(6), Reject::ok);
  EXPECT_EQ(books().live(), 2u);
}

TEST_F(Orders, R13_1_a_snapshot_in_the_midst_of_trading_goes_on_the_same) {
  open();
  for (std::uint32_t i = 0; i < 50; ++i) {
    sell(i % 2 == 0 ? kFarm : kFarm2, 2'400 + i % 7, 1 + i % 5);
    buy(kBuyer, 2'395 + i % 7, 1 + i % 3);
  }
  Engine again;
  ASSERT_TRUE(again.load(m.engine.save()));
  EXPECT_EQ(again.state_hash(), m.engine.state_hash());
  again.check_invariants();
  const model::PlaceOrder body = order(BookSide::kBuy, 2'406, 9);
  const Replied here = m.send(trader(kBuyer2), body);
  const auto met = trades();
  EventBuffer events(2 * model::kMaxEventBytesPerCommand);
  model::RecordHeader header = m.header(trader(kBuyer2), body.kType);
  header.client_id = here.client_id;
  header.body_length = sizeof(body);
  again.apply({header, again.sequence() + 1, m.now, m.last_body}, events);
  EXPECT_EQ(again.state_hash(), m.engine.state_hash());
  EXPECT_FALSE(met.empty());
}

}  // namespace
}  // namespace hulan::engine::book
