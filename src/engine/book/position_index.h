// SPDX-License-Identifier: Apache-2.0
// Which position a participant has in a book: a number for each pair, where a look-up is one load
// and the books of a participant lie side by side. Derived from the positions: neither hashed nor
// saved. Engine thread only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "engine/page_copy.h"
#include "model/ids.h"

namespace hulan::engine::book {

class PositionIndex {
 public:
  /// Ids from 1 to these; memory is committed as it is touched.
  PositionIndex(std::size_t participants, std::size_t books)
      : participants_(participants), books_(books), memory_(bytes()) {}

  /// The row of State::positions; 0 = none, or no such participant or book.
  [[nodiscard]] std::uint32_t find(model::ParticipantId participant, model::BookId book) const {
    return has(participant, book) ? rows()[at(participant, book)] : 0;
  }

  void insert(model::ParticipantId participant, model::BookId book, std::uint32_t id) {
    HULAN_ASSERT(has(participant, book));
    reinterpret_cast<std::uint32_t*>(memory_.data())[at(participant, book)] = id;
  }

  /// Begins to load what find() reads.
  void prefetch(model::ParticipantId participant, model::BookId book) const {
    if (has(participant, book)) __builtin_prefetch(&rows()[at(participant, book)]);
  }

  void clear() { memory_ = LargeMemory(bytes()); }

 private:
  [[nodiscard]] std::size_t bytes() const {
    return (participants_ + 1) * books_ * sizeof(std::uint32_t);
  }
  [[nodiscard]] bool has(model::ParticipantId participant, model::BookId book) const {
    return participant <= participants_ && book - 1 < books_;
  }
  [[nodiscard]] std::size_t at(model::ParticipantId participant, model::BookId book) const {
    return participant * books_ + book - 1;
  }
  [[nodiscard]] const std::uint32_t* rows() const {
    return reinterpret_cast<const std::uint32_t*>(memory_.data());
  }

  std::size_t participants_;
  std::size_t books_;
  LargeMemory memory_;
};

}  // namespace hulan::engine::book
