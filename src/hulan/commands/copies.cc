// SPDX-License-Identifier: Apache-2.0
// backup and restore on the command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>

#include "gateways/moment.h"
#include "hulan/commands/backup.h"
#include "hulan/commands/commands.h"
#include "hulan/commands/progress.h"

namespace hulan::app {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;

/// A bar that counts MiB; how many there are becomes known on the way.
class CopyBar {
 public:
  explicit CopyBar(std::string what) : bar_(std::move(what), 0) {}
  void operator()(std::uint64_t done, std::uint64_t) { bar_.show(done / kMebibyte); }

 private:
  Progress bar_;
};

int print(const char* what, const std::expected<BackupReport, std::string>& done,
          const std::string& where) {
  if (!done) {
    fmt::print(stderr, "hulan: {}\n", done.error());
    return 1;
  }
  for (const std::string& warning : done->warnings) fmt::print(stderr, "hulan: {}\n", warning);
  fmt::print("{} up to sequence {}, {}: {} files and {} bytes written to {}\nchain {}\n", what,
             done->sequence, gateways::time_text(done->time_ns), done->files, done->bytes, where,
             done->chain);
  return 0;
}

template <class Work>
int with_bar(const char* what, const std::string& where, Work work) {
  std::optional<std::expected<BackupReport, std::string>> done;
  {
    CopyBar bar(std::string(what) + ", MiB");
    done = work(std::ref(bar));
  }
  return print(what, *done, where);
}

bool is_market(const std::string& directory) {
  if (std::filesystem::exists(directory + "/journal")) return true;
  fmt::print(stderr, "hulan: DIR '{}': expected the folder of a market, no journal is here\n",
             directory);
  return false;
}

}  // namespace

void add_copy_commands(CLI::App& app, int& status) {
  static std::string from, to;
  auto* backup = app.add_subcommand(
      "backup", "copy a market's folder, running or not, to TARGET; again: bring it up to date");
  backup->add_option("DIR", from, "the market's folder")->required();
  backup->add_option("TARGET", to, "an empty folder, or an earlier backup")->required();
  backup->callback([&status] {
    if (!is_market(from)) {
      status = 2;
      return;
    }
    status = with_bar("backed up", to,
                      [](const CopyProgress& bar) { return backup_market(from, to, bar); });
  });
  auto* restore =
      app.add_subcommand("restore", "make a market's folder from a backup, and prove it");
  restore->add_option("BACKUP", from, "what `hulan backup` made")->required();
  restore->add_option("DIR", to, "a folder that is not there yet")->required();
  restore->callback([&status] {
    if (std::filesystem::exists(to)) {
      fmt::print(stderr, "hulan: DIR '{}': expected a folder that is not there yet\n", to);
      status = 2;
      return;
    }
    status = with_bar("restored", to,
                      [](const CopyProgress& bar) { return restore_market(from, to, bar); });
  });
}

}  // namespace hulan::app
