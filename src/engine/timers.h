// SPDX-License-Identifier: Apache-2.0
// What falls due by time: a binary heap ordered by (due, order of arming). Lazy: nobody cancels a
// timer; when it fires, its handler looks at the row's own times and does nothing or arms it again.
// Engine thread only.
#pragma once

#include <cstdint>

#include "engine/table.h"
#include "model/limits.h"
#include "model/units.h"

namespace hulan::engine {

enum class TimerKind : std::uint32_t {
  kLot = 1,          ///< a listing expires; an auction opens, closes; an exclusive time ends
  kContract,         ///< deadline of a contract's next step
  kSweep,            ///< a suspended participant's bids and listings are taken out (R5.7)
  kSession = 5,      ///< a session opens, a clock has run down, the next lot begins (R5.3.3)
  kSealed = 6,       ///< a key has both shares: its envelopes are opened (R5.3.4)
  kNegotiation = 7,  ///< a quote expires (R5.2)
  kHalt = 9,         ///< a halt is resumed, or a day ends in it (R12.2)
  kBook = 10,        ///< a phase of an order book ends (R5.4)
  kOrder = 13,       ///< a good-till order's time has come
  kOrderSweep        ///< a stopped participant's orders are taken out
};

struct Timer {
  std::int64_t due;
  std::uint64_t order;
  TimerKind kind;
  std::uint32_t subject;  ///< lot, contract or participant
  std::uint32_t cursor;   ///< of a sweep: the next lot
  std::uint32_t reserved;
};
static_assert(model::Row<Timer>);

class Timers {
 public:
  explicit Timers(std::size_t capacity = model::kMaxTimers) : heap_(capacity) {}

  [[nodiscard]] bool full() const { return heap_.full(); }
  [[nodiscard]] bool has_room(std::size_t timers) const { return heap_.has_room(timers); }
  [[nodiscard]] std::size_t size() const { return heap_.size() - 1; }
  [[nodiscard]] std::size_t capacity() const { return heap_.capacity(); }
  [[nodiscard]] model::Time next_due() const {
    return heap_.size() > 1 ? model::Time{heap_[1].due} : model::kNever;
  }

  /// Arms a timer. The caller has checked full().
  void add(model::Time due, TimerKind kind, std::uint32_t subject, std::uint32_t cursor = 0);
  /// Takes the earliest; the caller has looked at next_due(). A handler may add one timer for each
  /// that it was given without asking full().
  Timer pop();

  /// The heap as it lies, with the count of timers ever armed in the unused row's place.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return heap_.bytes(); }
  [[nodiscard]] bool restore(const SectionReader& from) { return heap_.restore(from); }
  [[nodiscard]] Sha256 hash() { return heap_.hash(); }
  void begin_copy() { heap_.begin_copy(); }
  bool copy_some(std::size_t& budget) { return heap_.copy_some(budget); }
  [[nodiscard]] PageCopy take_copy() { return heap_.take_copy(); }
  /// Asserts the heap's order.
  void check() const;

 private:
  [[nodiscard]] static bool before(const Timer& a, const Timer& b) {
    return a.due != b.due ? a.due < b.due : a.order < b.order;
  }
  Table<Timer> heap_;
};

}  // namespace hulan::engine
