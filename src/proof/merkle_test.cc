// SPDX-License-Identifier: Apache-2.0
// Against the values that the reference tests of RFC 6962 publish, and against the RFC's recursive
// definitions, written here once more over plain vectors.
#include "proof/merkle.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hulan::proof {
namespace {

using Hashes = std::vector<Sha256>;

Sha256 leaf_of(std::span<const std::uint8_t> data) {
  static constexpr std::array<std::uint8_t, 1> kZero{0};
  return sha256_of({kZero, data});
}

Hashes published_leaves() {
  static constexpr std::string_view kData[] = {"",
                                               "00",
                                               "10",
                                               "2021",
                                               "3031",
                                               "40414243",
                                               "5051525354555657",
                                               "606162636465666768696a6b6c6d6e6f"};
  Hashes leaves;
  for (const std::string_view text : kData) {
    std::vector<std::uint8_t> data(text.size() / 2);
    EXPECT_TRUE(parse_hex(text, data));
    leaves.push_back(leaf_of(data));
  }
  return leaves;
}

Hashes counted_leaves(std::size_t count) {
  Hashes leaves;
  for (std::size_t i = 0; i < count; ++i) {
    const std::array<std::uint8_t, 2> data{static_cast<std::uint8_t>(i),
                                           static_cast<std::uint8_t>(i >> 8)};
    leaves.push_back(leaf_of(data));
  }
  return leaves;
}

// --- RFC 9162, 2.1.1 to 2.1.4, word for word ---

std::size_t k_of(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

Sha256 mth(std::span<const Sha256> d) {
  if (d.empty()) return sha256(std::string_view());
  if (d.size() == 1) return d[0];
  const std::size_t k = k_of(d.size());
  static constexpr std::array<std::uint8_t, 1> kOne{1};
  return sha256_of({kOne, mth(d.first(k)), mth(d.subspan(k))});
}

Hashes naive_path(std::size_t m, std::span<const Sha256> d) {
  if (d.size() == 1) return {};
  const std::size_t k = k_of(d.size());
  Hashes path = m < k ? naive_path(m, d.first(k)) : naive_path(m - k, d.subspan(k));
  path.push_back(m < k ? mth(d.subspan(k)) : mth(d.first(k)));
  return path;
}

Hashes naive_subproof(std::size_t m, std::span<const Sha256> d, bool b) {
  if (m == d.size()) return b ? Hashes{} : Hashes{mth(d)};
  const std::size_t k = k_of(d.size());
  Hashes proof =
      m <= k ? naive_subproof(m, d.first(k), b) : naive_subproof(m - k, d.subspan(k), false);
  proof.push_back(m <= k ? mth(d.subspan(k)) : mth(d.first(k)));
  return proof;
}

/// The roots of the ranges, by their complete parts.
Hashes roots_of(const std::vector<LeafRange>& ranges, std::span<const Sha256> leaves) {
  Hashes out;
  for (const LeafRange& range : ranges) {
    Hashes parts;
    for (const LeafRange& part : complete_parts(range)) {
      parts.push_back(mth(leaves.subspan(part.begin, part.end - part.begin)));
    }
    out.push_back(join_parts(parts));
  }
  return out;
}

TEST(Merkle, R13_2_roots_are_those_that_the_reference_tests_publish) {
  static constexpr std::string_view kRoots[] = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Accumulator tree;
  EXPECT_EQ(to_hex(tree.root()), kRoots[0]);
  for (const Sha256& leaf : published_leaves()) {
    tree.append(leaf);
    EXPECT_EQ(to_hex(tree.root()), kRoots[tree.size()]) << tree.size();
  }
}

TEST(Merkle, R13_2_an_inclusion_proof_is_the_one_that_the_reference_tests_publish) {
  const Hashes leaves = published_leaves();
  const Hashes path = roots_of(inclusion_ranges(0, 8), leaves);
  ASSERT_EQ(path.size(), 3U);
  EXPECT_EQ(to_hex(path[0]), "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
  EXPECT_EQ(to_hex(path[1]), "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
  EXPECT_EQ(to_hex(path[2]), "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
}

TEST(Merkle, R13_2_a_growing_tree_has_the_root_of_the_definition_at_every_size) {
  const Hashes leaves = counted_leaves(130);
  Accumulator tree;
  for (std::size_t n = 0; n <= leaves.size(); ++n) {
    EXPECT_EQ(tree.root(), mth(std::span(leaves).first(n))) << n;
    if (n < leaves.size()) tree.append(leaves[n]);
  }
}

TEST(Merkle, R13_2_a_tree_taken_up_again_grows_as_if_it_had_never_been_left) {
  const Hashes leaves = counted_leaves(70);
  for (std::size_t n = 0; n <= leaves.size(); ++n) {
    Hashes parts;
    for (const LeafRange& part : complete_parts({0, n})) {
      parts.push_back(mth(std::span(leaves).subspan(part.begin, part.end - part.begin)));
    }
    Accumulator tree = Accumulator::resume(n, parts);
    for (std::size_t i = n; i < leaves.size(); ++i) tree.append(leaves[i]);
    EXPECT_EQ(tree.root(), mth(leaves)) << n;
  }
}

TEST(Merkle, R13_2_inclusion_proofs_of_every_leaf_at_every_size_are_the_definitions_and_hold) {
  const Hashes leaves = counted_leaves(130);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto tree = std::span(leaves).first(size);
    const Sha256 root = mth(tree);
    for (std::size_t index = 0; index < size; ++index) {
      const Hashes path = roots_of(inclusion_ranges(index, size), tree);
      ASSERT_EQ(path, naive_path(index, tree)) << index << " of " << size;
      ASSERT_EQ(root_from_inclusion(leaves[index], index, size, path), root);
    }
  }
}

TEST(Merkle, R13_2_an_inclusion_proof_holds_for_no_other_leaf_place_size_or_path) {
  const Hashes leaves = counted_leaves(40);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto tree = std::span(leaves).first(size);
    const Sha256 root = mth(tree);
    for (std::size_t index = 0; index < size; ++index) {
      Hashes path = naive_path(index, tree);
      for (std::size_t other = 0; other < size; ++other) {
        if (other == index) continue;
        ASSERT_NE(root_from_inclusion(leaves[other], index, size, path), root);
        ASSERT_NE(root_from_inclusion(leaves[index], other, size, path), root);
      }
      for (Sha256& step : path) {
        step[7] ^= 1;
        ASSERT_NE(root_from_inclusion(leaves[index], index, size, path), root);
        step[7] ^= 1;
      }
      path.push_back(root);
      ASSERT_NE(root_from_inclusion(leaves[index], index, size, path), root);
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      ASSERT_NE(root_from_inclusion(leaves[index], index, size, path), root);
    }
  }
  EXPECT_EQ(root_from_inclusion(leaves[0], 3, 3, {}), std::nullopt);
}

TEST(Merkle, R13_2_consistency_proofs_of_all_pairs_are_the_definitions_and_hold) {
  const Hashes leaves = counted_leaves(130);
  for (std::size_t to = 1; to <= leaves.size(); ++to) {
    const auto tree = std::span(leaves).first(to);
    const Sha256 to_root = mth(tree);
    for (std::size_t from = 1; from <= to; ++from) {
      const Hashes path = roots_of(consistency_ranges(from, to), tree);
      ASSERT_EQ(path, from == to ? Hashes{} : naive_subproof(from, tree, true))
          << from << ' ' << to;
      ASSERT_TRUE(is_consistent(from, mth(tree.first(from)), to, to_root, path));
    }
  }
}

TEST(Merkle, R13_2_no_consistency_proof_joins_a_tree_to_one_whose_past_was_changed) {
  const Hashes leaves = counted_leaves(33);
  for (std::size_t to = 2; to <= leaves.size(); ++to) {
    for (std::size_t from = 1; from < to; ++from) {
      const Sha256 kept = mth(std::span(leaves).first(from));
      Hashes changed(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(to));
      changed[from / 2][0] ^= 1;
      const Hashes path = naive_subproof(from, changed, true);
      ASSERT_FALSE(is_consistent(from, kept, to, mth(changed), path)) << from << ' ' << to;
      Hashes shorter = naive_subproof(from, std::span(leaves).first(to), true);
      shorter.pop_back();
      ASSERT_FALSE(is_consistent(from, kept, to, mth(std::span(leaves).first(to)), shorter));
    }
  }
  EXPECT_FALSE(is_consistent(0, empty_root(), 2, mth(std::span(leaves).first(2)), {}));
  EXPECT_FALSE(is_consistent(3, leaves[0], 2, leaves[0], {}));
  EXPECT_FALSE(is_consistent(1, leaves[0], 1, leaves[1], {}));
}

}  // namespace
}  // namespace hulan::proof
