// SPDX-License-Identifier: Apache-2.0
// An append-only file of fixed-size records, numbered from 1. Chains run through the records: each
// holds the number of the one before it of the same account, lot or contract; 0 ends a chain.
#pragma once

#include <cstring>
#include <type_traits>

#include "base/assert.h"
#include "projections/mapped_file.h"

namespace hulan::projections {

/// One thread. References stay valid while the history lives.
template <class Record>
class History {
 public:
  static_assert(std::is_trivially_copyable_v<Record> &&
                std::has_unique_object_representations_v<Record>);

  /// Opens `path` with its first `count` records; the rest is cut off.
  [[nodiscard]] static io::Result<History> open(const std::string& path, std::uint64_t count) {
    auto file = MappedFile::open(path, count * sizeof(Record));
    if (!file) return std::unexpected(file.error());
    return History(std::move(*file), count);
  }

  /// Returns the number of the new record. Ends the process if the file cannot grow: the view is
  /// made again from the journal at the next start.
  std::uint64_t append(const Record& record) {
    const std::uint64_t end = (count_ + 1) * sizeof(Record);
    if (end > file_.room()) [[unlikely]]
      must(file_.reserve(end));
    std::memcpy(file_.data() + count_ * sizeof(Record), &record, sizeof(Record));
    return ++count_;
  }

  [[nodiscard]] const Record& at(std::uint64_t number) const {
    HULAN_ASSERT(number >= 1 && number <= count_);
    return *reinterpret_cast<const Record*>(file_.data() + (number - 1) * sizeof(Record));
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] io::Result<void> sync() { return file_.sync(); }

 private:
  History(MappedFile file, std::uint64_t count) : file_(std::move(file)), count_(count) {}
  MappedFile file_;
  std::uint64_t count_;
};

}  // namespace hulan::projections
