// SPDX-License-Identifier: Apache-2.0
// Order books seen from outside (R5.4): who waits at what price, what was traded last.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "model/event.h"
#include "projections/table.h"

namespace hulan::projections {

/// A live order. Whose it is, and what it hides, is its owner's business.
struct LiveOrder {
  model::OrderId id = 0;
  std::uint64_t since = 0;  ///< place in time: lower is earlier
  std::int64_t entered = 0;
  std::int64_t expires_at = 0;
  model::Price price{};
  model::Price limit{};  ///< stop order: of what it becomes; 0 = a market order
  std::uint32_t shown = 0;
  std::uint32_t hidden = 0;
  std::uint32_t display = 0;
  std::uint32_t position = 0;
  model::UserId user = 0;
  std::uint16_t book = 0;  ///< BookId - 1
  std::uint8_t queue = 0;  ///< BookSide; + 2: a stop order
};

/// What all may see of one price.
struct PriceLevel {
  model::Price price{};
  std::int64_t quantity = 0;
  std::uint32_t orders = 0;
};

struct BookTrade {
  std::int64_t number = 0;
  std::int64_t time = 0;
  model::Sequence sequence = 0;
  model::Price price{};
  std::uint32_t quantity = 0;
  std::uint8_t taker = 0;  ///< BookSide; 2: a call auction
};

/// Folds the events of order books. One thread.
class OrderBooks {
 public:
  void on(const model::BookChanged& event);
  void on(const model::PositionChanged& event);
  void on(const model::OrderTermsChanged& event);
  void on(const model::OrderStands& event);
  void on(const model::OrderAccepted& event);
  void on(const model::OrderTraded& event);
  void on(const model::OrderOut& event);
  void on(const model::BookIndicated& event);

  /// nullptr where there is none.
  [[nodiscard]] const model::BookRow* book(model::BookId id) const;
  [[nodiscard]] std::vector<model::BookId> books() const;
  /// The best `depth` prices of a side, the best first.
  [[nodiscard]] std::vector<PriceLevel> ladder(model::BookId id, model::BookSide side,
                                               std::size_t depth) const;
  /// Newest first; at most the last 200 are kept.
  [[nodiscard]] const std::deque<BookTrade>& trades(model::BookId id) const;
  /// A participant's live orders, in all books, oldest first.
  [[nodiscard]] std::vector<const LiveOrder*> orders_of(model::ParticipantId participant) const;
  /// The live order in this slot; nullptr if there is none.
  [[nodiscard]] const LiveOrder* order_in(std::uint32_t slot) const;
  [[nodiscard]] const LiveOrder* order(model::OrderId id) const;
  [[nodiscard]] model::ParticipantId owner(const LiveOrder& order) const;
  [[nodiscard]] std::vector<const model::PositionRow*> positions_of(
      model::ParticipantId participant) const;

 private:
  struct Book {
    model::BookRow row{};
    std::array<std::map<std::int64_t, PriceLevel>, 2> levels;
    std::deque<BookTrade> trades;
  };
  void stands(const LiveOrder& order);
  void shows(const LiveOrder& order, std::int64_t more, int orders);
  void trade_off(model::OrderId id, std::uint32_t quantity, bool refilled);
  void gone(std::uint32_t slot);

  std::map<model::BookId, Book> books_;
  std::unordered_map<std::uint32_t, LiveOrder> orders_;  ///< by slot
  std::unordered_map<std::uint32_t, model::OrderTermsRow> terms_;
  Table<model::PositionRow> positions_;
  std::uint64_t arrivals_ = 0;
};

}  // namespace hulan::projections
