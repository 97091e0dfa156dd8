// SPDX-License-Identifier: Apache-2.0
// Rows by number in pages that never move: growth costs no copy and references stay valid.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace hulan::projections {

/// Rows start as value-initialised. One thread.
template <class Row>
class Table {
 public:
  /// The row with this number, made if it is not there yet.
  Row& touch(std::uint64_t id) {
    const std::uint64_t page = id / kRows;
    while (page >= pages_.size()) pages_.push_back(std::make_unique<Row[]>(kRows));
    if (id >= size_) size_ = id + 1;
    return pages_[page][id % kRows];
  }

  /// nullptr beyond the highest number touched.
  [[nodiscard]] const Row* find(std::uint64_t id) const {
    return id < size_ ? &pages_[id / kRows][id % kRows] : nullptr;
  }
  [[nodiscard]] Row* find(std::uint64_t id) {
    return id < size_ ? &pages_[id / kRows][id % kRows] : nullptr;
  }

  /// The highest number touched, plus one.
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  static constexpr std::uint64_t kRows = 512;
  std::vector<std::unique_ptr<Row[]>> pages_;
  std::uint64_t size_ = 0;
};

/// A table of which a copy costs next to nothing: pages are shared with it until they change.
template <class Row>
class SharedTable {
 public:
  /// The row with this number for change, made if it is not there yet.
  Row& touch(std::uint64_t id) {
    const std::uint64_t page = id / kRows;
    while (page >= pages_.size()) {
      pages_.push_back(std::make_shared<Page>());
      shared_.push_back(false);
    }
    if (shared_[page]) {
      pages_[page] = std::make_shared<Page>(*pages_[page]);
      shared_[page] = false;
    }
    if (id >= size_) size_ = id + 1;
    return (*pages_[page])[id % kRows];
  }

  /// nullptr beyond the highest number touched.
  [[nodiscard]] const Row* find(std::uint64_t id) const {
    return id < size_ ? &(*pages_[id / kRows])[id % kRows] : nullptr;
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// A copy for reading, on any thread, while this table changes on its own.
  [[nodiscard]] SharedTable share() {
    shared_.assign(pages_.size(), true);
    return *this;
  }

 private:
  static constexpr std::uint64_t kRows = 512;
  using Page = std::array<Row, kRows>;
  std::vector<std::shared_ptr<Page>> pages_;
  std::vector<bool> shared_;
  std::uint64_t size_ = 0;
};

}  // namespace hulan::projections
