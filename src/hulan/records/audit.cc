// SPDX-License-Identifier: Apache-2.0
// hulan audit: every balance, lot, bid, contract, claim and approval as of a moment.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "gateways/moment.h"
#include "hulan/commands/session.h"
#include "hulan/records/commands.h"
#include "hulan/records/state_tables.h"

namespace hulan::app {
namespace {

void write(Sink& sink, const Past& past) {
  write_summary(sink, *past.engine);
  write_state(sink, past.engine->state());
  sink.finish();
}

void write_to(std::FILE* file, const std::string& format, const Past& past) {
  write(format == "json" ? *json_sink(file) : *text_sink(file), past);
}

void write_file(const AuditOptions& options, const Past& past) {
  const std::string partial = partial_path("--out", options.out);
  std::FILE* const file = std::fopen(partial.c_str(), "wxb");
  if (file == nullptr) throw CommandFailed(1, fmt::format("{}: cannot be written", partial));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> closer(file, &std::fclose);
  write_to(file, options.format, past);
  std::error_code error;
  std::filesystem::rename(partial, options.out, error);
  if (error) throw CommandFailed(1, fmt::format("{}: {}", options.out, error.message()));
}

}  // namespace

void run_audit(const AuditOptions& options) {
  const bool csv = options.format == "csv";
  if (csv && options.out.empty()) bad_input("--out", "", "a folder for --format csv");
  if (!options.moment.at.empty() && options.moment.sequence) {
    bad_input("--at", options.moment.at, "either --at or --sequence");
  }
  std::unique_ptr<Sink> folder;
  if (csv) folder = csv_sink("--out", options.out);
  const Past past = load_past(options.directory, options.moment);
  past.engine->check_invariants();
  if (csv) {
    write(*folder, past);
  } else if (options.out.empty()) {
    write_to(stdout, options.format, past);
  } else {
    write_file(options, past);
  }
  fmt::print(stderr, "sequence {} of {}, {}: the books balance; {}\n", past.engine->sequence(),
             past.log_end, gateways::time_text(past.engine->now().value),
             past.from_snapshot == 0 ? "folded from the first record"
                                     : fmt::format("from the snapshot of {}", past.from_snapshot));
}

}  // namespace hulan::app
