// SPDX-License-Identifier: Apache-2.0
#include "journal/verify.h"

#include <algorithm>
#include <map>

#include "journal/segment.h"

namespace hulan::journal {
namespace {

struct Candidate {
  SnapshotHeader header;
  bool found = false;
};
using Candidates = std::multimap<std::uint64_t, std::pair<std::string, Candidate>>;

bool is_kept_in_report(const Error& error) {
  return error.kind == ErrorKind::kDamage || error.kind == ErrorKind::kUnsupported;
}

// A snapshot holds the header of a whole state; only the header is kept while the chain is read.
Result<Candidates> read_snapshots(io::Storage& storage, const std::string& directory,
                                  VerifyReport& report) {
  Candidates candidates;
  const auto paths = list_snapshots(storage, directory);
  if (!paths) return std::unexpected(paths.error());
  for (const std::string& path : *paths) {
    const auto snapshot = read_snapshot(storage, path);
    if (snapshot) {
      const SnapshotHeader& header = snapshot->header();
      candidates.emplace(header.sequence, std::pair(path, Candidate{header, false}));
    } else if (is_kept_in_report(snapshot.error())) {
      report.damage.push_back(snapshot.error());
    } else {
      return std::unexpected(snapshot.error());
    }
  }
  return candidates;
}

void mark_found(Candidates& candidates, std::uint64_t sequence, const Sha256& chain) {
  const auto [begin, end] = candidates.equal_range(sequence);
  for (auto at = begin; at != end; ++at) {
    if (at->second.second.header.chain == chain) at->second.second.found = true;
  }
}

void judge_snapshots(const Candidates& candidates, bool journal_is_whole, VerifyReport& report) {
  for (const auto& [sequence, named] : candidates) {
    const auto& [path, candidate] = named;
    const bool reached = journal_is_whole || sequence < report.end.next_sequence;
    if (candidate.found || !reached) {
      report.valid_snapshots.push_back(path);
      continue;
    }
    report.damage.push_back(Error{ErrorKind::kDamage,
                                  "the snapshot's place is not in the journal: one of them has "
                                  "lost or changed records",
                                  path, 0, sequence});
  }
}

}  // namespace

Result<VerifyReport> verify(io::Storage& storage, const std::string& directory,
                            const VerifyProgress& progress) {
  const auto segments = list_segments(storage, directory);
  if (!segments) return std::unexpected(segments.error());
  VerifyReport report;
  auto candidates = read_snapshots(storage, directory, report);
  if (!candidates) return std::unexpected(candidates.error());
  if (segments->empty() && candidates->empty() && report.damage.empty()) {
    return std::unexpected(Error{ErrorKind::kMissing, directory + " holds no journal", directory});
  }
  const ScanOptions everything{
      .from_sequence = 1, .anchor = {}, .market = {}, .idle_batches = true};
  const auto scanned = scan(storage, directory, everything, [&](const BatchView& batch) {
    ++report.batches;
    report.records += batch.header.count;
    report.end.next_sequence = batch.header.next_sequence();
    mark_found(*candidates, batch.header.next_sequence() - 1, batch.chain);
    if (progress) progress(report.records);
    return true;
  });
  if (scanned) {
    report.end = scanned->end;
    report.torn = scanned->torn;
    report.segments = scanned->segments;
    mark_found(*candidates, 0, genesis_chain(report.end.market));
  } else if (is_kept_in_report(scanned.error())) {
    report.damage.insert(report.damage.begin(), scanned.error());
  } else {
    return std::unexpected(scanned.error());
  }
  judge_snapshots(*candidates, scanned.has_value(), report);
  return report;
}

}  // namespace hulan::journal
