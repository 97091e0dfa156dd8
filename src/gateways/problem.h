// SPDX-License-Identifier: Apache-2.0
// Errors as the doors state them: RFC 9457 problems with a stable code, the rule and words in the
// reader's language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "documents/store.h"
#include "identity/error.h"
#include "model/event.h"
#include "model/reject.h"

namespace hulan::gateways {

enum class Language : std::uint8_t { kChinese, kEnglish, kRussian };

/// The first of zh, en, ru that an Accept-Language header prefers; Chinese without one.
[[nodiscard]] Language preferred_language(std::string_view accept_language);

/// The doors' own refusals.
enum class Fault : std::uint16_t {
#define X(name, status, english, chinese, russian) name,
#include "gateways/problem.def"
#undef X
};

/// The fault with this code.
[[nodiscard]] std::optional<Fault> find_fault(std::string_view code);

struct Problem {
  unsigned status = 400;
  std::string_view code;
  std::string_view rule;
  std::string_view titles[3];  ///< by Language
  std::string detail;
  std::string field;
  std::string value;
  std::string expected;
  std::int64_t retry_after_s = 0;

  Problem() = default;
  Problem(Fault fault);  // NOLINT: a fault is a problem
  Problem(Fault fault, std::string problem_field, std::string problem_value,
          std::string problem_expected);
  /// With words for a developer, in English.
  static Problem because(Fault fault, std::string detail);
};

/// What the market refused. `detail` of the reply names the document that is missing, and so on.
[[nodiscard]] Problem problem_of(model::Reject reject, model::CommandType command,
                                 std::uint32_t detail);
[[nodiscard]] Problem problem_of(const identity::Error& error);
[[nodiscard]] Problem problem_of(const documents::Error& error);

/// HTTP status of a refusal.
[[nodiscard]] unsigned status_of(model::Reject reject);

/// Appends the problem document. `sequence` and `time_ns`: the state it stands on.
void append_problem(std::string& out, const Problem& problem, Language language,
                    model::Sequence sequence, std::int64_t time_ns);

}  // namespace hulan::gateways
