// SPDX-License-Identifier: Apache-2.0
// Rows by number in pages that never move: growth costs no copy and references stay valid.
#pragma once

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

}  // namespace hulan::projections
