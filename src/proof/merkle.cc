// SPDX-License-Identifier: Apache-2.0
#include "proof/merkle.h"

#include <algorithm>

#include "base/assert.h"

namespace hulan::proof {
namespace {

/// The largest power of two less than `n`; n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

}  // namespace

Sha256 node_hash(const Sha256& left, const Sha256& right) {
  static constexpr std::array<std::uint8_t, 1> kNodePrefix{1};
  return sha256_of({kNodePrefix, left, right});
}

Sha256 empty_root() { return sha256_of({}); }

Accumulator Accumulator::resume(std::uint64_t size, std::span<const Sha256> parts) {
  HULAN_ASSERT(parts.size() == static_cast<std::size_t>(std::popcount(size)));
  Accumulator tree;
  std::copy(parts.begin(), parts.end(), tree.parts_.begin());
  tree.count_ = parts.size();
  tree.size_ = size;
  return tree;
}

Sha256 Accumulator::root() const {
  return count_ == 0 ? empty_root() : join_parts(std::span(parts_).first(count_));
}

Sha256 join_parts(std::span<const Sha256> parts) {
  HULAN_ASSERT(!parts.empty());
  Sha256 root = parts.back();
  for (std::size_t at = parts.size() - 1; at > 0; --at) root = node_hash(parts[at - 1], root);
  return root;
}

std::vector<LeafRange> complete_parts(LeafRange range) {
  std::vector<LeafRange> parts;
  while (range.begin < range.end) {
    const std::uint64_t leaves = std::bit_floor(range.end - range.begin);
    parts.push_back({range.begin, range.begin + leaves});
    range.begin += leaves;
  }
  return parts;
}

std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
  HULAN_ASSERT(index < size);
  std::vector<LeafRange> ranges;
  LeafRange tree{0, size};
  while (tree.end - tree.begin > 1) {
    const std::uint64_t middle = tree.begin + split(tree.end - tree.begin);
    if (index < middle) {
      ranges.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      ranges.push_back({tree.begin, middle});
      tree.begin = middle;
    }
  }
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

std::vector<LeafRange> consistency_ranges(std::uint64_t from, std::uint64_t to) {
  HULAN_ASSERT(from > 0 && from <= to);
  std::vector<LeafRange> ranges;
  LeafRange tree{0, to};
  bool whole = true;  // what is left is the old tree itself, whose root the verifier knows
  while (from != tree.end) {
    const std::uint64_t middle = tree.begin + split(tree.end - tree.begin);
    if (from <= middle) {
      ranges.push_back({middle, tree.end});
      tree.end = middle;
    } else {
      ranges.push_back({tree.begin, middle});
      tree.begin = middle;
      whole = false;
    }
  }
  if (!whole) ranges.push_back(tree);
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

std::optional<Sha256> root_from_inclusion(const Sha256& leaf, std::uint64_t index,
                                          std::uint64_t size, std::span<const Sha256> path) {
  if (index >= size) return std::nullopt;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Sha256 root = leaf;
  for (const Sha256& hash : path) {
    if (last == 0) return std::nullopt;
    if ((node & 1) != 0 || node == last) {
      root = node_hash(hash, root);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      root = node_hash(root, hash);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return std::nullopt;
  return root;
}

bool is_consistent(std::uint64_t from, const Sha256& from_root, std::uint64_t to,
                   const Sha256& to_root, std::span<const Sha256> path) {
  if (from == 0 || from > to) return false;
  if (from == to) return path.empty() && from_root == to_root;
  std::vector<Sha256> steps;
  if (std::has_single_bit(from)) steps.push_back(from_root);
  steps.insert(steps.end(), path.begin(), path.end());
  if (steps.empty()) return false;
  std::uint64_t node = from - 1;
  std::uint64_t last = to - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  Sha256 old_root = steps.front();
  Sha256 new_root = steps.front();
  for (std::size_t at = 1; at < steps.size(); ++at) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      old_root = node_hash(steps[at], old_root);
      new_root = node_hash(steps[at], new_root);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_root = node_hash(new_root, steps[at]);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_root == from_root && new_root == to_root;
}

}  // namespace hulan::proof
