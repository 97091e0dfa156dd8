// SPDX-License-Identifier: Apache-2.0
// A table of the engine's state: rows by index in one region of memory that is reserved at start
// and committed as it is touched. Row 0 is never used, so that 0 can mean "none". Every change goes
// through edit() or add(), which mark the page; only marked pages are hashed again.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/assert.h"
#include "base/sha256.h"
#include "engine/page_copy.h"
#include "engine/section_reader.h"
#include "model/rows.h"

namespace hulan::engine {

/// Untyped pages with a hash each. They can be copied as they are at one moment while changes go
/// on: a page that is about to change is copied first. Not thread-safe: the engine's thread only.
class Pages {
 public:
  static constexpr std::size_t kPageBytes = 4096;

  /// Reserves `bytes` of zeroed address space. Aborts if the system refuses.
  explicit Pages(std::size_t bytes);
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  [[nodiscard]] std::uint8_t* data() { return data_; }
  [[nodiscard]] const std::uint8_t* data() const { return data_; }
  /// For rows that are found by chance, not one after another: large pages, where there are any.
  void prefer_large();

  /// Has the system commit memory up to `bytes` and a stretch beyond, where it has not yet: for
  /// rows that are appended one after another, of which else one in a page would wait for it.
  void commit(std::size_t bytes) {
    if (bytes > committed_) [[unlikely]]
      commit_more(bytes);
  }

  /// To be called before the bytes change.
  void mark(std::size_t first_byte, std::size_t bytes) {
    const std::size_t last = (first_byte + bytes - 1) / kPageBytes;
    for (std::size_t page = first_byte / kPageBytes; page <= last; ++page) mark_page(page);
  }
  /// The same for a whole page by its number.
  void mark_page(std::size_t page) {
    // Asked first: a store here would be waited for by the next change of the same pages.
    const std::uint64_t bit = std::uint64_t{1} << (page % 64);
    if ((dirty_[page / 64] & bit) == 0) dirty_[page / 64] |= bit;
    if (page < to_copy_) [[unlikely]]
      keep(page);
  }

  /// Begins a copy of the first `used_bytes` as they are now; one that was under way is dropped.
  void begin_copy(std::size_t used_bytes);
  /// Copies up to `budget` bytes more and takes them off it; true when nothing is left.
  bool copy_some(std::size_t& budget);
  /// The copy, complete: copy_some() gave true.
  [[nodiscard]] PageCopy take_copy();

  /// SHA-256 over the page hashes of the first `used_bytes`. Rehashes what was marked since the
  /// last call.
  [[nodiscard]] Sha256 hash(std::size_t used_bytes);

 private:
  void keep(std::size_t page);
  void commit_more(std::size_t bytes);

  std::uint8_t* data_ = nullptr;
  std::size_t bytes_ = 0;
  std::size_t committed_ = 0;
  std::vector<std::uint64_t> dirty_;
  std::vector<Sha256> hashes_;
  PageCopy copy_;
  std::size_t to_copy_ = 0;  // pages below it belong to the copy; 0: none is under way
  std::size_t next_to_copy_ = 0;
  std::vector<bool> copied_;
};

template <model::Row T>
class Table {
 public:
  explicit Table(std::size_t capacity) : capacity_(capacity), pages_((capacity + 1) * sizeof(T)) {
    pages_.mark(0, sizeof(T));  // row 0 is in use from the start, for the hash
  }

  /// For rows that are found by chance, not one after another.
  void prefer_large() { pages_.prefer_large(); }

  /// Rows in use, including the unused row 0.
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] bool full() const { return size_ > capacity_; }
  /// True if `rows` more can be added.
  [[nodiscard]] bool has_room(std::size_t rows) const { return size_ + rows <= capacity_ + 1; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  [[nodiscard]] const T& operator[](std::size_t id) const {
    HULAN_ASSERT(id < size_);
    return rows()[id];
  }
  [[nodiscard]] bool has(std::size_t id) const { return id != 0 && id < size_; }

  /// The row for change; marks its page.
  [[nodiscard]] T& edit(std::size_t id) {
    HULAN_ASSERT(id < size_);
    const std::size_t first = id * sizeof(T) / Pages::kPageBytes;
    pages_.mark_page(first);
    if constexpr (Pages::kPageBytes % sizeof(T) != 0) {  // a row may lie across pages
      const std::size_t last = (id * sizeof(T) + sizeof(T) - 1) / Pages::kPageBytes;
      for (std::size_t page = first + 1; page <= last; ++page) pages_.mark_page(page);
    }
    return rows()[id];
  }

  /// Appends a zeroed row and gives its id. The caller has checked full().
  [[nodiscard]] std::uint32_t add() {
    HULAN_ASSERT(!full());
    const std::uint32_t id = size_++;
    pages_.mark(id * sizeof(T), sizeof(T));
    return id;
  }

  /// Removes the last row and zeroes its place.
  void drop_last() {
    HULAN_ASSERT(size_ > 1);
    edit(size_ - 1) = T{};
    --size_;
  }

  /// Makes ids up to and including `id` usable, zeroed (tables whose ids come from outside). False
  /// if too large.
  [[nodiscard]] bool reach(std::size_t id) {
    if (id > capacity_) return false;
    if (id >= size_) {
      pages_.mark(size_ * sizeof(T), (id + 1 - size_) * sizeof(T));
      size_ = static_cast<std::uint32_t>(id + 1);
    }
    return true;
  }

  /// Brings a row into the cache while something else runs.
  void prefetch(std::size_t id) const {
    if (id >= size_) return;
    const std::uint8_t* row = pages_.data() + id * sizeof(T);
    for (std::size_t at = 0; at < sizeof(T); at += 64) __builtin_prefetch(row + at);
  }

  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    return {pages_.data(), size_ * sizeof(T)};
  }
  /// Takes over what bytes() gave; false if it cannot be that.
  [[nodiscard]] bool restore(const SectionReader& from) {
    if (from.size % sizeof(T) != 0 || from.size / sizeof(T) > capacity_ + 1 || from.size == 0) {
      return false;
    }
    if (from.size < size_ * sizeof(T)) {
      pages_.mark(0, size_ * sizeof(T));
      std::memset(pages_.data() + from.size, 0, size_ * sizeof(T) - from.size);
    }
    pages_.mark(0, from.size);
    size_ = static_cast<std::uint32_t>(from.size / sizeof(T));
    return from.read(0, {pages_.data(), from.size});
  }
  /// SHA-256 over the rows in use, page by page.
  [[nodiscard]] Sha256 hash() { return pages_.hash(size_ * sizeof(T)); }

  /// A copy of the rows as they are now, made while they change: see Pages.
  void begin_copy() { pages_.begin_copy(size_ * sizeof(T)); }
  bool copy_some(std::size_t& budget) { return pages_.copy_some(budget); }
  [[nodiscard]] PageCopy take_copy() { return pages_.take_copy(); }

 private:
  T* rows() { return reinterpret_cast<T*>(pages_.data()); }
  const T* rows() const { return reinterpret_cast<const T*>(pages_.data()); }

  std::size_t capacity_;
  std::uint32_t size_ = 1;
  Pages pages_;
};

}  // namespace hulan::engine
