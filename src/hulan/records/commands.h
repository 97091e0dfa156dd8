// SPDX-License-Identifier: Apache-2.0
// audit, export, diff, shadow and surveil: what a regulator asks of a market's folder, on files
// alone.
#pragma once

#include <functional>
#include <string>

#include "hulan/records/past.h"

namespace CLI {
class App;
}

namespace hulan::app {

struct AuditOptions {
  std::string directory;
  MomentOptions moment;
  std::string format = "text";  ///< text, json, csv
  std::string out;              ///< csv: a folder; else a file; "" = the terminal
};
/// Prints or writes the market as of a moment. Throws CommandFailed; aborts if the books do not
/// balance, which a sound build never lets happen (R1.5).
void run_audit(const AuditOptions& options);

struct ExportOptions {
  std::string directory;
  std::string csv;     ///< a new folder
  std::string sqlite;  ///< or a new file
  std::optional<model::Sequence> until;
};
/// Writes the log as tables: docs/formats/export.md. Throws CommandFailed.
void run_export(const ExportOptions& options);

struct ShadowOptions {
  std::string directory;
  std::string golden;          ///< hashes to compare with beside the snapshots'; "" = none
  std::string write;           ///< a new file for this build's hashes; "" = none
  std::uint64_t every = 1000;  ///< records between the hashes written; the last always
};
/// Folds the log from its first record and compares each recorded state: 1 on a difference. Throws
/// CommandFailed.
[[nodiscard]] int run_shadow(const ShadowOptions& options);

/// Compares two logs record by record and prints where they part: 0 if they are the same. Throws
/// CommandFailed.
[[nodiscard]] int run_diff(const std::string& first, const std::string& second);

struct SurveilOptions {
  std::string directory;
  std::string from, to;  ///< from <= time < to; "" = open
  bool as_json = false;
};
/// Prints what looks like abuse, each with its evidence by sequence number (R12.3). Throws
/// CommandFailed.
void run_surveil(const SurveilOptions& options);

/// Registers all of them; exit status as in commands/commands.h.
void add_record_commands(CLI::App& app, int& status);

}  // namespace hulan::app
