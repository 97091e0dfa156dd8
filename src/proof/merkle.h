// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 9162, section 2 (R13.2): roots, the pieces that a proof is made of, and
// the checks that need nothing but a proof. Pure; any thread.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/sha256.h"

namespace hulan::proof {

/// SHA-256(0x01 || left || right).
[[nodiscard]] Sha256 node_hash(const Sha256& left, const Sha256& right);

/// Root of the tree without leaves: SHA-256 of nothing.
[[nodiscard]] Sha256 empty_root();

/// A tree that only grows. It keeps the roots of its complete parts, at most 64 hashes.
class Accumulator {
 public:
  /// Adds one leaf hash. `made(hash)` is called for the leaf and then for each inner node that it
  /// completes, from below: the order of the nodes in the tree's file.
  template <class Made>
  void append(const Sha256& leaf, Made&& made) {
    Sha256 hash = leaf;
    made(hash);
    for (std::uint64_t at = size_; (at & 1) != 0; at >>= 1) {
      hash = node_hash(parts_[--count_], hash);
      made(hash);
    }
    parts_[count_++] = hash;
    ++size_;
  }
  void append(const Sha256& leaf) {
    append(leaf, [](const Sha256&) {});
  }

  /// Continues a tree of `size` leaves whose complete parts have these roots, largest first: as
  /// many as `size` has bits set.
  [[nodiscard]] static Accumulator resume(std::uint64_t size, std::span<const Sha256> parts);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Sha256 root() const;

 private:
  std::array<Sha256, 64> parts_{};
  std::size_t count_ = 0;
  std::uint64_t size_ = 0;
};

/// Leaves [begin, end) whose root is one hash of a proof. Either complete (a power of two), or at
/// the tree's right edge.
struct LeafRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  [[nodiscard]] bool operator==(const LeafRange&) const = default;
};

/// The complete parts of [0, size), or of a proof's range, from the left.
[[nodiscard]] std::vector<LeafRange> complete_parts(LeafRange range);

/// What the inclusion proof of leaf `index` (from 0, less than `size`) is made of, in its order.
/// RFC 9162, 2.1.3.1.
[[nodiscard]] std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size);

/// What the consistency proof between the trees of `from` and `to` leaves is made of;
/// 0 < from <= to. RFC 9162, 2.1.4.1.
[[nodiscard]] std::vector<LeafRange> consistency_ranges(std::uint64_t from, std::uint64_t to);

/// Root of a range from the roots of its complete parts, from the left; at least one.
[[nodiscard]] Sha256 join_parts(std::span<const Sha256> parts);

/// The root that an inclusion proof leads to; nothing if the proof has the wrong length or `index`
/// is not less than `size`. RFC 9162, 2.1.3.2.
[[nodiscard]] std::optional<Sha256> root_from_inclusion(const Sha256& leaf, std::uint64_t index,
                                                        std::uint64_t size,
                                                        std::span<const Sha256> path);

/// Whether the tree of `to` leaves and root `to_root` begins with that of `from` leaves and
/// `from_root`; 0 < from. RFC 9162, 2.1.4.2.
[[nodiscard]] bool is_consistent(std::uint64_t from, const Sha256& from_root, std::uint64_t to,
                                 const Sha256& to_root, std::span<const Sha256> path);

}  // namespace hulan::proof
