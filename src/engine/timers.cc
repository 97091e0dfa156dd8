// SPDX-License-Identifier: Apache-2.0
#include "engine/timers.h"

namespace hulan::engine {

void Timers::add(model::Time due, TimerKind kind, std::uint32_t subject, std::uint32_t cursor) {
  std::uint32_t hole = heap_.add();
  const Timer timer{due.value, ++heap_.edit(0).order, kind, subject, cursor, 0};
  for (; hole > 1 && before(timer, heap_[hole / 2]); hole /= 2) {
    heap_.edit(hole) = heap_[hole / 2];
  }
  heap_.edit(hole) = timer;
}

Timer Timers::pop() {
  HULAN_ASSERT(heap_.size() > 1);
  const Timer first = heap_[1];
  const Timer last = heap_[heap_.size() - 1];
  heap_.drop_last();
  const std::uint32_t size = heap_.size();
  if (size == 1) return first;
  std::uint32_t hole = 1;
  for (std::uint32_t child = 2; child < size; child = hole * 2) {
    if (child + 1 < size && before(heap_[child + 1], heap_[child])) ++child;
    if (!before(heap_[child], last)) break;
    heap_.edit(hole) = heap_[child];
    hole = child;
  }
  heap_.edit(hole) = last;
  return first;
}

void Timers::check() const {
  for (std::uint32_t i = 2; i < heap_.size(); ++i) {
    HULAN_ASSERT(!before(heap_[i], heap_[i / 2]));
    HULAN_ASSERT(heap_[i].order <= heap_[0].order);
  }
}

}  // namespace hulan::engine
