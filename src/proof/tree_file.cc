// SPDX-License-Identifier: Apache-2.0
#include "proof/tree_file.h"

#include <bit>

namespace hulan::proof {
namespace {

constexpr std::uint64_t kHashBytes = sizeof(Sha256);
constexpr std::size_t kFlushBytes = 1 << 20;

io::Result<Sha256> read_node(io::File& file, std::uint64_t place) {
  Sha256 hash{};
  auto got = file.read_at(place * kHashBytes, hash);
  if (!got) return std::unexpected(got.error());
  if (*got != hash.size()) return std::unexpected(io::Error{"read the tree", "", 0});
  return hash;
}

io::Result<std::vector<Sha256>> read_parts(io::File& file, const LeafRange& range) {
  std::vector<Sha256> parts;
  for (const LeafRange& part : complete_parts(range)) {
    auto hash = read_node(file, node_place(part));
    if (!hash) return std::unexpected(hash.error());
    parts.push_back(*hash);
  }
  return parts;
}

}  // namespace

std::uint64_t node_count(std::uint64_t size) {
  return 2 * size - static_cast<std::uint64_t>(std::popcount(size));
}

std::uint64_t node_place(const LeafRange& part) {
  const auto level = static_cast<std::uint64_t>(std::countr_zero(part.end - part.begin));
  return node_count(part.end - 1) + level;
}

io::Result<std::vector<Sha256>> read_roots(io::File& file, const std::vector<LeafRange>& ranges) {
  std::vector<Sha256> roots;
  for (const LeafRange& range : ranges) {
    auto parts = read_parts(file, range);
    if (!parts) return std::unexpected(parts.error());
    roots.push_back(join_parts(*parts));
  }
  return roots;
}

io::Result<TreeFile> TreeFile::open(io::Storage& storage, const std::string& path) {
  auto file = storage.open(path, io::OpenMode::kUpdate);
  if (!file) return std::unexpected(file.error());
  return TreeFile(std::move(*file));
}

io::Result<bool> TreeFile::resume(std::uint64_t size, const Sha256& root) {
  auto length = file_->size();
  if (!length) return std::unexpected(length.error());
  if (*length / kHashBytes < node_count(size)) return false;
  auto parts = read_parts(*file_, {0, size});
  if (!parts) return std::unexpected(parts.error());
  const Accumulator tree = Accumulator::resume(size, *parts);
  if (tree.root() != root) return false;
  tree_ = tree;
  written_ = node_count(size) * kHashBytes;
  return true;
}

io::Result<void> TreeFile::append(const Sha256& leaf) {
  tree_.append(leaf, [this](const Sha256& node) {
    pending_.insert(pending_.end(), node.begin(), node.end());
  });
  if (pending_.size() < kFlushBytes) return {};
  return flush();
}

io::Result<void> TreeFile::flush() {
  auto done = file_->write_at(written_, pending_);
  if (!done) return done;
  written_ += pending_.size();
  pending_.clear();
  return {};
}

io::Result<void> TreeFile::sync() {
  if (auto done = flush(); !done) return done;
  return file_->sync();
}

}  // namespace hulan::proof
