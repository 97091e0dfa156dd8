// SPDX-License-Identifier: Apache-2.0
// How a divisible lot is shared out among its bids (R5.3.7): by price, then by sequence. Pure and
// without memory of its own: the caller brings its bids in rank order, one by one.
#pragma once

#include <cstdint>

#include "base/assert.h"
#include "model/enums.h"
#include "model/units.h"

namespace hulan::engine {

/// What ranks a bid: its price, and the sequence of its bid (of the commitment where sealed).
struct Rank {
  model::Price price{};
  std::uint64_t order = 0;
};

/// True if `a` comes before `b` on a lot whose initiator stands on `side`: the higher price where
/// it sells, the lower where it buys, then the earlier.
[[nodiscard]] constexpr bool outranks(model::Side side, Rank a, Rank b) {
  if (a.price.value != b.price.value) {
    return side == model::Side::kSell ? a.price.value > b.price.value
                                      : a.price.value < b.price.value;
  }
  return a.order < b.order;
}

/// Shares out one lot. Bids that fail the reserve are not brought.
class Allotment {
 public:
  /// `quantity` > 0 to share out; no part is less than `minimum` > 0.
  constexpr Allotment(std::int64_t quantity, std::int64_t minimum)
      : rest_(quantity), minimum_(minimum) {}

  /// What the next bid in rank order gets of the `wanted` > 0: all of it while there is enough. The
  /// first for which there is not is the marginal one: it gets the rest if that is at least the
  /// minimum, and nobody after it gets anything.
  [[nodiscard]] constexpr std::int64_t give(std::int64_t wanted) {
    HULAN_ASSERT(wanted > 0);
    if (over_) return 0;
    std::int64_t given = wanted;
    if (wanted > rest_) {
      over_ = true;
      given = rest_ >= minimum_ ? rest_ : 0;
    }
    rest_ -= given;
    return given;
  }

  /// Not given to anybody so far.
  [[nodiscard]] constexpr std::int64_t rest() const { return rest_; }
  /// Nobody can get anything any more: what is left is less than a part.
  [[nodiscard]] constexpr bool covered() const { return over_ || rest_ < minimum_; }

 private:
  std::int64_t rest_;
  std::int64_t minimum_;
  bool over_ = false;
};

}  // namespace hulan::engine
