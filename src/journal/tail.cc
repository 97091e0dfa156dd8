// SPDX-License-Identifier: Apache-2.0
#include "journal/tail.h"

#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "journal/zeros.h"

namespace hulan::journal {
namespace {

// How far the write at the offset can have reached: as far as its header tells, if that is the
// header of the expected batch, or else as far as any batch may.
std::uint64_t reach_of(std::span<const std::uint8_t> data, const BatchHeader& expected) {
  if (data.size() < kBatchHeaderBytes) return kMaxBatchBytes;
  const BatchHeader header = peek_header(data);
  const bool is_expected =
      load_le<std::uint32_t>(data.data()) == kBatchMagic && header.market == expected.market &&
      header.first_sequence == expected.first_sequence &&
      header.previous_chain == expected.previous_chain && header.body_length <= kMaxBodyBytes;
  return is_expected ? header.padded_length() : kMaxBatchBytes;
}

std::string at_byte(std::uint64_t offset) { return " at byte " + std::to_string(offset); }

}  // namespace

Result<Tail> classify_tail(Window& window, std::uint64_t offset, const BatchHeader& expected) {
  std::uint64_t reach = 0;
  std::optional<std::uint64_t> last_written;
  for (std::uint64_t at = offset; at < window.length(); at += kBlockBytes) {
    const auto data = window.view(at, kMaxBatchBytes);
    if (!data) return std::unexpected(data.error());
    if (at == offset) reach = reach_of(*data, expected);
    if (is_zero(data->first(std::min(data->size(), kBlockBytes)))) continue;
    last_written = at;
    if (at != offset && has_true_checksum(*data) && peek_header(*data).market == expected.market) {
      return Tail{TailKind::kDamage, 0, "a valid batch follows" + at_byte(at)};
    }
  }
  if (!last_written) return Tail{};
  if (*last_written >= offset + reach) {
    return Tail{
        TailKind::kDamage, 0,
        "written blocks follow" + at_byte(*last_written) + ", beyond the reach of one write"};
  }
  return Tail{TailKind::kTorn, *last_written + kBlockBytes - offset, {}};
}

}  // namespace hulan::journal
