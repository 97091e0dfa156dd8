// SPDX-License-Identifier: Apache-2.0
#include "proof/log.h"

#include <fmt/format.h>

#include "journal/leaf.h"
#include "journal/reader.h"
#include "proof/checkpoint_file.h"

namespace hulan::proof {
namespace {

using Unexpected = std::unexpected<std::string>;

LogError passing(const io::Error& error) { return {false, error.message()}; }

std::string published(const Checkpoint& checkpoint) {
  return fmt::format("the checkpoint of {} records that was published at {}", checkpoint.size,
                     exact_time_text(checkpoint.made_ns));
}

}  // namespace

std::expected<std::unique_ptr<Log>, std::string> Log::open(io::Storage& storage,
                                                           io::Entropy& entropy,
                                                           const std::string& directory,
                                                           const journal::MarketId& market,
                                                           std::uint64_t last_sequence) {
  auto key = load_key(storage, directory);
  if (!key) return Unexpected(key.error());
  if (!*key) {
    if (storage.open(checkpoints_path(directory), io::OpenMode::kRead)) {
      return Unexpected(fmt::format(
          "{}/keys/checkpoint.key is missing, but checkpoints were signed with it: put it back",
          directory));
    }
    auto made = make_key(storage, entropy, directory, origin_of(market));
    if (!made) return Unexpected(made.error());
    *key = std::move(*made);
  }
  if ((*key)->public_key().name != origin_of(market)) {
    return Unexpected(fmt::format("{}/keys/checkpoint.key is of {}, the journal is of {}",
                                  directory, (*key)->public_key().name, origin_of(market)));
  }
  std::unique_ptr<Log> log(new Log(storage, directory, std::move(**key)));
  if (auto done = log->open_files(); !done) return Unexpected(done.error());
  if (auto done = log->load_last(); !done) return Unexpected(done.error());
  if (auto done = log->check_journal(last_sequence); !done) return Unexpected(done.error());
  return log;
}

std::expected<void, std::string> Log::open_files() {
  const std::string folder = proof_directory(directory_);
  if (auto made = storage_.make_directory(folder); !made) {
    return Unexpected(made.error().message());
  }
  auto tree = TreeFile::open(storage_, tree_path(directory_));
  if (!tree) return Unexpected(tree.error().message());
  tree_ = std::move(*tree);
  const auto open_into = [&](std::unique_ptr<io::File>& file, const std::string& path,
                             io::OpenMode mode) -> std::expected<void, std::string> {
    auto opened = storage_.open(path, mode);
    if (!opened) return Unexpected(opened.error().message());
    file = std::move(*opened);
    return {};
  };
  const std::string checkpoints = checkpoints_path(directory_);
  auto done = open_into(checkpoints_, checkpoints, io::OpenMode::kUpdate);
  if (done) done = open_into(checkpoint_reader_, checkpoints, io::OpenMode::kRead);
  if (done) done = open_into(tree_reader_, tree_path(directory_), io::OpenMode::kRead);
  if (!done) return done;
  if (auto synced = storage_.sync_directory(folder); !synced) {
    return Unexpected(synced.error().message());
  }
  return {};
}

// A slot that a crash left behind half written was never published: the one before is the last.
std::expected<void, std::string> Log::load_last() {
  auto slots = count_slots(*checkpoints_);
  if (!slots) return Unexpected(slots.error().message());
  for (const std::uint64_t whole = *slots; *slots > 0; --*slots) {
    const auto note = read_slot(*checkpoints_, *slots - 1);
    if (!note) return Unexpected(note.error().message());
    const auto checkpoint = Checkpoint::open(*note, public_key());
    if (checkpoint) {
      last_ = *checkpoint;
      break;
    }
    if (*slots < whole) {
      return Unexpected(fmt::format("{}: checkpoint {}: {}", checkpoints_path(directory_),
                                    *slots - 1, checkpoint.error()));
    }
  }
  count_.store(*slots);
  if (!last_) return {};
  auto resumed = tree_->resume(last_->size, last_->root);
  if (!resumed) return Unexpected(resumed.error().message());
  if (*resumed) size_.store(last_->size);
  return {};
}

// The journal's chain binds every byte before it, so that finding the checkpoint's chain in it
// means that it is the journal which was signed.
std::expected<void, std::string> Log::check_journal(std::uint64_t last_sequence) {
  if (!last_) return {};
  if (last_sequence < last_->size) {
    return Unexpected(
        fmt::format("{}: the journal ends with sequence {}, but {} is here: records "
                    "are missing",
                    directory_, last_sequence, published(*last_)));
  }
  journal::ScanOptions options;
  options.anchor = journal::Anchor{last_->size, last_->chain};
  const auto scanned =
      journal::scan(storage_, directory_, options, [](const journal::BatchView&) { return false; });
  if (scanned) return {};
  if (scanned.error().kind != journal::ErrorKind::kDamage) {
    return Unexpected(scanned.error().message());
  }
  return Unexpected(
      fmt::format("{}: this journal is not the one of {}: records were changed, "
                  "dropped or inserted ({})",
                  directory_, published(*last_), scanned.error().message()));
}

bool Log::take(const journal::BatchView& batch, std::uint64_t durable,
               std::optional<LogError>& error) {
  if (batch.header.next_sequence() - 1 > durable) return false;
  const journal::LeafSalts salts(batch.header.salt_seed);
  for (const journal::RecordView record : batch.records()) {
    if (record.sequence <= tree_->size()) continue;
    const Sha256 leaf = journal::leaf_hash(salts.of(record.sequence), record.sequence,
                                           record.time_ns, record.bytes);
    if (auto done = tree_->append(leaf); !done) {
      error = passing(done.error());
      return false;
    }
    // A tree that had to be made again passes the place that was signed before.
    if (last_ && tree_->size() == last_->size && tree_->root() != last_->root) {
      error = LogError{true, fmt::format("{}: the journal does not give the root of {}: records "
                                         "were changed, dropped or inserted",
                                         directory_, published(*last_))};
      return false;
    }
  }
  time_ns_ = batch.header.time_ns;
  chain_ = batch.chain;
  return batch.header.next_sequence() - 1 < durable;
}

std::expected<void, LogError> Log::follow(std::uint64_t durable) {
  std::optional<LogError> error;
  journal::ScanOptions options;
  options.from_sequence = tree_->size() + 1;
  const auto scanned =
      journal::scan(storage_, directory_, options,
                    [&](const journal::BatchView& batch) { return take(batch, durable, error); });
  if (error) return std::unexpected(*error);
  if (!scanned) {
    return std::unexpected(
        LogError{scanned.error().kind == journal::ErrorKind::kDamage, scanned.error().message()});
  }
  if (tree_->size() != durable) {
    return std::unexpected(LogError{
        false,
        fmt::format("the journal was followed to sequence {} of {}", tree_->size(), durable)});
  }
  return {};
}

std::expected<void, LogError> Log::sign(std::int64_t machine_ns) {
  Checkpoint checkpoint;
  checkpoint.origin = public_key().name;
  checkpoint.size = tree_->size();
  checkpoint.root = tree_->root();
  checkpoint.time_ns = time_ns_;
  checkpoint.made_ns = machine_ns;
  checkpoint.chain = chain_;
  if (auto synced = tree_->sync(); !synced) return std::unexpected(passing(synced.error()));
  auto written = write_slot(*checkpoints_, count_.load(), signer_.sign(checkpoint.text()));
  if (!written) return std::unexpected(passing(written.error()));
  last_ = checkpoint;
  size_.store(checkpoint.size, std::memory_order_release);
  count_.fetch_add(1, std::memory_order_release);
  return {};
}

std::expected<bool, LogError> Log::publish(std::uint64_t durable, std::int64_t machine_ns) {
  // A server that is still starting may not know yet how far the journal reaches.
  if (durable <= size_.load() || (last_ && durable < last_->size)) return false;
  if (durable > tree_->size()) {
    if (auto followed = follow(durable); !followed) return std::unexpected(followed.error());
  }
  if (last_ && durable == last_->size) {  // the tree was made again, to where it had been
    if (auto synced = tree_->sync(); !synced) return std::unexpected(passing(synced.error()));
    size_.store(durable, std::memory_order_release);
    return false;
  }
  if (auto done = sign(machine_ns); !done) return std::unexpected(done.error());
  return true;
}

io::Result<std::string> Log::note(std::uint64_t number) const {
  const std::lock_guard lock(reading_);
  return read_slot(*checkpoint_reader_, number);
}

io::Result<std::vector<Sha256>> Log::roots(const std::vector<LeafRange>& ranges) const {
  const std::lock_guard lock(reading_);
  return read_roots(*tree_reader_, ranges);
}

}  // namespace hulan::proof
