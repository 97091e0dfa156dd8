// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "projections/testing.h"

namespace hulan::projections {
namespace {

using namespace testing;
using model::Currency;
using model::Time;

struct ViewFold : ViewTest {
  void snapshot(model::Sequence sequence) {
    model::SnapshotTaken taken{};
    taken.sequence = sequence;
    apply(Events(sequence).add(taken));
  }

  std::vector<model::Sequence> available() {
    if (view_) view_->finish_saving();
    const auto found = View::available(io::system_storage(), directory_);
    EXPECT_TRUE(found.has_value());
    return found.value_or(std::vector<model::Sequence>{});
  }

  // What the engine would describe after the bids of two_bids().
  void describe() {
    model::LotRow lot = hog_lot(1);
    lot.best = model::Price{14'010};
    lot.leader = 9;
    lot.bids = 2;
    model::AccountRow account{};
    account.balance[0] = model::Fen{900};
    account.balance[1] = model::Fen{100};
    view_->begin_describe();
    apply(Events(3, 30)
              .row<model::ProductChanged>(1, hog())
              .row<model::AccountChanged>(9 * model::kCurrencies, account)
              .row<model::LotChanged>(1, lot));
    view_->end_describe();
  }

  void two_bids() {
    apply(Events(1, 10)
              .row<model::ProductChanged>(1, hog())
              .row<model::LotChanged>(1, hog_lot(1))
              .add(posted(9, 1'000)));
    apply(Events(2, 20).add(bid(1, 8, 14'000, 1)));
    apply(Events(3, 30).add(bid(1, 9, 14'010, 2)).add(posted(9, -100, 100)));
  }
};

TEST_F(ViewFold, a_bid_moves_the_lot_and_leaves_its_trace_under_a_letter) {
  two_bids();
  apply(Events(4, 40).add(bid(1, 8, 14'020, 3)));
  const model::LotRow& lot = *view_->lot(1);
  EXPECT_EQ(lot.best.value, 14'020);
  EXPECT_EQ(lot.leader, 8u);
  EXPECT_EQ(lot.bids, 3u);
  EXPECT_EQ(lot.close_at, 1'003);
  const auto page = view_->bids(1, 0, 2);
  ASSERT_EQ(page.items.size(), 2u);
  EXPECT_EQ(page.items[0].alias, 0u);
  EXPECT_EQ(page.items[1].alias, 1u);
  EXPECT_EQ(view_->bids(1, page.next, 2).items.at(0).number, 1u);
  EXPECT_EQ(view_->alias(1, 9), 1u);
  EXPECT_FALSE(view_->alias(1, 7).has_value());
}

TEST_F(ViewFold, R5_7_a_struck_bid_is_marked_and_the_others_are_not) {
  two_bids();
  model::BidStruck struck{};
  struck.lot = 1;
  struck.bidder = 9;
  struck.price = model::Price{14'010};
  apply(Events(4, 40).add(struck));
  const auto page = view_->bids(1, 0, 10);
  ASSERT_EQ(page.items.size(), 2u);
  EXPECT_TRUE(page.items[0].struck);
  EXPECT_FALSE(page.items[1].struck);
}

TEST_F(ViewFold, R9_1_settlement_lines_stand_in_the_sheets_order) {
  model::SettlementLine line{};
  line.contract = 3;
  Events run(1, 1);
  for (const auto kind :
       {model::LineKind::kGoods, model::LineKind::kFeeBuyer, model::LineKind::kRefund}) {
    line.kind = kind;
    run.add(line);
  }
  apply(run);
  const auto lines = view_->lines(3);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].kind, model::LineKind::kGoods);
  EXPECT_EQ(lines[2].kind, model::LineKind::kRefund);
  EXPECT_TRUE(view_->lines(4).empty());
}

TEST_F(ViewFold, a_restart_from_a_view_snapshot_goes_on_as_if_it_had_never_stopped) {
  two_bids();
  snapshot(3);
  EXPECT_EQ(available(), (std::vector<model::Sequence>{3}));
  apply(
      Events(4, 40).add(bid(1, 8, 14'020, 3)).add(posted(9, 100, -100)));  // lost with the process
  reopen(3);
  describe();
  EXPECT_EQ(view_->sequence(), 3u);
  EXPECT_EQ(view_->bids(1, 0, 10).items.size(), 2u);
  EXPECT_EQ(view_->alias(1, 8), 0u);
  EXPECT_EQ(view_->alias(1, 9), 1u);
  apply(Events(4, 40).add(bid(1, 8, 14'020, 3)).add(posted(9, 100, -100)));  // and replayed
  EXPECT_EQ(view_->bids(1, 0, 10).items.size(), 3u);
  const Statement s = view_->statement(9, Currency::kCny, Time{0}, Time{100});
  EXPECT_EQ(s.lines.size(), 3u);
  EXPECT_EQ(s.opening, Balances{});
  EXPECT_EQ(s.closing[0].value, 1'000);
  EXPECT_EQ(s.closing[1].value, 0);
}

TEST_F(ViewFold, two_snapshots_are_kept_and_those_after_the_opened_one_are_forgotten) {
  two_bids();
  snapshot(3);
  apply(Events(4, 40).add(posted(9, 1)));
  snapshot(4);
  apply(Events(5, 50).add(posted(9, 1)));
  snapshot(5);
  EXPECT_EQ(available(), (std::vector<model::Sequence>{5, 4}));
  reopen(4);
  EXPECT_EQ(available(), (std::vector<model::Sequence>{4}));
  reopen(0);
  EXPECT_TRUE(available().empty());
}

TEST_F(ViewFold, a_view_snapshot_is_of_its_moment_whatever_changes_while_it_is_written) {
  two_bids();
  snapshot(3);
  for (model::Sequence at = 4; at < 2'000; ++at) {
    apply(Events(at, 40).add(bid(1, 8, 14'020, 3)).add(posted(9, 1)));
  }
  reopen(3);
  describe();
  EXPECT_EQ(view_->bids(1, 0, 10).items.size(), 2u);
  EXPECT_EQ(view_->statement(9, Currency::kCny, Time{0}, Time{100}).lines.size(), 2u);
}

TEST_F(ViewFold, a_damaged_view_file_or_a_short_history_is_not_offered) {
  two_bids();
  snapshot(3);
  apply(Events(4, 40).add(posted(9, 1)));
  snapshot(4);
  view_.reset();
  {
    std::fstream file(directory_ + "/view/00000000000000000004.view",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);
    file.put('x');
  }
  EXPECT_EQ(available(), (std::vector<model::Sequence>{3}));
  EXPECT_FALSE(View::open(io::system_storage(), directory_, 4).has_value());
  std::filesystem::resize_file(directory_ + "/view/bids.history", 64);
  EXPECT_TRUE(available().empty());
}

TEST_F(ViewFold, histories_grow_over_many_steps_and_keep_every_record) {
  apply(Events(1, 1).row<model::ProductChanged>(1, hog()).row<model::LotChanged>(1, hog_lot(1)));
  constexpr std::uint32_t kBids = 60'000;
  for (std::uint32_t i = 1; i <= kBids; ++i) apply(Events(i + 1, i).add(bid(1, i % 700 + 1, i, i)));
  snapshot(kBids + 1);
  reopen(kBids + 1);
  std::uint32_t seen = 0;
  std::uint64_t cursor = 0;
  do {
    const auto page = view_->bids(1, cursor, 50'000);
    for (const Bid& b : page.items) {
      EXPECT_EQ(b.price.value, b.number);
      EXPECT_EQ(b.alias, (b.number - 1) % 700);
      ++seen;
    }
    cursor = page.next;
  } while (cursor != 0);
  EXPECT_EQ(seen, kBids);
}

struct Recorder : ChangeListener {
  void on_event(const model::EventHeader& event, std::uint32_t index) override {
    seen.push_back({event.type, event.sequence, index});
  }
  struct Seen {
    model::EventType type;
    model::Sequence sequence;
    std::uint32_t index;
    bool operator==(const Seen&) const = default;
  };
  std::vector<Seen> seen;
};

TEST_F(ViewFold, the_listener_hears_each_event_with_its_place_among_its_commands_events) {
  Recorder recorder;
  view_->set_listener(&recorder);
  apply(Events(1, 1).add(posted(9, 1)));
  apply(Events(1, 1).add(posted(8, 1)).add(model::Replied{}));  // one command in two runs
  apply(Events(2, 2).add(model::Replied{}).at(3, 3).add(posted(9, 1)).add(model::Replied{}));
  using enum model::EventType;
  const std::vector<Recorder::Seen> expected{{kPosted, 1, 0},  {kPosted, 1, 1}, {kReplied, 1, 2},
                                             {kReplied, 2, 0}, {kPosted, 3, 0}, {kReplied, 3, 1}};
  EXPECT_EQ(recorder.seen, expected);
}

TEST_F(ViewFold, an_event_that_the_snapshot_holds_already_is_a_bug_that_stops_the_process) {
  two_bids();
  snapshot(3);
  reopen(3);
  describe();
  EXPECT_DEATH(apply(Events(3, 30).add(posted(9, 1))), "opened_at");
  EXPECT_DEATH(
      {
        reopen(3);
        view_->begin_describe();
        apply(Events(3, 30).add(posted(9, 1)));
      },
      "describing");
}

TEST_F(ViewFold, R7_1_each_state_of_a_contract_says_whose_turn_it_is) {
  model::ContractRow contract{};
  contract.state = model::ContractState::kConcluded;
  contract.deadline = 77;
  Step step = view_->step(contract);
  EXPECT_EQ(step.actor, Actor::kBuyer);
  EXPECT_EQ(step.deadline, 77);
  EXPECT_EQ(step.outcome, Outcome::kBuyerDidNotPay);
  contract.state = model::ContractState::kScheduled;
  contract.terms = model::Terms::kDestination;
  EXPECT_EQ(view_->step(contract).outcome, Outcome::kSellerDidNotDeliver);
  contract.state = model::ContractState::kLoaded;
  contract.terms = model::Terms::kOrigin;
  EXPECT_EQ(view_->step(contract).actor, Actor::kBuyer);
  EXPECT_EQ(view_->step(contract).outcome, Outcome::kSettles);
  contract.state = model::ContractState::kWeighed;
  contract.seller_flags = model::kAcceptedWeighing;
  EXPECT_EQ(view_->step(contract).actor, Actor::kBuyer);
  EXPECT_EQ(view_->step(contract).outcome, Outcome::kSettles);
  contract.adjust_needed = 1;
  EXPECT_EQ(view_->step(contract).next, Action::kAgreeAdjustment);
  contract.state = model::ContractState::kClosed;
  EXPECT_EQ(view_->step(contract).next, Action::kNone);
}

}  // namespace
}  // namespace hulan::projections
