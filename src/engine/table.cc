// SPDX-License-Identifier: Apache-2.0
#include "engine/table.h"

#include <sys/mman.h>

#include <algorithm>

namespace hulan::engine {

Pages::Pages(std::size_t bytes)
    : bytes_((bytes + kPageBytes - 1) / kPageBytes * kPageBytes),
      dirty_(bytes_ / kPageBytes / 64 + 1) {
  void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  HULAN_ASSERT(memory != MAP_FAILED);
  data_ = static_cast<std::uint8_t*>(memory);
}

void Pages::prefer_large() { static_cast<void>(madvise(data_, bytes_, MADV_HUGEPAGE)); }

void Pages::commit_more(std::size_t bytes) {
  constexpr std::size_t kStretch = 64 * kPageBytes;
  const std::size_t first = std::max(committed_, bytes / kPageBytes * kPageBytes);
  committed_ = std::min(bytes_, (bytes + kStretch) / kPageBytes * kPageBytes);
  // A system that does not know this commits page by page, as each is touched.
  static_cast<void>(madvise(data_ + first, committed_ - first, MADV_POPULATE_WRITE));
}

Pages::~Pages() { munmap(data_, bytes_); }

Sha256 Pages::hash(std::size_t used_bytes) {
  const std::size_t pages = (used_bytes + kPageBytes - 1) / kPageBytes;
  if (hashes_.size() < pages) hashes_.resize(pages);
  for (std::size_t word = 0; word * 64 < pages; ++word) {
    for (std::uint64_t bits = dirty_[word]; bits != 0; bits &= bits - 1) {
      const std::size_t page = word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
      if (page >= pages) break;
      hashes_[page] = sha256({data_ + page * kPageBytes, kPageBytes});
    }
    dirty_[word] = 0;
  }
  return sha256({reinterpret_cast<const std::uint8_t*>(hashes_.data()), pages * sizeof(Sha256)});
}

void Pages::begin_copy(std::size_t used_bytes) {
  const std::size_t pages = (used_bytes + kPageBytes - 1) / kPageBytes;
  copy_ = {LargeMemory(pages * kPageBytes), used_bytes};
  copied_.assign(pages, false);
  next_to_copy_ = 0;
  to_copy_ = pages;
}

void Pages::keep(std::size_t page) {
  if (copied_[page]) return;
  copied_[page] = true;
  std::memcpy(copy_.memory.data() + page * kPageBytes, data_ + page * kPageBytes, kPageBytes);
}

bool Pages::copy_some(std::size_t& budget) {
  for (; next_to_copy_ < to_copy_; ++next_to_copy_) {
    if (copied_[next_to_copy_]) continue;
    if (budget < kPageBytes) return false;
    budget -= kPageBytes;
    keep(next_to_copy_);
  }
  to_copy_ = 0;
  return true;
}

PageCopy Pages::take_copy() {
  HULAN_ASSERT(to_copy_ == 0);
  return std::move(copy_);
}

LargeMemory::LargeMemory(std::size_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  HULAN_ASSERT(memory != MAP_FAILED);
  data_ = static_cast<std::uint8_t*>(memory);
}

LargeMemory::~LargeMemory() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

Sha256 PageCopy::hash() const {
  const std::size_t pages = (used + Pages::kPageBytes - 1) / Pages::kPageBytes;
  std::vector<Sha256> hashes(pages);
  for (std::size_t page = 0; page < pages; ++page) {
    hashes[page] = sha256({memory.data() + page * Pages::kPageBytes, Pages::kPageBytes});
  }
  return sha256({reinterpret_cast<const std::uint8_t*>(hashes.data()), pages * sizeof(Sha256)});
}

}  // namespace hulan::engine
