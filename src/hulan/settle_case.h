// SPDX-License-Identifier: Apache-2.0
// `hulan settle`: the arithmetic of bonds, weighing, settlement and default on one case written
// as JSON, through the engine's own functions. Any thread.
#pragma once

#include <expected>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hulan::app {

/// Figures of one settlement in the order in which they are printed. `lines` stands apart because
/// it is the only list.
struct CaseResult {
  std::vector<std::pair<std::string, std::int64_t>> figures;  ///< "lines" holds the list's place
  std::vector<std::int64_t> lines;
  [[nodiscard]] std::string json() const;  ///< one object on one line
};

/// Works out the `given` of a case document (JSON text). The error is one line that names the
/// field, its value and what was expected.
[[nodiscard]] std::expected<CaseResult, std::string> settle_case(std::string_view document);

/// Runs the command on files: prints a result per file to `out`; with `check` compares with each
/// file's `expect`, prints a line per case and stops at the first difference. Exit status: 0, 1 on
/// a difference, 2 on bad input (one line on `err`).
int settle_command(std::span<const std::string> files, bool check, std::ostream& out,
                   std::ostream& err);

}  // namespace hulan::app
