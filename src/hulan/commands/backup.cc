// SPDX-License-Identifier: Apache-2.0
// In which order a running market is copied: what says how far the journal was signed, then the
// journal, then what its records name. So nothing in a backup points beyond what is in it.
#include "hulan/commands/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "hulan/commands/backup_files.h"
#include "identity/database.h"
#include "io/durable_file.h"
#include "io/linux/system.h"
#include "journal/archive.h"
#include "journal/segment.h"
#include "journal/snapshot_file.h"
#include "journal/verify.h"

namespace hulan::app {
namespace backup {
namespace {

constexpr const char* kManifest = "backup.json";
constexpr const char* kIdentity = "identity.db";

template <class T>
T must(journal::Result<T> result) {
  if (!result) throw CopyFailed{result.error().message()};
  return std::move(*result);
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code error;
  const std::uint64_t bytes = fs::file_size(path, error);
  if (error) throw CopyFailed{fmt::format("{}: {}", path.string(), error.message())};
  return bytes;
}

Job whole(const fs::path& from, const fs::path& to) {
  const std::uint64_t bytes = size_of(from);
  return {from, to, bytes, bytes};
}

/// Where the journal ends now. Reads its last segment only; what a server is writing at this moment
/// counts as not there.
journal::Position end_of(const fs::path& directory) {
  journal::ScanOptions options;
  options.from_sequence = INT64_MAX;
  const auto scanned = must(journal::scan(io::system_storage(), directory.string(), options,
                                          [](const journal::BatchView&) { return true; }));
  if (scanned.end.path.empty()) {
    throw CopyFailed{fmt::format("{}: no market is here", directory.string())};
  }
  return scanned.end;
}

class Backup {
 public:
  Backup(const fs::path& from, const fs::path& to, const CopyProgress& progress)
      : from_(from), to_(to), copier_(report_, progress) {}

  BackupReport run() {
    const auto nobody_packs = hold_segments();
    begin();
    copy_plain_files();
    end_ = end_of(from_);
    copy_journal();
    copy_documents();
    copy_identity();
    copier_.finish();
    prove();
    write_manifest();
    return std::move(report_);
  }

 private:
  /// A folder that may only be read is nobody's to pack either.
  [[nodiscard]] std::unique_ptr<io::Lock> hold_segments() const {
    while (true) {
      auto lock = journal::lock_archive(io::system_storage(), from_.string());
      if (lock) return std::move(*lock);
      if (lock.error().kind != journal::ErrorKind::kLocked) return nullptr;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  void begin() {
    const journal::Position now = end_of(from_);
    manifest_.market = to_hex(now.market);
    if (!fs::exists(to_) || fs::is_empty(to_)) {
      make_folder(to_);
      return;
    }
    const auto earlier = Manifest::read(to_);
    if (!earlier) throw CopyFailed{earlier.error() + "; expected an empty folder or a backup"};
    if (earlier->market != manifest_.market) {
      throw CopyFailed{fmt::format("{}: a backup of another market", to_.string())};
    }
  }

  void copy_plain_files() {
    for (const fs::path& file : plain_files(from_)) {
      const Job job = whole(from_ / file, to_ / file);
      copier_.expect(job.content);
      note(file, job.content, copier_.copy(job));
    }
  }

  void note(const fs::path& file, std::uint64_t bytes, const Sha256& hash) {
    manifest_.files.push_back({file.string(), bytes, to_hex(hash)});
  }

  // Full segments never change: those that an earlier backup holds, except its last, are there.
  void copy_journal() {
    const auto there = must(journal::list_segments(io::system_storage(), to_.string()));
    std::vector<Job> jobs;
    for (const auto& segment : must(journal::list_segments(io::system_storage(), from_.string()))) {
      const fs::path source = segment.path;
      if (segment.path > end_.path) break;
      Job job = whole(source, to_ / "journal" / source.filename());
      if (segment.path == end_.path) job.content = end_.offset;
      // One that it holds may have been packed since: it is the same to the byte.
      const bool kept =
          !there.empty() && segment.first_sequence < there.back().first_sequence &&
          std::ranges::any_of(
              there,
              [&](const journal::SegmentFile& held) {
                return held.first_sequence == segment.first_sequence &&
                       (held.path != job.to.string() || size_of(job.to) == job.length);
              });
      if (!kept) jobs.push_back(job);
    }
    add_snapshot(jobs);
    for (const Job& job : jobs) copier_.expect(job.content);
    for (const Job& job : jobs) copier_.copy(job);
  }

  // The newest that the copied journal reaches; the server may just be removing an older one.
  void add_snapshot(std::vector<Job>& jobs) {
    const auto paths = must(journal::list_snapshots(io::system_storage(), from_.string()));
    for (const fs::path path : paths) {
      const auto number = journal::parse_numbered_name(path.filename().string(), ".snapshot");
      if (!number || *number >= end_.next_sequence) continue;
      const fs::path target = to_ / "snapshots" / path.filename();
      for (const auto& old : must(journal::list_snapshots(io::system_storage(), to_.string()))) {
        if (old != target.string()) fs::remove(old);
      }
      if (!fs::exists(target)) jobs.push_back(whole(path, target));
      return;
    }
  }

  void copy_documents() {
    std::vector<Job> jobs;
    for (const fs::path& file : document_files(from_)) {
      if (!fs::exists(to_ / file)) jobs.push_back(whole(from_ / file, to_ / file));
    }
    for (const Job& job : jobs) copier_.expect(job.content);
    for (const Job& job : jobs) {
      if (is_named(job.to, copier_.copy(job))) continue;
      fs::remove(job.to);
      report_.warnings.push_back(
          fmt::format("{}: its content is not what its name says: left out", job.from.string()));
    }
  }

  void copy_identity() {
    const fs::path target = to_ / kIdentity;
    const fs::path temporary = to_ / "identity.db.copy";
    if (!fs::exists(from_ / kIdentity)) return;
    fs::remove(temporary);
    if (auto copied = identity::Database::copy(from_ / kIdentity, temporary); !copied) {
      throw CopyFailed{copied.error().message};
    }
    const Job job = whole(temporary, target);
    copier_.expect(job.content);
    note(kIdentity, job.content, copier_.copy(job));
    fs::remove(temporary);
  }

  void prove() {
    const auto report = must(journal::verify(io::system_storage(), to_.string()));
    if (!report.sound()) throw CopyFailed{report.damage.front().message()};
    if (report.end.chain != end_.chain) {
      throw CopyFailed{fmt::format("{}: the copy's chain ends elsewhere", to_.string())};
    }
    report_.sequence = manifest_.sequence = report.end.next_sequence - 1;
    report_.time_ns = manifest_.time_ns = report.end.time_ns;
    report_.chain = manifest_.chain = to_hex(report.end.chain);
  }

  void write_manifest() {
    const std::string text = manifest_.json();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    auto written = io::write_file_durably(io::system_storage(), (to_ / kManifest).string(),
                                          std::span(bytes, text.size()));
    if (!written) throw CopyFailed{written.error().message()};
  }

  fs::path from_, to_;
  BackupReport report_;
  Copier copier_;
  Manifest manifest_;
  journal::Position end_;
};

class Restore {
 public:
  Restore(const fs::path& from, const fs::path& to, const CopyProgress& progress)
      : from_(from), to_(to), made_(to), copier_(report_, progress) {
    made_ += ".restoring";
  }

  BackupReport run() {
    const auto manifest = Manifest::read(from_);
    if (!manifest) throw CopyFailed{manifest.error()};
    if (fs::exists(to_)) {
      throw CopyFailed{fmt::format("{}: expected a folder that is not there yet", to_.string())};
    }
    fs::remove_all(made_);
    try {
      copy(*manifest);
      prove(*manifest);
      fs::rename(made_, to_);
    } catch (...) {
      std::error_code ignored;
      fs::remove_all(made_, ignored);
      throw;
    }
    sync_folder(to_.has_parent_path() ? to_.parent_path() : fs::path("."));
    return std::move(report_);
  }

 private:
  void copy(const Manifest& manifest) {
    make_folder(made_);
    std::vector<Job> proved_by_name, others;
    for (const fs::path& file : document_files(from_)) {
      proved_by_name.push_back(whole(from_ / file, made_ / file));
    }
    for (const char* part : {"journal", "snapshots"}) {
      std::error_code none;
      for (const auto& entry : fs::directory_iterator(from_ / part, none)) {
        if (entry.path().extension() == ".tmp") continue;
        others.push_back(whole(entry.path(), made_ / part / entry.path().filename()));
      }
    }
    for (const Job& job : proved_by_name) copier_.expect(job.content);
    for (const Job& job : others) copier_.expect(job.content);
    for (const ManifestFile& file : manifest.files) copier_.expect(file.bytes);
    for (const ManifestFile& file : manifest.files) {
      const Job job{from_ / file.path, made_ / file.path, file.bytes, file.bytes};
      expect_same(file.path,
                  size_of(job.from) == file.bytes && to_hex(copier_.copy(job)) == file.sha256);
    }
    for (const Job& job : proved_by_name)
      expect_same(job.from, is_named(job.to, copier_.copy(job)));
    for (const Job& job : others) copier_.copy(job);
    copier_.finish();
  }

  void expect_same(const fs::path& file, bool same) const {
    if (same) return;
    throw CopyFailed{
        fmt::format("{}: {} is not what was backed up; the last backup into this "
                    "folder may have been cut off",
                    from_.string(), file.string())};
  }

  void prove(const Manifest& manifest) {
    const auto report = must(journal::verify(io::system_storage(), made_.string()));
    if (!report.sound()) throw CopyFailed{report.damage.front().message()};
    expect_same("journal", to_hex(report.end.chain) == manifest.chain &&
                               report.end.next_sequence - 1 == manifest.sequence);
    report_.sequence = manifest.sequence;
    report_.time_ns = manifest.time_ns;
    report_.chain = manifest.chain;
  }

  fs::path from_, to_, made_;
  BackupReport report_;
  Copier copier_;
};

template <class Work>
std::expected<BackupReport, std::string> in_one_line(Work work) {
  try {
    return work();
  } catch (const CopyFailed& failed) {
    return std::unexpected(failed.why);
  } catch (const fs::filesystem_error& error) {
    return std::unexpected(std::string(error.what()));
  }
}

}  // namespace
}  // namespace backup

std::expected<BackupReport, std::string> backup_market(const std::string& directory,
                                                       const std::string& target,
                                                       const CopyProgress& progress) {
  return backup::in_one_line([&] { return backup::Backup(directory, target, progress).run(); });
}

std::expected<BackupReport, std::string> restore_market(const std::string& backup,
                                                        const std::string& directory,
                                                        const CopyProgress& progress) {
  return backup::in_one_line([&] { return backup::Restore(backup, directory, progress).run(); });
}

}  // namespace hulan::app
