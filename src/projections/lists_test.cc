// SPDX-License-Identifier: Apache-2.0
#include "projections/testing.h"

namespace hulan::projections {
namespace {

using namespace testing;
using model::LotState;

struct Lists : ViewTest {
  std::vector<std::uint64_t> ids(LotQuery query) {
    std::vector<std::uint64_t> found;
    do {
      const auto page = view_->lots(query);
      for (const auto& item : page.items) found.push_back(item.id);
      query.cursor = page.next;
    } while (query.cursor != 0);
    return found;
  }
};

TEST_F(Lists, lots_come_newest_first_by_each_filter_and_page_by_page) {
  Events run(1, 1);
  run.row<model::ProductChanged>(1, hog());
  for (model::LotId id = 1; id <= 7; ++id) {
    model::LotRow lot = hog_lot(id);
    if (id == 2) lot.state = LotState::kDraft;
    if (id == 3) lot.state = LotState::kSold;
    if (id == 4) lot.initiator = 9;
    if (id == 5) lot.origin = 370'100;
    if (id == 6) lot.side = model::Side::kBuy;
    if (id == 7) lot.method = model::Method::kListing;
    run.row<model::LotChanged>(id, lot);
  }
  apply(run);
  using List = std::vector<std::uint64_t>;
  EXPECT_EQ(ids({}), (List{7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(ids({.limit = 2}), (List{7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(ids({.states = kLiveLots, .limit = 2}), (List{7, 6, 5, 4, 1}));
  EXPECT_EQ(ids({.states = kClosedLots}), (List{3}));
  EXPECT_EQ(ids({.province = 37}), (List{5}));
  EXPECT_EQ(ids({.place = 370'100}), (List{5}));
  EXPECT_EQ(ids({.place = 110'000}), List{});
  EXPECT_EQ(ids({.farm = 7, .initiator = 9}), (List{4}));
  EXPECT_EQ(ids({.initiator = 8}), List{});
  EXPECT_EQ(ids({.method = model::Method::kListing}), (List{7}));
  EXPECT_EQ(ids({.side = 2}), (List{6}));
  EXPECT_EQ(ids({.product = 1, .limit = 3}), (List{7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(ids({.product = 2}), List{});
  EXPECT_EQ(view_->live_lots_at(230'111), 5u);
  EXPECT_EQ(view_->live_lots_at(370'100), 1u);
}

TEST_F(Lists, a_lot_leaves_the_live_ones_when_it_closes) {
  model::LotRow lot = hog_lot(1);
  apply(Events(1, 1).row<model::LotChanged>(1, lot));
  EXPECT_EQ(ids({.states = kLiveLots}).size(), 1u);
  lot.state = LotState::kUnsold;
  apply(Events(2, 2).row<model::LotChanged>(1, lot));
  EXPECT_TRUE(ids({.states = kLiveLots}).empty());
  EXPECT_EQ(view_->live_lots_at(230'111), 0u);
}

TEST_F(Lists, contracts_are_found_by_party_state_and_lot) {
  model::ContractRow contract{};
  contract.id = 1;
  contract.lot = 4;
  contract.seller = 7;
  contract.buyer = 8;
  contract.state = model::ContractState::kConcluded;
  Events run(1, 1);
  run.row<model::ContractChanged>(1, contract);
  contract.id = 2;
  contract.buyer = 9;
  run.row<model::ContractChanged>(2, contract);
  contract.state = model::ContractState::kClosed;
  run.row<model::ContractChanged>(2, contract);
  apply(run);
  EXPECT_EQ(view_->contracts({.participant = 7}).items.size(), 2u);
  EXPECT_EQ(view_->contracts({.participant = 9}).items.size(), 1u);
  EXPECT_EQ(view_->contracts({.states = ~kEndedContracts}).items.size(), 1u);
  EXPECT_EQ(view_->contracts({.states = kEndedContracts}).items.at(0).id, 2u);
  EXPECT_EQ(view_->contracts_of(4), (std::vector<model::ContractId>{1, 2}));
  const auto timeline = view_->timeline(2);
  ASSERT_EQ(timeline.size(), 2u);
  EXPECT_EQ(timeline[1].state, model::ContractState::kClosed);
}

TEST_F(Lists, R2_4_only_open_approvals_wait) {
  model::PendingRow pending{};
  pending.state = model::PendingState::kOpen;
  apply(Events(1, 1).row<model::PendingChanged>(1, pending).row<model::PendingChanged>(2, pending));
  pending.state = model::PendingState::kApproved;
  apply(Events(2, 2).row<model::PendingChanged>(1, pending));
  const auto open = view_->pendings({});
  ASSERT_EQ(open.items.size(), 1u);
  EXPECT_EQ(open.items[0].id, 2u);
  EXPECT_EQ(view_->pendings({.open_only = false}).items.size(), 2u);
}

TEST_F(Lists, R4_1_a_product_version_is_in_force_from_its_time_and_finds_lots_of_all_versions) {
  model::ProductRow second = hog();
  second.version = 2;
  second.previous = 1;
  second.effective_at = 500;
  model::LotRow lot = hog_lot(2);
  lot.product = 2;
  apply(Events(1, 1)
            .row<model::ProductChanged>(1, hog())
            .row<model::ProductChanged>(2, second)
            .row<model::LotChanged>(1, hog_lot(1))
            .row<model::LotChanged>(2, lot));
  EXPECT_EQ(view_->product_by_code("live-hog", model::Time{499}), 1u);
  EXPECT_EQ(view_->product_by_code("live-hog", model::Time{500}), 2u);
  EXPECT_EQ(view_->product_by_code("maize", model::Time{500}), 0u);
  EXPECT_EQ(view_->first_version(2), 1u);
  EXPECT_EQ(ids({.product = 2}).size(), 2u);
  ASSERT_EQ(view_->products().size(), 1u);
  EXPECT_EQ(view_->products()[0].id, 1u);
}

TEST_F(Lists, R4_2_a_lots_papers_hang_on_it_whether_or_not_its_own_row_comes_too) {
  model::LotDocumentRow paper{};
  paper.lot = 1;
  paper.kind = model::DocumentKind::kAsfTest;
  paper.hash[0] = 9;
  apply(Events(1, 1).row<model::LotChanged>(1, hog_lot(1)).row<model::DocumentChanged>(1, paper));
  paper.next = 1;
  paper.kind = model::DocumentKind::kImmunization;
  model::LotRow lot = hog_lot(1);
  lot.first_document = 2;
  apply(Events(2, 2).row<model::LotChanged>(1, lot).row<model::DocumentChanged>(2, paper));
  const auto papers = view_->documents(1);
  ASSERT_EQ(papers.size(), 2u);
  EXPECT_EQ(papers[0].id, 1u);
  EXPECT_EQ(papers[1].row->kind, model::DocumentKind::kImmunization);
  EXPECT_EQ(view_->document_uses(paper.hash).size(), 2u);
  EXPECT_TRUE(view_->document_uses(model::DocumentHash{}).empty());
}

}  // namespace
}  // namespace hulan::projections
