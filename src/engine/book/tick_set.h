// SPDX-License-Identifier: Apache-2.0
// Which ticks of a price window hold orders: a bitmap in three levels, so that the next price is
// found in at most five looks at a word, however far away it is. Engine thread only.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace hulan::engine::book {

constexpr std::uint32_t kTicks = 1 << 16;  ///< prices in one book's window
constexpr std::uint32_t kNoTick = kTicks;

/// A set of numbers below kTicks; zeroed memory is the empty one. Derived from the levels: neither
/// hashed nor saved.
class TickSet {
 public:
  void add(std::uint32_t tick) {
    low_[tick >> 6] |= bit(tick);
    middle_[tick >> 12] |= bit(tick >> 6);
    top_ |= bit(tick >> 12);
  }

  void remove(std::uint32_t tick) {
    if ((low_[tick >> 6] &= ~bit(tick)) != 0) return;
    if ((middle_[tick >> 12] &= ~bit(tick >> 6)) != 0) return;
    top_ &= ~bit(tick >> 12);
  }

  /// The least tick >= `from` (which is below kTicks), or kNoTick.
  [[nodiscard]] std::uint32_t at_or_above(std::uint32_t from) const {
    if (const auto word = low_[from >> 6] & (kAll << (from & 63))) return join(from >> 6, word);
    if (const auto word = middle_[from >> 12] & above(from >> 6)) return first_in(from >> 12, word);
    const auto word = top_ & above(from >> 12);
    if (word == 0) return kNoTick;
    const std::uint32_t middle = lowest(word);
    return first_in(middle, middle_[middle]);
  }

  /// The greatest tick <= `from` (which is below kTicks), or kNoTick.
  [[nodiscard]] std::uint32_t at_or_below(std::uint32_t from) const {
    if (const auto word = low_[from >> 6] & (kAll >> (63 - (from & 63)))) {
      return (from >> 6 << 6) + highest(word);
    }
    if (const auto word = middle_[from >> 12] & below(from >> 6)) return last_in(from >> 12, word);
    const auto word = top_ & below(from >> 12);
    if (word == 0) return kNoTick;
    const std::uint32_t middle = highest(word);
    return last_in(middle, middle_[middle]);
  }

 private:
  using Word = std::uint64_t;
  static constexpr Word kAll = ~Word{0};

  static Word bit(std::uint32_t index) { return Word{1} << (index & 63); }
  /// Bits of the same word strictly above or below `index`.
  static Word above(std::uint32_t index) { return ~(bit(index) | (bit(index) - 1)); }
  static Word below(std::uint32_t index) { return bit(index) - 1; }
  static std::uint32_t lowest(Word word) {
    return static_cast<std::uint32_t>(std::countr_zero(word));
  }
  static std::uint32_t highest(Word word) {
    return 63 - static_cast<std::uint32_t>(std::countl_zero(word));
  }
  static std::uint32_t join(std::uint32_t high, Word word) { return (high << 6) + lowest(word); }
  [[nodiscard]] std::uint32_t first_in(std::uint32_t middle, Word word) const {
    const std::uint32_t low = join(middle, word);
    return join(low, low_[low]);
  }
  [[nodiscard]] std::uint32_t last_in(std::uint32_t middle, Word word) const {
    const std::uint32_t low = (middle << 6) + highest(word);
    return (low << 6) + highest(low_[low]);
  }

  std::array<Word, kTicks / 64> low_;
  std::array<Word, kTicks / 64 / 64> middle_;
  Word top_;
};
static_assert(kTicks / 64 / 64 <= 64, "one word covers the middle level");

}  // namespace hulan::engine::book
