// SPDX-License-Identifier: Apache-2.0
// A record as the journal sees it: a fixed header and an opaque body.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "journal/format.h"

namespace hulan::journal {

/// Points into the batch it came from.
struct RecordView {
  std::uint64_t sequence = 0;
  std::int64_t time_ns = 0;
  std::uint8_t type = 0;
  std::uint8_t version = 0;
  std::uint32_t participant = 0;
  std::uint32_t user = 0;
  std::span<const std::uint8_t, 16> client_id;
  std::span<const std::uint8_t> body;
  std::span<const std::uint8_t> bytes;  // header and body: what the leaf hash covers
};

/// Length of the record at the start of `data`, or nothing if it does not end within `data`.
[[nodiscard]] inline std::optional<std::size_t> record_length(std::span<const std::uint8_t> data) {
  if (data.size() < kRecordHeaderBytes) return std::nullopt;
  const std::size_t length = kRecordHeaderBytes + load_le<std::uint16_t>(data.data() + 2);
  if (length > data.size()) return std::nullopt;
  return length;
}

/// Whether `body` is exactly `count` records.
[[nodiscard]] bool holds_records(std::span<const std::uint8_t> body, std::uint32_t count);

/// The records of a batch body in order; `body` must have passed holds_records.
class Records {
 public:
  Records(std::uint64_t first_sequence, std::int64_t time_ns, std::span<const std::uint8_t> body)
      : first_sequence_(first_sequence), time_ns_(time_ns), body_(body) {}

  class Iterator {
   public:
    Iterator(std::uint64_t sequence, std::int64_t time_ns, std::span<const std::uint8_t> rest)
        : sequence_(sequence), time_ns_(time_ns), rest_(rest) {}
    [[nodiscard]] RecordView operator*() const;
    Iterator& operator++();
    [[nodiscard]] bool operator==(const Iterator& other) const {
      return rest_.size() == other.rest_.size();
    }

   private:
    std::uint64_t sequence_;
    std::int64_t time_ns_;
    std::span<const std::uint8_t> rest_;
  };

  [[nodiscard]] Iterator begin() const { return {first_sequence_, time_ns_, body_}; }
  [[nodiscard]] Iterator end() const { return {0, time_ns_, body_.last(0)}; }

 private:
  std::uint64_t first_sequence_;
  std::int64_t time_ns_;
  std::span<const std::uint8_t> body_;
};

}  // namespace hulan::journal
