// SPDX-License-Identifier: Apache-2.0
#include "hulan/records/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "hulan/commands/session.h"

namespace hulan::app {
namespace {

/// Takes a sequence: digits alone, above 0.
const CLI::Validator kSequences(
    [](const std::string& text) {
      std::uint64_t value = 0;
      const char* const end = text.data() + text.size();
      const auto [stop, error] = std::from_chars(text.data(), end, value);
      const bool good = error == std::errc{} && stop == end && value > 0;
      return good ? std::string() : fmt::format("'{}': expected a whole number above 0", text);
    },
    "");

/// Runs `what` and turns its failure into one line and an exit status.
template <class What>
int guarded(What&& what) {
  try {
    return what();
  } catch (const CommandFailed& failed) {
    fmt::print(stderr, "hulan: {}\n", failed.what());
    return failed.status;
  }
}

void add_audit(CLI::App& app, int& status) {
  static AuditOptions options;
  auto* audit = app.add_subcommand(
      "audit", "the market as of a moment: balances, lots, bids, contracts, claims, approvals");
  audit->add_option("DIR", options.directory, "the market's folder")->required();
  audit->add_option("--at", options.moment.at,
                    "RFC 3339, or \"2026-03-02 10:00\" as the market's clocks show it");
  audit->add_option("--sequence", options.moment.sequence, "after this record")->check(kSequences);
  audit->add_option("--format", options.format)
      ->check(CLI::IsMember({"text", "json", "csv"}))
      ->capture_default_str();
  audit->add_option("--out", options.out, "a new file; for csv a new folder");
  audit->callback([&status] {
    status = guarded([] {
      run_audit(options);
      return 0;
    });
  });
}

void add_export(CLI::App& app, int& status) {
  static ExportOptions options;
  auto* sub = app.add_subcommand("export", "the whole log as tables, to CSV files or SQLite");
  sub->add_option("DIR", options.directory, "the market's folder")->required();
  sub->add_option("--csv", options.csv, "a new folder, a file for each table");
  sub->add_option("--sqlite", options.sqlite, "a new database file");
  sub->add_option("--until", options.until, "last sequence to take")->check(kSequences);
  sub->callback([&status] {
    status = guarded([] {
      run_export(options);
      return 0;
    });
  });
}

void add_diff(CLI::App& app, int& status) {
  static std::string first, second;
  auto* sub = app.add_subcommand(
      "diff", "where the logs of two folders part: 0 if they do not, 1 and the records if they do");
  sub->add_option("A", first, "a market's folder")->required();
  sub->add_option("B", second, "another, or a copy")->required();
  sub->callback([&status] { status = guarded([] { return run_diff(first, second); }); });
}

void add_shadow(CLI::App& app, int& status) {
  static ShadowOptions options;
  auto* sub = app.add_subcommand(
      "shadow", "a log through this build: do its states have the hashes that were recorded?");
  sub->add_option("DIR", options.directory, "the market's folder")->required();
  sub->add_option("--golden", options.golden, "hashes that another build wrote with --write");
  sub->add_option("--write", options.write, "write this build's hashes to a new file");
  sub->add_option("--every", options.every, "records between the hashes written")
      ->check(kSequences)
      ->capture_default_str();
  sub->callback([&status] { status = guarded([] { return run_shadow(options); }); });
}

void add_surveil(CLI::App& app, int& status) {
  static SurveilOptions options;
  auto* sub = app.add_subcommand(
      "surveil", "what looks like abuse, each with its evidence by sequence number (R12.3)");
  sub->add_option("DIR", options.directory, "the market's folder")->required();
  sub->add_option("--from", options.from, "only what happened since this time");
  sub->add_option("--to", options.to, "only what happened before this time");
  sub->add_flag("--json", options.as_json, "one JSON object");
  sub->callback([&status] {
    status = guarded([] {
      run_surveil(options);
      return 0;
    });
  });
}

}  // namespace

void add_record_commands(CLI::App& app, int& status) {
  add_audit(app, status);
  add_export(app, status);
  add_diff(app, status);
  add_shadow(app, status);
  add_surveil(app, status);
}

}  // namespace hulan::app
