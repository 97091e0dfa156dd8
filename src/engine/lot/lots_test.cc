// SPDX-License-Identifier: Apache-2.0
#include "engine/lot/lots.h"

#include <gtest/gtest.h>

#include "engine/lot/tags.h"
#include "engine/testing.h"

namespace hulan::engine {
namespace {

using namespace testing;
using model::DocumentKind;
using model::LotState;

struct Lots : ::testing::Test {
  TestMarket m;

  Reject create(const model::CreateLot& body) { return m.send(trader(kFarm), body).reject; }
  Reject list(model::LotId lot) { return m.send(trader(kFarm), m.listing(lot, 16'000)).reject; }
};

TEST_F(Lots, R4_2_a_draft_names_goods_that_the_product_allows) {
  const model::CreateLot good = m.draft();
  auto body = good;
  body.product = 99;
  EXPECT_EQ(create(body), Reject::unknown_product);
  body = good;
  body.grade = 0;
  EXPECT_EQ(create(body), Reject::invalid_grade);
  body.grade = 4;
  EXPECT_EQ(create(body), Reject::invalid_grade);
  body = good;
  body.quantity = 0;
  EXPECT_EQ(create(body), Reject::invalid_quantity);
  body.quantity = -200;
  EXPECT_EQ(create(body), Reject::invalid_quantity);
  body.quantity = INT64_MAX;
  EXPECT_EQ(create(body), Reject::invalid_quantity);
  body.quantity = model::kMaxMagnitude;
  EXPECT_EQ(create(body), Reject::overflow);
  body.quantity = 9;
  EXPECT_EQ(create(body), Reject::below_lot_minimum);
  body = good;
  body.average_g = 0;
  EXPECT_EQ(create(body), Reject::average_required);
  body = good;
  body.pickup_until = body.pickup_from;
  EXPECT_EQ(create(body), Reject::invalid_window);
  body = good;
  body.pickup_from = m.now.value - 2;
  body.pickup_until = m.now.value;
  EXPECT_EQ(create(body), Reject::invalid_window);
  body = good;
  body.terms = static_cast<model::Terms>(3);
  EXPECT_EQ(create(body), Reject::invalid_terms);
  body = good;
  body.origin = 12;
  EXPECT_EQ(create(body), Reject::invalid_region);
  body = good;
  body.farm = 77;
  EXPECT_EQ(create(body), Reject::unknown_participant);
  EXPECT_EQ(m.send(finance(kFarm), good).reject, Reject::wrong_role);
  EXPECT_EQ(create(good), Reject::ok);
  EXPECT_EQ(m.lot(1).state, LotState::kDraft);
  EXPECT_EQ(m.lot(1).farm, kFarm);
}

TEST_F(Lots, R4_3_a_missing_paper_stops_the_listing_and_is_named) {
  const Replied made = m.send(trader(kFarm), m.draft());
  ASSERT_EQ(m.attach_tags(trader(kFarm), made.id, {{123011100000001, 200}}).reject, Reject::ok);
  Replied refused = m.send(trader(kFarm), m.listing(made.id, 16'000));
  EXPECT_EQ(refused.reject, Reject::missing_asf_test);
  EXPECT_EQ(refused.detail, static_cast<std::uint32_t>(DocumentKind::kAsfTest));
  ASSERT_EQ(m.send(trader(kFarm), m.paper(made.id, DocumentKind::kAsfTest)).reject, Reject::ok);
  EXPECT_EQ(list(made.id), Reject::missing_immunization);
  ASSERT_EQ(m.send(trader(kFarm), m.paper(made.id, DocumentKind::kImmunization)).reject,
            Reject::ok);
  EXPECT_EQ(list(made.id), Reject::ok);
}

TEST_F(Lots, R4_3_a_paper_counts_from_its_issue_until_its_expiry) {
  const Replied made = m.send(trader(kFarm), m.draft());
  ASSERT_EQ(m.attach_tags(trader(kFarm), made.id, {{123011100000001, 200}}).reject, Reject::ok);
  ASSERT_EQ(m.send(trader(kFarm), m.paper(made.id, DocumentKind::kImmunization)).reject,
            Reject::ok);
  auto report = m.paper(made.id, DocumentKind::kAsfTest);
  report.expires_at = m.now.value;
  ASSERT_EQ(m.send(trader(kFarm), report).reject, Reject::ok);
  EXPECT_EQ(list(made.id), Reject::document_expired);
  report.issued_at = m.now.value + 1;
  report.expires_at = m.now.value + model::kDay;
  ASSERT_EQ(m.send(trader(kFarm), report).reject, Reject::ok);
  EXPECT_EQ(list(made.id), Reject::document_expired) << "not valid yet";
  m.now += Time{1};
  EXPECT_EQ(list(made.id), Reject::ok) << "one valid paper of the kind is enough";
}

TEST_F(Lots, R4_3_a_document_has_a_kind_a_hash_and_dates_that_fit) {
  const Replied made = m.send(trader(kFarm), m.draft());
  const auto attach = [&](const model::AttachDocument& body) {
    return m.send(trader(kFarm), body).reject;
  };
  auto body = m.paper(made.id, DocumentKind::kAsfTest);
  body.kind = static_cast<DocumentKind>(11);
  EXPECT_EQ(attach(body), Reject::invalid_document);
  body = m.paper(made.id, DocumentKind::kAsfTest);
  body.hash = {};
  EXPECT_EQ(attach(body), Reject::invalid_document);
  body = m.paper(made.id, DocumentKind::kAsfTest);
  body.expires_at = body.issued_at;
  EXPECT_EQ(attach(body), Reject::invalid_document);
  EXPECT_EQ(m.send(trader(kFarm2), m.paper(made.id, DocumentKind::kAsfTest)).reject,
            Reject::not_lot_owner);
  for (std::size_t i = 0; i < model::kMaxDocumentsPerLot; ++i) {
    ASSERT_EQ(attach(m.paper(made.id, DocumentKind::kPhoto)), Reject::ok);
  }
  EXPECT_EQ(attach(m.paper(made.id, DocumentKind::kPhoto)), Reject::documents_full);
}

TEST_F(Lots, R2_3_an_inspector_checks_a_paper) {
  const auto lot = m.ready_lot(kFarm);
  const auto other = m.ready_lot(kFarm2);
  const std::uint32_t paper = m.lot(lot).first_document;
  EXPECT_EQ(m.send(kOperator, model::CheckDocument{lot, paper}).reject, Reject::wrong_role);
  EXPECT_EQ(m.send(kInspector, model::CheckDocument{other, paper}).reject,
            Reject::unknown_document);
  EXPECT_EQ(m.send(kInspector, model::CheckDocument{lot, paper}).reject, Reject::ok);
  EXPECT_EQ(m.engine.state().documents[paper].checked, 1);
}

TEST(Tags, R4_3_an_ear_tag_is_species_county_and_serial) {
  EXPECT_TRUE(is_tag_range({123011100000001, 1}));
  EXPECT_TRUE(is_tag_range({123011199999999, 1}));
  EXPECT_FALSE(is_tag_range({123011199999999, 2})) << "runs into the next county";
  EXPECT_FALSE(is_tag_range({23011100000001, 1})) << "14 digits";
  EXPECT_FALSE(is_tag_range({1230111000000012, 1})) << "16 digits";
  EXPECT_FALSE(is_tag_range({223011100000001, 1})) << "species 2";
  EXPECT_FALSE(is_tag_range({199011100000001, 1})) << "no such province";
  EXPECT_FALSE(is_tag_range({123011100000001, 0}));
  EXPECT_FALSE(is_tag_range({123011100000001, model::kMaxTagsPerRange + 1}));
}

struct EarTags : Lots {
  model::LotId draft(model::ParticipantId seller = kFarm) {
    return m.send(trader(seller), m.draft()).id;
  }
};

TEST_F(EarTags, R4_3_a_lot_has_as_many_tags_as_animals) {
  const auto lot = draft();
  for (const auto kind : {DocumentKind::kAsfTest, DocumentKind::kImmunization}) {
    ASSERT_EQ(m.send(trader(kFarm), m.paper(lot, kind)).reject, Reject::ok);
  }
  ASSERT_EQ(
      m.attach_tags(trader(kFarm), lot, {{123011100000001, 150}, {123011100000301, 49}}).reject,
      Reject::ok);
  EXPECT_EQ(list(lot), Reject::missing_tags);
  ASSERT_EQ(m.attach_tags(trader(kFarm), lot, {{123011100000401, 1}}).reject, Reject::ok);
  EXPECT_EQ(list(lot), Reject::ok);
}

TEST_F(EarTags, R4_3_a_tag_stands_on_one_live_lot_at_most) {
  const auto lot = draft();
  const auto other = draft(kFarm2);
  const auto attach = [&](std::uint64_t first, std::uint32_t count) {
    return m.attach_tags(trader(kFarm2), other, {{first, count}});
  };
  ASSERT_EQ(m.attach_tags(trader(kFarm), lot, {{123011100000100, 100}}).reject, Reject::ok);
  const Replied refused = attach(123011100000199, 1);
  EXPECT_EQ(refused.reject, Reject::tag_in_use);
  EXPECT_EQ(refused.detail, lot);
  EXPECT_EQ(attach(123011100000100, 1).reject, Reject::tag_in_use);
  EXPECT_EQ(attach(123011100000050, 51).reject, Reject::tag_in_use);
  EXPECT_EQ(attach(123011100000001, 500).reject, Reject::tag_in_use);
  EXPECT_EQ(attach(123011100000150, 2).reject, Reject::tag_in_use);
  EXPECT_EQ(attach(123011100000050, 50).reject, Reject::ok);
  EXPECT_EQ(attach(123011100000200, 1).reject, Reject::ok);
  EXPECT_EQ(
      m.attach_tags(trader(kFarm2), other, {{123011100000900, 5}, {123011100000904, 5}}).reject,
      Reject::tag_in_use)
      << "twice in one command";
}

TEST_F(EarTags, R4_3_tags_are_free_again_when_the_lot_ended_unsold) {
  const auto lot = draft();
  ASSERT_EQ(m.attach_tags(trader(kFarm), lot, {{123011100000100, 100}}).reject, Reject::ok);
  ASSERT_EQ(m.send(trader(kFarm), model::WithdrawLot{lot, {}}).reject, Reject::ok);
  const auto again = draft();
  EXPECT_EQ(m.attach_tags(trader(kFarm), again, {{123011100000150, 100}}).reject, Reject::ok);
  const auto sold = m.ready_lot(kFarm2);
  ASSERT_EQ(m.send(trader(kFarm2), m.listing(sold, 16'000)).reject, Reject::ok);
  ASSERT_EQ(m.send(trader(kBuyer), model::Take{sold, 0, 16'000, 200}).reject, Reject::ok);
  const std::uint64_t first = m.engine.state().tags[m.lot(sold).first_tags].first;
  EXPECT_EQ(m.attach_tags(trader(kFarm), again, {{first, 1}}).reject, Reject::tag_in_use)
      << "sold animals are not for sale again";
}

TEST_F(EarTags, R4_3_thousands_of_ranges_in_any_order_never_overlap) {
  // Ranges of 7 at multiples of 10, in a scattered order; then every gap of 3 fits and no more.
  constexpr std::uint64_t kBase = 123011100000000;
  constexpr std::uint64_t kRanges = 1009;  // a prime: i * 500 runs through all of them
  const auto lot = draft();
  for (std::uint64_t i = 0; i < kRanges; i += 50) {
    std::vector<model::TagRange> ranges;
    for (std::uint64_t j = i; j < std::min(i + 50, kRanges); ++j) {
      ranges.push_back({kBase + j * 500 % kRanges * 10, 7});
    }
    ASSERT_EQ(
        m.send(trader(kFarm), model::AttachTags{lot, static_cast<std::uint32_t>(ranges.size())},
               {reinterpret_cast<const std::uint8_t*>(ranges.data()),
                ranges.size() * sizeof(model::TagRange)})
            .reject,
        Reject::ok);
  }
  const auto other = draft(kFarm2);
  for (const std::uint64_t i : {0, 1, 500, 1007}) {
    const auto attach = [&](std::uint64_t first, std::uint32_t count) {
      return m.attach_tags(trader(kFarm2), other, {{kBase + i * 10 + first, count}}).reject;
    };
    EXPECT_EQ(attach(6, 1), Reject::tag_in_use);
    EXPECT_EQ(attach(7, 4), Reject::tag_in_use);
    EXPECT_EQ(attach(7, 3), Reject::ok);
  }
}

TEST_F(EarTags, R4_3_a_body_with_other_ranges_than_it_says_is_malformed) {
  const auto lot = draft();
  const model::TagRange range{123011100000001, 5};
  const std::span<const std::uint8_t> one(reinterpret_cast<const std::uint8_t*>(&range),
                                          sizeof(range));
  EXPECT_EQ(m.send(trader(kFarm), model::AttachTags{lot, 2}, one).reject, Reject::malformed_body);
  EXPECT_EQ(m.send(trader(kFarm), model::AttachTags{lot, 0}).reject, Reject::malformed_body);
  EXPECT_EQ(m.send(trader(kFarm), model::AttachTags{lot, 1}, one).reject, Reject::ok);
}

struct Marks : Lots {
  model::MarkId mark = registered();

  model::MarkId registered(std::uint32_t place = 230100) {
    const Replied made = m.send(
        kOperator, model::RegisterMark{kFarm2, m.product_id, place, m.now.value,
                                       m.now.value + 90 * model::kDay, hash_of("certificate")});
    EXPECT_EQ(made.reject, Reject::ok);
    return made.id;
  }
  Reject create_marked(std::uint32_t origin = kHulan, model::ParticipantId farm = 0) {
    auto body = m.draft();
    body.mark = mark;
    body.origin = origin;
    body.farm = farm;
    return create(body);
  }
  Reject grant(std::int64_t days = 30) {
    return m.send(trader(kFarm2), model::GrantMark{mark, kFarm, m.now.value + days * model::kDay})
        .reject;
  }
};

TEST_F(Marks, R4_2_a_lot_with_a_mark_needs_the_holders_grant_to_its_farm) {
  EXPECT_EQ(create_marked(), Reject::mark_not_granted);
  EXPECT_EQ(m.send(trader(kFarm), model::GrantMark{mark, kFarm, m.now.value + 1}).reject,
            Reject::not_mark_holder);
  ASSERT_EQ(grant(), Reject::ok);
  EXPECT_EQ(create_marked(), Reject::ok);
  ASSERT_EQ(m.send(trader(kFarm2), model::RevokeGrant{mark, kFarm}).reject, Reject::ok);
  EXPECT_EQ(create_marked(), Reject::mark_not_granted);
  EXPECT_EQ(create_marked(kHulan, kFarm2), Reject::ok) << "the holder's own farm needs none";
}

TEST_F(Marks, R4_2_the_goods_come_from_the_marks_place_and_are_its_product) {
  ASSERT_EQ(grant(), Reject::ok);
  EXPECT_EQ(create_marked(230202), Reject::mark_wrong_product) << "Qiqihar is not Harbin";
  auto other = hogs();
  other.code = {'p', 'i', 'g', 'l', 'e', 't'};
  const auto hog = m.product_id;
  m.product_id = m.define(other);
  EXPECT_EQ(create_marked(), Reject::mark_wrong_product);
  m.product_id = hog;
  EXPECT_EQ(create_marked(), Reject::ok);
}

TEST_F(Marks, R4_2_a_mark_is_asked_again_when_the_lot_is_posted) {
  ASSERT_EQ(grant(1), Reject::ok);
  auto body = m.draft();
  body.mark = mark;
  const auto lot = m.ready_lot(kFarm, body);
  m.now += Time{model::kDay};
  EXPECT_EQ(list(lot), Reject::mark_expired);
  ASSERT_EQ(grant(1), Reject::ok) << "granted anew";
  EXPECT_EQ(list(lot), Reject::ok);
}

}  // namespace
}  // namespace hulan::engine
