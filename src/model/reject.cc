// SPDX-License-Identifier: Apache-2.0
#include "model/reject.h"

#include <array>

#include "base/assert.h"

namespace hulan::model {

const RejectText& reject_text(Reject reject) {
  static constexpr std::array<RejectText, static_cast<std::size_t>(Reject::count_)> kTexts{{
#define X(name, rule, english, chinese, russian) {#name, rule, english, chinese, russian},
#include "model/reject.def"
#undef X
  }};
  const auto index = static_cast<std::size_t>(reject);
  HULAN_ASSERT(index < kTexts.size());
  return kTexts[index];
}

}  // namespace hulan::model
