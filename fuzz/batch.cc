// SPDX-License-Identifier: Apache-2.0
// One batch from any bytes, with and without a checksum that is made true.
#include "journal/batch.h"

#include "base/bytes.h"
#include "base/crc32c.h"
#include "fuzz/fuzz.h"

namespace hulan::fuzz {
namespace {

using namespace journal;

/// The input as a block-long beginning of a segment; the last bit of the first byte asks for a true
/// checksum over the length it tells.
std::vector<std::uint8_t> block_of(Bytes bytes) {
  std::vector<std::uint8_t> block(kMaxBatchBytes);
  const bool seal = !bytes.empty() && (bytes[0] & 1) != 0;
  if (!bytes.empty()) bytes = bytes.subspan(1);
  std::copy_n(bytes.begin(), std::min(bytes.size(), block.size()), block.begin());
  if (!seal) return block;
  store_le(block.data(), kBatchMagic);
  store_le(block.data() + 4, kFormatVersion);
  store_le(block.data() + 6, static_cast<std::uint16_t>(kBatchHeaderBytes));
  const auto length = kBatchHeaderBytes + load_le<std::uint32_t>(block.data() + 12) % kMaxBodyBytes;
  store_le(block.data() + 12, static_cast<std::uint32_t>(length - kBatchHeaderBytes));
  static constexpr std::array<std::uint8_t, 4> kZero{};
  const Bytes all(block);
  store_le(block.data() + 8,
           crc32c(all.first(length).subspan(12), crc32c(kZero, crc32c(all.first(8)))));
  return block;
}

}  // namespace
}  // namespace hulan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan::fuzz;
  const auto block = block_of({data, size});
  const auto batch = decode_batch(block);
  if (!batch) {
    HULAN_ASSERT(to_text(batch.error()) != nullptr);
    return 0;
  }
  std::uint32_t count = 0;
  std::size_t bytes = 0;
  for (const RecordView& record : batch->records()) {
    HULAN_ASSERT(record.sequence == batch->header.first_sequence + count);
    ++count;
    bytes += record.bytes.size();
  }
  HULAN_ASSERT(count == batch->header.count && bytes == batch->body.size());
  std::vector<std::uint8_t> again(kMaxBatchBytes);
  static_cast<void>(encode_batch(batch->header, batch->body, again));
  HULAN_ASSERT(std::equal(batch->bytes.begin(), batch->bytes.end(), again.begin()));
  return 0;
}
