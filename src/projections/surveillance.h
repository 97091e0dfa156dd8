// SPDX-License-Identifier: Apache-2.0
// Surveillance (R12.3): what in the market's events looks like abuse, with its evidence. It judges
// nobody: each finding names the sequences that a person should look at.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "model/event.h"

namespace hulan::projections {

enum class Pattern : std::uint8_t {
  kSelfTrade,      ///< one participant on both sides
  kCircular,       ///< goods of a product went to somebody and came back, or round three
  kRelatedBid,     ///< a bid by a participant related to the lot's initiator
  kAlwaysSecond,   ///< outbid on many lots of one initiator, and never a buyer of one
  kPriceMove,      ///< more than half the band from the trade before, on one day
  kConcentration,  ///< more than 40 % of one side of a product's day
  kCancelRatio     ///< nearly every order is cancelled
};

struct Suspicion {
  Pattern pattern{};
  std::vector<model::ParticipantId> participants;
  model::ProductId product = 0;  ///< first version met; 0 = none
  model::LotId lot = 0;
  std::int64_t value = 0;                 ///< basis points of a move, share or ratio; else a count
  std::vector<model::Sequence> evidence;  ///< ascending
  std::int64_t time = 0;                  ///< of the last of the evidence
};

/// Folds events in their order. One thread.
class Surveillance {
 public:
  /// Trades, bids and orders with from <= time < until count; rows always.
  explicit Surveillance(std::int64_t from = 0, std::int64_t until = INT64_MAX)
      : from_(from), until_(until) {}

  void on_event(const model::EventHeader& event);
  /// Everything found so far, by the sequence of its last evidence.
  [[nodiscard]] std::vector<Suspicion> findings() const;

 private:
  using Who = model::ParticipantId;
  struct Sale {
    model::Sequence sequence;
    std::int64_t time;
    model::Price price;
    std::int64_t quantity;
    Who seller, buyer;
    model::ProductId product;
    model::ContractId contract;
    std::uint8_t grade;
  };
  struct Bids {
    std::set<model::LotId> lots;  ///< on which one was outbid
    std::vector<model::Sequence> evidence;
    std::int64_t last = 0;
    bool bought = false;
  };
  struct Orders {
    std::int64_t placed = 0, cancelled = 0, last = 0;
    std::vector<model::Sequence> evidence;  ///< of cancels
  };

  void on(const model::ContractChanged& event);
  void on(const model::BidAccepted& event);
  void on(const model::OrderTraded& event);
  [[nodiscard]] bool counts(const model::EventHeader& event) const {
    return event.time.value >= from_ && event.time.value < until_;
  }
  [[nodiscard]] model::ProductId first_version(model::ProductId product) const;
  [[nodiscard]] std::int64_t day_of(std::int64_t time) const;
  [[nodiscard]] bool are_related(Who a, Who b) const;

  void find_circles(std::vector<Suspicion>& found) const;
  void find_moves(std::vector<Suspicion>& found) const;
  void find_concentration(std::vector<Suspicion>& found) const;
  void find_seconds(std::vector<Suspicion>& found) const;
  void find_cancels(std::vector<Suspicion>& found) const;
  [[nodiscard]] std::vector<Sale> standing_sales() const;

  std::int64_t from_, until_;
  std::int32_t utc_offset_s_ = 0;
  std::map<model::ProductId, model::ProductRow> products_;
  std::map<model::LotId, std::pair<Who, model::ProductId>> lots_;  ///< initiator, product
  std::map<std::uint64_t, model::RelationRow> relations_;
  std::map<std::uint32_t, Who> positions_;
  std::vector<Sale> sales_;
  std::set<model::ContractId> busted_;
  std::map<std::pair<Who, Who>, Bids> bids_;  ///< by bidder and initiator
  std::map<Who, Orders> orders_;
  std::vector<Suspicion> found_;  ///< at once
};

}  // namespace hulan::projections
