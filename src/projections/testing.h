// SPDX-License-Identifier: Apache-2.0
// Hand-made events for the view's tests: runs of bytes as the engine would emit them.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "io/linux/system.h"
#include "projections/view.h"

namespace hulan::projections::testing {

struct alignas(16) Block {
  std::uint8_t bytes[16];
};

/// A run of events under construction.
class Events {
 public:
  explicit Events(model::Sequence sequence, std::int64_t time = 0) { at(sequence, time); }

  Events& at(model::Sequence sequence, std::int64_t time) {
    sequence_ = sequence;
    time_ = time;
    return *this;
  }

  template <class Event>
  Events& add(Event event) {
    const std::size_t blocks = (sizeof(Event) + 15) / 16;
    event.header = {Event::kType, 0, static_cast<std::uint32_t>(blocks * 16), sequence_,
                    model::Time{time_}};
    blocks_.resize(blocks_.size() + blocks);
    std::memcpy(&blocks_[blocks_.size() - blocks], &event, sizeof(Event));
    return *this;
  }

  template <class Changed, class Row>
  Events& row(std::uint64_t id, const Row& row) {
    return add(Changed{{}, id, row});
  }

  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    return {reinterpret_cast<const std::uint8_t*>(blocks_.data()), blocks_.size() * 16};
  }

 private:
  std::vector<Block> blocks_;
  model::Sequence sequence_ = 0;
  std::int64_t time_ = 0;
};

/// A market directory that goes away with the test, and a view on it.
class ViewTest : public ::testing::Test {
 protected:
  ViewTest() {
    std::string name = (std::filesystem::temp_directory_path() / "hulan-view-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    reopen(0);
  }
  ~ViewTest() override {
    view_.reset();
    std::filesystem::remove_all(directory_);
  }

  void reopen(model::Sequence sequence) {
    view_.reset();
    auto opened = View::open(io::system_storage(), directory_, sequence);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    view_ = std::move(*opened);
  }

  void apply(const Events& run) { view_->apply(run.bytes()); }

  std::string directory_;
  std::unique_ptr<View> view_;
};

inline model::ProductRow hog() {
  model::ProductRow row{};
  const std::string_view code = "live-hog";
  std::copy(code.begin(), code.end(), row.code.begin());
  row.version = 1;
  row.exists = 1;
  row.tick = model::Price{10};
  row.basis = model::PriceBasis::kByWeight;
  row.unit = model::QuantityUnit::kHead;
  row.needs_average = 1;
  row.bond_bp = 500;
  row.trading_bond_bp = 50;
  row.band_bp = 500;
  return row;
}

inline model::LotRow hog_lot(model::LotId id) {
  model::LotRow lot{};
  lot.id = id;
  lot.product = 1;
  lot.initiator = lot.farm = 7;
  lot.side = model::Side::kSell;
  lot.method = model::Method::kAscending;
  lot.state = model::LotState::kOpen;
  lot.quantity = lot.remaining = 200;
  lot.average_g = 110'000;
  lot.price = model::Price{14'000};
  lot.step = model::Price{10};
  lot.origin = lot.place = 230'111;
  return lot;
}

inline model::Posted posted(model::ParticipantId participant, std::int64_t available,
                            std::int64_t performance = 0, std::int64_t trading = 0) {
  model::Posted event{};
  event.delta = {model::Fen{available}, model::Fen{performance}, model::Fen{trading}};
  event.participant = participant;
  event.reason = model::PostingReason::kDeposit;
  return event;
}

inline model::BidAccepted bid(model::LotId lot, model::ParticipantId bidder, std::int64_t price,
                              std::uint32_t number) {
  model::BidAccepted event{};
  event.price = model::Price{price};
  event.lot = lot;
  event.bidder = bidder;
  event.bids = number;
  event.close_at = 1'000 + number;
  return event;
}

}  // namespace hulan::projections::testing
