// SPDX-License-Identifier: Apache-2.0
// hulan shadow: a log through this build, its states compared with those recorded by another.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "hulan/commands/progress.h"
#include "hulan/commands/session.h"
#include "hulan/records/commands.h"
#include "hulan/records/sink.h"
#include "io/linux/system.h"
#include "journal/snapshot_file.h"
#include "runtime/replay.h"

namespace hulan::app {
namespace {

constexpr std::string_view kMagic = "hulan-hashes 1";

/// A state as it was recorded; no business hash in a snapshot.
struct Recorded {
  std::string source, state_hash, business_hash;
};
using Points = std::multimap<model::Sequence, Recorded>;

bool is_hash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Lines "sequence state_hash business_hash" below the first two.
void read_golden(const std::string& path, Points& points) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) || line != kMagic) {
    bad_input("--golden", path, fmt::format("a file that begins with '{}'", kMagic));
  }
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    std::istringstream words(line);
    std::string first, state_hash, business_hash;
    words >> first >> state_hash >> business_hash;
    if (first == "rules_version") continue;
    model::Sequence sequence = 0;
    const auto [stop, error] = std::from_chars(first.data(), first.data() + first.size(), sequence);
    if (error != std::errc{} || stop != first.data() + first.size() || sequence == 0 ||
        !is_hash(state_hash) || !is_hash(business_hash)) {
      bad_input("--golden", fmt::format("{} line {}", path, number),
                "a sequence, a state hash and a business hash");
    }
    points.insert({sequence, {path, state_hash, business_hash}});
  }
}

void read_snapshots(const std::string& directory, Points& points) {
  const auto paths = journal::list_snapshots(io::system_storage(), directory);
  if (!paths) return;
  for (const std::string& path : *paths) {
    const auto snapshot = journal::read_snapshot(io::system_storage(), path);
    if (!snapshot) throw CommandFailed(1, snapshot.error().message());
    points.insert({snapshot->header().sequence, {path, to_hex(snapshot->header().state_hash), ""}});
  }
}

class Shadow {
 public:
  Shadow(const ShadowOptions& options, Points points)
      : options_(options), points_(std::move(points)) {}

  /// Folds the log; false if a state differs.
  bool run(model::Sequence end) {
    Progress progress("shadow", end);
    engine::EventBuffer events(2 * model::kMaxEventBytesPerCommand);
    const auto scanned = journal::scan(io::system_storage(), options_.directory, {},
                                       [&](const journal::BatchView& batch) {
                                         for (const journal::RecordView record : batch.records()) {
                                           events.clear();
                                           engine_.apply(runtime::command_of(record), events);
                                           look(record.sequence == end);
                                         }
                                         progress.show(engine_.sequence());
                                         return true;
                                       });
    if (!scanned) fail_with(scanned.error());
    engine_.check_invariants();
    for (auto at = points_.upper_bound(engine_.sequence()); at != points_.end(); ++at) {
      differ(fmt::format("{} tells of sequence {}, and the log ends at {}", at->second.source,
                         at->first, engine_.sequence()));
    }
    return differences_ == 0;
  }

  void report() const {
    if (compared_ == 0 && differences_ == 0) {
      fmt::print("nothing compared: the folder has no snapshot, and no --golden was given\n");
      return;
    }
    fmt::print("{}: {} states compared, the last at {} of {}; {} differences\n",
               differences_ == 0 ? "same" : "differs", compared_, last_compared_,
               engine_.sequence(), differences_);
  }

  [[nodiscard]] const std::string& hashes() const { return hashes_; }

 private:
  void look(bool at_end) {
    const model::Sequence sequence = engine_.sequence();
    if (!options_.write.empty() && (at_end || sequence % options_.every == 0)) {
      hashes_ += fmt::format("{} {} {}\n", sequence, to_hex(engine_.state_hash()),
                             to_hex(engine_.business_hash()));
    }
    const auto [from, to] = points_.equal_range(sequence);
    for (auto at = from; at != to; ++at) compare(sequence, at->second);
  }

  void compare(model::Sequence sequence, const Recorded& recorded) {
    ++compared_;
    last_compared_ = sequence;
    const std::string state_hash = to_hex(engine_.state_hash());
    if (state_hash == recorded.state_hash) {
      if (differences_ == 0) agreed_ = sequence;
      return;
    }
    const bool same_business = !recorded.business_hash.empty() &&
                               to_hex(engine_.business_hash()) == recorded.business_hash;
    differ(fmt::format("sequence {}: {} has state_hash {}, this build gives {}{}; agreed up to {}",
                       sequence, recorded.source, recorded.state_hash, state_hash,
                       same_business ? " (the business_hash is the same)" : "", agreed_));
  }

  void differ(const std::string& line) {
    constexpr std::uint64_t kShown = 10;
    if (++differences_ <= kShown) fmt::print(stderr, "hulan: {}\n", line);
  }

  const ShadowOptions& options_;
  Points points_;
  engine::Engine engine_;
  std::string hashes_;
  std::uint64_t compared_ = 0, differences_ = 0;
  model::Sequence agreed_ = 0, last_compared_ = 0;
};

void write_hashes(const ShadowOptions& options, const std::string& hashes) {
  const std::string partial = partial_path("--write", options.write);
  std::ofstream file(partial);
  file << kMagic << "\nrules_version " << model::kRulesVersion << '\n' << hashes;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(partial, options.write, error);
  if (!file || error) throw CommandFailed(1, fmt::format("{}: cannot be written", options.write));
}

}  // namespace

int run_shadow(const ShadowOptions& options) {
  const model::Sequence end = journal_end("DIR", options.directory);
  Points points;
  if (!options.golden.empty()) read_golden(options.golden, points);
  read_snapshots(options.directory, points);
  if (!options.write.empty()) static_cast<void>(partial_path("--write", options.write));
  Shadow shadow(options, std::move(points));
  const bool same = shadow.run(end);
  shadow.report();
  if (!options.write.empty()) write_hashes(options, shadow.hashes());
  return same ? 0 : 1;
}

}  // namespace hulan::app
