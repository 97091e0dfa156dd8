// SPDX-License-Identifier: Apache-2.0
// Why the engine refuses: an exhaustive list with a stable code, the rule, and words for a farmer
// in the market's three languages.
#pragma once

#include <cstdint>
#include <string_view>

namespace hulan::model {

enum class [[nodiscard]] Reject : std::uint16_t {
#define X(name, rule, english, chinese, russian) name,
#include "model/reject.def"
#undef X
  count_
};

struct RejectText {
  std::string_view code;  ///< "no_funds"
  std::string_view rule;  ///< "R6.1", or empty
  std::string_view english;
  std::string_view chinese;
  std::string_view russian;
};

/// Code, rule and message of a refusal. Any thread.
[[nodiscard]] const RejectText& reject_text(Reject reject);

}  // namespace hulan::model
