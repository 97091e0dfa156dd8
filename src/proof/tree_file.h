// SPDX-License-Identifier: Apache-2.0
// The nodes of the Merkle tree in a file: each leaf hash, followed by the inner nodes that it
// completes. It can be made again from the journal, so that nothing in it has to be believed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/storage.h"
#include "proof/merkle.h"

namespace hulan::proof {

/// Place of the root of a complete range in the file, counted in hashes.
[[nodiscard]] std::uint64_t node_place(const LeafRange& part);
/// How many hashes the file of a tree with `size` leaves holds.
[[nodiscard]] std::uint64_t node_count(std::uint64_t size);

/// Roots of the ranges of a proof, in order. The file must hold the leaves. Any thread with a file
/// of its own.
[[nodiscard]] io::Result<std::vector<Sha256>> read_roots(io::File& file,
                                                         const std::vector<LeafRange>& ranges);

/// The writing end. One thread at a time.
class TreeFile {
 public:
  /// Makes the file if it is missing. Nothing is taken over yet: size() is 0.
  [[nodiscard]] static io::Result<TreeFile> open(io::Storage& storage, const std::string& path);

  /// Goes on after the first `size` leaves if the file holds them and they have this root; false,
  /// and still empty, if not.
  [[nodiscard]] io::Result<bool> resume(std::uint64_t size, const Sha256& root);

  /// Adds a leaf; what is written reaches the file in large pieces.
  [[nodiscard]] io::Result<void> append(const Sha256& leaf);
  /// Brings everything to the disk.
  [[nodiscard]] io::Result<void> sync();

  [[nodiscard]] std::uint64_t size() const { return tree_.size(); }
  [[nodiscard]] Sha256 root() const { return tree_.root(); }

 private:
  explicit TreeFile(std::unique_ptr<io::File> file) : file_(std::move(file)) {}
  [[nodiscard]] io::Result<void> flush();

  std::unique_ptr<io::File> file_;
  Accumulator tree_;
  std::vector<std::uint8_t> pending_;
  std::uint64_t written_ = 0;  // bytes
};

}  // namespace hulan::proof
