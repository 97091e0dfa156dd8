// SPDX-License-Identifier: Apache-2.0
#include "model/units.h"

#include <gtest/gtest.h>

namespace hulan::model {
namespace {

constexpr std::int64_t kMost = INT64_MAX;

TEST(Units, R1_3_amount_by_weight_rounds_half_away_from_zero) {
  struct Case {
    std::int64_t price_li, grams, fen;
  };
  // price x grams / 10 000, worked out by hand.
  const Case cases[] = {{16'000, 22'000'000, 35'200'000},  // 16 CNY/kg x 22 t
                        {1, 5'000, 1},                     // 0.5 fen
                        {1, 4'999, 0},
                        {1, 15'000, 2},  // 1.5
                        {3, 5'000, 2},   // 1.5
                        {-1, 5'000, -1},
                        {-1, 4'999, 0},
                        {-3, 5'000, -2},
                        {0, 1'000'000, 0}};
  for (const Case& c : cases) {
    EXPECT_EQ(amount_by_weight(Price{c.price_li}, Grams{c.grams}), Fen{c.fen})
        << c.price_li << " li x " << c.grams << " g";
  }
}

TEST(Units, R1_3_products_are_formed_in_128_bits) {
  // 9.2e18 x 10 000 / 10 000: the product alone needs 77 bits.
  EXPECT_EQ(amount_by_weight(Price{kMost}, Grams{10'000}), Fen{kMost});
  EXPECT_EQ(amount_by_weight(Price{10'000}, Grams{kMost}), Fen{kMost});
  EXPECT_EQ(amount_by_count(Price{kMost}, 1), Fen{kMost});
}

TEST(Units, R1_3_what_does_not_fit_64_bits_is_refused_never_wrapped) {
  EXPECT_EQ(amount_by_weight(Price{kMost}, Grams{10'001}), std::nullopt);
  EXPECT_EQ(amount_by_weight(Price{kMost}, Grams{kMost}), std::nullopt);
  EXPECT_EQ(amount_by_weight(Price{-kMost}, Grams{kMost}), std::nullopt);
  EXPECT_EQ(amount_by_count(Price{kMost}, 2), std::nullopt);
  EXPECT_EQ(amount_by_count(Price{INT64_C(1) << 32}, INT64_C(1) << 31), std::nullopt);
  EXPECT_EQ(amount_by_count(Price{INT64_C(1) << 31}, INT64_C(1) << 31),
            Fen{INT64_C(4611686018427387904)});
}

TEST(Units, R1_4_half_away_is_the_same_on_both_sides_of_its_fast_path) {
  // The fast path ends at INT64_MAX / 4; the exact values around it agree with 128-bit arithmetic.
  const std::int64_t edge = kMost / 4;
  for (const std::int64_t numerator : {edge - 1, edge, edge + 1, kMost - 1, kMost}) {
    for (const std::int64_t denominator : {INT64_C(1), INT64_C(2), INT64_C(3), INT64_C(10'000)}) {
      const Int128 twice = 2 * static_cast<Int128>(numerator) + denominator;
      const auto expected = static_cast<std::int64_t>(twice / (2 * denominator));
      EXPECT_EQ(half_away(numerator, denominator), expected) << numerator << "/" << denominator;
      EXPECT_EQ(half_away(-static_cast<Int128>(numerator), denominator), -expected);
    }
  }
  EXPECT_EQ(half_away(1, kMost), 0);
  EXPECT_EQ(half_away(kMost / 2 + 1, kMost), 1);
  EXPECT_EQ(half_away(kMost / 2, kMost), 0);
}

TEST(Units, R1_4_amounts_and_bonds_are_the_same_on_both_sides_of_their_fast_path) {
  // In 64 bits while the product leaves room for its rounding; by 128-bit arithmetic beyond.
  for (std::int64_t below = 0; below < 30'000; below += 4'999) {
    const std::int64_t grams = kMost - below;
    const auto half = static_cast<std::int64_t>((static_cast<Int128>(grams) + 5'000) / 10'000);
    EXPECT_EQ(amount_by_weight(Price{1}, Grams{grams}), Fen{half}) << below;
    EXPECT_EQ(amount_by_weight(Price{-1}, Grams{grams}), Fen{-half}) << below;
    const auto up = static_cast<std::int64_t>((static_cast<Int128>(grams) + 9'999) / 10'000);
    EXPECT_EQ(bond_of(Fen{grams}, 1), Fen{up}) << below;
  }
}

TEST(Units, R6_1_a_bond_is_rounded_up) {
  EXPECT_EQ(bond_of(Fen{35'200'000}, 500), Fen{1'760'000});
  EXPECT_EQ(bond_of(Fen{1}, 500), Fen{1});
  EXPECT_EQ(bond_of(Fen{0}, 500), Fen{0});
  EXPECT_EQ(bond_of(Fen{20}, 500), Fen{1});
  EXPECT_EQ(bond_of(Fen{21}, 500), Fen{2});
  EXPECT_EQ(bond_of(Fen{kMost}, 10'000), Fen{kMost});
  EXPECT_EQ(bond_of(Fen{kMost}, 10'001), std::nullopt);
}

TEST(Units, R1_4_ceil_div_is_the_same_on_both_sides_of_its_fast_path) {
  const std::int64_t edge = kMost / 2;
  for (const std::int64_t numerator : {edge - 1, edge, edge + 1, kMost}) {
    for (const std::int64_t denominator : {INT64_C(1), INT64_C(2), INT64_C(7)}) {
      const std::int64_t expected =
          numerator / denominator + (numerator % denominator != 0 ? 1 : 0);
      EXPECT_EQ(ceil_div(numerator, denominator), expected) << numerator << "/" << denominator;
    }
  }
}

}  // namespace
}  // namespace hulan::model
