// SPDX-License-Identifier: Apache-2.0
#include "engine/market/products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include "engine/market/day_price.h"
#include "engine/market/references.h"
#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;

TEST(Products, R4_1_a_definition_that_contradicts_itself_is_refused) {
  using Change = std::function<void(model::ProductRow&)>;
  const std::pair<const char*, Change> changes[] = {
      {"no tick", [](auto& p) { p.tick = Price{0}; }},
      {"no code", [](auto& p) { p.code = {}; }},
      {"capital in code", [](auto& p) { p.code[0] = 'L'; }},
      {"bytes after the code", [](auto& p) { p.code[20] = 'x'; }},
      {"no lot minimum", [](auto& p) { p.lot_minimum = 0; }},
      {"negative fee", [](auto& p) { p.fee_fen_per_t = -1; }},
      {"bond above all", [](auto& p) { p.bond_bp = 10'001; }},
      {"band of all", [](auto& p) { p.band_bp = 10'000; }},
      {"no method", [](auto& p) { p.methods = 0; }},
      {"unknown method", [](auto& p) { p.methods |= 1u << 3; }},
      {"nine grades", [](auto& p) { p.grade_count = 9; }},
      {"adjustment of a grade that is none", [](auto& p) { p.grade_adjust[7] = 1; }},
      {"band upside down", [](auto& p) { p.bands[0].high_g = 1; }},
      {"bands overlap", [](auto& p) { p.bands[0].high_g = 100'001; }},
      {"a weight in two bands", [](auto& p) { p.bands[0].high_open = 0; }},
      {"paper asked twice", [](auto& p) { p.required[1] = p.required[0]; }},
      {"unknown paper", [](auto& p) { p.required[1] = 11; }},
      {"unknown currency", [](auto& p) { p.currency = static_cast<model::Currency>(2); }},
      {"unknown basis", [](auto& p) { p.basis = static_cast<model::PriceBasis>(3); }},
      {"head by weight without average", [](auto& p) { p.needs_average = 0; }},
      {"grams with average", [](auto& p) { p.unit = model::QuantityUnit::kGrams; }},
      {"by count in grams",
       [](auto& p) {
         p.basis = model::PriceBasis::kByCount;
         p.unit = model::QuantityUnit::kGrams;
       }},
      {"window of days", [](auto& p) { p.close_window_ns = 2 * model::kDay; }},
  };
  EXPECT_EQ(check_product(hogs()), Reject::ok);
  for (const auto& [what, change] : changes) {
    model::ProductRow product = hogs();
    change(product);
    EXPECT_EQ(check_product(product), Reject::product_invalid) << what;
  }
}

TEST(Products, R5_4_the_order_book_needs_a_permit) {
  model::ProductRow product = hogs();
  product.methods |= model::method_bit(model::Method::kOrderBook);
  EXPECT_EQ(check_product(product), Reject::order_book_without_permit);
}

model::ProductTermsRow sandbox_permit() {
  model::ProductTermsRow terms{};
  std::snprintf(terms.permit_authority.data(), terms.permit_authority.size(), "sandbox");
  std::snprintf(terms.permit_number.data(), terms.permit_number.size(), "S-1");
  terms.permit_date = 1;
  return terms;
}

TEST(Products, R5_4_a_permit_has_its_authority_number_and_date) {
  model::ProductRow product = hogs();
  product.methods |= model::method_bit(model::Method::kOrderBook);
  EXPECT_EQ(check_product(product, sandbox_permit()), Reject::ok);
  EXPECT_EQ(check_product(product, {}), Reject::order_book_without_permit);
  model::ProductTermsRow terms = sandbox_permit();
  terms.permit_number = {};
  EXPECT_EQ(check_product(product, terms), Reject::order_book_without_permit);
  EXPECT_EQ(check_product(hogs(), terms), Reject::product_invalid) << "half a permit";
  terms = sandbox_permit();
  terms.permit_date = 0;
  EXPECT_EQ(check_product(product, terms), Reject::order_book_without_permit);
}

TEST(Products, R12_1_limits_are_counts_and_never_negative) {
  model::ProductTermsRow terms{};
  terms.order_quantity_max = 500;
  EXPECT_EQ(check_product(hogs(), terms), Reject::ok);
  terms.day_quantity_max = -1;
  EXPECT_EQ(check_product(hogs(), terms), Reject::product_invalid);
}

struct Versions : ::testing::Test {
  TestMarket m;
};

TEST_F(Versions, R4_1_a_change_takes_effect_at_its_stated_time) {
  model::ProductRow next = hogs();
  next.lot_minimum = 100;
  next.effective_at = m.now.value - 1;
  EXPECT_EQ(m.send(kOperator, model::DefineProduct{next}).reject, Reject::effective_in_past);
  next.effective_at = m.now.value + model::kDay;
  const auto id = m.define(next);
  EXPECT_EQ(m.engine.state().products[id].version, 2u);
  EXPECT_EQ(m.engine.state().products[id].previous, m.product_id);
  EXPECT_EQ(m.send(trader(kFarm), m.draft(50)).reject, Reject::ok) << "still the first version";
  m.now += Time{model::kDay};
  EXPECT_EQ(m.send(trader(kFarm), m.draft(50)).reject, Reject::below_lot_minimum);
  const Replied made = m.send(trader(kFarm), m.draft(100));
  EXPECT_EQ(m.lot(made.id).product, id) << "whichever version was named";
}

TEST_F(Versions, R4_1_a_version_with_terms_keeps_them_through_a_snapshot) {
  EXPECT_EQ(std::ranges::count(m.engine.save(), std::string_view("product_terms"),
                               [](const auto& section) { return section.first; }),
            0)
      << "a part that nobody uses is in no snapshot";
  const Sha256 before = m.engine.business_hash();
  model::ProductRow next = hogs();
  next.methods |= model::method_bit(model::Method::kOrderBook);
  EXPECT_EQ(m.send(kOperator, model::DefineProduct{next}).reject,
            Reject::order_book_without_permit);
  EXPECT_EQ(m.engine.business_hash(), before);
  const Replied proposed =
      m.send_approved(kOperator, model::DefineProductTerms{next, sandbox_permit()}, {kSupervisor});
  ASSERT_EQ(proposed.reject, Reject::ok);
  ASSERT_EQ(m.last_approval.reject, Reject::ok);
  const auto id = current_version(m.engine.state(), m.product_id, m.now);
  ASSERT_NE(id, m.product_id);
  EXPECT_TRUE(has_permit(terms_of(m.engine.state(), id)));
  EXPECT_FALSE(has_permit(terms_of(m.engine.state(), m.product_id)));
  Engine other;
  ASSERT_TRUE(other.load(m.engine.save()));
  EXPECT_EQ(other.state_hash(), m.engine.state_hash());
  EXPECT_TRUE(has_permit(terms_of(other.state(), id)));
}

TEST_F(Versions, R4_1_a_lot_is_posted_under_the_version_then_in_force) {
  const auto small = m.ready_lot(kFarm, 50);
  const auto large = m.ready_lot(kFarm, 150);
  model::ProductRow next = hogs();
  next.lot_minimum = 100;
  const auto id = m.define(next);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(small, 16'000)).reject, Reject::below_lot_minimum);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(large, 16'000)).reject, Reject::ok);
  EXPECT_EQ(m.lot(large).product, id);
}

TEST_F(Versions, R4_1_a_contract_keeps_the_version_it_was_concluded_under) {
  const auto lot = m.ready_lot(kFarm);
  ASSERT_EQ(m.send(trader(kFarm), m.listing(lot, 16'000)).reject, Reject::ok);
  m.define(hogs());
  const Replied taken = m.send(trader(kBuyer), model::Take{lot, 0, 16'000, 200});
  EXPECT_EQ(m.contract(taken.id).product, m.product_id);
}

TEST_F(Versions, R2_4_a_product_is_defined_by_four_eyes) {
  const Replied proposed = m.send(kOperator, model::DefineProduct{hogs()});
  const Sha256 content = sha256(m.last_body);
  const auto id = m.engine.state().pending[proposed.id].subject;
  EXPECT_FALSE(is_product(m.engine.state(), id));
  EXPECT_EQ(m.send(kOperator, model::Approve{proposed.id, content}).reject, Reject::own_approval);
  EXPECT_EQ(m.send(kOperator2, model::Approve{proposed.id, content}).reject, Reject::ok);
  EXPECT_TRUE(is_product(m.engine.state(), id));
}

TEST_F(Versions, R4_1_a_version_keeps_units_and_currency) {
  model::ProductRow next = hogs();
  next.currency = model::Currency::kRub;
  EXPECT_EQ(m.send(kOperator, model::DefineProduct{next}).reject, Reject::product_invalid);
}

TEST(Band, R5_5_limits_are_rounded_inward_to_the_tick) {
  model::ProductRow product = hogs();
  struct Case {
    std::int64_t reference, tick, low, high;
  };
  const Case cases[] = {{16'000, 10, 15'200, 16'800},
                        {16'005, 10, 15'210, 16'800},  // 15 204.75 and 16 805.25
                        {16'005, 1, 15'205, 16'805},
                        {100, 1, 95, 105},
                        {1, 1, 1, 1},
                        {model::kMaxMagnitude, 1, 950'000'000'000'000, 1'050'000'000'000'000}};
  for (const Case& c : cases) {
    product.tick = Price{c.tick};
    const PriceBand band = band_around(Price{c.reference}, product);
    EXPECT_EQ(band.low, Price{c.low}) << c.reference;
    EXPECT_EQ(band.high, Price{c.high}) << c.reference;
  }
  EXPECT_FALSE(band_around(Price{0}, product).limited()) << "no reference, no band";
}

struct References : ::testing::Test {
  TestMarket m;

  Reject post(std::int64_t price) {
    const auto lot = m.ready_lot(kFarm);
    const Reject reject = m.send(trader(kFarm), m.listing(lot, price)).reject;
    if (reject == Reject::ok) {
      EXPECT_EQ(m.send(trader(kFarm), model::WithdrawLot{lot, {}}).reject, Reject::ok);
    }
    return reject;
  }
  void trade(model::ParticipantId buyer, std::int64_t price, std::int64_t quantity) {
    const auto lot = m.ready_lot(kFarm, quantity);
    ASSERT_EQ(m.send(trader(kFarm), m.listing(lot, price)).reject, Reject::ok);
    ASSERT_EQ(m.send(trader(buyer), model::Take{lot, 0, price, quantity}).reject, Reject::ok);
  }
  Reject state(std::int64_t price) {
    return m.send(kOperator, model::StateReference{m.product_id, 23, 1, price}).reject;
  }
  Price reference() { return reference_price(m.engine.state(), m.product_id, 23, 1, m.now); }
};

TEST_F(References, R5_5_a_price_outside_five_percent_of_the_reference_is_refused) {
  EXPECT_EQ(post(99'000), Reject::ok) << "no reference yet";
  ASSERT_EQ(state(16'000), Reject::ok);
  EXPECT_EQ(post(15'190), Reject::out_of_band);
  EXPECT_EQ(post(15'200), Reject::ok);
  EXPECT_EQ(post(16'800), Reject::ok);
  EXPECT_EQ(post(16'810), Reject::out_of_band);
}

TEST_F(References, R5_5_the_reference_is_per_grade_and_province) {
  ASSERT_EQ(state(16'000), Reject::ok);
  auto body = m.draft();
  body.grade = 2;
  const auto lot = m.ready_lot(kFarm, body);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(lot, 20'000)).reject, Reject::ok);
  body = m.draft();
  body.origin = 220101;
  const auto jilin = m.ready_lot(kFarm, body);
  EXPECT_EQ(m.send(trader(kFarm), m.listing(jilin, 20'000)).reject, Reject::ok);
}

TEST_F(References, R5_5_the_last_session_that_was_not_thin_gives_the_reference) {
  ASSERT_EQ(state(16'000), Reject::ok);
  trade(kBuyer, 16'000, 100);
  trade(kBuyer, 16'500, 100);
  trade(kBuyer2, 16'800, 200);
  EXPECT_EQ(reference(), Price{16'000}) << "not before the day is over";
  m.advance(model::kDay);
  // (16 000 + 16 500 + 2 x 16 800) / 4
  EXPECT_EQ(reference(), Price{16'525});
  trade(kBuyer, 16'600, 100);
  EXPECT_EQ(reference(), Price{16'525}) << "kept when the next day begins";
  m.advance(model::kDay);
  EXPECT_EQ(reference(), Price{16'525}) << "one trade is thin";
}

TEST_F(References, R11_2_three_trades_of_one_buyer_are_thin) {
  ASSERT_EQ(state(16'000), Reject::ok);
  for (int i = 0; i < 3; ++i) trade(kBuyer, 16'500, 100);
  m.advance(model::kDay);
  EXPECT_EQ(reference(), Price{16'000});
}

TEST_F(References, R5_5_what_the_operator_states_after_a_session_stands) {
  trade(kBuyer, 16'000, 100);
  trade(kBuyer, 16'000, 100);
  trade(kBuyer2, 16'000, 100);
  m.advance(model::kDay);
  EXPECT_EQ(reference(), Price{16'000});
  ASSERT_EQ(state(17'000), Reject::ok);
  EXPECT_EQ(reference(), Price{17'000});
}

TEST_F(References, R11_2_a_days_price_is_weighted_and_knows_high_low_and_buyers) {
  trade(kBuyer, 16'000, 100);
  trade(kBuyer2, 17'000, 50);
  const State& s = m.engine.state();
  ASSERT_EQ(s.day_prices.size(), 3u) << "the county and its province";
  const auto& county = s.day_prices[2];
  EXPECT_EQ(county.region, kHulan);
  EXPECT_EQ(s.day_prices[1].region, 230000u);
  EXPECT_EQ(county.trades, 2u);
  EXPECT_EQ(county.buyers, 2u);
  EXPECT_EQ(county.high, Price{17'000});
  EXPECT_EQ(county.low, Price{16'000});
  EXPECT_EQ(county.weight, 150 * 110'000);
  EXPECT_EQ(mean_price(county), Price{16'333});
  EXPECT_TRUE(is_thin(county));
}

TEST_F(References, R5_5_a_reference_names_a_product_a_grade_and_a_province) {
  const auto stated = [&](model::ProductId product, std::uint32_t province, std::uint32_t grade,
                          std::int64_t price) {
    return m.send(kOperator, model::StateReference{product, province, grade, price}).reject;
  };
  EXPECT_EQ(stated(99, 23, 1, 16'000), Reject::unknown_product);
  EXPECT_EQ(stated(m.product_id, 16, 1, 16'000), Reject::invalid_region);
  EXPECT_EQ(stated(m.product_id, 23, 4, 16'000), Reject::invalid_grade);
  EXPECT_EQ(stated(m.product_id, 23, 1, 0), Reject::price_not_positive);
  EXPECT_EQ(m.send(trader(kFarm), model::StateReference{m.product_id, 23, 1, 1}).reject,
            Reject::wrong_role);
}

}  // namespace
}  // namespace hulan::engine
