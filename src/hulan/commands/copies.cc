// SPDX-License-Identifier: Apache-2.0
// backup, restore and archive on the command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include "gateways/moment.h"
#include "hulan/commands/backup.h"
#include "hulan/commands/commands.h"
#include "hulan/commands/progress.h"
#include "io/linux/system.h"
#include "journal/archive.h"

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

int archive(const std::string& directory, journal::ArchiveScope scope) {
  const auto done = [&] {
    CopyBar bar("archived, MiB");
    const auto show = [&](std::uint64_t bytes, std::uint64_t all) {
      bar(bytes, all);
      return true;
    };
    while (true) {
      auto made = journal::archive_segments(io::system_storage(), directory, scope, show);
      if (made || made.error().kind != journal::ErrorKind::kLocked) return made;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the server itself is at it
    }
  }();
  if (!done) {
    fmt::print(stderr, "hulan: {}\n", done.error().message());
    return 1;
  }
  fmt::print("archived: {} segments, {} bytes in place of {}\n", done->segments, done->bytes_after,
             done->bytes_before);
  return 0;
}

void add_archive_command(CLI::App& app, int& status) {
  static std::string directory;
  static bool all = false;
  auto* command = app.add_subcommand(
      "archive", "pack a market's old segments with zstd, running or not; all commands read them");
  command->add_option("DIR", directory, "the market's folder")->required();
  command->add_flag("--all", all,
                    "every segment but the last, not only those before the snapshots");
  command->callback([&status] {
    status = !is_market(directory)
                 ? 2
                 : archive(directory, all ? journal::ArchiveScope::kAllButLast
                                          : journal::ArchiveScope::kBeforeSnapshots);
  });
}

}  // namespace

void add_copy_commands(CLI::App& app, int& status) {
  add_archive_command(app, status);
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
