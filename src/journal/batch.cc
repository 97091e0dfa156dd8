// SPDX-License-Identifier: Apache-2.0
#include "journal/batch.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/crc32c.h"
#include "journal/zeros.h"

namespace hulan::journal {
namespace {

constexpr std::size_t kCrcOffset = 8;
constexpr std::size_t kCrcEnd = kCrcOffset + 4;

std::uint32_t checksum(std::span<const std::uint8_t> bytes) {
  static constexpr std::array<std::uint8_t, 4> kZero{};
  return crc32c(bytes.subspan(kCrcEnd), crc32c(kZero, crc32c(bytes.first(kCrcOffset))));
}

std::expected<std::size_t, Invalid> checked_length(std::span<const std::uint8_t> data) {
  if (data.size() < kBatchHeaderBytes) return std::unexpected(Invalid::kTooShort);
  if (load_le<std::uint32_t>(data.data()) != kBatchMagic) return std::unexpected(Invalid::kMagic);
  const auto body_length = load_le<std::uint32_t>(data.data() + 12);
  if (body_length > kMaxBodyBytes) return std::unexpected(Invalid::kLength);
  const std::size_t length = kBatchHeaderBytes + body_length;
  if (io::round_up_to_block(length) > data.size()) return std::unexpected(Invalid::kTooShort);
  const auto stored = load_le<std::uint32_t>(data.data() + kCrcOffset);
  if (checksum(data.first(length)) != stored) return std::unexpected(Invalid::kChecksum);
  return length;
}

}  // namespace

Sha256 genesis_chain(const MarketId& market) {
  static constexpr char kLabel[] = "hulan journal 1";
  const auto* label = reinterpret_cast<const std::uint8_t*>(kLabel);
  return sha256_of({std::span<const std::uint8_t>(label, sizeof kLabel - 1), market});
}

Sha256 next_chain(const Sha256& previous, std::span<const std::uint8_t> bytes) {
  return sha256_of({previous, bytes});
}

const char* to_text(Invalid reason) {
  switch (reason) {
    case Invalid::kTooShort:
      return "the batch reaches beyond the end of the segment";
    case Invalid::kMagic:
      return "no batch begins here";
    case Invalid::kLength:
      return "the batch tells an impossible length";
    case Invalid::kChecksum:
      return "the checksum of the batch is wrong";
    case Invalid::kVersion:
      return "the batch was written by a newer version";
    case Invalid::kPadding:
      return "the padding of the batch is not zero";
    case Invalid::kRecords:
      return "the records do not fill the batch exactly";
  }
  HULAN_ASSERT(false);
}

Sha256 encode_batch(const BatchHeader& header, std::span<const std::uint8_t> body,
                    std::span<std::uint8_t> out) {
  HULAN_ASSERT(body.size() == header.body_length && body.size() <= kMaxBodyBytes);
  HULAN_ASSERT(out.size() >= header.padded_length());
  std::uint8_t* to = out.data();
  store_le(to, kBatchMagic);
  store_le(to + 4, kFormatVersion);
  store_le(to + 6, static_cast<std::uint16_t>(kBatchHeaderBytes));
  store_le(to + 12, header.body_length);
  store_le(to + 16, header.count);
  store_le(to + 20, header.partition);
  store_le(to + 24, header.first_sequence);
  store_le(to + 32, header.epoch);
  store_le(to + 40, header.time_ns);
  std::copy(header.salt_seed.begin(), header.salt_seed.end(), to + 48);
  std::copy(header.previous_chain.begin(), header.previous_chain.end(), to + 80);
  std::copy(header.market.begin(), header.market.end(), to + 112);
  std::copy(body.begin(), body.end(), to + kBatchHeaderBytes);
  const std::span<const std::uint8_t> bytes = out.first(header.length());
  store_le(to + kCrcOffset, checksum(bytes));
  std::memset(to + header.length(), 0, header.padded_length() - header.length());
  return next_chain(header.previous_chain, bytes);
}

BatchHeader peek_header(std::span<const std::uint8_t> data) {
  HULAN_ASSERT(data.size() >= kBatchHeaderBytes);
  const std::uint8_t* from = data.data();
  BatchHeader header;
  header.body_length = load_le<std::uint32_t>(from + 12);
  header.count = load_le<std::uint32_t>(from + 16);
  header.partition = load_le<std::uint32_t>(from + 20);
  header.first_sequence = load_le<std::uint64_t>(from + 24);
  header.epoch = load_le<std::uint64_t>(from + 32);
  header.time_ns = load_le<std::int64_t>(from + 40);
  std::copy_n(from + 48, header.salt_seed.size(), header.salt_seed.begin());
  std::copy_n(from + 80, header.previous_chain.size(), header.previous_chain.begin());
  std::copy_n(from + 112, header.market.size(), header.market.begin());
  return header;
}

bool has_true_checksum(std::span<const std::uint8_t> data) {
  return checked_length(data).has_value();
}

std::expected<BatchView, Invalid> decode_batch(std::span<const std::uint8_t> data) {
  const auto length = checked_length(data);
  if (!length) return std::unexpected(length.error());
  if (load_le<std::uint16_t>(data.data() + 4) != kFormatVersion ||
      load_le<std::uint16_t>(data.data() + 6) != kBatchHeaderBytes) {
    return std::unexpected(Invalid::kVersion);
  }
  BatchView batch;
  batch.header = peek_header(data);
  batch.bytes = data.first(*length);
  batch.body = batch.bytes.subspan(kBatchHeaderBytes);
  if (!is_zero(data.subspan(*length, batch.header.padded_length() - *length))) {
    return std::unexpected(Invalid::kPadding);
  }
  if (!holds_records(batch.body, batch.header.count)) return std::unexpected(Invalid::kRecords);
  batch.chain = next_chain(batch.header.previous_chain, batch.bytes);
  return batch;
}

}  // namespace hulan::journal
