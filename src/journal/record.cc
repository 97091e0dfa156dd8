// SPDX-License-Identifier: Apache-2.0
#include "journal/record.h"

#include "base/assert.h"

namespace hulan::journal {

bool holds_records(std::span<const std::uint8_t> body, std::uint32_t count) {
  for (; count > 0; --count) {
    const auto length = record_length(body);
    if (!length) return false;
    body = body.subspan(*length);
  }
  return body.empty();
}

RecordView Records::Iterator::operator*() const {
  const auto length = record_length(rest_);
  HULAN_ASSERT(length.has_value());
  const std::uint8_t* at = rest_.data();
  return RecordView{sequence_,
                    time_ns_,
                    at[0],
                    at[1],
                    load_le<std::uint32_t>(at + 4),
                    load_le<std::uint32_t>(at + 8),
                    std::span<const std::uint8_t, 16>(at + 12, 16),
                    rest_.subspan(kRecordHeaderBytes, *length - kRecordHeaderBytes),
                    rest_.first(*length)};
}

Records::Iterator& Records::Iterator::operator++() {
  const auto length = record_length(rest_);
  HULAN_ASSERT(length.has_value());
  rest_ = rest_.subspan(*length);
  ++sequence_;
  return *this;
}

}  // namespace hulan::journal
