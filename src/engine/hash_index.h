// SPDX-License-Identifier: Apache-2.0
// An index over rows of a table: open addressing, linear probing, one u32 per slot (0 = empty). The
// bits that no id needs hold some of the hash, so that few rows are looked at in vain. Derived:
// never hashed or saved, made again from the rows after a snapshot is read. Its layout influences
// no outcome. Engine thread only.
#pragma once

#include <sys/mman.h>

#include <bit>
#include <cstdint>

#include "base/assert.h"

namespace hulan::engine {

/// A number spread over 64 bits (the finalizer of splitmix64).
[[nodiscard]] constexpr std::uint64_t spread(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

class HashIndex {
 public:
  /// Room for `capacity` ids at no more than 3/4 load; memory is committed as it is touched.
  explicit HashIndex(std::size_t capacity)
      : slots_(std::bit_ceil(capacity * 4 / 3 + 2)),
        id_mask_(static_cast<std::uint32_t>(std::bit_ceil(capacity + 1) - 1)) {
    void* memory = mmap(nullptr, slots_ * sizeof(std::uint32_t), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    HULAN_ASSERT(memory != MAP_FAILED);
    // Every look-up is a random place: a large index takes large pages, where the system has them.
    if (slots_ >= kManySlots) {
      static_cast<void>(madvise(memory, slots_ * sizeof(std::uint32_t), MADV_HUGEPAGE));
    }
    ids_ = static_cast<std::uint32_t*>(memory);
  }
  ~HashIndex() { munmap(ids_, slots_ * sizeof(std::uint32_t)); }
  HashIndex(const HashIndex&) = delete;
  HashIndex& operator=(const HashIndex&) = delete;

  /// The id under `hash` for which `match(id)` holds; 0 = none.
  template <class Match>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, Match match) const {
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t slot = hash & mask();; slot = (slot + 1) & mask()) {
      const std::uint32_t entry = ids_[slot];
      if (entry == 0) return 0;
      const std::uint32_t id = entry & id_mask_;
      if (entry == (tag | id) && match(id)) return id;
    }
  }

  /// Adds an id that is not in the index. The table's own bound keeps the index from filling.
  void insert(std::uint64_t hash, std::uint32_t id) {
    HULAN_ASSERT(id <= id_mask_);
    std::size_t slot = hash & mask();
    while (ids_[slot] != 0) slot = (slot + 1) & mask();
    ids_[slot] = tag_of(hash) | id;
  }

  /// Removes an id that is in the index; `hash_of(id)` gives the hash under which each was added.
  template <class HashOf>
  void erase(std::uint32_t id, HashOf hash_of) {
    std::size_t hole = hash_of(id) & mask();
    while ((ids_[hole] & id_mask_) != id) hole = (hole + 1) & mask();
    for (std::size_t slot = (hole + 1) & mask(); ids_[slot] != 0; slot = (slot + 1) & mask()) {
      const std::size_t home = hash_of(ids_[slot] & id_mask_) & mask();
      if (((slot - home) & mask()) < ((slot - hole) & mask())) continue;
      ids_[hole] = ids_[slot];
      hole = slot;
    }
    ids_[hole] = 0;
  }

  /// Empties the index.
  void clear() { HULAN_ASSERT(madvise(ids_, slots_ * sizeof(std::uint32_t), MADV_DONTNEED) == 0); }

  /// Brings the slot of `hash` into the cache while something else runs.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&ids_[hash & mask()]); }

 private:
  static constexpr std::size_t kManySlots = std::size_t{1} << 21;
  [[nodiscard]] std::size_t mask() const { return slots_ - 1; }
  [[nodiscard]] std::uint32_t tag_of(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash >> 32) & ~id_mask_;
  }
  std::size_t slots_;
  std::uint32_t id_mask_;
  std::uint32_t* ids_ = nullptr;
};

}  // namespace hulan::engine
