// SPDX-License-Identifier: Apache-2.0
// Which letter a bidder has on a lot: a flat hash table, one cache miss a bid.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/ids.h"

namespace hulan::projections {

/// (lot, bidder) -> alias. Entries of lots that are no longer live go when the table grows.
class Aliases {
 public:
  Aliases() : slots_(1024) {}

  [[nodiscard]] std::optional<std::uint32_t> find(model::LotId lot,
                                                  model::ParticipantId bidder) const {
    const Slot& slot = slots_[place(slots_, key(lot, bidder))];
    if (slot.key == 0) return std::nullopt;
    return slot.alias;
  }

  /// The pair is not there yet. `live(lot)` tells which lots' entries a larger table keeps.
  template <class Live>
  void insert(model::LotId lot, model::ParticipantId bidder, std::uint32_t alias, Live live) {
    if ((used_ + 1) * 2 > slots_.size()) grow(live);
    slots_[place(slots_, key(lot, bidder))] = {key(lot, bidder), alias};
    ++used_;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t alias = 0;
  };

  static std::uint64_t key(model::LotId lot, model::ParticipantId bidder) {
    return static_cast<std::uint64_t>(lot) << 32 | bidder;
  }

  static std::size_t place(const std::vector<Slot>& slots, std::uint64_t key) {
    std::uint64_t mixed = (key ^ key >> 29) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ mixed >> 32) * 0x94D049BB133111EBULL;
    std::size_t at = (mixed ^ mixed >> 31) & (slots.size() - 1);
    while (slots[at].key != 0 && slots[at].key != key) at = (at + 1) & (slots.size() - 1);
    return at;
  }

  template <class Live>
  void grow(Live live) {
    std::vector<Slot> larger(slots_.size() * 2);
    used_ = 0;
    for (const Slot& slot : slots_) {
      if (slot.key == 0 || !live(static_cast<model::LotId>(slot.key >> 32))) continue;
      larger[place(larger, slot.key)] = slot;
      ++used_;
    }
    slots_ = std::move(larger);
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace hulan::projections
