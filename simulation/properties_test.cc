// SPDX-License-Identifier: Apache-2.0
// Properties over random input (rapidcheck): sums at the edges of 64 bits, and short runs of the
// exchange beside the auditor.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <functional>

#include "engine/contract/settlement.h"
#include "model/units.h"
#include "simulation/model/arithmetic.h"
#include "simulation/scratch.h"
#include "simulation/simulator.h"

namespace hulan::simulation {
namespace {

using auditor::Wide;
using model::Fen;
using model::Grams;
using model::Price;

/// Numbers where something may break: near the edges of 64 bits and of the market's limit, and
/// anywhere between.
rc::Gen<std::int64_t> edges() {
  const auto near = [](std::int64_t edge) {
    return rc::gen::map(rc::gen::inRange<std::int64_t>(0, 50),
                        [edge](std::int64_t away) { return edge - away; });
  };
  return rc::gen::oneOf(near(INT64_MAX), near(25), near(model::kMaxMagnitude + 25),
                        near(INT32_MAX), near(-INT64_MAX + 49),
                        rc::gen::inRange<std::int64_t>(-INT64_MAX, INT64_MAX));
}

bool fits(Wide value) { return value >= INT64_MIN && value <= INT64_MAX; }

/// Rounded by the remainder: another way than both the engine's and the auditor's.
Wide by_remainder(Wide numerator, Wide denominator) {
  const Wide whole = numerator / denominator, rest = numerator % denominator;
  const Wide size = rest < 0 ? -rest : rest;
  if (2 * size < denominator) return whole;
  return numerator < 0 ? whole - 1 : whole + 1;
}

void holds(const char* name, const std::function<void()>& property) {
  EXPECT_TRUE(rc::check(name, property));
}

TEST(Arithmetic, R1_3_an_amount_is_rounded_half_away_or_refused_never_wrapped) {
  holds("amount by weight", [] {
    const std::int64_t price = *edges(), grams = *edges();
    const Wide exact = by_remainder(Wide{price} * grams, 10'000);
    const auto amount = model::amount_by_weight(Price{price}, Grams{grams});
    RC_ASSERT(auditor::round_half_away(Wide{price} * grams, 10'000) == exact);
    RC_ASSERT(amount.has_value() == (fits(exact) && exact != INT64_MIN));
    if (amount) RC_ASSERT(Wide{amount->value} == exact);
  });
  holds("amount by count", [] {
    const std::int64_t price = *edges(), count = *edges();
    const auto amount = model::amount_by_count(Price{price}, count);
    const Wide exact = Wide{price} * count;
    RC_ASSERT(amount.has_value() == (fits(exact) && exact != INT64_MIN));
    if (amount) RC_ASSERT(Wide{amount->value} == exact);
  });
}

TEST(Arithmetic, R6_1_a_bond_is_the_least_whole_fen_that_covers_its_part) {
  holds("bond", [] {
    const std::int64_t nominal = std::abs(*edges());
    const std::int64_t bp = *rc::gen::inRange(0, 10'001);
    const auto bond = model::bond_of(Fen{nominal}, bp);
    RC_ASSERT(bond.has_value());
    RC_ASSERT(Wide{bond->value} * 10'000 >= Wide{nominal} * bp);
    RC_ASSERT((Wide{bond->value} - 1) * 10'000 < Wide{nominal} * bp);
  });
}

TEST(Arithmetic, R8_2_the_excess_leaves_the_groups_in_proportion_and_to_the_gram) {
  holds("excess", [] {
    namespace contract = engine::contract;
    const auto nets = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(1, 1'000'000'000)));
    std::vector<contract::GroupLine> groups(nets.size());
    std::int64_t total = 0;
    for (std::size_t i = 0; i < nets.size(); ++i) total += groups[i].net_g = nets[i];
    const std::int64_t excess = *rc::gen::inRange<std::int64_t>(0, total);
    contract::take_excess(groups, total, excess);
    std::int64_t left = 0;
    for (const auto& group : groups) {
      left += group.settled_g;
      const Wide share = Wide{group.net_g - group.settled_g} * total, fair = Wide{excess} * group.net_g;
      RC_ASSERT((share > fair ? share - fair : fair - share) < total);
    }
    RC_ASSERT(left == total - excess);
  });
}

TEST(Runs, R13_1_any_short_run_without_faults_is_as_the_rulebook_says) {
  EXPECT_TRUE(rc::check("run", [] {
    const Scratch scratch;
    Options options;
    options.seed = *rc::gen::arbitrary<std::uint64_t>();
    options.commands = *rc::gen::inRange<std::uint64_t>(1, 400);
    options.scratch = scratch.path();
    const Outcome outcome = run(options);
    RC_ASSERT(!outcome.violation.has_value());
    RC_ASSERT(outcome.commands >= options.commands);
  }));
}

TEST(Runs, R13_1_the_same_seed_gives_the_same_run) {
  Options options;
  options.seed = 42;
  options.commands = 3'000;
  options.faults = *FaultSet::parse("all");
  Sha256 first{};
  for (int time = 0; time < 2; ++time) {
    const Scratch scratch;
    options.scratch = scratch.path();
    const Outcome outcome = run(options);
    EXPECT_FALSE(outcome.violation.has_value());
    if (time == 0) first = outcome.state_hash;
    EXPECT_EQ(outcome.state_hash, first);
  }
}

}  // namespace
}  // namespace hulan::simulation
